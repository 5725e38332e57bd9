"""Every attribute that changes, leaf by leaf, at the path where it stands: for programs, which do not want to guess.

No cleverness here: what stands at the same path is compared. What a person should read is in `diff`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.values import UNKNOWN, Sensitive, Value, same

Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AttributeChange:
    """One leaf: a plain value, an empty object or list, or what becomes something of another kind, as a whole.

    What is sensitive or unknown is None, also inside of a whole, and the flags say that there is some of it.
    """

    path: Path
    before: Value
    after: Value
    sensitive: bool
    unknown: bool
    forces_replacement: bool


def attribute_changes(change: Change, mask: Mask) -> Iterator[AttributeChange]:
    """The leaves that differ, in the order of their paths."""
    for path, before, after in _leaves(*mask.sides(change), ()):
        yield AttributeChange(
            path=path,
            before=_plain(before),
            after=_plain(after),
            sensitive=_has_sensitive(before) or _has_sensitive(after),
            unknown=_has_unknown(after),
            forces_replacement=any(path[: len(other)] == other[: len(path)] for other in change.forcing_paths),
        )


def _leaves(before: Value, after: Value, path: Path) -> Iterator[tuple[Path, Value, Value]]:
    if same(before, after):
        return
    old, new = _children(before), _children(after)
    kinds = {type(value) for value in (before, after) if value is not None}
    found = False
    if len(kinds) == 1:
        for step in sorted(old | new):
            for leaf in _leaves(old.get(step), new.get(step), (*path, step)):
                found = True
                yield leaf
    if not found and (path or not isinstance(before, dict | None) or not isinstance(after, dict | None)):
        # Not in what they hold do they differ, but in what they are; an attribute that is null is none, though.
        yield path, before, after


def _children(value: Value) -> dict[Any, Value]:
    """What a container holds, by key or position."""
    match value:
        case dict():
            return dict(value)
        case list():
            return dict(enumerate(value))
        case _:
            return {}


def _plain(value: Value) -> Value:
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case Sensitive():
            return None
        case _:
            return None if value is UNKNOWN else value


def _has_sensitive(value: Value) -> bool:
    return any(isinstance(each, Sensitive) for each in _all(value))


def _has_unknown(value: Value) -> bool:
    return any(each is UNKNOWN for each in _all(value))


def _all(value: Value) -> Iterator[Value]:
    yield value
    for inner in _children(value).values():
        yield from _all(inner)
