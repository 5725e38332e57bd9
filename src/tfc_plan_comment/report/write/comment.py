"""A report -> the Markdown of the comment or of the step summary, within its limit."""

from collections.abc import Sequence
from functools import cache

from msgspec.structs import fields, replace

from tfc_plan_comment.comment_memory import put_memory
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.report.budget import Budget
from tfc_plan_comment.report.failed import Failed
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.groups.search import find_groups
from tfc_plan_comment.report.hidden import NONE_HIDDEN
from tfc_plan_comment.report.layout import make_layout
from tfc_plan_comment.report.left import leave_most
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import BLANK, Place, Report
from tfc_plan_comment.report.plan_warnings import plan_warnings
from tfc_plan_comment.report.room import Chosen, choose
from tfc_plan_comment.report.view import CommentView
from tfc_plan_comment.report.write.comment_view import (
    fill_view,
    list_all_sections,
    view_first_screen,
    view_section,
    write_marker,
)
from tfc_plan_comment.report.write.failures import write_failure
from tfc_plan_comment.report.write.ruler import make_ruler, measure_bytes
from tfc_plan_comment.report.write.template import Template, check_marker, load_built_in

COMMENT_LIMIT = 65_536
"""Bytes of a comment: GitHub's message says characters, its server has been seen to take more; this is always safe."""

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
        return put_memory(render(report, template, limit=limit - measure_bytes(f"{memory}\n")), memory)
    template = template or load_built_in()
    limits = Limits() if limit <= COMMENT_LIMIT else Limits(characters=4_000, lines=400, names=4_000, gone=400)
    ruler = make_ruler()
    groups = find_groups(report.summary, limit, limits, ruler)
    layout = make_layout(report.summary, groups)
    budget = Budget.of(limit)
    sample = _take_sample(groups, len(report.summary.changes))
    first_screen = view_first_screen(report, limits)
    sections_within = cache(lambda room: list_all_sections(report, limits, room))
    frame = measure_bytes(
        _render(template, fill_view(first_screen, report, sample, limits, sections_within(budget.section)))
    )
    budget = budget.without(frame - sum(ruler.line(each) + ruler.details(each) for each in sample.places))
    content = ""
    for _ in range(TRIES):
        chosen = choose(layout, budget, ruler)
        view = fill_view(first_screen, report, chosen, limits, sections_within(budget.section))
        longer, content = content, _render(template, view)
        if content == longer:
            break  # there is nothing more to leave out
        excess = measure_bytes(content) - limit
        if excess <= 0:
            check_marker(content, report.key, template.name)
            return content
        budget = budget.tightened(excess, used=excess + limit - frame)
    why = f"it gives {measure_bytes(content):,} bytes even without details, and there is room for {limit:,}"
    raise TemplateError(f"Cannot render {template.name}", why, "Leave out more in the template")


def _take_sample(groups: Sequence[Group], changes: int) -> Chosen:
    """One change that says nothing, so that all the rest can be measured: it is as long as it can become."""
    rows = [group.row for group in groups]
    is_noise, hidden = any(row.is_noise for row in rows), sum((row.hidden for row in rows), NONE_HIDDEN)
    row = replace(BLANK, is_noise=is_noise, hidden=hidden, alike=("",) * changes)
    place = Place(row=row, has_cell=False, has_details=True, is_open=False)
    return Chosen(places=(place,) if groups else (), left=leave_most(changes))


def _render(template: Template, view: CommentView) -> str:
    return template.render({field.name: getattr(view, field.name) for field in fields(view)})


def render_failure(failed: Failed, *, replaces_earlier: bool = False, memory: str | None = None) -> str:
    """The comment when there is no plan to show; `replaces_earlier` if another one stood there. `memory` as above."""
    warnings = plan_warnings(failed.errors, ROOM_FOR_WARNINGS)
    context = {
        "marker": write_marker(failed.key),
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
