"""What stands below the changes: outputs, drift, checks, deferred changes, action invocations."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tfc_plan_comment.plan.actions import Action, display_address, heading
from tfc_plan_comment.plan.diff import Added, Removed
from tfc_plan_comment.plan.document import ActionInvocation, Check
from tfc_plan_comment.plan.drift import Drift
from tfc_plan_comment.plan.summary import OutputChange, PlanSummary
from tfc_plan_comment.plan.verdict import Mode
from tfc_plan_comment.report.changes import masked_address
from tfc_plan_comment.report.diff_lines import part_lines, path_to, resource_lines
from tfc_plan_comment.report.fit import first_lines
from tfc_plan_comment.report.hcl import Limits, inline, name
from tfc_plan_comment.report.markdown import visible
from tfc_plan_comment.report.view import SectionView

OPEN_LINES = 40
"""A section that is this short and is what the plan is about stands open."""


def sections(summary: PlanSummary, limits: Limits, room: int) -> tuple[SectionView, ...]:
    """All sections that have something to say, each in at most `room` characters; what is cut is counted."""
    all_sections = (
        _checks(summary),
        _invocations(summary, limits),
        _outputs(summary, limits),
        _deferred(summary),
        _relevant_drift(summary, limits),
        _other_drift(summary),
    )
    return tuple(_within(section, room) for section in all_sections if section is not None)


def _section(title: str, lines: Iterable[str], *, is_open: bool = False) -> SectionView | None:
    written = list(lines)
    return (
        SectionView(title=title, diff="\n".join(written), open=is_open and len(written) <= OPEN_LINES)
        if written
        else None
    )


def _within(section: SectionView, room: int) -> SectionView:
    shown = first_lines(section.diff, room)
    return section if shown == section.diff else replace(section, diff=shown, open=False)


def _counted(*counts: tuple[int, str]) -> str:
    return ", ".join(f"{count:,} {word}" for count, word in counts if count)


def _outputs(summary: PlanSummary, limits: Limits) -> SectionView | None:
    differences = [output.part.difference for output in summary.outputs]
    new = sum(isinstance(difference, Added) for difference in differences)
    gone = sum(isinstance(difference, Removed) for difference in differences)
    counts = _counted((new, "new"), (len(differences) - new - gone, "changed"), (gone, "gone"))
    lines = (line for output in summary.outputs for line in _output_lines(output, limits))
    return _section(f"Outputs: {counts}", lines, is_open=not summary.changes)


def _output_lines(output: OutputChange, limits: Limits) -> Iterator[str]:
    return part_lines(output.part, path_to(output.part), limits)


def _checks(summary: PlanSummary) -> SectionView | None:
    failing = [check for check in summary.plan.checks if check.status in {"fail", "error"}]
    statuses = Counter(check.status for check in summary.plan.checks)
    if not failing:
        return None
    passed, unknown = statuses["pass"], statuses["unknown"]
    others = statuses.total() - len(failing) - passed - unknown
    counts = _counted(
        (len(failing), "failed"),
        (passed, "passed"),
        (unknown, "known after apply"),
        (others, "with an unknown status"),
    )
    lines = (line for check in failing for line in _check_lines(check, summary))
    return _section(f"Checks: {counts}", lines, is_open=True)


def _check_lines(check: Check, summary: PlanSummary) -> Iterator[str]:
    failing = [instance for instance in check.instances if instance.status in {"fail", "error"}]
    for instance in failing:
        address = instance.address.to_display or check.address.to_display
        yield f"! {visible(masked_address(address, summary.mask))}: {instance.status}"
        for problem in instance.problems:
            for line in summary.mask.text(problem.message).splitlines():
                yield f"  │ {line}"
    if not failing:
        yield f"! {visible(masked_address(check.address.to_display, summary.mask))}: {check.status}"


_DEFERRED_REASONS = {
    "instance_count_unknown": "the number of resource instances is unknown",
    "resource_config_unknown": "the resource configuration is unknown",
    "provider_config_unknown": "the provider configuration is unknown",
    "deferred_prereq": "a prerequisite for this resource is deferred",
    "absent_prereq": "a prerequisite for this resource has not yet been created",
}


def _deferred(summary: PlanSummary) -> SectionView | None:
    deferred = summary.plan.deferred_changes
    actions = summary.plan.deferred_action_invocations
    lines = [
        f"  {visible(masked_address(display_address(each.resource_change), summary.mask))} was deferred: "
        f"{_DEFERRED_REASONS.get(each.reason, 'for an unknown reason')}"
        for each in deferred
    ]
    lines += [
        f"  {visible(masked_address(each.action_invocation.address, summary.mask))} was deferred" for each in actions
    ]
    return _section(f"Deferred to a later plan: {len(lines)}", lines, is_open=True)


def _invocations(summary: PlanSummary, limits: Limits) -> SectionView | None:
    lines = (line for each in summary.plan.action_invocations for line in _invocation_lines(each, summary, limits))
    return _section(f"Actions to invoke: {len(summary.plan.action_invocations)}", lines, is_open=True)


def _invocation_lines(each: ActionInvocation, summary: PlanSummary, limits: Limits) -> Iterator[str]:
    trigger = each.lifecycle_action_trigger
    when = f" for {masked_address(trigger.triggering_resource_address, summary.mask)}" if trigger else ""
    yield f"! {visible(masked_address(each.address, summary.mask))} will be invoked{visible(when)}"
    config = summary.mask.value(each.config_values, each.config_sensitive, each.config_unknown)
    for key, value in config.items() if isinstance(config, dict) else ():
        if value is not None:
            yield f"    {name(key)} = {inline(value, limits)}"


def _relevant_drift(summary: PlanSummary, limits: Limits) -> SectionView | None:
    relevant = [drift for drift in summary.drift if drift.is_relevant]
    lines = (line for drift in relevant for line in ("", *_drift_lines(drift, summary, limits)))
    next(lines, None)  # an empty line stands between two objects
    led = "" if summary.verdict.mode is Mode.REFRESH_ONLY else ", which led to changes of this plan"
    title = f"Changed outside of Terraform: {_objects(len(relevant))}{led}"
    return _section(title, lines, is_open=True)


def _drift_lines(drift: Drift, summary: PlanSummary, limits: Limits) -> Iterator[str]:
    yield f"  # {visible(masked_address(heading(drift.resource, drifted=True), summary.mask))}"
    if drift.resource.change.actions == ("update",):
        yield from resource_lines(drift.diff, limits)


def _other_drift(summary: PlanSummary) -> SectionView | None:
    """What changed outside and is no reason of this plan's, first what the plan changes again: back, perhaps."""
    others = [drift.resource for drift in summary.drift if not drift.is_relevant]
    if not others:
        return None
    changed = {
        change.resource.address for change in summary.changes if change.action in {Action.UPDATE, Action.REPLACE}
    }
    others.sort(key=lambda resource: resource.address not in changed)
    lines = [
        f"  {visible(masked_address(heading(resource, drifted=True), summary.mask))}"
        + (", and this plan changes it" if resource.address in changed else "")
        for resource in others
    ]
    also = "Also changed" if len(others) < len(summary.drift) else "Changed"
    return _section(f"{also} outside of Terraform: {_objects(len(others))}", lines)


def _objects(count: int) -> str:
    return f"{count:,} object{'' if count == 1 else 's'}"
