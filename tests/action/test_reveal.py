"""Secrets that nobody marked, and the input `reveal`, through the whole entry point."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

TOKEN = "ghp_" + "aB3dE5fG7h" * 4
KEY_ID = "AKIAQWERTYUIOP234567"
PASSWORD = "correct-horse-battery"
API = "aws_lambda_function.api"
MASK = "::add-mask::"


def plan_of(address: str) -> bytes:
    """A plan that sets a token and a password in an environment, and has a check that quotes a key."""
    variables = {"API_TOKEN": TOKEN, "DATABASE_URL": f"postgres://app:{PASSWORD}@db/app", "LEVEL": "debug"}
    change = {
        "actions": ["update"],
        "before": {"environment": []},
        "after": {"environment": [{"variables": variables}]},
    }
    type_, name = address.split(".")
    resource = {"address": address, "type": type_, "name": name, "mode": "managed", "change": change}
    problem = {"message": f"The key {KEY_ID} is old"}
    where = {"to_display": "check.key", "kind": "check"}
    check = {
        "address": where,
        "status": "fail",
        "instances": [{"address": where, "status": "fail", "problems": [problem]}],
    }
    document = {"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [resource]}
    return json.dumps({**document, "checks": [check], "output_changes": {}}).encode()


@pytest.fixture
def places(step: Step, runner: Runner, github: GitHubSandbox) -> Callable[..., dict[str, str]]:
    """All that a step says, by where it says it."""

    def places(server: HcpTerraformSandbox, **inputs: Any) -> dict[str, str]:
        done = step(server, summary_json_path="summary.json", report="true", report_artifact="", **inputs)
        assert done.exit_code == 0
        return {
            "log": "".join(line for line in done.log.splitlines(keepends=True) if not line.startswith(MASK)),
            "outputs": "\n".join(done.outputs.values()),
            "step summary": done.summary,
            "comment": github.comments[-1].body,
            "summary JSON": (runner.workspace / "summary.json").read_text(encoding="utf-8"),
            "HTML report": (runner.workspace / "tfc-plan-report.html").read_text(encoding="utf-8"),
        }

    return places


@pytest.mark.parametrize("token", [{}, {"token": READ_TOKEN}])
def test_what_nobody_marked_is_shown_nowhere(serve: Serve, places: Callable[..., Any], token: dict[str, str]) -> None:
    """Be it of the plan, of a check, or of the message of the run; the redacted plan holds it as well."""
    said = places(serve(plan_of(API), script=Script(message=f"Use {TOKEN}")), **token)

    for place, content in said.items():
        assert [secret for secret in (TOKEN, KEY_ID, PASSWORD) if secret in content] == [], place
    assert "LEVEL" in said["comment"]
    assert "postgres://app:(hidden: looks like a secret, no. " in said["comment"]


def test_what_is_revealed_is_shown(serve: Serve, places: Callable[..., Any]) -> None:
    """At its place, and nowhere else."""
    said = places(serve(plan_of(API), script=Script(message=f"Use {TOKEN}")), reveal=f"{API}.environment.variables.*\n")

    assert said["comment"].count(TOKEN) == 1
    assert f"postgres://app:{PASSWORD}@db/app" in said["comment"]
    assert KEY_ID not in said["comment"]
    assert TOKEN in said["HTML report"]
    assert TOKEN in said["summary JSON"]
    assert "Input reveal" not in said["log"]


def test_a_pattern_that_fits_nothing_is_a_warning(serve: Serve, places: Callable[..., Any]) -> None:
    """Whoever mistypes an address would otherwise wonder why its values are hidden still."""
    said = places(serve(plan_of(API)), reveal=f"{API}.environment\naws_lambda_function.other\n{API}.env")

    for pattern in ("aws_lambda_function.other", f"{API}.env"):
        warning = (
            f"::warning::Input reveal: nothing in the plan is at '{pattern}'. "
            "Correct the address or the path, or remove it."
        )
        assert warning in said["log"].splitlines()
    assert said["log"].count("Input reveal") == 2


def test_one_comment_on_several_workspaces(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """A pattern has to fit in one of their plans; the alert counts what is hidden in all of them."""
    server = serve(plan_of(API), script=Script(workspace="one"))
    one, two = server.run_id, server.add_run(plan_of("aws_lambda_function.b"), script=Script(workspace="two"))
    done = step(server, run_id=f"{one}\n{two}", reveal=f"{API}\nno.such")
    body = github.comments[-1].body

    assert done.log.count("Input reveal") == 1
    assert "Input reveal: nothing in the plan is at 'no.such'." in done.log
    assert body.count(TOKEN) == 1
    assert "2 values are hidden here although no plan marks them: each looks like or contains a secret." in body
    assert "and so are 2 values that look like secrets." in body
