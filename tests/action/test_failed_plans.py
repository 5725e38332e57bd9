"""A plan that failed: its errors are read from the log behind a signed URL, and stand in the comment."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from tfc_plan_comment.hcp_terraform.logs import TAIL
from tfc_sandbox.faults import CUT, TRUNCATED, Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, READ_TOKEN, HcpTerraformSandbox, Storage
from tfc_sandbox.runner import StepResult
from tfc_sandbox.runs import EMPTY_LOG, Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

SECRET = "Zq7vW9kPxw2mLmQxT4sJ"


BOX = """\
\x1b[1m\x1b[31mError: \x1b[0m\x1b[1mUnsupported argument\x1b[0m

  with module.queue.aws_sqs_queue.jobs,
  on modules/queue/main.tf line 14, in resource "aws_sqs_queue" "jobs":
  14:   \x1b[4mfifo\x1b[0m = true
    ├────────────────
    │ var.secret is 5

An argument named "fifo" is not expected here. Did you mean
"fifo_queue"?
"""


def diagnostic(summary: str, detail: str = "", *, severity: str = "error", code: str = "", **more: Any) -> bytes:
    """A line of Terraform's structured log."""
    where = {
        "range": {"filename": "main.tf", "start": {"line": 12, "column": 3, "byte": 9}},
        "snippet": {"context": 'resource "aws_vpc" "main"', "code": code, "start_line": 12, "values": []},
    }
    said = {"severity": severity, "summary": summary, "detail": detail, **where, **more}
    return json.dumps(
        {"@level": "error", "@message": f"Error: {summary}", "diagnostic": said, "type": "diagnostic"}
    ).encode()


def log_of(*lines: bytes) -> bytes:
    """A structured log, which begins in plain text."""
    return b"\x02Terraform v1.13.4\non linux_amd64\n" + b"\n".join(lines) + b"\n\x03"


def plain(text: str) -> bytes:
    """A log where structured output is off, with its colours."""
    return f"\x02Terraform v1.13.4\n\x1b[31m╷\x1b[0m\n{text}\n\x1b[31m╵\x1b[0m\nOperation failed: exit 1\n\x03".encode()


def errored(*logs: bytes | None, **how: Any) -> Script:
    """A run whose plan fails, with that log."""
    return Script(plan_statuses=("running", "errored"), logs=logs, **how)


@pytest.fixture
def alert(github: GitHubSandbox) -> Callable[[], list[str]]:
    """Gives the lines of the comment's one alert."""

    def alert() -> list[str]:
        (comment,) = github.comments
        _, _, rest = comment.body.partition("> [!CAUTION]\n> ")
        assert "[!CAUTION]" not in rest
        return rest.partition("\n")[0].split("<br>")

    return alert


Alert = Callable[[], list[str]]


def test_the_first_errors_stand_in_the_alert(serve: Serve, step: Step, alert: Alert, github: GitHubSandbox) -> None:
    """Each with its place; the first with its line as well; at most three, the rest counted; then the run."""
    log = log_of(
        diagnostic(
            "Invalid CIDR", '"10.0.0" is not a CIDR block.', code='  cidr_block = "10.0.0"', address="aws_vpc.main"
        ),
        diagnostic("Deprecated", "Use another.", severity="warning"),
        *(diagnostic(f"Error {n}") for n in range(4)),
    )
    server = serve(script=errored(log))
    done = step(server)
    url = f"{server.url}/app/acme/workspaces/web-app/runs/{server.run_id}"
    assert done.exit_code == 1
    assert alert() == [
        "<b>Invalid CIDR</b>, <code>main.tf</code> line 12, in <code>aws_vpc.main</code>",
        '<code>cidr_block = "10.0.0"</code>',
        '"10.0.0" is not a CIDR block.',
        "",
        "<b>Error 0</b>, <code>main.tf</code> line 12, in <code>aws_vpc.main</code>",
        "",
        "<b>Error 1</b>, <code>main.tf</code> line 12, in <code>aws_vpc.main</code>",
        "And 2 more errors.",
        f'<a href="{url}">Open the run</a>',
    ]
    assert github.comments[0].body.splitlines()[2:5] == [
        "## Terraform plan for <code>web-app</code>: planning failed",
        "",
        f'<a href="{url}">Run</a>',
    ]
    assert done.log.splitlines()[-1] == (
        "::error::Terraform could not make the plan: Invalid CIDR (main.tf line 12, in aws_vpc.main),"
        " and 4 more errors."
    )
    (warning,) = re.findall(r"<summary>Warnings in the log: 1</summary>\n\n```diff\n(.*?)```", done.summary, re.DOTALL)
    assert warning == "! Deprecated (main.tf line 12, in aws_vpc.main)\n  │ Use another.\n"
    assert "Invalid CIDR" in done.summary


def test_a_log_in_plain_text(serve: Serve, step: Step, alert: Alert) -> None:
    """Where structured output is off, the box around an error is read, without its colours."""
    box = "\n".join(f"\x1b[31m│\x1b[0m {line}" for line in BOX.splitlines())
    step(serve(script=errored(plain(box))))
    assert alert()[:3] == [
        (
            "<b>Unsupported argument</b>, <code>modules/queue/main.tf</code> line 14, in"
            " <code>module.queue.aws_sqs_queue.jobs</code>"
        ),
        "<code>fifo = true</code>",
        'An argument named "fifo" is not expected here. Did you mean "fifo_queue"?',
    ]


def test_a_failed_condition_is_the_cause(
    serve: Serve, step: Step, alert: Alert, github: GitHubSandbox, golden: Callable[[str], bytes]
) -> None:
    """Its author's words say what stopped the plan; a failed check block is a warning beside it."""
    log = log_of(
        diagnostic(
            "Resource precondition failed",
            "There is nothing to alert about: instance_count is 0.",
            snippet={"context": 'resource "aws_sns_topic" "alerts"', "code": "condition = var.x", "values": []},
        )
    )
    answer = Answer(body=golden("errored"), content_type="application/json")
    server = serve(script=errored(log), faults=[Fault(path="/json-output$", answer=answer)])
    done = step(server)
    body = unescape(github.comments[0].body)
    assert alert()[:2] == [
        (
            "Planning stopped at <code>aws_sns_topic.alerts</code>: There is nothing to alert about: instance_count"
            " is 0. (<code>main.tf</code> line 12)"
        ),
        "Everything below was planned before that. It cannot be applied.",
    ]
    assert "> [!WARNING]\n> 1 more check does not pass, see below: check.replicas (Fewer than 2 instances).\n" in body
    assert "planning failed" in body.splitlines()[2]
    assert "::warning" not in done.log
    assert done.outputs["plan-status"] == "errored"


@pytest.mark.parametrize("token", [ADMIN_TOKEN, READ_TOKEN])
@pytest.mark.parametrize("status", ["errored", "canceled", "unreachable"])
def test_nothing_is_said_of_the_token(serve: Serve, step: Step, github: GitHubSandbox, token: str, status: str) -> None:
    """That a failed plan has no JSON is no reason to widen a token, nor to ask for the redacted one."""
    server = serve(script=Script(plan_statuses=(status,)))
    done = step(server, token=token)
    assert not any("json-output-redacted" in request.path for request in server.requests)
    for word in ("redacted", "admin access", "plan-access", "::notice", "::warning"):
        assert word not in done.log + github.comments[0].body
    said = "HCP Terraform gave no plan JSON of the failed plan.\n"
    assert done.log.count(said) == (1 if status == "errored" else 0)


@pytest.mark.parametrize("content", [b"{}", b"{}\n"])
def test_an_empty_plan_json_is_none(serve: Serve, step: Step, content: bytes) -> None:
    """Terraform's redacted plan JSON of a failed plan may be an empty object: nothing is wrong with it."""
    answer = Answer(body=content, content_type="application/json")
    log = log_of(diagnostic("Bad"))
    done = step(serve(script=errored(log), faults=[Fault(path="/json-output$", answer=answer)]))
    assert "HCP Terraform gave no plan JSON of the failed plan.\n" in done.log
    assert "::warning" not in done.log


@pytest.mark.parametrize(
    ("storage", "relative"),  # another origin has no relative address
    [(Storage.ARCHIVIST, False), (Storage.SAME_ORIGIN, False), (Storage.SAME_ORIGIN, True)],
)
def test_the_address_of_the_log_is_a_secret(serve: Serve, step: Step, storage: Storage, *, relative: bool) -> None:
    """It is masked before it is used, gets no token, not even on the API's own origin, and stands nowhere."""
    server = serve(script=errored(log_of(diagnostic("Bad"))), storage=storage, relative_location=relative)
    done = step(server)
    (received,) = (each for each in server.archivist.requests if "/log-" in each.path)
    assert server.archivist.leaks == []
    key = received.path.rpartition("/")[2]
    lines = done.log.splitlines()
    assert all(line.startswith("::add-mask::") for line in lines if key in line)
    assert any(key in line for line in lines)
    assert key not in done.summary


def test_a_redirect_of_the_log_gets_no_token(serve: Serve, step: Step, alert: Alert) -> None:
    """It is followed by hand."""
    server = serve()
    target = f"{server._blob_url}{server.archivist.keep(log_of(diagnostic('Moved')))}"
    moved = Answer(status=302, headers={"Location": target})
    again = serve(script=errored(EMPTY_LOG), faults=[Fault(path="/v1/object/log-", answer=moved)])
    step(again)
    assert alert()[0].startswith("<b>Moved</b>")
    assert server.archivist.leaks == again.archivist.leaks == []


@pytest.mark.parametrize(
    ("log", "fault"),
    [
        (None, None),
        (EMPTY_LOG, Answer(status=404)),
        (EMPTY_LOG, Answer(status=500)),
        (EMPTY_LOG, CUT),
        (EMPTY_LOG, TRUNCATED),
        (EMPTY_LOG, Answer(status=302, headers={"Location": "http://evil.example/log"})),
        (EMPTY_LOG, Answer(status=302, headers={"Location": "/v1/object/log-again"})),
        (EMPTY_LOG, Answer(headers={"Content-Length": "100000001"})),
        (EMPTY_LOG, Answer(headers={"Content-Encoding": "br"})),
    ],
    ids=["none", "404", "500", "cut", "truncated", "elsewhere", "in a circle", "too long", "compressed"],
)
def test_a_log_that_cannot_be_read(
    serve: Serve, step: Step, alert: Alert, log: bytes | None, fault: Answer | None
) -> None:
    """The comment says so and leads to the run; the log has the reason, once, and the step fails as it would have."""
    faults = [Fault(path="/v1/object/log-", answer=fault)] if fault else []
    done = step(serve(script=errored(log), faults=faults))
    lines = alert()
    assert lines[0] == "Terraform could not make the plan. Its log could not be read."
    assert "Open the run" in lines[1]
    assert done.log.count("::notice::The comment does not say why the plan failed. Cannot read the log of plan") == 1
    assert done.log.splitlines()[-1] == "::error::Terraform could not make the plan."
    assert done.exit_code == 1


@pytest.mark.parametrize(
    "content",
    [
        EMPTY_LOG,
        b"",
        b"\x00\xff\xfe garbage \x02\x03",
        log_of(b'{"type":"diagnostic","diagnostic":7}', b'{"diagnostic":', b'{"diagnostic":{"severity":"error"}}'),
        log_of(b'{"diagnostic":' + b"[" * 100_000),
        log_of(diagnostic("Only a warning", severity="warning")),
        log_of(b'{"type":"outputs","outputs":{"secret":{"value":"my-secret"}}}', b'{"type":"log","state":"my-secret"}'),
    ],
    ids=["nothing", "empty", "garbage", "odd", "deep", "warning", "outputs and state"],
)
def test_a_log_without_an_error(serve: Serve, step: Step, alert: Alert, content: bytes) -> None:
    """Nothing else of a log is ever shown: other lines may hold outputs, and the whole state."""
    done = step(serve(script=errored(content)))
    assert alert()[0] == "Terraform could not make the plan. Its log names no error."
    assert "my-secret" not in done.log + done.summary


def test_a_log_that_is_still_written(serve: Serve, step: Step, alert: Alert) -> None:
    """One without its last byte is asked for again, a little later."""
    log = log_of(diagnostic("Late"))
    step(serve(script=errored(log[:20], log[:30], log)))
    assert alert()[0].startswith("<b>Late</b>")


def test_a_log_that_breaks_off_once(serve: Serve, step: Step, alert: Alert) -> None:
    """A fresh address helps."""
    faults = [Fault(path="/v1/object/log-", answer=TRUNCATED, times=1)]
    step(serve(script=errored(log_of(diagnostic("There"))), faults=faults))
    assert alert()[0].startswith("<b>There</b>")


def test_a_long_log(serve: Serve, step: Step, alert: Alert) -> None:
    """The errors stand at its end, which is all that is looked at."""
    step(serve(script=errored(log_of(b"x" * (TAIL + 100), diagnostic("At the end")))))
    assert alert()[0].startswith("<b>At the end</b>")


def test_hostile_text(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """No text of the log breaks out of its line, mentions anybody, links, forges our marker or starts a command."""
    hostile = (
        "</code></b>\n::set-output name=a::b\n> [!NOTE]\n@octocat #1 <!-- tfc-plan-comment:acme/web-app --> ![](x)"
    )
    log = log_of(diagnostic(hostile, hostile, address=f'aws_vpc.x["{hostile}"]', code=hostile.replace("\n", " ")))
    done = step(serve(script=errored(log)))
    (comment,) = github.comments
    assert comment.body.count("<!--") == 2
    assert comment.body.count("[!") == 1
    assert "\n> @" not in comment.body
    assert "![" not in comment.body
    assert "<code>@<wbr>octocat</code>" in comment.body
    assert not any(line.startswith("::set-output") for line in done.log.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        f"token {SECRET} was refused",
        f'password = "{SECRET.lower()}x"',
        f"https://bob:{SECRET}@db.example/x",
        f"https://archivist.terraform.io/v1/object/{SECRET}",
        f"Authorization: Bearer {SECRET}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET * 3}\n-----END RSA PRIVATE KEY-----",
        f"AAAABBBBCCCCDD.atlasv1.{SECRET}",
        "internal-7 leaked",
    ],
)
def test_secrets_without_a_plan(serve: Serve, step: Step, github: GitHubSandbox, text: str) -> None:
    """What looks like a secret, stands behind a secret's name or matches `redact` is in no place of ours."""
    log = log_of(diagnostic(f"Failed: {text}", text, code=text.partition("\n")[0]))
    done = step(serve(script=errored(log)), redact="internal-[0-9]")
    for place in (done.log, done.summary, github.comments[0].body):
        assert SECRET not in place
        assert SECRET.lower() not in place
        assert "internal-7" not in place
    assert "Failed" in github.comments[0].body


def test_secrets_of_the_plan(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Where there is a plan, what it marks is hidden in the errors as well, however ordinary it looks."""
    word = "tuesday-morning"
    change = {"actions": ["create"], "before": None, "after": {"password": word}, "after_sensitive": {"password": True}}
    entry = {"address": "a.b", "mode": "managed", "type": "a", "name": "b", "change": {**change, "after_unknown": {}}}
    plan = json.dumps({"format_version": "1.2", "errored": True, "resource_changes": [entry]}).encode()
    answer = Answer(body=plan, content_type="application/json")
    log = log_of(diagnostic(f"cannot log in with password {word}", f"password: {word}"))
    done = step(serve(script=errored(log), faults=[Fault(path="/json-output$", answer=answer)]))
    for place in (done.log, done.summary, github.comments[0].body):
        assert word not in place
        assert "cannot log in" in place


def test_an_earlier_comment_no_longer_holds(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Only a comment that replaces another one says so, and the same failure twice leaves it alone."""
    said = "The earlier comment here is no longer valid."
    failing = serve(script=errored(log_of(diagnostic("Bad"))))
    first = step(failing)
    assert said not in github.comments[0].body + first.summary
    assert step(failing).outputs["comment-result"] == "unchanged"
    assert step(serve("no-changes")).outputs["comment-result"] == "updated"
    again = step(failing)
    assert again.outputs["comment-result"] == "updated"
    assert github.comments[0].body.count(said) == 1
    assert said not in again.summary
