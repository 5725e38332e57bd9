"""The story in one page: find the run, wait, download, read, report, publish.

Whatever goes wrong once we know which comment is ours ends up in that comment: a reviewer must never take an earlier
plan for the one that failed.
"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tfc_plan_comment.action.files import copy_whole, read_plan, write_whole
from tfc_plan_comment.action.html_report import bug_in, with_html_report
from tfc_plan_comment.action.outcome import Outcome, World
from tfc_plan_comment.action.policy_results import PoliciesInBackground
from tfc_plan_comment.action.publishing import publish
from tfc_plan_comment.action.pull_request_comment import PullRequestComment
from tfc_plan_comment.action.sentinel_mocks import MocksInBackground, why_it_fails
from tfc_plan_comment.errors import ActionError, SettingsError, TemplateError, UnexpectedAnswer, bug
from tfc_plan_comment.hcp_terraform.plan_json import download
from tfc_plan_comment.hcp_terraform.plans import PlanState, plan_failed, wait_for_plan
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.hcp_terraform.saved_cloud_plan import read_saved_cloud_plan
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.summary_json import summary_json
from tfc_plan_comment.settings.settings import CommentMode, Settings


def run(settings: Settings, world: World) -> Exception | None:
    """Do all of it; returns why the step fails, if it does, after it was said in the comment and the step summary.

    Raises ActionError, and says nothing, where it is not known yet which comment is ours.
    """
    with (
        world.hcp_terraform(settings) as session,
        TemporaryDirectory(prefix="tfc-plan-comment-") as folder,
        MocksInBackground(settings, world) as mocks,
        PoliciesInBackground(settings, world) as policies,
        PullRequestComment(settings, world) as comment,
    ):
        outcome = _identify(session, settings, world)
        try:
            deadline = world.clock() + settings.timeout.total_seconds()
            outcome, plan = _wait(session, outcome, settings, world)
            if plan is not None:
                mocks.start(plan, outcome.run_id)
            if outcome.failure is None:
                comment.look(outcome.key)
                if outcome.run_id:
                    policies.start(outcome.run_id, until=deadline)
            outcome, path = _download(session, plan, outcome, settings, world, Path(folder) / "plan.json")
            if path is not None:
                outcome = _read(path, outcome, settings, world)
                if outcome.summary is not None:
                    outcome = replace(outcome, policies=policies.wait())
                outcome = with_html_report(replace(outcome, mocks=mocks.so_far()), settings, world)
            try:
                publish(outcome, settings, world, mocks, comment)
            except TemplateError as error:
                outcome = replace(outcome, failure=outcome.failure or error)
                publish(outcome, replace(settings, template=None), world, mocks, comment)
        except Exception as error:  # noqa: BLE001 - whatever it is, an earlier plan must not stand there still
            failure = error if isinstance(error, ActionError) else bug(error)
            publish(replace(outcome, summary=None, failure=failure), settings, world, mocks, comment)
            return error
        return outcome.failure or why_it_fails(mocks.wait(), settings) or bug_in(outcome.html_report)


def _identify(session: Session, settings: Settings, world: World) -> Outcome:
    """Which run and plan it is about, and so which comment."""
    run_id = _run_id(settings)
    try:
        found = read_run(session, run_id) if run_id else None
    except ActionError as error:
        if not settings.comment_key:
            raise
        return Outcome(key=settings.comment_key, run_id=run_id, failure=error)
    if found:
        whose = f" of {found.organization}/{found.workspace}: {found.url}" if found.url else ""
        world.commands.info(f"Run {found.id}{whose}")
    return Outcome(
        key=_key(found, settings, world),
        run_id=run_id,
        run=found,
        plan_id=settings.plan_id or (found.plan_id if found else None),
    )


def _wait(session: Session, outcome: Outcome, settings: Settings, world: World) -> tuple[Outcome, PlanState | None]:
    """Wait until the plan is final; returns it, if there is one to wait for and it came to that."""
    if outcome.failure is not None or settings.plan_json is not None:
        return outcome, None
    start = world.clock()
    plan_id, run_id = outcome.plan_id, outcome.run_id
    if not plan_id:
        error = UnexpectedAnswer(f"Cannot find the plan of run {run_id}", "the run has none", "Start a new run")
        return replace(outcome, failure=error), None
    statuses: list[str] = []

    def on_status(status: str) -> None:
        waited = f", after {world.clock() - start:.0f} s" if statuses else ""
        world.commands.info(f"Plan {plan_id} is {status}{waited}")
        statuses.append(status)

    try:
        plan = wait_for_plan(session, plan_id, run_id=run_id, timeout=settings.timeout, on_status=on_status)
    except ActionError as error:
        return replace(outcome, status=statuses[-1] if statuses else None, failure=error), None
    outcome = replace(outcome, status=plan.status)
    if plan.status != "finished":
        outcome = replace(outcome, failure=plan_failed(plan, outcome.run))
    return outcome, plan


def _download(  # noqa: PLR0913, PLR0917 (what, of what, how, where, and where to)
    session: Session, plan: PlanState | None, outcome: Outcome, settings: Settings, world: World, path: Path
) -> tuple[Outcome, Path | None]:
    """Download the plan's JSON to `path`; returns where the plan JSON is, if there is one."""
    if plan is None:
        return outcome, settings.plan_json
    try:
        downloaded = download(
            session,
            plan,
            access=settings.plan_access,
            to=path,
            timeout=settings.timeout,
            note=world.commands.notice,
            progress=world.commands.info,
            max_bytes=settings.max_plan_size,
        )
    except ActionError as error:
        return _failed(outcome, error, world), None
    if downloaded is None:
        return outcome, None
    redacted = ", redacted" if downloaded.redacted else ""
    world.commands.info(f"Plan JSON: {path.stat().st_size:,} bytes{redacted}")
    return outcome, path


