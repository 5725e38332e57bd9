"""A machine with too little memory: the end is a sentence, in the log and, if a step began, in the comment."""

import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tfc_plan_comment.memory_limit import FOR_A_STEP, FOR_THE_COMMAND
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import ENTRY_POINT, Runner
from tfc_sandbox.runs import Script

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to so much memory")

COMMAND = ("render", "plan.json")
ULIMIT = {"RLIMIT_AS": "ulimit -v", "RLIMIT_DATA": "ulimit -d"}
FINISHED = Script(plan_statuses=("finished",))
TIME_LIMIT = 60.0
"""Seconds after which something is never going to happen."""


def run_within(
    limits: Mapping[str, int], workspace: Path, environment: Mapping[str, str], *arguments: str
) -> "subprocess.CompletedProcess[str]":
    """The entry point, with these limits of bytes."""

    def set_limits() -> None:
        for name, limit in limits.items():
            resource.setrlimit(getattr(resource, name), (limit, limit))

    return subprocess.run(  # noqa: S603 - our own entry point
        [*ENTRY_POINT, *arguments],
        cwd=workspace,
        env=environment,
        preexec_fn=set_limits,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=TIME_LIMIT,
    )


@pytest.mark.parametrize(
    ("name", "limit"),
    [(name, limit) for name, least in FOR_A_STEP.items() for limit in (20_500_000, 60_000_000, 110_000_000, least - 1)],
)
def test_a_limit_that_is_too_low_for_a_step(tmp_path: Path, name: str, limit: int) -> None:
    """It is told at once, also where Python alone has just enough to begin."""
    done = run_within({name: limit}, tmp_path, {})

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        f"::error::Cannot start: {name} limits the memory of the process to {limit // 1_000_000:,} MB, and it needs"
        f" {FOR_A_STEP[name] // 1_000_000:,} MB. Raise the limit, with {ULIMIT[name]} or where it is set.\n"
    )


@pytest.mark.parametrize(
    ("name", "limit"),
    [(name, limit) for name, least in FOR_THE_COMMAND.items() for limit in (20_500_000, 40_000_000, least - 1)],
)
def test_a_limit_that_is_too_low_for_the_command(tmp_path: Path, name: str, limit: int) -> None:
    """Also where a plan of few changes would just fit."""
    done = run_within({name: limit}, tmp_path, {}, *COMMAND)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Cannot start: {name} limits the memory of the process to {limit // 1_000_000:,} MB, and it needs"
        f" 60 MB. Raise the limit, with {ULIMIT[name]} or where it is set.\n"
    )


@pytest.mark.parametrize("name", list(FOR_THE_COMMAND))
def test_with_the_least_the_command_works(tmp_path: Path, golden: Callable[[str], bytes], name: str) -> None:
    """For a plan of few changes that is enough."""
    (tmp_path / "plan.json").write_bytes(golden("mixed-update"))

    done = run_within({name: FOR_THE_COMMAND[name]}, tmp_path, {}, *COMMAND)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", list(FOR_A_STEP))
def test_with_the_least_a_step_works(
    serve: Callable[..., HcpTerraformSandbox],
    golden: Callable[[str], bytes],
    runner: Runner,
    github: GitHubSandbox,
    name: str,
) -> None:
    """Also for several workspaces, which are asked for at once."""
    server = serve(script=FINISHED)
    for number in range(5):
        server.add_run(golden("tags-only"), script=replace(FINISHED, workspace=f"stage-{number}"))
    inputs = {"token": ADMIN_TOKEN, "hostname": server.url, "github-token": JOB_TOKEN, "report": "true"}
    runs = "\n".join(run.id for run in server._runs)

    done = run_within({name: FOR_A_STEP[name]}, runner.workspace, runner.prepare("step", {**inputs, "run-id": runs}))

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "not enough memory" not in done.stdout
    assert "stage-4" in github.comments[0].body


LIMIT = FOR_A_STEP["RLIMIT_AS"] + 100_000_000
"""Bytes of addresses, which are more than a step takes with its threads."""


def test_a_plan_that_does_not_fit(
    serve: Callable[..., HcpTerraformSandbox], runner: Runner, github: GitHubSandbox
) -> None:
    """The plan JSON has more bytes than there may be addresses; but for that the step would show it."""
    plan = b'{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[]}'
    server = serve(plan, script=FINISHED)
    inputs = {**server.inputs, "github-token": JOB_TOKEN}
    sparse = runner.workspace / "plan.json"
    with sparse.open("wb") as file:
        file.write(plan)
        file.truncate(LIMIT)  # with zeros, which take no room on the disk

    def run(**inputs: str) -> "subprocess.CompletedProcess[str]":
        environment = runner.prepare("step", {name.replace("_", "-"): value for name, value in inputs.items()})
        return run_within({"RLIMIT_AS": LIMIT}, runner.workspace, environment)

    assert run(**inputs, comment_key="key").returncode == 0
    done = run(plan_json="plan.json", github_token=JOB_TOKEN, comment_key="key")

    sentence = "tfc-plan-comment failed: there is not enough memory. Use a machine with more of it."
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] == f"::error::{sentence}"
    assert sentence in github.comments[0].body
    assert "Traceback" not in done.stdout
