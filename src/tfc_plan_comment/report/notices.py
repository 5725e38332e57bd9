"""What deserves a look: the lines of the warning."""

from collections.abc import Callable, Hashable, Iterable

from tfc_plan_comment.plan.attention import Notice
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.report.addresses import show_object
from tfc_plan_comment.report.groups.instance_keys import drop_keys, find_type
from tfc_plan_comment.report.groups.subject import say_together
from tfc_plan_comment.report.lines.cell import Cell, say
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.row_words import say_notices
from tfc_plan_comment.report.rows import say_object

MOST_LINES = 8
"""At most this many lines tell what deserves a look; the rest is counted, and marked in the list."""


def list_notices(summary: PlanSummary, limits: Limits) -> tuple[Cell, ...]:
    """A line for each change that deserves a look; instances of one resource with the same facts share one.

    Where these are too many, all of one type do.
    """
    groups = _group(summary.attention, drop_keys)
    if len(groups) > MOST_LINES + 1:
        groups = _group(summary.attention, find_type)
    # A line that counts one group would take the room of that one.
    named = groups if len(groups) <= MOST_LINES + 1 else groups[:MOST_LINES]
    lines = [_say_subject(group, limits) + say_notices(_counted(group[0])) for group in named]
    if more := sum(map(len, groups[len(named) :])):
        lines.append(say(f"and {more:,} more, marked ⚠️ below"))
    return tuple(lines)


def _counted(change: PlannedChange) -> tuple[Notice, ...]:
    return tuple(notice for notice in change.attention if not notice.is_remark)


def _group(changes: Iterable[PlannedChange], find_kind: Callable[[str], str]) -> list[list[PlannedChange]]:
    """Those of one resource, or of one type, with the same facts."""
    groups: dict[Hashable, list[PlannedChange]] = {}
    for change in changes:
        kind = find_kind(change.resource.address), change.resource.deposed, _counted(change)
        groups.setdefault(kind, []).append(change)
    return list(groups.values())


def _say_subject(group: list[PlannedChange], limits: Limits) -> Cell:
    if len(group) == 1:
        return say_object(group[0], limits) + say(" ")
    return say_together([show_object(change.resource, change.mask, limits).text for change in group]) + say(": each ")
