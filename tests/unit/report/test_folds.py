"""Folds: a module that comes or goes as a whole, noise, and many created objects of one service."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.folds import FEWEST_ROWS, MOST_CREATED, MOST_NOISE, MOST_OPEN, lay_out
from tfc_plan_comment.report.groups.search import find_groups
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Fold, Place
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT
from tfc_plan_comment.report.write.pieces import write_cell
from tfc_plan_comment.report.write.ruler import make_ruler


def summary_of(changes: Iterable[dict[str, Any]], **more: Any) -> PlanSummary:
    document = {"format_version": "1.2", "resource_changes": list(changes), "complete": True, **more}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan"))


def change(address: str, action: str, before: Any, after: Any, **more: Any) -> dict[str, Any]:
    module, _, name = address.rpartition(".t.")
    inner = {"actions": [action], "before": before, "after": after}
    names = {"type": "t", "name": name, "mode": "managed", "module_address": module or None}
    return {"address": address, **names, **more, "change": inner}


def gone(module: str, count: int, **more: Any) -> list[dict[str, Any]]:
    """Objects of a module that go, no two of them alike."""
    return [change(f"{module}.t.n{number}", "delete", {f"a{number}": 1}, None, **more) for number in range(count)]


def tagged(count: int) -> list[dict[str, Any]]:
    """Updates that nobody has to weigh, no two of them alike."""
    return [
        change(f"t.v{n}", "update", {"tags": {f"k{n}": "1"}}, {"tags": {f"k{n}": "2"}}, type="aws_vpc")
        for n in range(count)
    ]


def created(type_: str, count: int) -> list[dict[str, Any]]:
    return [
        change(f"{type_}.n{n}", "create", None, {f"a{type_}{n}": 1}, type=type_, name=f"n{n}") for n in range(count)
    ]


UPDATED = change("t.z", "update", {"a": 1}, {"a": 2})


def places(changes: Iterable[dict[str, Any]], **more: Any) -> list[Place]:
    summary = summary_of(changes, **more)
    return list(lay_out(summary, find_groups(summary, COMMENT_LIMIT, Limits(), make_ruler())))


def folds(found: Sequence[Place]) -> list[tuple[str | None, int]]:
    """The titles of the folds in their order, each with the number of its rows; None for rows in none."""
    read: list[tuple[str | None, int]] = []
    for place in found:
        if read and not place.opens_fold and (read[-1][0] is None) is (place.fold is None):
            read[-1] = (read[-1][0], read[-1][1] + 1)
        else:
            read.append((title(place.fold) if place.fold else None, 1))
    return read


def title(fold: Fold) -> str:
    return f"{fold.symbol} {fold.label} {write_cell(fold.title)}"


def test_a_module_that_goes_as_a_whole_is_one_fold() -> None:
    """It says how many objects go, of which types, how many of them hold data, and that it is gone."""
    kinds = [{"type": "aws_s3_bucket"}, {"type": "aws_vpc"}, {"type": "aws_vpc"}, {"type": "aws_a"}, {"type": "aws_b"}]
    changes = [
        change(f"module.m.t.n{n}", "delete", {f"a{n}": 1}, None, action_reason="delete_because_no_module", **kind)
        for n, kind in enumerate(kinds)
    ]

    assert folds(places([*changes, UPDATED])) == [
        (
            (
                "🔴 destroy <code>module.m</code>: all 5 resources, 2 × <code>aws_vpc</code>, "
                "<code>aws_s3_bucket</code>, <code>aws_a</code> and 1 more; "
                "1 of them holds data; no longer in the configuration"
            ),
            5,
        ),
        (None, 1),
    ]


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        (gone("module.m", FEWEST_ROWS - 1), {}),
        (gone("module.m", 5), {"complete": False}),
        (gone("module.m", 5), {"errored": True}),
        ([*gone("module.m", 5), change("module.m.t.stays", "no-op", {"a": 1}, {"a": 1})], {}),
        ([*gone("module.m", 5), change("module.m.t.new", "create", None, {"a": 1})], {}),
    ],
)
def test_a_module_that_is_small_or_does_not_go_as_a_whole_has_none(
    changes: list[dict[str, Any]], more: dict[str, Any]
) -> None:
    """Nor has one of a plan that is limited to targets: nobody knows what it leaves alone."""
    assert not any(place.fold for place in places([*changes, UPDATED], **more))


def test_a_fold_of_all_there_is_says_nothing() -> None:
    """Where a module is all that the plan changes, its rows stand by themselves."""
    assert folds(places(gone("module.m", 5))) == [(None, 5)]


def test_two_modules_are_two_folds_also_where_their_objects_come_by_turns() -> None:
    """Each at the place of its first row."""
    by_turns = [each for pair in zip(gone("module.a", 3), gone("module.b", 3), strict=True) for each in pair]

    assert [count for _, count in folds(places([*by_turns, UPDATED]))] == [3, 3, 1]


def test_noise_has_a_fold_where_there_is_much_of_it() -> None:
    """A few rows need none; where there is nothing else it stands open."""
    words = "⚪ noise {} minor changes, each with its reason"

    assert folds(places([UPDATED, *tagged(MOST_NOISE)])) == [(None, MOST_NOISE + 1)]
    assert folds(places([UPDATED, *tagged(MOST_NOISE + 1)])) == [(None, 1), (words.format(MOST_NOISE + 1), 4)]
    (alone, *_) = places(tagged(MOST_NOISE + 1))
    (beside,) = (place for place in places([UPDATED, *tagged(MOST_NOISE + 1)]) if place.opens_fold)
    assert alone.fold
    assert alone.fold.is_open
    assert beside.fold
    assert not beside.fold.is_open


def test_many_created_objects_are_folded_by_service() -> None:
    """The first two words of their types; a few have no fold, and neither has a service with few rows."""
    many = [*created("aws_iam_role", 10), *created("aws_iam_policy", 10), *created("aws_sns_topic", 2)]

    assert len(many) > MOST_CREATED
    assert folds(places([UPDATED, *many])) == [
        (None, 1),
        (
            (
                "🟢 create <code>aws_iam&#42;</code>: 20 resources, 10 × <code>aws_iam_role</code>, "
                "10 × <code>aws_iam_policy</code>"
            ),
            20,
        ),
        (None, 2),
    ]
    assert folds(places([UPDATED, *many[:MOST_CREATED]])) == [(None, MOST_CREATED + 1)]


def test_where_there_are_few_changes_they_stand_open() -> None:
    """What a reviewer weighs is read without a click; what comes is not weighed."""
    updates = [change(f"t.u{n}", "update", {"a": 1}, {f"b{n}": n}) for n in range(MOST_OPEN)]

    assert all(place.is_open for place in places(updates))
    assert not any(place.is_open for place in places([*updates, UPDATED]))
    assert not any(place.is_open for place in places(created("t", 1)))


def test_no_address_or_type_breaks_out_of_a_title() -> None:
    """Keys and types are texts of others."""
    hostile = "<img src=x> @octocat"
    module = gone(f'module.m["{hostile}"]', 3, type=hostile)
    many = [change(f"t.n{n}", "create", None, {f"a{n}": 1}, type=f"aws_{hostile}_x") for n in range(MOST_CREATED + 1)]

    found = places([UPDATED, *module, *many])

    titles = [title(place.fold) for place in found if place.opens_fold and place.fold]
    assert len(titles) == 2
    assert not any("<img" in each or "@octocat" in each for each in titles)


kinds = st.tuples(
    st.sampled_from(["", "module.a", 'module.b["x"]', "module.a.module.c"]),
    st.sampled_from(["create", "delete", "update", "forget", "tags", "move", "look"]),
    st.sampled_from(["t", "aws_iam_role", "aws_s3_bucket"]),
    st.booleans(),
)


def made(number: int, module: str, kind: str, type_: str, *, is_alike: bool) -> dict[str, Any]:
    address = f"{module}{'.' if module else ''}t.n{number}"
    name = "a" if is_alike else f"a{number}"
    match kind:
        case "tags":
            return change(address, "update", {"tags": {name: "1"}}, {"tags": {name: "2"}}, type="aws_vpc")
        case "move":
            return change(address, "no-op", {"a": 1}, {"a": 1}, previous_address=f"t.old{number}")
        case "look":
            rule = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
            return change(address, "update", {"ingress": []}, {"ingress": [rule]}, type="aws_security_group")
        case _:
            before, after = {name: 1}, {name: 2}
            sides = (None if kind == "create" else before, None if kind in {"delete", "forget"} else after)
            return change(address, kind, *sides, type=type_)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(kinds, min_size=1, max_size=40))
def test_every_change_is_in_exactly_one_place_and_those_of_a_fold_stand_together(found: list[Any]) -> None:
    """Whatever is put together and folded; the first one of each fold opens it, and no other does."""
    changes = [
        made(number, module, kind, type_, is_alike=alike) for number, (module, kind, type_, alike) in enumerate(found)
    ]

    laid = places(changes)

    positions = sorted(position for place in laid for position in place.positions)
    assert positions == list(range(len(changes)))
    assert all(len(place.positions) == place.row.count for place in laid)
    closed: set[int] = set()
    for before, place in zip([None, *laid], laid, strict=False):
        is_same = before is not None and before.fold is place.fold
        assert place.opens_fold is (place.fold is not None and not is_same)
        if place.fold is not None:
            assert id(place.fold) not in closed
        if before is not None and before.fold is not None and not is_same:
            closed.add(id(before.fold))
    looks = [place for place in laid if place.row.deserves_a_look]
    assert all(place.fold is None for place in looks)
    assert all(place.row.count == 1 for place in looks) or len(looks) < sum(kind == "look" for _, kind, *_ in found)
