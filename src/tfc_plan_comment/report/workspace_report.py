"""A report on one workspace among several: all that a comment on many says of it, in few kilobytes.

It holds nothing of the plan itself, so that hundreds of them fit in memory, and is masked, so that it can be kept in a
file and be read in another job.
"""

from collections.abc import Iterator
from enum import IntEnum

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.comment_memory import Memory
from tfc_plan_comment.findings.apply import Fate
from tfc_plan_comment.findings.cost import Amounts
from tfc_plan_comment.plan.actions import RISK
from tfc_plan_comment.plan.summary import MOST_SORTED_BY_NOISE, PlanSummary
from tfc_plan_comment.report.cautions import list_cautions
from tfc_plan_comment.report.cost_estimate import amounts_of
from tfc_plan_comment.report.diagnostics import tell_errors
from tfc_plan_comment.report.failed import Failed
from tfc_plan_comment.report.first_screen import note_plan
from tfc_plan_comment.report.headline import count_in_words, tell_headline, tell_worst
from tfc_plan_comment.report.hidden import NONE_HIDDEN
from tfc_plan_comment.report.layout import Layout
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, say_text
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Caution, LossKind, Report, Section
from tfc_plan_comment.report.notices import list_notices
from tfc_plan_comment.report.outcome import note_outcome, say_outcome, tell_errors_of, tell_fate
from tfc_plan_comment.report.plan_warnings import plan_warnings
from tfc_plan_comment.report.run_checks import list_check_sections, say_checks
from tfc_plan_comment.report.run_notes import note_run
from tfc_plan_comment.report.sections import list_sections
from tfc_plan_comment.report.view import HtmlReportView, MocksView, NoteView, RunView

ROOM = 98_304
"""Characters of the changes that are kept of a workspace: all that could find room if it stood in a comment alone."""
ROOM_FOR_SECTION = 4_096
"""The same for each section below them."""
FAILED = "❌"
NOTHING = "✅"
MINOR = "⚪"


class Rank(IntEnum):
    """What the worst of a workspace is, the worst first."""

    DATA_LOSS = 0
    FAILED = 1
    """There is no plan that could be applied, or its apply failed or was canceled on the way."""
    STOPPED = 2
    """The run may not go on, because of a policy or a run task; or something is wrong with what is told of it."""
    LOSS = 3
    LOOK = 4
    CHANGES = 5
    MINOR = 6
    """Nothing but noise or outputs change."""
    NOTHING = 7


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something to know of the plan or its run; `kind` is GitHub's: NOTE, WARNING or CAUTION."""

    kind: str
    said: Cell


class WorkspaceReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of one workspace; without a plan, `errors` say why there is none."""

    name: str
    rank: Rank
    symbol: str
    worst: str = ""
    """For a title: `destroys 2 resources with data`, `planning failed`; empty where nothing has to be weighed."""
    counts: str = ""
    """For its line: `1 replaced, 5 changed`, `no changes`, `applied: 1 added`; empty if it has failed."""
    fate: Fate | None = None
    """What became of the plan, if that is known."""
    sentence: str = ""
    """Terraform's own."""
    tool: str = "Terraform"
    run: RunView | None = None
    cautions: tuple[Caution, ...] = ()
    alerts: tuple[Alert, ...] = ()
    errors: tuple[Cell, ...] = ()
    """The lines on why the plan or its apply failed."""
    attention: tuple[Cell, ...] = ()
    """A line for each thing that deserves a look."""
    deserving: int = 0
    forgotten: int = 0
    with_data: int = 0
    beside: tuple[Cell, ...] = ()
    """For its line: how policies and run tasks stand, and why there is no cost."""
    cost: Amounts | None = None
    """The difference that it makes to a month, as far as that is known."""
    layout: Layout = msgspec.field(default_factory=Layout)
    sections: tuple[Section, ...] = ()
    outputs: int = 0
    unread: int = 0
    terraform_version: str = ""
    has_plan: bool = True
    has_values: bool = False
    """Values of the plan stand in it, of which some may be sensitive."""
    has_marks: bool = True
    """The plan says which values are sensitive."""
    html_report: HtmlReportView | None = None
    mocks: MocksView | None = None
    """Files that the step has made of it; of these nothing is kept in a file of another job."""
    key: str = ""
    """The key by which the comment remembers it."""
    memory: Memory = msgspec.field(default_factory=Memory)
    """What the comment remembers of it, for the one that replaces it."""


