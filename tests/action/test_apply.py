"""What became of a run after its plan: the comment tells it when the action runs for it again, or waits for it."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tfc_plan_comment.comment_memory import drop_memory
from tfc_sandbox.applies import Apply
from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Golden = Callable[[str], bytes]

HEAD, MERGE = "a" * 40, "e" * 40  # the head of pull request #7, and the commit by which it is merged
RUN = Script(plan_statuses=("finished",), is_plan_only=False)
APPLIED = replace(RUN, run_status="applied", apply=Apply())
SECRET = "Zq7vW9kPxw2mLmQx"
DIAGNOSTIC = {
    "severity": "error",
    "summary": "creating IAM Role (deploy): AccessDenied",
    "detail": f"The token {SECRET} is not authorized, @octocat <b>",
    "address": "aws_iam_role.deploy",
    "range": {"filename": "iam.tf", "start": {"line": 7, "column": 1, "byte": 1}},
}
OUTPUTS = {"type": "outputs", "outputs": {"password": {"sensitive": True, "value": SECRET}}}
STATE = {"type": "log", "@message": "Emergency state dump", "state": {"outputs": {"p": SECRET}}}
LINES = (OUTPUTS, STATE, {"type": "diagnostic", "@level": "error", "diagnostic": DIAGNOSTIC})
LOG = b"\x02Terraform v1.13.4\n" + b"\n".join(json.dumps(line).encode() for line in LINES) + b"\n\x03"
FAILED = replace(RUN, run_status="errored", apply=Apply(status="errored", done=(0, 1, 0, 0), log=LOG))
COUNTED = "HCP Terraform counts as done before that: 1 added, 0 changed, 0 destroyed."
LEFT = "A new plan shows what is left to do."


def plan_with_secret() -> bytes:
    """A plan that creates an output, whose value it marks as sensitive."""
    change = {"actions": ["create"], "before": None, "after": SECRET, "after_sensitive": True}
    plan = {"format_version": "1.2", "terraform_version": "1.13.4", "output_changes": {"password": change}}
    return json.dumps(plan).encode()


def asked(server: HcpTerraformSandbox, part: str) -> int:
    """How many requests to the API had this in their path."""
    return sum(part in request.path for request in server.requests)


def test_applied(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Title and first alert say what was done; what nobody has to decide any more is in no red or yellow alert."""
    server = serve(script=APPLIED)

    done = step(server)

    note = "This plan was applied on 2026-03-01 at 10:05 UTC: 1 added, 2 changed, 3 destroyed."
    for place in (github.comments[0].body, done.summary):
        assert "## Terraform plan for <code>web-app</code>: applied: 1 added, 2 changed, 3 destroyed\n" in place
        assert f"> [!NOTE]\n> {note}\n" in place
        assert "> [!NOTE]\n> **2 resources that hold data are destroyed**\n" in place
        assert "[!CAUTION]" not in place
        assert "[!WARNING]" not in place
    assert "Terraform plan for web-app: applied: 1 added, 2 changed, 3 destroyed\n" in done.log
    assert f"{note}\n" in done.log
    assert "::warning" not in done.log
    assert done.exit_code == 0
    assert done.outputs["run-status"] == "applied"
    assert json.loads(done.outputs["workspaces"])[0]["run-status"] == "applied"
    assert asked(server, "/applies/") == 1
    assert len(server.archivist.requests) == 1  # the plan, and no log


@pytest.mark.parametrize(
    ("apply", "title", "said"),
    [
        (Apply(done=(2, 0, 0, 0)), "applied: 2 imported", "UTC: 2 imported, 0 added, 0 changed, 0 destroyed."),
        (Apply(done=(0, 0, 0, 0)), "applied", "UTC: 0 added, 0 changed, 0 destroyed."),
        (Apply(done=None), "applied", "This plan was applied on 2026-03-01 at 10:05 UTC."),
        (Apply(done=None, times=False), "applied", "This plan was applied."),
    ],
)
def test_as_far_as_it_is_known(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, step: Step, github: GitHubSandbox, apply: Apply, title: str, said: str
) -> None:
    """The title has no zeros, the sentence has them; nothing is said of what HCP Terraform does not tell."""
    step(serve(script=replace(APPLIED, apply=apply)))

    body = github.comments[0].body
    assert f"</code>: {title}\n" in body
    assert f"{said}\n" in body


