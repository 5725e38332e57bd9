"""What a comment remembers of results, and what is known of the one before (`comment_memory`)."""

from msgspec.structs import replace

from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.action.right_commit import planned_commit
from tfc_plan_comment.action.world import World
from tfc_plan_comment.comment_memory import NOTHING, Memories, Memory, read_memories
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.report.shown_changes import ShownChanges, can_be_compared, mask_earlier
from tfc_plan_comment.report.workspace_report import WorkspaceReport


def remember(result: Result, world: World, changes: ShownChanges | None) -> Memory:
    """The run, and the changes, if there are all of them."""
    run = result.subject.run
    commit = planned_commit(run, world.environment)
    created = run.created if run else None
    plan = changes.plan(commit) if changes is not None and commit else None
    return Memory.of(commit, run.id if run else "", int(created.timestamp() * 1_000) if created else 0, plan)


def with_memory(report: WorkspaceReport, result: Result, world: World) -> WorkspaceReport:
    """The report with what the comment remembers of it."""
    memory = remember(result, world, changes_of(result))
    return replace(report, key=result.subject.workspace_key, memory=memory)


def recall(standing: str | None, mask: Mask) -> Memories:
    """What a comment remembers, if there is one, without what is known to be secret now."""
    memories = read_memories(standing) if standing is not None else {}
    return {key: memory.with_plans(lambda plan: mask_earlier(plan, mask)) for key, memory in memories.items()}


def put_in_front(told: Memories, before: Memories) -> Memories:
    """What a comment remembers that tells of some workspaces: each after what was remembered of it before.

    What was remembered of others stays, as far as there is room behind: a later push may have runs of them again.
    """
    now = {key: before.get(key, NOTHING).followed_by(memory) for key, memory in told.items()}
    return now | {key: memory for key, memory in before.items() if key not in now}


def changes_of(result: Result) -> ShownChanges | None:
    """The changes to compare with those that were shown before; None if the plan has not all of them."""
    return ShownChanges(result.summary) if isinstance(result, Planned) and can_be_compared(result.summary) else None
