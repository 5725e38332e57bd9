"""A report -> the Markdown of the comment or of the step summary, within its limit."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import cache

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.findings.policies import Policies
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.diagnostics import tell_errors
from tfc_plan_comment.report.failed import Failed
from tfc_plan_comment.report.first_screen import (
    count_in_words,
    name_tool,
    note_plan,
    split_cautions,
    tell_secrecy,
)
from tfc_plan_comment.report.groups.alike import Group
from tfc_plan_comment.report.left import Left, leave_most
from tfc_plan_comment.report.lines.line import Limits, cut_of
from tfc_plan_comment.report.model import Caution, More, Place, Report, Section, join_phrases
from tfc_plan_comment.report.policies import policies_section, policy_note, shown_policies, view_policies
from tfc_plan_comment.report.room import BLANK, Budget, Chosen, Ruler, choose, find_groups
from tfc_plan_comment.report.rows import warn_of
from tfc_plan_comment.report.sections import list_sections
from tfc_plan_comment.report.view import (
    CautionView,
    ChangeView,
    CommentView,
    MoreView,
    NoteView,
    RunView,
    SectionView,
)
from tfc_plan_comment.report.write.failures import write_failure
from tfc_plan_comment.report.write.markdown import Inert
from tfc_plan_comment.report.write.pieces import write_cell, write_lines
from tfc_plan_comment.report.write.template import Template, check_marker, load_built_in, load_piece

COMMENT_LIMIT = 65_536
"""Bytes of a comment: GitHub's message says characters, its server has been seen to take more; this is always safe."""

LONGEST_VERSION = 40

TRIES = 6
"""At most this many times the comment is written, each time smaller: a user's template may take more than ours."""


def render(report: Report, template: Template | None = None, *, limit: int = COMMENT_LIMIT) -> str:
    """The Markdown, at most `limit` bytes of it, out of the template or the built-in one. Raises TemplateError."""
    template = template or load_built_in()
    limits = Limits() if limit <= COMMENT_LIMIT else Limits(characters=4_000, lines=400, names=4_000)
    ruler = make_ruler(report.summary)
    groups = find_groups(report.summary, limit, limits, ruler)
    budget = Budget.of(limit)
    sample = _take_sample(groups, len(report.summary.changes))
    frame = _measure(_render(report, template, sample, limits, budget.section))
    budget = budget.without(frame - sum(ruler.row(each) + ruler.details(each) for each in sample.places))
    content = ""
    for _ in range(TRIES):
        chosen = choose(report.summary, groups, budget, ruler)
        longer, content = content, _render(report, template, chosen, limits, budget.section)
        if content == longer:
            break  # there is nothing more to leave out
        excess = _measure(content) - limit
        if excess <= 0:
            check_marker(content, report.key, template.name)
            return content
        budget = budget.tightened(excess)
    why = f"it gives {_measure(content):,} bytes even without details, and there is room for {limit:,}"
    raise TemplateError(f"Cannot render {template.name}", why, "Leave out more in the template")


def make_ruler(summary: PlanSummary) -> Ruler:
    """Measures with our own templates, and each piece once."""
    _, more_cautions = split_cautions(summary)
    row, details, more = map(load_piece, ("row.md.j2", "details.md.j2", "more.md.j2"))
    return Ruler(
        row=cache(lambda place: _measure(row({"change": view_place(place), "more_cautions": more_cautions}))),
        cell=lambda cell: _measure(write_cell(cell)),
        details=cache(lambda place: _measure(details({"change": view_place(place)}))),
        more=cache(lambda each: _measure(more({"each": _view_more(each)}))),
    )


def _measure(content: str) -> int:
    return len(content.encode(errors="replace"))


def _take_sample(groups: Sequence[Group], changes: int) -> Chosen:
    """One change that says nothing, so that all the rest can be measured: it is as long as it can become."""
    rows = [group.row for group in groups]
    is_noise, hidden = any(row.is_noise for row in rows), sum(row.hidden for row in rows)
    row = replace(BLANK, is_noise=is_noise, hidden=hidden, alike=("",) * changes)
    place = Place(row=row, short_address="", has_cell=False, has_details=True, is_open=False)
    return Chosen(places=(place,) if groups else (), left=leave_most(changes))


def _render(report: Report, template: Template, chosen: Chosen, limits: Limits, section_room: int) -> str:
    view = view_report(report, chosen, limits, section_room)
    return template.render({field.name: getattr(view, field.name) for field in fields(view)})


