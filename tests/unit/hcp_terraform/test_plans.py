"""The plan's state, and waiting for it to be final."""

from collections.abc import Callable

import pytest

from tfc_plan_comment.errors import DeadlineExceeded, PlanFailed
from tfc_plan_comment.hcp_terraform.plans import PlanState, _interval, plan_failed, read_plan, wait_for_plan
from tfc_plan_comment.hcp_terraform.runs import read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.hcp_terraform import READ_TOKEN, WRITE_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]

HALF_AN_HOUR = 1800.0


def ignore(_: str) -> None:
    """Hear of a change of status."""


class TestReadPlan:
    """The state of a plan."""

    def test_finished(self, serve: Serve, connect: Connect) -> None:
        """A finished plan has Terraform's own counts and may be exported by those who may."""
        server = serve(script=Script(plan_statuses=("finished",)))

        plan = read_plan(connect(server.url, token=WRITE_TOKEN), server.plan_id)

        assert plan == PlanState(
            id=server.plan_id,
            status="finished",
            is_exportable=True,
            can_export=True,
            export_ids=(),
        )
        assert plan.facts.final

    def test_the_log_url_is_not_kept(self, serve: Serve, connect: Connect) -> None:
        """log-read-url, which opens the log to whoever has it, is in no text of ours."""
        server = serve()

        plan = read_plan(connect(server.url, token=READ_TOKEN), server.plan_id)

        assert "archivist" not in repr(plan)

    @pytest.mark.parametrize(
        "document",
        [
            b'{"data":{"id":"plan-1","attributes":{"status":"a new\\u202estatus"}}}',
            (
                b'{"data":{"id":"plan-1","attributes":{"status":"a new status","has-changes":null,"actions":null,'
                b'"permissions":null},"relationships":{"exports":{"data":null}},"links":null}}'
            ),
            (
                b'{"data":{"id":"plan-1","attributes":{"status":"a new status","actions":{},"permissions":{}},'
                b'"relationships":{"exports":{}},"links":{"json-output":null}}}'
            ),
        ],
        ids=["bare", "nulls", "empty"],
    )
    def test_what_is_missing(self, serve: Serve, connect: Connect, document: bytes) -> None:
        """A document that leaves out all but the status is read, and an unknown status is not final."""
        server = serve(faults=[Fault(path="/plans/", answer=Answer(body=document))])

        plan = read_plan(connect(server.url), "plan-1")

        assert plan == PlanState(
            id="plan-1",
            status="a new status",
            is_exportable=None,
            can_export=None,
            export_ids=(),
        )
        assert not plan.facts.final

    def test_exports(self, serve: Serve, connect: Connect) -> None:
        """The ids of the plan's exports are known from the plan: no endpoint lists them."""
        document = (
            b'{"data":{"id":"plan-1","attributes":{"status":"finished"},'
            b'"relationships":{"exports":{"data":[{"id":"pe-1","type":"plan-exports"}]}}}}'
        )
        server = serve(faults=[Fault(path="/plans/", answer=Answer(body=document))])

        assert read_plan(connect(server.url), "plan-1").export_ids == ("pe-1",)


