"""The trees that a plan puts beside a value to mark what of it is sensitive, or unknown: true where it is."""

from functools import lru_cache
from itertools import compress
from operator import ne
from typing import Literal

import msgspec

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.document import NULL
from tfc_plan_comment.plan.unreadable import UNREADABLE, unreadable_value
from tfc_plan_comment.plan.values import MAX_DEPTH, Json, read_any_json

Marks = None | Literal[True] | list["Marks"] | dict[str, "Marks"]
"""A tree of marks. None marks nothing, so a container always marks something; none lies deeper than `MAX_DEPTH`."""


Attributes = dict[str, msgspec.Raw]
"""The attributes of an object, each as it stands in the plan."""

Differing = dict[str, tuple[msgspec.Raw, msgspec.Raw]]
"""Attributes that are not the same before and after, with both values."""

_OBJECT = msgspec.json.Decoder(Attributes)


def read_value(raw: msgspec.Raw) -> Json:
    """A value of the plan. Raises PlanDocumentError."""
    try:
        return read_any_json(bytes(raw)) if bytes(raw) else None
    except UNREADABLE as error:
        raise unreadable_value(error) from None


def read_attributes(raw: msgspec.Raw) -> Attributes | None:
    """The attributes of an object in the plan; None if the value is no object."""
    try:
        return _OBJECT.decode(raw)
    except UNREADABLE:
        return None


def differing(old: Attributes, new: Attributes) -> list[str]:
    """The names of the attributes that are not the same, byte by byte; what is on one side only is not.

    In the order of `new`, then of `old`.
    """
    if [*old] == [*new]:  # as on the two sides of most changes; then this takes no call for each attribute
        return [*compress(new, map(ne, old.values(), new.values()))]
    changed = [name for name, value in new.items() if old.get(name) != value]
    return changed + [name for name in old if name not in new]


def differing_values(old: Attributes, new: Attributes) -> Differing:
    """The attributes that are not the same; null where one is missing, which is the same as null."""
    values = {name: (old.get(name, NULL), new.get(name, NULL)) for name in differing(old, new)}
    return {name: (was, will_be) for name, (was, will_be) in values.items() if was != will_be}


def read_marks(raw: msgspec.Raw) -> Marks:
    """The marks; most plans have few, and what has none needs no decoding. Raises PlanDocumentError.

    What is neither true, false nor null marks as well: nobody knows what it says, and it may say that all is secret.
    """
    return _read_marks(bytes(raw))


@lru_cache(maxsize=1_024)  # the instances of a resource mostly have the same
def _read_marks(written: bytes) -> Marks:
    return None if _NO_MARK.fullmatch(written) else _pruned(read_value(msgspec.Raw(written)), 0)


_NO_MARK = expression(rb'(?:[\s{}\[\],]|false|null|"(?:[^"\\]++|\\.)*+"\s*+:)*+')


def _pruned(marks: Json, depth: int) -> Marks:
    match marks:
        case None | False:
            return None
        case dict() | list() if depth == MAX_DEPTH:
            return True if _any_mark(marks) else None
        case dict():
            inner = {key: _pruned(mark, depth + 1) for key, mark in marks.items()}
            return {key: mark for key, mark in inner.items() if mark is not None} or None
        case list():
            items = [_pruned(mark, depth + 1) for mark in marks]
            return items if any(item is not None for item in items) else None
        case _:
            return True


def _any_mark(marks: Json) -> bool:
    left = [marks]
    while left:
        match left.pop():
            case None | False:
                continue
            case dict() as inner:
                left += inner.values()
            case list() as items:
                left += items
            case _:
                return True
    return False


def marks_at(marks: Marks, step: str | int) -> Marks:
    """The marks one step further in."""
    if isinstance(marks, dict) and isinstance(step, str):
        return marks.get(step)
    if isinstance(marks, list) and isinstance(step, int):
        return marks[step] if step < len(marks) else None
    return None


def fits(marks: Marks, value: Json) -> bool:
    """True if marks have the shape of their value. If they do not, nobody knows what they mark."""
    if value is None or marks is None or marks is True:
        return True
    if isinstance(marks, dict):
        return isinstance(value, dict)
    return isinstance(value, list) and len(marks) == len(value)
