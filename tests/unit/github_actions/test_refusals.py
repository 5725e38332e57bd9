"""What GitHub refuses is said in one sentence, with what to do, and never with a secret."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.errors import GitHubError
from tfc_plan_comment.github_actions.comments import PullRequests
from tfc_plan_comment.github_actions.event import ReadOnlyToken
from tfc_plan_comment.github_actions.refusals import Failure, explain
from tfc_plan_comment.github_actions.session import _why_no_answer
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.github import (
    FORK_TOKEN,
    JOB_TOKEN,
    READ_ONLY_USER_TOKEN,
    GitHubSandbox,
    json_answer,
)
from tfc_sandbox.github_documents import PullRequest, error

Connect = Callable[..., PullRequests]

NOW = 1_790_000_000
ON_POST = r"/issues/7/comments$"
COMMENT = "Comment on pull request #7 of acme/infra: "


def refusal(pull_requests: PullRequests, *, number: int = 7, text: str = "plan") -> str:
    """The sentence with which publishing fails."""
    with pytest.raises(GitHubError) as raised:
        pull_requests.publish(
            number=number,
            key="acme/prod",
            compose=lambda _: f"{marker('acme/prod')}\n{text}",
            recreate=False,
            create_if_missing=True,
        )
    assert raised.value.__cause__ is None
    return str(raised.value)


def graphql_errors(*errors: dict[str, Any]) -> Answer:
    """GraphQL's errors come with status 200."""
    return json_answer(200, {"data": None, "errors": list(errors)})


def graphql_rate_limit(kind: str = "RATE_LIMIT", status: int = 200, **headers: str) -> Answer:
    """Such an answer has no `data` (github/docs#22607), and its headers may tell of another limit."""
    problem = {"type": kind, "code": "graphql_rate_limit", "message": "API rate limit exceeded for installation ID 1."}
    return json_answer(status, {"errors": [problem]}, **headers)


def test_a_token_that_is_not_accepted(github: GitHubSandbox, connect: Connect, sleeps: list[float]) -> None:
    """At once, and without the token."""
    assert refusal(connect(github, "expired-token")) == (
        f"{COMMENT}GitHub does not accept the token (401: Bad credentials). "
        "Leave out the input github-token to use the job's own token, or set it to one that is valid."
    )
    assert sleeps == []


def test_no_token(github: GitHubSandbox, connect: Connect) -> None:
    """Said before anything is sent."""
    with pytest.raises(GitHubError) as raised:
        connect(github, "")

    assert str(raised.value) == (
        "Comment in acme/infra: the input github-token is empty. Leave it out to use the job's own token."
    )


def test_a_pull_request_from_a_fork(github: GitHubSandbox, connect: Connect) -> None:
    """No permission helps there; another event does."""
    assert refusal(connect(github, FORK_TOKEN, read_only=ReadOnlyToken.FORK)) == (
        f"{COMMENT}the job's token can only read, because the pull request comes from a fork "
        "(403: Resource not accessible by integration). "
        "To comment on pull requests from forks, run this action in a workflow on the event workflow_run."
    )


def test_a_workflow_that_dependabot_started(github: GitHubSandbox, connect: Connect) -> None:
    """There the permission helps."""
    assert refusal(connect(github, FORK_TOKEN, read_only=ReadOnlyToken.DEPENDABOT)) == (
        f"{COMMENT}the job's token may not write to pull requests, because Dependabot started the workflow "
        "(403: Resource not accessible by integration); GitHub would accept issues=write; pull_requests=write. "
        "Give the job the permission pull-requests: write."
    )


def test_a_missing_permission(github: GitHubSandbox, connect: Connect) -> None:
    """GitHub says itself what it would accept."""
    assert refusal(connect(github, FORK_TOKEN)) == (
        f"{COMMENT}the job's token may not write to pull requests "
        "(403: Resource not accessible by integration); GitHub would accept issues=write; pull_requests=write. "
        "Give the job the permission pull-requests: write."
    )