def _run_id(settings: Settings) -> str | None:
    if settings.cloud_plan is None:
        return settings.run_id
    saved = read_saved_cloud_plan(settings.cloud_plan)
    if saved.hostname.lower() != settings.hostname.removeprefix("http://"):
        # The token is for the host that the user named, and the file may come from a pull request.
        raise SettingsError(
            f"Cannot use the saved plan {settings.cloud_plan}",
            f"it belongs to {saved.hostname}, and the input hostname is {settings.hostname}",
            f"Set hostname: {saved.hostname}, if that is where the token may go",
        )
    return saved.run_id


def _read(path: Path, outcome: Outcome, settings: Settings, world: World) -> Outcome:
    """The outcome with the plan in it, and with what the user wants to keep of it in the workspace."""
    try:
        plan = read_plan(path, name=outcome.plan_id, max_bytes=settings.max_plan_size)
        summary = summarize(plan, settings.redact)
    except ActionError as error:
        return _failed(outcome, error, world)
    world.commands.info(summary.verdict.sentence)
    outcome = replace(outcome, summary=summary)
    try:
        if settings.plan_json_path:
            copy_whole(path, settings.plan_json_path)
            outcome = replace(outcome, kept={**outcome.kept, "plan-json-path": settings.plan_json_path})
        if settings.summary_json_path:
            write_whole(settings.summary_json_path, summary_json(summary))
            outcome = replace(outcome, kept={**outcome.kept, "summary-json-path": settings.summary_json_path})
    except ActionError as error:
        return _failed(outcome, error, world)
    return outcome


def _failed(outcome: Outcome, error: ActionError, world: World) -> Outcome:
    """The outcome with its failure; where the plan itself has failed, that is said, and this is a warning."""
    if outcome.failure is None:
        return replace(outcome, failure=error)
    world.commands.warning(str(error))
    return outcome


def _key(found: Run | None, settings: Settings, world: World) -> str:
    """What tells this comment from those of other workspaces."""
    if settings.comment_key:
        return settings.comment_key
    if found and found.organization and found.workspace:
        return f"{found.organization}/{found.workspace}"
    # Nothing says which workspace the plan belongs to. The step is as near as we can come to it.
    if settings.comment is not CommentMode.NONE:
        world.commands.notice(
            "Nothing says which workspace the plan belongs to, so its comment belongs to this step of the workflow. "
            "Set the input comment-key, above all where a matrix runs this step for several workspaces."
        )
    return world.environment.step
