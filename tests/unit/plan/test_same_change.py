"""Changes that do the same are told from the raw document; whatever a diff would tell apart stays apart."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.same_change import MOST_DIFFERENT, _said_of, by_what_they_do
from tfc_plan_comment.plan.summary import summarize


def resource(number: int, before: Any, after: Any, **more: Any) -> dict[str, Any]:
    """An update, but for what is said otherwise; `inner` is more of its change."""
    inner = {"actions": ["update"], "before": before, "after": after, **more.pop("inner", {})}
    return {"address": f"t.n[{number}]", "type": "t", "name": "n", "mode": "managed", "change": inner, **more}


def groups(*resources: dict[str, Any], **keys: Any) -> list[list[int]]:
    document = {"format_version": "1.2", "resource_changes": resources, **keys}
    plan = parse_plan(json.dumps(document).encode(), name="plan")
    return by_what_they_do(summarize(plan).changes)


def test_what_stays_as_it_is_does_not_matter() -> None:
    """Instances with ids of their own do the same when the same attribute changes to the same value."""
    changes = [resource(n, {"id": n, "size": 1, "gone": 2}, {"size": 2, "id": n, "new": None}) for n in range(3)]

    assert groups(*changes, resource(3, {"id": 3, "size": 1}, {"id": 3, "size": 3})) == [[0, 1, 2], [3]]


@pytest.mark.parametrize(
    "other",
    [
        {"type": "other"},
        {"mode": "data"},
        {"provider_name": "registry.opentofu.org/hashicorp/aws"},
        {"action_reason": "replace_because_tainted"},
        {"deposed": "ab12", "inner": {"actions": ["delete"]}},
        {"previous_address": "t.old"},
        {"inner": {"actions": ["delete", "create"]}},
        {"inner": {"replace_paths": [["size"]]}},
        {"inner": {"after_unknown": {"size": True}}},
        {"inner": {"before_sensitive": {"size": True}}},
        {"inner": {"after_sensitive": {"size": True}}},
        {"inner": {"importing": {"id": "x"}}},
        {"inner": {"generated_config": "x"}},
    ],
    ids=str,
)
def test_whatever_else_is_said_keeps_changes_apart(other: dict[str, Any]) -> None:
    """Another kind of object, reason or mark is another change, though the values are the same."""
    values = {"size": 1}, {"size": 2}

    found = groups(resource(0, *values), resource(1, *values, **other), resource(2, *values))

    assert sorted(map(len, found)) == [1, 2]


@pytest.mark.parametrize("said", [{"previous_address": "t.old"}, {"inner": {"importing": {"id": "x"}}}], ids=str)
def test_what_is_said_of_one_object_only_is_never_the_same(said: dict[str, Any]) -> None:
    """Where an object comes from is another place for each."""
    values = {"size": 1}, {"size": 2}

    assert groups(*(resource(n, *values, **said) for n in range(2))) == [[0], [1]]


def test_what_sets_an_attribute_keeps_changes_apart() -> None:
    """What is known after apply is shown if the configuration sets it, and counted if the provider does."""
    unknown = {"after_unknown": {"a": True}}
    one, other = (resource(n, {"a": 1}, {}, inner=unknown, name=f"n{n}") for n in range(2))
    configured = [{"address": "t.n0", "expressions": {"a": {}}}, {"address": "t.n1", "expressions": {}}]

    assert groups(one, other) == [[0, 1]]
    assert groups(one, other, configuration={"root_module": {"resources": configured}}) == [[0], [1]]


def test_the_reason_of_each_is_looked_at() -> None:
    """Two keys that are not in the map are two reasons."""
    gone = {"action_reason": "delete_because_each_key", "inner": {"actions": ["delete"]}}

    assert groups(
        resource(0, {"a": 1}, None, index="x", **gone),
        resource(1, {"a": 1}, None, index="y", **gone),
        resource(2, {"a": 1}, None, index="x", **gone),
    ) == [[0, 2], [1]]


def test_objects_that_come_or_go_do_the_same_when_all_of_them_is_the_same() -> None:
    """Nothing of them stays as it is."""
    new = {"inner": {"actions": ["create"]}}

    assert groups(
        *(resource(n, None, {"a": n // 2}, **new) for n in range(4)),
        resource(4, "no object", "at all"),
        resource(5, "no object", "at all"),
    ) == [[0, 1], [2, 3], [4, 5]]


def test_what_is_left_over_and_what_was_deleted_outside_stay_apart() -> None:
    """More is said of them than of others with the same values."""
    gone: dict[str, Any] = {"inner": {"actions": ["delete"]}}
    left_over = [resource(n, {"a": 1}, None, **gone, deposed="ab12" if n == 1 else None) for n in range(3)]
    new: dict[str, Any] = {"inner": {"actions": ["create"]}}
    created = [resource(n, None, {"a": 1}, **new) for n in range(3)]
    document = {
        "format_version": "1.2",
        "resource_changes": created,
        "resource_drift": [resource(1, {"a": 1}, None, **gone)],
    }
    changes = summarize(parse_plan(json.dumps(document).encode(), name="plan")).changes

    assert groups(*left_over) == [[0, 2], [1]]
    assert by_what_they_do(changes) == [[0, 2], [1]]


def test_where_all_differ_the_rest_is_not_searched() -> None:
    """Of one type and action, unless two of the first that are looked at do the same; others are searched still."""
    different = [resource(n, {"a": n}, {"a": -n}) for n in range(MOST_DIFFERENT)]
    late = [resource(n, {"a": "x"}, {"a": "y"}) for n in range(2)]
    other = [resource(n, {"a": "x"}, {"a": "y"}, type="other") for n in range(2)]

    found = groups(*different, *late, *other)

    assert [group for group in found if len(group) > 1] == [[MOST_DIFFERENT + 2, MOST_DIFFERENT + 3]]
    assert len(groups(*different[2:], *late)) == MOST_DIFFERENT - 1
    assert len(groups(*late, *different, *late)) == MOST_DIFFERENT + 1


values = st.dictionaries(st.sampled_from("abc"), st.sampled_from([None, 1, "x", [1], {"b": 2}]), max_size=3)


@given(st.lists(st.tuples(values, values), max_size=8))
def test_changes_that_do_the_same_have_the_same_diff(sides: list[tuple[Any, Any]]) -> None:
    """All of a group have one diff, but for what is unchanged; every change is in one group."""
    resources = [resource(n, before, after) for n, (before, after) in enumerate(sides)]
    plan = parse_plan(
        json.dumps({"format_version": "1.2", "resource_changes": resources, "terraform_version": "1"}).encode(),
        name="x",
    )
    changes = summarize(plan).changes

    found = by_what_they_do(changes)

    assert sorted(position for group in found for position in group) == list(range(len(changes)))
    for group in found:
        assert len({repr((changes[each].diff.parts, changes[each].diff.still_empty)) for each in group}) == 1


def test_what_is_said_is_asked_only_of_changes_with_the_same_values(count_calls: Callable[..., int]) -> None:
    """Most changes have values of their own: neither the configuration nor a reason needs to be looked for."""
    changes = [resource(n, {"size": n}, {"size": n + 1}) for n in range(20)]
    alike = resource(20, {"size": 1}, {"size": 2})

    assert count_calls(lambda: groups(*changes), _said_of.__code__) == 0
    assert count_calls(lambda: groups(*changes, alike), _said_of.__code__) == 2
