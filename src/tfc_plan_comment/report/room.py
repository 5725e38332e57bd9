"""What to leave out when there is not room for everything: first what hurts least.

Every change has a row in the table and its details below. When room is short the details go first, those of what can
hurt last; then what changes in the rows of the rest, which keep their addresses; then these rows, which are counted by
action, type and module instead. So every change stays in the comment, at least as one of a counted line.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from tfc_plan_comment.plan.actions import RISK, Action, Loss
from tfc_plan_comment.plan.document import ActionInvocation
from tfc_plan_comment.plan.same_change import by_what_they_do
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.report.addresses import show_object
from tfc_plan_comment.report.groups.alike import Group, are_enough, put_together
from tfc_plan_comment.report.groups.instance_keys import drop_keys
from tfc_plan_comment.report.left import ALL_SHOWN, Left
from tfc_plan_comment.report.lines.line import UNCUT, WHOLE, Limits, Line, first_lines
from tfc_plan_comment.report.model import More, Place, Row, join_phrases
from tfc_plan_comment.report.rows import tell_change
from tfc_plan_comment.report.write.markdown import code, fence
from tfc_plan_comment.report.write.pieces import write_cell, write_lines

ROWS_SHARE = 0.6
"""The share of the room that rows may take where not everything fits, so that what can hurt keeps its details."""

DIFF_SHARE = 0.25
"""The share of the room that one change's diff may take; the rest of its lines are counted."""

ADDRESSES_SHARE = 1 / 32
"""The share that the addresses of alike changes may take where not everything fits: others' diffs say more."""

SMALLEST_ROW = 150
"""Bytes, as a short row takes; of a large plan no more diffs are made than there is room for such rows."""

LARGE = 1_000
"""A plan with more changes than this is a large one; of any other all are looked at, for many of them may be alike."""

MOST_ROUNDS = 4
"""So often that many more are made, where alike changes have left room for further rows."""

MOST_COMPARED = 10_000
"""So many changes of a large plan are searched for those that do the same."""

MOST_KINDS = 20
"""So many lines count what has no row by action and type; the rest is counted by action."""

MORE_LINE = 220
"""Bytes of such a line, with a long type and module."""

OPEN_LINES = 120
"""So many lines of diffs stand open together; the rest is folded."""

