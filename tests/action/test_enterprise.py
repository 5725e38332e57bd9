"""On GitHub Enterprise Server and on an old Terraform Enterprise: the whole step works, and says nothing false."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox, Storage
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

FINISHED = Script(plan_statuses=("finished",), export_statuses=("finished",))
OWN = {"GITHUB_SERVER_URL": "https://github.acme.example"}


@pytest.fixture
def enterprise_server() -> Iterator[GitHubSandbox]:
    """A GitHub Enterprise Server, whose rate limits are off, as they are by default: no answer has their headers."""
    with GitHubSandbox([PullRequest(number=7, head_sha="a" * 40)], enterprise_server=True) as github:
        yield github


@pytest.fixture
def at(runner: Runner, enterprise_server: GitHubSandbox) -> Runner:
    """A runner of that server."""
    return replace(runner, api_url=enterprise_server.api_url)


@pytest.fixture
def old(serve: Serve) -> Callable[..., HcpTerraformSandbox]:
    """Starts an old Terraform Enterprise."""
    return lambda script=FINISHED: serve(script=script, storage=Storage.SAME_ORIGIN, old_enterprise=True)


def test_both(old: Serve, step: Step, at: Runner, enterprise_server: GitHubSandbox) -> None:
    """Comment, label, report, mocks and outputs are there; what such servers do not have costs no warning."""
    files = {"report": "true", "sentinel_mocks": "required", "labels": "true", "summary_json_path": "summary.json"}
    server = old()
    done = step(server, at=at, environ=OWN, **files)
    assert done.exit_code == 0, done.log
    assert [line for line in done.log.splitlines() if line.startswith(("::warning::", "::error"))] == []
    (comment,) = enterprise_server.comments
    assert "Plan: 4 to add, 6 to change, 3 to destroy." in comment.body
    assert f'{server.url}/app/acme/workspaces/web-app/runs/{server.run_id}">' in comment.body
    for word in ("Policies", "tasks", "could not be read", "artifact"):
        assert word not in comment.body
    paths = [each.partition(" ")[2] for each in enterprise_server.requests]
    assert [path for path in paths if not path.startswith(("/api/graphql", "/api/v3/"))] == []
    # Where its rate limit is off, GitHub Enterprise Server has no answer to this but 404.
    assert not any("rate_limit" in each for each in enterprise_server.requests)
    assert enterprise_server.labels == {7: ["terraform: destroy"]}
    assert done.outputs["sentinel-mocks-path"] == "sentinel-mocks.tar.gz"
    assert done.outputs["report-path"] == "tfc-plan-report.html"

    assert step(server, at=at, environ=OWN, **files).outputs["comment-id"] == done.outputs["comment-id"]
    assert len(enterprise_server.comments) == 1


def test_what_cannot_be_asked_for_is_said(old: Serve, step: Step, at: Runner, enterprise_server: GitHubSandbox) -> None:
    """A run that names policies which the server does not give: the comment does not say that there are none."""
    policies = PolicyResults(
        policy_sets=(PolicySet(name="baseline", policies=(Policy(name="a"),)),), statuses=("passed",)
    )
    done = step(old(replace(FINISHED, policy_evaluations=(policies,))), at=at, environ=OWN)
    assert done.exit_code == 0
    said = "Policies: could not be read (404), see the run · Run tasks: could not be read (404), see the run"
    assert said in enterprise_server.comments[0].body


def test_a_token_that_may_only_read(old: Serve, step: Step, at: Runner, enterprise_server: GitHubSandbox) -> None:
    """There is no redacted plan JSON to fall back to: the sentence says what the token needs."""
    server = old()
    done = step(server, at=at, environ=OWN, token=READ_TOKEN)
    assert done.exit_code == 1
    host = server.url.removeprefix("http://")
    assert done.log.splitlines()[-1] == (
        f"::error::Cannot read the JSON of plan {server.plan_id}: {host} answered 404 (not found) to the request"
        " for the redacted plan JSON, though the token can read the plan. Use a token with admin access to the"
        " workspace, and set plan-access: full."
    )
    assert "no plan to show" in enterprise_server.comments[0].body


def test_a_run_cannot_be_found(old: Serve, step: Step, at: Runner, enterprise_server: GitHubSandbox) -> None:
    """Without a list of the organization's runs the step says so, and does not claim that there is no run."""
    event = {"pull_request": {"number": 7, "head": {"sha": "a" * 40}}}
    server = old()
    done = step(server, at=replace(at, event=event), environ=OWN, run_id="", organization="acme")
    assert done.exit_code == 1
    host = server.url.removeprefix("http://")
    assert done.log.splitlines()[-1] == (
        f"::error::Cannot find the runs of commit aaaaaaa in acme: {host} answered 404: there is no such"
        " organization there, the token may not read it, or the host is too old to list the runs of an organization."
        " Check the inputs organization and hostname, and that the token's user or team belongs to the organization; or"
        " name the run in the input run-id."
    )
    assert "no plan to show" in enterprise_server.comments[0].body
