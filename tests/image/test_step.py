"""The image does what the action does, as GitHub's runner starts it."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from container_engine import IMAGE, Engine
from container_step import ContainerStep
from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner

pytestmark = pytest.mark.image

Serve = Callable[..., HcpTerraformSandbox]
Inputs = Callable[..., dict[str, str]]
Step = Callable[..., ContainerStep]

GOLDEN = Path(__file__).parents[1] / "golden"
CANCELED = "::error::The workflow was canceled, or the step took longer than its timeout-minutes.\n"
# The user of GitHub's runners, to whom the checkout belongs.
RUNNERS_USER = 1001


def test_writes_the_comment_and_the_summary(
    serve: Serve, runner: Runner, inputs: Inputs, step: Step, github: GitHubSandbox
) -> None:
    """The code here finds nothing to change in the comment, and has the same summary and outputs."""
    server = serve()

    done = step(inputs(server)).run()
    again = runner.run("without-container", inputs(server))

    assert (done.exit_code, done.outputs["comment-result"]) == (0, "created"), done.log
    assert (again.exit_code, again.outputs["comment-result"]) == (0, "unchanged"), again.log
    assert done.summary == again.summary
    assert "Plan: 4 to add, 6 to change, 3 to destroy." in done.summary
    assert {**done.outputs, "comment-result": "unchanged"} == again.outputs
    assert len(github.comments) == 1


@pytest.mark.parametrize("name", ["hostile-values", "mixed-update", "sensitive-nested"])
@pytest.mark.parametrize("form", ["markdown", "json", "html"])
def test_shows_a_plan_as_the_code_here_does(container_engine: Engine, name: str, form: str) -> None:
    """Byte for byte, whatever the Python."""
    plan = (GOLDEN / name / "plan.json").read_bytes()
    arguments = "render", "--format", form, "-"
    here = [sys.executable, "-I", "-m", "tfc_plan_comment", *arguments]

    shown = subprocess.run(  # noqa: S603 - our own image
        container_engine.run_command(IMAGE, "--interactive", arguments=arguments),
        input=plan,
        check=False,
        capture_output=True,
    )

    assert (shown.returncode, shown.stderr) == (0, b"")
    assert shown.stdout == subprocess.run(here, input=plan, check=True, capture_output=True).stdout  # noqa: S603 - ours


def test_an_expected_error_ends_with_1(serve: Serve, inputs: Inputs, step: Step) -> None:
    """Its sentence is the last line, and names the file that is not there."""
    done = step(inputs(serve(), template="none.j2")).run()

    assert done.exit_code == 1
    assert "::error::" in done.log
    assert "none.j2" in done.log.splitlines()[-1]


def test_a_bug_ends_with_2(serve: Serve, inputs: Inputs, step: Step) -> None:
    """Such as a step summary that is not empty, as the runner never has it."""
    surprised = step(inputs(serve()))
    Path(surprised.environment["GITHUB_STEP_SUMMARY"]).write_bytes(b"x" * STEP_SUMMARY_LIMIT)

    done = surprised.run()

    assert done.exit_code == 2
    assert done.log.endswith("ValueError, which is a bug. Report it with the traceback.\n")


@pytest.mark.parametrize("by", ["docker stop", "the runner"])
def test_ends_when_it_is_canceled(serve: Serve, inputs: Inputs, step: Step, by: str) -> None:
    """With one sentence: of SIGTERM, which process 1 does not end by on its own, and of SIGINT through the command."""
    canceled = step(inputs(serve("pending")))

    with canceled.start() as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("The plan is pending."):
                break
        if by == "the runner":
            process.send_signal(signal.SIGINT)
        else:
            canceled.engine.ask("stop", "-t", "30", canceled.name)
        rest = process.stdout.read()
        process.wait()

    assert rest == f"::endgroup::\n{CANCELED}"
    assert process.returncode == 128 + (signal.SIGINT if by == "the runner" else signal.SIGTERM)


def test_what_it_writes_is_roots_and_can_be_read(serve: Serve, runner: Runner, inputs: Inputs, step: Step) -> None:
    """The container is root's, and the next step reads the files as another user; those of the runner stay its own."""
    if os.geteuid() == 0:
        os.chown(runner.workspace, RUNNERS_USER, RUNNERS_USER)
    paths = {name: f"out/{name}" for name in ("plan.json", "summary.json", "report.html")}
    asked = {
        "plan_json_path": paths["plan.json"],
        "summary_json_path": paths["summary.json"],
        "report_path": paths["report.html"],
    }
    made = step(inputs(serve(), report="true", report_artifact="", **asked))
    commands = [Path(made.environment[name]) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")]
    before = [path.stat() for path in commands]

    done = made.run()

    assert done.exit_code == 0, done.log
    files = {str(path.relative_to(runner.workspace)): path.stat() for path in runner.workspace.rglob("*")}
    assert sorted(files) == sorted(["out", *paths.values()])
    for name, found in files.items():
        assert (found.st_uid, found.st_gid) == (0, 0), name
        assert stat.S_IMODE(found.st_mode) == (0o755 if name == "out" else 0o644), name
    after = [path.stat() for path in commands]
    assert [(each.st_ino, each.st_uid, each.st_mode) for each in after] == [
        (each.st_ino, each.st_uid, each.st_mode) for each in before
    ]
    assert [path.name for path in runner.folder.joinpath("_temp").iterdir() if not path.name.startswith("_")] == []


def test_changes_nothing_of_the_container(serve: Serve, inputs: Inputs, step: Step) -> None:
    """Its files may be read-only, but for /tmp; so is the event's file in every test here."""
    done = step(inputs(serve()), options=("--read-only", "--tmpfs", "/tmp")).run()  # noqa: S108 - the container's own

    assert (done.exit_code, done.outputs["comment-result"]) == (0, "created"), done.log
