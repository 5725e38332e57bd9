"""A loopback GitHub, and our client for it without real waiting."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tfc_plan_comment.github_actions.comments import PullRequests
from tfc_plan_comment.github_actions.event import ReadOnlyToken
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest

HEAD_SHA = "a" * 40
NOW = 1_790_000_000.0


@pytest.fixture
def github() -> Iterator[GitHubSandbox]:
    """acme/infra with the pull request #7."""
    with GitHubSandbox([PullRequest(number=7, head_sha=HEAD_SHA, commits=("c" * 40,))]) as sandbox:
        yield sandbox


@pytest.fixture
def sleeps() -> list[float]:
    """The seconds that the client wanted to sleep."""
    return []


@pytest.fixture
def connect(sleeps: list[float]) -> Iterator[Callable[..., PullRequests]]:
    """Our client for a sandbox, with the job's token unless another one is given."""
    with ExitStack() as stack:

        def connect(
            github: GitHubSandbox,
            token: str = JOB_TOKEN,
            *,
            api_url: str | None = None,
            repository: str = "acme/infra",
            read_only: ReadOnlyToken | None = None,
        ) -> PullRequests:
            return stack.enter_context(
                PullRequests(
                    api_url=api_url or github.api_url,
                    token=token,
                    repository=repository,
                    read_only=read_only,
                    sleep=sleeps.append,
                    now=lambda: NOW,
                    clock=lambda: NOW,
                )
            )

        yield connect
