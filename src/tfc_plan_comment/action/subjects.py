"""Identifies the plans that the step is about, and so the comments that are ours."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.action.runs_of_commit import no_run_found, runs_of_commit
from tfc_plan_comment.action.world import World
from tfc_plan_comment.comment_marker import key_of_workspace
from tfc_plan_comment.errors import ActionError, SettingsError
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.hcp_terraform.saved_cloud_plan import read_saved_cloud_plan
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.settings.inputs import RUN_ID
from tfc_plan_comment.settings.settings import CommentMode, CommentScope, Settings
from tfc_plan_comment.settings.source import PlanFile, PlanId, RunIds, RunsOfCommit, SavedPlan, Summaries


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A plan to tell of. `key` names its comment, so that a failure has its place there as well.

    `workspace` is what a headline calls it. `problem` is why nothing more is known of it. Among several, one of which
    nothing says whose it is has no comment of its own.
    """

    key: str
    workspace: str | None
    run_id: str | None = None
    run: Run | None = None
    plan_id: str | None = None
    problem: ActionError | None = None
    has_comment: bool = True

    @property
    def workspace_key(self) -> str:
        """The organization and workspace of the run, by which a comment remembers it; its own key without a run."""
        run = self.run
        return f"{run.organization}/{run.workspace}" if run and run.organization and run.workspace else self.key

    @property
    def name_for_files(self) -> str:
        """The id of the run or plan; of a plan on disk what tells its comment from others, for names have to differ."""
        digest = hashlib.sha256(self.key.encode()).hexdigest()[:8]
        return self.run_id or self.plan_id or f"{re.sub(r'[^A-Za-z0-9._-]+', '-', self.key)[:60]}-{digest}"


def identify(session: Session, settings: Settings, world: World) -> tuple[Subject, ...]:
    """The plans that the settings name. Raises ActionError where nothing says which comment is ours."""
    match settings.source:
        case RunsOfCommit() as source:
            return _of_commit(session, source, settings, world)
        case RunIds((run_id,)):
            return (_of_run(session, run_id, settings, world),)
        case RunIds(run_ids):
            return _of_runs(session, run_ids, settings, world)
        case SavedPlan(path):
            return (_of_run(session, _run_id(path, settings), settings, world),)
        case PlanId(plan_id):
            return (_of_step(settings, world, plan_id=plan_id),)
        case PlanFile():
            return (_of_step(settings, world),)
        case Summaries():
            return ()


def is_together(settings: Settings) -> bool:
    """True if one comment tells of all subjects, however many there are."""
    is_several = isinstance(settings.source, RunsOfCommit) or (
        isinstance(settings.source, RunIds) and len(settings.source.ids) > 1
    )
    return is_several and settings.comment_mode is CommentScope.TOGETHER and settings.template is None


def key_of_set(subjects: Sequence[Subject], settings: Settings, world: World) -> str:
    """The key of the comment that tells of all of them: it stays the same though some have no run this time."""
    if settings.comment_key:
        return settings.comment_key
    if isinstance(settings.source, RunsOfCommit):
        names, organizations = set(settings.source.patterns) or {"*"}, {settings.source.organization}
    else:
        names = {subject.workspace or "" for subject in subjects}
        organizations = {subject.run.organization or "" for subject in subjects if subject.run}
    if len(organizations) != 1 or not all((*names, *organizations)):
        return world.environment.step
    return key_of_workspace(settings.hostname, organizations.pop(), ",".join(sorted(names)))


def settings_for(subject: Subject, settings: Settings) -> Settings:
    """The settings as they hold for one subject of several: its files and artifacts have names of their own."""
    name = subject.name_for_files

    def own(path: Path) -> Path:
        stem, dot, suffixes = path.name.partition(".")
        return path.with_name(f"{stem}-{name}{dot}{suffixes}")

    def own_name(artifact: str) -> str:
        return artifact if RUN_ID in artifact or not artifact else f"{artifact}-{RUN_ID}"

    return replace(
        settings,
        comment=settings.comment if subject.has_comment else CommentMode.NONE,
        plan_json_path=settings.plan_json_path and own(settings.plan_json_path),
        summary_json_path=settings.summary_json_path and own(settings.summary_json_path),
        report_path=own(settings.report_path),
        report_artifact=own_name(settings.report_artifact),
        sentinel_mocks_path=own(settings.sentinel_mocks_path),
        sentinel_mocks_artifact=own_name(settings.sentinel_mocks_artifact),
    )


