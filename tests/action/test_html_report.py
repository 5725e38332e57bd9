"""The HTML report: in the workspace, as an artifact, linked in the comment; and never at its expense."""

import hashlib
import html
import json
import re
import stat
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tfc_sandbox.artifacts import ArtifactsSandbox
from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.github import FORK_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Golden = Callable[[str], bytes]
Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

NESTED = Path(__file__).parents[1] / "golden" / "sensitive-nested"
FINISHED = Script(plan_statuses=("finished",))
ERRORED = Script(plan_statuses=("errored",))
URL = "https://github.com/acme/infra/actions/runs/4711/artifacts/101"
STANDS = "All 11 changes and 4 outputs of the plan are listed above. "
MASKED = "Values that Terraform marks as sensitive are masked. Terraform 1.11.4."
COPIES = 1_000
VALUE = "a value that nobody should see"
SENTENCE = "Plan: 4 to add, 6 to change, 3 to destroy."


def last_line(markdown: str) -> str:
    """What the comment says at its end, without tags of ours and with entities as letters."""
    return html.unescape(re.sub("</?(?:sub|code)>", "", markdown.splitlines()[-1]))


def changes_in(report: str) -> list[dict[str, Any]]:
    """What the report's script shows."""
    embedded = re.search(r'<script type="application/json" id="plan">(.*?)</script>', report, re.DOTALL)
    assert embedded
    changes: list[dict[str, Any]] = json.loads(embedded[1])["changes"]
    return changes


def test_from_the_run_to_the_comment(
    serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox, github: GitHubSandbox
) -> None:
    """The page is in the workspace and in an artifact, both the same; comment, step summary and outputs say where."""
    server = serve(script=FINISHED)

    done = step(server, at=hosted, report="true")

    assert done.exit_code == 0, done.log
    path = hosted.workspace / "tfc-plan-report.html"
    page = path.read_bytes()
    (artifact,) = artifacts.artifacts
    assert (artifact.content, artifact.mime_type) == (page, "text/html")
    assert artifact.digest == f"sha256:{hashlib.sha256(page).hexdigest()}"
    assert artifact.name == f"tfc-plan-report-{server.run_id}.html"
    assert artifact.expires_at is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(hosted.workspace.iterdir()) == [path]
    assert done.outputs["report-path"] == "tfc-plan-report.html"
    assert (done.outputs["report-artifact-id"], done.outputs["report-artifact-url"]) == ("101", URL)
    link = f'<a href="{URL}">full report</a> (until {artifact.expires_at[:10]})'
    for place in (github.comments[0].body, done.summary):
        assert last_line(place) == f"{STANDS}All of it is also in the {link}. {MASKED}"
    assert f"HTML report: {len(page):,} bytes, in tfc-plan-report.html\n" in done.log
    assert f"Artifact {artifact.name} uploaded: {URL}\n" in done.log


def test_the_page_says_what_the_comment_says(serve: Serve, step: Step, hosted: Runner) -> None:
    """Workspace, run, commit, pull request, time, Terraform's sentence, and every change."""
    script = replace(FINISHED, workspace="prod", message="Grow", commit_sha="0123456789")
    server = serve(script=script)

    step(server, at=hosted, report="true")

    page = (hosted.workspace / "tfc-plan-report.html").read_text(encoding="utf-8")
    assert re.search(r"<title>Terraform .* for prod: destroys 2 resources with data, .*</title>", page)
    assert SENTENCE in page
    assert re.search(rf">(<code>)?{server.run_id}(</code>)?</a>", page)
    assert "<code>0123456</code>" in page
    assert 'Pull request <a href="https://github.com/acme/infra/pull/7"><code>#7</code></a>' in page
    assert re.search(r'<time datetime="[0-9-]{10}T[0-9:]{5}Z">[0-9-]{10} [0-9:]{5} UTC</time>', page)
    assert len(changes_in(page)) == 11
    assert "Sentinel" not in page


def test_no_report_is_made_unasked(serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox) -> None:
    """Without the input there is no file, no artifact, no output and no word of them."""
    done = step(serve(script=FINISHED), at=hosted, report_path="report.html")

    assert artifacts.requests == []
    assert list(hosted.workspace.iterdir()) == []
    assert "full report" not in done.log + done.summary
    assert [name for name in done.outputs if name.startswith("report")] == []


