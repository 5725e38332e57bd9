"""Where the outcome goes: the step's outputs, the step summary and the comment."""

from pathlib import Path

from tfc_plan_comment.errors import GitHubError
from tfc_plan_comment.files import read_template
from tfc_plan_comment.github_actions.event import LookUp, NoPullRequest, PullRequest, pull_request_of, why_read_only
from tfc_plan_comment.hcp_terraform.runs import Run
from tfc_plan_comment.outcome import Outcome, World
from tfc_plan_comment.report.render import COMMENT_LIMIT, STEP_SUMMARY_LIMIT, Report, render, render_failure
from tfc_plan_comment.report.view import RunView
from tfc_plan_comment.settings import CommentMode, CommentWhen, Settings

ROOM_FOR_ERRORS = 16_384
"""Bytes of the step summary that are left for what may still have to be said there."""


def publish(outcome: Outcome, settings: Settings, world: World) -> None:
    """Write all of it. What GitHub refuses is a warning. Raises TemplateError, and has written nothing then."""
    body = _render(outcome, settings, limit=COMMENT_LIMIT, full_report=world.environment.workflow_run_url)
    whole = _render(outcome, settings, limit=STEP_SUMMARY_LIMIT - ROOM_FOR_ERRORS, full_report=None)
    for name, value in _outputs(outcome, world):
        world.commands.set_output(name, value)
    world.commands.append_summary(whole)
    result, comment_id, url = _comment(body, outcome, settings, world)
    world.commands.set_output("comment-result", result)
    world.commands.set_output("comment-id", comment_id)
    world.commands.set_output("comment-url", url)


def _render(outcome: Outcome, settings: Settings, *, limit: int, full_report: str | None) -> str:
    run = outcome.run
    view = _run_view(run) if run else None
    workspace = run.workspace if run else settings.comment_key
    if outcome.summary is None:
        return render_failure(outcome.key, workspace, view, str(outcome.failure))
    report = Report(
        key=outcome.key,
        summary=outcome.summary,
        workspace=workspace,
        run=view,
        failure=str(outcome.failure) if outcome.failure else None,
        full_report=full_report,
    )
    return render(report, read_template(settings.template) if settings.template else None, limit=limit)


def _run_view(run: Run) -> RunView:
    return RunView(
        id=run.id,
        url=run.url or "",
        organization=run.organization,
        workspace=run.workspace,
        commit=run.commit_sha,
        message=run.message,
    )


def _outputs(outcome: Outcome, world: World) -> list[tuple[str, str]]:
    outputs = [
        ("run-id", outcome.run_id or ""),
        ("run-url", (outcome.run.url or "") if outcome.run else ""),
        ("plan-id", outcome.plan_id or ""),
        ("plan-status", outcome.status or ""),
    ]
    if outcome.summary is None:
        return outputs
    verdict = outcome.summary.verdict
    outputs += [("has-changes", str(verdict.has_changes).lower()), ("plan-summary", verdict.sentence)]
    counted = ("to_import", "to_add", "to_change", "to_destroy", "to_replace", "to_move", "to_forget")
    outputs += [(name.replace("_", "-"), str(getattr(verdict.counts, name))) for name in counted]
    return outputs + [(name, _on_the_host(path, world)) for name, path in outcome.kept.items()]


def _on_the_host(path: Path, world: World) -> str:
    """Relative to the workspace: the next step, on the host, has it elsewhere than we in the container."""
    workspace = (world.environment.workspace or Path()).resolve()
    return path.relative_to(workspace).as_posix()


def _comment(body: str, outcome: Outcome, settings: Settings, world: World) -> tuple[str, str, str]:
    """The result, id and URL of the comment; what keeps us from writing it is said in the log."""
    skipped = ("skipped", "", "")
    environment, commands = world.environment, world.commands
    if settings.comment is CommentMode.NONE:
        return skipped
    if environment.event_problem:
        commands.warning(f"Cannot read GitHub's event: {environment.event_problem}.")
    found = pull_request_of(
        environment.event_name,
        environment.event,
        explicit=settings.pr_number,
        ref=environment.ref,
        sha=environment.sha,
    )
    if isinstance(found, NoPullRequest) or environment.repository is None:
        return _no_comment(found, world)
    # PyGithub takes a quarter of a second to import: only now is there a comment to write.
    from tfc_plan_comment.github_actions.comments import PullRequests  # noqa: PLC0415

    try:
        pull_requests = PullRequests(
            api_url=environment.api_url,
            token=settings.github_token,
            repository=environment.repository,
            read_only=why_read_only(environment.event_name, environment.event),
            sleep=world.sleep,
            now=world.now,
        )
        with pull_requests:
            target = found if isinstance(found, PullRequest) else pull_requests.find(found)
            if isinstance(target, NoPullRequest):
                return _no_comment(target, world)
            published = pull_requests.publish(
                number=target.number,
                key=outcome.key,
                body=body,
                mode=settings.comment,
                create_if_missing=_is_worth_a_comment(outcome, settings),
            )
    except GitHubError as error:
        commands.warning(f"{error} The step summary has the whole report.", title="No comment was written")
        return skipped
    if published.problem:
        commands.warning(str(published.problem))
    if published.url:
        commands.info(f"Comment on pull request #{target.number} {published.result}: {published.url}")
    else:
        commands.info(f"No comment on pull request #{target.number}: the plan changes nothing")
    return str(published.result), str(published.comment_id or ""), published.url or ""


def _no_comment(found: PullRequest | LookUp | NoPullRequest, world: World) -> tuple[str, str, str]:
    reason = found.reason if isinstance(found, NoPullRequest) else "GITHUB_REPOSITORY does not name a repository"
    world.commands.notice(f"No comment was written: {reason}. The step summary has the whole report.")
    return "skipped", "", ""


def _is_worth_a_comment(outcome: Outcome, settings: Settings) -> bool:
    """Whether a pull request without our comment gets one. One that is there is always brought up to date."""
    if settings.comment_when is CommentWhen.ALWAYS or outcome.summary is None or outcome.failure is not None:
        return True
    return outcome.summary.verdict.has_changes
