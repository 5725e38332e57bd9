"""The cost estimate of a run: what its resources cost in a month, before and after, as HCP Terraform estimates it.

Amounts are exact decimals, as the API gives them. It names no currency; Terraform writes `$`.
Sources: HCP Terraform API docs, "Cost Estimates"; go-tfe's OpenAPI file for the statuses; hashicorp/terraform,
internal/cloud: costEstimate, for an estimate that never comes.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from enum import StrEnum

import msgspec

from tfc_plan_comment.unprinted import Unprinted


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


class CostStatusFacts(msgspec.Struct, frozen=True, kw_only=True):
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


MOST_DIGITS = 15
"""Digits before the decimal point of an amount that we believe; what is larger is not known."""
LEAST_DIGIT = -30
"""The last decimal place that is read."""


def is_amount(amount: Decimal) -> bool:
    """True if it can be written; `Infinity` and `1E+1000000` are decimals as well."""
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and (not amount or (amount.adjusted() < MOST_DIGITS and exponent >= LEAST_DIGIT))


class Amounts(msgspec.Struct, frozen=True, kw_only=True):
    """The difference that a plan makes to a month, in dollars, and the month before and after, as far as known."""

    delta: Decimal
    prior: Decimal | None = None
    proposed: Decimal | None = None

    @property
    def both(self) -> tuple[Decimal, Decimal] | None:
        """The month before and after; None if one of them is not known."""
        return None if self.prior is None or self.proposed is None else (self.prior, self.proposed)

    @property
    def is_known(self) -> bool:
        """True if all that is given can be written."""
        return all(is_amount(each) for each in (self.delta, self.prior, self.proposed) if each is not None)


def add_up(amounts: Iterable[Amounts]) -> Amounts | None:
    """The sum of all of them, exactly; None if there are none. A month is added up only where each has it."""
    each = [amount for amount in amounts if amount.is_known]
    months = [amount.both for amount in each]
    known = [month for month in months if month is not None] if None not in months else []
    with localcontext(prec=MOST_DIGITS - LEAST_DIGIT + len(str(len(each)))):
        if not each:
            return None
        return Amounts(
            delta=sum((amount.delta for amount in each), Decimal(0)),
            prior=sum((prior for prior, _ in known), Decimal(0)) if known else None,
            proposed=sum((proposed for _, proposed in known), Decimal(0)) if known else None,
        )


class CostEstimate(Unprinted, frozen=True, kw_only=True):
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
    error: str = ""

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

    @property
    def amounts(self) -> Amounts | None:
        """The difference with what is known of the months; None if it is not known."""
        delta = self.delta
        return None if delta is None else Amounts(delta=delta, prior=self.prior, proposed=self.proposed)
