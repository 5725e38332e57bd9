"""The end of the log, in lines, and the annotation of the workflow's run: the decision for who never opens the comment.

Plain text without Markdown. Every name in it is masked as in the comment; whoever prints the lines escapes them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from tfc_plan_comment.findings.diagnostics import Diagnostics
from tfc_plan_comment.findings.policies import judge
from tfc_plan_comment.findings.said import Known, Said
from tfc_plan_comment.plan.actions import Loss
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.report.addresses import show_object
from tfc_plan_comment.report.diagnostics import MOST_ERRORS, say_in_one_line
from tfc_plan_comment.report.first_screen import count_in_words, name_tool
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.policies import shown_policies

MOST_NAMES = 10
"""At most this many addresses stand in a line."""


def title_of(report: Report) -> str:
    """The title of the annotation, and the beginning of the first line: `Terraform plan for prod`."""
    of_workspace = f" for {report.workspace}" if report.workspace else ""
    return f"{name_tool(report.summary)} plan{of_workspace}"


def closing_lines(report: Report, attention: Sequence[str] = ()) -> Iterator[str]:
    """The lines with which the log ends: what the plan does, what is lost, what deserves a look, and the policies.

    `attention` has a line for each change that deserves a look, with its address.
    """
    summary = report.summary
    yield f"{title_of(report)}: {count_in_words(summary)}"
    if summary.plan.errored:
        yield from error_lines(report.findings.diagnostics)
        return
    yield summary.verdict.sentence
    with_data, others = _split_losses(summary)
    if with_data:
        yield f"Loses its data: {_name(with_data)}" if len(with_data) == 1 else f"Lose their data: {_name(with_data)}"
    if others:
        yield f"{'Also destroyed' if with_data else 'Destroyed'} or replaced: {_name(others)}"
    if attention:
        yield f"{_deserve_a_look(len(attention))}:"
        yield from (f"  {line}" for line in attention)
    if policies := shown_policies(report.findings.policies, summary):
        yield f"Policies: {judge(policies).sentence}"


def annotation(report: Report, attention: Sequence[str] = ()) -> str:
    """The sentence that annotates the workflow's run where data is lost or a change deserves a look; else nothing."""
    summary = report.summary
    if summary.plan.errored:  # nobody can apply it
        return ""
    with_data, _ = _split_losses(summary)
    said: list[str] = []
    if with_data:
        what = "1 resource" if len(with_data) == 1 else f"{len(with_data):,} resources"
        said.append(f"Destroys {what} with data: {_name(with_data)}.")
    if attention:
        more = f" And {len(attention) - MOST_NAMES:,} more." if len(attention) > MOST_NAMES else ""
        said.append(f"{_deserve_a_look(len(attention))}: {'; '.join(attention[:MOST_NAMES])}.{more}")
    return " ".join(said)


def error_lines(errors: Said[Diagnostics]) -> Iterator[str]:
    """The first errors of a plan that failed, a line for each."""
    known = errors.value if isinstance(errors, Known) else Diagnostics()
    for error in known.errors[:MOST_ERRORS]:
        yield f"Error: {say_in_one_line(Diagnostics(errors=(error,)))}"
    if more := known.without(MOST_ERRORS):
        yield f"And {more:,} more error{'' if more == 1 else 's'}"


def _split_losses(summary: PlanSummary) -> tuple[list[PlannedChange], list[PlannedChange]]:
    """The changes that destroy an object: those that lose data, and the others."""
    # They stand first in the summary's order.
    lost = list(takewhile(lambda change: change.action.facts.loss is Loss.DESTROYED, summary.changes))
    return [each for each in lost if each.holds_data], [each for each in lost if not each.holds_data]


def _name(changes: Iterable[PlannedChange]) -> str:
    named = [*changes]
    names = [
        f"{show_object(each.resource, each.mask, Limits()).text} ({each.action.facts.headline})"
        for each in named[:MOST_NAMES]
    ]
    more = f" and {len(named) - MOST_NAMES:,} more" if len(named) > MOST_NAMES else ""
    return f"{', '.join(names)}{more}"


def _deserve_a_look(count: int) -> str:
    return "1 change deserves a look" if count == 1 else f"{count:,} changes deserve a look"
