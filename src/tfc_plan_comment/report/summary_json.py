"""The summary as JSON, for programs: a documented contract (docs/summary.schema.json), masked like all else."""

from collections.abc import Iterator
from typing import Any

from tfc_plan_comment.plan.actions import heading, is_moved
from tfc_plan_comment.plan.attributes import attribute_changes
from tfc_plan_comment.plan.document import Check, ResourceChange
from tfc_plan_comment.plan.drift import Drift
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.plan.values import write_json
from tfc_plan_comment.report.addresses import mask_address

FORMAT_VERSION = "1.0"
"""Grows in the minor part when something is added, in the major part when something changes its meaning."""


def summary_json(summary: PlanSummary) -> Iterator[str]:
    """The document piece by piece, each as soon as it is made, so that only one change's attributes are in memory."""
    plan, verdict, mask = summary.plan, summary.verdict, summary.mask
    facts = {
        "format_version": FORMAT_VERSION,
        "terraform_version": plan.terraform_version,
        "plan_summary": verdict.sentence,
        "mode": verdict.mode.value,
        "has_changes": verdict.has_changes,
        "errored": bool(plan.errored),
        "counts": verdict.counts,
    }
    outputs = [(name, change) for name, change in sorted(plan.output_changes.items()) if change.actions != ("no-op",)]
    lists: dict[str, Iterator[dict[str, Any]]] = {
        "changes": (_change(change) for change in summary.changes),
        "outputs": (
            {"name": name, "actions": change.actions, "attributes": list(attribute_changes(change, mask))}
            for name, change in outputs
        ),
        "drift": (_drift(drift, mask) for drift in summary.drift),
        "checks": (_check(check, mask) for check in plan.checks),
    }
    yield write_json(facts)[:-1]
    for name, items in lists.items():
        yield f',"{name}":['
        for number, item in enumerate(items):
            yield f"{',' if number else ''}{write_json(item)}"
        yield "]"
    yield "}\n"


def _change(change: PlannedChange) -> dict[str, Any]:
    resource = change.resource
    return {
        **_resource(resource, change.mask, drifted=False),
        "previous_address": mask_address(resource.previous_address or "", change.mask) if is_moved(resource) else None,
        "action": change.action.value,
        "importing": resource.change.importing is not None,
        "holds_data": change.holds_data,
    }


def _drift(drift: Drift, mask: Mask) -> dict[str, Any]:
    return {**_resource(drift.resource, mask, drifted=True), "relevant": drift.is_relevant}


def _resource(resource: ResourceChange, mask: Mask, *, drifted: bool) -> dict[str, Any]:
    return {
        "address": mask_address(resource.address, mask),
        "deposed": resource.deposed,
        "type": resource.type,
        "actions": resource.change.actions,
        "heading": mask_address(heading(resource, drifted=drifted), mask),
        "attributes": list(attribute_changes(resource.change, mask)),
    }


def _check(check: Check, mask: Mask) -> dict[str, Any]:
    return {
        "address": mask_address(check.address.to_display, mask),
        "kind": check.address.kind,
        "status": check.status,
        "problems": [mask.text(problem.message) for instance in check.instances for problem in instance.problems],
    }
