"""A plan's summary -> the Markdown of the comment or of the step summary, within its limit."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import takewhile

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.plan.actions import RISK, Action, Loss
from tfc_plan_comment.plan.summary import MOST_SORTED_BY_NOISE, PlanSummary
from tfc_plan_comment.plan.verdict import Mode, is_opentofu
from tfc_plan_comment.report.changed_names import MOST_NAMES
from tfc_plan_comment.report.changes import caution_view, shown_address
from tfc_plan_comment.report.fit import Fitted, first_groups, fit, is_shortened
from tfc_plan_comment.report.hcl import Limits
from tfc_plan_comment.report.markdown import Inert
from tfc_plan_comment.report.policies import masked_policies, policies_section, policy_note
from tfc_plan_comment.report.sections import sections
from tfc_plan_comment.report.template import Template, built_in, check_marker
from tfc_plan_comment.report.view import (
    HtmlReportView,
    MocksView,
    NoteView,
    PoliciesView,
    ReportView,
    RunView,
)

COMMENT_LIMIT = 65_536
"""Bytes of a comment: GitHub's message says characters, its server has been seen to take more; this is always safe."""

STEP_SUMMARY_LIMIT = 1_048_576
"""Bytes of a step summary: above it the runner drops the whole (actions/runner, FileCommandManager.cs)."""

MOST_CAUTIONS = 10

LONGEST_VERSION = 40

SECTION_SHARE = 16
"""One part in so many of the limit is for each section below the changes."""

TRIES = 6
"""So often the room is made smaller when the outcome is too long: a template may write more than ours does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All that goes into a report: the plan, where it comes from, and which comment it is."""

    key: str
    summary: PlanSummary
    workspace: str | None = None
    run: RunView | None = None
    failure: str | None = None
    full_report: str | None = None
    policies: PoliciesView | None = None
    mocks: MocksView | None = None
    html_report: HtmlReportView | None = None


def render(report: Report, template: Template | None = None, *, limit: int = COMMENT_LIMIT) -> str:
    """The Markdown, at most `limit` bytes of it, out of the template or the built-in one. Raises TemplateError."""
    template = template or built_in()
    limits = Limits() if limit <= COMMENT_LIMIT else Limits(characters=4_000, lines=400, names=4_000)
    section_room = limit // SECTION_SHARE
    nothing = Fitted(changes=(), more=(), without_diff=0, by_address=0, counted=0, shortened=False)
    room = limit - len(_render(report, template, nothing, limits, section_room).encode())
    groups = first_groups(report.summary, limit, limits)
    for _ in range(TRIES):
        room = max(0, room)
        content = _render(report, template, fit(report.summary, groups, room), limits, section_room)
        excess = len(content.encode()) - limit
        if excess <= 0:
            check_marker(content, report.key, template.name)
            return content
        room -= excess + excess // 10 + 100
        section_room //= 2
    why = f"it gives {len(content.encode()):,} bytes even without details, and there is room for {limit:,}"
    raise TemplateError(f"Cannot render {template.name}", why, "Leave out more in the template")


def _render(report: Report, template: Template, fitted: Fitted, limits: Limits, section_room: int) -> str:
    view = report_view(report, fitted, limits, section_room)
    return template.render({field.name: getattr(view, field.name) for field in fields(view)})


def report_view(report: Report, fitted: Fitted, limits: Limits, section_room: int) -> ReportView:
    """What a template may show, with the changes that were fitted, and the sections in so many bytes each."""
    summary = report.summary
    plan, verdict = summary.plan, summary.verdict
    # They stand first in the summary's order.
    dangerous = list(takewhile(lambda change: change.action.facts.loss is Loss.DESTROYED, summary.changes))
    # A line that says that there is one more takes the room of that one.
    named = len(dangerous) if len(dangerous) == MOST_CAUTIONS + 1 else MOST_CAUTIONS
    tool = "OpenTofu" if is_opentofu(plan) else "Terraform"
    # A redacted plan does not say which version made it.
    version = plan.terraform_version or (report.run.terraform_version if report.run else None)
    policies = masked_policies(report.policies, summary) if report.policies else None
    below = sections(summary, limits, section_room)
    if policies and (section := policies_section(policies, limits, section_room)):
        below = (section, *below)
    return ReportView(
        marker=_marker(report.key),
        tool=tool,
        workspace=report.workspace,
        headline=headline(summary),
        sentence=verdict.sentence,
        run=report.run,
        terraform_version=version[:LONGEST_VERSION] if version else None,
        counts=verdict.counts,
        has_changes=verdict.has_changes,
        notes=tuple(_notes(report, policies, tool)),
        cautions=tuple(caution_view(change) for change in dangerous[:named]),
        more_cautions=max(0, len(dangerous) - named),
        changes=fitted.changes,
        more=fitted.more,
        sections=below,
        left_out=tuple(_left_out(fitted, cut=any(is_shortened(section.diff) for section in below))),
        redacted=plan.is_redacted,
        full_report=report.full_report,
        policies=policies,
        mocks=report.mocks,
        html_report=report.html_report,
    )


