"""The words of others, policies, run tasks and HCP Terraform, in a line or below one: cut, and never in its way."""

from collections.abc import Iterator, Sequence

from tfc_plan_comment.report.lines.line import Cut, Limits, Line, Pen, Shown, first_lines, more_lines
from tfc_plan_comment.report.unseen import visible


def shorten(text: str, longest: int) -> str:
    """On one line, with what nobody sees shown, and not longer than that by more than an ellipsis."""
    shown = visible(" ".join(text.split()))
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def cite(prefix: str, text: str, limits: Limits) -> Iterator[Line]:
    """The lines of a text, each behind the prefix, with what is too long or too much counted."""
    lines = text.strip("\n").splitlines()
    for line in lines[: limits.lines]:
        missing = max(0, len(line) - limits.characters)
        shown = Shown(f"{line[: limits.characters]}… (cut)" if missing else line, missing)
        yield Line(f"{prefix} {shown.text}", cut=shown.cut)
    if len(lines) > limits.lines:
        yield more_lines(len(lines) - limits.lines, Pen(limits))


def put_below(heads: Sequence[Line], cited: Sequence[Sequence[Line]], room: int) -> tuple[Line, ...]:
    """Each head with what is cited of it below; the heads alone where there is no room for all of it.

    Which they are matters more than what the first of them says.
    """
    lines = tuple(line for head, below in zip(heads, cited, strict=True) for line in (head, *below))
    if first_lines(lines, room) == lines:
        return lines
    count = sum(map(len, cited))
    more = (Line(f"… {count:,} more lines about them", cut=Cut(lines=count)),) if count else ()
    return (*first_lines(heads, room), *more)
