"""Finds the pull request of a workflow run, as far as the event names it. Pure; the payload is untrusted JSON.

Source of the payloads: docs.github.com, "Webhook events and payloads" and "Events that trigger workflows".
The client_payload of a repository_dispatch is never read: whoever may send it would choose where we comment.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec

from tfc_plan_comment.expression import expression


class PullRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The pull request, and the commit at its head when the event was sent, if the event says it.

    `merge_sha` is the commit by which it was merged, if it was found by that.
    """

    number: int
    head_sha: str | None = None
    merge_sha: str | None = None


class PullRequestsOfCommit(msgspec.Struct, frozen=True, kw_only=True):
    """To be asked of GitHub: the pull request that was merged by this commit, or the open ones that hold it."""

    sha: str


class PullRequestsOfBranch(msgspec.Struct, frozen=True, kw_only=True):
    """To be asked of GitHub: the open pull request from this branch, with exactly this commit at its head."""

    owner: str | None
    """The owner of the branch; None for the repository's own owner."""
    branch: str
    sha: str


class NoPullRequest(msgspec.Struct, frozen=True, kw_only=True):
    """There is none, and why: a clause without its full stop."""

    reason: str


LookUp = PullRequestsOfCommit | PullRequestsOfBranch
Found = PullRequest | LookUp | NoPullRequest


class ReadOnlyToken(StrEnum):
    """Why GitHub gives this workflow run a GITHUB_TOKEN that can only read."""

    FORK = "the pull request comes from a fork"
    DEPENDABOT = "Dependabot started the workflow"


_Object = Mapping[str, object]
_NOTHING: _Object = {}
_SHA = expression(r"[0-9a-f]{40}|[0-9a-f]{64}")
_MERGE_QUEUE_BRANCH = expression(r"(?:refs/heads/)?gh-readonly-queue/.+/pr-([1-9][0-9]{0,17})-[0-9a-f]{40,64}")
_READ_ONLY_FOR_FORKS = {"pull_request", "pull_request_review", "pull_request_review_comment"}
_READ_ONLY_FOR_DEPENDABOT = _READ_ONLY_FOR_FORKS | {"push", "create", "deployment", "deployment_status"}


def pull_request_of(event_name: str, event: _Object, *, explicit: int | None, ref: str, sha: str) -> Found:
    """The pull request that the event names, or what to ask GitHub to find it, or why there is none.

    `explicit` (the input pr-number) always wins. `ref` and `sha` are GITHUB_REF and GITHUB_SHA.
    """
    found = _BY_EVENT.get(event_name, _of_other)(_Event(name=event_name, payload=event, ref=ref, sha=sha))
    if explicit is None:
        return found
    if isinstance(found, PullRequest) and found.number == explicit:
        return found
    return PullRequest(number=explicit)


def commit_of(found: Found, event_name: str, event: _Object, *, sha: str) -> str | None:
    """The commit that the event is about; None if only GitHub knows it: the head of the pull request in `found`.

    For a pull request that is its head, and never GITHUB_SHA: that is the test merge then, or the default branch's last
    commit ("Events that trigger workflows"). `found` is what `pull_request_of` says of the event, `sha` GITHUB_SHA.
    """
    match found:
        case PullRequest(head_sha=head_sha):
            return head_sha
        case PullRequestsOfCommit(sha=head_sha) | PullRequestsOfBranch(sha=head_sha):
            return head_sha
        case NoPullRequest():
            return _sha(_object(event, event_name).get("head_sha")) or _sha(sha)


def why_read_only(event_name: str, event: _Object) -> ReadOnlyToken | None:
    """Why the workflow run's own token can only read, if it is so by the event; None if the event is no reason.

    Sources: docs.github.com, "Events that trigger workflows" for forks,
    "Troubleshooting Dependabot on GitHub Actions" for Dependabot.
    """
    if _object(event, "sender").get("login") == "dependabot[bot]" and event_name in _READ_ONLY_FOR_DEPENDABOT:
        return ReadOnlyToken.DEPENDABOT
    if event_name in _READ_ONLY_FOR_FORKS:
        pull_request = _object(event, "pull_request")
        head, base = (_object(pull_request, side, "repo").get("full_name") for side in ("head", "base"))
        if base is not None and head != base:  # the head is null when the fork is deleted
            return ReadOnlyToken.FORK
    return None


