"""The cost estimate of a run, as HCP Terraform shows it.

Source: HCP Terraform API docs, "Cost Estimates", and go-tfe's OpenAPI file: amounts are decimal strings, and null
before it is finished.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class CostEstimate:
    """A cost estimate: each time it is read it takes the next of `statuses`, until the last."""

    prior: object = "4812.44"
    proposed: object = "4944.54"
    delta: object = "132.10"
    matched: int | None = 4
    unmatched: int | None = 0
    statuses: tuple[str, ...] = ("finished",)
    error: str | None = None


def cost_estimate_document(estimate_id: str, estimate: CostEstimate, times_read: int) -> dict[str, Any]:
    """`GET /cost-estimates/:id`."""
    status = estimate.statuses[min(times_read, len(estimate.statuses) - 1)]
    counts = (estimate.matched, estimate.unmatched)
    is_finished = status == "finished"
    return {
        "id": estimate_id,
        "type": "cost-estimates",
        "attributes": {
            "status": status,
            "error-message": estimate.error,
            "status-timestamps": {"queued-at": "2026-03-01T10:00:20+00:00"},
            "resources": {"matched": [], "unmatched": []},
            "resources-count": sum(each or 0 for each in counts),
            "matched-resources-count": estimate.matched,
            "unmatched-resources-count": estimate.unmatched,
            "prior-monthly-cost": estimate.prior if is_finished else None,
            "proposed-monthly-cost": estimate.proposed if is_finished else None,
            "delta-monthly-cost": estimate.delta if is_finished else None,
        },
    }
