"""What to leave out when there is not room for everything: first what hurts least.

Every change has a row in the table and its details below. When room is short the details go first, those of what can
hurt last; then what changes in the rows of the rest, which keep their addresses; then these rows, which are counted by
action, type and module instead. So every change stays in the comment, at least as one of a counted line.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from tfc_plan_comment.plan.actions import RISK, Action, Loss
from tfc_plan_comment.plan.document import ActionInvocation
from tfc_plan_comment.plan.same_change import by_what_they_do
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.report.alike import Alike, are_enough, together
from tfc_plan_comment.report.changes import address_of, change_view
from tfc_plan_comment.report.hcl import UNCUT, Limits
from tfc_plan_comment.report.instance_keys import without_keys
from tfc_plan_comment.report.markdown import Inert, code, fence
from tfc_plan_comment.report.view import ChangeView, MoreView

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

_MORE_NAMES = re.compile(r" and \d+ more")

LONG_MODULE = 20
"""A module's address that is longer than this is not repeated in the rows below the first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """The changes that have a row, some without their diff, some with nothing but their address; and the rest."""

    changes: tuple[ChangeView, ...]
    more: tuple[MoreView, ...]
    without_diff: int
    by_address: int
    counted: int
    shortened: bool


def first_groups(summary: PlanSummary, limit: int, limits: Limits) -> tuple[Alike, ...]:
    """As many changes as may find room in so many bytes, each with its whole diff; alike ones are together."""
    invocations = invocations_by_address(summary)
    at_once = LARGE
    bundles = iter([[position] for position in range(len(summary.changes))])
    if len(summary.changes) > LARGE:
        bundles, at_once = _bundles(summary, invocations), limit // SMALLEST_ROW
    seen: list[Alike] = []
    groups: tuple[Alike, ...] = ()
    for _ in range(MOST_ROUNDS):
        more = list(islice(bundles, at_once))
        for positions in more:
            first, *others = [summary.changes[position] for position in positions]
            view = change_view(first, limits=limits, invocations=invocations.get(first.resource.address, ()))
            seen.append(Alike(replace(view, alike=tuple(map(address_of, others))), tuple(positions)))
        views = {group.positions[0]: group.view for group in seen}
        groups = tuple(together(seen, partial(_whole, summary, views)))
        if len(more) < at_once or sum(_row_size(group.view) for group in groups) > limit:
            break
    return groups


def _bundles(summary: PlanSummary, invocations: Mapping[str, object]) -> Iterator[list[int]]:
    """The positions of the first changes, those together that do the same, where they are enough."""
    for positions in by_what_they_do(summary.changes[:MOST_COMPARED]):
        changes = [summary.changes[position] for position in positions]
        is_plain = invocations.keys().isdisjoint(change.resource.address for change in changes)
        if is_plain and are_enough(len(positions), changes[0].action):
            yield positions
        else:
            yield from ([position] for position in positions)


def fit(summary: PlanSummary, groups: Sequence[Alike], room: int) -> Fitted:
    """What of the changes fits in so many bytes; `groups` are those of `first_groups`."""
    looked_at = sum(len(group.positions) for group in groups)
    cut = [_within(each, int(room * DIFF_SHARE), int(room * DIFF_SHARE)) for each in groups]
    if sum(_row_size(each.view) + _details_size(each.view) for each in cut) > room:
        cut = [_within(each, int(room * DIFF_SHARE), int(room * ADDRESSES_SHARE)) for each in groups]
    rows, by_address, left = _rows(cut, room, everything=looked_at == len(summary.changes))
    covered = {position for each in rows for position in each.positions}
    rest = [change for position, change in enumerate(summary.changes) if position not in covered]
    shown = tuple(_with_details([each.view for each in rows], left))
    without_diff = {n for n, view in enumerate(shown) if view.diff is None and not _is_told_by_its_row(view)}
    return Fitted(
        changes=tuple(_with_short_addresses(shown, [summary.changes[each.positions[0]] for each in rows])),
        more=tuple(_more(rest)),
        without_diff=len(without_diff - by_address),
        by_address=len(without_diff & by_address),
        # The addresses of alike changes stand below the table, with their diff.
        counted=len(rest) + sum(len(shown[number].alike) for number in without_diff),
        shortened=any(is_shortened(f"{view.diff}\n{view.same_for}") for view in shown if view.diff),
    )


def _whole(summary: PlanSummary, views: Mapping[int, ChangeView], position: int) -> str:
    """The lines of a diff before they were cut; nothing if they were not."""
    shown = views[position].diff or ""
    if not (is_shortened(shown) or _MORE_NAMES.search(shown)):
        return ""
    return change_view(summary.changes[position], limits=UNCUT).diff or ""


def invocations_by_address(summary: PlanSummary) -> dict[str, tuple[ActionInvocation, ...]]:
    """The actions that each resource's change invokes, in their order."""
    found: dict[str, list[ActionInvocation]] = {}
    for each in summary.plan.action_invocations:
        if each.lifecycle_action_trigger:
            found.setdefault(each.lifecycle_action_trigger.triggering_resource_address, []).append(each)
    return {address: tuple(sorted(these, key=_trigger_order)) for address, these in found.items()}


