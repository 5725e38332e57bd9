"""The gate: what `fail-on` names fails the step, once comment, step summary and outputs are written."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tfc_sandbox.cost_estimates import CostEstimate
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script
from tfc_sandbox.task_stages import TaskResult

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Golden = Callable[[str], bytes]

FINISHED = Script(plan_statuses=("finished",))
ERRORED_RUN = replace(FINISHED, run_status="errored", stage_status="failed")
NOT_FOUND = Fault(path="/task-stages", answer=Answer(status=404))
CHANGE_IT = "Change the configuration, or the input fail-on."

LOST = "web-app destroys 2 resources with data: aws_dynamodb_table.locks, aws_cloudwatch_log_group.legacy"
GONE = "web-app destroys 1 resource: aws_cloudwatch_log_group.legacy"
REPLACED = 'web-app replaces 2 resources: aws_dynamodb_table.locks, aws_subnet.app["b"]'
LOOK = "web-app has 2 changes that deserve a look: aws_iam_policy.deploy, aws_security_group.web"


def results(*policies: Policy, status: str = "passed") -> PolicyResults:
    """A policy evaluation of one set."""
    return PolicyResults(statuses=(status,), policy_sets=(PolicySet(name="security", policies=policies),))


def failed(name: str, level: str) -> Policy:
    """A policy that failed."""
    return Policy(name=name, status="failed", enforcement_level=level)


def reasons(done: StepResult) -> list[str]:
    """The sentences of the output gate-reasons."""
    return [reason["reason"] for reason in json.loads(done.outputs["gate-reasons"])]


def gate(done: StepResult) -> tuple[int, str, list[str]]:
    """Whether the step failed, what the gate says, and why."""
    return done.exit_code, done.outputs["gate"], reasons(done)


@pytest.mark.parametrize(
    ("fail_on", "expected"),
    [
        ("data-loss", [LOST]),
        ("destroy", [GONE]),
        ("replace", [REPLACED]),
        ("attention", [LOOK]),
        ("replace,destroy", [GONE, REPLACED]),
        ("destroy\n\nattention\n", [GONE, LOOK]),
        ("drift, checks-failed, errored, policy-failed, task-failed", []),
    ],
)
def test_what_a_plan_does(serve: Serve, step: Step, fail_on: str, expected: list[str]) -> None:
    """Only what is named fails the step, each with its addresses."""
    assert gate(step(serve(), fail_on=fail_on)) == (int(bool(expected)), "failed" if expected else "passed", expected)


def test_all_is_written_before_the_step_fails(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Comment, step summary and outputs are as without a gate; then the error names what was found."""
    server = serve()
    without = step(server)
    body = github.comments[0].body

    done = step(server, fail_on="data-loss, destroy")

    assert (without.exit_code, done.exit_code) == (0, 1)
    assert github.comments[0].body == body
    own = ("gate", "gate-reasons", "comment-result")
    assert {name: value for name, value in done.outputs.items() if name not in own} == {
        name: value for name, value in without.outputs.items() if name not in own
    }
    assert {"gate", "gate-reasons"} & without.outputs.keys() == set()
    sentence = f"The gate failed: {LOST}; {GONE}. {CHANGE_IT}"
    assert done.log.splitlines()[-1] == f"::error::{sentence}"
    alert = done.summary.removeprefix(without.summary)
    assert alert.startswith("\n> [!CAUTION]\n> The gate failed: web-app destroys 2 resources with data: ")
    assert done.log.count("::error") == 1


def test_the_reasons_are_for_programs(serve: Serve, step: Step) -> None:
    """Each says of which workspace it is and which words of `fail-on` it meets."""
    done = step(serve(), fail_on="destroy")
    assert json.loads(done.outputs["gate-reasons"]) == [
        {"workspace": "web-app", "fail-on": ["destroy"], "reason": GONE}
    ]


def test_drift_and_checks(serve: Serve, step: Step) -> None:
    """What changed outside of Terraform, and checks that do not pass; those known after apply have not failed."""
    _, _, drift = gate(step(serve("drift"), fail_on="drift"))
    assert [reason.partition(":")[0] for reason in drift] == [
        "web-app has 6 resources that changed outside of Terraform"
    ]
    assert drift[0].endswith(" and 1 more")
    done = step(serve("checks"), fail_on="checks-failed")
    assert (done.exit_code, len(reasons(done))) == (1, 1)
    assert reasons(done)[0].startswith("web-app fails ")


