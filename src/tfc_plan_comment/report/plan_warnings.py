"""The warnings in the log of a plan that failed: folded below it, for none of them is why it failed."""

from collections.abc import Iterator

from tfc_plan_comment.findings.diagnostics import Diagnostic, Diagnostics
from tfc_plan_comment.findings.said import Known, Said
from tfc_plan_comment.report.diagnostics import say_in_one_line, shorten
from tfc_plan_comment.report.lines.cell import say
from tfc_plan_comment.report.lines.line import Cut, Line
from tfc_plan_comment.report.model import Section
from tfc_plan_comment.report.sections import fit_section
from tfc_plan_comment.report.unseen import visible

LONGEST_DETAIL = 400


CHECK = "Check block assertion failed"
"""Terraform's words for a check that does not pass (hashicorp/terraform, internal/addrs/check_rule.go)."""


def plan_warnings(said: Said[Diagnostics], room: int, *, with_checks: bool = True) -> Section | None:
    """The section with them, in at most `room` characters; None if there are none.

    Those of checks are left out unless `with_checks`: where there is a plan, they stand in a section of their own.
    """
    if not isinstance(said, Known):
        return None
    known = [each for each in said.value.warnings if with_checks or each.summary != CHECK]
    more = said.value.more_warnings
    if not known:
        return None
    lines = [line for warning in known for line in _tell(warning)]
    if more:
        lines.append(Line(f"… {more:,} more warning{'' if more == 1 else 's'}", cut=Cut(lines=more)))
    title = say(f"Warnings in the log: {len(known) + more:,}")
    return fit_section(Section(title=title, lines=tuple(lines)), room)


def _tell(warning: Diagnostic) -> Iterator[Line]:
    yield Line(say_in_one_line(Diagnostics(errors=(warning,))), "!")
    for line in shorten(warning.detail, LONGEST_DETAIL).splitlines():
        yield Line(f"│ {visible(line)}")