def test_what_has_no_room_in_the_comment(
    serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox, golden: Golden
) -> None:
    """It stands in the report, which the comment names first, and then the step summary."""
    plan = json.loads(golden("mixed-update"))
    plan["resource_changes"] = [
        {**change, "address": f"module.copy[{copy}].{change['address']}", "module_address": f"module.copy[{copy}]"}
        for copy in range(COPIES)
        for change in plan["resource_changes"]
    ]

    step(serve(json.dumps(plan).encode(), script=FINISHED), at=hosted, report="true")

    said = last_line(github.comments[0].body)
    link = f'<a href="{URL}">full report</a>'
    summary = f'<a href="{URL.partition("/artifacts")[0]}">step summary</a>'
    assert re.fullmatch(
        r"[0-9,]+ changes are only counted here\."
        rf" All of it is in the {re.escape(link)} \(until [0-9-]{{10}}\)\."
        rf" More of it is in the {re.escape(summary)}\. {re.escape(MASKED)}",
        said,
    )
    page = (hosted.workspace / "tfc-plan-report.html").read_text(encoding="utf-8")
    assert sum(1 + len(item["alike"]) for item in changes_in(page)) == 11 * COPIES


def test_no_sensitive_value_is_in_it(serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox) -> None:
    """Not in the file, not in the artifact; and no token and no signature is in the log."""
    done = step(serve("sensitive-nested", script=FINISHED), at=hosted, report="true")

    secrets = [word for name in ("secrets", "leaked") for word in (NESTED / name).read_text(encoding="utf-8").split()]
    page = (hosted.workspace / "tfc-plan-report.html").read_text(encoding="utf-8")
    assert secrets
    assert [secret for secret in secrets if secret in page] == []
    assert artifacts.artifacts[0].content == page.encode()
    log = "\n".join(line for line in done.log.splitlines() if not line.startswith("::add-mask::"))
    assert [secret for secret in (artifacts.token, *artifacts.signatures, "sig=") if secret in log] == []


def test_redact_masks_in_it(serve: Serve, step: Step, hosted: Runner) -> None:
    """The user's own patterns hold here as well."""
    step(serve(script=FINISHED), at=hosted, report="true", redact=r"10\.0\.[0-9.]+/24")

    assert "/24" not in (hosted.workspace / "tfc-plan-report.html").read_text(encoding="utf-8")


def test_a_plan_without_changes(serve: Serve, step: Step, hosted: Runner) -> None:
    """Whoever asks for a report gets one, so that a later step finds the file."""
    done = step(serve("no-changes", script=FINISHED), at=hosted, report="true", comment_when="changes")

    page = (hosted.workspace / "tfc-plan-report.html").read_text(encoding="utf-8")
    assert changes_in(page) == []
    assert "No changes." in page
    assert done.outputs["comment-result"] == "skipped"
    assert done.outputs["report-artifact-id"] == "101"


def test_a_plan_that_failed_half_way(
    serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox, golden: Golden
) -> None:
    """What was planned is in the report, and why it is not the whole; the step fails as without it."""
    plan_json = Answer(body=golden("errored"), content_type="application/json")
    server = serve("errored", script=ERRORED, faults=[Fault(path="/json-output$", answer=plan_json)])

    done = step(server, at=hosted, report="true")

    assert done.exit_code == 1
    page = (hosted.workspace / "tfc-plan-report.html").read_text(encoding="utf-8")
    assert "Planning stopped at <code>aws_sns_topic.alerts</code>: There is nothing to alert about" in page
    assert "Everything below was planned before that. It cannot be applied." in page
    assert URL in github.comments[0].body


def test_where_there_is_no_plan_to_show(
    serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox, artifacts: ArtifactsSandbox
) -> None:
    """There is no report of nothing."""
    done = step(serve(script=Script(plan_statuses=("canceled",))), at=hosted, report="true")

    assert done.exit_code == 1
    assert "The plan was canceled." in github.comments[0].body
    assert (artifacts.requests, list(hosted.workspace.iterdir())) == ([], [])
    assert "report-path" not in done.outputs


@pytest.mark.parametrize("missing", ["results_url", "runtime_token"])
def test_where_there_is_no_artifact_service(
    serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox, missing: str
) -> None:
    """The file stays in the workspace, the comment says so, and the log shows the step to add."""
    server = serve(script=FINISHED)

    without: dict[str, Any] = {missing: ""}
    done = step(server, at=replace(hosted, **without), report="true", artifact_retention_days="7")

    assert done.exit_code == 0
    assert (
        "To keep the report as an artifact, add this step (on GitHub Enterprise Server with @v3):\n"
        "      - uses: actions/upload-artifact@v7\n"
        "        with:\n"
        f"          name: tfc-plan-report-{server.run_id}\n"
        "          path: tfc-plan-report.html\n"
        "          retention-days: 7\n"
    ) in done.log
    assert done.outputs["report-path"] == "tfc-plan-report.html"
    assert "report-artifact-id" not in done.outputs
    where = "All of it is also in tfc-plan-report.html in the workspace of the job. "
    assert last_line(github.comments[0].body) == f"{STANDS}{where}{MASKED}"
    assert "::warning::" not in done.log


