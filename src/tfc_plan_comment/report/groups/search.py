"""The search for what is alike: all changes of a usual plan are looked at, of a large one as many as find room."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from msgspec.structs import replace

from tfc_plan_comment.plan.document import ActionInvocation
from tfc_plan_comment.plan.same_change import by_what_they_do
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.addresses import show_object
from tfc_plan_comment.report.budget import Ruler
from tfc_plan_comment.report.folds import lay_out
from tfc_plan_comment.report.groups.alike import MOST_ALONE, are_enough, put_together
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.groups.subject import say_together
from tfc_plan_comment.report.lines.line import UNCUT, WHOLE, Limits, Line
from tfc_plan_comment.report.model import Place, Row
from tfc_plan_comment.report.rows import tell_change

USUAL_ROW = 300
"""Bytes of a usual row with its diff. Of a large plan, diffs are made for as many changes at once as have room."""

LARGE = 1_000
"""A plan with more changes than this is a large one; of any other all are looked at, for many of them may be alike."""

MOST_ROUNDS = 4
"""At most this many times further changes of a large plan are looked at, where alike ones have left room for rows."""

MOST_COMPARED = 10_000
"""At most this many changes of a large plan are searched for those that do the same."""


def find_groups(summary: PlanSummary, limit: int, limits: Limits, ruler: Ruler) -> tuple[Group, ...]:
    """As many changes as may find room in so many bytes, each with its whole diff; alike ones are together."""
    invocations = find_invocations(summary)
    is_large = len(summary.changes) > LARGE
    at_once = limit // USUAL_ROW if is_large else LARGE
    bundles = _bundle(summary, invocations) if is_large else ([position] for position in range(len(summary.changes)))
    seen: list[Group] = []
    groups: tuple[Group, ...] = ()
    for _ in range(MOST_ROUNDS):
        more = list(islice(bundles, at_once))
        seen += [_tell_bundle(summary, positions, invocations, limits) for positions in more]
        rows = {group.positions[0]: group.row for group in seen}
        groups = tuple(put_together(seen, partial(_uncut, summary, rows)))
        is_last = not is_large or len(more) < at_once
        if is_last or _fill(lay_out(summary, groups), limit, ruler):
            break
    return groups


def _fill(places: Iterable[Place], limit: int, ruler: Ruler) -> bool:
    """True if the places, with everything, take more than so many bytes."""
    used = 0
    for place in places:
        used += ruler.line(place) + ruler.details(place)
        if used > limit:
            return True
    return False


def _bundle(summary: PlanSummary, invocations: Mapping[str, object]) -> Iterator[list[int]]:
    """The positions of the first changes, those together that do the same, where they are enough."""
    shares = len(summary.attention) > MOST_ALONE
    for positions in by_what_they_do(summary.changes[:MOST_COMPARED]):
        changes = [summary.changes[position] for position in positions]
        is_plain = invocations.keys().isdisjoint(change.resource.address for change in changes)
        is_plain = is_plain and len({change.attention for change in changes}) == 1
        is_plain = is_plain and (shares or not changes[0].deserves_a_look)
        if is_plain and are_enough(len(positions), holds_data=changes[0].holds_data):
            yield positions
        else:
            yield from ([position] for position in positions)


def _tell_bundle(
    summary: PlanSummary,
    positions: Sequence[int],
    invocations: Mapping[str, tuple[ActionInvocation, ...]],
    limits: Limits,
) -> Group:
    """A row for changes that do the same."""
    first, *others = (summary.changes[position] for position in positions)
    row = tell_change(first, limits=limits, invocations=invocations.get(first.resource.address, ()))
    addresses = [show_object(change.resource, change.mask, limits) for change in others]
    cut = sum((address.cut for address in addresses), row.cut)
    alike = tuple(address.text for address in addresses)
    subject = say_together([row.address, *alike]) if alike else row.subject
    count = len(positions)
    row = replace(row, alike=alike, subject=subject, names=row.names * count, cut=cut, hidden=row.hidden * count)
    return Group(row, tuple(positions))


def _uncut(summary: PlanSummary, rows: Mapping[int, Row], position: int) -> tuple[Line, ...]:
    """The lines of a change before they were cut; none if they were not."""
    row = rows[position]
    if all(line.cut is WHOLE for line in row.lines) and not any(remark.cut.values for remark in row.remarks):
        return ()
    return tell_change(summary.changes[position], limits=UNCUT).lines


def find_invocations(summary: PlanSummary) -> dict[str, tuple[ActionInvocation, ...]]:
    """The actions that each resource's change invokes, in their order."""
    found: dict[str, list[ActionInvocation]] = {}
    for each in summary.plan.action_invocations:
        if each.lifecycle_action_trigger:
            found.setdefault(each.lifecycle_action_trigger.triggering_resource_address, []).append(each)
    return {address: tuple(sorted(invoked, key=_trigger_order)) for address, invoked in found.items()}


def _trigger_order(each: ActionInvocation) -> tuple[int, int]:
    trigger = each.lifecycle_action_trigger
    return (trigger.action_trigger_block_index, trigger.actions_list_index) if trigger else (0, 0)
