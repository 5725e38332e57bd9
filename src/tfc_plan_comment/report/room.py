"""The choice of what to leave out when there is not room for everything: first what hurts least.

Every change has a row in the table and its details below. When room is short the details go first, those of what can
hurt last; then what changes in the rows of the rest, which keep their addresses; then these rows, which are counted by
action, type and module instead. So every change stays in the comment, at least as one of a counted line.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, islice
from typing import NamedTuple

from tfc_plan_comment.plan.actions import Action, Loss
from tfc_plan_comment.plan.document import ActionInvocation
from tfc_plan_comment.plan.same_change import by_what_they_do
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.report.addresses import show_object
from tfc_plan_comment.report.groups.alike import Group, are_enough, put_together
from tfc_plan_comment.report.groups.instance_keys import drop_keys
from tfc_plan_comment.report.left import ALL_SHOWN, Left
from tfc_plan_comment.report.lines.cell import EMPTY, Cell
from tfc_plan_comment.report.lines.line import UNCUT, WHOLE, Limits, Line, first_lines
from tfc_plan_comment.report.model import More, Place, Row
from tfc_plan_comment.report.rows import tell_change

ROWS_SHARE = 0.6
"""The share of the room that rows may always take; the details of what can hurt may take the rest before others do."""

DIFF_SHARE = 0.25
"""The share of the room that one change's diff may take; the rest of its lines are counted."""

ADDRESSES_SHARE = 1 / 32
"""The share that the addresses of alike changes may take where not everything fits: others' diffs say more."""

SECTION_SHARE = 16
"""Each section below the changes may take one part in this many of the limit."""

USUAL_ROW = 150
"""Bytes of a usual row. Of a large plan, diffs are made for as many changes at once as there is room for such rows."""

LARGE = 1_000
"""A plan with more changes than this is a large one; of any other all are looked at, for many of them may be alike."""

MOST_ROUNDS = 4
"""At most this many times further changes of a large plan are looked at, where alike ones have left room for rows."""

MOST_COMPARED = 10_000
"""At most this many changes of a large plan are searched for those that do the same."""

MOST_KINDS = 20
"""At most this many lines count what has no row by action and type; the rest is counted by action."""

OPEN_LINES = 120
"""At most this many lines of diffs stand open together; the rest is folded."""

