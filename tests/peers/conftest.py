"""What others made: the npm packages of this folder, and the linters that `make test-peers` puts into build/peers."""

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tfc_plan_comment.__main__ import main
from tfc_sandbox.clock import Clock
from tfc_sandbox.runner import Runner, StepResult, step_result

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

Run = Callable[..., subprocess.CompletedProcess[str]]
RunScript = Callable[..., Any]
RunAction = Callable[[Runner, str, Mapping[str, str], Clock], StepResult]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def texts(root: Path) -> dict[str, str]:
    """Every text file that is in git, by its path, or would be after `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)  # noqa: S603 - a fixed command
    paths = [path for path in listing.stdout.split("\0") if (root / path).is_file()]
    contents = {path: (root / path).read_bytes() for path in paths}
    return {path: content.decode() for path, content in contents.items() if b"\0" not in content}


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The installed packages; `make test-peers` installs them."""
    folder = HERE / "node_modules"
    if not folder.is_dir():
        pytest.skip("needs npm packages: run `make test-peers`")
    return folder


@pytest.fixture(scope="session")
def run_script(node_modules: Path) -> RunScript:
    """Runs a script of this folder, which reads JSON from standard input and writes JSON; returns what it wrote."""

    def run(name: str, given: object, **environ: str) -> Any:
        command = ["node", str(node_modules.parent / name)]
        done = subprocess.run(  # noqa: S603 - our own script
            command, input=json.dumps(given), env=os.environ | environ, stdout=subprocess.PIPE, text=True, check=True
        )
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def run_tool(root: Path) -> Run:
    """Runs a tool, in the repository's folder, whatever its exit code; `given` is its standard input."""

    def run(name: str, *arguments: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
        tool = shutil.which(name, path=root / "build/peers/bin") or shutil.which(name)
        if tool is None:
            pytest.skip(f"needs {name}: run `make test-peers`, or put it on the PATH")
        return subprocess.run(  # noqa: S603 - one of the tools that this folder is for
            [tool, *arguments], cwd=root, input=given, check=False, capture_output=True, text=True
        )

    return run


@pytest.fixture(scope="session")
def run_action() -> RunAction:
    """Runs the entry point for a step of that name, with these inputs; only sleeping moves the clock."""

    def run(runner: Runner, name: str, inputs: Mapping[str, str], clock: Clock) -> StepResult:
        environment = runner.prepare(name, inputs)
        log = io.StringIO()
        with redirect_stdout(log):
            exit_code = main(environment, sleep=clock.sleep, clock=clock)
        return step_result(environment, exit_code, log.getvalue())

    return run
