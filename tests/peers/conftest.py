"""What others made: the npm packages of this folder, and the linters that `make test-peers` puts into build/peers."""

import io
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tfc_plan_comment.__main__ import main
from tfc_sandbox.clock import Clock
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.runner import Runner, StepResult, step_result

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

Run = Callable[..., subprocess.CompletedProcess[str]]
RunScript = Callable[..., Any]
ThroughPrism = Callable[[GitHubSandbox], AbstractContextManager[Callable[[], list[str]]]]
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
    return {path: content.decode(errors="replace") for path, content in contents.items() if b"\0" not in content}


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


@pytest.fixture(params=["api.github.com.json", "ghes-3.19.json"])
def through_prism(request: pytest.FixtureRequest, node_modules: Path, tmp_path: Path) -> ThroughPrism:
    """Puts Stoplight's Prism as a proxy in front of a sandbox, for github.com and for GitHub Enterprise Server.

    It checks every request and every answer against GitHub's OpenAPI description, and makes an error of what is wrong.
    What the `with` gives stops it, and returns its log.
    """
    description = json.loads((node_modules / "@octokit/openapi/generated" / request.param).read_text())

    @contextmanager
    def through_prism(github: GitHubSandbox) -> Iterator[Callable[[], list[str]]]:
        (tmp_path / "description.json").write_text(json.dumps(_described(description, github)))
        command = [str(node_modules / ".bin/prism"), "proxy", "description.json", github.api_url, "--errors", "-p", "0"]
        prism = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603 - our own command
        with prism:
            assert prism.stdout
            address = next(found[1] for line in prism.stdout if (found := re.search(r"is listening on (\S+)", line)))
            log: list[str] = []
            reader = threading.Thread(target=log.extend, args=[prism.stdout])
            reader.start()

            def stop() -> list[str]:
                prism.terminate()
                reader.join()
                return log

            github.api_url = address
            try:
                yield stop
            finally:
                stop()

    return through_prism


def _described(description: dict[str, Any], github: GitHubSandbox) -> dict[str, Any]:
    """The description of what the sandbox serves, with all that it refers to: Prism reads the whole one for too long.

    GraphQL is one path that OpenAPI does not know; the schema checks what is in it.
    """
    served = {operation.partition(" ")[2] for operation in github.operations} - {"/graphql"}
    plain = {re.sub(r"\{.*?\}", "{}", path.replace(github.repository, "{}/{}")) for path in served}
    paths = {path: each for path, each in description["paths"].items() if re.sub(r"\{.*?\}", "{}", path) in plain}
    assert len(paths) == len(plain)
    components: dict[str, dict[str, Any]] = {}
    wanted = [*paths.values()]
    while wanted:
        for kind, name in re.findall(r'"#/components/(\w+)/([^"]+)"', json.dumps(wanted.pop())):
            if name not in components.setdefault(kind, {}):
                components[kind][name] = description["components"][kind][name]
                wanted.append(components[kind][name])
    answer = {"description": "data", "content": {"application/json": {"schema": {"type": "object"}}}}
    graphql = {"post": {"requestBody": {"content": answer["content"]}, "responses": {"200": answer}}}
    info = {name: description[name] for name in ("openapi", "info")}
    return {**info, "paths": {**paths, "/graphql": graphql}, "components": components}