def _of_step(settings: Settings, world: World, *, plan_id: str | None = None) -> Subject:
    """The plan of which nothing says whose it is."""
    return Subject(key=_key(None, settings, world), workspace=settings.comment_key, plan_id=plan_id)


def _of_run(session: Session, run_id: str, settings: Settings, world: World) -> Subject:
    """The only run. Raises ActionError."""
    try:
        run = read_run(session, run_id)
    except ActionError as error:
        if not settings.comment_key:
            raise
        return Subject(key=settings.comment_key, workspace=settings.comment_key, run_id=run_id, problem=error)
    return _found(run, _key(run, settings, world), world)


def _of_runs(session: Session, run_ids: Sequence[str], settings: Settings, world: World) -> tuple[Subject, ...]:
    """The runs of several workspaces. Raises SettingsError for two of the same one, which has only one comment."""
    subjects: dict[str, Subject] = {}
    for run_id in run_ids:
        try:
            run = read_run(session, run_id)
        except ActionError as error:
            subjects[run_id] = Subject(key=run_id, workspace=None, run_id=run_id, problem=error, has_comment=False)
            continue
        whose = _key_among_others(run.organization, run.workspace, settings)
        if whose in subjects:
            raise SettingsError(
                f"Input run-id: {subjects[whose].run_id} and {run_id}",
                f"both are runs of {run.organization}/{run.workspace}, and a workspace has one comment",
                "Name one of them",
            )
        subject = _found(run, whose or run_id, world)
        subjects[subject.key] = subject if whose else replace(subject, has_comment=False)
    return tuple(tell_apart(list(subjects.values())))


def tell_apart(subjects: Sequence[Subject]) -> Iterator[Subject]:
    """The subjects; workspaces of several organizations that have one name are called by both names."""
    names = Counter(subject.workspace for subject in subjects)
    for subject in subjects:
        is_alone = names[subject.workspace] == 1 or subject.run is None
        yield subject if is_alone else replace(subject, workspace=subject.workspace_key)


def _of_commit(session: Session, source: RunsOfCommit, settings: Settings, world: World) -> tuple[Subject, ...]:
    """The newest run of each workspace for the commit, and each name that has none. Raises ActionError."""

    def with_run(run: Run) -> Subject:
        key = _key_among_others(run.organization or source.organization, run.workspace, settings)
        return _found(run, key, world)

    def without_run(name: str, error: ActionError) -> Subject:
        key = _key_among_others(source.organization, name, settings)
        return Subject(key=key, workspace=name, problem=error, has_comment="*" not in name)

    names = [pattern for pattern in source.patterns if "*" not in pattern]
    try:
        wanted, found = runs_of_commit(session, source, settings, world)
    except ActionError as error:
        return tuple(without_run(name, error) for name in names) or (_of_set(error, settings),)
    if not found.runs and not names:
        return (_of_set(no_run_found(wanted, found), settings),)
    return (
        *map(with_run, found.runs),
        *(without_run(pattern, no_run_found(wanted, found, pattern)) for pattern in found.missing),
    )


def _of_set(error: ActionError, settings: Settings) -> Subject:
    """What there is to say if nobody knows which workspaces there are. Raises the error if they share no comment."""
    if not is_together(settings):
        raise error
    return Subject(key="", workspace=None, problem=error)


def _found(run: Run, key: str, world: World) -> Subject:
    whose = f" of {run.organization}/{run.workspace}: {run.url}" if run.url else ""
    world.commands.info(f"Run {run.id}{whose}")
    return Subject(key=key, workspace=run.workspace, run_id=run.id, run=run, plan_id=run.plan_id)


def _run_id(path: Path, settings: Settings) -> str:
    """The id of the run that a saved plan names. Raises ActionError."""
    saved = read_saved_cloud_plan(path)
    if saved.hostname.lower() != settings.hostname.removeprefix("http://"):
        # The token is for the host that the user named, and the file may come from a pull request.
        raise SettingsError(
            f"Cannot use the saved plan {path}",
            f"it belongs to {saved.hostname}, and the input hostname is {settings.hostname}",
            f"Set hostname: {saved.hostname}, if that is where the token may go",
        )
    return saved.run_id


def _key_among_others(organization: str | None, workspace: str | None, settings: Settings) -> str:
    """The key where there may be several: with comment-key in front of the workspace's own; empty if it has none."""
    if not (organization and workspace):
        return ""
    key = key_of_workspace(settings.hostname, organization, workspace)
    return f"{settings.comment_key}/{key}" if settings.comment_key else key


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
