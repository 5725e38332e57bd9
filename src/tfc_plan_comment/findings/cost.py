"""The cost estimate of a run: what its resources cost in a month, before and after, as HCP Terraform estimates it.

Amounts are exact decimals, as the API gives them. It names no currency; Terraform writes `$`.
Sources: HCP Terraform API docs, "Cost Estimates"; go-tfe's OpenAPI file for the statuses; hashicorp/terraform,
internal/cloud: costEstimate, for an estimate that never comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class CostStatus(StrEnum):
    """The status of a cost estimate."""

    PENDING = "pending"
    QUEUED = "queued"
    FINISHED = "finished"
    CANCELED = "canceled"
    ERRORED = "errored"
    SKIPPED_DUE_TO_TARGETING = "skipped_due_to_targeting"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped: the run ended"
    """Our own word for what is not decided where the run has ended: it never will be."""
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, _: object) -> "CostStatus":
        return cls.UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class CostStatusFacts:
    """Once `decided` it stays as it is. `no_result` says why there is no estimate, behind `Cost:`."""

    decided: bool = True
    no_result: str = ""


STATUSES: Mapping[CostStatus, CostStatusFacts] = {
    CostStatus.PENDING: CostStatusFacts(decided=False),
    CostStatus.QUEUED: CostStatusFacts(decided=False),
    CostStatus.FINISHED: CostStatusFacts(),
    CostStatus.CANCELED: CostStatusFacts(no_result="not estimated (canceled)"),
    CostStatus.ERRORED: CostStatusFacts(no_result="not estimated (errored)"),
    CostStatus.SKIPPED_DUE_TO_TARGETING: CostStatusFacts(no_result="not estimated: the plan is limited to targets"),
    CostStatus.UNREACHABLE: CostStatusFacts(no_result=str(CostStatus.SKIPPED)),
    CostStatus.SKIPPED: CostStatusFacts(no_result=str(CostStatus.SKIPPED)),
    CostStatus.UNKNOWN: CostStatusFacts(decided=False),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CostEstimate:
    """An estimate, in dollars a month; an amount that nobody knows is None. The status is a text as the API has it.

    `estimated` of the `resources` have a known price: of many kinds of resources there is none. `error` is why there is
    no estimate, in HCP Terraform's words, and may name anything in the plan.
    """

    status: str
    prior: Decimal | None = None
    proposed: Decimal | None = None
    given_delta: Decimal | None = None
    estimated: int | None = None
    resources: int | None = None
    error: str = field(default="", repr=False)

    @property
    def facts(self) -> CostStatusFacts:
        """The facts on its status."""
        return STATUSES[CostStatus(self.status)]

    @property
    def is_finished(self) -> bool:
        """True if there is an estimate."""
        return self.status == CostStatus.FINISHED

    @property
    def delta(self) -> Decimal | None:
        """The amount by which the month becomes dearer, or cheaper if it is negative; None if that is not known.

        Where none of the resources has a known price, a difference of nothing says nothing.
        """
        if not self.is_finished:
            return None
        delta = self.given_delta
        if delta is None and self.prior is not None and self.proposed is not None:
            delta = self.proposed - self.prior
        return None if not delta and self.estimated == 0 else delta
