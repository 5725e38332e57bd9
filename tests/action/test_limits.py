"""A plan that is too large, for the input or for the disk, is a sentence; nothing half written is left behind."""

import gzip
import html
import json
import re
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

HOW = "Raise the input max-plan-size."


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go: a folder with nothing else in it, so that what is left behind can be seen."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Writing beyond so many bytes fails in this process, as it does where the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def large_plan(size: int) -> bytes:
    """A plan of at least so many bytes that changes nothing."""
    return json.dumps({"format_version": "1.2", "terraform_version": "1.11.4", "unused": "x" * size}).encode()


def seen(comment: str) -> str:
    """The words of a comment without their markup: what of a name is escaped depends on the name."""
    return html.unescape(re.sub("</?(?:code|wbr)>", "", comment))


def assert_failed(done: StepResult, github: GitHubSandbox, what: str, why: str, what_to_do: str = HOW) -> None:
    """The sentence is the step's error, and the comment says why; no output promises anything."""
    assert done.exit_code == 1
    assert f"::error::{what}: {why}. {what_to_do}" in done.log.splitlines()
    assert why in seen(github.comments[0].body)
    assert "to-add" not in done.outputs
    assert "plan-json-path" not in done.outputs


def files_in(folder: Path) -> list[Path]:
    """All that lies in a folder."""
    return sorted(folder.rglob("*"))


@pytest.mark.parametrize("is_compressed", [False, True])
def test_download_that_is_too_large(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve,
    step: Step,
    runner: Runner,
    github: GitHubSandbox,
    temporary: Path,
    is_compressed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """What max-plan-size allows is what is on disk in the end; how large the plan is, is said if it is known."""
    plan = large_plan(600_000)
    answer = Answer(body=gzip.compress(plan), content_type="application/json", headers={"Content-Encoding": "gzip"})
    server = serve(plan, faults=[Fault(path="/object/", answer=answer)] if is_compressed else [])

    done = step(server, max_plan_size="500KB", plan_json_path="plan.json")

    known = f"it has {len(plan):,} bytes, and the limit is 500,000"
    why = "it has more than 500,000 bytes, which is the limit" if is_compressed else known
    assert_failed(done, github, f"Cannot read the JSON of plan {server.plan_id}", why)
    assert len(server.archivist.requests) == 1
    assert files_in(temporary) == files_in(runner.workspace) == []


def test_file_that_is_too_large(step: Step, runner: Runner, github: GitHubSandbox, temporary: Path) -> None:
    """A plan that is on disk already is not read either."""
    plan = runner.workspace / "given.json"
    plan.write_bytes(large_plan(600_000))

    done = step(plan_json="given.json", max_plan_size="500KB", plan_json_path="plan.json")

    why = f"it has {plan.stat().st_size:,} bytes, and the limit is 500,000"
    assert_failed(done, github, f"Cannot read the plan {plan}", why)
    assert files_in(temporary) == []
    assert files_in(runner.workspace) == [plan]


def test_plan_that_is_large_enough(serve: Serve, step: Step) -> None:
    """With a higher limit the same plan is shown."""
    assert step(serve(large_plan(600_000)), max_plan_size="1MB").outputs["has-changes"] == "false"


def test_download_that_the_disk_has_no_room_for(
    serve: Serve, step: Step, runner: Runner, github: GitHubSandbox, temporary: Path
) -> None:
    """The step fails with what the operating system said, once; the room that was taken is free again."""
    server = serve(large_plan(3_000_000))

    with no_file_larger_than(1_000_000):
        done = step(server, plan_json_path="plan.json")

    (to,) = re.findall(rf"'({re.escape(str(temporary))}/tfc-plan-comment-\w+/plan\.json)'", done.log)
    why = f"'{to}' cannot be written (File too large)"
    what = f"Cannot read the JSON of plan {server.plan_id}"
    assert_failed(done, github, what, why, "Check the disk and the directory.")
    assert len(server.archivist.requests) == 1
    assert files_in(temporary) == files_in(runner.workspace) == []


def test_kept_plan_that_the_disk_has_no_room_for(
    step: Step, runner: Runner, github: GitHubSandbox, temporary: Path
) -> None:
    """What stood at plan-json-path before stays, whole, and no half of a plan lies beside it."""
    plan, kept = runner.workspace / "given.json", runner.workspace / "plan.json"
    plan.write_bytes(large_plan(3_000_000))
    kept.write_bytes(b"of an earlier step")

    with no_file_larger_than(1_000_000):
        done = step(plan_json="given.json", plan_json_path="plan.json")

    assert done.exit_code == 1
    assert f"::error::Cannot write {kept}: File too large. Check the path and the disk." in done.log.splitlines()
    assert "plan-json-path" not in done.outputs
    assert "No changes." in github.comments[0].body
    assert kept.read_bytes() == b"of an earlier step"
    assert files_in(temporary) == []
    assert files_in(runner.workspace) == [plan, kept]


def test_requests_do_not_depend_on_the_size(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """A plan with thousands of changes takes as many requests as one with a single change, and is downloaded once."""
    sent = []
    for count in (1, 1_500):
        changes = [
            {"address": f"t.n[{n}]", "type": "t", "name": "n", "change": {"actions": ["delete"], "before": {"a": n}}}
            for n in range(count)
        ]
        server = serve(json.dumps({"format_version": "1.2", "resource_changes": changes}).encode())
        before = len(github.requests)
        assert step(server, comment_key=f"{count}").outputs["to-destroy"] == str(count)
        assert len(server.archivist.requests) == 1
        sent.append((len(server.requests), len(github.requests) - before))
    assert sent[0] == sent[1]
