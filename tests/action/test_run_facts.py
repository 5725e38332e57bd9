"""What a run says of itself that its plan does not, and a host that does not know what we ask for."""

import json
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

FINISHED = Script(plan_statuses=("finished",))
CONFIRMED = replace(FINISHED, run_status="planned", is_plan_only=False)


def facts(body: str) -> str:
    """What the line of the run says behind the run."""
    (line,) = (line for line in body.splitlines() if line.startswith('<a href="') and ">Run</a>" in line)
    return unescape(line.partition(">Run</a>")[2])


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (FINISHED, ""),
        (CONFIRMED, ""),
        (replace(CONFIRMED, is_confirmable=True), ", waits for confirmation"),
        (replace(CONFIRMED, is_auto_apply=True), ", applies by itself"),
        (replace(CONFIRMED, is_auto_apply=True, run_status="applied"), ", applied"),
        (replace(CONFIRMED, is_auto_apply=True, run_status="discarded"), ", discarded"),
        (replace(FINISHED, is_auto_apply=True), ""),
        (replace(FINISHED, is_destroy=True), ", asked to destroy"),
        (replace(FINISHED, is_save_plan=True), ", asked to save its plan"),
        (replace(FINISHED, is_refresh_only=True), ", asked to refresh only"),
        (replace(FINISHED, target_addrs=("aws_vpc.main",)), ", limited to aws_vpc.main"),
        (
            replace(FINISHED, target_addrs=tuple(f"a.b{n}" for n in range(5)), replace_addrs=('a.b["x"]',)),
            ', limited to a.b0, a.b1, a.b2 and 2 more, asked to replace a.b["x"]',
        ),
    ],
)
def test_one_line_of_facts(serve: Serve, step: Step, github: GitHubSandbox, script: Script, said: str) -> None:
    """What is not usual: that nobody will be asked, and what the run was asked for."""
    step(serve(script=script))

    assert facts(github.comments[0].body) == said


def test_programs_are_told_as_well(serve: Serve, step: Step, golden: Callable[[str], bytes]) -> None:
    """The output has HCP Terraform's words for what the run was asked for, with the keys masked that the plan hides."""
    document = json.loads(golden("builtin-only"))
    document["variables"] = {"secret": {"value": "Zq7vW9kPxw2mLmQx"}}
    document["configuration"]["root_module"]["variables"] = {"secret": {"sensitive": True}}
    script = replace(
        CONFIRMED,
        is_destroy=True,
        is_auto_apply=True,
        is_save_plan=True,
        target_addrs=("aws_vpc.main",),
        replace_addrs=('a.b["Zq7vW9kPxw2mLmQx"]',),
    )

    (workspace,) = json.loads(step(serve(json.dumps(document).encode(), script=script)).outputs["workspaces"])

    (replaced,) = workspace["asked"].pop("replace-addrs")
    assert replaced.startswith("a.b[")
    assert "Zq7v" not in replaced
    assert workspace["asked"] == {
        "is-destroy": True,
        "refresh-only": False,
        "auto-apply": True,
        "save-plan": True,
        "target-addrs": ["aws_vpc.main"],
    }


def test_without_a_plan_addresses_have_no_keys(serve: Serve, step: Step) -> None:
    """Nothing says then which of them are secret."""
    script = replace(FINISHED, plan_statuses=("canceled",), target_addrs=('a.b["Zq7vW9kPxw2mLmQx"]',))
    (workspace,) = json.loads(step(serve(script=script)).outputs["workspaces"])
    assert workspace["asked"]["target-addrs"] == ["a.b"]


def test_addresses_break_out_of_nothing(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """They are texts of whoever started the run."""
    step(serve(script=replace(FINISHED, target_addrs=("@octocat\n> <b>" + "x" * 500,))))

    body = github.comments[0].body
    assert "<b>x" not in body
    assert "\n> <b>" not in body
    assert "x" * 121 not in body


@pytest.mark.parametrize("known", [(), ("workspace",), ("configuration_version.ingress_attributes",)])
def test_a_host_that_does_not_know_an_include(
    serve: Serve, step: Step, github: GitHubSandbox, known: tuple[str, ...]
) -> None:
    """It refuses the whole request: it is asked for less, then without, and then for the workspace by its id."""
    server = serve(script=replace(FINISHED, includes=known))

    done = step(server)

    assert done.exit_code == 0
    assert github.comments[0].body.startswith("<!-- tfc-plan-comment:acme/web-app -->\n")
    paths = [request.path.removeprefix("/api/v2/") for request in server.requests[:4]]
    assert paths[0] == f"{paths[1]},task_stages,cost_estimate"
    assert paths[1] == f"runs/{server.run_id}?include=workspace,configuration_version.ingress_attributes"
    assert paths[2] == f"runs/{server.run_id}"
    assert paths[3].startswith("workspaces/ws-")


@pytest.mark.parametrize("status", [400, 422])
def test_other_refusals_stay_errors(serve: Serve, step: Step, status: int) -> None:
    """A host that refuses the request without includes as well has another reason."""
    server = serve(script=FINISHED, faults=[Fault(path="/runs/", answer=Answer(status=status))])

    done = step(server)

    assert done.exit_code == 1
    assert f"answered {status}" in done.log
    assert len(server.requests) == (3 if status == 400 else 1)


def test_too_early(serve: Serve, step: Step) -> None:
    """That is a word on the moment, not on the request."""
    server = serve(script=FINISHED, faults=[Fault(path="/runs/", answer=Answer(status=425), times=2)])

    assert step(server).exit_code == 0
