"""A plan for which the machine has too little memory: the end is a sentence, in the log and in the comment."""

import resource
import subprocess
import sys
from collections.abc import Callable

import pytest

from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import ENTRY_POINT, Runner
from tfc_sandbox.runs import Script

LIMIT = 1_200_000_000
"""Bytes of addresses, which are several times what a step takes with its threads."""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to so many addresses")
def test_a_plan_that_does_not_fit(
    serve: Callable[..., HcpTerraformSandbox], runner: Runner, github: GitHubSandbox
) -> None:
    """The plan JSON has more bytes than there may be addresses; but for that the step would show it."""
    plan = b'{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[]}'
    server = serve(plan, script=Script(plan_statuses=("finished",)))
    inputs = {"token": ADMIN_TOKEN, "hostname": server.url, "run-id": server.run_id, "github-token": JOB_TOKEN}
    sparse = runner.workspace / "plan.json"
    with sparse.open("wb") as file:
        file.write(plan)
        file.truncate(LIMIT)  # with zeros, which take no room on the disk

    def run(**inputs: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603 - our own entry point
            ENTRY_POINT,
            cwd=runner.workspace,
            env=runner.prepare("step", {name.replace("_", "-"): value for name, value in inputs.items()}),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT)),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    assert run(**inputs, comment_key="key").returncode == 0
    done = run(plan_json="plan.json", github_token=JOB_TOKEN, comment_key="key")

    sentence = "tfc-plan-comment failed: there is not enough memory. Use a machine with more of it."
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] == f"::error::{sentence}"
    assert sentence in github.comments[0].body
    assert "Traceback" not in done.stdout
