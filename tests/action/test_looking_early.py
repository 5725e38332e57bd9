"""The comment is looked for while the plan is downloaded, and never written on what no longer holds."""

import io
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Response

from tfc_plan_comment.action.pull_request_comment import PullRequestComment
from tfc_plan_comment.action.world import World
from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.comment_memory import Memory, Remembered, ShownPlan, memory_line, put_memory
from tfc_plan_comment.github_actions.commands import Commands
from tfc_plan_comment.github_actions.environment import GitHubEnvironment
from tfc_plan_comment.github_actions.written import CommentResult, Written
from tfc_plan_comment.settings.settings import Settings
from tfc_plan_comment.settings.source import RunIds
from tfc_sandbox.faults import Fault
from tfc_sandbox.github import BAD_GATEWAY, JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

SLOW = Script(plan_statuses=("finished",), not_yet=1)
GRAPHQL = "POST /graphql"


def body(text: str) -> str:
    """A comment with the marker of the sandbox's workspace."""
    return f"{marker('acme/web-app')}\n{text}\n"


@pytest.fixture
def meanwhile(serve: Serve, step: Step) -> Callable[..., StepResult]:
    """Runs a step in which something happens between the early look and the end of the plan's download."""

    def meanwhile(happens: Callable[[], object], **inputs: object) -> StepResult:
        def sleep(_: float) -> None:
            if threading.current_thread() is threading.main_thread():  # the plan JSON is not ready yet
                while any(thread.name.endswith("(_work)") for thread in threading.enumerate()):
                    time.sleep(0.01)
                happens()

        return step(serve(script=SLOW), sleep=sleep, **inputs)

    return meanwhile


Meanwhile = Callable[..., StepResult]


def test_what_was_found_early_is_edited(meanwhile: Meanwhile, github: GitHubSandbox) -> None:
    """One request to look, while the plan JSON is not there yet, one to see whether it still stands, one to edit."""
    comment = github.write(7, body("the plan before"))
    seen: list[str] = []

    done = meanwhile(lambda: seen.extend(github.requests))

    assert done.outputs["comment-result"] == "updated"
    assert done.outputs["comment-id"] == str(comment.id)
    assert seen == [GRAPHQL]
    assert github.requests == [GRAPHQL, GRAPHQL, f"PATCH /repos/acme/infra/issues/comments/{comment.id}"]


def test_one_that_was_hidden_since_is_not_edited(meanwhile: Meanwhile, github: GitHubSandbox) -> None:
    """Somebody hides the comment while the plan is downloaded: one that can be seen is posted."""
    comment = github.write(7, body("the plan before"))

    done = meanwhile(lambda: setattr(comment, "minimized", True))

    assert done.outputs["comment-result"] == "created"
    assert comment.body == body("the plan before")
    assert [comment.minimized for comment in github.comments] == [True, False]


def test_one_that_was_deleted_since_is_posted_anew(meanwhile: Meanwhile, github: GitHubSandbox) -> None:
    """Somebody deletes the comment while the plan is downloaded."""
    github.write(7, body("the plan before"))

    done = meanwhile(github.comments.clear)

    assert done.outputs["comment-result"] == "created"
    assert len(github.comments) == 1


def test_one_that_was_posted_since_is_edited(meanwhile: Meanwhile, github: GitHubSandbox) -> None:
    """Another job for the same workspace posts its comment while the plan is downloaded: there is one, not two."""
    done = meanwhile(lambda: github.write(7, body("another job's")))

    assert done.outputs["comment-result"] == "updated"
    assert len(github.comments) == 1


def test_one_that_was_rewritten_since_by_a_newer_run_is_left_alone(meanwhile: Meanwhile, github: GitHubSandbox) -> None:
    """Another job writes the plan of a newer run while the older plan is downloaded: it is not overwritten."""
    comment = github.write(7, body("the plan before"))
    newer = put_memory(body("newer"), memory_line({"acme/web-app": Memory(run="run-2", created=2**42)}))

    done = meanwhile(lambda: setattr(comment, "body", newer))

    assert done.outputs["comment-result"] == "unchanged"
    assert comment.body == newer
    assert "superseded by that of run run-2" in done.log
    assert github.requests == [GRAPHQL, GRAPHQL]


