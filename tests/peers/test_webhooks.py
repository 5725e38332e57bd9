"""GitHub's official event payloads (npm, @octokit/webhooks-examples) lead to the right pull requests."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tfc_plan_comment.github_actions.event import (
    LookUp,
    NoPullRequest,
    PullRequest,
    PullRequestsOfBranch,
    PullRequestsOfCommit,
    ReadOnlyToken,
    pull_request_of,
    why_read_only,
)

pytestmark = pytest.mark.peers

SHA = "f" * 40
Examples = Mapping[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def examples(node_modules: Path) -> Examples:
    """Event name -> payloads."""
    index = node_modules / "@octokit/webhooks-examples/api.github.com/index.json"
    return {event["name"]: event["examples"] for event in json.loads(index.read_text())}


def of(event_name: str, event: dict[str, Any]) -> PullRequest | LookUp | NoPullRequest:
    """The pull request in a workflow on the branch `change`."""
    return pull_request_of(event_name, event, explicit=None, ref="refs/heads/change", sha=SHA)


def test_every_payload_leads_somewhere(examples: Examples) -> None:
    """None crashes, and only those with a pull request in them lead to one."""
    assert sum(map(len, examples.values())) > 300
    for event_name, payloads in examples.items():
        for payload in payloads:
            found = of(event_name, payload)
            if isinstance(found, PullRequest):
                assert f'"number": {found.number},' in json.dumps(payload) or event_name == "merge_group"
            assert why_read_only(event_name, payload) in (None, *ReadOnlyToken)


@pytest.mark.parametrize("event_name", ["pull_request", "pull_request_review", "pull_request_review_comment"])
def test_pull_request_events(examples: Examples, event_name: str) -> None:
    """Each names its pull request and the commit at its head; pull_request_target has the same payload."""
    assert examples[event_name]
    for payload in examples[event_name]:
        pull_request = payload["pull_request"]
        expected = PullRequest(number=pull_request["number"], head_sha=pull_request["head"]["sha"])

        assert of(event_name, payload) == expected
        assert of("pull_request_target", payload) == expected


@pytest.mark.parametrize("event_name", ["issues", "issue_comment"])
def test_issue_events(examples: Examples, event_name: str) -> None:
    """An issue is none, unless it is a pull request."""
    assert examples[event_name]
    for payload in examples[event_name]:
        found = of(event_name, payload)

        if "pull_request" in payload["issue"]:
            assert found == PullRequest(number=payload["issue"]["number"])
        else:
            assert found == NoPullRequest(reason="the issue is not a pull request")


def test_merge_groups(examples: Examples) -> None:
    """The merge queue's branch names it."""
    assert [of("merge_group", payload) for payload in examples["merge_group"]] == [PullRequest(number=104)] * 2


@pytest.mark.parametrize("event_name", ["check_run", "check_suite"])
def test_checks(examples: Examples, event_name: str) -> None:
    """The pull request that is listed, or the commit."""
    assert examples[event_name]
    for payload in examples[event_name]:
        check = payload[event_name]
        numbers = {pull_request["number"] for pull_request in check["pull_requests"]}

        if numbers:
            assert of(event_name, payload) == PullRequest(number=numbers.pop(), head_sha=check["head_sha"])
            assert not numbers
        else:
            assert of(event_name, payload) == PullRequestsOfCommit(sha=check["head_sha"])


def test_workflow_runs(examples: Examples) -> None:
    """The pull request that is listed, or the branch. GitHub's example lists one into another repository: not that."""
    for payload in examples["workflow_run"]:
        run = payload["workflow_run"]
        here = payload["repository"]["id"]
        listed = [p["number"] for p in run["pull_requests"] if p["base"]["repo"]["id"] == here]
        branch = PullRequestsOfBranch(
            owner=run["head_repository"]["owner"]["login"], branch=run["head_branch"], sha=run["head_sha"]
        )

        expected = PullRequest(number=listed[0], head_sha=run["head_sha"]) if listed else branch
        assert of("workflow_run", payload) == expected


@pytest.mark.parametrize(
    ("event_name", "commit"),
    [
        ("push", lambda payload: None if payload["deleted"] else SHA),
        ("status", lambda payload: payload["sha"]),
        ("deployment", lambda payload: payload["deployment"]["sha"]),
        ("deployment_status", lambda payload: payload["deployment"]["sha"]),
    ],
)
def test_commits(examples: Examples, event_name: str, commit: Callable[[dict[str, Any]], str | None]) -> None:
    """The commit is looked up, unless a branch was deleted."""
    assert examples[event_name]
    for payload in examples[event_name]:
        sha = commit(payload)
        expected = PullRequestsOfCommit(sha=sha) if sha else NoPullRequest(reason="the push deleted a branch")

        assert of(event_name, payload) == expected


@pytest.mark.parametrize("event_name", ["workflow_dispatch", "repository_dispatch"])
def test_dispatches(examples: Examples, event_name: str) -> None:
    """The branch is looked up."""
    for payload in examples[event_name]:
        assert of(event_name, payload) == PullRequestsOfBranch(owner=None, branch="change", sha=SHA)
