"""The first screen: the headline, the notes, and what is destroyed or replaced."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from tfc_plan_comment.plan.actions import RISK, Action, Loss
from tfc_plan_comment.plan.drift import Drift
from tfc_plan_comment.plan.summary import MOST_SORTED_BY_NOISE, PlannedChange, PlanSummary
from tfc_plan_comment.plan.verdict import Mode, is_opentofu
from tfc_plan_comment.report.addresses import show_address
from tfc_plan_comment.report.diagnostics import FAILS, stopping_checks
from tfc_plan_comment.report.lines.changed_names import MOST_NAMES
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.view import NoteView

MOST_CAUTIONS = 10


def name_tool(summary: PlanSummary) -> str:
    """Terraform or OpenTofu, whichever made the plan."""
    return "OpenTofu" if is_opentofu(summary.plan) else "Terraform"


def split_cautions(summary: PlanSummary) -> tuple[list[PlannedChange], int]:
    """The first changes that destroy an object, and how many more there are."""
    # They stand first in the summary's order.
    dangerous = list(takewhile(lambda change: change.action.facts.loss is Loss.DESTROYED, summary.changes))
    # A line that says that there is one more takes the room of that one.
    named = len(dangerous) if len(dangerous) == MOST_CAUTIONS + 1 else MOST_CAUTIONS
    return dangerous[:named], len(dangerous[named:])


def count_in_words(summary: PlanSummary) -> str:
    """The counts of the plan in words: `2 replaced, 1 destroyed`."""
    actions = Counter(change.action for change in summary.changes)
    counts = summary.verdict.counts
    # Others may be imported or moved as well, and Terraform's own sentence counts them all.
    only = {Action.IMPORT: counts.to_import, Action.MOVE: counts.to_move}
    noise = _find_only_noise(summary)
    counted = [
        f"{actions[action]:,} {'only ' if only.get(action, 0) > actions[action] else ''}{action.facts.headline}"
        f"{f' ({noise})' if noise and action is Action.UPDATE else ''}"
        for action in RISK
        if actions[action]
    ]
    if invoked := counts.to_invoke:
        counted.append(f"{invoked:,} action{'' if invoked == 1 else 's'} invoked")
    said = ", ".join(counted)
    if summary.plan.errored:
        return f"planning failed; planned before that: {said}" if said else "planning failed"
    if summary.verdict.mode is Mode.REFRESH_ONLY:
        return _count_drift_in_words(summary.drift)
    return said or ("only outputs change" if summary.outputs else "no changes")


def _count_drift_in_words(drift: Sequence[Drift]) -> str:
    deleted = sum(change.resource.change.actions == ("delete",) for change in drift)
    kinds = ((len(drift) - deleted, "changed"), (deleted, "deleted"))
    return f"{', '.join(f'{count:,} {word}' for count, word in kinds if count)} outside of Terraform"


def _find_only_noise(summary: PlanSummary) -> str | None:
    """The kind of noise that all updates are; None if one is not, or if there are too many to look at."""
    updates = [change for change in summary.changes if change.action is Action.UPDATE]
    kinds = {change.noise for change in updates} if len(updates) <= MOST_SORTED_BY_NOISE else set()
    return kinds.pop() if len(kinds) == 1 else None


def note_plan(summary: PlanSummary, limits: Limits, hidden: int) -> Iterator[NoteView]:
    """The notes about the plan as a whole; `hidden` values are hidden for nothing but an equal one."""
    plan, verdict, tool = summary.plan, summary.verdict, name_tool(summary)
    if verdict.counts.unknown:
        unknown = verdict.counts.unknown
        have = f"{unknown:,} change{' has' if unknown == 1 else 's have'}"
        message = f"{have} an action that this version of tfc-plan-comment does not know: look at the run."
        yield NoteView(kind="WARNING", message=message)
    yield from _note_unread(summary, limits)
    yield from _note_checks(summary, limits)
    yield from _note_secrets(summary, hidden)
    if verdict.mode is Mode.DESTROY:
        yield NoteView(kind="CAUTION", message="This plan destroys everything that the workspace manages.")
    if verdict.mode is Mode.REFRESH_ONLY:
        message = f"This is a refresh-only plan: {tool} records in the state what changed outside, and changes nothing."
        yield NoteView(kind="NOTE", message=message)
    if plan.complete is False and not plan.errored:
        message = "This plan is not complete: it was limited to targets, or changes are deferred to a later plan."
        yield NoteView(kind="WARNING", message=message)
    if plan.newer_than_known:
        message = f"The plan's format {plan.format_version} is newer than 1.2: what is new in it may not be shown."
        yield NoteView(kind="NOTE", message=message)


def _note_unread(summary: PlanSummary, limits: Limits) -> Iterator[NoteView]:
    places = summary.plan.unread
    if not places:
        return
    names = [show_address(place, summary.mask, limits).text for place in places[:MOST_NAMES]]
    more = f" and {len(places) - MOST_NAMES:,} more" if len(places) > MOST_NAMES else ""
    are = "value of this plan has a form" if len(places) == 1 else "values of this plan have a form"
    message = f"{len(places):,} {are} that no plan has, and cannot be shown: {', '.join(names)}{more}."
    yield NoteView(kind="WARNING", message=message)


def _note_secrets(summary: PlanSummary, hidden: int) -> Iterator[NoteView]:
    """The limits of what is known of secrets: a plan does not say what is sensitive, or what is hidden is a guess."""
    if not summary.plan.has_marks:
        message = (
            f"Terraform {summary.plan.terraform_version} does not say in a plan which attributes are sensitive: what "
            "stands here may hold secrets. Terraform 0.15 and newer say it."
        )
        yield NoteView(kind="WARNING", message=message)
    if hidden:
        are = "1 value is hidden here though the plan does not mark it: it equals"
        if hidden > 1:
            are = f"{hidden:,} values are hidden here though the plan does not mark them: each equals"
        yield NoteView(kind="WARNING", message=f"{are} a sensitive value, or holds one.")


def tell_secrecy(summary: PlanSummary, hidden: int) -> str:
    """The sentence of the last line about sensitive values: it promises no more than what is kept."""
    if not summary.plan.has_marks:
        return "The plan does not say which attributes are sensitive."
    if not hidden:
        return "Sensitive values are never shown."
    value = "1 value that equals" if hidden == 1 else f"{hidden:,} values that equal"
    return f"Sensitive values are never shown, nor {value} one."


def _note_checks(summary: PlanSummary, limits: Limits) -> Iterator[NoteView]:
    stopping = stopping_checks(summary)  # they are said where it is said that planning failed
    failed = [check for check in summary.plan.checks if check.status in FAILS and check not in stopping]
    if not failed:
        return
    names = [show_address(check.address.to_display, summary.mask, limits).text for check in failed[:MOST_NAMES]]
    more = f" and {len(failed) - MOST_NAMES:,} more" if len(failed) > MOST_NAMES else ""
    do = "check does" if len(failed) == 1 else "checks do"
    message = f"{len(failed):,} {do} not pass, see below: {', '.join(names)}{more}."
    yield NoteView(kind="WARNING", message=message)
