"""What to leave out when there is not room for everything: first what hurts least.

Every change has a row in the table and a diff below it. When room is short the diffs go first, those of what can hurt
last; then the rows, which are counted by action and type instead. So every change stays in the comment, at least as
one of a counted line.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tfc_plan_comment.plan.document import ActionInvocation
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.report.alike import Alike, together
from tfc_plan_comment.report.changes import LABELS, SYMBOLS, change_view
from tfc_plan_comment.report.hcl import Limits
from tfc_plan_comment.report.view import ChangeView, MoreView

ROWS_SHARE = 0.6
"""The share of the room that rows may take where not all of them fit, so that what can hurt keeps its diff."""

SMALLEST_ROW = 100
"""Bytes; no more changes are looked at than could have rows of this size."""

OPEN_LINES = 120
"""So many lines of diffs stand open together; the rest is folded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """The changes that have a row, some of them without their diff; and the counted rest."""

    changes: tuple[ChangeView, ...]
    more: tuple[MoreView, ...]
    without_diff: int
    counted: int
    shortened: bool


def fit(summary: PlanSummary, room: int, limits: Limits) -> Fitted:
    """The changes that have room in so many bytes. No more of them are rendered than that can take."""
    rows: list[Alike] = []
    used = 0
    views = list(_views(summary, room, limits))
    for each in together(views):
        used += _row_size(each.view)
        if used > room or (used > room * ROWS_SHARE and len(views) < len(summary.changes)):
            used -= _row_size(each.view)
            break
        rows.append(each)
    shown = list(_with_diffs([each.view for each in rows], room - used))
    covered = {position for each in rows for position in each.positions}
    rest = [change for position, change in enumerate(summary.changes) if position not in covered]
    return Fitted(
        changes=tuple(shown),
        more=tuple(_more(rest)),
        without_diff=sum(1 + len(view.alike) for view in shown if view.diff is None),
        counted=len(rest),
        shortened=any(_is_shortened(view) for view in shown),
    )


def _views(summary: PlanSummary, room: int, limits: Limits) -> Iterator[ChangeView]:
    """As many changes as may find room, each with its whole diff."""
    invocations = _invocations(summary)
    for change in summary.changes[: room // SMALLEST_ROW]:
        yield change_view(change, limits=limits, invocations=invocations.get(change.resource.address, ()))


def _invocations(summary: PlanSummary) -> dict[str, tuple[ActionInvocation, ...]]:
    """The actions that each resource's change invokes, in their order."""
    found: dict[str, list[ActionInvocation]] = {}
    for each in summary.plan.action_invocations:
        if each.lifecycle_action_trigger:
            found.setdefault(each.lifecycle_action_trigger.triggering_resource_address, []).append(each)
    return {address: tuple(sorted(these, key=_trigger_order)) for address, these in found.items()}


def _trigger_order(each: ActionInvocation) -> tuple[int, int]:
    trigger = each.lifecycle_action_trigger
    return (trigger.action_trigger_block_index, trigger.actions_list_index) if trigger else (0, 0)


def _with_diffs(rows: list[ChangeView], room: int) -> Iterator[ChangeView]:
    lines = 0
    for view in rows:
        room -= _diff_size(view)
        if room < 0:
            room += _diff_size(view)
            yield replace(view, diff=None)
            continue
        lines += (view.diff or "").count("\n") + 1 if view.open else 0
        yield view if lines <= OPEN_LINES else replace(view, open=False)


def _row_size(view: ChangeView) -> int:
    texts = (view.symbol, view.label, view.address, view.what_changes)
    return 40 + sum(len(text.encode(errors="replace")) for text in texts)


def _diff_size(view: ChangeView) -> int:
    texts = (view.symbol, view.label, view.address, view.about, view.diff or "")
    return 100 + sum(len(text.encode(errors="replace")) for text in texts)


def _more(rest: Sequence[PlannedChange]) -> Iterator[MoreView]:
    """Counted by action and type, without a look at any diff."""
    for (action, type_), count in Counter((change.action, change.resource.type) for change in rest).items():
        yield MoreView(symbol=SYMBOLS[action], label=LABELS.get(action, action), count=count, type=type_)


def _is_shortened(view: ChangeView) -> bool:
    return any(line.endswith((" characters)", " more lines")) for line in (view.diff or "").split("\n"))
