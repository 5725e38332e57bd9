"""A report -> all that a template may show: the comment is written from it, and the HTML report."""

from collections.abc import Iterator

from msgspec.structs import replace

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.findings.cost import CostEstimate
from tfc_plan_comment.findings.said import Known, Said
from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.cautions import list_cautions
from tfc_plan_comment.report.cost_estimate import WHOSE, amounts_of, say_cost, shown_cost
from tfc_plan_comment.report.diagnostics import tell_errors
from tfc_plan_comment.report.first_screen import note_plan
from tfc_plan_comment.report.foot import tell_secrecy, tell_what_stands
from tfc_plan_comment.report.headline import explain_counts, tell_headline
from tfc_plan_comment.report.hidden import NONE_HIDDEN, Hidden
from tfc_plan_comment.report.left import Left
from tfc_plan_comment.report.lines.line import Limits, cut_of
from tfc_plan_comment.report.model import Caution, Fold, More, Note, Place, Report, Section, Since, join_phrases
from tfc_plan_comment.report.notices import list_notices
from tfc_plan_comment.report.outcome import note_outcome, tell_fate
from tfc_plan_comment.report.policies import shown_policies, view_policies
from tfc_plan_comment.report.room import Chosen
from tfc_plan_comment.report.row_words import say_notices, say_row
from tfc_plan_comment.report.run_checks import list_check_sections
from tfc_plan_comment.report.run_notes import note_run
from tfc_plan_comment.report.sections import list_sections
from tfc_plan_comment.report.tasks import shown_tasks, view_tasks
from tfc_plan_comment.report.view import (
    CautionView,
    ChangeView,
    CommentView,
    CostView,
    FoldView,
    MoreView,
    NoteView,
    RunView,
    SectionView,
    SinceView,
)
from tfc_plan_comment.report.write.failures import write_failure
from tfc_plan_comment.report.write.markdown import Inert
from tfc_plan_comment.report.write.pieces import write_cell, write_lines

LONGEST_VERSION = 40


def view_report(
    report: Report, chosen: Chosen, limits: Limits, section_room: int, *, hidden_beside: Hidden = NONE_HIDDEN
) -> CommentView:
    """All that a template may show, with the changes that were chosen, and the sections in so many bytes each.

    `hidden_beside` counts the values that are hidden in what is written beside the view.
    """
    chosen = replace(chosen, hidden_beside=hidden_beside)
    sections = list_all_sections(report, limits, section_room)
    return fill_view(view_first_screen(report, limits), report, chosen, limits, sections)


def list_all_sections(report: Report, limits: Limits, room: int) -> tuple[Section, ...]:
    """All sections, each in so many bytes, those of what was checked first."""
    return (*list_check_sections(report, limits, room), *list_sections(report.summary, limits, room))


def view_first_screen(report: Report, limits: Limits) -> CommentView:
    """The part of the view that is the same whatever finds room; the rest of it is empty."""
    summary = report.summary
    plan, verdict = summary.plan, summary.verdict
    # A redacted plan does not say which version made it.
    version = plan.terraform_version or (report.run.terraform_version if report.run else None)
    policies = shown_policies(report.findings.policies, summary)
    tasks = shown_tasks(report.findings.tasks, summary)
    headline = tell_fate(report.outcome) or tell_headline(summary)
    return CommentView(
        marker=write_marker(report.key),
        tool=summary.tool,
        workspace=report.workspace,
        headline=headline,
        sentence=verdict.sentence,
        explanation=explain_counts(summary, headline),
        run=_mask_run(report.run, summary),
        terraform_version=version[:LONGEST_VERSION] if version else None,
        counts=verdict.counts,
        has_changes=verdict.has_changes,
        errored=bool(plan.errored),
        cautions=() if report.is_void else tuple(map(_view_caution, list_cautions(summary, limits))),
        attention=() if report.is_void else tuple(map(write_cell, list_notices(summary, limits))),
        deserving=len(summary.attention),
        attention_ignored=summary.attention_ignored,
        since=_view_since(report.since) if report.since else None,
        settled=report.is_settled,
        forgotten=0 if report.is_void else sum(change.action is Action.FORGET for change in summary.changes),
        redacted=plan.is_redacted,
        full_report=report.full_report,
        policies=view_policies(policies) if policies else None,
        tasks=view_tasks(tasks) if tasks else None,
        cost=_view_cost(shown_cost(report.findings.cost, summary)),
        mocks=report.mocks,
        html_report=report.html_report,
    )


