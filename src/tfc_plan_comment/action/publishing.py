"""Publishes a result: in the step summary, in the log and as the comment."""

from pathlib import Path

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.action.comment_text import CommentText
from tfc_plan_comment.action.files import read_template
from tfc_plan_comment.action.gather import Beside
from tfc_plan_comment.action.html_report import bug_in
from tfc_plan_comment.action.log import tell_in_log
from tfc_plan_comment.action.report_of import failed_of, report_of
from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.action.sentinel_mocks import why_it_fails
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import TemplateError, sentence
from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT
from tfc_plan_comment.github_actions.written import SKIPPED, CommentResult, Written
from tfc_plan_comment.report.write.comment import render, render_failure
from tfc_plan_comment.report.write.markdown import code, text
from tfc_plan_comment.settings.settings import CommentMode, CommentWhen, Settings

ROOM_FOR_ERRORS = 16_384
"""Bytes of the step summary that are left for what may still have to be said there."""


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A result as it was published, what became of its comment, and why the step fails, if it does.

    A newer push may have superseded it: then it says nothing of what is in the pull request.
    """

    result: Result
    written: Written
    failure: Exception | None = None
    is_superseded: bool = False


def publish(result: Result, settings: Settings, world: World, beside: Beside) -> Published:
    """Write all of it. What GitHub refuses is a warning.

    The comment does not wait for the mocks: it is written without them, and once more when they are there.
    """
    result = replace(result, mocks=beside.mocks.so_far())
    result, template, comment = _with_template_that_works(result, settings.template, beside)
    early: Written | None = None
    if result.mocks and result.mocks.pending:
        early = _write(comment, result, settings, beside)
        result = replace(result, mocks=beside.mocks.result())
        is_first = early.result is CommentResult.CREATED
        comment = CommentText(result, template, world, is_first=is_first)
    world.commands.append_summary(_render_step_summary(result, template, world))
    failure = why_the_step_fails(result, settings)
    tell_in_log(result, world)
    if result.mocks and result.mocks.failure and result.mocks.failure is not failure:
        world.commands.warning(sentence(result.mocks.failure))
    written = _write_as_it_stays(comment, result, settings, beside, early)
    return Published(result=result, written=written, failure=failure)


def publish_nothing(result: Result, newer: str, world: World) -> Published:
    """Say in log and step summary that there is no plan because of a newer push, whose plan has the comment."""
    of = f" for {result.subject.workspace}" if result.subject.workspace else ""
    tell_superseded(f"There is no plan{of} of this commit", newer, world)
    return Published(result=result, written=SKIPPED, is_superseded=True)


def tell_superseded(what: str, newer: str, world: World) -> None:
    """Say in log and step summary that a newer push is the reason, whose plan has the comment."""
    said = f"{what}: it is superseded by"
    world.commands.append_summary(f"{text(said)} {code(newer)}.\n")
    world.commands.notice(f"{said} {newer}. The comment is left alone.")


def _with_template_that_works(
    result: Result, template: Path | None, beside: Beside
) -> tuple[Result, Path | None, CommentText]:
    """The result, the template and the comment: by our own template where the user's fails, which the result says."""
    standing = beside.comment.standing(result.subject.key)
    comment = CommentText(result, template, beside.world)
    try:
        comment.write(standing)
    except TemplateError as error:
        result = replace(result, failure=result.failure or error)
        return result, None, CommentText(result, None, beside.world)
    return result, template, comment


def why_the_step_fails(result: Result, settings: Settings) -> Exception | None:
    """Why the step fails because of this result, if it does."""
    html_report = result.html_report if isinstance(result, Planned) else None
    return result.failure or why_it_fails(result.mocks, settings) or bug_in(html_report)


def _write(comment: CommentText, result: Result, settings: Settings, beside: Beside, *, again: bool = False) -> Written:
    return beside.comment.write(
        comment.compose,
        key=result.subject.key,
        recreate=settings.comment is CommentMode.RECREATE and not again,
        create_if_missing=_is_worth_a_comment(result, settings),
        commit=comment.memory.commit,
    )


def _write_as_it_stays(
    comment: CommentText, result: Result, settings: Settings, beside: Beside, early: Written | None
) -> Written:
    """Write the comment, once more if that can be; returns the effect that this and the early writing have together.

    That is the effect of the early one, unless it changed nothing.
    """
    if early is None:
        return _write(comment, result, settings, beside)
    if early.result is CommentResult.SKIPPED or early.superseded_by:
        return early
    latest = _write(comment, result, settings, beside, again=True)
    is_early = early.result is not CommentResult.UNCHANGED or latest.result is CommentResult.SKIPPED
    return early if is_early else latest


def _render_step_summary(result: Result, template: Path | None, world: World) -> str:
    if isinstance(result, Planned):
        users = read_template(template) if template else None
        return render(report_of(result, world), users, limit=STEP_SUMMARY_LIMIT - ROOM_FOR_ERRORS)
    return render_failure(failed_of(result, world))


def _is_worth_a_comment(result: Result, settings: Settings) -> bool:
    """True if a pull request without our comment gets one. One that is there is always brought up to date."""
    if settings.comment_when is CommentWhen.ALWAYS or result.failure is not None or not isinstance(result, Planned):
        return True
    return result.summary.verdict.has_changes
