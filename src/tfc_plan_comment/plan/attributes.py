"""Every attribute that changes, leaf by leaf, at the path where it stands: for programs, which do not want to guess.

No cleverness here: what stands at the same path is compared. What a person should read is in `diff`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.values import UNKNOWN, Sensitive, Value, same

Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AttributeChange:
    """One leaf: a plain value, or an empty object or list. What is sensitive or unknown is None and says so."""

    path: Path
    before: Value
    after: Value
    sensitive: bool
    unknown: bool
    forces_replacement: bool


def attribute_changes(change: Change, mask: Mask) -> Iterator[AttributeChange]:
    """The leaves that differ, in the order of their paths."""
    forcing = [tuple(path) for path in change.replace_paths or ()]
    for path, before, after in _leaves(*mask.sides(change), ()):
        yield AttributeChange(
            path=path,
            before=_plain(before),
            after=_plain(after),
            sensitive=_has_sensitive(before) or _has_sensitive(after),
            unknown=after is UNKNOWN,
            forces_replacement=any(path[: len(other)] == other[: len(path)] for other in forcing),
        )


def _leaves(before: Value, after: Value, path: Path) -> Iterator[tuple[Path, Value, Value]]:
    if same(before, after):
        return
    old, new = _children(before), _children(after)
    kinds = {type(value) for value in (before, after) if value is not None}
    if len(kinds) > 1 or not (old or new):
        yield path, before, after
        return
    for step in old | new:
        yield from _leaves(old.get(step), new.get(step), (*path, step))


def _children(value: Value) -> dict[str | int, Value]:
    match value:
        case dict():
            return {key: value[key] for key in sorted(value)}
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
    match value:
        case dict():
            return any(map(_has_sensitive, value.values()))
        case list():
            return any(map(_has_sensitive, value))
        case _:
            return isinstance(value, Sensitive)
