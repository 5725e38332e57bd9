"""A disk that is full, read-only or too small: a sentence says so, there is a comment, and no file is half there."""

import compileall
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest

import tfc_plan_comment
from tfc_sandbox.artifacts import ArtifactsSandbox
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import ENTRY_POINT, Runner, StepResult, read_outputs
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Golden = Callable[[str], bytes]

FINISHED = Script(plan_statuses=("finished",), export_statuses=("finished",))
FULL, READ_ONLY = "No space left on device", "Read-only file system"


@dataclass(frozen=True, kw_only=True)
class Writer:
    """A part of ours that writes into the folder DISK: by which input or variable, and the sentence if it cannot.

    `{path}` in the sentence is the file, `{plan}` the plan's id, `{why}` the system's word for it.
    """

    sentence: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    variable: str = ""
    exit_code: int = 1


CANNOT_WRITE = "Cannot write {path}: {why}. Check the path and the disk."
WRITERS = {
    "the plan JSON": Writer(inputs={"plan-json-path": "DISK/file"}, sentence=CANNOT_WRITE),
    "the summary JSON": Writer(inputs={"summary-json-path": "DISK/file"}, sentence=CANNOT_WRITE),
    "the HTML report": Writer(  # whose loss is said, and no reason for the step to fail
        inputs={"report": "true", "report-path": "DISK/file"}, sentence=CANNOT_WRITE, exit_code=0
    ),
    "the mocks": Writer(
        inputs={"sentinel-mocks": "required", "sentinel-mocks-path": "DISK/file"}, sentence=CANNOT_WRITE
    ),
    "the outputs": Writer(
        variable="GITHUB_OUTPUT",
        sentence=(
            "Cannot write the outputs into {path}: {why}. Check the runner's disk, and the variable GITHUB_OUTPUT."
        ),
    ),
    "the step summary": Writer(
        variable="GITHUB_STEP_SUMMARY",
        sentence=(
            "Cannot write the step summary into {path}: {why}. Check the runner's disk, and the variable"
            " GITHUB_STEP_SUMMARY."
        ),
    ),
}
NO_FOLDER = (
    "Cannot make a temporary folder: {disk} cannot be written to ({why}). Free space on the disk, or set the variable"
    " TMPDIR."
)


@dataclass(frozen=True, kw_only=True)
class Disk:
    """A small disk, and the system's word for that nothing can be written to it, once it is taken away."""

    folder: Path
    why: str

    def take_away(self) -> set[Path]:
        """From now on nothing more can be written to it; returns all that is on it."""
        if self.why == READ_ONLY:
            command = [shutil.which("mount") or "", "-o", "remount,ro", str(self.folder)]
            subprocess.run(command, check=True)  # noqa: S603 - a fixed command
        else:
            with pytest.raises(OSError, match=self.why):
                (self.folder / "filler").write_bytes(b"x" * 100_000)
        return {*self.folder.iterdir()}


