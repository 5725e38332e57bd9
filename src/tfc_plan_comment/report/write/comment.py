"""A report -> the Markdown of the comment or of the step summary, within its limit."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from msgspec.structs import fields, replace

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.comment_memory import put_memory
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.findings.cost import CostEstimate
from tfc_plan_comment.findings.said import Known, Said
from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.budget import Budget, Ruler
from tfc_plan_comment.report.cautions import list_cautions
from tfc_plan_comment.report.cost_estimate import WHOSE, amounts_of, say_cost, shown_cost
from tfc_plan_comment.report.diagnostics import tell_errors
from tfc_plan_comment.report.failed import Failed
from tfc_plan_comment.report.first_screen import note_plan
from tfc_plan_comment.report.foot import tell_secrecy, tell_what_stands
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.groups.search import find_groups
from tfc_plan_comment.report.headline import explain_counts, tell_headline
from tfc_plan_comment.report.hidden import NONE_HIDDEN, Hidden
from tfc_plan_comment.report.layout import make_layout
from tfc_plan_comment.report.left import Left, leave_most
from tfc_plan_comment.report.lines.line import Limits, cut_of
from tfc_plan_comment.report.model import BLANK, Caution, Fold, More, Note, Place, Report, Section, Since, join_phrases
from tfc_plan_comment.report.notices import list_notices
from tfc_plan_comment.report.outcome import note_outcome, tell_fate
from tfc_plan_comment.report.plan_warnings import plan_warnings
from tfc_plan_comment.report.policies import shown_policies, view_policies
from tfc_plan_comment.report.room import Chosen, choose
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
from tfc_plan_comment.report.write.template import Template, check_marker, load_built_in, load_piece

COMMENT_LIMIT = 65_536
"""Bytes of a comment: GitHub's message says characters, its server has been seen to take more; this is always safe."""

LONGEST_VERSION = 40

FOLD_END = "\n</details>\n"
"""The end of a fold, as the template writes it."""

ROOM_FOR_WARNINGS = 16_000
"""Characters for the warnings of a log where there is no plan."""

TRIES = 6
"""At most this many times the comment is written, each time smaller: a user's template may take more than ours."""


def render(
    report: Report, template: Template | None = None, *, limit: int = COMMENT_LIMIT, memory: str | None = None
) -> str:
    """The Markdown, at most `limit` bytes of it, out of the template or the built-in one. Raises TemplateError.

    `memory` is the line that stands below the marker (`comment_memory.memory_line`), whatever the template.
    """
    if memory is not None:
        return put_memory(render(report, template, limit=limit - _measure(f"{memory}\n")), memory)
    template = template or load_built_in()
    limits = Limits() if limit <= COMMENT_LIMIT else Limits(characters=4_000, lines=400, names=4_000, gone=400)
    ruler = make_ruler()
    groups = find_groups(report.summary, limit, limits, ruler)
    layout = make_layout(report.summary, groups)
    budget = Budget.of(limit)
    sample = _take_sample(groups, len(report.summary.changes))
    first_screen = _view_first_screen(report, limits)
    sections_within = cache(lambda room: _list_sections(report, limits, room))
    frame = _measure(_render(template, _fill(first_screen, report, sample, limits, sections_within(budget.section))))
    budget = budget.without(frame - sum(ruler.line(each) + ruler.details(each) for each in sample.places))
    content = ""
    for _ in range(TRIES):
        chosen = choose(layout, budget, ruler)
        view = _fill(first_screen, report, chosen, limits, sections_within(budget.section))
        longer, content = content, _render(template, view)
        if content == longer:
            break  # there is nothing more to leave out
        excess = _measure(content) - limit
        if excess <= 0:
            check_marker(content, report.key, template.name)
            return content
        budget = budget.tightened(excess, used=excess + limit - frame)
    why = f"it gives {_measure(content):,} bytes even without details, and there is room for {limit:,}"
    raise TemplateError(f"Cannot render {template.name}", why, "Leave out more in the template")


def _measure(content: str) -> int:
    return len(content.encode(errors="replace"))