@pytest.mark.parametrize("status", ["post_apply_running", "post_apply_completed"])
def test_tasks_after_the_apply(serve: Serve, step: Step, github: GitHubSandbox, status: str) -> None:
    """The plan is applied though its run goes on."""
    step(serve(script=replace(APPLIED, run_status=status)))

    assert "This plan was applied on " in github.comments[0].body


def test_an_apply_that_cannot_be_read(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """That it was applied the run itself says; how much is not told like nothing."""
    server = serve(script=APPLIED, faults=[Fault(path="/applies/", answer=Answer(status=404))])

    done = step(server)

    said = "This plan was applied. How much was added, changed and destroyed could not be read (404), see the run."
    assert f"> [!NOTE]\n> {said}\n" in github.comments[0].body
    assert "::notice::The comment does not say what was applied. Cannot read apply apply-" in done.log


def test_a_failed_apply(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """What was done before, and Terraform's own error; no secret of its log, and nothing that breaks out."""
    server = serve(plan_with_secret(), script=FAILED)

    done = step(server)

    for place in (github.comments[0].body, done.summary):
        assert "</code>: apply failed after 1 added\n" in place
        (alert,) = (line for line in place.splitlines() if line.startswith("> The apply failed"))
        assert alert.startswith(
            f"> The apply failed on 2026-03-01 at 10:05 UTC. {COUNTED} {LEFT}<br>"
            "<b>creating IAM Role (deploy): AccessDenied</b>, <code>iam.tf</code> line 7,"
            " in <code>aws_iam_role.deploy</code><br>The token (hidden: equals a sensitive value, no. 1) is not "
        )
        assert "&lt;b>" in alert
        assert alert.endswith(">Open the run</a>")
    assert done.exit_code == 0
    assert done.outputs["run-status"] == "errored"
    everything = github.comments[0].body + done.summary + done.log + json.dumps(done.outputs)
    assert SECRET not in everything
    assert "Emergency" not in everything
    log = next(request.path for request in server.archivist.requests if "log" in request.path)
    assert f"::add-mask::{log}" in done.log or f"{log}" in done.log.split("::add-mask::", 1)[1]
    assert log not in github.comments[0].body + done.summary
    assert asked(server, "errored-state") == 0
    assert "cannot be applied" not in github.comments[0].body


def test_what_a_failed_apply_leaves_to_decide(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Losses stay in the red alert: nobody knows which of them are still to come. The gate names the apply."""
    done = step(serve(script=FAILED), fail_on="errored")

    assert "> [!CAUTION]\n> **2 resources that hold data are destroyed**\n" in github.comments[0].body
    assert done.exit_code == 1
    assert "has a run whose apply failed" in done.log
    assert "::warning title=Terraform plan for web-app::The apply failed on " in done.log


def test_a_redacted_plan_does_not_tell_its_secrets(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """What an error says in detail is left out, and that is said."""
    step(serve(script=FAILED), token=READ_TOKEN)

    body = github.comments[0].body
    assert "<b>creating IAM Role (deploy): AccessDenied</b>" in body
    assert "<br>Details are left out: the redacted plan JSON does not say what is sensitive.<br>" in body
    assert SECRET not in body
    assert "is not authorized" not in body


@pytest.mark.parametrize(
    ("log", "said"),
    [(b"\x02\x03", "Its log names no error."), (None, "Its log could not be read (an answer that makes no sense)")],
)
def test_a_log_without_an_error(serve: Serve, step: Step, github: GitHubSandbox, log: bytes | None, said: str) -> None:
    """That there is none, and that it could not be read, are told apart."""
    step(serve(script=replace(FAILED, apply=Apply(status="errored", done=None, log=log))))

    body = github.comments[0].body
    assert "</code>: apply failed\n" in body
    assert f"UTC. What was done before is not known. {LEFT}<br>{said}" in body


@pytest.mark.parametrize("status", ["canceled", "force_canceled"])
def test_an_apply_that_was_canceled(serve: Serve, step: Step, github: GitHubSandbox, status: str) -> None:
    """It may have done a part."""
    script = replace(RUN, run_status=status, apply=Apply(status="canceled", done=(0, 1, 0, 0)))
    step(serve(script=script))

    body = github.comments[0].body
    assert "</code>: apply canceled after 1 added\n" in body
    assert f"> [!CAUTION]\n> The apply was canceled on 2026-03-01 at 10:05 UTC. {COUNTED} {LEFT}<br>" in body


@pytest.mark.parametrize(
    ("status", "words"),
    [("discarded", "discarded"), ("canceled", "canceled"), ("force_canceled", "canceled by force")],
)
def test_never_applied(serve: Serve, step: Step, github: GitHubSandbox, status: str, words: str) -> None:
    """Nothing of the plan was done, and nobody has to decide on it any more."""
    done = step(serve(script=replace(RUN, run_status=status)))

    body = github.comments[0].body
    assert f"</code>: {words}, nothing applied\n" in body
    assert f"> [!NOTE]\n> The run was {words}: nothing of this plan was applied.\n" in body
    for place in (body, done.summary):
        assert re.findall(r"> \[!(\w+)\]", place) == ["NOTE"]
        assert "<b>replace</b> <code>aws_dynamodb_table.locks</code> (holds data)" in place
    assert "hold data" not in done.log


@pytest.mark.parametrize(("status", "ended"), [("errored", "errored"), ("canceled", "was canceled")])
@pytest.mark.parametrize(
    ("apply", "faults", "said"),
    [
        (None, [Fault(path="/applies/", answer=Answer(status=404))], "could not be read (404), see the run."),
        (Apply(status="<new>"), [], "is not known: its apply is “&lt;new>”, see the run."),
    ],
)
def test_whether_anything_was_applied_is_not_known(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve,
    step: Step,
    github: GitHubSandbox,
    status: str,
    ended: str,
    apply: Apply | None,
    faults: list[Fault],
    said: str,
) -> None:
    """Then nothing is claimed: neither that it was, nor that it was not."""
    step(serve(script=replace(RUN, run_status=status, apply=apply), faults=faults))

    body = github.comments[0].body
    assert f"The run {ended} after its plan. Whether anything of it was applied {said}\n" in body
    assert "cannot be applied" not in body


def test_a_run_that_errored_before_its_apply(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Its plan cannot be applied, as before."""
    step(serve(script=replace(RUN, run_status="errored")))

    assert "The run errored after its plan, which cannot be applied" in github.comments[0].body


@pytest.mark.parametrize("status", ["planned_and_finished", "errored", "canceled"])
def test_a_plan_only_run_costs_no_request_more(serve: Serve, step: Step, status: str) -> None:
    """It has nothing to apply."""
    server = serve(script=replace(RUN, is_plan_only=True, run_status=status))
    step(server)
    assert asked(server, "/applies/") == 0


def test_being_applied(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Without waiting, it says how it stood."""
    step(serve(script=replace(RUN, run_status="applying")))

    body = github.comments[0].body
    assert "> [!NOTE]\n> The run was being applied when this was written, see the run.\n" in body
    assert "> [!CAUTION]\n> **2 resources that hold data are destroyed**\n" in body


def test_waiting_for_the_apply(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Through all that comes before it; the log says each step."""
    statuses = ("planned", "confirmed", "apply_queued", "applying", "applying", "applied")
    server = serve(script=replace(APPLIED, run_status=None, run_statuses=statuses, is_auto_apply=True))

    done = step(server, wait_for="apply")

    assert "applied: 1 added, 2 changed, 3 destroyed\n" in github.comments[0].body
    assert "Waiting for the apply: the run is being applied. " in done.log
    assert "The run is applied, after " in done.log
    assert done.outputs["run-status"] == "applied"


def test_waiting_ends_where_a_person_is_needed(serve: Serve, step: Step, github: GitHubSandbox, clock: Clock) -> None:
    """The comment says what for, the log what to do then."""
    server = serve(script=replace(RUN, run_status="planned", is_confirmable=True))

    done = step(server, wait_for="apply")

    assert ", waits for confirmation" in github.comments[0].body
    assert (
        "::notice::The run waits for confirmation, so nothing more is waited for. Run this step again once it is app"
        in done.log
    )
    assert sum(clock.sleeps) < 60


def test_waiting_ends_with_the_timeout(serve: Serve, step: Step, github: GitHubSandbox, clock: Clock) -> None:
    """The comment is written all the same."""
    done = step(serve(script=replace(RUN, run_status="applying")), wait_for="apply", timeout="5m")

    assert "The run was being applied when this was written, see the run." in github.comments[0].body
    assert "Stopped waiting for the apply: the timeout is over, and the run is being applied. Run this" in done.log
    assert done.exit_code == 0
    assert sum(clock.sleeps) < 400


def test_waiting_for_a_run_that_cannot_be_read(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """What was known stands in the comment, and the log says why there is no more."""
    server = serve(script=replace(RUN, run_status="applying"))
    path = rf"/runs/{server.run_id}$"
    server.misbehave([Fault(path=path, answer=Answer(status=404), after=2)])

    done = step(server, wait_for="apply")

    assert "The run was being applied when this was written" in github.comments[0].body
    assert "Stopped waiting for the apply. Cannot read run run-" in done.log


def of(commit: str, **more: Any) -> Script:
    """A run of a commit of acme/infra."""
    return replace(RUN, commit_sha=commit, identifier="acme/infra", **more)


def planned(**more: Any) -> Script:
    """The plan-only run of the pull request's head."""
    return of(HEAD, is_plan_only=True, pull_request_number=7, created_at="2026-03-01T10:00:00.000Z", **more)


def applied(**more: Any) -> Script:
    """The run of the merge commit, a day later."""
    created = "2026-03-02T10:00:00.000Z"
    return of(MERGE, **{"run_status": "applied", "apply": Apply(), "created_at": created, **more})


@pytest.fixture
def on_pull_request(runner: Runner) -> Runner:
    """The runner for a push to the pull request."""
    event = {"pull_request": {"number": 7, "head": {"sha": HEAD}}}
    return replace(runner, event=event, sha="f" * 40)


@pytest.fixture
def on_merge(runner: Runner) -> Runner:
    """The runner for the push to the main branch that merges it."""
    return replace(runner, event_name="push", event={"ref": "refs/heads/main"}, ref="refs/heads/main", sha=MERGE)


FIND = {"run_id": "", "organization": "acme"}


@pytest.mark.parametrize("inputs", [FIND, {}])
def test_after_the_merge(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve,
    step: Step,
    github: GitHubSandbox,
    golden: Golden,
    on_pull_request: Runner,
    on_merge: Runner,
    inputs: dict[str, str],
) -> None:
    """The comment of the merged pull request is edited: the merge commit is not another one's, and its run newer."""
    server = serve(script=planned())
    step(server, at=on_pull_request, **inputs)
    (before,) = github.comments
    github.merge(7, MERGE)
    server.add_run(golden("mixed-update"), script=applied())

    done = step(server, at=on_merge, **inputs)

    (after,) = github.comments
    assert (after.id, done.outputs["comment-result"]) == (before.id, "updated")
    body = drop_memory(after.body)
    assert ": applied: 1 added, 2 changed, 3 destroyed\n" in body
    assert "This plan is of commit" not in body
    assert f"Same plan as <code>{HEAD[:7]}</code>" in body


def test_after_that_an_older_run_changes_nothing(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, step: Step, github: GitHubSandbox, golden: Golden, on_pull_request: Runner, on_merge: Runner
) -> None:
    """A job for the pull request that is started again leaves alone what the merge has written."""
    server = serve(script=planned())
    head_run = server.run_id
    step(server, at=on_pull_request)
    github.merge(7, MERGE)
    server.add_run(golden("mixed-update"), script=applied())
    step(server, at=on_merge)
    before = github.comments[0].body

    step(server, at=on_pull_request, run_id=head_run)

    assert [comment.body for comment in github.comments] == [before]


def test_a_pull_request_that_holds_the_merge_commit(
    serve: Serve, step: Step, github: GitHubSandbox, on_merge: Runner
) -> None:
    """One that was branched off later, and one from main into another branch, are not the merged one."""
    head = github.pull_requests[1]
    github.pull_requests[1] = replace(head, head_sha=MERGE, locked=False)
    github.merge(7, MERGE)

    step(serve(script=applied()), at=on_merge, **FIND)

    assert [comment.number for comment in github.comments] == [7]


def test_many_workspaces(serve: Serve, step: Step, github: GitHubSandbox, golden: Golden, on_merge: Runner) -> None:
    """What failed stands in the title and the alert; what is applied has its line, and asks nobody anything."""
    github.merge(7, MERGE)
    failed = {"run_status": "errored", "apply": FAILED.apply}
    server = serve(script=applied(workspace="prod"))
    server.add_run(golden("mixed-update"), script=applied(workspace="eu", **failed))
    server.add_run(golden("tags-only"), script=applied(workspace="dev", run_status="discarded", apply=None))

    done = step(server, at=on_merge, **FIND)

    lines = drop_memory(github.comments[0].body).splitlines()
    assert lines[1] == "## Terraform, 3 workspaces: <code>eu</code>: apply failed after 1 added"
    assert "> <b>eu</b>: apply failed after 1 added: creating IAM Role (deploy): AccessDenied, <code>iam.tf</code>" in (
        "\n".join(lines)
    )
    assert not any(line.startswith("> <b>prod</b>") for line in lines)
    folds = [line for line in lines if line.startswith("<details")]
    assert folds[0].startswith("<details open><summary>❌ <b>eu</b>: apply failed after 1 added")
    assert any("✅ <b>prod</b>: applied: 1 added, 2 changed, 3 destroyed" in fold for fold in folds)
    assert any("<b>dev</b>: discarded, nothing applied" in line for line in lines)
    assert "This plan was applied on 2026-03-01 at 10:05 UTC: 1 added, 2 changed, 3 destroyed." in "\n".join(lines)
    statuses = {each["name"]: each["run-status"] for each in json.loads(done.outputs["workspaces"])}
    assert statuses == {"prod": "applied", "eu": "errored", "dev": "discarded"}


def test_many_that_are_applied(
    serve: Serve, step: Step, github: GitHubSandbox, golden: Golden, on_merge: Runner
) -> None:
    """The title counts them."""
    github.merge(7, MERGE)
    server = serve(script=applied(workspace="prod"))
    server.add_run(golden("tags-only"), script=applied(workspace="dev"))

    step(server, at=on_merge, **FIND)

    body = drop_memory(github.comments[0].body)
    assert "## Terraform, 2 workspaces: 2 applied\n" in body
    assert "[!CAUTION]" not in body
    assert "[!WARNING]" not in body


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (
            APPLIED,
            {
                "fate": "applied",
                "sentence": "This plan was applied on 2026-03-01 at 10:05 UTC: 1 added, 2 changed, 3 destroyed.",
                "added": 1,
                "changed": 2,
                "destroyed": 3,
                "imported": 0,
                "ended": "2026-03-01T10:05:40Z",
            },
        ),
        (RUN, None),
    ],
)
def test_the_summary_json(serve: Serve, step: Step, runner: Runner, script: Script, outcome: object) -> None:
    """Programs read the same."""
    step(serve(script=script), summary_json_path="summary.json")

    summary = json.loads((runner.workspace / "summary.json").read_text(encoding="utf-8"))
    assert summary["run"]["outcome"] == outcome


def test_jobs_of_a_matrix(serve: Serve, step: Step, runner: Runner, github: GitHubSandbox) -> None:
    """A comment that is made out of the summaries of other jobs says the same."""
    step(serve(plan_with_secret(), script=replace(FAILED, workspace="eu")), comment="none", summary_json_path="eu.json")
    step(serve(script=replace(APPLIED, workspace="prod")), comment="none", summary_json_path="prod.json")

    done = step(summaries="*.json")

    body = github.comments[0].body
    assert ": <code>eu</code>: apply failed after 1 added\n" in body
    assert "> <b>eu</b>: apply failed after 1 added: creating IAM Role (deploy): AccessDenied" in body
    assert "✅ <b>prod</b>: applied: 1 added, 2 changed, 3 destroyed" in body
    assert SECRET not in body + done.log + (runner.workspace / "eu.json").read_text(encoding="utf-8")
    statuses = {each["name"]: each["run-status"] for each in json.loads(done.outputs["workspaces"])}
    assert statuses == {"eu": "errored", "prod": "applied"}


def test_the_html_report(serve: Serve, step: Step, runner: Runner) -> None:
    """It has the title and the note, and nothing in red."""
    step(serve(script=APPLIED), report="true", report_artifact="")

    report = (runner.workspace / "tfc-plan-report.html").read_text(encoding="utf-8")
    assert "<h1>applied: 1 added, 2 changed, 3 destroyed</h1>" in report
    assert "<p>This plan was applied on 2026-03-01 at 10:05 UTC: 1 added, 2 changed, 3 destroyed.</p>" in report
    assert '<section class="alert caution">' not in report
    assert '<section class="alert warning">' not in report