def test_a_personal_token_without_the_permission(github: GitHubSandbox, connect: Connect) -> None:
    """It is changed where it was made, not in the workflow."""
    assert refusal(connect(github, READ_ONLY_USER_TOKEN)) == (
        f"{COMMENT}the token lacks a permission "
        "(403: Resource not accessible by personal access token); "
        "GitHub would accept issues=write; pull_requests=write. "
        "Give the token read and write access to pull requests of this repository."
    )


def test_a_token_that_may_not_even_read(github: GitHubSandbox, connect: Connect, sleeps: list[float]) -> None:
    """GraphQL refuses with status 200."""
    forbidden = graphql_errors({"type": "FORBIDDEN", "message": "Resource not accessible by integration"})
    github.misbehave(faults=[Fault(path="/graphql", answer=forbidden)])

    assert refusal(connect(github)) == (
        f"{COMMENT}the job's token may not write to pull requests (403: Resource not accessible by integration). "
        "Give the job the permission pull-requests: write."
    )
    assert sleeps == []


def test_another_refusal_is_passed_on(github: GitHubSandbox, connect: Connect) -> None:
    """In GitHub's words, on one line."""
    answer = json_answer(403, error(403, "Resource protected by organization SAML enforcement.\nGrant your token."))
    github.misbehave(faults=[Fault(path=ON_POST, answer=answer)])

    assert refusal(connect(github)) == (
        f"{COMMENT}GitHub refuses (403: Resource protected by organization SAML enforcement. Grant your token). "
        "Check what the token of the input github-token may do."
    )


def test_a_locked_conversation(connect: Connect) -> None:
    """Only collaborators write there."""
    with GitHubSandbox([PullRequest(number=7, head_sha="a" * 40, locked=True)]) as github:
        assert refusal(connect(github)) == (
            f"{COMMENT}the conversation is locked (403: Unable to create comment because issue is locked). "
            "Unlock it, or set the input github-token to the token of a collaborator."
        )


def test_a_number_that_is_no_pull_request(github: GitHubSandbox, connect: Connect) -> None:
    """GitHub does not tell absent from hidden."""
    assert refusal(connect(github), number=999) == (
        "Comment on pull request #999 of acme/infra: GitHub does not find it, or hides it from the token "
        "(404: Could not resolve to a PullRequest with the number of 999). "
        "Check the input pr-number, and that the job has the permission pull-requests: write."
    )


def test_a_repository_that_the_token_does_not_see(github: GitHubSandbox, connect: Connect) -> None:
    """The same, with GitHub's words for it."""
    assert "(404: Could not resolve to a Repository with the name 'acme/other')" in refusal(
        connect(github, repository="acme/other")
    )


def test_a_comment_that_is_too_long(github: GitHubSandbox, connect: Connect) -> None:
    """Only a template of the user's own makes one."""
    assert refusal(connect(github), text="x" * 65_536) == (
        f"{COMMENT}GitHub refuses the comment "
        "(422: Validation Failed; Body is too long (maximum is 65536 characters)). "
        "If you set the input template, check what it writes."
    )
    assert github.comments == []


@pytest.mark.parametrize(
    "answer",
    [
        json_answer(
            403, error(403, "API rate limit exceeded."), X_RateLimit_Remaining="0", X_RateLimit_Reset=str(NOW + 1499)
        ),
        json_answer(429, error(429, "API rate limit exceeded."), Retry_After="1500"),
    ],
    ids=["reset", "retry-after"],
)
def test_a_rate_limit_that_lasts(
    github: GitHubSandbox, connect: Connect, sleeps: list[float], *, answer: Answer
) -> None:
    """More than a minute is not waited for."""
    github.misbehave(faults=[Fault(path="/graphql", answer=answer)])

    assert refusal(connect(github)) == (
        f"{COMMENT}GitHub's rate limit is used up for 1500 s ({answer.status}: API rate limit exceeded). "
        "Run the job again later."
    )
    assert sleeps == []


