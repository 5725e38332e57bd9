"""Identifies the plans that the step is about, and so the comments that are ours."""

import hashlib
import re
from dataclasses import dataclass

from tfc_plan_comment.action.world import World
from tfc_plan_comment.comment_marker import key_of_workspace
from tfc_plan_comment.errors import ActionError, SettingsError
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.hcp_terraform.saved_cloud_plan import read_saved_cloud_plan
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.settings.settings import CommentMode, Settings
from tfc_plan_comment.settings.source import PlanFile, PlanId, RunId, SavedPlan


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A plan to tell of. `key` names its comment, so that a failure has its place there as well.

    `workspace` is what a headline calls it. `problem` is why nothing more is known of it.
    """

    key: str
    workspace: str | None
    run_id: str | None = None
    run: Run | None = None
    plan_id: str | None = None
    problem: ActionError | None = None

    @property
    def name_for_files(self) -> str:
        """The id of the run or plan; of a plan on disk what tells its comment from others, for names have to differ."""
        digest = hashlib.sha256(self.key.encode()).hexdigest()[:8]
        return self.run_id or self.plan_id or f"{re.sub(r'[^A-Za-z0-9._-]+', '-', self.key)[:60]}-{digest}"


def identify(session: Session, settings: Settings, world: World) -> tuple[Subject, ...]:
    """The plans that the settings name. Raises ActionError where nothing says which comment is ours."""
    run_id = _run_id(settings)
    try:
        run = read_run(session, run_id) if run_id else None
    except ActionError as error:
        if not settings.comment_key:
            raise
        return (Subject(key=settings.comment_key, workspace=settings.comment_key, run_id=run_id, problem=error),)
    if run:
        whose = f" of {run.organization}/{run.workspace}: {run.url}" if run.url else ""
        world.commands.info(f"Run {run.id}{whose}")
    plan_id = settings.source.id if isinstance(settings.source, PlanId) else None
    return (
        Subject(
            key=_key(run, settings, world),
            workspace=run.workspace if run else settings.comment_key,
            run_id=run_id,
            run=run,
            plan_id=run.plan_id if run else plan_id,
        ),
    )


def _run_id(settings: Settings) -> str | None:
    match settings.source:
        case RunId(run_id):
            return run_id
        case SavedPlan(path):
            saved = read_saved_cloud_plan(path)
            if saved.hostname.lower() != settings.hostname.removeprefix("http://"):
                # The token is for the host that the user named, and the file may come from a pull request.
                raise SettingsError(
                    f"Cannot use the saved plan {path}",
                    f"it belongs to {saved.hostname}, and the input hostname is {settings.hostname}",
                    f"Set hostname: {saved.hostname}, if that is where the token may go",
                )
            return saved.run_id
        case PlanId() | PlanFile():
            return None


def _key(run: Run | None, settings: Settings, world: World) -> str:
    """The text that tells this comment from those of other workspaces."""
    if settings.comment_key:
        return settings.comment_key
    if run and run.organization and run.workspace:
        return key_of_workspace(settings.hostname, run.organization, run.workspace)
    # Nothing says which workspace the plan belongs to. The step is as near as we can come to it.
    if settings.comment is not CommentMode.NONE:
        world.commands.notice(
            "Nothing says which workspace the plan belongs to, so its comment belongs to this step of the workflow. "
            "Set the input comment-key, above all if a matrix runs this step for several workspaces."
        )
    return world.environment.step
