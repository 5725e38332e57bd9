"""What differs between two texts, line by line, with as much around it as locates it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from tfc_plan_comment.plan.sequence import align

CONTEXT = 2
"""How many unchanged lines stand before and after a change."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line: it stays, comes or goes; or a gap of so many unchanged lines, which are not shown."""

    kind: Literal["same", "added", "removed", "gap"]
    text: str
    skipped: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class TextDiff:
    """The lines to show; how many of the longer side's lines change, and what is the only difference, in words.

    `is_coarse` says that lines were only compared by their position, for the texts are too long for more.
    """

    lines: tuple[TextLine, ...]
    changed: int
    total: int
    only: str | None = None
    is_coarse: bool = False


def text_diff(before: str, after: str) -> TextDiff:
    """The difference of two different texts. One that the eye cannot see is said in words."""
    only = _only_difference(before, after)
    old, new = before.split("\n"), after.split("\n")
    if only is not None:
        old, new = before.splitlines(), after.splitlines()
    kept = align(old, new)
    pairs = [(-1, -1), *kept, (len(old), len(new))]
    lines: list[TextLine] = []
    for (here, there), (next_here, next_there) in pairwise(pairs):
        lines += [TextLine("removed", line) for line in old[here + 1 : next_here]]
        lines += [TextLine("added", line) for line in new[there + 1 : next_there]]
        if next_here < len(old):
            lines.append(TextLine("same", old[next_here]))
    removed = sum(line.kind == "removed" for line in lines)
    added = sum(line.kind == "added" for line in lines)
    shown = () if only and not (removed or added) else tuple(_with_context(lines))
    return TextDiff(
        lines=shown,
        changed=max(removed, added),
        total=max(len(old), len(new)),
        only=only,
        is_coarse=kept.is_coarse,
    )


def _only_difference(before: str, after: str) -> str | None:
    old, new = before.split("\n"), after.split("\n")
    if before.replace("\r\n", "\n") == after.replace("\r\n", "\n"):
        if "\r\n" in before and "\r\n" in after:
            return "line endings changed"
        return "line endings changed from CRLF to LF" if "\r\n" in before else "line endings changed from LF to CRLF"
    if before.rstrip("\n") == after.rstrip("\n"):
        return "only newlines at the end changed"
    if [line.rstrip() for line in old] == [line.rstrip() for line in new]:
        return "only white space at the ends of lines changed"
    if [line.strip() for line in old] == [line.strip() for line in new]:
        return "only the indentation changed"
    return None


def _with_context(lines: list[TextLine]) -> Iterator[TextLine]:
    changes = [number for number, line in enumerate(lines) if line.kind != "same"]
    near = {number for change in changes for number in range(change - CONTEXT, change + CONTEXT + 1)}
    skipped = 0
    for number, line in enumerate(lines):
        if number in near:
            if skipped:
                yield TextLine("gap", "", skipped)
            skipped = 0
            yield line
        else:
            skipped += 1
    if skipped:
        yield TextLine("gap", "", skipped)
