"""The trees that mark what is sensitive and what is unknown."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.marks import fits, marks_at, read_marks, read_value
from tfc_plan_comment.plan.values import MAX_DEPTH

TREES: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from([True, False, None, "true", 1]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "b", '"tr\\ue":']), inner, max_size=2)
    ),
    max_leaves=8,
)


def raw(tree: Any) -> msgspec.Raw:
    """The tree as it stands in a plan."""
    return msgspec.Raw(json.dumps(tree).encode())


def marked_paths(tree: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Where the tree says true, or what no mark says."""
    if not isinstance(tree, dict | list):
        return set() if tree is None or tree is False else {path}
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    return {found for step, inner in items for found in marked_paths(inner, (*path, step))}


@given(TREES)
def test_marks_are_kept_where_they_are(tree: Any) -> None:
    """Nothing but false and null marks nothing; what marks nothing is None, and no mark changes its place."""
    marks = read_marks(raw(tree))
    assert marked_paths(marks) == marked_paths(tree)
    assert (marks is None) is (marked_paths(tree) == set())
    for step in ("a", "b", 0, 1, 5):
        assert marked_paths(marks_at(marks, step)) == {path[1:] for path in marked_paths(tree) if path[:1] == (step,)}


@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, 500, 900])
@pytest.mark.parametrize("is_list", [True, False])
def test_deep_marks(depth: int, *, is_list: bool) -> None:
    """What is marked deeper than we can walk is marked where we stop; what marks nothing there is still nothing."""
    start, end = ("[", "]") if is_list else ('{"a":', "}")
    marks = read_marks(msgspec.Raw(f"{start * depth}true{end * depth}".encode()))
    (path,) = marked_paths(marks)
    assert len(path) == min(depth, MAX_DEPTH)
    assert read_marks(msgspec.Raw(f"{start * depth}[null, false]{end * depth}".encode())) is None


@pytest.mark.parametrize(
    ("marks", "value", "does_fit"),
    [
        (None, {"a": 1}, True),
        (True, {"a": 1}, True),
        ({"a": True}, None, True),
        ({"a": True}, {"b": 1}, True),
        ({"a": True}, [1], False),
        ({"a": True}, "x", False),
        ([True], [1], True),
        ([True], [1, 2], False),
        ([True, None], [1], False),
        ([True], {"0": 1}, False),
        ([True], 1, False),
    ],
)
def test_shape(marks: Any, value: Any, *, does_fit: bool) -> None:
    """Marks fit a value when they have its shape: then they say what of it they mark."""
    assert fits(marks, value) is does_fit


def test_nothing_there() -> None:
    """A raw value that is not there is null."""
    assert read_value(msgspec.Raw()) is None
    assert read_marks(msgspec.Raw()) is None
