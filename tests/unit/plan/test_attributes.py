"""The attributes that change, leaf by leaf, against a walk that knows nothing of our code."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.attributes import AttributeChange, attribute_changes
from tfc_plan_comment.plan.document import Change, Plan
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.values import write_json

MakeChange = Callable[..., Change]

TREES: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 1.5, "", "a", "b"]),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=8,
)
OBJECTS = st.one_of(st.none(), st.dictionaries(st.sampled_from("abc"), TREES, max_size=3))


def children(value: Any) -> dict[Any, Any]:
    """What a container holds."""
    return value if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}


def text_of(value: Any) -> str:
    """The value as text in which 1 and true differ."""
    return json.dumps(value, sort_keys=True)


def naive_leaves(before: Any, after: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any, Any]]:
    """Where two JSON trees differ: below each other as long as both are of one kind, or one of them is null."""
    if text_of(before) == text_of(after):
        return []
    one_kind = before is None or after is None or type(before) is type(after)
    inside = []
    if one_kind and isinstance(before if after is None else after, dict | list):
        for step in sorted(children(before).keys() | children(after).keys()):
            inside += naive_leaves(children(before).get(step), children(after).get(step), (*path, step))
    return inside or ([(path, before, after)] if path else [])


def written(attribute: AttributeChange) -> tuple[Any, str, str]:
    """What the attribute says, in JSON."""
    return attribute.path, write_json(attribute.before), write_json(attribute.after)


@given(OBJECTS, OBJECTS)
def test_the_same_as_a_naive_walk(before: Any, after: Any) -> None:
    """Every leaf that differs is in it, at its path, in order, and no other."""
    raw = msgspec.json.encode({"actions": ["update"], "before": before, "after": after})
    found = list(attribute_changes(msgspec.json.decode(raw, type=Change), Mask()))
    expected = naive_leaves(before, after)
    assert [written(each) for each in found] == [
        (path, as_written(one), as_written(other)) for path, one, other in expected
    ]
    assert not any(each.sensitive or each.unknown or each.forces_replacement for each in found)
    assert [each.path for each in found] == sorted(
        (each.path for each in found), key=lambda path: [str(s) for s in path]
    )


def as_written(value: Any) -> str:
    """The value as our JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def test_every_leaf_of_real_plans(golden_name: str, golden_plan: Callable[[str], Plan]) -> None:
    """In every real plan, the leaves that differ are those that the naive walk finds, besides what is unknown."""
    plan = golden_plan(golden_name)
    mask = Mask.of(plan)
    for resource in plan.resource_changes:
        change = resource.change
        before, after = json.loads(bytes(change.before)), json.loads(bytes(change.after))
        found = list(attribute_changes(change, mask))
        unknown = {each.path for each in found if each.unknown}
        hidden = {each.path for each in found if each.sensitive}
        for path, _, _ in naive_leaves(before, after):
            assert any(path[: len(each.path)] == each.path[: len(path)] for each in found)
        naive = {path for path, _, _ in naive_leaves(before, after)}
        assert {each.path for each in found} - unknown - hidden <= naive


@pytest.mark.parametrize(
    ("before", "after", "marks", "expected"),
    [
        (
            {"a": "x"},
            {"a": "y"},
            {"before_sensitive": {"a": True}},
            {"before": None, "after": None, "sensitive": True, "unknown": False},
        ),
        (
            {"a": "x"},
            {},
            {"after_unknown": {"a": True}},
            {"before": "x", "after": None, "sensitive": False, "unknown": True},
        ),
        (
            {"a": "x"},
            {"a": {"b": "y"}},
            {"after_unknown": {"a": {"c": True}}, "after_sensitive": {"a": {"b": True}}},
            {"before": "x", "after": {"b": None, "c": None}, "sensitive": True, "unknown": True},
        ),
        (
            {"a": ["x"]},
            {"a": "y"},
            {},
            {"before": ["x"], "after": "y", "sensitive": False, "unknown": False},
        ),
        ({"a": [None]}, {"a": []}, {}, {"before": [None], "after": [], "sensitive": False, "unknown": False}),
        ({"a": {"b": None}}, {}, {}, {"before": {"b": None}, "after": None, "sensitive": False, "unknown": False}),
    ],
)
def test_what_a_program_is_told(
    before: Any, after: Any, marks: dict[str, Any], expected: dict[str, Any], change: MakeChange
) -> None:
    """What is hidden or unknown is null and says so; what changes its kind stands as a whole."""
    (found,) = attribute_changes(change(before, after, **marks), Mask())
    assert json.loads(write_json(found)) == {"path": ["a"], "forces_replacement": False, **expected}


def test_attributes_that_are_null(change: MakeChange) -> None:
    """An attribute that is null is none: an object that has only such is not told of."""
    assert list(attribute_changes(change(None, {"a": None}), Mask())) == []
    assert list(attribute_changes(change({"a": None, "b": 1}, {"b": 1}), Mask())) == []
    assert [each.path for each in attribute_changes(change({"a": 1}, None, before_sensitive=True), Mask())] == [()]


def test_what_forces_the_replacement(change: MakeChange) -> None:
    """A leaf forces the replacement when a forcing path leads to it, through it or as far as above it."""
    before = {"a": {"b": 1, "c": 1}, "d": [1, 2], "e": 1, "f": 1}
    after = {"a": {"b": 2, "c": 2}, "d": [2, 3], "e": 2, "f": 2}
    paths = [["a", "b"], ["d"], ["e", {"x": 1}]]
    found = attribute_changes(change(before, after, replace_paths=paths), Mask())
    assert [each.path for each in found if each.forces_replacement] == [("a", "b"), ("d", 0), ("d", 1), ("e",)]
