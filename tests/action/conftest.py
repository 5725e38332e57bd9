"""The whole action in one process: real sockets and files, and a clock that only sleeping moves."""

import io
import itertools
from collections.abc import Callable, Mapping
from contextlib import ExitStack, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tfc_plan_comment.__main__ import main
from tfc_sandbox.artifacts import ArtifactsSandbox
from tfc_sandbox.clock import Clock
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult, step_result

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def golden() -> Callable[[str], bytes]:
    """The plan JSON of a folder in tests/golden."""
    return lambda name: (GOLDEN / name / "plan.json").read_bytes()


@pytest.fixture
def clock() -> Clock:
    """The time, for the action and HCP Terraform alike."""
    return Clock()


@pytest.fixture
def github(stack: ExitStack) -> GitHubSandbox:
    """acme/infra with the pull requests #7, and #8, whose conversation is locked."""
    pull_requests = [
        PullRequest(number=7, head_sha="a" * 40),
        PullRequest(number=8, head_sha="b" * 40, locked=True),
    ]
    return stack.enter_context(GitHubSandbox(pull_requests))


@pytest.fixture
def serve(clock: Clock, stack: ExitStack, golden: Callable[[str], bytes]) -> Callable[..., HcpTerraformSandbox]:
    """Starts a loopback HCP Terraform with a golden plan, or the given bytes: `serve("drift", script=...)`."""

    def serve(plan: str | bytes = "mixed-update", **how: Any) -> HcpTerraformSandbox:
        content = golden(plan) if isinstance(plan, str) else plan
        return stack.enter_context(HcpTerraformSandbox(content, clock=clock, **how))

    return serve


@pytest.fixture
def artifacts(stack: ExitStack) -> ArtifactsSandbox:
    """The artifact service of the job."""
    return stack.enter_context(ArtifactsSandbox())


@pytest.fixture
def hosted(runner: Runner, artifacts: ArtifactsSandbox) -> Runner:
    """A runner that gives actions an artifact service, as GitHub's do."""
    return replace(runner, results_url=artifacts.results_url, runtime_token=artifacts.token)


@pytest.fixture
def step(runner: Runner, clock: Clock) -> Callable[..., StepResult]:
    """Runs the entry point for one step: `step(server, plan_access="full")`.

    With a server, the inputs token, hostname and run-id are its own. `at` is another runner, `environ` more of the
    environment, `sleep` and `clock` another time.
    """
    names = map("step-{}".format, itertools.count())

    def step(
        server: HcpTerraformSandbox | None = None,
        *,
        at: Runner = runner,
        environ: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = clock.sleep,
        clock: Callable[[], float] = clock,
        **inputs: str,
    ) -> StepResult:
        given = {"github-token": JOB_TOKEN}
        if server is not None:
            given |= server.inputs
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        environment = {**at.prepare(next(names), given), **(environ or {})}
        log = io.StringIO()
        with redirect_stdout(log):
            exit_code = main(environment, sleep=sleep, clock=clock)
        return step_result(environment, exit_code, log.getvalue())

    return step
