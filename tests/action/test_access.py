"""Which plan JSON is read with which token, and what is said of it."""

from collections.abc import Callable

import pytest

from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, READ_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

REDACTED_SIZE = "bytes, redacted\n"
SAID = "Read from the redacted plan JSON."


def asked_for(server: HcpTerraformSandbox) -> list[str]:
    """Which of the two plan JSONs."""
    return [path for request in server.requests if "json-output" in (path := request.path.rpartition("/")[2])]


def test_auto_reads_the_full_one_as_admin(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """A token with admin access reads the full plan JSON, and nothing is said of redaction."""
    server = serve()
    done = step(server, token=ADMIN_TOKEN)
    assert (done.exit_code, asked_for(server)) == (0, ["json-output"])
    assert REDACTED_SIZE not in done.log
    assert SAID not in github.comments[0].body


def test_auto_falls_back_to_the_redacted_one(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """A token that can only read gets the redacted plan JSON: the log says why, the comment says it."""
    server = serve()
    done = step(server, token=READ_TOKEN)
    host = server.url.removeprefix("http://")
    notice = (
        f"::notice::Reading the redacted plan JSON, because the token may not read the full one: {host} answered 404"
        " (not found). The token can read the plan, but the full plan JSON needs a user or team token with admin"
        " access to the workspace."
    )
    assert (done.exit_code, asked_for(server)) == (0, ["json-output", "json-output-redacted"])
    assert notice in done.log.splitlines()
    assert REDACTED_SIZE in done.log
    assert SAID in github.comments[0].body
    assert done.outputs["plan-summary"] == "Plan: 4 to add, 6 to change, 3 to destroy."


def test_redacted_never_asks_for_the_full_one(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """plan-access: redacted asks for nothing else, whatever the token may do, and needs no notice."""
    server = serve()
    done = step(server, token=ADMIN_TOKEN, plan_access="redacted")
    assert (done.exit_code, asked_for(server)) == (0, ["json-output-redacted"])
    assert "::notice" not in done.log
    assert SAID in github.comments[0].body


def test_full_takes_nothing_less(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """plan-access: full does not fall back: with a token that can only read, it is an error that says what to do."""
    server = serve()
    done = step(server, token=READ_TOKEN, plan_access="full")
    host = server.url.removeprefix("http://")
    sentence = (
        f"Cannot read the JSON of plan {server.plan_id}: {host} answered 404 (not found). The token can read the"
        f" plan, but the full plan JSON needs a user or team token with admin access to the workspace. Use such a"
        f" token, or set plan-access: redacted."
    )
    assert (done.exit_code, asked_for(server)) == (1, ["json-output"])
    assert f"::error::{sentence}" in done.log.splitlines()
    assert "set plan-access: redacted" in github.comments[0].body


@pytest.mark.parametrize(("targets", "is_said"), [((), True), (("aws_vpc.main",), False)])
def test_the_run_says_of_a_redacted_plan_that_everything_goes(
    targets: tuple[str, ...], serve: Serve, step: Step, github: GitHubSandbox, *, is_said: bool
) -> None:
    """The redacted plan has no state that says what else there is: the comment says it if the run has no targets."""
    step(serve("destroy-all", script=Script(is_destroy=True, target_addrs=targets)), token=READ_TOKEN)
    assert ("</code>: destroys everything" in github.comments[0].body) is is_said