LONG_MODULE = 20
"""A module's address that is longer than this is not repeated in the rows below the first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """The changes that have a place in the report, the counted rest, and what was left out of it."""

    places: tuple[Place, ...] = ()
    more: tuple[More, ...] = ()
    left: Left = ALL_SHOWN


def find_groups(summary: PlanSummary, limit: int, limits: Limits) -> tuple[Group, ...]:
    """As many changes as may find room in so many bytes, each with its whole diff; alike ones are together."""
    invocations = find_invocations(summary)
    at_once = LARGE
    bundles = iter([[position] for position in range(len(summary.changes))])
    if len(summary.changes) > LARGE:
        bundles, at_once = _bundle(summary, invocations), limit // SMALLEST_ROW
    seen: list[Group] = []
    groups: tuple[Group, ...] = ()
    for _ in range(MOST_ROUNDS):
        more = list(islice(bundles, at_once))
        seen += [_tell_bundle(summary, positions, invocations, limits) for positions in more]
        rows = {group.positions[0]: group.row for group in seen}
        groups = tuple(put_together(seen, partial(_uncut, summary, rows)))
        if len(more) < at_once or sum(_row_size(group.row) for group in groups) > limit:
            break
    return groups


def _bundle(summary: PlanSummary, invocations: Mapping[str, object]) -> Iterator[list[int]]:
    """The positions of the first changes, those together that do the same, where they are enough."""
    for positions in by_what_they_do(summary.changes[:MOST_COMPARED]):
        changes = [summary.changes[position] for position in positions]
        is_plain = invocations.keys().isdisjoint(change.resource.address for change in changes)
        if is_plain and are_enough(len(positions), changes[0].action):
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
    return Group(replace(row, alike=tuple(address.text for address in addresses), cut=cut), tuple(positions))


def _uncut(summary: PlanSummary, rows: Mapping[int, Row], position: int) -> tuple[Line, ...]:
    """The lines of a change before they were cut; none if they were not."""
    if all(line.cut is WHOLE for line in rows[position].lines):
        return ()
    return tell_change(summary.changes[position], limits=UNCUT).lines


def choose(summary: PlanSummary, groups: Sequence[Group], room: int) -> Chosen:
    """What of the changes fits in so many bytes; `groups` are those of `find_groups`."""
    looked_at = sum(len(group.positions) for group in groups)
    cut = [_fit_details(each, int(room * DIFF_SHARE), int(room * DIFF_SHARE)) for each in groups]
    if sum(_row_size(each.row) + _details_size(each.row) for each in cut) > room:
        cut = [_fit_details(each, int(room * DIFF_SHARE), int(room * ADDRESSES_SHARE)) for each in groups]
    rows, by_address, left = _rows(cut, room, everything=looked_at == len(summary.changes))
    covered = {position for each in rows for position in each.positions}
    rest = [change for position, change in enumerate(summary.changes) if position not in covered]
    changes = [summary.changes[each.positions[0]] for each in rows]
    places = tuple(_place([each.row for each in rows], changes, by_address, left))
    bare = [place for place in places if not (place.has_details or place.row.is_told_by_itself)]
    return Chosen(
        places=places,
        more=tuple(_count_more(rest)),
        left=Left(
            without_details=sum(place.has_cell for place in bare),
            by_address=sum(not place.has_cell for place in bare),
            # The addresses of alike changes stand below the table, with their diff.
            counted=len(rest) + sum(len(place.row.alike) for place in bare),
            cut=sum((place.row.find_cut(with_details=place.has_details) for place in places), WHOLE),
        ),
    )


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


def _fit_details(group: Group, room: int, for_addresses: int) -> Group:
    lines, same_for = first_lines(group.row.lines, room), first_lines(group.row.same_for, for_addresses)
    return replace(group, row=replace(group.row, lines=lines, same_for=same_for))


def _rows(groups: list[Group], room: int, *, everything: bool) -> tuple[list[Group], set[int], int]:
    """The groups that have a row, the numbers of those with nothing but an address, and what is left of the room."""
    sizes = [_row_size(each.row) for each in groups]
    least = [
        size
        if _may_destroy(each.row.action) or each.row.is_told_by_itself
        else size - _bytes(write_cell(each.row.cell))
        for size, each in zip(sizes, groups, strict=True)
    ]
    dangerous = sum(_details_size(each.row) for each in groups if _may_destroy(each.row.action))
    for_rows = max(room * ROWS_SHARE, room - dangerous)
    if not everything or sum(least) > for_rows:
        room -= min(room // 2, (MOST_KINDS + len(RISK)) * MORE_LINE)
        for_rows = max(room * ROWS_SHARE, room - dangerous)
    used, count = 0, 0
    while count < len(groups) and used + least[count] <= for_rows:
        used += least[count]
        count += 1
    by_address = set()
    for number in range(count):
        if count == len(groups) and used + sizes[number] - least[number] <= for_rows:
            used += sizes[number] - least[number]
        elif sizes[number] > least[number]:
            by_address.add(number)
    return groups[:count], by_address, room - used


def _may_destroy(action: Action) -> bool:
    return action.facts.loss >= Loss.PERHAPS


def _place(rows: list[Row], changes: list[PlannedChange], by_address: set[int], room: int) -> Iterator[Place]:
    lines = 0
    above = ""
    for number, (row, change) in enumerate(zip(rows, changes, strict=True)):
        size = _details_size(row)
        has_details = not row.is_told_by_itself and size <= room
        if has_details:
            room -= size
            lines += len(row.lines) if row.is_open else 0
        module = change.resource.module_address or ""
        name = row.address.removeprefix(f"{module}.")
        repeats = module == above and len(module) > LONG_MODULE and name != row.address
        yield Place(
            row=row,
            short_address=f"….{name}" if repeats else row.address,
            has_cell=number not in by_address,
            has_details=has_details,
            is_open=row.is_open and lines <= OPEN_LINES,
        )
        above = module


def _row_size(row: Row) -> int:
    return 60 + _bytes(row.symbol, row.label, code(row.address), write_cell(row.cell))


def _details_size(row: Row) -> int:
    alike = 80 + _bytes(fence(write_lines(row.same_for), "")) if row.same_for else 0
    diff = fence(write_lines(row.lines), "diff")
    return 120 + alike + _bytes(row.symbol, row.label, code(row.address), join_phrases(row.about), diff)


def _bytes(*texts: str) -> int:
    return sum(len(text.encode(errors="replace")) for text in texts)


def _count_more(rest: Sequence[PlannedChange]) -> Iterator[More]:
    """Counted by action and type, in the order of the changes and without a look at any diff."""
    kinds: dict[tuple[Action, str], list[PlannedChange]] = {}
    for change in rest:
        kinds.setdefault((change.action, change.resource.type), []).append(change)
    named = set(sorted(kinds, key=lambda kind: (not _may_destroy(kind[0]), -len(kinds[kind])))[:MOST_KINDS])
    for action in dict.fromkeys(action for action, _ in kinds):
        of_this = {kind: changes for kind, changes in kinds.items() if kind[0] is action}
        for kind, changes in of_this.items():
            if kind in named:
                yield _count(*kind, changes)
        if others := [change for kind, changes in of_this.items() if kind not in named for change in changes]:
            yield _count(action, "", others)


def _count(action: Action, type_: str, changes: Sequence[PlannedChange]) -> More:
    modules = Counter(drop_keys(change.resource.module_address or "") for change in changes)
    most, in_it = modules.most_common(1)[0]
    return More(
        action=action,
        count=len(changes),
        type=type_,
        module=most if in_it * 2 >= len(changes) else "",
        modules=len(modules),
    )
