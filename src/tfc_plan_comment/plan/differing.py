"""The leaves in which two values differ, each at the path where it stands; what stands at the same path is compared."""

from collections.abc import Iterator
from typing import Any

from tfc_plan_comment.plan.values import Value

Path = tuple[str | int, ...]


def differing_leaves(before: Value, after: Value, path: Path = ()) -> Iterator[tuple[Path, Value, Value]]:
    """The path of each leaf that differs, below `path` and in order, with what stands there on both sides."""
    if before == after:
        return
    old, new = children(before), children(after)
    kinds = {type(value) for value in (before, after) if value is not None}
    found = False
    if len(kinds) == 1:
        for step in sorted(old | new):
            for leaf in differing_leaves(old.get(step), new.get(step), (*path, step)):
                found = True
                yield leaf
    if not found and (path or not isinstance(before, dict | None) or not isinstance(after, dict | None)):
        # Not in what they hold do they differ, but in what they are; an attribute that is null is none, though.
        yield path, before, after


def children(value: Value) -> dict[Any, Value]:
    """The items of a container, by key or position."""
    match value:
        case dict():
            return dict(value)
        case list():
            return dict(enumerate(value))
        case _:
            return {}
