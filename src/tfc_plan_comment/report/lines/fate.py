"""The fate of one value, as it stands behind its name in a row: from what to what, or in a word what happens to it."""

import msgspec

from tfc_plan_comment.plan.difference import Added, Changed, ChangedText, Difference, Moved, Nested, Removed
from tfc_plan_comment.plan.text_diff import TextDiff
from tfc_plan_comment.plan.values import UNKNOWN, Described, Sensitive, Value
from tfc_plan_comment.plan.write_only import WRITTEN, WRITTEN_ANEW
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, say
from tfc_plan_comment.report.lines.short_value import say_both, say_secret, say_value

CHANGED = say(" changed")


class Fate(msgspec.Struct, frozen=True):
    """The words with the values, and those for want of room, which have none."""

    full: Cell
    short: Cell

    @classmethod
    def of(cls, cell: Cell) -> "Fate":
        """Words that are short already."""
        return cls(cell, cell)


def say_fate(difference: Difference) -> Fate:
    """The fate of a value that has no parts to be told of."""
    match difference:
        case Added(after) if after in (WRITTEN, WRITTEN_ANEW):  # it is null before, too, whatever was written
            return Fate.of(say(" ") + say_value(after))
        case Added(value):
            return _say_whole(value, " added")
        case Removed(value):
            return _say_whole(value, " removed")
        case Changed(formatting_only=True):
            return Fate.of(say(": only its formatting changes"))
        case Changed(before, after):
            return _say_mark(before, after) or _say_changed(before, after)
        case ChangedText(diff=diff):
            return Fate.of(say(f": {diff.only or count_lines(diff)}"))
        case Moved():
            return Fate.of(say(" moved"))
        case Nested():
            return Fate.of(say(": only the order changes") if not difference.parts else CHANGED)


def _say_whole(value: Value, word: str) -> Fate:
    if isinstance(value, Sensitive):
        return Fate.of(say(f"{word} {say_secret(value)}"))
    if value is UNKNOWN:
        return Fate(say(f"{word} {UNKNOWN.value}"), say(word))
    shown = say_value(value)
    return Fate(say(" ") + shown + say(word), say(word)) if shown else Fate.of(say(word))


def _say_mark(before: Value, after: Value) -> Fate | None:
    """The words for a secret, and for a mark that comes or goes; None where neither is."""
    match before, after:
        case Sensitive(old), Sensitive(new, is_marked, may_differ=False) if old == new:
            return Fate.of(say(" marked as sensitive" if is_marked else " no longer marked as sensitive"))
        case Sensitive(is_marked=was), Sensitive(is_marked=will_be) if was != will_be:
            return Fate.of(say(f" ({'now' if will_be else 'no longer'} marked as sensitive)"))
        case (Sensitive() as value, _) | (_, Sensitive() as value):
            return Fate.of(say(f" {say_secret(value)}"))
        case _:
            return None


def _say_changed(before: Value, after: Value) -> Fate:
    if isinstance(before, Described) and isinstance(after, Described):
        return Fate.of(say(f": another {after.kind}") if before.kind == after.kind else CHANGED)
    old, new = say_both(before, after)
    if not new:
        return Fate.of(CHANGED)
    return Fate((say(" ") + old if old else EMPTY) + say(" → ") + new, CHANGED)


def count_lines(diff: TextDiff) -> str:
    """The number of lines that change, come and go: `1 of 26 lines changed, 1 added`."""
    changed = added = removed = gone = come = 0
    for kind in (*(line.kind for line in diff.lines), "same"):
        if kind in ("removed", "added"):
            gone, come = gone + (kind == "removed"), come + (kind == "added")
            continue
        changed += min(gone, come)
        added, removed = added + max(come - gone, 0), removed + max(gone - come, 0)
        gone = come = 0
    counts = [(changed, "changed"), (added, "added"), (removed, "removed")]
    first, *others = [f"{count:,} {word}" for count, word in counts if count] or ["0 changed"]
    count, word = first.split(" ")
    lines = "line" if diff.total == 1 else "lines"
    return ", ".join((f"{count} of {diff.total:,} {lines} {word}", *others))
