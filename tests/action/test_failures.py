"""A plan that cannot be shown: the comment says so in the place of the earlier plan, and the step fails.

The sentence stands once in each place: the log's annotation, the step summary, the comment.
"""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import BAD_GATEWAY_PAGE, CUT, RATE_LIMITED, TERRAFORM_TOO_OLD, TRUNCATED, Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import EXPIRED_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Fails = Callable[..., StepResult]

NO_CHANGES = "No changes. Your infrastructure matches the configuration."
NOT_FOUND = Answer(status=404, body=b'{"errors":[{"status":"404","title":"not found"}]}')


def words(markdown: str) -> str:
    """Markdown as its reader sees it, as far as a sentence of ours goes."""
    for tag in ("<code>", "</code>", "<wbr>"):
        markdown = markdown.replace(tag, "")
    return unescape(markdown)


@pytest.fixture
def fails(step: Step, github: GitHubSandbox) -> Fails:
    """Shows a plan without changes; then the server's newest run, which must fail with `sentence` in all places."""

    def fails(server: HcpTerraformSandbox, sentence: str, **inputs: str) -> StepResult:
        failed = step(server, **inputs)
        (comment,) = github.comments
        assert failed.exit_code == 1
        assert failed.log.splitlines()[-1] == f"::error::{sentence}"
        assert failed.log.count(sentence) == 1
        for place in (comment.body, failed.summary):
            assert words(place).count(sentence) == 1
            assert NO_CHANGES not in words(place)
        assert failed.outputs["comment-result"] == "updated"
        assert failed.outputs["comment-id"] == str(comment.id)
        assert failed.outputs["run-id"] == server.run_id
        assert failed.outputs["plan-id"] == server.plan_id
        return failed

    return fails


@pytest.fixture
def shown(serve: Serve, step: Step) -> Callable[..., HcpTerraformSandbox]:
    """A server whose first run has been shown: a plan without changes. `faults` come with the second run."""

    def shown(plan: bytes = b"", *, faults: tuple[Fault, ...] = (), **script: Any) -> HcpTerraformSandbox:
        first = serve("no-changes")
        assert step(first).outputs["comment-result"] == "created"
        return serve(plan, faults=faults, script=Script(**script))

    return shown


Shown = Callable[..., HcpTerraformSandbox]


class TestPlanStatus:
    """The plan comes to an end, but not to a good one."""

    def test_errored_with_json(self, step: Step, serve: Serve, golden: Callable[[str], bytes]) -> None:
        """What Terraform planned before the error is shown below the reason, and counted in the outputs."""
        server = serve("no-changes")
        step(server)
        answer = Answer(body=golden("errored"), content_type="application/json")
        server = serve(
            golden("errored"),
            script=Script(plan_statuses=("running", "errored")),
            faults=[Fault(path="/json-output$", answer=answer)],
        )
        failed = step(server)
        assert failed.exit_code == 1
        assert failed.log.splitlines()[-1] == "::error::Terraform could not make the plan."
        assert failed.outputs["comment-result"] == "updated"
        assert failed.outputs["plan-status"] == "errored"
        assert failed.outputs["plan-summary"] == "Plan: 2 to add, 1 to change, 0 to destroy."
        assert "Plan: 2 to add, 1 to change, 0 to destroy." in failed.summary

    @pytest.mark.parametrize(
        ("status", "sentence", "fact"),
        [
            ("errored", "Terraform could not make the plan.", "planning failed"),
            ("canceled", "The plan was canceled. Start a new run.", "canceled"),
            ("unreachable", "The run ended before its plan was made. Start a new run.", "not planned"),
        ],
    )
    def test_without_json(  # noqa: PLR0917 (what a case consists of)
        self, fails: Fails, shown: Shown, github: GitHubSandbox, status: str, sentence: str, fact: str
    ) -> None:
        """A plan that ended without success is said to have; there are no counts to put out."""
        server = shown(plan_statuses=("pending", status))
        failed = fails(server, sentence)
        assert f"\n## Terraform plan for <code>web-app</code>: {fact}\n" in github.comments[0].body
        assert failed.outputs["plan-status"] == status
        assert "to-add" not in failed.outputs
        assert "has-changes" not in failed.outputs

    def test_json_of_an_errored_plan_is_no_plan(self, fails: Fails, shown: Shown) -> None:
        """The plan's failure is the error; that its JSON cannot be read either is a warning."""
        answer = Answer(body=b"[]", content_type="application/json")
        server = shown(plan_statuses=("errored",), faults=(Fault(path="/json-output$", answer=answer),))
        failed = fails(server, "Terraform could not make the plan.")
        assert f"::warning::Cannot read the plan {server.plan_id}: its JSON is not a plan" in failed.log

    def test_discarded_run(self, fails: Fails, shown: Shown) -> None:
        """A run that was discarded while its plan was pending is not waited for."""
        server = shown(plan_statuses=("pending",), run_status="discarded")
        sentence = "The run was discarded before its plan was made. Start a new run."
        assert fails(server, sentence).outputs["plan-status"] == "pending"

    def test_deadline(self, fails: Fails, shown: Shown) -> None:
        """Waiting ends with the input timeout, whatever the status is, known or not."""
        server = shown(plan_statuses=("pending", "contemplating"))
        sentence = (
            "The plan did not finish within 90 seconds; the run is still planning. Look at the run to see what it waits"
            " for, or raise the input timeout."
        )
        assert fails(server, sentence, timeout="90s").outputs["plan-status"] == "contemplating"

    @pytest.mark.parametrize(
        "faults",
        [
            [Fault(path="/v1/object/", answer=Answer(status=503))],
            [Fault(path="/json-output$", answer=Answer(status=503))],
            [Fault(path="/json-output$", answer=Answer(status=429, headers={"X-RateLimit-Reset": "60"}))],
            [Fault(path="/json-output$", answer=Answer(status=204))],
        ],
        ids=["storage", "server", "rate limit", "not yet"],
    )
    def test_one_deadline_for_all(self, serve: Serve, step: Step, clock: Clock, faults: list[Fault]) -> None:
        """The time that a plan takes is not there for its JSON any more: both end together, within the timeout."""
        server = serve(script=Script(plan_statuses=("running",) * 18 + ("finished",)), faults=faults)
        start = clock()

        done = step(server, timeout="60s")

        assert done.exit_code == 1
        assert re.search("The plan is finished, after (4[6-9]|5[0-9]) seconds.", done.log)
        assert clock() - start <= 60
        assert "::error::Cannot read the JSON of plan " in done.log


