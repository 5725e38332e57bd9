"""Our loopback GitHub, and what we ask of it, keep to GitHub's own descriptions of its APIs.

Stoplight's Prism stands between client and sandbox as a proxy and checks every request and every answer against
GitHub's OpenAPI description (npm, @octokit/openapi); GitHub's GraphQL schema checks the queries.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import requests

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.errors import GitHubError
from tfc_plan_comment.github_actions.comments import PullRequests
from tfc_plan_comment.github_actions.event import PullRequest, PullRequestsOfBranch, PullRequestsOfCommit
from tfc_plan_comment.github_actions.written import CommentResult
from tfc_sandbox.faults import Fault
from tfc_sandbox.github import FORK_TOKEN, JOB_TOKEN, USER_TOKEN, GitHubSandbox, json_answer
from tfc_sandbox.github_documents import PullRequest as Opened

pytestmark = [pytest.mark.peers, pytest.mark.timeout(120)]

ThroughPrism = Callable[[GitHubSandbox], AbstractContextManager[Callable[[], list[str]]]]

HEAD_SHA, BELOW_SHA = "a" * 40, "c" * 40


@pytest.fixture
def github() -> Iterator[GitHubSandbox]:
    """acme/infra with the pull request #7, and a locked one."""
    opened = Opened(number=7, head_sha=HEAD_SHA, commits=(BELOW_SHA,))
    with GitHubSandbox([opened, Opened(number=8, head_sha="d" * 40, locked=True)]) as sandbox:
        yield sandbox


@pytest.fixture
def checked(through_prism: ThroughPrism, github: GitHubSandbox) -> Iterator[GitHubSandbox]:
    """The sandbox behind the checking proxy."""
    with through_prism(github):
        yield github


def connect(github: GitHubSandbox, token: str = JOB_TOKEN) -> PullRequests:
    """Our client; it need not wait."""
    return PullRequests(
        api_url=github.api_url,
        token=token,
        repository="acme/infra",
        sleep=lambda _: None,
        now=lambda: 0.0,
        clock=lambda: 0.0,
    )


def publish(
    github: GitHubSandbox, text: str, *, token: str = JOB_TOKEN, number: int = 7, recreate: bool = False
) -> CommentResult:
    """Publish a text by our client."""
    body = f"{marker('acme/prod')}\n{text}"
    with connect(github, token) as pull_requests:
        return pull_requests.publish(
            number=number, key="acme/prod", compose=lambda _: body, recreate=recreate, create_if_missing=True
        ).result


def test_what_we_do_keeps_to_the_contract(checked: GitHubSandbox) -> None:
    """Creating, editing, leaving alone and posting anew; requests and answers are GitHub's."""
    assert publish(checked, "first") is CommentResult.CREATED
    assert publish(checked, "second") is CommentResult.UPDATED
    assert publish(checked, "second") is CommentResult.UNCHANGED
    assert publish(checked, "third", recreate=True) is CommentResult.CREATED

    with connect(checked) as pull_requests:
        found = PullRequest(number=7, head_sha=HEAD_SHA)
        assert pull_requests.find(PullRequestsOfBranch(owner=None, branch="change", sha=HEAD_SHA)) == found
        assert pull_requests.find(PullRequestsOfCommit(sha=HEAD_SHA)) == found


def test_the_sandboxs_refusals_keep_to_the_contract(checked: GitHubSandbox) -> None:
    """GitHub's own status and document for each; the proxy would make anything else a 500."""
    for token, number, text, status in (
        (FORK_TOKEN, 7, "plan", 403),
        (JOB_TOKEN, 8, "plan", 403),
        (JOB_TOKEN, 7, "x" * 65_536, 422),
    ):
        with pytest.raises(GitHubError, match=rf"\({status}: "):
            publish(checked, text, token=token, number=number)
    answer = requests.post(
        f"{checked.api_url}/repos/acme/infra/issues/99/comments",
        json={"body": "plan"},
        headers={"Authorization": f"token {JOB_TOKEN}"},
        timeout=30,
    )
    assert answer.status_code == 404


def test_our_labels_keep_to_the_contract(checked: GitHubSandbox) -> None:
    """Looking, adding, removing one and being refused; requests and answers are GitHub's."""
    ours = ("terraform: destroy", "terraform: no changes")
    checked.labels[7] = ["bug", "terraform: destroy"]
    with connect(checked) as pull_requests:
        assert pull_requests.label(number=7, wanted=ours[1], ours=ours)
        assert not pull_requests.label(number=7, wanted=ours[1], ours=ours)
    assert checked.labels[7] == ["bug", "terraform: no changes"]
    with connect(checked, FORK_TOKEN) as pull_requests, pytest.raises(GitHubError, match=r"\(403: "):
        pull_requests.label(number=7, wanted=ours[0], ours=ours)
    gone = f"{checked.api_url}/repos/acme/infra/issues/7/labels/terraform%3A%20destroy"
    answer = requests.delete(gone, headers={"Authorization": f"token {JOB_TOKEN}"}, timeout=30)
    assert answer.status_code == 404


def test_the_sandboxs_pages_keep_to_the_contract(checked: GitHubSandbox) -> None:
    """Comments come in pages with links, as REST clients of the demo may read them."""
    for number in range(5):
        checked.write(7, f"comment {number}", token=USER_TOKEN)
    url, bodies = f"{checked.api_url}/repos/acme/infra/issues/7/comments?per_page=2", []

    while url:
        answer = requests.get(url, headers={"Authorization": f"token {USER_TOKEN}"}, timeout=30)
        assert answer.status_code == 200, answer.headers.get("sl-violations")
        bodies += [comment["body"] for comment in answer.json()]
        url = answer.links.get("next", {}).get("url", "")

    assert bodies == [f"comment {number}" for number in range(5)]


def test_the_proxy_notices_a_broken_contract(checked: GitHubSandbox) -> None:
    """An answer without its author is none of GitHub's, so what passed before meant something."""
    checked.misbehave(faults=[Fault(path=r"/issues/7/comments$", answer=json_answer(201, {"id": 1, "body": "x"}))])

    with pytest.raises(GitHubError, match=r"\(500"):
        publish(checked, "plan")


@pytest.fixture
def validate(node_modules: Path) -> Callable[[list[str]], list[list[str]]]:
    """What GitHub's GraphQL schema has against each document."""

    def validate(documents: list[str]) -> list[list[str]]:
        script = node_modules.parent / "validate-graphql.mjs"
        command = ["node", str(script)]
        answer = subprocess.run(command, input=json.dumps(documents), stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own script
        problems: list[list[str]] = json.loads(answer.stdout)
        return problems

    return validate


def test_our_graphql_is_githubs(github: GitHubSandbox, validate: Callable[[list[str]], list[list[str]]]) -> None:
    """Every document that we really send is valid by GitHub's own schema."""
    publish(github, "first")
    publish(github, "second", recreate=True)
    with connect(github) as pull_requests:
        look = pull_requests.look(number=7, key="acme/prod")
        body = f"{marker('acme/prod')}\nthird"
        pull_requests.publish(
            number=7, key="acme/prod", compose=lambda _: body, recreate=False, create_if_missing=True, look=look
        )

    documents = sorted(set(github.graphql_queries))
    assert len(documents) == 3
    assert validate(documents) == [[], [], []]


def test_the_schema_notices_a_wrong_field(validate: Callable[[list[str]], list[list[str]]]) -> None:
    """So that its silence means something."""
    assert validate(["{ viewer { logn } }"]) == [['Cannot query field "logn" on type "User". Did you mean "login"?']]
