"""No pull request, or none that we may write to: a sentence says what to do, the rest is done, and the step is good."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tfc_sandbox.faults import CUT, Answer, Fault
from tfc_sandbox.github import (
    BAD_GATEWAY,
    FORK_TOKEN,
    JOB_TOKEN,
    READ_ONLY_USER_TOKEN,
    UNHIDING_TOKEN,
    GitHubSandbox,
    json_answer,
)
from tfc_sandbox.github_documents import PullRequest, error
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult

Golden = Callable[[str], bytes]
Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Skips = Callable[..., None]

SENTENCE = "Plan: 4 to add, 6 to change, 3 to destroy."
IN_FULL = "The step summary has the whole report."
MY_PULL_REQUEST = {
    "number": 7,
    "head": {"repo": {"full_name": "acme/infra"}},
    "base": {"repo": {"full_name": "acme/infra"}},
}
FROM_A_FORK = {**MY_PULL_REQUEST, "head": {"repo": {"full_name": "somebody/infra"}}}
NO_GITHUB = "http://127.0.0.1:9"  # the port of the discard service, which nobody offers any more


@pytest.fixture
def skips(serve: Serve, step: Step) -> Skips:
    """Shows a plan; the annotation must be the only one but the plan's own, and all but the comment as ever."""

    def skips(annotation: str, **how: object) -> None:
        done = step(serve(), **how)
        of_plan, *others = [line for line in done.log.splitlines() if line.startswith(("::notice", "::warn", "::err"))]
        assert of_plan.startswith("::warning title=Terraform plan for web-app::Destroys 2 resources with data: ")
        assert others == [annotation]
        assert done.exit_code == 0
        assert done.outputs["plan-summary"] == SENTENCE
        assert [done.outputs[f"comment-{name}"] for name in ("result", "id", "url")] == ["skipped", "", ""]
        assert SENTENCE in done.summary

    return skips


def warning(sentence: str) -> str:
    """The warning for a comment that could not be written."""
    return f"::warning title=No comment was written::{sentence} {IN_FULL}"


class TestNone:
    """There is no pull request."""

    @pytest.mark.parametrize(
        ("event_name", "event", "reason"),
        [
            ("schedule", {}, "the workflow did not run for a branch"),
            ("label", {}, "the event label belongs to no pull request"),
            ("issue_comment", {"issue": {"number": 3}}, "the issue is not a pull request"),
            ("", {}, "this is not a step of a GitHub workflow"),
        ],
    )
    def test_by_the_event(  # noqa: PLR0917 - pytest gives them by name
        self,
        skips: Skips,
        runner: Runner,
        github: GitHubSandbox,
        event_name: str,
        event: Mapping[str, object],
        reason: str,
    ) -> None:
        """An event without a pull request is no error, and GitHub is not asked."""
        at = replace(runner, event_name=event_name, event=event, ref="refs/tags/v1", sha="c" * 40)
        skips(f"::notice::No comment was written: {reason}. {IN_FULL}", at=at)
        assert github.requests == []

    def test_for_the_commit(self, skips: Skips, runner: Runner) -> None:
        """GitHub is asked which pull request holds the commit of a push; if none does, that is no error."""
        sha = "c" * 40
        at = replace(runner, event_name="push", event={"after": sha}, ref="refs/heads/main", sha=sha)
        skips(
            f"::notice::No comment was written: no open pull request of acme/infra holds the commit {sha},"
            f" and none was merged by it. {IN_FULL}",
            at=at,
        )

    def test_is_found_by_the_commit(self, serve: Serve, step: Step, runner: Runner, github: GitHubSandbox) -> None:
        """The pull request of a pushed commit gets the comment."""
        sha = "a" * 40
        at = replace(runner, event_name="push", event={"after": sha}, ref="refs/heads/main", sha=sha)
        assert step(serve(), at=at).outputs["comment-result"] == "created"
        assert github.comments[0].number == 7

    def test_without_a_repository(self, skips: Skips, runner: Runner) -> None:
        """Without GITHUB_REPOSITORY there is nowhere to comment."""
        skips(
            f"::notice::No comment was written: GITHUB_REPOSITORY does not name a repository. {IN_FULL}",
            at=replace(runner, repository=""),
        )

    def test_because_the_event_cannot_be_read(self, serve: Serve, step: Step, tmp_path: Path) -> None:
        """An event file that is no JSON is a warning, and the notice says what follows from it."""
        event = tmp_path / "broken.json"
        event.write_text("{", encoding="utf-8")
        done = step(serve(), environ={"GITHUB_EVENT_PATH": str(event)})
        assert done.exit_code == 0
        assert f"::warning::Cannot read GitHub's event: the event's file {event} is not JSON." in done.log.splitlines()
        assert (
            f"::notice::No comment was written: the event pull_request belongs to no pull request. {IN_FULL}"
            in done.log
        )