LONG_MODULE = 20
"""A module's address that is longer than this is not repeated in the rows below the first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """The bytes that the parts of a comment may take."""

    section: int
    """One section below the changes."""
    changes: int
    """Rows, details and counted lines, all together."""

    @classmethod
    def of(cls, limit: int) -> "Budget":
        """The budget of a comment in which nothing stands yet."""
        return cls(section=limit // SECTION_SHARE, changes=limit)

    def without(self, used: int) -> "Budget":
        """The budget of changes beside which so many bytes stand."""
        return replace(self, changes=max(0, self.changes - used))

    def tightened(self, excess: int) -> "Budget":
        """The budget for the next try, after one that took so many bytes more than there are."""
        return replace(self.without(excess + excess // 10 + 100), section=self.section // 2)

    @property
    def diff(self) -> int:
        """The lines of one change."""
        return int(self.changes * DIFF_SHARE)

    @property
    def addresses(self) -> int:
        """The addresses of alike changes, where not everything fits."""
        return int(self.changes * ADDRESSES_SHARE)

    @property
    def dangerous_details(self) -> int:
        """The details of what can hurt, before any rows."""
        return self.changes - int(self.changes * ROWS_SHARE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruler:
    """Measures in bytes what each piece takes as it will be written."""

    row: Callable[[Place], int]
    cell: Callable[[Cell], int]
    details: Callable[[Place], int]
    more: Callable[[More], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """The changes that have a place in the report, the counted rest, and what was left out of it."""

    places: tuple[Place, ...] = ()
    more: tuple[More, ...] = ()
    left: Left = ALL_SHOWN


BLANK = Row(
    action=Action.UPDATE,
    symbol="",
    label="",
    address="",
    heading="",
    reason=None,
    about=(),
    cell=EMPTY,
    lines=(),
    holds_data=False,
    is_open=False,
)
"""A row that says nothing: nothing can take less room."""


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
        if is_last or sum(size.whole for size in _measure_rows(_lay_out(summary, groups), ruler)) > limit:
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
    alike = tuple(address.text for address in addresses)
    return Group(replace(row, alike=alike, cut=cut, hidden=row.hidden * len(positions)), tuple(positions))


def _uncut(summary: PlanSummary, rows: Mapping[int, Row], position: int) -> tuple[Line, ...]:
    """The lines of a change before they were cut; none if they were not."""
    if all(line.cut is WHOLE for line in rows[position].lines):
        return ()
    return tell_change(summary.changes[position], limits=UNCUT).lines


def choose(summary: PlanSummary, groups: Sequence[Group], budget: Budget, ruler: Ruler) -> Chosen:
    """The part of the changes that fits in the budget; `groups` are those of `find_groups`."""
    room = budget.changes
    whole = list(_lay_out(summary, groups))
    sizes = _measure_rows(whole, ruler)
    places = [_cut_details(place, budget.diff, budget.diff) for place in whole]
    if not _is_room_for_all(places, room - sum(size.whole for size in sizes), ruler):
        places = [_cut_details(place, budget.diff, budget.addresses) for place in whole]
    dangerous = [place for place in places if _may_destroy(place.row.action)]
    kept_free = sum(_choose_details(dangerous, budget.dangerous_details, ruler).values())
    rows = _choose_rows(summary, groups, sizes, room - kept_free, ruler)
    del places[len(rows.has_cell) :]
    details = _choose_details(places, room - rows.size, ruler)
    settled = tuple(_settle(places, rows.has_cell, details))
    return Chosen(places=settled, more=rows.more, left=_count_left(settled, rows.more))


def _count_left(places: Sequence[Place], more: Iterable[More]) -> Left:
    bare = [place for place in places if not (place.has_details or place.row.is_told_by_itself)]
    return Left(
        without_details=sum(place.has_cell for place in bare),
        by_address=sum(not place.has_cell for place in bare),
        # The addresses of alike changes stand below the table, with their diff.
        counted=sum(each.count for each in more) + sum(len(place.row.alike) for place in bare),
        cut=sum((place.row.find_cut(with_details=place.has_details) for place in places), WHOLE),
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


def _lay_out(summary: PlanSummary, groups: Sequence[Group]) -> Iterator[Place]:
    """A place for each group, with everything."""
    above = ""
    for group in groups:
        row, module = group.row, summary.changes[group.positions[0]].resource.module_address or ""
        name = row.address.removeprefix(f"{module}.")
        repeats = module == above and len(module) > LONG_MODULE and name != row.address
        short_address = f"….{name}" if repeats else row.address
        yield Place(row=row, short_address=short_address, has_cell=True, has_details=True, is_open=row.is_open)
        above = module


def _cut_details(place: Place, room: int, for_addresses: int) -> Place:
    """The same with as many lines and addresses as fit in so many characters."""
    row = place.row
    lines, same_for = first_lines(row.lines, room), first_lines(row.same_for, for_addresses)
    if (lines, same_for) == (row.lines, row.same_for):
        return place
    return replace(place, row=replace(row, lines=lines, same_for=same_for))


def _may_destroy(action: Action) -> bool:
    return action.facts.loss >= Loss.PERHAPS


class _RowSize(NamedTuple):
    """Bytes of a row, and those of them that it can do without."""

    whole: int
    cell: int


def _measure_rows(places: Iterable[Place], ruler: Ruler) -> list[_RowSize]:
    return [_measure_row(place, ruler) for place in places]


def _measure_row(place: Place, ruler: Ruler) -> _RowSize:
    row, cell = place.row, ruler.cell(place.row.cell)
    bare = Place(row=row, short_address=place.short_address, has_cell=False, has_details=False, is_open=False)
    needs_cell = _may_destroy(row.action) or row.is_told_by_itself
    return _RowSize(ruler.row(bare) + cell, 0 if needs_cell else cell)


def _is_room_for_all(places: Sequence[Place], room: int, ruler: Ruler) -> bool:
    """True if so many bytes are enough for the details of all."""
    wanted = sum(not place.row.is_told_by_itself for place in places)
    return room >= 0 and len(_choose_details(places, room, ruler)) == wanted


def _choose_details(places: Sequence[Place], room: int, ruler: Ruler) -> dict[int, int]:
    """The numbers of the places whose details find room, the first ones first, each with its bytes."""
    chosen: dict[int, int] = {}
    least = ruler.details(Place(row=BLANK, short_address="", has_cell=False, has_details=True, is_open=False))
    for number, place in enumerate(places):
        # Nothing is shorter than its own lines, and what cannot fit is not worth measuring.
        if place.row.is_told_by_itself or least + sum(line.length for line in place.row.lines) > room:
            continue
        size = ruler.details(place)
        if size <= room:
            chosen[number] = size
            room -= size
    return chosen


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rows:
    """The rows that the table has room for: the first rows, each with a cell or with nothing but its address."""

    has_cell: list[bool]
    more: tuple[More, ...]
    """The lines that count the rest."""
    size: int
    """Bytes of it all."""


def _choose_rows(
    summary: PlanSummary, groups: Sequence[Group], sizes: Sequence[_RowSize], room: int, ruler: Ruler
) -> _Rows:
    """As many rows as possible, then as many cells."""
    least = [size.whole - size.cell for size in sizes]
    more: tuple[More, ...] = ()
    for_more = used = 0
    while True:
        count = bisect_right(list(accumulate(least)), room - for_more)
        more = tuple(_count_more(_find_rest(summary, groups[:count])))
        size = sum(map(ruler.more, more))
        if size <= for_more:
            break
        for_more = size + size // 8  # the fewer rows there are, the longer these lines can become
    used = size + sum(least[:count])
    has_cell = []
    for each in sizes[:count]:
        is_room = each.cell == 0 or (count == len(sizes) and used + each.cell <= room)
        used += each.cell if is_room else 0
        has_cell.append(is_room)
    return _Rows(has_cell=has_cell, more=more, size=used)


def _find_rest(summary: PlanSummary, groups: Iterable[Group]) -> list[PlannedChange]:
    """The changes that are in none of the groups."""
    covered = {position for group in groups for position in group.positions}
    return [change for position, change in enumerate(summary.changes) if position not in covered]


def _settle(places: Sequence[Place], has_cell: Sequence[bool], details: Container[int]) -> Iterator[Place]:
    """The places with what was chosen for them; the first small diffs stand open."""
    lines = 0
    for number, (place, is_said) in enumerate(zip(places, has_cell, strict=True)):
        has_details = number in details
        lines += len(place.row.lines) if has_details and place.is_open else 0
        is_open = place.is_open and lines <= OPEN_LINES
        yield replace(place, has_cell=is_said, has_details=has_details, is_open=is_open)


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
