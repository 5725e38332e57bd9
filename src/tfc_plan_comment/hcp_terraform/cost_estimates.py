"""The cost estimate of a run: as it comes along with the run, or by itself.

Source: HCP Terraform API docs, "Cost Estimates", whose sample wraps `data` in a list, and go-tfe's OpenAPI file, where
it is one object.
"""

from decimal import Decimal

import msgspec
from msgspec import Struct

from tfc_plan_comment.errors import UnexpectedAnswer
from tfc_plan_comment.findings.cost import CostEstimate, CostStatus, is_amount
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import path_of
from tfc_plan_comment.hcp_terraform.session import Session


class _Attributes(Struct, frozen=True, rename="kebab"):
    """Amounts are decimal strings, of which nobody makes a float on the way."""

    status: str | None = None
    prior_monthly_cost: Decimal | None = None
    proposed_monthly_cost: Decimal | None = None
    delta_monthly_cost: Decimal | None = None
    matched_resources_count: int | None = None
    resources_count: int | None = None
    error_message: str | None = None


class _Resource(Struct, frozen=True):
    attributes: _Attributes


class _Document(Struct, frozen=True):
    data: _Resource | tuple[_Resource, ...]


def read_cost_estimate(session: Session, estimate_id: str, *, run_id: str) -> CostEstimate:
    """The estimate, with one request. Raises HcpTerraformError."""
    what = to_read(run_id)
    data = session.read(path_of("cost-estimates", estimate_id), _Document, what=what).data
    resource = data if isinstance(data, _Resource) else next(iter(data), None)
    if resource is None:
        raise UnexpectedAnswer(f"Cannot {what}", "the answer holds none")
    return _estimate(resource.attributes)


def cost_estimate_of(attributes: msgspec.Raw) -> CostEstimate | None:
    """The estimate that comes along with a run; None if that makes no sense."""
    try:
        return _estimate(msgspec.json.decode(attributes, type=_Attributes))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def to_read(run_id: str) -> str:
    """The work that fails, in messages: it follows "Cannot"."""
    return f"read the cost estimate of run {run_id}"


def _estimate(attributes: _Attributes) -> CostEstimate:
    return CostEstimate(
        status=one_line(attributes.status or CostStatus.UNKNOWN),
        prior=_amount(attributes.prior_monthly_cost),
        proposed=_amount(attributes.proposed_monthly_cost),
        given_delta=_amount(attributes.delta_monthly_cost),
        estimated=attributes.matched_resources_count,
        resources=attributes.resources_count,
        error=attributes.error_message or "",
    )


def _amount(amount: Decimal | None) -> Decimal | None:
    return amount if amount is not None and is_amount(amount) else None
