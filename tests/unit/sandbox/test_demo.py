"""Each scenario of the demo ends as it has to, and its comment shows what the scenario is there for."""

import io
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tfc_plan_comment.__main__ import main
from tfc_sandbox.clock import Clock
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult, step_result
from tfc_sandbox.scenarios import OPENED, PULL_REQUEST, SCENARIOS, Push, play

SHOWN = {
    "push": [
        "## Terraform plan for <code>prod</code>: destroys 2 resources with data, 2 changes deserve a look\n",
        "**Since the plan of <code>a1b2c3d</code>**\nnew: replaces <code>aws_dynamodb_table.locks</code>",
        "Policies: 5 passed\n",
    ],
    "many": [
        "## Terraform, 6 workspaces: <code>prod</code> destroys 2 resources with data, <code>billing</code>: planning",
        "<b>+<span>$</span>132.10 a month</b>",
        "> <b>prod</b>: 1 mandatory policy failed: restrict-ingress",
        "> <b>billing</b>: planning failed: Incorrect attribute value type",
        "> <b>staging</b>: Run task <b>Snyk</b> (advisory) failed",
        "**Since the plans of <code>a1b2c3d</code>**\n<b>prod</b> new: replaces",
        "<b>dev</b>: 6 changed (tags only)",
        "✅ <b>dns</b>, <b>network</b>: no changes",
        "All 23 changes and 4 outputs of the 5 plans are listed above; billing has no plan.",
    ],
    "failed": [
        "## Terraform plan for <code>prod</code>: planning failed\n",
        "<code>main.tf</code> line 24, in <code>aws_cloudwatch_log_group.app</code>",
        "Planning stopped at <code>aws_sns_topic.alerts</code>: There is nothing to alert about",
        "<summary>Warnings in the log: 1</summary>",
    ],
    "policies": [
        "> 1 mandatory policy failed: restrict-ingress (“port 22 is open to 0",
        "> 1 mandatory policy that failed was overridden.<br>1 advisory policy failed: retain-logs.<br>",
        "<br>Policy sets warn: “baseline: OPA 0.44 is deprecated. Choose 0.54 or newer”.<br>",
        "<br>Run task <b>Snyk</b> (advisory) failed: “1 high and 1 medium issue”",
        "<br>HCP Terraform warns: “The policy set 'legacy' was ignored",
        "<b>+<span>$</span>132.10 a month</b>",
        "4 of 6 resources estimated",
    ],
    "applied": [
        "## Terraform plan for <code>prod</code>: applied: 4 added, 6 changed, 3 destroyed\n",
        "Run</a> of <code>c3d4e5f</code>, applied",
        "Policies: 5 passed\n\n> [!NOTE]\n> This plan was applied on 2026-03-01 at 10:05 UTC: ",
        "Same plan as <code>a1b2c3d</code>",
    ],
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_a_scenario_shows(name: str, tmp_path: Path) -> None:
    """There is one comment, each step has its exit code, and all that the scenario is about stands there."""
    scenario, clock = SCENARIOS[name], Clock()

    def run_step(push: Push, inputs: Mapping[str, str]) -> StepResult:
        environment = push.at(runner).prepare(push.commit, inputs)
        log = io.StringIO()
        with redirect_stdout(log):
            exit_code = main(environment, sleep=clock.sleep, clock=clock)
        return step_result(environment, exit_code, log.getvalue())

    with (
        HcpTerraformSandbox(clock=clock) as hcp_terraform,
        GitHubSandbox([PullRequest(number=PULL_REQUEST, head_sha=OPENED)]) as github,
    ):
        runner = Runner(folder=tmp_path, api_url=github.api_url)
        steps = play(scenario, hcp_terraform, github, run_step)

    assert [step.exit_code for step in steps] == [push.exit_code for push in scenario.pushes]
    (comment,) = github.comments
    assert [words for words in SHOWN[name] if words not in comment.body] == []