class TestRefused:
    """GitHub does not let us write."""

    def test_from_a_fork(self, skips: Skips, runner: Runner) -> None:
        """A fork's token can only read; the sentence says which event can write."""
        skips(
            warning(
                "Comment on pull request #7 of acme/infra: the job's token can only read, because the pull request"
                " comes from a fork (403: Resource not accessible by integration). To comment on pull requests from"
                " forks, run this action in a workflow on the event workflow_run."
            ),
            at=replace(runner, event={"pull_request": FROM_A_FORK}),
            github_token=FORK_TOKEN,
        )

    def test_by_dependabot(self, skips: Skips, runner: Runner) -> None:
        """Dependabot's token can only read unless the job asks for more."""
        skips(
            warning(
                "Comment on pull request #7 of acme/infra: the job's token may not write to pull requests, because"
                " Dependabot started the workflow (403: Resource not accessible by integration); GitHub would accept"
                " issues=write; pull_requests=write. Give the job the permission pull-requests: write."
            ),
            at=replace(runner, event={"pull_request": MY_PULL_REQUEST, "sender": {"login": "dependabot[bot]"}}),
            github_token=FORK_TOKEN,
        )

    def test_without_permission(self, skips: Skips) -> None:
        """A job without pull-requests: write is told to ask for it."""
        skips(
            warning(
                "Comment on pull request #7 of acme/infra: the job's token may not write to pull requests (403:"
                " Resource not accessible by integration); GitHub would accept issues=write; pull_requests=write. Give"
                " the job the permission pull-requests: write."
            ),
            github_token=FORK_TOKEN,
        )

    def test_for_a_persons_token(self, skips: Skips) -> None:
        """A personal access token that can only read is told what it lacks."""
        skips(
            warning(
                "Comment on pull request #7 of acme/infra: the token lacks a permission (403: Resource not accessible"
                " by personal access token); GitHub would accept issues=write; pull_requests=write. Give the token read"
                " and write access to pull requests of this repository."
            ),
            github_token=READ_ONLY_USER_TOKEN,
        )

    def test_because_the_conversation_is_locked(self, skips: Skips) -> None:
        """A locked conversation is named as such."""
        skips(
            warning(
                "Comment on pull request #8 of acme/infra: the conversation is locked (403: Unable to create comment"
                " because issue is locked). Unlock it, or set the input github-token to the token of a collaborator."
            ),
            pr_number="8",
        )

    def test_because_it_is_not_there(self, skips: Skips) -> None:
        """A pull request that does not exist leads to the input pr-number."""
        skips(
            warning(
                "Comment on pull request #99 of acme/infra: GitHub does not find it, or hides it from the token (404:"
                " Could not resolve to a PullRequest with the number of 99). Check the input pr-number, and that the"
                " job has the permission pull-requests: write."
            ),
            pr_number="99",
        )

    def test_because_of_what_we_wrote(self, skips: Skips, github: GitHubSandbox) -> None:
        """A 422 is shown in GitHub's words."""
        refusal = json_answer(422, error(422, "Validation Failed", errors=[{"message": "Body is too odd"}]))
        github.misbehave(faults=[Fault(path="/issues/7/comments", answer=refusal)])
        skips(
            warning(
                "Comment on pull request #7 of acme/infra: GitHub refuses the comment (422: Validation Failed; Body is"
                " too odd). If you set the input template, check what it writes."
            )
        )

    def test_for_a_bad_token(self, skips: Skips) -> None:
        """A token that GitHub does not know is not shown."""
        skips(
            warning(
                "Comment on pull request #7 of acme/infra: GitHub does not accept the token (401: Bad credentials)."
                " Leave out the input github-token to use the job's own token, or set it to one that is valid."
            ),
            github_token="no-such-token",
        )

    def test_without_a_token(self, skips: Skips) -> None:
        """An input github-token that came out empty is said to be empty."""
        skips(
            warning("Comment in acme/infra: the input github-token is empty. Leave it out to use the job's own token."),
            github_token="",
        )


