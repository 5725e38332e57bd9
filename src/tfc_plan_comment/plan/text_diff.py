"""The difference of two texts, line by line, with as much around it as locates it."""

from itertools import pairwise
from typing import Literal

import msgspec

from tfc_plan_comment.plan.sequence import align

BEFORE, AFTER = 2, 1
"""The number of unchanged lines that stand before a change, to say where it is, and after it."""


class TextLine(msgspec.Struct, frozen=True, gc=False):
    """One line: it stays, comes or goes; or a gap of so many unchanged lines, which are not shown."""

    kind: Literal["same", "added", "removed", "gap"]
    text: str
    skipped: int = 0


class TextDiff(msgspec.Struct, frozen=True, kw_only=True):
    """The lines to show; how many of the longer side's lines change, and what is the only difference, in words.

    `newline` says what becomes of the newline at the end where other lines change as well. `is_coarse` says that lines
    were only compared by their position, for the texts are too long for more.
    """

    lines: tuple[TextLine, ...]
    changed: int
    total: int
    only: str | None = None
    newline: Literal["added", "removed"] | None = None
    is_coarse: bool = False


def diff_texts(before: str, after: str) -> TextDiff:
    """The difference of two different texts. One that the eye cannot see is said in words."""
    only = _only_difference(before, after)
    old, new = _lines(before), _lines(after)
    if only is not None:
        old, new = before.splitlines(), after.splitlines()
    kept = align(old, new)
    lines: list[TextLine] = []
    same: list[str] = []
    removed = added = 0
    for (here, there), (next_here, next_there) in pairwise([(-1, -1), *kept, (len(old), len(new))]):
        gone, come = old[here + 1 : next_here], new[there + 1 : next_there]
        if gone or come:
            lines += _between(same, after_change=bool(lines))
            lines += [TextLine("removed", line) for line in gone]
            lines += [TextLine("added", line) for line in come]
            removed, added = removed + len(gone), added + len(come)
            same = []
        if next_here < len(old):
            same.append(old[next_here])
    if lines:
        lines += _between(same, after_change=True, before_change=False)
    return TextDiff(
        lines=tuple(lines),
        changed=max(removed, added),
        total=max(len(old), len(new)),
        only=only,
        newline=None if only else _newline(before, after),
        is_coarse=kept.is_coarse,
    )


def _lines(text: str) -> list[str]:
    """The lines; a newline at the end ends the last one."""
    return text.removesuffix("\n").split("\n") if text else []


def _newline(before: str, after: str) -> Literal["added", "removed"] | None:
    if not before or not after or before.endswith("\n") == after.endswith("\n"):
        return None
    return "added" if after.endswith("\n") else "removed"


def _between(same: list[str], *, after_change: bool, before_change: bool = True) -> list[TextLine]:
    """The lines of an unchanged run that locate the changes before and after it; the rest is only counted.

    An empty line locates nothing, and one line takes no more room than its count.
    """
    head = min(AFTER, len(same)) if after_change else 0
    tail = min(BEFORE, len(same) - head) if before_change else 0
    while head and not same[head - 1].strip():
        head -= 1
    while tail and not same[len(same) - tail].strip():
        tail -= 1
    skipped = len(same) - head - tail
    if skipped <= 1:
        return [TextLine("same", line) for line in same]
    return [
        *(TextLine("same", line) for line in same[:head]),
        TextLine("gap", "", skipped),
        *(TextLine("same", line) for line in same[len(same) - tail :]),
    ]


def _only_difference(before: str, after: str) -> str | None:
    old, new = before.split("\n"), after.split("\n")
    if before.replace("\r\n", "\n") == after.replace("\r\n", "\n"):
        if "\r\n" in before and "\r\n" in after:
            return "line endings changed"
        return "line endings changed from CRLF to LF" if "\r\n" in before else "line endings changed from LF to CRLF"
    if before.rstrip("\n") == after.rstrip("\n"):
        return "newlines at the end changed"
    if len(old) != len(new):
        return None
    if all(one.rstrip() == other.rstrip() for one, other in zip(old, new, strict=True)):
        return "white space at the ends of lines changed"
    return None
