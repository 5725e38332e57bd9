"""The Sentinel mocks of the run: in the workspace, as an artifact, named in the comment; and never at its expense."""

import hashlib
import html
import signal
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tfc_sandbox.artifacts import ArtifactsSandbox
from tfc_sandbox.faults import CUT, Answer, Fault
from tfc_sandbox.github import FORK_TOKEN, JOB_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import READ_TOKEN, WRITE_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import ENTRY_POINT, Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

FINISHED = Script(plan_statuses=("finished",))
FAILING = Script(plan_statuses=("finished",), export_statuses=("queued", "errored"), export_error="no state")
NAMES = (
    "mock-tfconfig-v2.sentinel",
    "mock-tfconfig.sentinel",
    "mock-tfplan-v2.sentinel",
    "mock-tfplan.sentinel",
    "mock-tfstate-v2.sentinel",
    "mock-tfstate.sentinel",
    "sentinel.hcl",
    "mock-tfrun.sentinel",
)
FILES = ", ".join(f"<code>{name}</code>" for name in NAMES)
WARNING = "They may expose data from the plan and the state. Treat them as a secret."


def test_from_the_run_to_the_comment(
    serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox, github: GitHubSandbox
) -> None:
    """The bundle is in the workspace and in an artifact, both the same; comment and outputs say where."""
    server = serve(script=FINISHED)

    done = step(server, at=hosted, sentinel_mocks="true")

    assert done.exit_code == 0, done.log
    bundle = (hosted.workspace / "sentinel-mocks.tar.gz").read_bytes()
    (artifact,) = artifacts.artifacts
    assert artifact.expires_at is not None
    assert artifact.content == bundle
    assert artifact.name == f"sentinel-mocks-{server.run_id}.tar.gz"
    assert done.outputs["sentinel-mocks-path"] == "sentinel-mocks.tar.gz"
    assert done.outputs["sentinel-mocks-digest"] == f"sha256:{hashlib.sha256(bundle).hexdigest()}" == artifact.digest
    assert done.outputs["sentinel-mocks-artifact-id"] == "101"
    url = "https://github.com/acme/infra/actions/runs/4711/artifacts/101"
    assert done.outputs["sentinel-mocks-artifact-url"] == url
    line = (
        f'**Sentinel mocks:** <a href="{url}"><code>{artifact.name}</code></a> ({len(bundle) / 1000:.1f} kB, '
        f"until {artifact.expires_at[:10]}): {FILES}. {WARNING}"
    )
    assert line in html.unescape(github.comments[0].body)
    assert line in html.unescape(done.summary)
    assert len(server.plan_exports.deleted) == 1


def test_nothing_is_exported_unasked(serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox) -> None:
    """Without the input there is no export, no file, no artifact and no word of them."""
    server = serve(script=FINISHED)

    done = step(server, at=hosted)

    assert (server.plan_exports.created, artifacts.requests) == (0, [])
    assert list(hosted.workspace.iterdir()) == []
    assert "entinel" not in done.log + done.summary


def test_nothing_of_the_content_is_shown(
    serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox, github: GitHubSandbox
) -> None:
    """No token, no signature and no line of a mock is in the log, the comment or the step summary."""
    plan = b'{"format_version":"1.2","terraform_version":"1.13.4","variables":{"pin":{"value":"correct-horse"}}}'
    server = serve(plan, script=FINISHED)

    done = step(server, at=hosted, sentinel_mocks="true")

    shown = "\n".join(line for line in done.log.splitlines() if not line.startswith("::add-mask::"))
    shown += done.summary + github.comments[0].body + str(done.outputs)
    with tarfile.open(hosted.workspace / "sentinel-mocks.tar.gz") as archive:
        member = archive.extractfile("mock-tfplan-v2.sentinel")
        assert member is not None
        assert b"correct-horse" in member.read()
    for secret in ("correct-horse", artifacts.token, *artifacts.signatures, "sig=", "/v1/object/", 'mock "'):
        assert secret not in shown
    assert f"::add-mask::{artifacts.token}" in done.log.splitlines()[:4]
    assert server.archivist.leaks == artifacts.leaks == []


