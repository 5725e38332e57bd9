"""Publishes a result: as outputs of the step, as the step summary and as the comment."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tfc_plan_comment.action.files import read_template
from tfc_plan_comment.action.gather import Beside
from tfc_plan_comment.action.html_report import bug_in
from tfc_plan_comment.action.products import outputs_of
from tfc_plan_comment.action.report_of import report_of, view_mocks, view_run
from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.action.sentinel_mocks import why_it_fails
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import TemplateError, sentence
from tfc_plan_comment.github_actions.written import CommentResult, Written
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT, STEP_SUMMARY_LIMIT, render, render_failure
from tfc_plan_comment.settings.settings import CommentMode, CommentWhen, Settings

ROOM_FOR_ERRORS = 16_384
"""Bytes of the step summary that are left for what may still have to be said there."""

COUNTED = ("to_import", "to_add", "to_change", "to_destroy", "to_replace", "to_move", "to_forget")
"""The counts that are outputs, each by its field in `Counts`."""


def publish(result: Result, settings: Settings, world: World, beside: Beside) -> Exception | None:
    """Write all of it; returns why the step fails. What GitHub refuses is a warning.

    The comment does not wait for the mocks: it is written without them, and once more when they are there.
    """
    template = settings.template
    result = replace(result, mocks=beside.mocks.so_far())
    try:
        body = _body(result, template, world)
    except TemplateError as error:
        template, result = None, replace(result, failure=result.failure or error)
        body = _body(result, None, world)
    early: Written | None = None
    if result.mocks and result.mocks.pending:
        early = _write(body, result, settings, beside, again=False)
        result = replace(result, mocks=beside.mocks.result())
        body = _body(result, template, world)
    for name, value in _outputs(result, world):
        world.commands.set_output(name, value)
    limit = STEP_SUMMARY_LIMIT - ROOM_FOR_ERRORS
    world.commands.append_summary(_render(result, template, world, limit=limit, full_report=None))
    unmade = why_it_fails(result.mocks, settings)
    if result.mocks and result.mocks.failure and (result.failure or not unmade):
        world.commands.warning(sentence(result.mocks.failure))
    if early is None or early.result is not CommentResult.SKIPPED:
        latest = _write(body, result, settings, beside, again=early is not None)
        early = latest if early is None else _effect(early, latest)
    _set_comment_outputs(early, world)
    return result.failure or unmade or bug_in(result.html_report if isinstance(result, Planned) else None)


def _write(body: str, result: Result, settings: Settings, beside: Beside, *, again: bool) -> Written:
    recreate = settings.comment is CommentMode.RECREATE and not again
    create = _is_worth_a_comment(result, settings)
    return beside.comment.write(body, key=result.subject.key, recreate=recreate, create_if_missing=create)


def _effect(early: Written, latest: Written) -> Written:
    """The effect that two writings have together: that of the first, unless it changed nothing."""
    is_first = early.result is not CommentResult.UNCHANGED or latest.result is CommentResult.SKIPPED
    return early if is_first else latest


def _set_comment_outputs(written: Written, world: World) -> None:
    world.commands.set_output("comment-result", written.result)
    world.commands.set_output("comment-id", str(written.id or ""))
    world.commands.set_output("comment-url", written.url or "")


def _body(result: Result, template: Path | None, world: World) -> str:
    return _render(result, template, world, limit=COMMENT_LIMIT, full_report=world.environment.workflow_run_url)


def _render(result: Result, template: Path | None, world: World, *, limit: int, full_report: str | None) -> str:
    if isinstance(result, Planned):
        users = read_template(template) if template else None
        return render(replace(report_of(result, world), full_report=full_report), users, limit=limit)
    subject, message = result.subject, sentence(result.failure)
    mocks = view_mocks(result.mocks, world)
    return render_failure(subject.key, subject.workspace, view_run(subject.run), message, mocks)


def _outputs(result: Result, world: World) -> Iterator[tuple[str, str]]:
    subject = result.subject
    yield "run-id", subject.run_id or ""
    yield "run-url", (subject.run.url or "") if subject.run else ""
    yield "plan-id", subject.plan_id or ""
    yield "plan-status", result.plan_status or ""
    yield from outputs_of(result.mocks, "sentinel-mocks", world)
    if not isinstance(result, Planned):
        return
    yield from outputs_of(result.html_report, "report", world)
    verdict = result.summary.verdict
    yield "has-changes", str(verdict.has_changes).lower()
    yield "plan-summary", verdict.sentence
    for name in COUNTED:
        yield name.replace("_", "-"), str(getattr(verdict.counts, name))
    for name, path in result.kept.items():
        yield name, world.environment.in_workspace(path)


def _is_worth_a_comment(result: Result, settings: Settings) -> bool:
    """True if a pull request without our comment gets one. One that is there is always brought up to date."""
    if settings.comment_when is CommentWhen.ALWAYS or result.failure is not None or not isinstance(result, Planned):
        return True
    return result.summary.verdict.has_changes