class TestPlanJson:
    """The plan is finished, but its JSON is not to be had."""

    def test_that_is_no_plan(self, fails: Fails, shown: Shown) -> None:
        """A JSON that is none is called by the plan's id: nobody knows our temporary file."""
        server = shown(b"[]")
        sentence = (
            f"Cannot read the plan {server.plan_id}: its JSON is not a plan (Expected `object`, got `array`)."
            " Run the job again, or start a new run."
        )
        failed = fails(server, sentence)
        assert failed.outputs["plan-status"] == "finished"
        assert "to-add" not in failed.outputs

    @pytest.mark.parametrize(
        ("answer", "why"),
        [
            (TRUNCATED, "broke off (it was closed too early)"),
            (CUT, "did not answer (it was closed too early)"),
            (Answer(status=403), "answered 403"),
        ],
    )
    def test_whose_download_fails(self, fails: Fails, shown: Shown, answer: Answer, why: str) -> None:
        """A fresh URL is asked for five times, each time with a line in the log; then it is an error."""
        server = shown(faults=(Fault(path="/object/", answer=answer),))
        host = server._blob_url.removeprefix("http://")
        sentence = (
            f"Cannot read the JSON of plan {server.plan_id}: {host} {why}. If the runner is behind a firewall or"
            f" proxy, allow access to {host}; otherwise try again later."
        )
        failed = fails(server, sentence)
        line = f"Cannot read the JSON of plan {server.plan_id}: {host} {why}; asking for a fresh URL"
        assert failed.log.splitlines().count(line) == 5

    def test_with_a_number_that_no_program_can_work_with(
        self, serve: Serve, step: Step, github: GitHubSandbox, golden: Callable[[str], bytes]
    ) -> None:
        """It is shown as it stands, and is no failure."""
        plan = json.loads(golden("mixed-update"))
        for change in plan["resource_changes"]:
            change["change"]["after"] = {"size": "HUGE"}
        content = json.dumps(plan).replace('"HUGE"', "1e99999999999999999999").encode()
        done = step(serve(content))
        assert (done.exit_code, done.outputs["comment-result"]) == (0, "created")
        assert "1e99999999999999999999" in github.comments[0].body

    def test_that_broke_off_once_is_no_failure(self, serve: Serve, step: Step) -> None:
        """A fresh URL helps."""
        done = step(serve(faults=[Fault(path="/object/", answer=TRUNCATED, times=1)]))
        assert (done.exit_code, done.outputs["comment-result"]) == (0, "created")
        assert "asking for a fresh URL" in done.log

    def test_that_never_comes(self, fails: Fails, shown: Shown) -> None:
        """204 for a finished plan is waited for a little, and then it is an error."""
        server = shown(not_yet=99)
        host = server.url.removeprefix("http://")
        sentence = (
            f"Cannot read the JSON of plan {server.plan_id}: the plan is finished, but {host} still has no JSON of"
            f" it after 4 tries (204). Try again later, or start a new run."
        )
        assert fails(server, sentence).log.count("The plan JSON is not ready yet\n") == 1

    def test_of_an_old_terraform(self, fails: Fails, shown: Shown) -> None:
        """422 means a Terraform that knows no plan JSON."""
        server = shown(faults=(Fault(path="/json-output$", answer=TERRAFORM_TOO_OLD),))
        host = server.url.removeprefix("http://")
        fails(
            server,
            f"Cannot read the JSON of plan {server.plan_id}: {host} answered 422 (unsupported terraform version): the"
            " workspace's Terraform is older than 0.12. Use a newer Terraform in the workspace.",
        )

    def test_behind_a_failing_server(self, fails: Fails, shown: Shown) -> None:
        """A server's error that does not pass is an error, after a few tries."""
        server = shown(faults=(Fault(path="/json-output$", answer=BAD_GATEWAY_PAGE),))
        host = server.url.removeprefix("http://")
        fails(
            server,
            f"Cannot read the JSON of plan {server.plan_id}: {host} answered 502 (a web page) after 6 tries."
            " Try again later.",
        )


