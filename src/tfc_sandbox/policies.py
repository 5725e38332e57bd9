"""The policies of a run as HCP Terraform shows them: policy checks, and policy evaluations in a task stage.

Sources: HCP Terraform API docs, "Policy Checks" and "Policy Evaluations". The hash
`sentinel` of a policy check is not documented; it has the form that people have published.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """One policy, and what became of it."""

    name: str
    status: str = "passed"
    enforcement_level: str = "mandatory"
    description: str = ""
    output: object = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicySet:
    """A policy set; `error` is why it could not be evaluated as a whole, `warnings` what is odd about it."""

    name: str
    policies: tuple[Policy, ...] = ()
    error: str = ""
    warnings: tuple[str, ...] = ()
    overridable: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyResults:
    """A policy check or a policy evaluation: each time it is listed it takes the next of `statuses`, until the last.

    Only that one says what became of the policies.
    """

    policy_sets: tuple[PolicySet, ...] = ()
    statuses: tuple[str, ...] = ("passed",)
    kind: str = "opa"
    stage_type: str = "Plan"  # of Terraform policies

    def status(self, times_read: int) -> str:
        """The status at this look, which is counted from 0."""
        return self.statuses[min(times_read, len(self.statuses) - 1)]

    def counts(self, times_read: int) -> Mapping[str, int] | None:
        """The numbers of policies, by status and enforcement level; None while that is not decided."""
        if times_read < len(self.statuses) - 1:
            return None
        policies = [policy for policy_set in self.policy_sets for policy in policy_set.policies]
        errors = sum(bool(policy_set.error) for policy_set in self.policy_sets)
        counts = Counter(
            f"{policy.enforcement_level} failed" if policy.status == "failed" else policy.status for policy in policies
        )
        counts["errored"] += errors
        return counts


def policy_check_document(check_id: str, check: PolicyResults, times_read: int) -> dict[str, Any]:
    """One of `GET /runs/:id/policy-checks`."""
    counts = check.counts(times_read)
    result = None
    if counts is not None:
        failed = {
            "hard-failed": counts["hard-mandatory failed"],
            "soft-failed": counts["soft-mandatory failed"],
            "advisory-failed": counts["advisory failed"],
        }
        result = {
            "result": not sum(failed.values()),
            "passed": counts["passed"],
            "total-failed": sum(failed.values()),
            **failed,
            "duration-ms": 0,
            "sentinel": {"data": {each.name: _sentinel_hash(each) for each in check.policy_sets}},
        }
    return {
        "id": check_id,
        "type": "policy-checks",
        "attributes": {
            "result": result,
            "scope": "workspace",
            "status": check.status(times_read),
            "actions": {"is-overridable": False},
            "permissions": {"can-override": False},
        },
        "links": {"output": f"/api/v2/policy-checks/{check_id}/output"},
    }


def terraform_policies_document(evaluation_id: str, evaluation: PolicyResults, times_read: int) -> dict[str, Any]:
    """One of `GET /runs/:id/tf-policy-evaluations` (beta; go-tfe's OpenAPI file)."""
    counts = evaluation.counts(times_read) or Counter()
    return {
        "id": evaluation_id,
        "type": "tf-policy-evaluations",
        "attributes": {
            "status": evaluation.status(times_read),
            "stage-type": evaluation.stage_type,
            "result-count": _result_count(counts) | {"unknown": counts["unknown"]},
            "error": None,
            "actions": {"is-overridable": False},
            "permissions": {"can-override": False},
        },
    }


def policy_evaluation_document(
    evaluation_id: str, evaluation: PolicyResults, times_read: int, *, stage_id: str
) -> dict[str, Any]:
    """One of `GET /task-stages/:id/policy-evaluations`."""
    return {
        "id": evaluation_id,
        "type": "policy-evaluations",
        "attributes": {
            "status": evaluation.status(times_read),
            "policy-kind": evaluation.kind,
            "policy-tool-version": "0.44.0",
            "result-count": _result_count(evaluation.counts(times_read) or Counter()),
        },
        "relationships": {
            "policy-attachable": {"data": {"id": stage_id, "type": "task-stages"}},
            "policy-set-outcomes": {
                "links": {"related": f"/api/v2/policy-evaluations/{evaluation_id}/policy-set-outcomes"}
            },
        },
    }


def policy_set_outcome_document(policy_set: PolicySet, *, evaluation_id: str) -> dict[str, Any]:
    """One of `GET /policy-evaluations/:id/policy-set-outcomes`. The keys of an outcome have underscores."""
    counts = PolicyResults(policy_sets=(policy_set,)).counts(0) or Counter()
    return {
        "id": f"psout-{policy_set.name}",
        "type": "policy-set-outcomes",
        "attributes": {
            "outcomes": [
                {
                    "enforcement_level": policy.enforcement_level,
                    "query": "data.terraform.main.main",
                    "status": policy.status,
                    "policy_name": policy.name,
                    "description": policy.description,
                    "output": policy.output,
                }
                for policy in policy_set.policies
            ],
            "error": policy_set.error,
            "warnings": list(policy_set.warnings),
            "overridable": policy_set.overridable,
            "policy-set-name": policy_set.name,
            "policy-set-description": None,
            "result-count": _result_count(counts),
            "policy-tool-version": "0.54.0",
        },
        "relationships": {"policy-evaluation": {"data": {"id": evaluation_id, "type": "policy-evaluations"}}},
    }


def page_document(documents: Sequence[object], *, number: int, size: int) -> dict[str, Any]:
    """One page of a list, and where the next one is (docs, "Pagination")."""
    last = max(1, -(-len(documents) // size))
    pagination = {
        "current-page": number,
        "page-size": size,
        "prev-page": number - 1 or None,
        "next-page": number + 1 if number < last else None,
        "total-pages": last,
        "total-count": len(documents),
    }
    return {"data": documents[(number - 1) * size : number * size], "meta": {"pagination": pagination}}


def _result_count(counts: Mapping[str, int]) -> dict[str, int]:
    return {
        "advisory-failed": counts["advisory failed"],
        "errored": counts["errored"],
        "mandatory-failed": counts["mandatory failed"],
        "passed": counts["passed"],
    }


def _sentinel_hash(policy_set: PolicySet) -> dict[str, Any]:
    return {
        "can-override": all(policy.enforcement_level != "hard-mandatory" for policy in policy_set.policies),
        "error": policy_set.error or None,
        "policies": [
            {
                "allowed-failure": policy.enforcement_level == "advisory",
                "error": policy.output if policy.status == "errored" else None,
                "policy": f"{policy_set.name}/{policy.name}",
                "result": policy.status == "passed",
                "trace": {
                    "description": policy.description,
                    "error": None,
                    "print": policy.output if isinstance(policy.output, str) else "",
                    "result": policy.status == "passed",
                    "rules": {"main": {"desc": "", "value": policy.status == "passed"}},
                },
            }
            for policy in policy_set.policies
        ],
    }