def _trigger_order(each: ActionInvocation) -> tuple[int, int]:
    trigger = each.lifecycle_action_trigger
    return (trigger.action_trigger_block_index, trigger.actions_list_index) if trigger else (0, 0)


def _within(group: Alike, room: int, for_addresses: int) -> Alike:
    diff, same_for = group.view.diff or "", group.view.same_for
    view = replace(group.view, diff=first_lines(diff, room), same_for=first_lines(same_for, for_addresses))
    return replace(group, view=view)


def first_lines(lines: str, room: int) -> str:
    """As many of the lines as fit in so many characters; the rest is counted."""
    if len(lines) <= room:
        return lines
    kept = lines[:room].split("\n")[:-1]
    left = lines.count("\n") + 1 - len(kept)
    return "\n".join([*kept, f"  … {left:,} more lines"])


def is_shortened(lines: str) -> bool:
    """Whether something was cut in a diff. A value that ends in `…` itself does no harm."""
    return "…" in lines and any(mark in lines for mark in ("… (", '…"', '"…', "more lines"))


def _rows(groups: list[Alike], room: int, *, everything: bool) -> tuple[list[Alike], set[int], int]:
    """The groups that have a row, the numbers of those with nothing but an address, and what is left of the room."""
    sizes = [_row_size(each.view) for each in groups]
    least = [
        size
        if _may_destroy(each.view.action) or _is_told_by_its_row(each.view)
        else size - _bytes(each.view.what_changes)
        for size, each in zip(sizes, groups, strict=True)
    ]
    dangerous = sum(_details_size(each.view) for each in groups if _may_destroy(each.view.action))
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
    rows = [_by_address(each) if number in by_address else each for number, each in enumerate(groups[:count])]
    return rows, by_address, room - used


def _may_destroy(action: Action) -> bool:
    return action.facts.loss >= Loss.PERHAPS


def _is_told_by_its_row(view: ChangeView) -> bool:
    """Whether there is nothing to tell below the table: a move only changes an address, and both stand in its row."""
    return view.action == Action.MOVE and not view.alike


def _by_address(group: Alike) -> Alike:
    return replace(group, view=replace(group.view, what_changes=Inert()))


def _with_details(rows: list[ChangeView], room: int) -> Iterator[ChangeView]:
    lines = 0
    for view in rows:
        if _is_told_by_its_row(view):
            yield replace(view, diff=None)
            continue
        size = _details_size(view)
        if size > room:
            yield replace(view, diff=None)
            continue
        room -= size
        lines += (view.diff or "").count("\n") + 1 if view.open else 0
        yield view if lines <= OPEN_LINES else replace(view, open=False)


def _with_short_addresses(rows: Sequence[ChangeView], changes: list[PlannedChange]) -> Iterator[ChangeView]:
    above = ""
    for view, change in zip(rows, changes, strict=True):
        module = change.resource.module_address or ""
        name = view.address.removeprefix(f"{module}.")
        repeats = module == above and len(module) > LONG_MODULE and name != view.address
        yield replace(view, short_address=f"….{name}") if repeats else view
        above = module


def _row_size(view: ChangeView) -> int:
    return 60 + _bytes(view.symbol, view.label, code(view.address), view.what_changes)


def _details_size(view: ChangeView) -> int:
    alike = 80 + _bytes(fence(view.same_for, "")) if view.same_for else 0
    return 120 + alike + _bytes(view.symbol, view.label, code(view.address), view.about, fence(view.diff or "", "diff"))


def _bytes(*texts: str) -> int:
    return sum(len(text.encode(errors="replace")) for text in texts)


def _more(rest: Sequence[PlannedChange]) -> Iterator[MoreView]:
    """Counted by action and type, in the order of the changes and without a look at any diff."""
    kinds: dict[tuple[Action, str], list[PlannedChange]] = {}
    for change in rest:
        kinds.setdefault((change.action, change.resource.type), []).append(change)
    named = set(sorted(kinds, key=lambda kind: (not _may_destroy(kind[0]), -len(kinds[kind])))[:MOST_KINDS])
    for action in dict.fromkeys(action for action, _ in kinds):
        of_this = {kind: changes for kind, changes in kinds.items() if kind[0] is action}
        for kind, changes in of_this.items():
            if kind in named:
                yield _counted(*kind, changes)
        if others := [change for kind, changes in of_this.items() if kind not in named for change in changes]:
            yield _counted(action, "", others)


def _counted(action: Action, type_: str, changes: Sequence[PlannedChange]) -> MoreView:
    modules = Counter(without_keys(change.resource.module_address or "") for change in changes)
    most, in_it = modules.most_common(1)[0]
    return MoreView(
        symbol=action.facts.symbol,
        label=action.facts.label,
        count=len(changes),
        type=type_,
        module=most if in_it * 2 >= len(changes) else "",
        modules=len(modules),
    )