class TestNoRun:
    """The run itself is not to be had, so nobody knows the workspace, and which comment is ours."""

    def test_that_the_token_sees(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """A run that is not found is an error in the log and the step summary; no comment is looked for."""
        server = serve()
        failed = step(server, run_id="run-elsewhere")
        host = server.url.removeprefix("http://")
        sentence = (
            f"Cannot read run run-elsewhere: {host} answered 404 (not found): it does not exist, it is on another"
            f" host, or the token may not read the runs of its workspace. Check the id, the input hostname, and that"
            f" the token's user or team can read the workspace."
        )
        assert failed.exit_code == 1
        assert f"::error::{sentence}" in failed.log.splitlines()
        assert words(failed.summary).count(sentence) == 1
        assert github.requests == []

    def test_with_a_comment_key(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """With comment-key we know our comment all the same, and it says what happened."""
        server = serve("no-changes")
        step(server, comment_key="ours")
        failed = step(server, comment_key="ours", token=EXPIRED_TOKEN)
        host = server.url.removeprefix("http://")
        sentence = (
            f"Cannot read run {server.run_id}: {host} answered 401 (unauthorized): it does not accept the token. Set"
            f" the input token to a user or team token of {host} that has not expired."
        )
        assert failed.exit_code == 1
        assert failed.log.count(sentence) == 1
        assert failed.outputs["comment-result"] == "updated"
        assert failed.outputs["run-id"] == server.run_id
        for place in (github.comments[0].body, failed.summary):
            assert words(place).count(sentence) == 1

    def test_that_has_a_plan(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """A run without a plan is an error, in its workspace's comment."""
        run = b"""{"data": {"id": "run-1", "type": "runs", "attributes": {"status": "pending"}},
            "included": [{"id": "ws-1", "type": "workspaces", "attributes": {"name": "prod"},
            "relationships": {"organization": {"data": {"id": "acme", "type": "organizations"}}}}]}"""
        failed = step(serve(faults=[Fault(path="/runs/", answer=Answer(body=run))]), run_id="run-1")
        sentence = "The run run-1 has no plan. Start a new run."
        assert failed.exit_code == 1
        assert f"::error::{sentence}" in failed.log.splitlines()
        assert sentence in words(github.comments[0].body)
        assert github.comments[0].body.startswith("<!-- tfc-plan-comment:acme/prod -->\n")


def test_rate_limit_is_waited_for(serve: Serve, step: Step, runner: Runner) -> None:
    """A rate limit that passes is nobody's trouble."""
    assert runner.workspace.is_dir()
    assert step(serve(faults=[Fault(path="/plans/", answer=RATE_LIMITED, times=2)])).exit_code == 0