class _Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event: its name, its payload, and GITHUB_REF and GITHUB_SHA of the workflow that it started."""

    name: str
    payload: _Object
    ref: str
    sha: str


def _of_issue(event: _Event) -> Found:
    issue = _object(event.payload, "issue")
    if not isinstance(issue.get("pull_request"), Mapping):
        return NoPullRequest(reason="the issue is not a pull request")
    return _named(issue, event.name)


def _of_workflow_run(event: _Event) -> Found:
    """GitHub lists no pull requests for a run that came from a fork; its branch finds them."""
    run = _object(event.payload, "workflow_run")
    listed = _listed(run, event.payload)
    if listed is not None:
        return listed
    owner = _object(run, "head_repository", "owner").get("login")
    if not isinstance(owner, str) or not owner:
        return NoPullRequest(reason="the event workflow_run does not say whose branch it ran for")
    return _branch(owner=owner, branch=run.get("head_branch"), sha=run.get("head_sha"))


def _of_check(event: _Event) -> Found:
    check = _object(event.payload, event.name)
    return _listed(check, event.payload) or _commit(check.get("head_sha"), event.name)


def _of_merge_group(event: _Event) -> Found:
    head_ref = _object(event.payload, "merge_group").get("head_ref")
    match = _MERGE_QUEUE_BRANCH.fullmatch(head_ref) if isinstance(head_ref, str) else None
    if match is None:
        return NoPullRequest(reason="the merge group's branch does not say the pull request's number")
    return PullRequest(number=int(match[1]))  # its head_sha is the queue's commit, not the pull request's


def _of_push(event: _Event) -> Found:
    if event.payload.get("deleted") is True:
        return NoPullRequest(reason="the push deleted a branch")
    return _commit(event.sha, event.name)


def _of_status(event: _Event) -> Found:
    return _commit(event.payload.get("sha"), event.name)


def _of_deployment(event: _Event) -> Found:
    return _commit(_object(event.payload, "deployment").get("sha"), event.name)


def _of_branch(event: _Event) -> Found:
    is_branch = event.ref.startswith("refs/heads/")  # and no tag
    return _branch(owner=None, branch=event.ref.removeprefix("refs/heads/") if is_branch else None, sha=event.sha)


def _of_other(event: _Event) -> Found:
    """The pull request in the payload, as all of GitHub's events of pull requests have it."""
    if isinstance(event.payload.get("pull_request"), Mapping):
        return _named(_object(event.payload, "pull_request"), event.name)
    if not event.name:
        return NoPullRequest(reason="this is not a step of a GitHub workflow")
    return NoPullRequest(reason=f"the event {event.name} belongs to no pull request")


_BY_EVENT: Mapping[str, Callable[[_Event], Found]] = {
    "issue_comment": _of_issue,
    "issues": _of_issue,
    "workflow_run": _of_workflow_run,
    "check_run": _of_check,
    "check_suite": _of_check,
    "merge_group": _of_merge_group,
    "push": _of_push,
    "status": _of_status,
    "deployment": _of_deployment,
    "deployment_status": _of_deployment,
    "workflow_dispatch": _of_branch,
    "repository_dispatch": _of_branch,
    "schedule": _of_branch,
}
"""The rows of GitHub's table of events whose payload is not simply that of a pull request."""


def _named(subject: _Object, event_name: str) -> PullRequest | NoPullRequest:
    number = _number(subject.get("number"))
    if number is None:
        return NoPullRequest(reason=f"the event {event_name} does not say the pull request's number")
    return PullRequest(number=number, head_sha=_sha(_object(subject, "head").get("sha")))


def _listed(subject: _Object, event: _Object) -> PullRequest | NoPullRequest | None:
    """The one pull request of this repository in `pull_requests`; None if the list has none.

    The list may hold pull requests into other repositories: those that a fork's branch has into its parent.
    """
    repository = _object(event, "repository").get("id")
    listed = subject.get("pull_requests")
    numbers = {
        number
        for pull_request in (listed if isinstance(listed, list) else [])
        if isinstance(pull_request, Mapping)
        and _object(pull_request, "base", "repo").get("id") in (repository, None)
        and (number := _number(pull_request.get("number"))) is not None
    }
    if not numbers:
        return None
    if len(numbers) > 1:
        return several(numbers)
    return PullRequest(number=numbers.pop(), head_sha=_sha(subject.get("head_sha")))


def several(numbers: set[int]) -> NoPullRequest:
    """More than one pull request fits, and a comment on the wrong one would mislead its reviewers."""
    names = ", ".join(f"#{number}" for number in sorted(numbers))
    return NoPullRequest(reason=f"more than one pull request fits ({names}); name one in the input pr-number")


def _commit(sha: object, event_name: str) -> LookUp | NoPullRequest:
    checked = _sha(sha)
    if checked is None:
        return NoPullRequest(reason=f"the event {event_name} does not say the commit")
    return PullRequestsOfCommit(sha=checked)


def _branch(*, owner: str | None, branch: object, sha: object) -> LookUp | NoPullRequest:
    checked = _sha(sha)
    if not isinstance(branch, str) or not branch or checked is None:
        return NoPullRequest(reason="the workflow did not run for a branch")
    return PullRequestsOfBranch(owner=owner, branch=branch, sha=checked)


def _object(value: object, *path: str) -> _Object:
    """The object at a path, or an empty one where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else _NOTHING


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _sha(value: object) -> str | None:
    return value if isinstance(value, str) and _SHA.fullmatch(value) else None
