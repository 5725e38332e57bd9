"""Whatever the action asks of GitHub's REST API, and whatever our sandbox answers, keeps to GitHub's description of it.

Prism stands between the two, and checks every request and every answer of steps that use all that the action can do.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tfc_sandbox.clock import Clock
from tfc_sandbox.github import FORK_TOKEN, JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script
from tfc_sandbox.scenarios import OPENED, PULL_REQUEST, SCENARIOS, Push, play

pytestmark = [pytest.mark.peers, pytest.mark.timeout(120)]

ThroughPrism = Callable[[GitHubSandbox], AbstractContextManager[Callable[[], list[str]]]]
RunAction = Callable[[Runner, str, Mapping[str, str], Clock], StepResult]

GOLDEN = Path(__file__).parents[1] / "golden"
BRANCH = "change"
NAMED: dict[str, Any] = {
    "event_name": "pull_request",
    "event": {"pull_request": {"number": PULL_REQUEST, "head": {"sha": OPENED}}},
}
OF_COMMIT: dict[str, Any] = {"event_name": "push", "sha": OPENED, "ref": f"refs/heads/{BRANCH}"}
OF_BRANCH: dict[str, Any] = {"event_name": "workflow_dispatch", "sha": OPENED, "ref": f"refs/heads/{BRANCH}"}
STEPS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("mixed-update", NAMED, {"labels": "true"}),  # posts a comment, adds a label
    ("no-changes", OF_COMMIT, {"labels": "true"}),  # edits the comment, removes a label and adds another one
    ("drift", OF_BRANCH, {"labels": "true", "comment": "recreate"}),  # hides the comment and posts another one
    ("drift", OF_BRANCH, {}),  # leaves it alone
    ("mixed-update", NAMED, {"labels": "true", "github-token": FORK_TOKEN}),  # is refused both
    ("mixed-update", NAMED, {"pr-number": "8"}),  # may not comment there
]
"""The plan, the job and the inputs of steps that ask all that the action can ask, one after the other."""
UNSAID = {
    f"response Unable to match the returned status code with those defined in the document: {statuses}"
    for statuses in ("200,422", "200,301,404,410,422")
}
"""GitHub leaves out of its description that to edit a comment and to add a label may be refused, with a 403."""
FOR_OTHERS = {"GET /repos/acme/infra/issues/{number}/comments"}
"""What the sandbox serves and the action never asks: REST clients of the demo may."""


def operation(github: GitHubSandbox, request: str) -> str:
    """Which of the sandbox's operations a request asks for."""
    method_and_path = request.partition("?")[0]
    patterns = {each: re.sub(r"\\{\w+\\}", "[^/]+", re.escape(each)) for each in github.operations}
    (found,) = [each for each, pattern in patterns.items() if re.fullmatch(pattern, method_and_path)]
    return found


def take_every_step(folder: Path, github: GitHubSandbox, run_action: RunAction) -> None:
    """The steps, and those of the demo."""
    runner = Runner(folder=folder, api_url=github.api_url)
    for number, (plan, job, inputs) in enumerate(STEPS):
        clock, script = Clock(), Script(plan_statuses=("finished",), commit_sha=OPENED)
        content = (GOLDEN / plan / "plan.json").read_bytes()
        with HcpTerraformSandbox(content, script=script, clock=clock) as server:
            given = {**server.inputs, "github-token": JOB_TOKEN}
            at = Runner(folder=runner.folder, api_url=runner.api_url, **job)
            assert run_action(at, f"step-{number}", {**given, **inputs}, clock).exit_code == 0
    for scenario in SCENARIOS.values():
        clock = Clock()
        with HcpTerraformSandbox(clock=clock) as server:
            run_step = partial(_run_step, runner, run_action, clock)
            steps = play(scenario, server, github, run_step)
        assert [step.exit_code for step in steps] == [push.exit_code for push in scenario.pushes]


def _run_step(runner: Runner, run_action: RunAction, clock: Clock, push: Push, inputs: Mapping[str, str]) -> StepResult:
    return run_action(push.at(runner), push.commit, inputs, clock)


def test_every_request_keeps_to_the_contract(
    through_prism: ThroughPrism, run_action: RunAction, tmp_path: Path
) -> None:
    """Nothing that the action can ask is left out, all of it goes through the proxy, and the proxy is content."""
    pull_requests = [
        PullRequest(number=PULL_REQUEST, head_sha=OPENED, branch=BRANCH),
        PullRequest(number=8, head_sha="d" * 40, locked=True),
    ]
    with GitHubSandbox(pull_requests) as github, through_prism(github) as stop:
        take_every_step(tmp_path, github, run_action)
        log = "".join(stop())

    asked = {operation(github, request) for request in github.requests}
    through = [f"{method.upper()} {unquote(path)}" for method, path in re.findall(r"\] (\w+) (\S+) .*received", log)]
    assert asked == {*github.operations} - FOR_OTHERS
    assert sorted(through) == sorted(each.partition("?")[0] for each in github.requests)
    assert {line.partition("Violation: ")[2] or line for line in re.findall(r".*(?:warning|error).*", log)} == UNSAID