def test_one_that_was_rewritten_since_is_what_counts(
    meanwhile: Meanwhile, github: GitHubSandbox, runner: Runner
) -> None:
    """What is new is told since what stands there when the comment is written, not since what stood there before."""
    comment = github.write(7, body("the plan before"))
    earlier = ShownPlan("b" * 40, "d", 1, {"aws_sqs_queue.old": Remembered("delete", "f")})
    written = put_memory(body("another job's"), memory_line({"acme/web-app": Memory("b" * 40, "run-0", 1, earlier)}))
    at = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": "a" * 40}}})

    meanwhile(lambda: setattr(comment, "body", written), at=at)

    assert "**Since the plan of <code>bbbbbbb</code>**" in comment.body
    assert "no longer destroys <code>aws_sqs_queue.old</code>" in comment.body


def test_recreate_hides_what_was_posted_since(meanwhile: Meanwhile, github: GitHubSandbox) -> None:
    """To post a comment anew we look when it is written, and then only."""
    done = meanwhile(lambda: github.write(7, body("another job's")), comment="recreate")

    assert done.outputs["comment-result"] == "created"
    assert [comment.minimized for comment in github.comments] == [True, False]
    assert github.requests == [GRAPHQL, "POST /repos/acme/infra/issues/7/comments", GRAPHQL]


def test_a_pull_request_that_was_opened_since_is_found(
    meanwhile: Meanwhile, github: GitHubSandbox, runner: Runner
) -> None:
    """The push comes first; that there was no pull request yet is no reason not to look again."""
    sha = "c" * 40
    at = replace(runner, event_name="push", event={"after": sha}, ref="refs/heads/topic", sha=sha)
    opened = PullRequest(number=9, head_sha=sha)

    done = meanwhile(lambda: github.pull_requests.append(opened), at=at)

    assert done.outputs["comment-result"] == "created"
    assert github.comments[0].number == 9


def test_what_failed_early_is_tried_again(meanwhile: Meanwhile, github: GitHubSandbox) -> None:
    """GitHub is down while the plan is downloaded, and up when the comment is written: nobody hears of it."""
    github.misbehave(faults=[Fault(path="/graphql", answer=BAD_GATEWAY)])

    done = meanwhile(github.misbehave)

    assert done.outputs["comment-result"] == "created"
    assert "No comment was written" not in done.log
    assert "::warning::" not in done.log


def test_a_look_that_is_still_under_way_is_enough(runner: Runner) -> None:
    """What GitHub answers only after there is something to write is not asked twice."""
    gate, writing = threading.Event(), threading.Event()

    def open_gate() -> None:
        writing.wait()
        gate.set()

    class Log(io.StringIO):
        """Notices the warning that is printed when writing begins."""

        def write(self, text: str) -> int:
            writing.set()
            return super().write(text)

    class SlowGitHub(GitHubSandbox):
        """Answers when the gate opens."""

        def _receive(self) -> Response | None:
            received = super()._receive()
            gate.wait()
            return received

    with SlowGitHub([PullRequest(number=7, head_sha="a" * 40)]) as github:
        environ = replace(runner, api_url=github.api_url).prepare("step", {})
        environment = replace(GitHubEnvironment.from_environ(environ), event_problem="so to say")
        commands = Commands(stdout=Log(), output_file=None, summary_file=None)
        world = World(commands=commands, environment=environment, sleep=time.sleep, clock=time.monotonic, now=time.time)
        settings = Settings(source=RunIds(("run-1",)), github_token=JOB_TOKEN)
        with PullRequestComment(settings, world) as comment:
            comment.begin("acme/web-app")
            opener = threading.Thread(target=open_gate)
            opener.start()
            written = comment.write(
                lambda _: body("the plan"), key="acme/web-app", recreate=False, create_if_missing=True
            )
            opener.join()

        assert written == Written(result=CommentResult.CREATED, id=github.comments[0].id, url=written.url)
        assert github.requests == [GRAPHQL, "POST /repos/acme/infra/issues/7/comments"]