def make_ruler(measure: Callable[[str], int] = _measure) -> Ruler:
    """Measures with our own templates, and each piece once; `measure` gives the bytes of Markdown."""
    change, more, fold = map(load_piece, ("change.md.j2", "more.md.j2", "fold.md.j2"))

    nothing = measure(
        change({"change": view_place(Place(row=BLANK, has_cell=False, has_details=False, is_open=False))})
    )

    def measure_line(place: Place) -> int:
        line = measure(change({"change": view_place(replace(place, has_details=False))}))
        if not (place.fold and place.opens_fold):
            return line
        return line + measure(fold({"fold": _view_fold(place.fold)})) + len(FOLD_END)

    def measure_details(place: Place) -> int:
        row = place.row
        below = replace(BLANK, lines=row.lines, remarks=row.remarks, alike=row.alike, same_for=row.same_for)
        return measure(change({"change": view_place(replace(place, row=below, has_details=True))})) - nothing

    return Ruler(
        line=cache(measure_line),
        words=cache(lambda row: measure(write_cell(say_row(row, is_open=False)))),
        details=cache(measure_details),
        more=cache(lambda each: measure(more({"each": view_more(each)}))),
    )


def _take_sample(groups: Sequence[Group], changes: int) -> Chosen:
    """One change that says nothing, so that all the rest can be measured: it is as long as it can become."""
    rows = [group.row for group in groups]
    is_noise, hidden = any(row.is_noise for row in rows), sum((row.hidden for row in rows), NONE_HIDDEN)
    row = replace(BLANK, is_noise=is_noise, hidden=hidden, alike=("",) * changes)
    place = Place(row=row, has_cell=False, has_details=True, is_open=False)
    return Chosen(places=(place,) if groups else (), left=leave_most(changes))


def _render(template: Template, view: CommentView) -> str:
    return template.render({field.name: getattr(view, field.name) for field in fields(view)})


def view_report(
    report: Report, chosen: Chosen, limits: Limits, section_room: int, *, hidden_beside: Hidden = NONE_HIDDEN
) -> CommentView:
    """All that a template may show, with the changes that were chosen, and the sections in so many bytes each.

    `hidden_beside` counts the values that are hidden in what is written beside the view.
    """
    chosen = replace(chosen, hidden_beside=hidden_beside)
    sections = _list_sections(report, limits, section_room)
    return _fill(_view_first_screen(report, limits), report, chosen, limits, sections)


def _list_sections(report: Report, limits: Limits, room: int) -> tuple[Section, ...]:
    """All sections, each in so many bytes, those of what was checked first."""
    return (*list_check_sections(report, limits, room), *list_sections(report.summary, limits, room))


def _view_first_screen(report: Report, limits: Limits) -> CommentView:
    """The part of the view that is the same whatever finds room; the rest of it is empty."""
    summary = report.summary
    plan, verdict = summary.plan, summary.verdict
    # A redacted plan does not say which version made it.
    version = plan.terraform_version or (report.run.terraform_version if report.run else None)
    policies = shown_policies(report.findings.policies, summary)
    tasks = shown_tasks(report.findings.tasks, summary)
    headline = tell_fate(report.outcome) or tell_headline(summary)
    return CommentView(
        marker=_write_marker(report.key),
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


def _fill(
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
        fold=_view_fold(place.fold) if place.fold else None,
        opens_fold=place.opens_fold,
        unlisted=place.unlisted,
    )


def _view_fold(fold: Fold) -> FoldView:
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


def render_failure(failed: Failed, *, replaces_earlier: bool = False, memory: str | None = None) -> str:
    """The comment when there is no plan to show; `replaces_earlier` if another one stood there. `memory` as above."""
    warnings = plan_warnings(failed.errors, ROOM_FOR_WARNINGS)
    context = {
        "marker": _write_marker(failed.key),
        "tool": "Terraform",
        "headline": failed.fact,
        "workspace": failed.workspace,
        "run": failed.run,
        "note": write_failure(failed.lines, failed.run),
        "sections": (view_section(warnings),) if warnings else (),
        "mocks": failed.mocks,
        "replaces_earlier": replaces_earlier,
    }
    content = load_built_in("failure.md.j2").render(context)
    return content if memory is None else put_memory(content, memory)


def _write_marker(key: str) -> Inert:
    return Inert(marker(key))  # it holds none but safe characters
