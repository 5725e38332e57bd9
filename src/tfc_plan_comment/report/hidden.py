"""The number of values that are hidden where a reader looks, for nothing but an equal one that the plan marks."""

from collections.abc import Iterable, Iterator

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.difference import (
    Added,
    Changed,
    ChangedText,
    Difference,
    Moved,
    Nested,
    Part,
    Removed,
    leaves,
)
from tfc_plan_comment.plan.hidden_words import hides_equal
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.plan.values import Value


def count_hidden(change: PlannedChange) -> int:
    """Those of one change, its address among them; of an import all that it brings, for all of it is shown."""
    if change.action is Action.IMPORT:
        _, after = change.mask.sides(change.resource.change)
        hidden = sum(map(hides_equal, after.values() if isinstance(after, dict) else [after]))
    else:
        hidden = count_in_parts(change.diff.parts)
    return hidden + hides_equal(change.mask.name(change.resource.address))


def count_in_plan(summary: PlanSummary) -> int:
    """Those of all changes; of most it is seen that they hide none before they are compared."""
    may_hide = (each for each in summary.changes if summary.mask.may_hide(each.resource))
    return sum(count_hidden(each.afresh()) for each in may_hide)


def count_in_parts(parts: Iterable[Part]) -> int:
    """Those in the differences of some attributes or outputs."""
    return sum(any(map(hides_equal, _sides(leaf))) for part in parts for _, leaf in leaves(part.difference))


def _sides(leaf: Difference) -> Iterator[Value]:
    match leaf:
        case Added(value) | Removed(value) | Moved(value):
            yield value
        case Changed(before, after) | ChangedText(before, after) | Nested(whole=Changed(before, after)):
            yield from (before, after)
        case _:
            return
