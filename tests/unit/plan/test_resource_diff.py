"""What a resource change does to the attributes, against a walk that knows nothing of our code."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.difference import Added, Changed, Nested, Part, Removed
from tfc_plan_comment.plan.document import Change, Plan
from tfc_plan_comment.plan.resource_diff import ResourceDiff, diff_resource
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.values import UNKNOWN, EmbeddedJson, Number, Sensitive

MakeChange = Callable[..., Change]

NAMES = st.sampled_from(["id", "name", "tags", "tags_all", "labels", "effective_labels", "rules", "on"])
LEAVES = st.sampled_from([None, True, False, 0, 1, 2, 1.5, "", "a", "b", "a\nb", '{"x":1}', '{"x": 1}', "true"])
TREES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "b", "name"]), inner, max_size=3)
    ),
    max_leaves=6,
)
OBJECTS = st.one_of(st.none(), st.dictionaries(NAMES, TREES, max_size=6))
MARKS: st.SearchStrategy[Any] = st.recursive(
    st.booleans(),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=4,
)
MARKED_ATTRIBUTES = st.dictionaries(NAMES, MARKS, max_size=3)


def has_true(marks: Any) -> bool:
    """Whether the marks mark anything."""
    if isinstance(marks, dict | list):
        return any(map(has_true, marks.values() if isinstance(marks, dict) else marks))
    return marks is True


def is_wholly_hidden(value: Any, *marks: Any) -> bool:
    """Whether some marks hide the whole value: they say true, or they do not have its shape."""
    for mark in marks:
        if mark is True:
            return value is not None
        if not has_true(mark) or value is None:
            continue
        if isinstance(mark, dict) != isinstance(value, dict) or isinstance(mark, list) != isinstance(value, list):
            return True
        if isinstance(mark, list) and len(mark) != len(value):
            return True
    return False


def with_unknown(value: Any, unknown: Any) -> Any:
    """The value with a word at each place that is known only after apply."""
    if value is None and unknown is True:
        return "<unknown>"
    if isinstance(unknown, dict) and (value is None or isinstance(value, dict)) and has_true(unknown):
        inner = value or {}
        keys = [*inner, *(key for key, mark in unknown.items() if key not in inner and has_true(mark))]
        return {key: with_unknown(inner.get(key), unknown.get(key)) for key in keys}
    if isinstance(unknown, list) and (value is None or isinstance(value, list)) and has_true(unknown):
        items = list(value or [])
        last = max(place for place, mark in enumerate(unknown) if has_true(mark))
        items += [None] * (last + 1 - len(items))
        return [
            with_unknown(item, unknown[place] if place < len(unknown) else False) for place, item in enumerate(items)
        ]
    return value


def text_of(value: Any) -> str:
    """The value as text in which 1 and true differ, and 1 and 1.0 do not."""
    return json.dumps(value, sort_keys=True)


@given(OBJECTS, OBJECTS, MARKED_ATTRIBUTES)
def test_every_attribute_has_its_place(before: Any, after: Any, unknown: Any) -> None:
    """Each attribute that is not null stands in one place: it differs, or it is unchanged; and the walk agrees."""
    change = of(before, after, after_unknown=unknown)
    diff = diff_resource(change, Mask())
    will_be = with_unknown(after, unknown) or {}
    was = before or {}
    different = {name for name in was.keys() | will_be.keys() if text_of(was.get(name)) != text_of(will_be.get(name))}
    same = {name for name in was.keys() - different if was[name] is not None}
    assert sorted(places(diff)) == sorted(different | same)
    assert set(diff.unchanged) == same


def of(before: Any, after: Any, **marks: Any) -> Change:
    """A change out of Python values."""
    raw = {"actions": ["update"], "before": before, "after": after, **marks}
    return msgspec_decode(json.dumps(raw))


def msgspec_decode(text: str) -> Change:
    """The change that the JSON is of."""
    import msgspec  # noqa: PLC0415 - only here

    return msgspec.json.decode(text, type=Change)


def places(diff: ResourceDiff) -> list[str]:
    """Every name in the difference."""
    names = [str(part.step) for part in diff.parts]
    names += [*diff.known_after_apply, *diff.still_empty, *diff.unchanged]
    return names + [name for name, _ in diff.repeated]


@given(OBJECTS, OBJECTS, MARKED_ATTRIBUTES, MARKED_ATTRIBUTES)
def test_what_is_hidden_still_differs(before: Any, after: Any, before_marks: Any, after_marks: Any) -> None:
    """An attribute that is hidden as a whole differs exactly if its value or its marking does."""
    diff = diff_resource(of(before, after, before_sensitive=before_marks, after_sensitive=after_marks), Mask())
    was, will_be = before or {}, after or {}
    differing = set(places(diff)) - set(diff.unchanged)
    for name in was.keys() & will_be.keys():
        marks = before_marks.get(name), after_marks.get(name)
        if is_wholly_hidden(was[name], marks[0]) or is_wholly_hidden(will_be[name], marks[1]):
            equal = text_of(was[name]) == text_of(will_be[name])
            if not equal:
                assert name in differing
            elif marks[0] is marks[1] is True:
                assert name not in differing


@pytest.mark.parametrize(
    ("before", "after", "unknown", "place"),
    [
        (None, None, True, "known_after_apply"),
        ([], None, True, "known_after_apply"),
        ("", None, False, "still_empty"),
        (None, "", False, "still_empty"),
        ("x", "x", False, "unchanged"),
        (1, 1.0, False, "unchanged"),
    ],
)
def test_what_is_only_counted(before: Any, after: Any, *, unknown: bool, place: str, change: MakeChange) -> None:
    """What nobody has to read is counted, each kind on a line of its own."""
    diff = diff_resource(change({"a": before}, {"a": after}, after_unknown={"a": unknown}), Mask())
    assert getattr(diff, place) == ("a",)
    assert places(diff) == ["a"]


def test_what_nobody_knows_yet(change: MakeChange) -> None:
    """A value that an update loses is shown, whatever else changes; of an object that is made anew it is counted."""
    before = {"a": "x", "b": '{"c": 1}', "d": None, "e": "", "version_id": "1", "tags_all": {"k": "v"}, "f": 1}
    unknown = dict.fromkeys(before, True) | {"f": False}
    others = ("d", "e", "tags_all", "version_id")

    alone = diff_resource(change(before, {"f": 1}, after_unknown=unknown), Mask(), "aws_s3_object")
    assert [part.step for part in alone.parts] == ["a", "b"]
    assert alone.parts[0].difference == Changed("x", UNKNOWN)
    assert alone.parts[1].difference == Changed(EmbeddedJson({"c": Number.read("1")}), UNKNOWN)
    assert (alone.known_after_apply, alone.unchanged) == (others, ("f",))

    tags = diff_resource(change({"tags": {"k": "v"}}, {}, after_unknown={"tags": True}), Mask(), "aws_instance")
    assert [part.step for part in tags.parts] == ["tags"]

    for more in ({"f": 2}, {"f": None}):
        beside = diff_resource(change(before, more, after_unknown=unknown), Mask(), "aws_s3_object")
        assert [part.step for part in beside.parts] == ["a", "b", "f"]
        assert beside.known_after_apply == others
    replaced = change(before, {"f": 1}, after_unknown=unknown, actions=["delete", "create"])
    assert diff_resource(replaced, Mask()).known_after_apply == ("a", "b", *others)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (True, None),
        (1, None),
        (False, None),
        (0, None),
        (0.0, None),
        (None, []),
        ({}, []),
        ("", {}),
        ("x", ""),
        ("", "x"),
        (None, False),
        (None, 0),
        ([], [None]),
        (False, 0),
        ("0", 0),
    ],
)
def test_what_has_to_be_read(before: Any, after: Any, change: MakeChange) -> None:
    """Any other difference is shown."""
    diff = diff_resource(change({"a": before}, {"a": after}), Mask())
    assert [part.step for part in diff.parts] == ["a"]


def test_a_destroyed_object_was_not_unset(change: MakeChange) -> None:
    """What goes with its object is removed, also where it was off; only an update sets something back."""
    diff = diff_resource(change({"a": False, "b": ""}, None), Mask())
    assert [part.difference for part in diff.parts] == [Removed(before=False)]
    assert diff.still_empty == ("b",)


def test_what_forces_the_replacement_is_always_shown(change: MakeChange) -> None:
    """What forces the replacement stands first, and is never only counted."""
    before = {"a": "x", "b": "", "c": False, "d": "x", "e": {"f": "x"}}
    after = {"a": "y", "b": None, "c": None, "e": {"f": "y"}}
    paths = [["b"], ["c"], ["d"], ["e", {"f": 1}]]
    diff = diff_resource(change(before, after, after_unknown={"d": True}, replace_paths=paths), Mask())
    assert [(part.step, part.forces_replacement) for part in diff.parts] == [
        ("b", True),
        ("c", True),
        ("d", True),
        ("e", True),
        ("a", False),
    ]


def test_blocks_stand_last(change: MakeChange) -> None:
    """Attributes stand before what looks like blocks, as in Terraform."""
    before = {"rule": [{"name": "a", "x": 1}], "zone": "a", "list": ["a"], "egress": [], "policy": '[{"a":[1]}]'}
    after = {"rule": [{"name": "a", "x": 2}], "zone": "b", "list": ["b"], "egress": [{"x": 1}], "policy": '[{"a":[2]}]'}
    diff = diff_resource(change(before, after), Mask())
    assert [part.step for part in diff.parts] == ["list", "policy", "zone", "egress", "rule"]


@pytest.mark.parametrize(("name", "other"), [("tags_all", "tags"), ("effective_labels", "labels")])
def test_what_providers_repeat(name: str, other: str, change: MakeChange) -> None:
    """What differs as another attribute does is said in a line; what differs otherwise is shown."""
    diff = diff_resource(change({name: {"a": "x"}, other: {"a": "x"}}, {name: {"a": "y"}, other: {"a": "y"}}), Mask())
    assert diff.repeated == ((name, other),)
    assert [part.step for part in diff.parts] == [other]
    diff = diff_resource(change({name: {"a": "x"}, other: {"a": "x"}}, {name: {"a": "z"}, other: {"a": "y"}}), Mask())
    assert diff.repeated == ()
    assert len(diff.parts) == 2
    diff = diff_resource(change({name: {"a": "x"}}, {name: {"a": "z"}}), Mask())
    assert diff.repeated == ()
    assert len(diff.parts) == 1


def test_no_objects(change: MakeChange) -> None:
    """A whole object that is sensitive or unknown, or that is no object, is never nothing."""
    hidden = diff_resource(change({"a": "x"}, {"a": "y"}, before_sensitive=True, after_sensitive=True), Mask())
    (part,) = hidden.parts
    assert part.step == "(all attributes)"
    assert isinstance(part.difference, Changed)
    assert isinstance(part.difference.after, Sensitive)
    assert diff_resource(change({"a": "x", "b": None}, None, after_unknown=True), Mask()) == ResourceDiff(
        parts=(Part(step="a", difference=Changed("x", UNKNOWN)),), known_after_apply=("b",)
    )
    assert diff_resource(change(None, None, after_unknown=True), Mask()) == ResourceDiff(
        known_after_apply=("(all attributes)",)
    )
    assert diff_resource(change(None, ["x"]), Mask()).parts[0].difference == Added(["x"])
    assert diff_resource(change(None, None), Mask()) == ResourceDiff()


def test_every_change_of_real_plans(golden_name: str, golden_plan: Callable[[str], Plan]) -> None:
    """In every real plan, each attribute that a naive walk finds different has its place in the difference."""
    plan = golden_plan(golden_name)
    mask = Mask.of(plan)
    for resource in (*plan.resource_changes, *plan.resource_drift):
        change = resource.change
        before, after, unknown = (json.loads(bytes(raw)) for raw in (change.before, change.after, change.after_unknown))
        will_be = with_unknown(after, unknown) or {}
        was = before or {}
        different = {key for key in was.keys() | will_be.keys() if text_of(was.get(key)) != text_of(will_be.get(key))}
        diff = diff_resource(change, mask)
        found = places(diff)
        assert different <= set(found) - set(diff.unchanged)
        marks = [json.loads(bytes(raw)) for raw in (change.before_sensitive, change.after_sensitive)]
        if not any(map(has_true, marks)):
            assert set(found) - set(diff.unchanged) == different
        assert len(found) == len(set(found))


def test_an_unknown_inside(change: MakeChange) -> None:
    """What is known only after apply inside a list or object stands at its place."""
    before = {"a": {"x": 1, "y": 1}, "b": ["p", "q"]}
    diff = diff_resource(
        change(before, {"a": {"x": 1}, "b": ["p", None]}, after_unknown={"a": {"y": True}, "b": [False, True]}), Mask()
    )
    (first, second) = diff.parts
    assert isinstance(first.difference, Nested)
    assert first.difference.parts[0].difference == Changed(Number.read("1"), UNKNOWN)
    assert isinstance(second.difference, Nested)
    assert [part.difference for part in second.difference.parts] == [Removed("q"), Added(UNKNOWN)]
