"""Compares the commit that a run planned with the one at the head of the pull request.

A run that HCP Terraform started for a pull request plans its head branch, and says so in its ingress attributes; other
runs have none, and nothing is claimed of them.
Sources: HCP Terraform docs, "UI- and VCS-driven run workflow" and "Configuration Versions"; "Automatically cancel
speculative runs for outdated commits" for the plans that a newer push cancels.
"""

from tfc_plan_comment.action.results import NoPlan, Result
from tfc_plan_comment.errors import PlanFailed
from tfc_plan_comment.expression import expression
from tfc_plan_comment.github_actions.environment import GitHubEnvironment
from tfc_plan_comment.github_actions.event import (
    NoPullRequest,
    PullRequest,
    PullRequestsOfBranch,
    PullRequestsOfCommit,
    pull_request_of,
)
from tfc_plan_comment.hcp_terraform.runs import Run
from tfc_plan_comment.hcp_terraform.statuses import PlanStatus
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, say, say_name

_SHA = expression(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT = 7


def comparable_commit(run: Run | None, repository: str | None) -> str | None:
    """The commit of the run, if it is one of this repository, as far as the run says."""
    if run is None or run.commit_sha is None or not _SHA.fullmatch(run.commit_sha):
        return None
    return run.commit_sha if is_of_repository(run, repository) else None


def is_of_repository(run: Run, repository: str | None) -> bool:
    """False if the run says that its configuration comes from another repository."""
    return not run.repository or not repository or run.repository.lower() == repository.lower()


def planned_commit(run: Run | None, environment: GitHubEnvironment) -> str:
    """The commit that was planned: as the run says, else the one for which the workflow runs; empty if neither does."""
    if commit := comparable_commit(run, environment.repository):
        return commit
    event = pull_request_of(
        environment.event_name, environment.event, explicit=None, ref=environment.ref, sha=environment.sha
    )
    match event:
        case PullRequest(head_sha=sha) | PullRequestsOfCommit(sha=sha) | PullRequestsOfBranch(sha=sha):
            return sha or ""
        case NoPullRequest():
            return ""


def tell_mismatch(run: Run | None, pull_request: PullRequest | None, repository: str | None) -> Cell:
    """The sentence on a plan of another commit or another pull request; empty where nothing can be compared."""
    commit = comparable_commit(run, repository)
    if run is None or commit is None or pull_request is None:
        return EMPTY
    if run.pull_request_number not in {None, pull_request.number}:
        return say(f"This plan is of pull request {run.pull_request_number}; this is {pull_request.number}.")
    head = pull_request.head_sha
    if head is None or commit in {head, pull_request.merge_sha}:
        return EMPTY
    shown, at = say_name(commit[:_SHORT]), say_name(head[:_SHORT])
    return say("This plan is of commit ") + shown + say("; the pull request is at ") + at + say(".")


def may_be_superseded(result: Result) -> bool:
    """True of a plan that was canceled, or whose run ended before it: a newer push does that."""
    is_ended = isinstance(result, NoPlan) and isinstance(result.failure, PlanFailed)
    return is_ended and PlanStatus.of(result.plan_status or "") is not PlanStatus.ERRORED


def superseding_commit(run: Run | None, pull_request: PullRequest | None, repository: str | None) -> str | None:
    """The head of the pull request, if the run planned another commit of it, and not the one that merged it."""
    commit = comparable_commit(run, repository)
    if commit is None or pull_request is None or commit in {pull_request.head_sha, pull_request.merge_sha}:
        return None
    return pull_request.head_sha
