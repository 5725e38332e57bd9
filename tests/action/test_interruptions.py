"""The step is ended at any moment, as a canceled workflow or a lost machine ends it, and leaves nothing half done.

The moments are counted in what the step does, never in seconds: it is ended at its n-th system call of a kind, and when
its n-th request was carried out and not answered yet. So they are the same on a fast machine and on a slow one.
"""

import random
import re
import shutil
import stat
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM, Signals

import msgspec
import pytest

from tfc_plan_comment.hcp_terraform.mock_bundle import inspect
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import Comment
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.plan_exports import PlanExports
from tfc_sandbox.runner import ENTRY_POINT, Runner, StepResult, read_outputs
from tfc_sandbox.runs import Script

Step = Callable[..., StepResult]
Golden = Callable[[str], bytes]

AT_SYSTEM_CALLS, AT_REQUESTS = 7, 6
"""So many moments are tried of each scenario, by each of four tests, which can go on side by side: 208 in all."""
SIGNALS = (SIGTERM, SIGINT, SIGKILL)
CALLS = "write|sendto|recvfrom|connect|openat|mkdir|rename|unlink|unlinkat|rmdir|chmod"
"""The system calls by which the step reads and leaves something."""
CANCELED = "::error::The workflow was canceled, or the step took longer than its timeout-minutes."

