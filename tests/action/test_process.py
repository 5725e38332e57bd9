"""The entry point as a process of its own, started as the image starts it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import ENTRY_POINT, Runner
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]

FINISHED = Script(plan_statuses=("finished",))


@pytest.fixture
def inputs() -> Callable[[HcpTerraformSandbox], dict[str, str]]:
    """The inputs for the newest run of a server."""
    return lambda server: {**server.inputs, "github-token": JOB_TOKEN}


Inputs = Callable[[HcpTerraformSandbox], dict[str, str]]


def test_does_the_main_job(serve: Serve, runner: Runner, inputs: Inputs, github: GitHubSandbox) -> None:
    """Started as GitHub's runner starts it, it comments; modules in the user's checkout are not ours to import."""
    for name in ("requests", "github", "jinja2", "msgspec", "json", "tfc_plan_comment", "sitecustomize"):
        (runner.workspace / f"{name}.py").write_text("raise SystemExit('imported from the checkout')", encoding="utf-8")
    done = runner.run("step", inputs(serve(script=FINISHED)))
    assert done.exit_code == 0, done.log
    assert done.outputs["comment-result"] == "created"
    assert "\nPlan: 4 to add, 6 to change, 3 to destroy. " in done.log
    assert len(github.comments) == 1


def test_says_all_problems_with_its_inputs(serve: Serve, runner: Runner, inputs: Inputs) -> None:
    """Bad inputs end with 1 and the sentence."""
    server = serve(script=FINISHED)
    done = runner.run("step", {**inputs(server), "timeout": "never", "comment": "maybe"})
    assert done.exit_code == 1
    assert "::error::The inputs cannot be used: 2 problems. Correct them:%0A- Input " in done.log
    assert server.requests == []


def test_reports_a_bug(serve: Serve, runner: Runner, inputs: Inputs) -> None:
    """What nobody expects ends with 2 and a folded traceback, and Python prints none of its own."""
    environment = runner.prepare("step", inputs(serve(script=FINISHED)))
    Path(environment["GITHUB_STEP_SUMMARY"]).write_bytes(b"x" * STEP_SUMMARY_LIMIT)  # the runner gives an empty one
    done = subprocess.run(  # noqa: S603 - our own entry point
        ENTRY_POINT, cwd=runner.workspace, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (2, "")
    assert lines[-1] == ("::error::tfc-plan-comment failed: ValueError, which is a bug. Report it with the traceback.")
    assert lines.index("::group::Traceback") < lines.index("::endgroup::") == len(lines) - 2
    assert str(STEP_SUMMARY_LIMIT) not in "".join(lines[lines.index("::group::Traceback") :])


def ignore_sigint() -> None:
    """What a shell does before it starts something in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.mark.parametrize("before_start", [None, ignore_sigint], ids=["in front", "in the background"])
@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_ends_when_it_is_canceled(
    serve: Serve,
    runner: Runner,
    inputs: Inputs,
    signal_number: signal.Signals,
    before_start: Callable[[], None] | None,
) -> None:
    """When the workflow is canceled while the step waits, it ends with one sentence, whatever it was started by."""
    environment = runner.prepare("step", inputs(serve(script=Script(plan_statuses=("pending",)))))
    process = subprocess.Popen(  # noqa: S603 - our own entry point
        ENTRY_POINT,
        cwd=runner.workspace,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=before_start,  # noqa: PLW1509 - it only sets a signal, and takes no lock that a thread could hold
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("The plan is pending."):
                break
        process.send_signal(signal_number)
        rest, _ = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert rest == (
        "::endgroup::\n::error::The workflow was canceled, or the step took longer than its timeout-minutes.\n"
    )
    assert process.returncode == 128 + signal_number


def test_writes_utf_8_whatever_the_locale(serve: Serve, runner: Runner, inputs: Inputs) -> None:
    """A container has no locale; a name beyond ASCII is logged all the same."""
    environment = runner.prepare("step", inputs(serve(script=replace(FINISHED, workspace="größe"))))
    done = subprocess.run(  # noqa: S603 - our own entry point
        ENTRY_POINT,
        cwd=runner.workspace,
        env=environment | {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert "of acme/größe: " in done.stdout.decode()


def test_demo_shows_the_users_own_plan(tmp_path: Path) -> None:
    """The demo comments, updates the comment after a push, and says where everything is."""
    plan = Path(__file__).parents[1] / "golden" / "no-changes" / "plan.json"
    done = subprocess.run(  # noqa: S603 - our own demo
        [sys.executable, "-m", "tfc_sandbox", "--plan", os.path.relpath(plan), "--out", str(tmp_path / "out")],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "::" not in done.stdout
    for name in ("comment.md", "comment.html", "step-summary.md", "outputs.txt"):
        assert str(tmp_path / "out" / name) in done.stdout
        content = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert "No changes. Your infrastructure matches the configuration." in content
    assert "comment-result=updated\n" in (tmp_path / "out" / "outputs.txt").read_text(encoding="utf-8")
    assert "#7 created: " in done.stdout
    assert "#7 updated: " in done.stdout
