"""Every event leads to its pull request, to what to ask GitHub, or to the reason why there is none."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.github_actions.event import (
    LookUp,
    NoPullRequest,
    PullRequest,
    PullRequestsOfBranch,
    PullRequestsOfCommit,
    ReadOnlyToken,
    commit_of,
    pull_request_of,
    why_read_only,
)

SHA = "a" * 40
OTHER_SHA = "b" * 40
PULL_REQUEST = {
    "number": 7,
    "head": {"sha": SHA, "repo": {"full_name": "acme/infra"}},
    "base": {"repo": {"full_name": "acme/infra"}},
}
WORKFLOW_RUN = {
    "head_sha": SHA,
    "head_branch": "change",
    "head_repository": {"owner": {"login": "mallory"}},
    "pull_requests": [],
}
REPOSITORY = {"id": 1, "full_name": "acme/infra"}


def of(
    event_name: str,
    event: Mapping[str, object],
    *,
    explicit: int | None = None,
    ref: str = "refs/heads/change",
    sha: str = OTHER_SHA,
) -> PullRequest | LookUp | NoPullRequest:
    """The pull request of an event in a workflow on the branch `change`."""
    return pull_request_of(event_name, event, explicit=explicit, ref=ref, sha=sha)


def listed(number: int, *, repository: int = 1) -> dict[str, Any]:
    """A pull request as `pull_requests` lists it."""
    return {"number": number, "base": {"repo": {"id": repository}}}


@pytest.mark.parametrize(
    "event_name",
    ["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"],
)
def test_a_pull_request_event_names_it(event_name: str) -> None:
    """Number and head commit stand in the event."""
    assert of(event_name, {"pull_request": PULL_REQUEST}) == PullRequest(number=7, head_sha=SHA)


@pytest.mark.parametrize("event_name", ["issue_comment", "issues"])
def test_an_issue_event_names_it_if_the_issue_is_a_pull_request(event_name: str) -> None:
    """A comment on a pull request is an issue's comment; the head commit is not said."""
    event = {"issue": {"number": 7, "pull_request": {"url": "https://api.github.com/repos/acme/infra/pulls/7"}}}

    assert of(event_name, event) == PullRequest(number=7)
    assert of(event_name, {"issue": {"number": 7}}) == NoPullRequest(reason="the issue is not a pull request")


def test_a_workflow_run_names_the_pull_request_of_its_branch() -> None:
    """The one of this repository: a fork's branch may have another one into the fork's parent."""
    run = WORKFLOW_RUN | {"pull_requests": [listed(7), listed(9, repository=2)]}

    assert of("workflow_run", {"workflow_run": run, "repository": REPOSITORY}) == PullRequest(number=7, head_sha=SHA)


def test_a_workflow_run_of_a_fork_is_looked_up_by_its_branch() -> None:
    """GitHub lists no pull requests for it."""
    assert of("workflow_run", {"workflow_run": WORKFLOW_RUN}) == PullRequestsOfBranch(
        owner="mallory", branch="change", sha=SHA
    )


def test_a_workflow_run_of_a_deleted_fork_has_none() -> None:
    """Without its repository nobody knows whose branch it was."""
    assert of("workflow_run", {"workflow_run": WORKFLOW_RUN | {"head_repository": None}}) == NoPullRequest(
        reason="the event workflow_run does not say whose branch it ran for"
    )


@pytest.mark.parametrize("event_name", ["check_run", "check_suite"])
def test_a_check_names_the_pull_request_or_its_commit(event_name: str) -> None:
    """For a fork the list is empty, and the commit finds it."""
    event = {event_name: {"head_sha": SHA, "pull_requests": [listed(7)]}, "repository": REPOSITORY}
    of_fork = {event_name: {"head_sha": SHA, "pull_requests": []}}

    assert of(event_name, event) == PullRequest(number=7, head_sha=SHA)
    assert of(event_name, of_fork) == PullRequestsOfCommit(sha=SHA)


def test_several_pull_requests_are_none() -> None:
    """A comment on the wrong one would mislead its reviewers, so the user has to name it."""
    event = {"check_run": {"head_sha": SHA, "pull_requests": [listed(9), listed(7)]}, "repository": REPOSITORY}

    assert of("check_run", event) == NoPullRequest(
        reason="more than one pull request fits (#7, #9); name one in the input pr-number"
    )


