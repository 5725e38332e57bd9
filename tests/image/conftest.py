"""The image, built by the engine that there is, and steps that run in it, against the loopback servers."""

import itertools
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from container_engine import IMAGE, Engine, engine
from container_step import ContainerStep
from make_image import make_image
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner
from tfc_sandbox.runs import Script

GOLDEN = Path(__file__).parents[1] / "golden"
LINES = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make room for what is measured."""
    config.stash[LINES] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was built, and what was measured."""
    for line in terminalreporter.config.stash[LINES]:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def say(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Keeps a line to be printed at the end."""
    return pytestconfig.stash[LINES].append


@pytest.fixture(scope="session")
def container_engine(say: Callable[[str], None]) -> Engine:
    """The engine of this machine, which has built the image."""
    found = engine()
    for line in make_image(found):
        say(line)
    return found


@pytest.fixture
def github(stack: ExitStack) -> GitHubSandbox:
    """acme/infra with the pull request #7."""
    return stack.enter_context(GitHubSandbox([PullRequest(number=7, head_sha="a" * 40)]))


@pytest.fixture
def serve(stack: ExitStack) -> Callable[..., HcpTerraformSandbox]:
    """Starts a loopback HCP Terraform, whose plan goes through these statuses: `serve("pending")`."""

    def serve(*statuses: str) -> HcpTerraformSandbox:
        plan = (GOLDEN / "mixed-update" / "plan.json").read_bytes()
        return stack.enter_context(HcpTerraformSandbox(plan, script=Script(plan_statuses=statuses or ("finished",))))

    return serve


@pytest.fixture
def inputs() -> Callable[..., dict[str, str]]:
    """The inputs for the run of a server, and more of them."""
    return lambda server, **more: {
        **server.inputs,
        "github-token": JOB_TOKEN,
        **{name.replace("_", "-"): value for name, value in more.items()},
    }


@pytest.fixture
def step(container_engine: Engine, runner: Runner, tmp_path: Path) -> Callable[..., ContainerStep]:
    """A step in the image: `step(inputs(server))`. `environ` comes to its environment; ContainerStep knows the rest."""
    names = map(f"{tmp_path.name}-{os.getpid()}-{{}}".format, itertools.count())

    def step(given: dict[str, str], *, environ: dict[str, str] | None = None, **how: tuple[str, ...]) -> ContainerStep:
        name = next(names)
        environment = {**runner.prepare(name, given), **(environ or {})}
        return ContainerStep(
            engine=container_engine, image=IMAGE, runner=runner, name=name, environment=environment, **how
        )

    return step