class TestDown:
    """GitHub does not work."""

    def test_because_it_keeps_failing(self, skips: Skips, github: GitHubSandbox) -> None:
        """A server's error that does not pass ends in a warning."""
        github.misbehave(faults=[Fault(path="/", answer=BAD_GATEWAY)])
        skips(
            warning(
                "Comment on pull request #7 of acme/infra: GitHub keeps failing (502: Server Error). Run the job again"
                " later."
            )
        )

    @pytest.mark.parametrize("down", [True, False])
    def test_because_nobody_answers(self, skips: Skips, runner: Runner, github: GitHubSandbox, *, down: bool) -> None:
        """No answer ends in a warning that names the address."""
        api_url = NO_GITHUB if down else github.api_url
        github.misbehave(faults=[Fault(path="/", answer=CUT)])
        skips(
            warning(
                f"Comment on pull request #7 of acme/infra: no answer from {api_url} (the connection was refused or"
                " cut). Check that the runner can reach it, and the variables HTTPS_PROXY and NO_PROXY."
            ),
            at=replace(runner, api_url=api_url),
        )

    def test_because_it_is_not_github(self, skips: Skips, github: GitHubSandbox) -> None:
        """An answer that is not GitHub's leads to GITHUB_API_URL."""
        nonsense = Answer(body=b'{"data": {"viewer": 1, "repository": 2}}', content_type="application/json")
        github.misbehave(faults=[Fault(path="/graphql", answer=nonsense)])
        skips(
            warning(
                "Comment on pull request #7 of acme/infra: the answer of GraphQL is not GitHub's (Expected `object`,"
                " got `int` - at `$.viewer`). Check the variable GITHUB_API_URL."
            )
        )

    def test_only_after_the_comment_was_stored(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """A comment whose answer was lost is found, and not posted twice."""
        github.misbehave(lost_answers=[Fault(path="/issues/7/comments", answer=BAD_GATEWAY, times=1)])
        done = step(serve())
        assert (done.exit_code, done.outputs["comment-result"]) == (0, "created")
        assert len(github.comments) == 1


def test_enterprise_server(serve: Serve, step: Step, runner: Runner) -> None:
    """GITHUB_API_URL says where GitHub is, also below a path, as on GitHub Enterprise Server."""
    with GitHubSandbox([PullRequest(number=7, head_sha="a" * 40)], enterprise_server=True) as github:
        done = step(serve(), at=replace(runner, api_url=github.api_url))
        assert done.outputs["comment-result"] == "created"
        assert len(github.comments) == 1


def test_old_comment_that_cannot_be_hidden(serve: Serve, step: Step, github: GitHubSandbox, golden: Golden) -> None:
    """The new comment stands; that the old one is still to be seen is a warning."""
    server = serve("no-changes")
    step(server, comment="recreate", github_token=JOB_TOKEN)
    server.add_run(golden("tags-only"))
    done = step(server, comment="recreate", github_token=UNHIDING_TOKEN)
    old, new = github.comments
    sentence = (
        f"Hide the earlier comment https://github.com/acme/infra/pull/7#issuecomment-{old.id}: the job's token may not"
        " write to pull requests (403: Resource not accessible by integration). Give the job the permission"
        " pull-requests: write."
    )
    assert (done.exit_code, done.outputs["comment-id"]) == (0, str(new.id))
    assert f"::warning::{sentence}" in done.log.splitlines()


def test_failed_plan_fails_the_step_without_a_comment_too(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """What GitHub refuses is a warning; what HCP Terraform refuses is an error all the same."""
    done = step(serve(b"[]"), github_token=FORK_TOKEN)
    assert done.exit_code == 1
    assert "::warning title=No comment was written::" in done.log
    assert "its JSON is not a plan" in done.summary
    assert github.comments == []