def view_report(
    report: Report, chosen: Chosen, limits: Limits, section_room: int, *, hidden_beside: int = 0
) -> CommentView:
    """All that a template may show, with the changes that were chosen, and the sections in so many bytes each.

    `hidden_beside` counts the values that are hidden in what is written beside the view.
    """
    summary = report.summary
    plan, verdict = summary.plan, summary.verdict
    dangerous, more_cautions = split_cautions(summary)
    # A redacted plan does not say which version made it.
    version = plan.terraform_version or (report.run.terraform_version if report.run else None)
    policies = shown_policies(report.findings.policies, summary)
    sections = list_sections(summary, limits, section_room)
    if policies and (section := policies_section(policies, limits, section_room)):
        sections = (section, *sections)
    hidden = hidden_beside + sum(place.row.hidden for place in chosen.places)
    hidden += sum(section.hidden for section in sections)
    return CommentView(
        marker=_write_marker(report.key),
        tool=name_tool(summary),
        workspace=report.workspace,
        headline=count_in_words(summary),
        sentence=verdict.sentence,
        run=_mask_run(report.run, summary),
        terraform_version=version[:LONGEST_VERSION] if version else None,
        counts=verdict.counts,
        has_changes=verdict.has_changes,
        errored=bool(plan.errored),
        notes=tuple(_list_notes(report, policies, limits, hidden)),
        cautions=tuple(_view_caution(warn_of(change, limits)) for change in dangerous),
        more_cautions=more_cautions,
        changes=tuple(map(view_place, chosen.places)),
        more=tuple(map(_view_more, chosen.more)),
        sections=tuple(map(view_section, sections)),
        left_out=tuple(_add_rest(chosen.left, sections, plan).say()),
        redacted=plan.is_redacted,
        hidden=hidden,
        secrecy=tell_secrecy(summary, hidden),
        full_report=report.full_report,
        policies=view_policies(policies) if policies else None,
        mocks=report.mocks,
        html_report=report.html_report,
    )


def _mask_run(run: RunView | None, summary: PlanSummary) -> RunView | None:
    """The run with its message masked: people write into it what they have just set."""
    return replace(run, message=summary.mask.text(run.message)) if run and run.message else run


def _list_notes(report: Report, policies: Policies | None, limits: Limits, hidden: int) -> Iterator[NoteView]:
    if report.summary.plan.errored:
        yield write_failure(tell_errors(report.findings.diagnostics, report.summary), report.run)
    elif report.failure:
        yield NoteView(kind="CAUTION", message=report.failure)
    if policies and (note := policy_note(policies)):
        yield note
    yield from note_plan(report.summary, limits, hidden)


def _add_rest(left: Left, sections: tuple[Section, ...], plan: Plan) -> Left:
    return replace(left, unread=len(plan.unread), cut=sum((cut_of(section.lines) for section in sections), left.cut))


def _view_caution(caution: Caution) -> CautionView:
    return CautionView(
        what=caution.what,
        address=caution.address,
        holds_data=caution.holds_data,
        because=write_cell(caution.because),
    )


def view_place(place: Place) -> ChangeView:
    """All that a template may show of a change."""
    row = place.row
    return ChangeView(
        action=row.action,
        symbol=row.symbol,
        label=row.label,
        address=row.address,
        short_address=place.short_address,
        alike=row.alike,
        same_for=write_lines(row.same_for),
        heading=row.heading,
        reason=row.reason,
        about=join_phrases(row.about),
        what_changes=write_cell(row.cell) if place.has_cell else Inert(),
        holds_data=row.holds_data,
        diff=write_lines(row.lines) if place.has_details else None,
        open=place.is_open,
        noise=row.is_noise,
        types=row.types,
    )


def _view_more(more: More) -> MoreView:
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
    return SectionView(title=section.title, diff=write_lines(section.lines), open=section.is_open)


def render_failure(failed: Failed, *, replaces_earlier: bool = False) -> str:
    """The comment when there is no plan to show; `replaces_earlier` if another one stood there."""
    context = {
        "marker": _write_marker(failed.key),
        "tool": "Terraform",
        "headline": failed.fact,
        "workspace": failed.workspace,
        "run": failed.run,
        "note": write_failure(failed.lines, failed.run),
        "mocks": failed.mocks,
        "replaces_earlier": replaces_earlier,
    }
    return load_built_in("failure.md.j2").render(context)


def _write_marker(key: str) -> Inert:
    return Inert(marker(key))  # it holds none but safe characters