def test_the_comment_does_not_wait(
    serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox, artifacts: ArtifactsSandbox
) -> None:
    """While the export is slow the comment is there already; it is brought up to date when the mocks are."""
    script = replace(FINISHED, export_statuses=(*["queued"] * 60, "finished"))
    server = serve(script=script)
    bodies: list[str] = []
    posted = github.comments

    def sleep(_: float) -> None:
        # The export is slow until the comment is there.
        if posted and not bodies:
            bodies.append(posted[0].body)
        if not posted:
            for export_id in server.plan_exports.ids_of(server._runs[0]):
                export = server.plan_exports.get(export_id)
                assert export
                export.times_read = 0

    done = step(server, at=hosted, sleep=sleep, sentinel_mocks="true")

    assert done.exit_code == 0, done.log
    assert "**Sentinel mocks:** they are not ready yet. The link will be here." in bodies[0]
    assert artifacts.artifacts[0].finalized
    (comment,) = github.comments
    assert "artifacts/101" in comment.body
    assert done.outputs["comment-result"] == "created"
    assert done.outputs["comment-id"]


@pytest.mark.parametrize(("value", "exit_code"), [("true", 0), ("required", 1)])
def test_a_failed_export_does_not_cost_the_comment(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox, value: str, exit_code: int
) -> None:
    """The comment says why there are no mocks; the step fails only where they are required."""
    server = serve(script=FAILING)

    done = step(server, at=hosted, sentinel_mocks=value)

    assert done.exit_code == exit_code
    sentence = f"Cannot export plan {server.plan_id}: its export pe-"
    assert done.outputs["comment-result"] == "created"
    assert "Plan: " in github.comments[0].body
    assert "**No Sentinel mocks:** Cannot export plan" in github.comments[0].body
    assert "no state" in github.comments[0].body
    assert done.log.count(f"::{'warning' if value == 'true' else 'error'}::{sentence}") == 1
    assert done.log.count(sentence) == 1
    assert "sentinel-mocks-path" not in done.outputs


def test_without_permission(serve: Serve, step: Step, hosted: Runner) -> None:
    """A token that may only read gets the comment, and is told what it lacks."""
    server = serve(script=FINISHED)

    done = step(server, at=hosted, token=READ_TOKEN, sentinel_mocks="true")

    assert done.exit_code == 0
    assert done.outputs["has-changes"] == "true"
    assert f"::warning::Cannot export plan {server.plan_id}: the token may not download Sentinel mocks. " in done.log


def test_mocks_without_the_plan_json(serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox) -> None:
    """Who may write but not read the full plan JSON gets the mocks all the same."""
    server = serve(script=FINISHED)

    done = step(server, at=hosted, token=WRITE_TOKEN, plan_access="full", sentinel_mocks="true")

    assert done.exit_code == 1
    assert "no plan to show" in github.comments[0].body
    assert FILES in github.comments[0].body
    assert done.outputs["sentinel-mocks-artifact-id"] == "101"


def test_a_failed_plan_has_none(serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox) -> None:
    """A plan that errored fails the step for that reason, and the mocks are a warning even where they are required."""
    server = serve(script=Script(plan_statuses=("errored",)))

    done = step(server, at=hosted, sentinel_mocks="required")

    assert done.exit_code == 1
    sentence = (
        f"Cannot export plan {server.plan_id}: it is errored, and only a finished plan has mocks. Start a new run."
    )
    assert f"::warning::{sentence}\n" in done.log
    assert "**No Sentinel mocks:** Cannot export plan" in github.comments[0].body


@pytest.mark.parametrize("missing", ["results_url", "runtime_token"])
def test_where_there_is_no_artifact_service(
    serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox, missing: str
) -> None:
    """The file stays in the workspace, and the log shows the step to add. That is no failure."""
    server = serve(script=FINISHED)

    without: dict[str, Any] = {missing: ""}
    done = step(server, at=replace(hosted, **without), sentinel_mocks="required")

    assert done.exit_code == 0
    assert (
        "To keep the mocks as an artifact, add this step (on GitHub Enterprise Server with @v3):\n"
        "      - uses: actions/upload-artifact@v7\n"
        "        with:\n"
        f"          name: sentinel-mocks-{server.run_id}\n"
        "          path: sentinel-mocks.tar.gz\n"
        "          retention-days: 1\n"
    ) in done.log
    assert done.outputs["sentinel-mocks-path"] == "sentinel-mocks.tar.gz"
    assert "sentinel-mocks-artifact-id" not in done.outputs
    assert "<code>sentinel-mocks.tar.gz</code> in the workspace of the job (" in github.comments[0].body


