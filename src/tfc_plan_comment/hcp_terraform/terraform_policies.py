"""The evaluations of Terraform policies (beta) of a run, as far as they are documented.

Sources: go-tfe's OpenAPI file, `tf-policy-evaluations`; hashicorp/terraform, internal/cloud:
backend_tfPolicyEvaluation.go.
"""

from collections.abc import Iterator

from msgspec import Struct

from tfc_plan_comment.findings.policies import Evaluation, Policy, Status
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import Many, Unread, path_of
from tfc_plan_comment.hcp_terraform.policy_counts import Counts
from tfc_plan_comment.hcp_terraform.policy_outcomes import add_details, page_query
from tfc_plan_comment.hcp_terraform.session import Session


class _Error(Struct):
    summary: str | None = None
    detail: str | None = None


class _Attributes(Struct, rename="kebab"):
    status: str
    stage_type: str | None = None
    result_count: Counts | None = None
    error: _Error | None = None


def read_terraform_policies(session: Session, run_id: str, *, what: str) -> Iterator[Evaluation]:
    """The evaluations that belong to the plan; those of the apply are listed beside them. Raises HcpTerraformError."""
    path = f"{path_of('runs', run_id, 'tf-policy-evaluations')}?{page_query(1)}"
    for data in session.read(path, Many[_Attributes, Unread], what=what).data:
        if "apply" not in (data.attributes.stage_type or "").lower():
            yield _evaluation(session, data.id, data.attributes, what=what)


def _evaluation(session: Session, evaluation_id: str, attributes: _Attributes, *, what: str) -> Evaluation:
    counts = attributes.result_count or Counts()
    evaluation = Evaluation(
        id=evaluation_id,
        status=one_line(attributes.status),
        passed=counts.passed or 0,
        failed=counts.failed,
        errored=counts.errored or 0,
        undetermined=counts.unknown or 0,
    )
    return add_details(
        session,
        evaluation,
        path_of("tf-policy-evaluations", evaluation_id, "tf-policy-set-outcomes"),
        what=what,
        first=_failed_to_run(attributes.error),
    )


def _failed_to_run(error: _Error | None) -> tuple[Policy, ...]:
    """Why none of them could be evaluated."""
    words = ": ".join(filter(None, (error.summary, error.detail))) if error else ""
    if not words:
        return ()
    name = "Terraform policies"
    return (Policy(name="", policy_set=name, status=Status.ERRORED, enforcement_level="", output=words),)
