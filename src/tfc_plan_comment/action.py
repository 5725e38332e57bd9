"""The story in one page: find the run, wait, download, read, report, publish.

Whatever goes wrong once we know which comment is ours ends up in that comment: a reviewer must never take an earlier
plan for the one that failed.
"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tfc_plan_comment.errors import ActionError, SettingsError, TemplateError, UnexpectedAnswer
from tfc_plan_comment.files import copy_whole, read_plan, write_whole
from tfc_plan_comment.hcp_terraform.plan_json import download
from tfc_plan_comment.hcp_terraform.plans import plan_failed, wait_for_plan
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.hcp_terraform.saved_cloud_plan import read_saved_cloud_plan
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.outcome import Outcome, World
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.publishing import publish
from tfc_plan_comment.report.summary_json import summary_json
from tfc_plan_comment.settings import Settings


def run(settings: Settings, world: World) -> None:
    """Do all of it. Raises ActionError, after everything that can be said stands where it belongs."""
    with TemporaryDirectory(prefix="tfc-plan-comment-") as folder:
        if settings.plan_json is not None:
            outcome = _read(settings.plan_json, Outcome(key=_key(None, settings, world)), settings, world)
        else:
            outcome = _obtain(settings, world, Path(folder) / "plan.json")
        try:
            publish(outcome, settings, world)
        except TemplateError as error:
            outcome = replace(outcome, summary=None, failure=error)
            publish(outcome, settings, world)
    if outcome.failure is not None:
        raise outcome.failure


def _obtain(settings: Settings, world: World, path: Path) -> Outcome:
    """The plan out of HCP Terraform, its JSON in the file at `path` for as long as it is read."""
    info = world.commands.info
    session = Session(
        hostname=settings.hostname,
        token=settings.token,
        ca_bundle=settings.ca_bundle,
        sleep=world.sleep,
        clock=world.clock,
        mask=world.commands.mask,
    )
    with session:
        run_id = _run_id(settings)
        found = read_run(session, run_id) if run_id else None
        if found:
            info(f"Run {found.id} of {found.organization}/{found.workspace}: {found.url}")
        plan_id = settings.plan_id or (found.plan_id if found else None)
        if not plan_id:
            raise UnexpectedAnswer(f"Cannot find the plan of run {run_id}", "the run has none", "Start a new run")
        outcome = Outcome(key=_key(found, settings, world), run=found, plan_id=plan_id)
        statuses = [""]

        def on_status(status: str) -> None:
            statuses.append(status)
            info(f"Plan {plan_id} is {status}")

        try:
            with world.commands.group(f"Wait for plan {plan_id}"):
                plan = wait_for_plan(session, plan_id, run_id=run_id, timeout=settings.timeout, on_status=on_status)
            if plan.status != "finished":
                outcome = replace(outcome, failure=plan_failed(plan, found))
            access, note = settings.plan_access, world.commands.notice
            downloaded = download(session, plan, access=access, to=path, timeout=settings.timeout, note=note)
        except ActionError as error:
            return replace(outcome, status=statuses[-1], failure=outcome.failure or error)
    outcome = replace(outcome, status=plan.status)
    if downloaded is None:
        return outcome
    info(f"Plan JSON: {path.stat().st_size:,} bytes{', redacted' if downloaded.redacted else ''}")
    return _read(path, outcome, settings, world)


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
    """The outcome with the plan in it, and what the user wants to keep of it in the workspace."""
    try:
        summary = summarize(read_plan(path), settings.redact)
        world.commands.info(summary.verdict.sentence)
        if settings.plan_json_path:
            copy_whole(path, settings.plan_json_path)
        if settings.summary_json_path:
            write_whole(settings.summary_json_path, summary_json(summary).encode())
    except ActionError as error:
        return replace(outcome, failure=outcome.failure or error)
    return replace(outcome, summary=summary)


def _key(found: Run | None, settings: Settings, world: World) -> str:
    """What tells this comment from those of other workspaces."""
    if settings.comment_key:
        return settings.comment_key
    if found and found.organization and found.workspace:
        return f"{found.organization}/{found.workspace}"
    # Nothing says which workspace the plan belongs to. The step is as near as we can come to it.
    world.commands.notice(
        "Nothing says which workspace the plan belongs to, so its comment belongs to this step of the workflow. "
        "Set the input comment-key, above all where a matrix runs this step for several workspaces."
    )
    return world.environment.step