@pytest.mark.parametrize(
    ("evaluation", "said"),
    [
        (
            results(failed("no-open-ports", "mandatory"), Policy(name="fine"), status="failed"),
            "did not pass (1 passed, 1 failed (mandatory)): no-open-ports",
        ),
        (results(status="running"), "are not known to have passed (still running when this was written, see the run)"),
        (results(status="errored"), "are not known to have passed (not evaluated (errored))"),
        (results(status="canceled"), "are not known to have passed (not evaluated (canceled))"),
    ],
)
def test_policies(serve: Serve, step: Step, evaluation: PolicyResults, said: str) -> None:
    """A mandatory one that failed fails the gate; so does what is not decided, for it has not passed."""
    done = step(serve(script=replace(FINISHED, policy_evaluations=(evaluation,))), fail_on="policy-failed")
    assert gate(done) == (1, "failed", [f"web-app has policies that {said}"])


@pytest.mark.parametrize(
    "script",
    [
        FINISHED,
        replace(FINISHED, policy_evaluations=(results(Policy(name="fine")),)),
        replace(FINISHED, policy_evaluations=(results(failed("mild", "advisory"), status="failed"),)),
        replace(FINISHED, policy_checks=(results(failed("overridden", "soft-mandatory"), status="overridden"),)),
    ],
    ids=["none", "passed", "advisory", "overridden"],
)
def test_policies_that_do_not_stop_a_run(serve: Serve, step: Step, script: Script) -> None:
    """An advisory one, and one that somebody has overridden, are what HCP Terraform lets pass as well."""
    assert gate(step(serve(script=script), fail_on="policy-failed")) == (0, "passed", [])


def test_policies_that_could_not_be_read(serve: Serve, step: Step) -> None:
    """That is not told like "passed"."""
    script = replace(FINISHED, policy_evaluations=(results(Policy(name="fine")),))
    done = step(serve(script=script, faults=[NOT_FOUND]), fail_on="policy-failed")
    assert gate(done) == (
        1,
        "failed",
        ["web-app has policies that are not known to have passed (could not be read (404), see the run)"],
    )


def test_a_run_that_errored_after_its_plan(serve: Serve, step: Step) -> None:
    """Its tasks are named where they are the reason; that it errored is a condition of its own."""
    script = replace(ERRORED_RUN, task_results=(TaskResult(name="scanner", status="failed"),))
    assert gate(step(serve(script=script), fail_on="errored, task-failed")) == (
        1,
        "failed",
        ["web-app has a run that errored after its plan", "web-app fails 1 mandatory run task: scanner"],
    )
    unread = step(serve(script=script, faults=[NOT_FOUND]), fail_on="task-failed")
    assert reasons(unread) == [
        "web-app has run tasks that are not known to have passed (could not be read (404), see the run)"
    ]


def test_a_policy_that_ended_the_run(serve: Serve, step: Step) -> None:
    """The run has errored, whatever the reason."""
    script = replace(ERRORED_RUN, policy_evaluations=(results(failed("x", "mandatory"), status="failed"),))
    assert reasons(step(serve(script=script), fail_on="errored")) == ["web-app has a run that errored after its plan"]


@pytest.mark.parametrize(
    ("plan", "status", "said"),
    [
        ("no-changes", "canceled", "cannot be judged (canceled)"),
        ("no-changes", "errored", "cannot be judged (planning failed)"),
        ("errored", "errored", "cannot be judged (planning failed)"),
    ],
)
def test_what_was_not_planned_never_passes(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, step: Step, golden: Golden, plan: str, status: str, said: str
) -> None:
    """Nobody knows what it would have done; the step fails for its own reason, and the gate is an error beside it."""
    has_part = Fault(path="/json-output$", answer=Answer(body=golden("errored"), content_type="application/json"))
    script = Script(plan_statuses=(status,))
    done = step(serve(plan, script=script, faults=[has_part] if plan == "errored" else []), fail_on="destroy")
    assert gate(done) == (1, "failed", [f"web-app {said}"])
    *_, gate_line, last = done.log.splitlines()
    assert gate_line == f"::error::The gate failed: web-app {said}. {CHANGE_IT}"
    assert last.startswith("::error::")
    assert "gate" not in last