def condense(report: Report, layout: Layout, limits: Limits) -> WorkspaceReport:
    """The report on a plan, with the changes of this layout."""
    summary = report.summary
    sections = (
        *list_check_sections(report, limits, ROOM_FOR_SECTION),
        *list_sections(summary, limits, ROOM_FOR_SECTION),
    )
    cautions = list_cautions(summary, limits)
    alerts = tuple(_list_alerts(report, limits))
    is_alarming = any(alert.kind == "CAUTION" for alert in alerts)
    # A plan of another commit, or a file that could not be written, keeps nobody from applying.
    is_stopped = any(note.kind == "CAUTION" for note in note_run(replace(report, mismatch=EMPTY)))
    rank = _rank(report, cautions, is_alarming=is_alarming)
    fate = tell_fate(report.outcome)
    is_broken = rank is Rank.FAILED and bool(fate)
    is_settled = report.is_settled
    run = _mask(report.run, summary)
    return WorkspaceReport(
        name=report.workspace or report.key,
        rank=rank,
        symbol=NOTHING if is_settled else _find_symbol(summary, rank),
        worst=fate if is_broken else "" if is_settled else _find_worst(summary, is_stopped=is_stopped),
        counts="" if rank is Rank.FAILED else fate or count_in_words(summary) or tell_headline(summary),
        fate=report.outcome.fate if report.outcome else None,
        sentence=summary.verdict.sentence,
        tool=summary.tool,
        run=run,
        cautions=() if is_settled else cautions,
        alerts=alerts,
        errors=_list_errors(report),
        attention=() if is_settled else list_notices(summary, limits),
        deserving=0 if is_settled else len(summary.attention),
        forgotten=0 if is_settled else summary.verdict.counts.to_forget,
        with_data=sum(caution.count for caution in cautions if caution.kind is LossKind.WITH_DATA),
        beside=tuple(say_checks(report, in_brief=True)),
        cost=amounts_of(report.findings.cost),
        layout=layout.within(ROOM),
        sections=sections,
        outputs=len(summary.outputs),
        unread=len(summary.plan.unread),
        html_report=report.html_report,
        mocks=report.mocks,
        terraform_version=summary.plan.terraform_version or (run.terraform_version if run else None) or "",
        has_values=bool(summary.changes or summary.outputs or summary.drift),
        has_marks=summary.plan.has_marks,
    )


def condense_failure(failed: Failed) -> WorkspaceReport:
    """The report where there is no plan to show."""
    warnings = plan_warnings(failed.errors, ROOM_FOR_SECTION)
    return WorkspaceReport(
        name=failed.workspace or failed.key,
        rank=Rank.FAILED,
        symbol=FAILED,
        worst=failed.fact,
        run=replace(failed.run, message=None) if failed.run else None,
        errors=failed.lines,
        sections=(warnings,) if warnings else (),
        mocks=failed.mocks,
        has_plan=False,
    )


def _rank(report: Report, cautions: tuple[Caution, ...], *, is_alarming: bool) -> Rank:
    summary, kinds = report.summary, {caution.kind for caution in cautions}
    if summary.plan.errored or (report.outcome and report.outcome.fate.is_broken):
        return Rank.FAILED
    if report.is_settled:
        return Rank.NOTHING if _is_nothing(summary) else Rank.MINOR if _is_minor(summary) else Rank.CHANGES
    if LossKind.WITH_DATA in kinds:
        return Rank.DATA_LOSS
    if is_alarming:
        return Rank.STOPPED
    if LossKind.WITHOUT_DATA in kinds or summary.verdict.counts.unknown:
        return Rank.LOSS
    if summary.attention:
        return Rank.LOOK
    if _is_nothing(summary):
        return Rank.NOTHING
    return Rank.MINOR if _is_minor(summary) else Rank.CHANGES


def _is_nothing(summary: PlanSummary) -> bool:
    return not summary.verdict.has_changes and not summary.changes


def _find_worst(summary: PlanSummary, *, is_stopped: bool) -> str:
    return tell_worst(summary) or ("cannot be applied" if is_stopped else "")


def _list_errors(report: Report) -> tuple[Cell, ...]:
    """Why the plan failed, or its apply: then the first error comes before what was done."""
    if report.summary.plan.errored:
        return tell_errors(report.findings.diagnostics, report.summary)
    if report.outcome and report.outcome.fate.is_broken:
        return (*tell_errors_of(report.outcome), say_outcome(report.outcome))
    return ()


def _is_minor(summary: PlanSummary) -> bool:
    changes = summary.changes
    is_noise = len(changes) <= MOST_SORTED_BY_NOISE and all(change.noise for change in changes)
    return is_noise and not summary.verdict.counts.to_invoke


def _find_symbol(summary: PlanSummary, rank: Rank) -> str:
    """That of the worst action, beside its words."""
    match rank:
        case Rank.FAILED:
            return FAILED
        case Rank.MINOR:
            return MINOR
        case Rank.NOTHING:
            return NOTHING
        case _:
            actions = {change.action for change in summary.changes}
            return next((action.facts.symbol for action in RISK if action in actions), MINOR)


def _list_alerts(report: Report, limits: Limits) -> Iterator[Alert]:
    summary = report.summary
    if report.failure and not summary.plan.errored:
        yield Alert(kind="CAUTION", said=say_text(report.failure))
    is_broken = report.outcome is not None and report.outcome.fate.is_broken
    for note in (*(() if is_broken else note_outcome(report.outcome, report.run)), *note_run(report)):
        yield from (Alert(kind=note.kind, said=line) for line in note.lines)
    yield from map(_alert, note_plan(summary, limits, NONE_HIDDEN))


def _alert(note: NoteView) -> Alert:
    return Alert(kind=note.kind, said=say_text(note.message))


def _mask(run: RunView | None, summary: PlanSummary) -> RunView | None:
    return replace(run, message=None, facts=tuple(map(summary.mask.text, run.facts))) if run else None
