"""The marks beside a value on one side of a change, and what they decide: to show it, to hide it, or to look inside."""

from enum import Enum

import msgspec

from tfc_plan_comment.plan.marks import Marks, fits, marks_at
from tfc_plan_comment.plan.values import MAX_DEPTH, Json


class SideMarks(msgspec.Struct, frozen=True, kw_only=True):
    """The trees beside a value: what of it is sensitive, what of the other side's is, and what is unknown."""

    sensitive: Marks = None
    other_side: Marks = None
    unknown: Marks = None
    may_differ: bool = False

    def names(self) -> set[str]:
        """The keys of an object that they name; nothing is marked in the rest of it."""
        trees = (self.sensitive, self.other_side, self.unknown)
        return {name for tree in trees if isinstance(tree, dict) for name in tree}

    def at(self, step: str | int) -> "SideMarks":
        """The trees one step further in."""
        return SideMarks(
            sensitive=marks_at(self.sensitive, step),
            other_side=marks_at(self.other_side, step),
            unknown=marks_at(self.unknown, step),
            may_differ=self.may_differ,
        )


class Fate(Enum):
    """The ways to show or hide a value."""

    SHOWN = "only the secrets that turn up in it are masked"
    UNKNOWN = "known after apply"
    HIDDEN_BY_MARK = "the plan marks it here, or its marks do not fit it, so that nobody knows what they mark"
    HIDDEN_BY_OTHER = "the other side marks it, or something in it that is too deep to be looked for"
    AS_TEXT = "something in it is unknown, but too deep to be looked for"
    INSIDE = "the marks inside of it decide"


def decide(value: Json, marks: SideMarks, depth: int) -> Fate:
    """The first line that fits decides. Null is no secret; where parts of it are unknown, it stands for a container."""
    is_container = isinstance(marks.unknown if value is None else value, list | dict)
    match marks:
        case SideMarks(sensitive=None, other_side=None, unknown=None):
            return Fate.SHOWN
        case SideMarks(unknown=unknown) if value is None and not is_container:
            return Fate.UNKNOWN if unknown else Fate.SHOWN
        case SideMarks(sensitive=sensitive) if sensitive is True or not fits(sensitive, value):
            return Fate.HIDDEN_BY_MARK
        case SideMarks(other_side=True):
            return Fate.HIDDEN_BY_OTHER
        case _ if not is_container:
            return Fate.SHOWN
        case _ if depth < MAX_DEPTH:
            return Fate.INSIDE
        case SideMarks(sensitive=None, other_side=None):
            return Fate.AS_TEXT
        case _:
            return Fate.HIDDEN_BY_OTHER