@pytest.mark.parametrize(
    "answer",
    [
        json_answer(429, error(429, "Too many requests")),
        json_answer(403, error(403, "You have exceeded a secondary rate limit.")),
        graphql_errors({"type": "RATE_LIMITED", "message": "API rate limit already exceeded for user ID 1."}),
        graphql_rate_limit(),
        graphql_rate_limit(status=403),
        graphql_rate_limit(kind="RATE_LIMITED", x_ratelimit_remaining="4000", x_ratelimit_reset=str(NOW + 900)),
    ],
    ids=["429", "secondary", "GraphQL", "without data", "as a 403", "with a rest"],
)
def test_a_rate_limit_without_a_time_is_a_minute(
    github: GitHubSandbox, connect: Connect, sleeps: list[float], *, answer: Answer
) -> None:
    """As GitHub's documentation asks; after four attempts it is enough."""
    github.misbehave(faults=[Fault(path="/graphql", answer=answer)])

    assert "GitHub's rate limit is used up for 60 s" in refusal(connect(github))
    assert sleeps == [60.0] * 3


def test_the_rate_limit_of_graphql_passes(github: GitHubSandbox, connect: Connect, sleeps: list[float]) -> None:
    """The comment is written once it is over, as long after as GitHub says."""
    limited = graphql_rate_limit(x_ratelimit_remaining="0", x_ratelimit_reset=str(NOW + 20))
    github.misbehave(faults=[Fault(path="/graphql", answer=limited, times=1)])
    connect(github).publish(
        number=7,
        key="acme/prod",
        compose=lambda _: f"{marker('acme/prod')}\nplan",
        recreate=False,
        create_if_missing=True,
    )
    assert len(github.comments) == 1
    assert sleeps == [21.0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (graphql_errors({"message": "Something went wrong while executing your query."}), "500: Something went wrong"),
        (json_answer(200, {"errors": [{"message": "Something went wrong."}]}), "500: Something went wrong"),
        (graphql_errors(), "500)"),
        (Answer(status=502, body=b"<html>Bad Gateway</html>", content_type="text/html"), "502)"),
        (Answer(status=503, body=b"", content_type="text/html"), "503)"),
    ],
    ids=["GraphQL", "GraphQL without data", "GraphQL without errors", "page", "empty"],
)
def test_a_server_that_keeps_failing(
    github: GitHubSandbox, connect: Connect, sleeps: list[float], *, answer: Answer, said: str
) -> None:
    """It is asked four times, waiting longer each time."""
    github.misbehave(faults=[Fault(path="/graphql", answer=answer)])

    sentence = refusal(connect(github))

    assert sentence.startswith(f"{COMMENT}GitHub keeps failing ({said}")
    assert sentence.endswith("Run the job again later.")
    assert sleeps == [1.0, 2.0, 4.0]


def test_an_answer_that_is_cut(github: GitHubSandbox, connect: Connect, sleeps: list[float]) -> None:
    """Half a JSON document is no answer."""
    github.misbehave(faults=[Fault(path="/graphql", answer=Answer(body=b'{"data":', content_type="application/json"))])

    assert refusal(connect(github)) == (
        f"{COMMENT}what {github.api_url} answers is not GitHub's (it is not JSON, or not all of it). "
        "Check the variable GITHUB_API_URL, and that there is no login page or proxy in between."
    )
    assert sleeps == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    "answer",
    [
        json_answer(200, {"data": {"viewer": {}}}),
        json_answer(200, {"message": "ok"}),
        Answer(body=b"<html>Log in</html>", content_type="text/html"),
    ],
    ids=["shape", "no data", "page"],
)
def test_an_answer_that_is_not_githubs(github: GitHubSandbox, connect: Connect, *, answer: Answer) -> None:
    """A proxy's page, or the answer of another program."""
    github.misbehave(faults=[Fault(path="/graphql", answer=answer)])

    sentence = refusal(connect(github))

    assert sentence.startswith(f"{COMMENT}the answer of GraphQL is not GitHub's (")
    assert sentence.endswith("). Check the variable GITHUB_API_URL.")