@pytest.mark.parametrize(
    "head_ref",
    [
        f"refs/heads/gh-readonly-queue/main/pr-104-{SHA}",
        f"gh-readonly-queue/release/v1/pr-104-{SHA}",
        f"refs/heads/gh-readonly-queue/pr-9-{OTHER_SHA}/pr-104-{SHA}",
    ],
)
def test_a_merge_group_names_it_in_its_branch(head_ref: str) -> None:
    """The base in the name may hold slashes, and look like the rest of it."""
    assert of("merge_group", {"merge_group": {"head_ref": head_ref, "head_sha": SHA}}) == PullRequest(number=104)


@pytest.mark.parametrize("head_ref", [None, 1, "refs/heads/main", f"refs/heads/x/pr-104-{SHA}"])
def test_another_branch_of_a_merge_group_names_none(head_ref: object) -> None:
    """Only the merge queue's own branches are read."""
    assert of("merge_group", {"merge_group": {"head_ref": head_ref}}) == NoPullRequest(
        reason="the merge group's branch does not say the pull request's number"
    )


def test_commit_events_are_looked_up_by_commit() -> None:
    """A push by GITHUB_SHA, a status and a deployment by the commit that they name."""
    assert of("push", {}) == PullRequestsOfCommit(sha=OTHER_SHA)
    assert of("status", {"sha": SHA}) == PullRequestsOfCommit(sha=SHA)
    assert of("deployment", {"deployment": {"sha": SHA}}) == PullRequestsOfCommit(sha=SHA)
    assert of("deployment_status", {"deployment": {"sha": SHA}}) == PullRequestsOfCommit(sha=SHA)


def test_what_is_no_commit_is_not_looked_up() -> None:
    """A deleted branch has none, and nothing but a commit's name ever gets into a request's path."""
    assert of("push", {"deleted": True}) == NoPullRequest(reason="the push deleted a branch")
    assert of("status", {"sha": "../../x"}) == NoPullRequest(reason="the event status does not say the commit")


@pytest.mark.parametrize("event_name", ["workflow_dispatch", "repository_dispatch", "schedule"])
def test_events_without_a_subject_are_looked_up_by_branch(event_name: str) -> None:
    """The open pull request from the branch, if the workflow ran for a branch."""
    assert of(event_name, {}, ref="refs/heads/team/change") == PullRequestsOfBranch(
        owner=None, branch="team/change", sha=OTHER_SHA
    )
    assert of(event_name, {}, ref="refs/tags/v1") == NoPullRequest(reason="the workflow did not run for a branch")


def test_a_client_payload_is_never_read() -> None:
    """Whoever may send a repository_dispatch does not choose where we comment."""
    event = {"client_payload": {"pull_request": {"number": 1}, "number": 1, "pr-number": 1}}

    assert isinstance(of("repository_dispatch", event), PullRequestsOfBranch)


def test_other_events_have_none() -> None:
    """The reason names the event; without any event there is no workflow."""
    assert of("release", {}) == NoPullRequest(reason="the event release belongs to no pull request")
    assert of("", {}) == NoPullRequest(reason="this is not a step of a GitHub workflow")


def test_an_explicit_number_always_wins() -> None:
    """Whatever the event says; when it says the same, its head commit is kept."""
    event = {"pull_request": PULL_REQUEST}

    assert of("release", {}, explicit=3) == PullRequest(number=3)
    assert of("push", {}, explicit=3) == PullRequest(number=3)
    assert of("pull_request", event, explicit=3) == PullRequest(number=3)
    assert of("pull_request", event, explicit=7) == PullRequest(number=7, head_sha=SHA)


@pytest.mark.parametrize("number", [None, True, 0, -1, "7", 7.0, [7]])
def test_a_number_that_is_none_is_not_used(number: object) -> None:
    """Payloads are untrusted."""
    assert of("pull_request", {"pull_request": {"number": number}}) == NoPullRequest(
        reason="the event pull_request does not say the pull request's number"
    )


LEAVES = st.none() | st.booleans() | st.integers() | st.sampled_from(["", "x", SHA, "dependabot[bot]"])
KEYS = [
    "base", "check_run", "check_suite", "deleted", "deployment", "full_name", "head", "head_branch", "head_ref",
    "head_repository", "head_sha", "id", "issue", "login", "merge_group", "number", "owner", "pull_request",
    "pull_requests", "repo", "repository", "sender", "sha", "workflow_run",
]  # fmt: skip
SHAPED = st.recursive(
    LEAVES,
    lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=4) | st.lists(inner, max_size=3),
    max_leaves=10,
)
EVENTS = [
    "check_run", "check_suite", "deployment", "deployment_status", "issue_comment", "issues", "merge_group",
    "pull_request", "pull_request_review", "pull_request_target", "push", "repository_dispatch", "schedule", "status",
    "workflow_dispatch", "workflow_run", "",
]  # fmt: skip


