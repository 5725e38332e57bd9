"""The notes of the first screen: what there is to know about the plan as a whole."""

from collections.abc import Iterator

from tfc_plan_comment.plan.document import Check
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.plan.verdict import Mode
from tfc_plan_comment.report.addresses import show_address
from tfc_plan_comment.report.diagnostics import FAILS, stopping_checks
from tfc_plan_comment.report.hidden import Hidden
from tfc_plan_comment.report.lines.changed_names import MOST_NAMES
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.view import NoteView

LONGEST_PROBLEM = 100
"""A longer message of a check stands below only."""


def note_plan(summary: PlanSummary, limits: Limits, hidden: Hidden) -> Iterator[NoteView]:
    """The notes about the plan as a whole; `hidden` values are hidden though nothing marks them there."""
    plan, verdict, tool = summary.plan, summary.verdict, summary.tool
    if verdict.counts.unknown:
        unknown = verdict.counts.unknown
        have = f"{unknown:,} change{' has' if unknown == 1 else 's have'}"
        message = f"{have} an action that this version of tfc-plan-comment does not know: look at the run."
        yield NoteView(kind="WARNING", message=message)
    yield from _note_unread(summary, limits)
    yield from _note_checks(summary, limits)
    yield from _note_secrets(summary, hidden)
    if verdict.mode is Mode.REFRESH_ONLY:
        message = f"This is a refresh-only plan: {tool} only records in the state what changed outside of it."
        yield NoteView(kind="NOTE", message=message)
    if plan.complete is False and not plan.errored:
        message = "This plan is not complete: it was limited to targets, or changes are deferred to a later plan."
        yield NoteView(kind="WARNING", message=message)
    if plan.newer_than_known:
        message = (
            f"The plan has the format {plan.format_version}, which is newer than 1.2. New parts of it may not be shown."
        )
        yield NoteView(kind="NOTE", message=message)


def _note_unread(summary: PlanSummary, limits: Limits) -> Iterator[NoteView]:
    places = summary.plan.unread
    if not places:
        return
    names = [show_address(place, summary.mask, limits).text for place in places[:MOST_NAMES]]
    more = f" and {len(places) - MOST_NAMES:,} more" if len(places) > MOST_NAMES else ""
    are = "value of this plan is" if len(places) == 1 else "values of this plan are"
    message = f"{len(places):,} {are} malformed and cannot be shown: {', '.join(names)}{more}."
    yield NoteView(kind="WARNING", message=message)


def _note_secrets(summary: PlanSummary, hidden: Hidden) -> Iterator[NoteView]:
    """The limits of what is known of secrets: a plan does not say what is sensitive, or what is hidden is a guess."""
    if not summary.plan.has_marks:
        message = (
            f"A plan of Terraform {summary.plan.terraform_version} does not say which attributes are sensitive, so "
            "secrets may be shown here. Terraform 0.15 and newer say it."
        )
        yield NoteView(kind="WARNING", message=message)
    yield from (NoteView(kind="WARNING", message=sentence) for sentence in hidden.tell())


def _note_checks(summary: PlanSummary, limits: Limits) -> Iterator[NoteView]:
    stopping = stopping_checks(summary)  # they are said where it is said that planning failed
    failed = [check for check in summary.plan.checks if check.status in FAILS and check not in stopping]
    if not failed:
        return
    names = [
        f"{show_address(check.address.to_display, summary.mask, limits).text}{_say_problem(check, summary.mask)}"
        for check in failed[:MOST_NAMES]
    ]
    rest = f" and {len(failed) - MOST_NAMES:,} more" if len(failed) > MOST_NAMES else ""
    do = f"{'more ' if stopping else ''}{'check does' if len(failed) == 1 else 'checks do'}"
    message = f"{len(failed):,} {do} not pass, see below: {', '.join(names)}{rest}."
    yield NoteView(kind="WARNING", message=message)


def _say_problem(check: Check, mask: Mask) -> str:
    """The first line of the first message, in brackets; nothing if there is none, or if it is long."""
    messages = (mask.text(problem.message).strip() for each in check.instances for problem in each.problems)
    first = next(filter(None, messages), "").partition("\n")[0].strip().rstrip(".")
    return f" ({visible(first)})" if first and len(first) <= LONGEST_PROBLEM else ""
