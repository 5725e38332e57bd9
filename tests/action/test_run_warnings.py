"""What HCP Terraform warns of: policy sets that it ignored, and enforcement that it changed."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tfc_sandbox.faults import CUT, Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.runner import StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

IGNORED = "The policy set 'baseline' was ignored because the versioned policy set limit was exceeded."
PASSED = PolicyResults(policy_sets=(PolicySet(name="a", policies=(Policy(name="one"),)),))
FINISHED = Script(plan_statuses=("finished",))
EVENTS = "/run-events$"


def asked(server: HcpTerraformSandbox) -> int:
    """How often the events were asked for."""
    return sum(request.path.endswith("/run-events") for request in server.requests)


@pytest.mark.parametrize("action", ["ignored_policy_sets", "changed_policy_enforcements", "changed_task_enforcements"])
def test_they_are_told(serve: Serve, step: Step, github: GitHubSandbox, action: str) -> None:
    """By one request, beside policies that passed; a token that reads runs is enough."""
    events = (("created", "Run created"), (action, IGNORED), (action, IGNORED))
    server = serve(script=replace(FINISHED, policy_evaluations=(PASSED,), events=events))

    done = step(server, token=READ_TOKEN)

    assert asked(server) == 1
    for place in (github.comments[0].body, done.summary):
        assert "Policies: 1 passed\n" in place
        assert f"> [!WARNING]\n> HCP Terraform warns: “{IGNORED}”\n" in place
        assert "Run created" not in place


def test_they_are_bounded_and_break_out_of_nothing(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """They name policies, which anybody may name: mentions, markup and lines of their own stay texts."""
    hostile = "@octocat\n> [!CAUTION]\n</details> <b>#1</b> " + "x" * 1_000
    events = tuple(("ignored_policy_sets", f"{number} {hostile}") for number in range(9))

    step(serve(script=replace(FINISHED, events=events)))

    body = github.comments[0].body
    (line,) = (line for line in body.splitlines() if "HCP Terraform warns" in line)
    assert line.endswith(" and 4 more, see the run")
    assert len(line) < 5_000
    assert "<b>" not in line
    assert "\n> [!CAUTION]\n</details>" not in body


def test_secrets_are_masked(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Like all that somebody else says of the plan."""
    secret = "Zq7vW9kPxw2mLmQx"
    change = {"actions": ["create"], "before": None, "after": secret, "after_sensitive": True}
    plan = {"format_version": "1.2", "terraform_version": "1.13.4", "output_changes": {"password": change}}
    server = serve(json.dumps(plan).encode(), script=replace(FINISHED, events=(("ignored_policy_sets", secret),)))

    done = step(server)

    assert "HCP Terraform warns: " in github.comments[0].body
    assert secret not in github.comments[0].body + done.summary + done.log


def test_a_host_that_does_not_have_them(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """It is no error, and nothing is said."""
    server = serve(script=FINISHED, faults=[Fault(path=EVENTS, answer=Answer(status=404))])

    done = step(server)

    assert done.exit_code == 0
    assert "HCP Terraform's warnings" not in github.comments[0].body + done.log
    assert "::notice" not in done.log


@pytest.mark.parametrize(
    ("answer", "word"),
    [(Answer(status=503), "503"), (Answer(body=b"garbage"), "an answer that makes no sense"), (CUT, "no answer")],
)
def test_they_could_not_be_read(serve: Serve, step: Step, github: GitHubSandbox, answer: Answer, word: str) -> None:
    """That is not told like "there are none"; the log says why."""
    server = serve(script=FINISHED, faults=[Fault(path=EVENTS, answer=answer)])

    done = step(server)

    assert done.exit_code == 0
    sentence = f"HCP Terraform's warnings about policies and tasks could not be read ({word}), see the run."
    assert f"> [!NOTE]\n> {sentence}\n" in github.comments[0].body
    assert "::notice::The comment does not say what HCP Terraform warns of. Cannot read the events of run " in done.log


def test_only_where_a_run_is_known(serve: Serve, step: Step) -> None:
    """With a plan's id alone there is nothing to ask, nor of a plan that failed."""
    server = serve(script=FINISHED)
    step(server, run_id="", plan_id=server.plan_id)
    failed = serve(script=Script(plan_statuses=("errored",)))
    step(failed)

    assert (asked(server), asked(failed)) == (0, 0)
