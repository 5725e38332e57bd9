"""What a step asks for: as little as can be, whatever the run has."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet, TaskResult
from tfc_sandbox.runner import StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

FINISHED = Script(plan_statuses=("finished",), commit_sha="a" * 40)
FAILED = PolicyResults(
    policy_sets=(PolicySet(name="s", policies=(Policy(name="a", status="failed"),)),), statuses=("failed",)
)


@pytest.mark.parametrize(
    ("script", "most"),
    [
        (FINISHED, 4),  # the run before and after its plan, the plan's JSON, the run's events
        (replace(FINISHED, policy_evaluations=(FAILED,)), 7),  # the stages, the evaluations, and what each set says
        (replace(FINISHED, policy_checks=(FAILED,)), 5),
        (replace(FINISHED, terraform_policies=(FAILED,)), 6),
        (replace(FINISHED, policy_checks=(FAILED,), policy_evaluations=(FAILED,)), 8),
        (
            replace(FINISHED, run_status="errored", stage_status="failed", task_results=(TaskResult(name="t"),)),
            7,  # the stages, for policies and for tasks, and the tasks of the one that failed
        ),
    ],
)
def test_of_one_run(serve: Serve, step: Step, github: GitHubSandbox, script: Script, most: int) -> None:
    """Beyond looking at the plan, and with a comment to update."""
    server = serve("drift", script=script)
    step(server)
    github.comments[0].body = github.comments[0].body.replace("Terraform plan", "Earlier plan")
    server.requests.clear()
    github.requests.clear()

    done = step(server)

    assert done.outputs["comment-result"] == "updated"
    assert len(server.requests) == most + 1
    assert len(github.requests) <= 3