def test_a_connection_that_is_refused(github: GitHubSandbox, connect: Connect, sleeps: list[float]) -> None:
    """Nobody listens there."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        api_url = f"http://127.0.0.1:{closed.getsockname()[1]}"

    assert refusal(connect(github, api_url=api_url)) == (
        f"{COMMENT}no answer from {api_url} (the connection was refused or cut). "
        "Check that the runner can reach it, and the variables HTTPS_PROXY and NO_PROXY."
    )
    assert sleeps == [1.0, 2.0, 4.0]


def test_tls_that_fails(github: GitHubSandbox, connect: Connect) -> None:
    """A GitHub Enterprise Server may have a private certificate authority."""
    api_url = github.api_url.replace("http://", "https://")

    assert refusal(connect(github, api_url=api_url)) == (
        f"{COMMENT}no answer from {api_url} (no TLS connection that can be trusted). "
        "Set the environment variable REQUESTS_CA_BUNDLE to the PEM file of its certificate authority."
    )


def test_a_proxy_that_fails(github: GitHubSandbox, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its password stays unsaid."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        proxy = f"http://user:s3cret@127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    assert refusal(connect(github, api_url="https://ghe.acme.example/api/v3")) == (
        f"{COMMENT}no answer from https://ghe.acme.example/api/v3 (the proxy does not let us through). "
        "Check that the runner can reach it, and the variables HTTPS_PROXY and NO_PROXY."
    )


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_a_socks_proxy(
    variable: str, github: GitHubSandbox, connect: Connect, sleeps: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, with the variable and without what stands in it."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "socks5h://user:s3cret@127.0.0.1:1080")

    assert refusal(connect(github, api_url="https://ghe.acme.example/api/v3")) == (
        f"{COMMENT}the variable {variable.upper()} names a SOCKS proxy, which is not supported. "
        "Name an http:// or https:// proxy in it, or except the host in NO_PROXY."
    )
    assert sleeps == []


@pytest.mark.parametrize("status", [403, 422])
def test_as_many_comments_as_there_may_be(status: int, github: GitHubSandbox, connect: Connect) -> None:
    """GitHub takes no more than 2,500, and no token helps."""
    said = "Commenting is disabled on issues with more than 2500 comments"
    github.misbehave(faults=[Fault(path=ON_POST, answer=json_answer(status, {"message": said}))])

    assert refusal(connect(github)) == (
        f"{COMMENT}the pull request has as many comments as GitHub allows ({status}: {said}). "
        "Open a new pull request, or set the input comment: none; the step summary has the report."
    )


def test_other_ways_without_an_answer() -> None:
    """Each in our own words."""
    assert _why_no_answer(requests.ReadTimeout("https://user:secret@proxy")) == "it timed out"


def test_a_query_that_github_does_not_understand(github: GitHubSandbox, connect: Connect) -> None:
    """An older GitHub Enterprise Server may lack a field."""
    problem = {
        "path": ["query PullRequestComments", "repository", "pullRequest", "comments", "nodes", "fullDatabaseId"],
        "extensions": {"code": "undefinedField", "typeName": "IssueComment", "fieldName": "fullDatabaseId"},
        "message": "Field 'fullDatabaseId' doesn't exist on type 'IssueComment'",
    }
    answer = json_answer(200, {"errors": [problem]})
    github.misbehave(faults=[Fault(path="/graphql", answer=answer)])

    assert refusal(connect(github)) == (
        f"{COMMENT}GitHub refuses (200: Field 'fullDatabaseId' doesn't exist on type 'IssueComment')."
        " Look for the reason in GitHub's words, or run the job again later."
    )


def test_a_long_message_is_cut() -> None:
    """A page is no sentence."""
    failure = Failure(status=410, message="x" * 1000)

    assert str(explain("Comment", failure, api_url="https://api.github.com")) == (
        f"Comment: GitHub refuses (410: {'x' * 300}…)."
        " Look for the reason in GitHub's words, or run the job again later."
    )


def test_the_token_is_in_no_text(github: GitHubSandbox, connect: Connect) -> None:
    """Neither in what a client shows of itself nor in its errors."""
    pull_requests = connect(github, "expired-token")

    assert "expired-token" not in repr(pull_requests) + repr(vars(pull_requests)) + refusal(pull_requests)
    assert JOB_TOKEN not in repr(connect(github))