SCENARIOS: Mapping[str, Mapping[str, str]] = {
    "the first comment": {},
    "an edited comment": {},
    "a comment that replaces another": {"comment": "recreate"},
    "mocks": {"sentinel-mocks": "true"},
}
BEFORE = b"of an earlier run"
MOCKS = "sentinel-mocks.tar.gz"
WHOLE: Mapping[str, Callable[[Path], bool]] = {
    "plan.json": lambda path: bool(msgspec.json.decode(path.read_bytes())),
    "summary.json": lambda path: bool(msgspec.json.decode(path.read_bytes())),
    "tfc-plan-report.html": lambda path: path.read_bytes().rstrip().endswith(b"</html>"),
    MOCKS: lambda path: len(inspect(path).files) == 8,
}
"""The files that are kept in the workspace, each with what tells that it is all there."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Servers with a run to tell of, a runner, and the comments that are there before."""

    hcp_terraform: HcpTerraformSandbox
    github: GitHubSandbox
    runner: Runner
    inputs: Mapping[str, str]
    comments: Sequence[Comment]

    @property
    def temporary(self) -> Path:
        """The folder for temporary files."""
        return self.runner.folder / "tmp"

    def of_runner(self, name: str) -> str:
        """What is in a file that the runner gave the step."""
        path = self.runner.folder / "_temp" / "_runner_file_commands" / "ended" / name
        return path.read_text(encoding="utf-8")

    def restore(self) -> None:
        """Let all be as it was before; files of an earlier run are there if there are comments of one."""
        shutil.rmtree(self.runner.folder, ignore_errors=True)
        for folder in (self.temporary, self.runner.workspace):
            folder.mkdir(parents=True)
        if self.comments:
            for name in WHOLE:
                (self.runner.workspace / name).write_bytes(BEFORE)
        self.github.comments[:] = [replace(each) for each in self.comments]
        self.github.requests.clear()
        self.hcp_terraform.requests.clear()
        self.hcp_terraform.plan_exports = PlanExports(time.monotonic)

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """The step, started as the image starts it, by way of another program if there is one."""
        self.restore()
        environment = {**self.runner.prepare("ended", self.inputs), "TMPDIR": str(self.temporary)}
        return subprocess.Popen(  # noqa: S603 - our own entry point
            [*command, *ENTRY_POINT],
            cwd=self.runner.workspace,
            env={name: value for name, value in environment.items() if not name.startswith("COVERAGE")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )


@pytest.fixture(params=SCENARIOS)
def place(
    request: pytest.FixtureRequest, tmp_path: Path, golden: Golden, github: GitHubSandbox, step: Step
) -> Iterator[Place]:
    """A scenario; unless it is that of the first comment, there is one of an earlier run."""
    scenario: str = request.param
    finished = Script(plan_statuses=("finished",), export_statuses=("finished",))
    runner = Runner(folder=tmp_path / "place", api_url=github.api_url, event={"pull_request": {"number": 7}})
    with HcpTerraformSandbox(golden("no-changes"), script=finished) as hcp_terraform:
        if scenario != "the first comment":
            assert step(hcp_terraform, at=runner).outputs["comment-result"] == "created"
        hcp_terraform.add_run(golden("mixed-update"), script=finished)
        server = hcp_terraform.inputs
        files = {"plan-json-path": "plan.json", "summary-json-path": "summary.json", "report": "true"}
        inputs = {**server, "github-token": JOB_TOKEN, **files, **SCENARIOS[scenario]}
        yield Place(
            hcp_terraform=hcp_terraform,
            github=github,
            runner=runner,
            inputs=inputs,
            comments=[replace(each) for each in github.comments],
        )


@pytest.fixture(params=range(4))
def moments(request: pytest.FixtureRequest) -> random.Random:
    """Chance, which is the same each time that a test is run."""
    return random.Random(request.node.name)  # noqa: S311 - nobody has to be kept from guessing it


@pytest.fixture(scope="session")
def strace() -> tuple[str, ...]:
    """The program that ends another one at a system call of its first thread."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("needs strace on the PATH, which is for Linux; Debian's package is strace")
    return (found, "--quiet=all", "-e", f"trace=/^({CALLS})$")


def system_calls(strace: tuple[str, ...], place: Place) -> Mapping[str, int]:
    """How often the step makes each system call."""
    trace = place.runner.folder / "trace"
    place.start(*strace, f"--output={trace}").communicate()
    return Counter(re.findall(r"^(\w+)\(", trace.read_text(encoding="utf-8"), re.MULTILINE))


def start_and_end(place: Place, number: int, signal: Signals) -> "subprocess.Popen[str]":
    """The step, which is ended when this many of its requests were carried out."""
    answered = iter(range(1, 1000))

    def strike() -> None:
        if next(answered) == number:
            started.result().send_signal(signal)

    started: Future[subprocess.Popen[str]] = Future()
    place.github.on_answer = place.hcp_terraform.on_answer = strike
    started.set_result(place.start())
    return started.result()


def check_end(place: Place, ended: "subprocess.Popen[str]", signal: Signals) -> None:
    """Assert what holds of an ended step, whenever it was ended: in its log, its files, and on the servers."""
    log, errors = ended.communicate()
    is_over = ended.returncode == 0
    if signal is not SIGKILL and log and not is_over:
        assert (log.splitlines()[-1], errors, ended.returncode) == (CANCELED, "", 128 + signal)
    elif not log:  # Python has not come to us yet
        assert not place.github.requests
        assert not place.hcp_terraform.requests
    for name, is_whole in WHOLE.items():
        path = place.runner.workspace / name
        assert not path.exists() or path.read_bytes() == BEFORE or is_whole(path)
    others = {each for each in place.runner.workspace.iterdir() if each.name not in WHOLE}
    others |= {*place.temporary.iterdir()}
    if signal is SIGKILL:
        for each in others:  # nobody else's, unless it was about to get the name of the file that it is
            assert stat.S_IMODE(each.stat().st_mode) & 0o077 == 0 or WHOLE[each.stem.removeprefix(".")](each)
    else:
        assert not others
        exports = place.hcp_terraform.plan_exports
        assert exports.created == len(exports.deleted)
    outputs = read_outputs(place.of_runner("output"))
    assert not outputs or "comment-id" in outputs
    summary = place.of_runner("summary")
    assert not summary or summary.startswith("<!-- tfc-plan-comment")
    assert summary.endswith("\n") or not summary


def check_next(place: Place, step: Step) -> None:
    """Assert that the next step leaves one comment of ours, and that it tells of the plan."""
    inputs = {name.replace("-", "_"): value for name, value in place.inputs.items()}
    done = step(at=place.runner, **inputs)
    assert done.exit_code == 0, done.log
    (comment,) = [each for each in place.github.comments if not each.minimized]
    assert "Plan: 4 to add, 6 to change, 3 to destroy." in comment.body
    assert done.outputs["comment-id"] == str(comment.id)
    assert comment.body.endswith("Terraform 1.11.4.</sub>\n")
    for name, is_whole in WHOLE.items():
        assert (name == MOCKS and "sentinel-mocks" not in place.inputs) or is_whole(place.runner.workspace / name)


@pytest.mark.timeout(300)
def test_ended_at_a_system_call(place: Place, step: Step, strace: tuple[str, ...], moments: random.Random) -> None:
    """Whatever it was about to write, send, read, make or remove."""
    calls = system_calls(strace, place)
    struck = 0
    for signal in islice(cycle(SIGNALS), AT_SYSTEM_CALLS):
        call = moments.choice(sorted(calls))
        at = f"inject={call}:signal={signal.name}:when={moments.randint(1, calls[call])}"
        ended = place.start(*strace, "-e", at, "--output=/dev/null")
        check_end(place, ended, signal)
        struck += ended.returncode != 0
        check_next(place, step)
    assert struck > AT_SYSTEM_CALLS / 2


@pytest.mark.timeout(300)
def test_ended_at_a_request(place: Place, step: Step, moments: random.Random) -> None:
    """A request was carried out, such as that for a new comment, and its answer is on its way."""
    place.start().communicate()
    made = len(place.github.requests) + len(place.hcp_terraform.requests)
    for signal in islice(cycle(SIGNALS), AT_REQUESTS):
        ended = start_and_end(place, moments.randint(1, made - 1), signal)
        check_end(place, ended, signal)
        check_next(place, step)
