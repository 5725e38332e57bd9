"""What a comment remembers of a result (`comment_memory`)."""

from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.action.right_commit import planned_commit
from tfc_plan_comment.action.world import World
from tfc_plan_comment.comment_memory import Memory
from tfc_plan_comment.report.shown_changes import ShownChanges, can_be_compared


def remember(result: Result, world: World, changes: ShownChanges | None) -> Memory:
    """The run, and the changes, if there are all of them."""
    run = result.subject.run
    commit = planned_commit(run, world.environment)
    created = run.created if run else None
    plan = changes.plan(commit) if changes is not None and commit else None
    return Memory.of(commit, run.id if run else "", int(created.timestamp() * 1_000) if created else 0, plan)


def changes_of(result: Result) -> ShownChanges | None:
    """The changes to compare with those that were shown before; None if the plan has not all of them."""
    return ShownChanges(result.summary) if isinstance(result, Planned) and can_be_compared(result.summary) else None