def test_an_unknown_action_may_be_any_loss(serve: Serve, step: Step) -> None:
    """What we have never heard of passes no gate for losses."""
    document = _plan({"actions": ["defrost"], "before": {"a": 1}, "after": {"a": 2}})
    for word in ("destroy", "replace", "data-loss"):
        assert reasons(step(serve(document), fail_on=word)) == ["web-app has 1 change with an unknown action: t.n"]
    assert reasons(step(serve(document), fail_on="drift")) == []


def test_a_replacement_by_design_is_no_loss(serve: Serve, step: Step) -> None:
    """As in the red alert: of such an object every change makes a new version."""
    change = {"actions": ["delete", "create"], "before": {"a": 1}, "after": {"a": 2}}
    document = _plan(change, type="aws_ecs_task_definition", address="aws_ecs_task_definition.n")
    assert reasons(step(serve(document), fail_on="replace")) == []


def test_a_plan_on_disk(runner: Runner, step: Step, golden: Golden) -> None:
    """It needs no server; a plan without a workspace is called the plan, and one with a key by that."""
    (runner.workspace / "plan.json").write_bytes(golden("mixed-update"))
    done = step(plan_json="plan.json", fail_on="destroy")
    assert reasons(done) == ["the plan destroys 1 resource: aws_cloudwatch_log_group.legacy"]
    assert reasons(step(plan_json="plan.json", fail_on="destroy", comment_key="acme/x"))[0].startswith(
        "acme/x destroys"
    )


def test_a_cost_that_rises(serve: Serve, step: Step) -> None:
    """More than the limit; without an estimate nobody knows."""
    dearer = serve(script=replace(FINISHED, cost_estimate=CostEstimate()))
    assert gate(step(dearer, fail_on="cost-increase:100")) == (
        1,
        "failed",
        ["web-app costs $132.10 more a month"],
    )
    assert gate(step(dearer, fail_on="cost-increase:132.10")) == (0, "passed", [])
    without = step(serve(script=FINISHED), fail_on="cost-increase:100")
    assert gate(without) == (1, "failed", ["web-app may cost more a month (no estimate)"])
    assert gate(step(serve("no-changes", script=FINISHED), fail_on="cost-increase:0")) == (0, "passed", [])


def test_the_gate_waits_for_what_it_judges(serve: Serve, step: Step) -> None:
    """Not only for a minute, as a comment does: policies that take longer are no reason to fail."""
    slow = PolicyResults(statuses=("running",) * 200 + ("passed",))
    assert (
        gate(step(serve(script=replace(FINISHED, policy_evaluations=(slow,))), fail_on="policy-failed"))[1] == "passed"
    )


def test_a_superseded_plan_has_no_verdict(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """A newer push has its own; this one neither passes nor fails."""
    script = Script(plan_statuses=("canceled",), commit_sha="c" * 40, identifier="acme/infra")
    done = step(serve(script=script), fail_on="destroy")
    assert done.exit_code == 0
    assert "gate" not in done.outputs
    assert github.comments == []


def test_no_secret_and_no_command(serve: Serve, step: Step) -> None:
    """Names are third parties' texts: what is sensitive in them is masked, and none becomes a command or a mention."""
    secret = "Zq7vW9kPxw2mLmQx"
    task = TaskResult(name=f"of {secret}\n::error::@octocat <b>", status="failed")
    output = {"actions": ["create"], "before": None, "after": secret, "after_sensitive": True}
    document = json.dumps(
        {"format_version": "1.2", "terraform_version": "1.13.4", "output_changes": {"password": output}}
    ).encode()
    done = step(serve(document, script=replace(ERRORED_RUN, task_results=(task,))), fail_on="task-failed")
    assert done.exit_code == 1
    assert secret not in done.log + done.summary + json.dumps(done.outputs)
    assert [line for line in done.log.splitlines() if line.startswith("::error")] == [done.log.splitlines()[-1]]
    alert = done.summary.rpartition("[!CAUTION]")[2]
    assert "<b>" not in alert
    assert "@octocat" not in alert


def _plan(change: Mapping[str, Any], **more: Any) -> bytes:
    resource = {"address": "t.n", "type": "t", "name": "n", "mode": "managed", **more, "change": change}
    return json.dumps({"format_version": "1.2", "resource_changes": [resource], "planned_values": {}}).encode()
