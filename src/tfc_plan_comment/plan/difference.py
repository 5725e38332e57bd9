"""The difference between two values of a plan, as a tree: first its kind, then its place.

Every difference is in the tree, at its path; what is the same is only counted.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from tfc_plan_comment.plan.element_names import NAMELESS, ElementName
from tfc_plan_comment.plan.text_diff import TextDiff
from tfc_plan_comment.plan.values import Value

Path = tuple[str | int, ...]


class Form(StrEnum):
    """The container of the parts of a nested difference."""

    OBJECT = "object"
    LIST = "list"


class Place(msgspec.Struct, frozen=True):
    """The position of an element in a list of this length."""

    position: int
    length: int


class Added(msgspec.Struct, frozen=True):
    """A value that was not there before. `place` is that in front of others in a list whose order means something."""

    after: Value
    place: Place | None = None


class Removed(msgspec.Struct, frozen=True):
    """A value that will not be there any more."""

    before: Value


class Changed(msgspec.Struct, frozen=True):
    """One value becomes another; `note` says in words what the values do not show."""

    before: Value
    after: Value
    note: str | None = None
    formatting_only: bool = False


class ChangedText(msgspec.Struct, frozen=True):
    """A text of several lines changes; `what` says in words what it is, and how it stands in the plan."""

    before: str
    after: str
    diff: TextDiff
    what: str = "text"


class Moved(msgspec.Struct, frozen=True):
    """An element of a list, as it will be, stands in another place among the others."""

    value: Value
    before: Place
    after: Place


class Nested(msgspec.Struct, frozen=True, kw_only=True):
    """Some parts of an object or list change. `is_json` says that it stands in a string as JSON.

    `whole` is all of a list of plain values in which it matters what stands where; `order` are the labels of all
    elements of one of objects, as they will stand.
    """

    form: Form
    parts: tuple["Part", ...]
    unchanged: int = 0
    is_json: bool = False
    note: str | None = None
    whole: Changed | None = None
    order: tuple[str, ...] = ()


Difference = Added | Removed | Changed | ChangedText | Moved | Nested


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part and how it differs. `step` leads to it: a key, or a position after (before, if it goes).

    An element of a list that changes and moves is two parts.
    """

    step: str | int
    difference: Difference
    name: ElementName = NAMELESS
    is_only: bool = False
    """It is the only block of its kind, before and after: it needs no position."""
    context: str | None = None
    """The description of an element that stays the same, where its name does not say to people what it is."""
    forces_replacement: bool = False
    comes_or_goes: bool = False
    """It is a key that only one side has: that of a map, or of an object without a schema. An empty value says
    something there: `namespaceSelector = {}` selects every namespace, and its absence none."""


def forces_inside(part: Part) -> bool:
    """True if the part, or one at any depth in it, forces a replacement."""
    inside = part.difference.parts if isinstance(part.difference, Nested) else ()
    return part.forces_replacement or any(map(forces_inside, inside))


def leaves(difference: Difference, path: Path = ()) -> Iterator[tuple[Path, Difference]]:
    """The differences that have no parts of their own, such as a new order, each with its path."""
    if isinstance(difference, Nested) and difference.parts:
        for part in difference.parts:
            yield from leaves(part.difference, (*path, part.step))
    else:
        yield path, difference
