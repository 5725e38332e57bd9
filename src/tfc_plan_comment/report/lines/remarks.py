"""What is said beside the lines of a diff: what is known after apply, back to unset, or empty.

A short remark is a line of the diff. A longer one is a sentence below it, where it can be as long as it has to be: it
wraps, and a line of code does not.
"""

from collections.abc import Iterator
from itertools import accumulate, takewhile

import msgspec

from tfc_plan_comment.plan.difference import Changed, Part, Removed
from tfc_plan_comment.plan.knowledge.attributes import DEFAULTS
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.values import UNKNOWN, Sensitive, is_off
from tfc_plan_comment.report.lines.cell import Cell, count_more, say, say_text
from tfc_plan_comment.report.lines.hcl import inline
from tfc_plan_comment.report.lines.line import WHOLE, Cut, Limits, Line, Pen
from tfc_plan_comment.report.unseen import visible

LONGEST_LINE, LONGEST_COUNTED = 40, 42
"""Characters of a remark that stands in the diff, and of one with the count of what is unchanged behind it."""


class Remark(msgspec.Struct, frozen=True):
    """Words, and the names of the attributes of which they are true, some with the value that they had."""

    words: str
    names: tuple[str, ...]
    is_only_named: bool = False
    """They have values that stand nowhere here."""

    @property
    def untold(self) -> Cut:
        """The values that stand nowhere."""
        return Cut(values=len(self.names)) if self.is_only_named else WHOLE

    def as_line(self, limits: Limits) -> Line:
        """One line with as many of the names as there is room for; the rest is counted."""
        text = f"# {self.words}: {self.names[0]}"
        named = 1
        room = limits.names - len(" and 100 more")
        while named < len(self.names) and len(text) + len(self.names[named]) < room:
            text += f", {self.names[named]}"
            named += 1
        more = len(self.names) - named
        pen = Pen(limits)
        text = visible(f"{text} and {more} more" if more else text)
        return pen.line(text, cut=self.untold + Cut(names=more) if more else self.untold)

    def as_cell(self, limits: Limits) -> Cell:
        """A sentence with as many of the names as there is room for; the rest is counted."""
        lengths = accumulate(len(name) + len(", ") for name in self.names)
        named = max(1, sum(1 for _ in takewhile(lambda length: length <= limits.remark, lengths)))
        words = f"{self.words[0].upper()}{self.words[1:]}: "
        names = say_text(", ".join(self.names[:named])) + count_more(len(self.names) - named, " and ")
        return say(words) + names + say(".", self.untold)


def find_remarks(diff: ResourceDiff) -> Iterator[Remark]:
    """All that there is to say beside the lines."""
    unset = tuple(_with_value(part) for part in diff.parts if is_unset(part, diff))
    off = (str(part.step) for part in diff.parts if _is_off_before(part, diff))
    known = tuple(sorted((*diff.known_after_apply, *off)))
    for words, names in (("back to unset", unset), ("known after apply", known), ("empty", diff.still_empty)):
        if names:
            yield Remark(words, tuple(names))


def is_beside(part: Part, diff: ResourceDiff) -> bool:
    """True if a remark tells all of it: its value before was nothing that anybody asked for."""
    return is_unset(part, diff) or _is_off_before(part, diff)


def is_unset(part: Part, diff: ResourceDiff) -> bool:
    """True if what goes is the provider's default; or is false or zero, of an object that is made anew.

    Of one that stays, a flag that is no longer set may be something that happens to it.
    """
    match part.difference:
        case Removed(before) if not (part.forces_replacement or isinstance(before, Sensitive)):
            default = DEFAULTS.find(diff.resource_type, part.step)
            is_default = default is not None and isinstance(before, str) and before in default.also
            return is_default or (diff.is_replaced and is_off(before))
        case _:
            return False


def _is_off_before(part: Part, diff: ResourceDiff) -> bool:
    """True if nobody knows yet what comes in the place of what was off, in an object that is made anew."""
    match part.difference:
        case Changed(before, after) if after is UNKNOWN and diff.is_replaced:
            return is_off(before) and not part.forces_replacement
        case _:
            return False


def _with_value(part: Part) -> str:
    before = part.difference.before if isinstance(part.difference, Removed) else None
    return f"{part.step} ({inline(before, Limits()).text})"