def test_the_upload_is_refused(
    serve: Serve, step: Step, runner: Runner, stack: ExitStack, github: GitHubSandbox
) -> None:
    """It is a warning, and a sentence in the comment, which says where the file is; the step succeeds."""
    taken = Answer(status=409, body=b'{"code":"already_exists"}')
    artifacts = stack.enter_context(ArtifactsSandbox(faults=[Fault(path="/CreateArtifact$", answer=taken)]))
    server = serve(script=FINISHED)
    hosted = replace(runner, results_url=artifacts.results_url, runtime_token=artifacts.token)

    done = step(server, at=hosted, report="true")

    assert done.exit_code == 0
    sentence = (
        f"Cannot upload the artifact tfc-plan-report-{server.run_id}: GitHub's artifact service answered 409: there is "
        "an artifact of that name, and it could not be replaced. Set the input report-artifact to another name."
    )
    assert done.log.count(f"::warning::{sentence}\n") == 1
    assert "      - uses: actions/upload-artifact@v7\n" in done.log
    assert SENTENCE in github.comments[0].body
    assert last_line(github.comments[0].body) == (
        f"{STANDS}All of it is also in tfc-plan-report.html in the workspace of the job. {sentence} {MASKED}"
    )
    assert done.outputs["report-path"] == "tfc-plan-report.html"


def test_the_upload_takes_too_long(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, step: Step, runner: Runner, stack: ExitStack, github: GitHubSandbox, clock: Clock
) -> None:
    """The comment waits for a minute at most; then the report is only in the workspace, and the comment says so."""
    again = Answer(status=503)
    faults = [
        Fault(path=path, answer=again, times=4) for path in ("/CreateArtifact$", "^/blobs/", "/FinalizeArtifact$")
    ]
    artifacts = stack.enter_context(ArtifactsSandbox(faults=faults))
    server = serve(script=FINISHED)
    hosted = replace(runner, results_url=artifacts.results_url, runtime_token=artifacts.token)
    start = clock()

    done = step(server, at=hosted, report="true")

    assert done.exit_code == 0
    assert clock() - start <= 60
    sentence = (
        f"Cannot upload the artifact tfc-plan-report-{server.run_id}: GitHub's artifact service did not take it in "
        "time. Run the job again."
    )
    assert f"::warning::{sentence}\n" in done.log
    assert SENTENCE in github.comments[0].body
    assert sentence in last_line(github.comments[0].body)
    assert done.outputs["report-path"] == "tfc-plan-report.html"


def test_it_cannot_be_written(
    serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox, artifacts: ArtifactsSandbox
) -> None:
    """It is a warning, the comment says why, nothing half-written stays, and the step succeeds."""
    (hosted.workspace / "out").mkdir()
    server = serve(script=FINISHED)

    done = step(server, at=hosted, report="true", report_path="out/report.html/x", summary_json_path="out/report.html")

    assert done.exit_code == 0, done.log
    path = hosted.workspace / "out" / "report.html" / "x"
    sentence = f"Cannot write {path}: File exists. Check the path and the disk."
    assert done.log.count(f"::warning::{sentence}\n") == 1
    assert f"There is no full report: {sentence} " in last_line(github.comments[0].body)
    assert SENTENCE in github.comments[0].body
    assert artifacts.requests == []
    assert [path.name for path in (hosted.workspace / "out").iterdir()] == ["report.html"]
    assert "report-path" not in done.outputs


def test_a_bug_in_it_does_not_cost_the_comment(
    serve: Serve, step: Step, runner: Runner, stack: ExitStack, github: GitHubSandbox
) -> None:
    """The comment is there with the plan, and says that there is a bug; the step fails with 2."""
    unavailable = Fault(path="/CreateArtifact$", answer=Answer(status=503))
    artifacts = stack.enter_context(ArtifactsSandbox(faults=[unavailable]))
    hosted = replace(runner, results_url=artifacts.results_url, runtime_token=artifacts.token)

    def broken(_: float) -> None:
        raise ZeroDivisionError(VALUE)

    done = step(serve(script=FINISHED), at=hosted, sleep=broken, report="true")

    sentence = "tfc-plan-comment failed: ZeroDivisionError, which is a bug. Report it with the traceback."
    assert done.exit_code == 2
    assert SENTENCE in github.comments[0].body
    assert f"There is no full report: {sentence} " in last_line(github.comments[0].body)
    assert done.log.count(sentence) == 1
    assert VALUE not in done.log


def test_the_users_own_names(serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox) -> None:
    """Path and name are the user's; a name that has its ending already keeps it."""
    server = serve(script=FINISHED)

    done = step(server, at=hosted, report="true", report_path="out/plan.htm", report_artifact="plan of <run-id>.html")

    assert done.outputs["report-path"] == "out/plan.htm"
    assert (hosted.workspace / "out" / "plan.htm").is_file()
    assert artifacts.artifacts[0].name == f"plan of {server.run_id}.html"


