"""The worst that is known of a plan, in one word: for programs that weigh workspaces against each other, and labels."""

from enum import StrEnum

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.summary import PlanSummary


class Worst(StrEnum):
    """The words, the worst first. A replacement by design is a change, as in the headline."""

    FAILED = "failed"
    """There is no plan, or only a part of one."""
    DATA_LOSS = "data-loss"
    DESTROY = "destroy"
    REPLACE = "replace"
    UNKNOWN = "unknown"
    """It holds an action that we have never heard of, and nothing that is known to be worse."""
    ATTENTION = "attention"
    CHANGES = "changes"
    NO_CHANGES = "no-changes"


def worst_of(summary: PlanSummary) -> Worst:
    """The worst of the plan."""
    actions = {change.action for change in summary.changes if not change.is_routine}
    holds = {
        Worst.FAILED: summary.plan.errored,
        Worst.DATA_LOSS: any(change.holds_data for change in summary.changes),
        Worst.DESTROY: Action.DELETE in actions,
        Worst.REPLACE: Action.REPLACE in actions,
        Worst.UNKNOWN: Action.UNKNOWN in actions,
        Worst.ATTENTION: summary.attention,
        Worst.CHANGES: summary.verdict.has_changes,
    }
    return next((word for word in Worst if holds.get(word)), Worst.NO_CHANGES)