@pytest.fixture(params=[FULL, READ_ONLY])
def disk(request: pytest.FixtureRequest, runner: Runner) -> Iterator[Disk]:
    """A disk in the workspace."""
    folder = runner.workspace / "DISK"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None or os.geteuid():
        pytest.skip("needs to mount a disk, as root can on Linux")
    command = [mount, "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:  # noqa: S603 - a fixed command
        pytest.skip("needs to mount a disk, which root may not do in a container")
    yield Disk(folder=folder, why=request.param)
    subprocess.run([umount, str(folder)], check=True)  # noqa: S603 - a fixed command


@pytest.fixture
def temporary_on_disk(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary files are on the disk."""
    monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_says_what_could_not_be_written(
    writer: Writer, disk: Disk, serve: Serve, step: Step, github: GitHubSandbox
) -> None:
    """The sentence is in the log once, the comment shows the plan, and the disk is as it was."""
    path = disk.folder / "file"
    if writer.variable:
        path.touch()
    before = disk.take_away()
    inputs = {name.replace("-", "_"): value for name, value in writer.inputs.items()}

    done = step(serve(script=FINISHED), environ={writer.variable: str(path)} if writer.variable else {}, **inputs)

    assert done.exit_code == writer.exit_code
    assert done.log.count(writer.sentence.format(path=path, why=disk.why)) == 1
    assert "Traceback" not in done.log
    assert "Plan: 4 to add, 6 to change, 3 to destroy." in github.comments[0].body
    assert {*disk.folder.iterdir()} == before
    assert not path.exists() or not path.read_bytes()


@pytest.mark.usefixtures("temporary_on_disk")
@pytest.mark.parametrize("others", [(), (replace(FINISHED, workspace="another"),)], ids=["one run", "several"])
def test_no_room_for_temporary_files(
    others: tuple[Script, ...],
    disk: Disk,
    serve: Serve,
    step: Step,
    github: GitHubSandbox,
) -> None:
    """No earlier plan stands in the comment: it says that there is none to show, and why."""
    server = serve(script=FINISHED)
    run_ids = [server.run_id, *(server.add_run(b"{}", script=each) for each in others)]
    before = disk.take_away()

    done = step(server, run_id="\n".join(run_ids))

    assert done.exit_code == 1
    if disk.why == FULL:  # where there may be a folder, but no file in it
        assert f"/plan.json' cannot be written ({FULL}). Check the disk and the directory." in done.log
    else:
        assert NO_FOLDER.format(disk=disk.folder, why=disk.why) in done.log
    assert disk.why in github.comments[0].body
    assert {*disk.folder.iterdir()} == before


@pytest.mark.usefixtures("temporary_on_disk")
@pytest.mark.parametrize("disk", [FULL], indirect=True)
def test_no_room_for_the_zip_of_an_artifact(
    disk: Disk, hosted: Runner, stack: ExitStack, golden: Golden, step: Step
) -> None:
    """A service that takes nothing but zips, as some that are not GitHub's: the report stays in the workspace."""
    artifacts = stack.enter_context(ArtifactsSandbox(strict=True))
    (hosted.workspace / "plan.json").write_bytes(golden("mixed-update"))
    before = disk.take_away()

    done = step(
        at=replace(hosted, results_url=artifacts.results_url), plan_json="plan.json", report="true", report_artifact="a"
    )

    assert done.exit_code == 0
    assert (
        "::warning::Cannot upload the artifact a: the zip that it takes cannot be made (No space left on device). Check"
        " the disk.\n"
    ) in done.log
    assert done.outputs["report-path"] == "tfc-plan-report.html"
    assert {*disk.folder.iterdir()} == before


LIMITS = (100, 700, 2_000, 5_000, 10_000, 20_000, 40_000, 45_000, 60_000)
"""Bytes that a file may have, each time more: from none of what the step writes to all of it."""


@pytest.fixture(scope="module")
def compiled() -> None:
    """Python has compiled what the step imports: it would write that as well, and not see that it is cut off."""
    compileall.compile_dir(str(Path(tfc_plan_comment.__file__).parent), quiet=2)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("limit", LIMITS)
def test_no_file_larger_than(limit: int, serve: Serve, runner: Runner, github: GitHubSandbox) -> None:
    """Whichever files are too large for the machine, none is there in part, and the end is a sentence."""
    server = serve(script=FINISHED)
    inputs = {**server.inputs, "github-token": JOB_TOKEN}
    inputs |= {"plan-json-path": "plan.json", "summary-json-path": "summary.json", "report": "true"}
    environment = runner.prepare("step", inputs | {"sentinel-mocks": "required"})

    done = subprocess.run(  # noqa: S603 - our own entry point
        ENTRY_POINT,
        cwd=runner.workspace,
        env={name: value for name, value in environment.items() if not name.startswith("COVERAGE")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    is_enough = limit == LIMITS[-1]
    assert (done.returncode, done.stderr) == (0 if is_enough else 1, "")
    assert done.stdout.splitlines()[-1].startswith("::error::Cannot ") != is_enough
    assert "Traceback" not in done.stdout
    assert len(github.comments) == 1
    read_outputs(Path(environment["GITHUB_OUTPUT"]).read_text(encoding="utf-8"))
    for path in runner.workspace.iterdir():
        assert not path.name.startswith(".")
        assert path.suffix != ".json" or msgspec.json.decode(path.read_bytes())
