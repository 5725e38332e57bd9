"""What a step asks for: as little as can be, whatever the run has."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tfc_sandbox.cost_estimates import CostEstimate
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.runner import StepResult
from tfc_sandbox.runs import Script
from tfc_sandbox.task_stages import TaskResult

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Golden = Callable[[str], bytes]

FINISHED = Script(plan_statuses=("finished",), commit_sha="a" * 40)
FAILED = PolicyResults(
    policy_sets=(PolicySet(name="s", policies=(Policy(name="a", status="failed"),)),), statuses=("failed",)
)


TASKS = (TaskResult(name="scanner", status="failed"), TaskResult(name="early", stage="pre_plan"))
LATER = TaskResult(name="later", status="pending", stage="pre_apply")


@pytest.mark.parametrize(
    ("script", "most"),
    [
        (FINISHED, 3),  # the run, the plan's JSON, the run's events
        (replace(FINISHED, plan_statuses=("running", "finished")), 4),  # and the run after its plan
        (replace(FINISHED, cost_estimate=CostEstimate()), 3),  # it comes along with the run
        (replace(FINISHED, policy_evaluations=(FAILED,)), 5),  # the stage, and what each set says
        (replace(FINISHED, policy_checks=(FAILED,)), 4),
        (replace(FINISHED, terraform_policies=(FAILED,)), 5),
        (replace(FINISHED, task_results=(*TASKS, LATER)), 5),  # each stage that the run has come to
        (replace(FINISHED, run_status="errored", stage_status="failed", task_results=TASKS), 5),
        (
            Script(
                plan_statuses=("running", "finished"),
                policy_checks=(FAILED,),
                policy_evaluations=(FAILED,),
                task_results=(*TASKS, LATER),
                cost_estimate=CostEstimate(),
            ),
            8,
        ),
    ],
)
def test_of_one_run(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, step: Step, github: GitHubSandbox, golden: Golden, script: Script, most: int
) -> None:
    """Beyond looking at the plan, and with a comment to update."""
    server = serve("drift", script=script)
    step(server)
    server.add_run(golden("drift"), script=script)
    github.comments[0].body = github.comments[0].body.replace("Terraform plan", "Earlier plan")
    server.requests.clear()
    github.requests.clear()

    done = step(server)

    assert done.outputs["comment-result"] == "updated"
    assert sum("/plans/plan-" not in each.path or "json-output" in each.path for each in server.requests) == most
    assert len(github.requests) <= 3