def fill_view(
    first_screen: CommentView, report: Report, chosen: Chosen, limits: Limits, sections: tuple[Section, ...]
) -> CommentView:
    """The view with the changes and sections in it, and what is to be said of them."""
    summary = report.summary
    hidden = sum((place.row.hidden for place in chosen.places), chosen.hidden_beside)
    hidden = sum((section.hidden for section in sections), hidden)
    left = _add_rest(chosen.left, sections, summary.plan)
    return replace(
        first_screen,
        notes=tuple(_list_notes(report, limits, hidden)),
        changes=tuple(map(view_place, chosen.places)),
        more=tuple(map(view_more, chosen.more)),
        sections=tuple(map(view_section, sections)),
        stands=tell_what_stands(summary, left),
        left_out=tuple(left.say()),
        hidden=hidden.equal,
        hidden_unmarked=hidden.unmarked,
        secrecy=tell_secrecy(summary, hidden),
    )


def _mask_run(run: RunView | None, summary: PlanSummary) -> RunView | None:
    """The run with its message and the addresses in its facts masked: people write into them what they have set."""
    if run is None:
        return None
    message = summary.mask.text(run.message) if run.message else run.message
    return replace(run, message=message, facts=tuple(map(summary.mask.text, run.facts)))


def _view_cost(cost: Said[CostEstimate | None]) -> CostView | None:
    if not (sentence := say_cost(cost)):
        return None
    known, amounts = cost.value if isinstance(cost, Known) else None, amounts_of(cost)
    each = (amounts.delta, amounts.prior, amounts.proposed) if amounts else (None, None, None)
    delta, prior, proposed = ("" if amount is None else f"{amount:f}" for amount in each)
    return CostView(
        sentence=write_cell(sentence),
        status=known.status if known else "",
        delta=delta,
        prior=prior,
        proposed=proposed,
        estimated=known.estimated if known else None,
        resources=known.resources if known else None,
        whose=WHOSE if amounts else "",
    )


def view_note(note: Note) -> NoteView:
    """The note in one line of Markdown, which is HTML as well."""
    return NoteView(kind=note.kind, message=Inert("<br>").join(map(write_cell, note.lines)))


def _list_notes(report: Report, limits: Limits, hidden: Hidden) -> Iterator[NoteView]:
    if report.summary.plan.errored:
        yield write_failure(tell_errors(report.findings.diagnostics, report.summary), report.run)
    elif report.failure:
        yield NoteView(kind="CAUTION", message=report.failure)
    yield from map(view_note, note_outcome(report.outcome, report.run))
    yield from map(view_note, note_run(report))
    yield from note_plan(report.summary, limits, hidden)


def _add_rest(left: Left, sections: tuple[Section, ...], plan: Plan) -> Left:
    return replace(
        left,
        outputs=sum(section.unlisted for section in sections),
        unread=len(plan.unread),
        cut=sum((cut_of(section.lines) for section in sections), left.cut),
    )


def _view_since(since: Since) -> SinceView:
    lines = (*since.lines, since.note) if since.note else since.lines
    return SinceView(commit=since.commit, same=since.is_same, lines=tuple(map(write_cell, lines)))


def _view_caution(caution: Caution) -> CautionView:
    return CautionView(heading=caution.heading, losses=tuple(map(write_cell, caution.losses)))


def view_place(place: Place) -> ChangeView:
    """All that a template may show of a change."""
    row = place.row
    return ChangeView(
        action=row.action,
        symbol=row.symbol,
        label=row.label,
        address=row.address,
        subject=write_cell(row.subject),
        says=write_cell(say_row(row, is_open=place.has_details and place.is_open)) if place.has_cell else Inert(),
        attention=tuple(write_cell(say_notices([each])) for each in row.notices if not each.is_remark),
        alike=row.alike,
        same_for=write_lines(row.same_for),
        heading=row.heading,
        reason=row.reason,
        about=join_phrases(row.about),
        what_changes=write_cell(row.cell) if place.has_cell else Inert(),
        holds_data=row.holds_data,
        diff=write_lines(row.lines) if place.has_details else None,
        remarks=tuple(map(write_cell, row.remarks)),
        open=place.is_open,
        noise=row.is_noise,
        types=row.types,
        fold=view_fold(place.fold) if place.fold else None,
        opens_fold=place.opens_fold,
        unlisted=place.unlisted,
    )


def view_fold(fold: Fold) -> FoldView:
    """All that a template may show of the line before the changes of a fold."""
    return FoldView(symbol=fold.symbol, label=fold.label, title=write_cell(fold.title), open=fold.is_open)


def view_more(more: More) -> MoreView:
    """All that a template may show of changes that are only counted."""
    facts = more.action.facts
    return MoreView(
        symbol=facts.symbol,
        label=facts.label,
        count=more.count,
        type=more.type,
        module=more.module,
        modules=more.modules,
    )


def view_section(section: Section) -> SectionView:
    """All that a template may show of a section."""
    return SectionView(title=write_cell(section.title), diff=write_lines(section.lines), open=section.is_open)


def write_marker(key: str) -> Inert:
    """The line by which the comment is known again."""
    return Inert(marker(key))  # it holds none but safe characters
