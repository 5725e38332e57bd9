"""A plan of another commit than the pull request is at: said, and never put in the place of a newer one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Golden = Callable[[str], bytes]

HEAD = "a" * 40  # of the pull request #7
OLDER = "f1e2d3c4" * 5
FINISHED = Script(plan_statuses=("finished",))
CANCELED = Script(plan_statuses=("running", "canceled"), commit_sha=OLDER)
SENTENCE = f"This plan is of commit <code>{OLDER[:7]}</code>; the pull request is at <code>{HEAD[:7]}</code>."
CAUTION = f"> [!CAUTION]\n> {SENTENCE}\n"


def of(sha: str | None, **more: Any) -> Script:
    """A run of that commit."""
    return replace(FINISHED, commit_sha=sha, **more)


@pytest.mark.parametrize("comment", ["update", "recreate", "none"])
def test_a_plan_of_another_commit(
    serve: Serve, step: Step, github: GitHubSandbox, runner: Runner, comment: str
) -> None:
    """The comment says so before anything else; the event knows the head where GitHub is not asked."""
    pushed = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": HEAD}}})

    done = step(serve(script=of(OLDER)), at=pushed, comment=comment)

    assert done.exit_code == 0
    for place in (done.summary, *(each.body for each in github.comments)):
        assert CAUTION in place
        assert place.index(CAUTION) < place.index("hold data")


@pytest.mark.parametrize(
    "script",
    [
        of(HEAD, pull_request_number=7, identifier="acme/infra"),
        of(HEAD, identifier="Acme/Infra"),
        of(None),
        of(OLDER, identifier="acme/modules"),
        of(OLDER, identifier="acme/modules", pull_request_number=8),
        of("not a commit"),
    ],
    ids=["head", "head of acme/infra", "no ingress", "other repository", "its pull request", "no sha"],
)
def test_nothing_is_claimed(serve: Serve, step: Step, github: GitHubSandbox, script: Script) -> None:
    """Of the head itself, and of runs that cannot be compared: without ingress, or of another repository."""
    step(serve(script=script))

    assert "This plan is of" not in github.comments[0].body


def test_a_failed_plan_of_another_commit(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """It fails the step all the same, and says so in the same alert."""
    done = step(serve(script=of(OLDER, plan_statuses=("errored",))))

    assert done.exit_code == 1
    assert f"> [!CAUTION]\n> {SENTENCE}<br>" in github.comments[0].body


def test_a_plan_of_another_pull_request(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """The same commit may be at the head of two."""
    step(serve(script=of(HEAD, pull_request_number=8, identifier="acme/infra")))

    assert "> [!CAUTION]\n> This plan is of pull request 8; this is 7.\n" in github.comments[0].body


def test_the_event_of_an_older_push(serve: Serve, step: Step, github: GitHubSandbox, runner: Runner) -> None:
    """What GitHub says now holds, not what it said when the job began."""
    older = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": OLDER}}})

    step(serve(script=of(OLDER)), at=older)

    assert CAUTION in github.comments[0].body


@pytest.mark.parametrize("comment", ["update", "recreate"])
@pytest.mark.parametrize(
    "plan_statuses", [("finished",), ("running", "finished"), ("errored",), ("running", "errored")]
)
def test_an_older_plan_never_overwrites_a_newer_one(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, step: Step, github: GitHubSandbox, golden: Golden, comment: str, plan_statuses: tuple[str, ...]
) -> None:
    """Whether it is good or not, and though its job ends last: the comment is left alone, and the log says why."""
    server = serve("drift", script=of(HEAD))
    step(server)
    before = github.comments[0].body
    server.add_run(golden("mixed-update"), script=of(OLDER, plan_statuses=plan_statuses))

    done = step(server, comment=comment)

    assert [each.body for each in github.comments] == [before]
    assert not github.comments[0].minimized
    assert done.outputs["comment-result"] == "unchanged"
    assert done.outputs["comment-url"].endswith(f"issuecomment-{github.comments[0].id}")
    assert (
        f"::notice::The comment on pull request #7 is left alone: this plan is superseded by that of {HEAD}, of which"
    ) in done.log


def test_a_newer_plan_takes_the_place(serve: Serve, step: Step, github: GitHubSandbox, golden: Golden) -> None:
    """And so does the older one, with its caution, before the newer has come."""
    github.push(7, OLDER)
    server = serve("drift", script=of(OLDER))
    step(server)
    github.push(7, HEAD)
    step(server)
    assert CAUTION in github.comments[0].body
    server.add_run(golden("mixed-update"), script=of(HEAD))

    done = step(server)

    assert done.outputs["comment-result"] == "updated"
    assert "This plan is of" not in github.comments[0].body


@pytest.mark.parametrize(
    "script",
    [CANCELED, replace(CANCELED, plan_statuses=("pending",), run_status="canceled")],
    ids=["plan", "run"],
)
@pytest.mark.parametrize("is_told", [True, False])
def test_a_plan_that_a_newer_push_canceled(
    serve: Serve, step: Step, github: GitHubSandbox, golden: Golden, script: Script, *, is_told: bool
) -> None:
    """That is no failure, and nothing to act upon: the step succeeds, and the comment is the newer run's."""
    server = serve("drift", script=of(HEAD))
    if is_told:
        step(server)
    before = [each.body for each in github.comments]
    server.add_run(golden("mixed-update"), script=script)

    done = step(server)

    assert done.exit_code == 0
    assert [each.body for each in github.comments] == before
    assert done.outputs["comment-result"] == "skipped"
    sentence = f"There is no plan for web-app of this commit: it is superseded by {HEAD}."
    assert f"::notice::{sentence} The comment is left alone.\n" in done.log
    assert done.summary == f"There is no plan for web-app of this commit: it is superseded by <code>{HEAD}</code>.\n"
    assert "::error" not in done.log


@pytest.mark.parametrize("sha", [HEAD, None])
def test_a_plan_that_was_canceled_otherwise(serve: Serve, step: Step, github: GitHubSandbox, sha: str | None) -> None:
    """A plan of the head, or one that cannot be compared, was canceled by somebody: that is a failure as before."""
    done = step(serve(script=replace(CANCELED, commit_sha=sha)))

    assert done.exit_code == 1
    assert "canceled" in github.comments[0].body


def test_it_costs_no_request(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """The head comes with what is asked for the comment."""
    step(serve(script=of(None)))
    without = len(github.requests)
    github.comments.clear()
    github.requests.clear()
    step(serve(script=of(HEAD)))

    assert len(github.requests) <= without
