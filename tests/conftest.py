"""The flags of our own tests, and what holds for all of them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tfc_sandbox.runner import Runner

if TYPE_CHECKING:  # most tests have no server, for which Flask would be imported
    from tfc_sandbox.github import GitHubSandbox

# No test depends on the machine's speed.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


CountCalls = Callable[..., int]


@pytest.fixture(scope="session")
def count_calls() -> CountCalls:
    """The number of functions, Python's own included, that some work calls; or of the calls of one function alone."""

    def count(work: Callable[[], object], of: CodeType | None = None) -> int:
        calls = 0

        def see(frame: FrameType, event: str, _argument: object) -> None:
            nonlocal calls
            calls += event in {"call", "c_call"} if of is None else event == "call" and frame.f_code is of

        before = sys.getprofile()
        sys.setprofile(see)
        try:
            work()
        finally:
            sys.setprofile(before)
        return calls

    return count


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Stops servers and closes connections when the test is over."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def runner(tmp_path: Path, github: "GitHubSandbox") -> Runner:
    """GitHub's runner, for a push to the pull request #7 of the server that the test has."""
    runner = Runner(folder=tmp_path, api_url=github.api_url, event={"pull_request": {"number": 7}})
    runner.workspace.mkdir()
    return runner


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that writes the golden comments, the schema and the rules anew; `git diff` shows them."""
    help_ = "write tests/golden/*/comment.md, docs/summary.schema.json and the tables in docs anew"
    parser.addoption("--regenerate-golden", action="store_true", help=help_)
