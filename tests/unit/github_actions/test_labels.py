"""The one label of ours on a pull request: few requests, and nobody else's label is touched."""

from collections.abc import Callable

import pytest

from tfc_plan_comment.errors import GitHubError
from tfc_plan_comment.github_actions.comments import PullRequests
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.github import FORK_TOKEN, GitHubSandbox, json_answer
from tfc_sandbox.github_documents import error

Connect = Callable[..., PullRequests]

OURS = ("terraform: destroy", "terraform: replace", "terraform: changes", "terraform: no changes")
DESTROY, REPLACE, CHANGES, NO_CHANGES = OURS
LABELS = "/repos/acme/infra/issues/7/labels"


@pytest.mark.parametrize(
    ("before", "wanted", "after", "requests"),
    [
        ([], CHANGES, [CHANGES], ["GET", "POST"]),
        ([CHANGES], CHANGES, [CHANGES], ["GET"]),
        (["bug", "Terraform: Changes", "terraform"], CHANGES, ["bug", "Terraform: Changes", "terraform"], ["GET"]),
        (["bug", DESTROY], NO_CHANGES, ["bug", NO_CHANGES], ["GET", "POST", "DELETE"]),
        ([*OURS, "terraform: other"], REPLACE, [REPLACE, "terraform: other"], ["GET", "DELETE", "DELETE", "DELETE"]),
        (["Terraform: DESTROY", "bug"], None, ["bug"], ["GET", "DELETE"]),
        (["bug"], None, ["bug"], ["GET"]),
    ],
)
def test_exactly_the_wanted_one_stays(  # noqa: PLR0917 - fixtures are arguments
    github: GitHubSandbox,
    connect: Connect,
    before: list[str],
    wanted: str | None,
    after: list[str],
    requests: list[str],
) -> None:
    """One request to look, one to add, one for each to remove; other labels stay, and so does how ours is written."""
    github.labels[7] = before
    changed = connect(github).label(number=7, wanted=wanted, ours=OURS)
    assert github.labels[7] == after
    assert [request.partition(" ")[0] for request in github.requests] == requests
    assert changed is (len(requests) > 1)


def test_one_that_somebody_else_removes_meanwhile(github: GitHubSandbox, connect: Connect) -> None:
    """Then it is gone, as it should be."""
    github.labels[7] = [DESTROY]
    answer = json_answer(404, error(404, "Label does not exist"))
    github.misbehave(faults=[Fault(path=r"/labels/terraform", answer=answer)])
    assert connect(github).label(number=7, wanted=CHANGES, ours=OURS)


def test_a_server_that_fails_is_asked_again(github: GitHubSandbox, connect: Connect, sleeps: list[float]) -> None:
    """To add a label twice does no harm."""
    github.misbehave(faults=[Fault(path="/labels$", answer=Answer(status=502), times=2)])
    assert connect(github).label(number=7, wanted=CHANGES, ours=OURS)
    assert github.labels[7] == [CHANGES]
    assert sleeps == [1, 2]


def test_one_that_cannot_be_removed(github: GitHubSandbox, connect: Connect) -> None:
    """Then there is one label too many, and a sentence says why."""
    github.labels[7] = [DESTROY]
    locked = json_answer(403, error(403, "Forbidden"))
    github.misbehave(faults=[Fault(path=r"/labels/terraform", answer=locked)])
    assert refusal(connect(github)) == (
        "Label pull request #7 of acme/infra: GitHub refuses (403: Forbidden). "
        "Check what the token of the input github-token may do."
    )
    assert github.labels[7] == [DESTROY, CHANGES]


def refusal(pull_requests: PullRequests, number: int = 7) -> str:
    """The sentence that says why there is no label."""
    with pytest.raises(GitHubError) as raised:
        pull_requests.label(number=number, wanted=CHANGES, ours=OURS)
    return str(raised.value)


def test_what_github_refuses_is_a_sentence(github: GitHubSandbox, connect: Connect) -> None:
    """It names the pull request, and what to do."""
    assert refusal(connect(github, FORK_TOKEN)) == (
        "Label pull request #7 of acme/infra: the job's token may not write to pull requests "
        "(403: Resource not accessible by integration); GitHub would accept issues=write; pull_requests=write. "
        "Give the job the permission pull-requests: write."
    )
    assert refusal(connect(github), number=99) == (
        "Label pull request #99 of acme/infra: GitHub does not find it, or hides it from the token (404: Not Found). "
        "Check the input pr-number, and that the job has the permission pull-requests: write."
    )
    github.labels[7] = [f"label {number}" for number in range(100)]
    assert refusal(connect(github)) == (
        "Label pull request #7 of acme/infra: GitHub refuses the label (422: Validation Failed)."
        " Look at the labels of the pull request: GitHub allows no more than 100."
    )