@pytest.mark.parametrize(
    ("answer", "server_url", "token"),
    [
        (Answer(status=404, body=b"<html>"), "https://github.com", None),
        (Answer(status=404, body=b"<html>"), "https://github.acme.example", None),
        (Answer(status=403, body=b'{"code":"permission_denied"}'), "https://github.acme.example", None),
        (Answer(status=200), "https://github.acme.example", "a.e30.c"),
    ],
    ids=["a page", "a page on an Enterprise Server", "a refusal on an Enterprise Server", "a token for no job"],
)
def test_what_only_looks_like_an_artifact_service(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve,
    step: Step,
    hosted: Runner,
    artifacts: ArtifactsSandbox,
    answer: Answer,
    server_url: str,
    token: str | None,
) -> None:
    """On GitHub Enterprise Server there is none, whatever the variables say: that is no failure either."""
    artifacts.misbehave(faults=[Fault(path="/CreateArtifact$", answer=answer)])
    at = replace(hosted, runtime_token=token or hosted.runtime_token)

    done = step(serve(script=FINISHED), at=at, environ={"GITHUB_SERVER_URL": server_url}, sentinel_mocks="required")

    assert done.exit_code == 0
    assert (
        "add this step (on GitHub Enterprise Server with @v3):\n      - uses: actions/upload-artifact@v7\n" in done.log
    )
    assert "::notice::Cannot upload the artifact sentinel-mocks-run-" in done.log
    assert done.outputs["sentinel-mocks-path"] == "sentinel-mocks.tar.gz"
    assert "::error" not in done.log


def test_the_upload_fails(serve: Serve, step: Step, runner: Runner, stack: ExitStack, github: GitHubSandbox) -> None:
    """The file is in the workspace, the comment says so and why there is no artifact, and the log what to add."""
    forbidden = Answer(status=403, body=b'{"code":"permission_denied"}')
    artifacts = stack.enter_context(ArtifactsSandbox(faults=[Fault(path="/CreateArtifact$", answer=forbidden)]))
    server = serve(script=FINISHED)
    hosted = replace(runner, results_url=artifacts.results_url, runtime_token=artifacts.token)

    done = step(server, at=hosted, sentinel_mocks="true")

    assert done.exit_code == 0
    sentence = (
        f"Cannot upload the artifact sentinel-mocks-{server.run_id}: GitHub's artifact service answered 403: the "
        "runner's token is not valid (any more). Run the job again."
    )
    assert f"::warning::{sentence}\n" in done.log
    assert "      - uses: actions/upload-artifact@v7\n" in done.log
    assert (hosted.workspace / "sentinel-mocks.tar.gz").is_file()
    assert "in the workspace of the job" in github.comments[0].body
    assert "answered 403" in github.comments[0].body


def test_cut_in_the_middle_of_both(serve: Serve, step: Step, runner: Runner, stack: ExitStack) -> None:
    """A connection that is cut while the bundle comes, and while it goes, costs time and nothing else."""
    artifacts = stack.enter_context(ArtifactsSandbox(faults=[Fault(path="^/blobs/", answer=CUT, times=2)]))
    server = serve(script=FINISHED, faults=[Fault(path="/v1/object/", answer=CUT, times=2)])
    hosted = replace(runner, results_url=artifacts.results_url, runtime_token=artifacts.token)

    done = step(server, at=hosted, plan_access="redacted", sentinel_mocks="required")

    assert done.exit_code == 0, done.log
    assert artifacts.artifacts[0].content == (hosted.workspace / "sentinel-mocks.tar.gz").read_bytes()


def test_the_users_own_names(serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox) -> None:
    """Path, name and retention are the user's, the last within what the repository allows."""
    server = serve(script=FINISHED)

    done = step(
        server,
        at=hosted,
        environ={"GITHUB_RETENTION_DAYS": "3"},
        sentinel_mocks="true",
        sentinel_mocks_path="out/mocks.tar.gz",
        sentinel_mocks_artifact="mocks of prod",
        artifact_retention_days="90",
        sentinel_mocks_keep="true",
    )

    assert done.outputs["sentinel-mocks-path"] == "out/mocks.tar.gz"
    assert (hosted.workspace / "out" / "mocks.tar.gz").is_file()
    assert artifacts.artifacts[0].name == "mocks of prod.tar.gz"
    assert server.plan_exports.deleted == []