def headline(summary: PlanSummary) -> str:
    """What the plan does, in words: `2 replaced, 1 destroyed`."""
    actions = Counter(change.action for change in summary.changes)
    counts = summary.verdict.counts
    # Others may be imported or moved as well, and Terraform's own sentence counts them all.
    only = {Action.IMPORT: counts.to_import, Action.MOVE: counts.to_move}
    noise = _only_noise(summary)
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
        deleted = sum(drift.resource.change.actions == ("delete",) for drift in summary.drift)
        kinds = ((len(summary.drift) - deleted, "changed"), (deleted, "deleted"))
        return f"{', '.join(f'{count:,} {word}' for count, word in kinds if count)} outside of Terraform"
    return said or ("only outputs change" if summary.outputs else "no changes")


def _only_noise(summary: PlanSummary) -> str | None:
    """What all updates are noise by, if they are; of very many, nobody has looked."""
    updates = [change for change in summary.changes if change.action is Action.UPDATE]
    kinds = {change.noise for change in updates} if len(updates) <= MOST_SORTED_BY_NOISE else set()
    return kinds.pop() if len(kinds) == 1 else None


def _notes(report: Report, policies: PoliciesView | None, tool: str) -> Iterator[NoteView]:
    plan, verdict = report.summary.plan, report.summary.verdict
    if report.failure:
        yield NoteView(kind="CAUTION", message=report.failure)
    if plan.errored:
        message = (
            f"Planning failed: {tool} planned what stands here, but then encountered a problem. The run has the error."
        )
        yield NoteView(kind="CAUTION", message=message)
    if policies and (note := policy_note(policies)):
        yield note
    if verdict.counts.unknown:
        unknown = verdict.counts.unknown
        have = f"{unknown:,} change{' has' if unknown == 1 else 's have'}"
        message = f"{have} an action that this version of tfc-plan-comment does not know: look at the run."
        yield NoteView(kind="WARNING", message=message)
    if failed := [check for check in plan.checks if check.status in {"fail", "error"}]:
        names = ", ".join(shown_address(check.address.to_display, report.summary.mask) for check in failed[:MOST_NAMES])
        more = f" and {len(failed) - MOST_NAMES:,} more" if len(failed) > MOST_NAMES else ""
        do = "check does" if len(failed) == 1 else "checks do"
        yield NoteView(kind="WARNING", message=f"{len(failed):,} {do} not pass, see below: {names}{more}.")
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


def _left_out(fitted: Fitted, *, cut: bool) -> list[str]:
    said = []
    if count := fitted.without_diff:
        stand = "change stands here without its" if count == 1 else "changes stand here without their"
        said.append(f"For want of room {count:,} {stand} details.")
    if count := fitted.by_address:
        stand = "change stands here with nothing but its" if count == 1 else "changes stand here with nothing but their"
        said.append(f"For want of room {count:,} {stand} address.")
    if count := fitted.counted:
        said.append(f"{count:,} {'change is' if count == 1 else 'changes are'} only counted here.")
    if fitted.shortened or cut:
        said.append("What is long is shortened.")
    return said


def render_failure(
    key: str, workspace: str | None, run: RunView | None, message: str, mocks: MocksView | None = None
) -> str:
    """The comment when there is no plan to show: `message` says why, and an earlier plan must not stand there still."""
    context = {"marker": _marker(key), "workspace": workspace, "run": run, "message": message, "mocks": mocks}
    return built_in("failure.md.j2").render(context)


def _marker(key: str) -> Inert:
    return Inert(marker(key))  # it holds none but safe characters
