"""The pull request of a commit or a branch is the one open one that fits exactly, or none."""

from collections.abc import Callable

import pytest

from tfc_plan_comment.errors import GitHubError
from tfc_plan_comment.github_actions.comments import PullRequests
from tfc_plan_comment.github_actions.event import (
    NoPullRequest,
    PullRequest,
    PullRequestsOfBranch,
    PullRequestsOfCommit,
)
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.github_documents import PullRequest as Opened

Connect = Callable[..., PullRequests]

HEAD_SHA, BELOW_SHA, OTHER_SHA = "a" * 40, "c" * 40, "d" * 40


def test_the_commit_at_the_head_finds_it(github: GitHubSandbox, connect: Connect) -> None:
    """One request."""
    found = connect(github).find(PullRequestsOfCommit(sha=HEAD_SHA))

    assert found == PullRequest(number=7, head_sha=HEAD_SHA)
    assert github.requests == [f"GET /repos/acme/infra/commits/{HEAD_SHA}/pulls?per_page=100"]


def test_a_commit_below_the_head_finds_it_if_it_is_in_no_other(github: GitHubSandbox, connect: Connect) -> None:
    """Somebody may have pushed meanwhile; it is the same pull request."""
    assert connect(github).find(PullRequestsOfCommit(sha=BELOW_SHA)) == PullRequest(number=7, head_sha=BELOW_SHA)

    github.pull_requests.append(Opened(number=8, head_sha=OTHER_SHA, commits=(BELOW_SHA,)))
    assert connect(github).find(PullRequestsOfCommit(sha=BELOW_SHA)) == NoPullRequest(
        reason="more than one pull request fits (#7, #8); name one in the input pr-number"
    )


def test_a_pull_request_on_top_of_it_does_not_count(github: GitHubSandbox, connect: Connect) -> None:
    """Stacked pull requests hold the commits of those below; the commit is the head of one only."""
    github.pull_requests.append(Opened(number=8, head_sha=OTHER_SHA, commits=(HEAD_SHA,)))

    assert connect(github).find(PullRequestsOfCommit(sha=HEAD_SHA)) == PullRequest(number=7, head_sha=HEAD_SHA)


def test_a_pull_request_is_found_by_the_commit_that_merged_it(github: GitHubSandbox, connect: Connect) -> None:
    """A push to the default branch leads to the merged one, and not to one that was branched off later."""
    github.merge(7, OTHER_SHA)
    github.pull_requests.append(Opened(number=8, head_sha=BELOW_SHA, commits=(OTHER_SHA,)))
    github.pull_requests.append(Opened(number=9, head_sha=OTHER_SHA))

    found = connect(github).find(PullRequestsOfCommit(sha=OTHER_SHA))

    assert found == PullRequest(number=7, head_sha=HEAD_SHA, merge_sha=OTHER_SHA)
    assert github.requests == [f"GET /repos/acme/infra/commits/{OTHER_SHA}/pulls?per_page=100"]


def test_a_merge_commit_that_is_only_a_test(github: GitHubSandbox, connect: Connect) -> None:
    """GitHub makes one for an open pull request: it merged nothing."""
    github.pull_requests[:] = [Opened(number=7, head_sha=HEAD_SHA, merge_sha=OTHER_SHA)]
    assert connect(github).find(PullRequestsOfCommit(sha=OTHER_SHA)) == PullRequest(number=7, head_sha=OTHER_SHA)


def test_a_merged_pull_request_is_none_for_its_other_commits(connect: Connect) -> None:
    """A commit that did not merge it is of one that nobody reviews any more."""
    with GitHubSandbox([Opened(number=7, head_sha=HEAD_SHA, state="closed")]) as github:
        assert connect(github).find(PullRequestsOfCommit(sha=HEAD_SHA)) == NoPullRequest(
            reason=f"no open pull request of acme/infra holds the commit {HEAD_SHA}, and none was merged by it"
        )


def test_a_branch_finds_it_at_exactly_this_commit(github: GitHubSandbox, connect: Connect) -> None:
    """One request; the owner is the repository's, unless it is a fork's."""
    found = connect(github).find(PullRequestsOfBranch(owner=None, branch="change", sha=HEAD_SHA))

    assert found == PullRequest(number=7, head_sha=HEAD_SHA)
    assert github.requests == ["GET /repos/acme/infra/pulls?head=acme%3Achange&per_page=100&state=open"]


def test_a_branch_of_a_fork_finds_its_own(connect: Connect) -> None:
    """Branches of the same name are told apart by their owner."""
    opened = [Opened(number=7, head_sha=HEAD_SHA), Opened(number=8, head_sha=HEAD_SHA, head_owner="mallory")]
    with GitHubSandbox(opened) as github:
        look_up = PullRequestsOfBranch(owner="mallory", branch="change", sha=HEAD_SHA)

        assert connect(github).find(look_up) == PullRequest(number=8, head_sha=HEAD_SHA)


def test_a_branch_that_moved_on_finds_none(github: GitHubSandbox, connect: Connect) -> None:
    """Another commit is at its head: that plan is not this pull request's."""
    assert connect(github).find(PullRequestsOfBranch(owner=None, branch="change", sha=OTHER_SHA)) == NoPullRequest(
        reason=f"no open pull request of acme/infra from acme:change is at the commit {OTHER_SHA}"
    )


def test_more_than_a_page_is_read(github: GitHubSandbox, connect: Connect) -> None:
    """GitHub links to the next page."""
    github.pull_requests[:0] = [
        Opened(number=number, head_sha=OTHER_SHA, commits=(HEAD_SHA,)) for number in range(100, 320)
    ]

    assert connect(github).find(PullRequestsOfCommit(sha=HEAD_SHA)) == PullRequest(number=7, head_sha=HEAD_SHA)
    assert len(github.requests) == 3


def test_the_error_says_what_was_looked_for(github: GitHubSandbox, connect: Connect) -> None:
    """Not that a comment failed."""
    answer = Answer(status=409, body=b'{"message":"Git Repository is empty."}', content_type="application/json")
    github.misbehave(faults=[Fault(path="/pulls", answer=answer)])

    with pytest.raises(GitHubError) as raised:
        connect(github).find(PullRequestsOfCommit(sha=HEAD_SHA))

    assert str(raised.value) == (
        "Find the pull request in acme/infra: GitHub refuses (409: Git Repository is empty)."
        " Look for the reason in GitHub's words, or run the job again later."
    )


def test_the_head_of_a_pull_request(github: GitHubSandbox, connect: Connect) -> None:
    """One request."""
    assert connect(github).head_of(7) == HEAD_SHA
    assert len(github.requests) == 1


def test_the_head_of_none(github: GitHubSandbox, connect: Connect) -> None:
    """An error that says what was looked for."""
    with pytest.raises(GitHubError, match=r"^Find the head of pull request #9 of acme/infra: "):
        connect(github).head_of(9)
