"""Where the outcome goes: the step's outputs, the step summary and the comment."""

from dataclasses import replace
from functools import partial

from tfc_plan_comment.action.files import read_template
from tfc_plan_comment.action.outcome import MOCKS_PENDING, HtmlReport, Mocks, Outcome, World
from tfc_plan_comment.action.outcome_views import mocks_view, report_of, run_view, sentence, workspace_of
from tfc_plan_comment.action.pull_request_comment import SKIPPED, PullRequestComment, Written
from tfc_plan_comment.action.sentinel_mocks import MocksInBackground, why_it_fails
from tfc_plan_comment.action.workspace_artifact import artifact_url, in_workspace
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT, STEP_SUMMARY_LIMIT, render, render_failure
from tfc_plan_comment.settings.settings import CommentMode, CommentWhen, Settings

ROOM_FOR_ERRORS = 16_384
"""Bytes of the step summary that are left for what may still have to be said there."""


def publish(
    outcome: Outcome, settings: Settings, world: World, mocks: MocksInBackground, comment: PullRequestComment
) -> None:
    """Write all of it. What GitHub refuses is a warning. Raises TemplateError, and has written nothing then.

    The comment does not wait for the mocks: it is written without them, and once more when they are there.
    """
    early: Written | None = None
    write = partial(
        comment.write,
        key=outcome.key,
        mode=settings.comment,
        create_if_missing=_is_worth_a_comment(outcome, settings),
    )
    outcome = replace(outcome, mocks=mocks.so_far())
    if outcome.mocks is MOCKS_PENDING:
        early = write(_body(outcome, settings, world))
        outcome = replace(outcome, mocks=mocks.wait())
    body = _body(outcome, settings, world)
    whole = _render(outcome, settings, world, limit=STEP_SUMMARY_LIMIT - ROOM_FOR_ERRORS, full_report=None)
    for name, value in _outputs(outcome, world):
        world.commands.set_output(name, value)
    world.commands.append_summary(whole)
    if outcome.mocks and outcome.mocks.failure and (outcome.failure or not why_it_fails(outcome.mocks, settings)):
        world.commands.warning(sentence(outcome.mocks.failure))
    if early is None:
        written = write(body)
    elif early.result == "skipped":
        written = early
    else:
        again = write(body, mode=CommentMode.UPDATE)
        written = again if early.result == "unchanged" and again is not SKIPPED else early
    world.commands.set_output("comment-result", written.result)
    world.commands.set_output("comment-id", written.id)
    world.commands.set_output("comment-url", written.url)


def _body(outcome: Outcome, settings: Settings, world: World) -> str:
    return _render(outcome, settings, world, limit=COMMENT_LIMIT, full_report=world.environment.workflow_run_url)


def _render(outcome: Outcome, settings: Settings, world: World, *, limit: int, full_report: str | None) -> str:
    report = report_of(outcome, settings, world)
    if report is None:
        return render_failure(
            outcome.key,
            workspace_of(outcome, settings),
            run_view(outcome.run),
            str(outcome.failure),
            mocks_view(outcome.mocks, world),
        )
    template = read_template(settings.template) if settings.template else None
    return render(replace(report, full_report=full_report), template, limit=limit)


def _mocks_outputs(mocks: Mocks | None, world: World) -> list[tuple[str, str]]:
    outputs = []
    if mocks and mocks.bundle and mocks.path:
        outputs += [("sentinel-mocks-path", in_workspace(mocks.path, world))]
        outputs += [("sentinel-mocks-digest", f"sha256:{mocks.bundle.sha256}")]
    if mocks and mocks.artifact:
        outputs += [("sentinel-mocks-artifact-id", str(mocks.artifact.id))]
        outputs += [("sentinel-mocks-artifact-url", artifact_url(mocks.artifact, world) or "")]
    return outputs


def _report_outputs(report: HtmlReport | None, world: World) -> list[tuple[str, str]]:
    outputs = []
    if report and report.path:
        outputs += [("report-path", in_workspace(report.path, world))]
    if report and report.artifact:
        outputs += [("report-artifact-id", str(report.artifact.id))]
        outputs += [("report-artifact-url", artifact_url(report.artifact, world) or "")]
    return outputs


def _outputs(outcome: Outcome, world: World) -> list[tuple[str, str]]:
    outputs = [
        ("run-id", outcome.run_id or ""),
        ("run-url", (outcome.run.url or "") if outcome.run else ""),
        ("plan-id", outcome.plan_id or ""),
        ("plan-status", outcome.status or ""),
        *_report_outputs(outcome.html_report, world),
        *_mocks_outputs(outcome.mocks, world),
    ]
    if outcome.summary is None:
        return outputs
    verdict = outcome.summary.verdict
    outputs += [("has-changes", str(verdict.has_changes).lower()), ("plan-summary", verdict.sentence)]
    counted = ("to_import", "to_add", "to_change", "to_destroy", "to_replace", "to_move", "to_forget")
    outputs += [(name.replace("_", "-"), str(getattr(verdict.counts, name))) for name in counted]
    return outputs + [(name, in_workspace(path, world)) for name, path in outcome.kept.items()]


def _is_worth_a_comment(outcome: Outcome, settings: Settings) -> bool:
    """Whether a pull request without our comment gets one. One that is there is always brought up to date."""
    if settings.comment_when is CommentWhen.ALWAYS or outcome.summary is None or outcome.failure is not None:
        return True
    return outcome.summary.verdict.has_changes
