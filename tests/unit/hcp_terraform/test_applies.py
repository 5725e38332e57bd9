"""The apply of a run: as far as it is understood, and never its state or the address of its log."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tfc_plan_comment.errors import NotVisible
from tfc_plan_comment.findings.apply import Apply, Done
from tfc_plan_comment.findings.said import NOT_ASKED, Known, Unknown
from tfc_plan_comment.hcp_terraform.applies import read_apply, read_outcome, wait_for_end
from tfc_plan_comment.hcp_terraform.plans import read_plan
from tfc_plan_comment.hcp_terraform.runs import read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.http.deadline import Deadline
from tfc_sandbox.applies import Apply as Applied
from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]

RUN = Script(plan_statuses=("finished",), is_plan_only=False)


def answer(**attributes: Any) -> Answer:
    """A document of an apply with these attributes."""
    data = {"id": "apply-1", "type": "applies", "attributes": attributes}
    return Answer(body=json.dumps({"data": data}).encode())


def test_reading(serve: Serve, connect: Connect) -> None:
    """Status, counts and the time of its end, with one request; the log's address is not kept."""
    server = serve(script=replace(RUN, run_status="applied", apply=Applied(done=(4, 1, 2, 3), log=b"\x02\x03")))
    session = connect(server.url)
    run = read_run(session, server.run_id)
    assert run.apply_id is not None

    apply = read_apply(session, run.apply_id)

    assert apply == Apply(
        id=run.apply_id,
        status="finished",
        done=Done(added=1, changed=2, destroyed=3, imported=4),
        ended=datetime(2026, 3, 1, 10, 5, 40, tzinfo=UTC),
    )
    assert "http" not in repr(apply)
    assert server.requests[-1].path == f"/api/v2/applies/{run.apply_id}"


@pytest.mark.parametrize(
    ("attributes", "done", "ended"),
    [
        ({}, Done(), None),
        ({"resource-additions": -1, "status-timestamps": None}, Done(), None),
        ({"resource-additions": 0, "status-timestamps": {"errored-at": "yesterday"}}, Done(added=0), None),
        ({"status-timestamps": {"errored-at": "2026-03-01T10:05:40"}}, Done(), None),
        (
            {"status-timestamps": {"force-canceled-at": "2026-03-01T12:05:40+02:00", "canceled-at": "yesterday"}},
            Done(),
            datetime(2026, 3, 1, 10, 5, 40, tzinfo=UTC),
        ),
    ],
)
def test_what_is_left_out(
    serve: Serve, connect: Connect, attributes: dict[str, Any], done: Done, ended: datetime | None
) -> None:
    """It is not known, and nothing is made of what makes no sense."""
    server = serve(faults=[Fault(path="/applies/", answer=answer(status="errored", **attributes))])

    apply = read_apply(connect(server.url), "apply-1")

    assert (apply.done, apply.ended) == (done, ended)


def test_one_that_is_not_there(serve: Serve, connect: Connect) -> None:
    """The error names it."""
    with pytest.raises(NotVisible, match=r"Cannot read apply apply-1: .* answered 404"):
        read_apply(connect(serve().url), "apply-1")


@pytest.mark.parametrize(
    ("status", "is_asked"),
    [
        ("planned", False),
        ("applying", False),
        ("discarded", False),
        ("applied", True),
        ("post_apply_running", True),
        ("errored", True),
        ("canceled", True),
        ("force_canceled", True),
    ],
)
@pytest.mark.parametrize("is_plan_only", [False, True])
def test_when_it_is_asked(serve: Serve, connect: Connect, status: str, *, is_asked: bool, is_plan_only: bool) -> None:
    """Only where the run's status says that an apply has ended, or may have; what cannot be read is unknown."""
    server = serve(script=replace(RUN, run_status=status, is_plan_only=is_plan_only))
    session = connect(server.url)
    run = read_run(session, server.run_id)

    assert isinstance(read_outcome(session, run), Known) is (is_asked and not is_plan_only)
    server.misbehave([Fault(path="/applies/", answer=Answer(status=404))])
    assert isinstance(read_outcome(session, run), Unknown) is (is_asked and not is_plan_only)
    assert read_outcome(session, msgspec.structs.replace(run, apply_id=None)) == NOT_ASKED


@pytest.mark.parametrize(
    ("statuses", "is_confirmable", "end"),
    [
        (("planned", "applying", "applied"), False, "applied"),
        (("planned", "policy_override", "applied"), False, "policy_override"),
        (("post_plan_running", "post_plan_awaiting_decision", "applied"), False, "post_plan_awaiting_decision"),
        (("planned", "applied"), True, "planned"),
        (("planning", "planned_and_finished", "applied"), False, "planned_and_finished"),
        (("confirmed", "pre_apply_running", "errored", "applied"), False, "errored"),
        (("brand_new", "discarded"), False, "discarded"),
    ],
)
def test_waiting(
    serve: Serve, connect: Connect, clock: Clock, statuses: tuple[str, ...], *, is_confirmable: bool, end: str
) -> None:
    """Until the run has ended, or a person has to decide; a status that nobody knows ends nothing."""
    server = serve(script=replace(RUN, run_statuses=statuses, is_confirmable=is_confirmable))
    session = connect(server.url)
    read_plan(session, server.plan_id)  # the run goes on once its plan is finished
    seen: list[str] = []

    run = read_run(session, server.run_id)
    ending = wait_for_end(session, run, until=Deadline.after(600, clock), on_look=lambda each: seen.append(each.status))

    assert ending.problem is None
    assert ending.run.status == seen[-1] == end
