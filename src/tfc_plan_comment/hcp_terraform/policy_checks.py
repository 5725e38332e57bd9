"""The policy checks of a run: Sentinel's policies, as HCP Terraform itself evaluates them.

Source: HCP Terraform API docs, "Policy Checks".
"""

from collections.abc import Iterator

from msgspec import Struct

from tfc_plan_comment.findings.policies import Evaluation, Level
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import Many, Unread, path_of
from tfc_plan_comment.hcp_terraform.policy_counts import Counts
from tfc_plan_comment.hcp_terraform.sentinel_result import policies_of
from tfc_plan_comment.hcp_terraform.session import Session


class _Attributes(Struct):
    status: str
    result: Counts | None = None


def read_policy_checks(session: Session, run_id: str, *, what: str) -> Iterator[Evaluation]:
    """The policy checks: all of them, for the list has pages only if they are asked for. Raises HcpTerraformError."""
    for data in session.read(path_of("runs", run_id, "policy-checks"), Many[_Attributes, Unread], what=what).data:
        counts = data.attributes.result or Counts()
        failed = counts.failed
        # A check does not say which of its policies are soft-mandatory, only how many of them failed.
        levels = [level for level in failed if level.facts.stops_run]
        mandatory = levels[0] if len(levels) == 1 else Level.MANDATORY
        yield Evaluation(
            id=data.id,
            status=one_line(data.attributes.status),
            passed=counts.passed or 0,
            failed=failed,
            errored=counts.errored or 0,
            policies=tuple(policies_of(counts.sentinel, mandatory)),
        )
