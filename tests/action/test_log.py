"""The log of a step: what it waits for, and how it ends."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

FINISHED = Script(plan_statuses=("finished",))


def waiting_in(log: str) -> list[str]:
    """The lines of the group about the waiting."""
    _, found, rest = log.partition("::group::Waiting for the plan\n")
    assert found
    lines, found, _ = rest.partition("\n::endgroup::")
    assert found
    return lines.splitlines()


def ending_of(log: str) -> list[str]:
    """The lines after the plan was read."""
    return log.partition("Plan JSON: ")[2].splitlines()[1:]


class TestWaiting:
    """While the plan is not there yet."""

    def test_a_line_for_each_status(self, serve: Serve, step: Step) -> None:
        """What it is, since when, and how long it may take; all of it in one group."""
        server = serve(script=Script(plan_statuses=("pending", "agent_queued", "running", "running", "finished")))
        log = step(server, timeout="30m").log
        *lines, last = waiting_in(log)
        assert [re.sub("after ([01] seconds|1 second)", "at once", line) for line in lines] == [
            "The plan is pending. Waiting for up to 30 minutes.",
            "The plan is agent queued, at once.",
            "The plan is running, at once.",
        ]
        assert re.fullmatch(r"The plan is finished, after [0-9]+ seconds\.", last)
        assert log.count("::group::") == log.count("::endgroup::") == 1

    def test_a_line_a_minute(self, serve: Serve, step: Step) -> None:
        """Whoever looks sees that the step is alive, why it waits as far as the run says it, and what time is left."""
        server = serve(script=Script(plan_statuses=("pending",), run_status="plan_queued"))
        done = step(server, timeout="10m")
        first, *later = waiting_in(done.log)
        assert first == "The plan is pending. Waiting for up to 10 minutes."
        assert len(later) == 9
        assert later == [
            f"The plan is still pending after {minute} minute{'s' if minute > 1 else ''}: the run is queued."
            f" {10 - minute} minute{'' if minute == 9 else 's'} left."
            for minute in range(1, 10)
        ]
        assert done.log.splitlines()[-1] == (
            "::error::The plan did not finish within 10 minutes; the run is still queued. Look at the run to see what"
            " it waits for, or raise the input timeout."
        )

    def test_it_costs_no_request(self, serve: Serve, step: Step) -> None:
        """The lines come from what is asked for anyway."""
        server = serve(script=Script(plan_statuses=("pending",)))
        step(server, timeout="10m")
        assert sum("/plans/" in request.path for request in server.requests) < 90
        assert sum("/runs/" in request.path for request in server.requests) < 18

    def test_nothing_to_wait_for(self, serve: Serve, step: Step) -> None:
        """Then there is no group, but one line."""
        log = step(serve(script=FINISHED)).log
        assert "::group::" not in log
        assert "The plan is finished.\n" in log


class TestEnd:
    """What stands below all groups."""

    def test_data_is_lost(self, serve: Serve, step: Step) -> None:
        """The headline, Terraform's sentence, what is lost, what deserves a look, the comment; and an annotation."""
        done = step(serve(script=replace(FINISHED, workspace="prod")))
        with_data = "aws_dynamodb_table.locks (replaced), aws_cloudwatch_log_group.legacy (destroyed)"
        looks = (
            'aws_iam_policy.deploy no longer requires MFA in statement "Deploy"',
            "aws_security_group.web opens port 22 to the whole internet (0.0.0.0/0)",
        )
        assert ending_of(done.log) == [
            "Terraform plan for prod: destroys 2 resources with data, 2 changes deserve a look",
            (
                "Plan: 4 to add, 6 to change, 3 to destroy."
                " That is 2 replaced (add and destroy), 1 destroyed, 6 changed, 2 created."
            ),
            "2 resources that hold data are destroyed:",
            '  aws_dynamodb_table.locks: replaced, destroyed first, because hash_key "LockID" → "LockKey"',
            '  aws_cloudwatch_log_group.legacy "/prod/legacy-cron": no longer in the configuration',
            "Also replaced:",
            '  aws_subnet.app["b"]: destroyed first, because cidr_block "10.0.2.0/24" → "10.0.12.0/24"',
            "2 changes deserve a look:",
            *(f"  {look}" for look in looks),
            (
                f"::warning title=Terraform plan for prod::Destroys 2 resources with data: {with_data}."
                f" 2 changes deserve a look: {'; '.join(looks)}."
            ),
            f"Comment on pull request #7 created: {done.outputs['comment-url']}",
        ]

    def test_nothing_is_lost(self, serve: Serve, step: Step) -> None:
        """Then the run has no annotation."""
        log = step(serve("no-changes", script=FINISHED)).log
        assert ending_of(log)[:2] == [
            "Terraform plan for web-app: no changes",
            "No changes. Your infrastructure matches the configuration.",
        ]
        assert "::warning" not in log

    def test_policies(self, serve: Serve, step: Step) -> None:
        """They stand above the comment's address."""
        results = PolicyResults(policy_sets=(PolicySet(name="acme", policies=(Policy(name="a"), Policy(name="b"))),))
        done = step(serve("no-changes", script=replace(FINISHED, policy_evaluations=(results,))))
        assert ending_of(done.log)[2] == "Policies: 2 passed"

    def test_hostile_names(self, serve: Serve, step: Step, golden: Callable[[str], bytes]) -> None:
        """No address starts a command."""
        plan = golden("destroy-all").replace(b'"address":"aws_', b'"address":"::error::aws_')
        log = step(serve(plan, script=FINISHED)).log
        assert not any(line.startswith("::error") for line in log.splitlines())


class TestRunStatus:
    """How the run stands, beside its plan."""

    @pytest.mark.parametrize(
        ("script", "status"),
        [
            ({"run_status": "discarded"}, "discarded"),
            ({"run_status": "applied"}, "applied"),
            ({"run_status": "canceled"}, "canceled"),
            ({"run_status": "errored"}, "errored"),
            ({"run_status": "planned", "is_confirmable": True}, "waits for confirmation"),
            ({"run_status": "planned"}, ""),
            ({"run_status": "policy_soft_failed"}, "stopped by a policy"),
            ({"run_status": "cost_estimating"}, ""),
            ({"run_status": "brand_new"}, ""),
            ({"run_status": "planned_and_finished"}, ""),
            ({"run_status": "post_plan_running", "later_run_status": "discarded"}, "discarded"),
        ],
    )
    def test_in_the_comment(  # noqa: PLR0917 (fixtures are arguments)
        self, serve: Serve, step: Step, github: GitHubSandbox, runner: Runner, script: dict[str, Any], status: str
    ) -> None:
        """A template may say it; what moves on is not said, for it would not hold for long."""
        (runner.workspace / "own.j2").write_text("{{ marker }}\nThe run: {{ run.status }}.\n", encoding="utf-8")
        step(serve(script=replace(FINISHED, **script)), template="own.j2")
        assert f"The run: {status}." in github.comments[0].body

    def test_a_policy_has_ended_it(self, serve: Serve, step: Step, github: GitHubSandbox, runner: Runner) -> None:
        """Then the run is errored, and that says less."""
        (runner.workspace / "own.j2").write_text("{{ marker }}\nThe run: {{ run.status }}.\n", encoding="utf-8")
        failed = Policy(name="a", status="failed", enforcement_level="mandatory")
        results = PolicyResults(policy_sets=(PolicySet(name="acme", policies=(failed,)),), statuses=("failed",))
        script = replace(FINISHED, run_status="errored", policy_evaluations=(results,))
        step(serve(script=script), template="own.j2")
        assert "The run: stopped by a policy." in github.comments[0].body