class TestWaitForPlan:
    """Waiting."""

    def test_one_line_for_each_status(self, serve: Serve, connect: Connect) -> None:
        """It waits through every status, known or not, and says each once however often it is seen."""
        statuses = (
            "pending",
            "agent_queued",
            "managed_queued",
            "brand_new",
            "brand_new",
            "running",
            "running",
            "finished",
        )
        server = serve(script=Script(plan_statuses=statuses))
        said: list[str] = []

        plan = wait_for_plan(
            connect(server.url, seconds=HALF_AN_HOUR), server.plan_id, run_id=server.run_id, on_status=said.append
        )

        assert plan.status == "finished"
        assert said == ["pending", "agent_queued", "managed_queued", "brand_new", "running", "finished"]

    @pytest.mark.parametrize("status", ["finished", "errored", "canceled", "unreachable"])
    def test_final(self, serve: Serve, connect: Connect, clock: Clock, status: str) -> None:
        """A final status, good or bad, is the end: one request, no waiting."""
        server = serve(script=Script(plan_statuses=(status,)))

        plan = wait_for_plan(
            connect(server.url, seconds=HALF_AN_HOUR), server.plan_id, run_id=server.run_id, on_status=ignore
        )

        assert status == plan.status
        assert len(server.requests) == 1
        assert clock.sleeps == []

    def test_the_run_does_not_decide(self, serve: Serve, connect: Connect) -> None:
        """A run that is errored, by a policy say, does not make a finished plan bad."""
        statuses = ("running",) * 3 + ("finished",)
        server = serve(script=Script(plan_statuses=statuses, run_status="errored"))

        plan = wait_for_plan(
            connect(server.url, seconds=HALF_AN_HOUR), server.plan_id, run_id=server.run_id, on_status=ignore
        )

        assert plan.status == "finished"

    @pytest.mark.parametrize("run_status", ["discarded", "canceled", "force_canceled", "errored"])
    def test_ended_run(self, serve: Serve, connect: Connect, clock: Clock, run_status: str) -> None:
        """A run that has ended without its plan ends the waiting within seconds."""
        server = serve(script=Script(plan_statuses=("pending",), run_status=run_status))

        with pytest.raises(PlanFailed) as caught:
            wait_for_plan(
                connect(server.url, seconds=HALF_AN_HOUR), server.plan_id, run_id=server.run_id, on_status=ignore
            )

        assert (
            f"Plan {server.plan_id} will not finish: its run {server.run_id} is {run_status} while the plan is pending."
            " Start a new run."
        ) == str(caught.value)
        assert sum(clock.sleeps) < 6

    def test_deadline(self, serve: Serve, connect: Connect, clock: Clock) -> None:
        """The waiting ends on time with what is known of plan and run, and after few requests."""
        server = serve(script=Script(plan_statuses=("queued",), run_status="plan_queued"))
        start = clock()

        with pytest.raises(DeadlineExceeded) as caught:
            wait_for_plan(
                connect(server.url, seconds=HALF_AN_HOUR), server.plan_id, run_id=server.run_id, on_status=ignore
            )

        assert (
            f"Plan {server.plan_id} of run {server.run_id} did not finish: after 1800 s its status is still"
            " queued, that of"
            f" its run {server.run_id} plan_queued. See in HCP Terraform whether the run waits for an agent, a"
            " person or"
            " another run, or raise the input timeout."
        ) == str(caught.value)
        assert pytest.approx(clock() - start) == 1800
        assert len(server.requests) < 300

    def test_deadline_without_a_run(self, serve: Serve, connect: Connect) -> None:
        """Where only the plan is known, only the plan is asked for and named."""
        server = serve(script=Script(plan_statuses=("brand_new",)))

        with pytest.raises(DeadlineExceeded) as caught:
            wait_for_plan(connect(server.url, seconds=90), server.plan_id, run_id=None, on_status=ignore)

        assert (
            f"Plan {server.plan_id} did not finish: after 90 s its status is still brand_new. See in HCP"
            " Terraform whether"
            " the run waits for an agent, a person or another run, or raise the input timeout."
        ) == str(caught.value)
        assert all("/plans/" in received.path for received in server.requests)

    def test_deadline_while_the_server_fails(self, serve: Serve, connect: Connect, clock: Clock) -> None:
        """What is tried again is not waited for any longer; what was known before is said."""
        server = serve(script=Script(plan_statuses=("running",)))
        failing = [Fault(path="/plans/", answer=Answer(status=502))]
        start = clock()

        with pytest.raises(DeadlineExceeded, match=r" did not finish: after 20 s its status is still running\. "):
            wait_for_plan(
                connect(server.url, seconds=20),
                server.plan_id,
                run_id=None,
                on_status=lambda _: server.misbehave(failing),
            )

        assert clock() - start <= 20

    def test_deadline_before_anything_is_known(self, serve: Serve, connect: Connect, clock: Clock) -> None:
        """Then it is the server that did not answer."""
        server = serve(faults=[Fault(path="/plans/", answer=Answer(status=502))])
        start = clock()

        with pytest.raises(DeadlineExceeded) as caught:
            wait_for_plan(connect(server.url, seconds=20), server.plan_id, run_id=None, on_status=ignore)

        assert str(caught.value) == (
            f"Cannot read plan {server.plan_id}: {server.url.removeprefix('http://')} did not say it in time. Look at"
            " the run, or start the job again."
        )
        assert clock() - start <= 20

    def test_pace(self, serve: Serve, connect: Connect, clock: Clock) -> None:
        """It looks after a second first, then ever less often: every 5 s for two minutes, then every 10 s."""
        server = serve(script=Script(plan_statuses=("running",)))

        with pytest.raises(DeadlineExceeded):
            wait_for_plan(connect(server.url, seconds=600), server.plan_id, run_id=None, on_status=ignore)

        *sleeps, _ = clock.sleeps  # the last one ends at the deadline
        assert sleeps[0] == 1
        assert all(1 <= sleep <= 10 for sleep in sleeps)
        waited = 0.0
        for sleep in sleeps:
            assert waited >= 120 or sleep <= 5
            waited += sleep
        assert max(sleeps) > 7.9

    def test_for_days(self) -> None:
        """The ten thousandth look is as far from the next one as the hundredth."""
        assert 8 <= _interval(10_000, waited=100_000) <= 10


class TestPlanFailed:
    """A plan that is final but not finished."""

    @pytest.mark.parametrize(
        ("status", "why"),
        [
            ("errored", "Terraform could not make it"),
            ("canceled", "it was canceled"),
            ("unreachable", "an earlier stage of its run has ended the run"),
        ],
    )
    def test_sentence(self, serve: Serve, connect: Connect, status: str, why: str) -> None:
        """It is said why, and where to read on."""
        server = serve(script=Script(plan_statuses=(status,)))
        session = connect(server.url)
        plan, run = read_plan(session, server.plan_id), read_run(session, server.run_id)

        assert (
            f"Plan {plan.id} of run {run.id} is {status}: {why}. Read the log at"
            f" {server.url}/app/acme/workspaces/web-app/runs/{run.id}, then start a new run."
        ) == str(plan_failed(plan, run))

    def test_without_a_run(self, serve: Serve, connect: Connect) -> None:
        """Where the run is not known, HCP Terraform as such is pointed to."""
        server = serve(script=Script(plan_statuses=("errored",)))
        plan = read_plan(connect(server.url), server.plan_id)

        assert (
            f"Plan {plan.id} is errored: Terraform could not make it. Read its log in HCP Terraform, then start"
            " a new run."
        ) == str(plan_failed(plan, None))
