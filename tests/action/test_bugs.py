"""A bug: the step fails with 2, the log says where it happened and not with which values, and so does the comment."""

from collections.abc import Callable

from tfc_sandbox.faults import RATE_LIMITED, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

SENTENCE = "tfc-plan-comment failed: ZeroDivisionError, which is a bug. Report it with the traceback."
VALUE = "a value that nobody should see"


def broken(*_: float) -> float:
    """A part of ours that does not work, and has something to hide."""
    hidden = VALUE
    try:
        return {"another": 0.0}[hidden]
    except KeyError:
        return 1 / len(hidden[:0])


def traceback_of(done: StepResult) -> list[str]:
    """The lines in the group of the traceback, which is followed by the error."""
    lines = [line for line in done.log.splitlines() if not line.startswith("::add-mask::")]
    start = lines.index("::group::Traceback")
    assert lines[-2:] == ["::endgroup::", f"::error::{SENTENCE}"]
    return lines[start + 1 : -2]


def test_says_where_and_not_what(serve: Serve, step: Step) -> None:
    """The traceback names files, lines and the kinds of errors, with what led to it; no text and no value."""
    done = step(serve(), clock=broken)
    lines = traceback_of(done)
    assert done.exit_code == 2
    assert [line for line in lines if not line.startswith(" ")] == ["KeyError", "ZeroDivisionError"]
    assert any(line.lstrip().startswith("File ") and line.endswith("in broken") for line in lines)
    assert "\\n" not in "".join(lines)
    assert VALUE not in done.log + done.summary


def test_does_not_leave_an_earlier_plan(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """The comment of the run before does not stand there still: it says that there is no plan to review, and why."""
    server = serve("no-changes")
    created = step(server)
    server.add_run(b"{}")  # which is waited for, with a sleep that does not work
    done = step(server, sleep=broken)
    assert done.outputs["comment-result"] == "updated"
    assert done.outputs["comment-id"] == created.outputs["comment-id"]
    for place in (github.comments[0].body, done.summary):
        assert place.count(SENTENCE) == 1
        assert "No changes." not in place


def test_before_anything_is_known(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Before it is known which comment is ours, the log and the step summary say it."""
    server = serve(faults=[Fault(path="/runs/", answer=RATE_LIMITED)])
    done = step(server, sleep=broken)
    assert done.exit_code == 2
    assert traceback_of(done)
    assert done.summary == f"\n> [!CAUTION]\n> {SENTENCE}\n"
    assert github.requests == []


def test_that_the_step_summary_cannot_be_written(serve: Serve, step: Step, runner: Runner) -> None:
    """Where the step summary is no file, the annotation still says what is wrong."""
    summary = runner.folder / "summary"
    summary.write_bytes(b"x" * 1_048_576)
    done = step(serve(), timeout="never", environ={"GITHUB_STEP_SUMMARY": str(summary)})
    sentence = "Input timeout: 'never' is not a duration. Use seconds, minutes or hours, such as 90s, 30m or 1h."
    assert done.exit_code == 1
    assert f"::error::{sentence}" in done.log.splitlines()
