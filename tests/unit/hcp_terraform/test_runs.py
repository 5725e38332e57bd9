"""The run, and what its document may leave out."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tfc_plan_comment.errors import NotVisible, UnexpectedAnswer
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]


def test_read_run(serve: Serve, connect: Connect) -> None:
    """One request says all of a run, with read access."""
    server = serve(script=Script(commit_sha="4f1d0b3", message="Add a bucket", workspace="web app"))

    run = read_run(connect(server.url, token=READ_TOKEN), server.run_id)

    assert run == Run(
        id=server.run_id,
        status="pending",
        url=f"{server.url}/app/acme/workspaces/web%20app/runs/{server.run_id}",
        organization="acme",
        workspace="web app",
        working_directory="",
        plan_id=server.plan_id,
        message="Add a bucket",
        commit_sha="4f1d0b3",
        created_at="2026-03-01T10:00:00.000Z",
        terraform_version="1.13.4",
        policy_check_ids=(),
        task_stage_ids=(),
        task_stages=(),
        terraform_policy_evaluation_ids=(),
        is_plan_only=True,
        apply_id=server.run_id.replace("run-", "apply-"),
    )
    include = "workspace,configuration_version.ingress_attributes,task_stages,cost_estimate"
    assert [f"/api/v2/runs/{server.run_id}?include={include}"] == [each.path for each in server.requests]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2021-05-24T07:38:04.171Z", datetime(2021, 5, 24, 7, 38, 4, 171_000, tzinfo=UTC)),
        ("2021-05-24T09:38:04+02:00", datetime(2021, 5, 24, 7, 38, 4, tzinfo=UTC)),
        ("2021-05-24T07:38:04", None),
        ("yesterday", None),
    ],
)
def test_the_time_of_a_run(serve: Serve, connect: Connect, written: str, read: datetime | None) -> None:
    """It is a time in both forms that the API has; what is none, or says no zone, cannot be compared."""
    server = serve(script=Script(created_at=written))

    assert read_run(connect(server.url), server.run_id).created == read


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        (Script(), False),
        (Script(is_destroy=True), True),
        (Script(is_destroy=True, target_addrs=("aws_vpc.main",)), False),
        (Script(target_addrs=("aws_vpc.main",)), False),
    ],
)
def test_asked_to_destroy_all(script: Script, serve: Serve, connect: Connect, *, asked: bool) -> None:
    """A run that destroys is asked to destroy everything unless it has targets."""
    server = serve(script=script)

    assert read_run(connect(server.url), server.run_id).is_asked_to_destroy_all is asked


@pytest.mark.parametrize(
    "document",
    [
        b'{"data":{"id":"run-1","attributes":{"status":"a new\\nstatus"}}}',
        (
            b'{"data":{"id":"run-1","attributes":{"status":"a new status","is-destroy":null,'
            b'"target-addrs":null,"message":null},'
            b'"relationships":{"plan":{"data":null},"workspace":{},"policy-checks":{"data":null},"task-stages":{}}},"included":[{"type":"workspaces","id":"ws-1"},'
            b'{"type":"users","id":"user-1","attributes":{"username":"x","name":null}}],"meta":{}}'
        ),
        (
            b'{"data":{"id":"run-1","attributes":{"status":"a new status"},"relationships":{}},'
            b'"included":[{"type":"workspaces","attributes":{"name":null},"relationships":{"organization":{"data":null}}}]}'
        ),
    ],
    ids=["bare", "nulls", "workspace without a name"],
)
def test_what_is_missing(serve: Serve, connect: Connect, document: bytes) -> None:
    """A document that leaves out all but the status is read; nobody's run has no page."""
    server = serve(faults=[Fault(path="/runs/", answer=Answer(body=document))])

    run = read_run(connect(server.url), "run-1")

    assert run == Run(
        id="run-1",
        status="a new status",
        url=None,
        organization=None,
        workspace=None,
        plan_id=None,
        message=None,
        commit_sha=None,
        terraform_version=None,
        policy_check_ids=(),
        task_stage_ids=(),
        task_stages=(),
        terraform_policy_evaluation_ids=(),
    )


def test_no_status(serve: Serve, connect: Connect) -> None:
    """A document without a status is no run."""
    server = serve(faults=[Fault(path="/runs/", answer=Answer(body=b'{"data":{"id":"run-1","attributes":{}}}'))])

    with pytest.raises(UnexpectedAnswer):
        read_run(connect(server.url), "run-1")


def test_not_visible(serve: Serve, connect: Connect) -> None:
    """A run that cannot be seen gets the three things that a 404 can mean."""
    server = serve()
    session = connect(server.url)

    with pytest.raises(NotVisible) as caught:
        read_run(session, "run-unknown")

    assert (
        f"Cannot read run run-unknown: {session.host} answered 404 (not found): it does not exist, it is on another"
        f" host, or the token may not read the runs of its workspace. Check the id, the input hostname, and that the"
        f" token's user or team can read the workspace."
    ) == str(caught.value)


def test_an_id_stays_in_its_place(serve: Serve, connect: Connect) -> None:
    """An id cannot reach another endpoint."""
    server = serve()

    with pytest.raises(NotVisible):
        read_run(connect(server.url), f"../plans/{server.plan_id}?")

    assert server.requests[0].path.startswith(f"/api/v2/runs/..%2Fplans%2F{server.plan_id}%3F?include=")