def test_no_artifact(
    serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox, github: GitHubSandbox
) -> None:
    """With an empty name nothing is uploaded, and the comment says where the file is."""
    done = step(serve(script=FINISHED), at=hosted, report="true", report_artifact="")

    assert artifacts.requests == []
    assert "upload-artifact" not in done.log
    assert "<code>tfc-plan-report.html</code> in the workspace of the job" in github.comments[0].body


def test_without_a_run_the_plan_names_the_artifact(
    serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox
) -> None:
    """Of two plans in one workflow run, neither replaces the other's report."""
    server = serve(script=FINISHED)

    step(server, at=hosted, run_id="", plan_id=server.plan_id, report="true")

    assert artifacts.artifacts[0].name == f"tfc-plan-report-{server.plan_id}.html"


def test_on_disk_the_comments_key_names_the_artifact(
    step: Step, hosted: Runner, artifacts: ArtifactsSandbox, golden: Golden
) -> None:
    """Names differ where the comments do, whatever is in their keys, and each is one that GitHub takes."""
    (hosted.workspace / "plan.json").write_bytes(golden("mixed-update"))
    for key in ("acme/prod", "acme-prod", 'a "b"? ' * 20, ""):
        done = step(at=hosted, plan_json="plan.json", comment_key=key, report="true", report_path="out/r.html")
        assert done.exit_code == 0, done.log

    names = [artifact.name for artifact in artifacts.artifacts]
    digest = hashlib.sha256(b"acme/prod").hexdigest()[:8]
    assert names[0] == f"tfc-plan-report-acme-prod-{digest}.html"
    assert names[-1].startswith("tfc-plan-report-Terraform-plan-plan-comment-")
    assert len(set(names)) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,100}", name) for name in names)


def test_a_path_outside_the_workspace(serve: Serve, step: Step, hosted: Runner, tmp_path: Path) -> None:
    """It is refused before anything is asked for; a symbolic link is replaced, and not followed."""
    server = serve(script=FINISHED)
    refused = step(server, at=hosted, report="true", report_path="../report.html")
    assert refused.exit_code == 1
    assert (
        "::error::Input report-path: '../report.html' points outside the workspace. Use a path in the workspace.\n"
    ) in refused.log
    assert server.requests == []

    outside = tmp_path / "outside"
    outside.write_text("untouched")
    (hosted.workspace / "tfc-plan-report.html").symlink_to(outside)
    assert step(server, at=hosted, report="true").exit_code == 0
    assert outside.read_text() == "untouched"
    assert not (hosted.workspace / "tfc-plan-report.html").is_symlink()


def test_a_fork_gets_its_report_without_a_comment(serve: Serve, step: Step, hosted: Runner) -> None:
    """Where no comment may be written, the step summary links it."""
    done = step(serve(script=FINISHED), at=hosted, github_token=FORK_TOKEN, report="true")

    assert done.exit_code == 0
    assert done.outputs["comment-result"] == "skipped"
    assert URL in done.summary


def test_beside_the_mocks(serve: Serve, step: Step, hosted: Runner, artifacts: ArtifactsSandbox) -> None:
    """Both are uploaded, and linked in the comment; the report waits for no mocks, and says where they will be."""
    script = replace(FINISHED, export_statuses=(*["queued"] * 20, "finished"))

    done = step(serve(script=script), at=hosted, report="true", sentinel_mocks="true")

    assert done.exit_code == 0, done.log
    assert {artifact.mime_type for artifact in artifacts.artifacts} == {"text/html", "application/gzip"}
    ids = {done.outputs["report-artifact-id"], done.outputs["sentinel-mocks-artifact-id"]}
    assert ids == {"101", "102"}
    page = (hosted.workspace / "tfc-plan-report.html").read_text(encoding="utf-8")
    assert "<strong>Sentinel mocks:</strong>" in page
    for name in ("report", "sentinel-mocks"):
        assert done.outputs[f"{name}-artifact-url"] in done.summary


def test_a_template_of_the_users_own(serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox) -> None:
    """It may say where the report is in words of its own."""
    source = "{{ marker }}\n{% if html_report %}{{ html_report.artifact | link(html_report.url) }}{% endif %}\n"
    (hosted.workspace / "mine.j2").write_text(source, encoding="utf-8")
    server = serve(script=FINISHED)

    done = step(server, at=hosted, report="true", template="mine.j2")

    assert done.exit_code == 0, done.log
    link = f'<a href="{URL}">tfc-plan-report-{server.run_id}.html</a>'
    assert html.unescape(github.comments[0].body).splitlines()[2].replace("<code>", "").replace("</code>", "") == link
