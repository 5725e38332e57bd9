"""The difference of two texts as lines: behind a gutter, with carets below what is new in a long one."""

from collections.abc import Iterator

from tfc_plan_comment.plan.difference import ChangedText
from tfc_plan_comment.plan.text_diff import TextLine
from tfc_plan_comment.report.lines.hcl import behind_gutter
from tfc_plan_comment.report.lines.line import NARROW, WIDTH, Line, Pen, more_lines
from tfc_plan_comment.report.lines.shared_ends import shared_ends
from tfc_plan_comment.report.unseen import visible

LONG_LINE, FEW = 30, 2
"""In a line that is no longer, the eye finds what is new by itself; in a longer one it overlooks so few characters."""

BELOW_EACH_OTHER = NARROW - len("+ │ ")
"""Characters of the longest line that a phone shows whole below the old one: the eye finds there what is not so few."""


def tell_text(path: str, change: ChangedText, pen: Pen) -> Iterator[Line]:
    """The lines that come and go, with a little around them, behind a gutter."""
    diff = change.diff
    if diff.only and not diff.lines:
        yield pen.marking("!").line(f"{path} ({change.what}): {diff.only}")
        return
    about = f", {diff.only}" if diff.only else f", {diff.changed} of {diff.total} lines"
    about += f", newline at the end {diff.newline}" if diff.newline else ""
    about += ", compared by position" if diff.is_coarse else ""
    yield pen.line(f"{path} ({change.what}{about})")
    markers = {"same": pen, "added": pen.marking("+"), "removed": pen.marking("-")}
    for number, line in enumerate(diff.lines[: pen.limits.lines]):
        if line.kind == "gap":
            yield pen.line(f"… {line.skipped:,} unchanged")
            continue
        yield behind_gutter(line.text, markers[line.kind])
        if line.kind == "added" and (carets := _point_at_new(diff.lines, number)):
            yield pen.line(f"│ {carets}")
    if (left := len(diff.lines) - pen.limits.lines) > 0:
        yield more_lines(left, pen)


def _point_at_new(lines: tuple[TextLine, ...], number: int) -> str | None:
    """Carets below what of a long line is new, where it stands alone for one that goes and most of it stays."""
    kinds = [lines[place].kind if 0 <= place < len(lines) else "same" for place in range(number - 2, number + 2)]
    if kinds[1] != "removed" or "removed" in (kinds[0], kinds[3]) or kinds[3] == "added":
        return None
    before, after = lines[number - 1].text, lines[number].text
    start, end = shared_ends(before, after)
    new = len(after) - start - end
    longest_plain = LONG_LINE if new <= FEW else BELOW_EACH_OTHER
    if not longest_plain < len(after) <= WIDTH or new * 2 > len(after) or visible(after) != after:
        return None
    return " " * start + "^" * max(new, 1)