@given(st.sampled_from(EVENTS) | st.text(), st.dictionaries(st.sampled_from(KEYS), SHAPED))
def test_no_payload_crashes(event_name: str, event: dict[str, Any]) -> None:
    """Whatever is in it: the answer is one of ours, and a number is a positive integer."""
    found = of(event_name, event)
    why_read_only(event_name, event)

    commit = commit_of(found, event_name, event, sha=OTHER_SHA)
    assert commit is None or len(commit) in {40, 64}
    if isinstance(found, PullRequest):
        assert type(found.number) is int
        assert found.number > 0
    elif isinstance(found, NoPullRequest):
        assert found.reason


@pytest.mark.parametrize(
    ("event_name", "event", "expected"),
    [
        ("pull_request", {"pull_request": PULL_REQUEST}, SHA),
        ("pull_request_target", {"pull_request": PULL_REQUEST}, SHA),
        ("pull_request", {"pull_request": {"number": 7}}, None),
        ("issue_comment", {"issue": {"number": 7, "pull_request": {}}}, None),
        ("merge_group", {"merge_group": {"head_ref": f"refs/heads/gh-readonly-queue/main/pr-7-{SHA}"}}, None),
        ("merge_group", {"merge_group": {"head_ref": "x", "head_sha": SHA}}, SHA),
        ("workflow_run", {"workflow_run": WORKFLOW_RUN}, SHA),
        ("workflow_run", {"workflow_run": {"head_sha": SHA}}, SHA),
        ("workflow_run", {"workflow_run": WORKFLOW_RUN | {"pull_requests": [listed(7), listed(8)]}}, SHA),
        ("check_suite", {"check_suite": {"head_sha": SHA, "pull_requests": []}}, SHA),
        ("status", {"sha": SHA}, SHA),
        ("deployment_status", {"deployment": {"sha": SHA}}, SHA),
        ("push", {}, OTHER_SHA),
        ("workflow_dispatch", {}, OTHER_SHA),
        ("release", {}, OTHER_SHA),
    ],
)
def test_the_commit_of_an_event(event_name: str, event: dict[str, Any], expected: str | None) -> None:
    """The head of its pull request, which only GitHub knows if the event does not say it; otherwise GITHUB_SHA."""
    assert commit_of(of(event_name, event), event_name, event, sha=OTHER_SHA) == expected


def test_the_commit_of_another_pull_request() -> None:
    """The input pr-number names it, and the event knows nothing of it."""
    event = {"pull_request": PULL_REQUEST}

    assert commit_of(of("pull_request", event, explicit=8), "pull_request", event, sha=OTHER_SHA) is None
    assert commit_of(of("push", {}, explicit=8), "push", {}, sha=OTHER_SHA) is None


@pytest.mark.parametrize("event_name", ["pull_request", "pull_request_review", "pull_request_review_comment"])
@pytest.mark.parametrize("head_repo", [{"full_name": "mallory/infra"}, None], ids=["fork", "deleted fork"])
def test_the_token_of_a_fork_can_only_read(event_name: str, head_repo: object) -> None:
    """On the events that run the fork's own workflow."""
    event = {"pull_request": PULL_REQUEST | {"head": {"sha": SHA, "repo": head_repo}}}

    assert why_read_only(event_name, event) is ReadOnlyToken.FORK
    assert why_read_only("pull_request_target", event) is None
    assert why_read_only(event_name, {"pull_request": PULL_REQUEST}) is None
    assert why_read_only(event_name, {}) is None


def test_the_token_of_dependabot_can_only_read() -> None:
    """On the events that GitHub lists, whoever's repository it is."""
    event = {"sender": {"login": "dependabot[bot]"}, "pull_request": PULL_REQUEST}

    assert why_read_only("pull_request", event) is ReadOnlyToken.DEPENDABOT
    assert why_read_only("push", event) is ReadOnlyToken.DEPENDABOT
    assert why_read_only("schedule", event) is None
    assert why_read_only("push", {"sender": {"login": "octocat"}}) is None
