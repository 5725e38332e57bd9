"""The summary as JSON, for programs: a documented contract (docs/summary.schema.json), masked like all else."""

from typing import Any

from tfc_plan_comment.plan.actions import heading, is_moved
from tfc_plan_comment.plan.attributes import AttributeChange, attribute_changes
from tfc_plan_comment.plan.document import Change, Check, ResourceChange
from tfc_plan_comment.plan.drift import Drift
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.plan.values import write_json
from tfc_plan_comment.report.changes import masked_address

FORMAT_VERSION = "1.0"
"""Grows in the minor part when something is added, in the major part when something changes its meaning."""


def summary_json(summary: PlanSummary) -> str:
    """The document, on one line."""
    plan, verdict, mask = summary.plan, summary.verdict, summary.mask
    return (
        write_json(
            {
                "format_version": FORMAT_VERSION,
                "terraform_version": plan.terraform_version,
                "plan_summary": verdict.sentence,
                "mode": verdict.mode.value,
                "has_changes": verdict.has_changes,
                "errored": bool(plan.errored),
                "counts": {name: getattr(verdict.counts, name) for name in verdict.counts.__dataclass_fields__},
                "changes": [_change(change) for change in summary.changes],
                "outputs": [
                    {"name": name, "actions": list(change.actions), "attributes": _attributes(change, mask)}
                    for name, change in sorted(plan.output_changes.items())
                    if change.actions != ("no-op",)
                ],
                "drift": [_drift(drift, mask) for drift in summary.drift],
                "checks": [_check(check, mask) for check in plan.checks],
            }
        )
        + "\n"
    )


def _change(change: PlannedChange) -> dict[str, Any]:
    resource = change.resource
    return {
        **_resource(resource, change.mask, drifted=False),
        "previous_address": masked_address(resource.previous_address or "", change.mask)
        if is_moved(resource)
        else None,
        "action": change.action.value,
        "importing": resource.change.importing is not None,
        "holds_data": change.holds_data,
    }


def _drift(drift: Drift, mask: Mask) -> dict[str, Any]:
    return {**_resource(drift.resource, mask, drifted=True), "relevant": drift.is_relevant}


def _resource(resource: ResourceChange, mask: Mask, *, drifted: bool) -> dict[str, Any]:
    return {
        "address": masked_address(resource.address, mask),
        "deposed": resource.deposed,
        "type": resource.type,
        "actions": list(resource.change.actions),
        "heading": masked_address(heading(resource, drifted=drifted), mask),
        "attributes": _attributes(resource.change, mask),
    }


def _attributes(change: Change, mask: Mask) -> list[dict[str, Any]]:
    return [_attribute(attribute) for attribute in attribute_changes(change, mask)]


def _attribute(attribute: AttributeChange) -> dict[str, Any]:
    return {name: getattr(attribute, name) for name in AttributeChange.__dataclass_fields__}


def _check(check: Check, mask: Mask) -> dict[str, Any]:
    return {
        "address": masked_address(check.address.to_display, mask),
        "kind": check.address.kind,
        "status": check.status,
        "problems": [mask.text(problem.message) for instance in check.instances for problem in instance.problems],
    }