def test_no_artifact(serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox) -> None:
    """With an empty name nothing is uploaded, and nothing is said of it."""
    done = step(serve(script=FINISHED), at=hosted, sentinel_mocks="true", sentinel_mocks_artifact="")

    assert done.outputs["sentinel-mocks-path"] == "sentinel-mocks.tar.gz"
    assert artifacts.requests == []
    assert "upload-artifact" not in done.log


def test_a_link_that_leads_out_of_the_workspace(serve: Serve, step: Step, hosted: Runner, tmp_path: Path) -> None:
    """A symbolic link in the user's checkout, where the mocks go, is replaced and not followed."""
    outside = tmp_path / "outside"
    outside.write_text("untouched")
    (hosted.workspace / "sentinel-mocks.tar.gz").symlink_to(outside)

    done = step(serve(script=FINISHED), at=hosted, sentinel_mocks="true")

    assert done.exit_code == 0
    assert outside.read_text() == "untouched"
    assert not (hosted.workspace / "sentinel-mocks.tar.gz").is_symlink()


def test_the_disk_is_full(serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox) -> None:
    """Without room for them the mocks are a warning, nothing half-written stays, and the comment is there."""
    server = serve(script=FINISHED)
    small = hosted.workspace / "small"
    small.mkdir()
    command = ["/bin/mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(small)]
    if subprocess.run(command, check=False, capture_output=True).returncode:  # noqa: S603 - a fixed command
        pytest.skip("only root may mount a small tmpfs")
    try:
        done = step(server, at=hosted, sentinel_mocks="true", sentinel_mocks_path="small/mocks.tar.gz")

        assert done.exit_code == 0
        sentence = f"Cannot write {small}/mocks.tar.gz: No space left on device. Check the path and the disk."
        assert f"::warning::{sentence}\n" in done.log
        assert "**No Sentinel mocks:** Cannot write " in github.comments[0].body
        assert list(small.iterdir()) == []
        assert len(server.plan_exports.deleted) == 1
    finally:
        subprocess.run(["/bin/umount", str(small)], check=True)  # noqa: S603 - a fixed command


def test_a_fork_gets_its_mocks_without_a_comment(serve: Serve, step: Step, hosted: Runner) -> None:
    """Where no comment may be written, that is said once, and the rest is as it should be."""
    done = step(serve(script=FINISHED), at=hosted, github_token=FORK_TOKEN, sentinel_mocks="true")

    assert done.exit_code == 0
    assert done.outputs["comment-result"] == "skipped"
    assert done.outputs["sentinel-mocks-artifact-id"] == "101"
    assert done.log.count("No comment was written") == 1


def test_recreate_hides_one_comment(serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox) -> None:
    """With comment: recreate there is one new comment, even if it is written twice."""
    step(serve(script=FINISHED), at=hosted)

    done = step(serve(script=FINISHED), at=hosted, comment="recreate", sentinel_mocks="true")

    assert done.outputs["comment-result"] == "created"
    assert len(github.comments) == 2
    assert "artifacts/101" in github.comments[-1].body


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_canceled_while_waiting(
    runner: Runner, golden: Callable[[str], bytes], signal_number: signal.Signals, tmp_path: Path
) -> None:
    """Canceled while the export is made, the step deletes it, and its exit status says the signal."""
    script = Script(plan_statuses=("finished",), export_statuses=("queued",))
    with HcpTerraformSandbox(golden("mixed-update"), script=script) as server:
        inputs = {**server.inputs, "github-token": JOB_TOKEN}
        environment = runner.prepare("step", {**inputs, "sentinel-mocks": "true"})
        process = subprocess.Popen(  # noqa: S603 - our own entry point
            ENTRY_POINT,
            cwd=runner.workspace,
            env={**environment, "TMPDIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        with process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("Plan export pe-"):
                    break
            process.send_signal(signal_number)
            rest = process.stdout.read()

        assert process.returncode == 128 + signal_number
        assert "::error::The workflow was canceled, or the step took longer than its timeout-minutes.\n" in rest
        assert "Traceback" not in rest
        assert (server.plan_exports.created, len(server.plan_exports.deleted)) == (1, 1)
        assert list(runner.workspace.iterdir()) == []
        assert list(tmp_path.glob("tfc-plan-comment-*")) == []
