"""The plan's state, and waiting for it to be final."""

from collections.abc import Callable

import pytest

from tfc_plan_comment.errors import DeadlineExceeded, PlanFailed, PlanTooLate
from tfc_plan_comment.hcp_terraform.plans import PlanState, _interval, plan_failed, read_plan, wait_for_plan
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.hcp_terraform import READ_TOKEN, WRITE_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]

HALF_AN_HOUR = 1800.0


def ignore(*_: object) -> None:
    """Hear of a look."""


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

        assert "/v1/object/" not in repr(plan)

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

    def test_every_look_is_told(self, serve: Serve, connect: Connect) -> None:
        """It waits through every status, known or not; the run is looked at now and then, and told as well."""
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
        said: list[tuple[str, bool]] = []

        plan = wait_for_plan(
            connect(server.url, seconds=HALF_AN_HOUR),
            server.plan_id,
            run_id=server.run_id,
            on_look=lambda plan, run: said.append((plan.status, run is not None)),
        )

        assert plan.status == "finished"
        assert [status for status, _ in said] == list(statuses)
        assert [knows_run for _, knows_run in said] == [False] * 3 + [True] * 5

    @pytest.mark.parametrize("status", ["finished", "errored", "canceled", "unreachable"])
    def test_final(self, serve: Serve, connect: Connect, clock: Clock, status: str) -> None:
        """A final status, good or bad, is the end: one request, no waiting."""
        server = serve(script=Script(plan_statuses=(status,)))

        plan = wait_for_plan(
            connect(server.url, seconds=HALF_AN_HOUR), server.plan_id, run_id=server.run_id, on_look=ignore
        )

        assert status == plan.status
        assert len(server.requests) == 1
        assert clock.sleeps == []

    def test_the_run_does_not_decide(self, serve: Serve, connect: Connect) -> None:
        """A run that is errored, by a policy say, does not make a finished plan bad."""
        statuses = ("running",) * 3 + ("finished",)
        server = serve(script=Script(plan_statuses=statuses, run_status="errored"))

        plan = wait_for_plan(
            connect(server.url, seconds=HALF_AN_HOUR), server.plan_id, run_id=server.run_id, on_look=ignore
        )

        assert plan.status == "finished"

    @pytest.mark.parametrize(
        ("run_status", "what", "fact"),
        [
            ("discarded", "was discarded", "discarded"),
            ("canceled", "was canceled", "canceled"),
            ("force_canceled", "was canceled by force", "canceled by force"),
            ("errored", "failed", "not planned"),
        ],
    )
    def test_ended_run(  # noqa: PLR0917 (what a case consists of)
        self, serve: Serve, connect: Connect, clock: Clock, run_status: str, what: str, fact: str
    ) -> None:
        """A run that has ended without its plan ends the waiting within seconds."""
        server = serve(script=Script(plan_statuses=("pending",), run_status=run_status))

        with pytest.raises(PlanFailed) as caught:
            wait_for_plan(
                connect(server.url, seconds=HALF_AN_HOUR), server.plan_id, run_id=server.run_id, on_look=ignore
            )

        assert str(caught.value) == f"The run {what} before its plan was made. Start a new run."
        assert caught.value.fact == fact
        assert sum(clock.sleeps) < 6

    def test_deadline(self, serve: Serve, connect: Connect, clock: Clock) -> None:
        """The waiting ends on time with what is known of plan and run, and after few requests."""
        server = serve(script=Script(plan_statuses=("queued",), run_status="plan_queued"))
        start = clock()

        with pytest.raises(PlanTooLate) as caught:
            wait_for_plan(
                connect(server.url, seconds=HALF_AN_HOUR), server.plan_id, run_id=server.run_id, on_look=ignore
            )

        assert str(caught.value) == (
            "The plan did not finish within 30 minutes; the run is still queued. Look at the run to see what it waits"
            " for, or raise the input timeout."
        )
        assert caught.value.fact == "not finished in time"
        assert pytest.approx(clock() - start) == 1800
        assert len(server.requests) < 300

    def test_deadline_without_a_run(self, serve: Serve, connect: Connect) -> None:
        """Where only the plan is known, only the plan is asked for and named."""
        server = serve(script=Script(plan_statuses=("brand_new",)))

        with pytest.raises(DeadlineExceeded) as caught:
            wait_for_plan(connect(server.url, seconds=90), server.plan_id, run_id=None, on_look=ignore)

        assert str(caught.value) == (
            "The plan did not finish within 90 seconds; it is still brand new. Look at the run to see what it waits"
            " for, or raise the input timeout."
        )
        assert all("/plans/" in received.path for received in server.requests)

    def test_deadline_while_the_server_fails(self, serve: Serve, connect: Connect, clock: Clock) -> None:
        """What is tried again is not waited for any longer; what was known before is said."""
        server = serve(script=Script(plan_statuses=("running",)))
        failing = [Fault(path="/plans/", answer=Answer(status=502))]
        start = clock()

        with pytest.raises(DeadlineExceeded, match="within 20 seconds; it is still running"):
            wait_for_plan(
                connect(server.url, seconds=20),
                server.plan_id,
                run_id=None,
                on_look=lambda *_: server.misbehave(failing),
            )

        assert clock() - start <= 20

    def test_deadline_before_anything_is_known(self, serve: Serve, connect: Connect, clock: Clock) -> None:
        """Then it is the server that did not answer."""
        server = serve(faults=[Fault(path="/plans/", answer=Answer(status=502))])
        start = clock()

        with pytest.raises(DeadlineExceeded) as caught:
            wait_for_plan(connect(server.url, seconds=20), server.plan_id, run_id=None, on_look=ignore)

        assert str(caught.value) == (
            f"Cannot read plan {server.plan_id}: there was no answer from {server.url.removeprefix('http://')} in"
            f" time. Look at the run, or run the job again."
        )
        assert clock() - start <= 20

    def test_pace(self, serve: Serve, connect: Connect, clock: Clock) -> None:
        """It looks after half a second first, then ever less often, to every 5 s for two minutes, then to every 10 s.

        So what is made in one second is seen before two are over.
        """
        server = serve(script=Script(plan_statuses=("running",)))

        with pytest.raises(DeadlineExceeded):
            wait_for_plan(connect(server.url, seconds=600), server.plan_id, run_id=None, on_look=ignore)

        *sleeps, _ = clock.sleeps  # the last one ends at the deadline
        assert all(0.4 <= sleep <= 10 for sleep in sleeps)
        waited = 0.0
        for sleep in sleeps:
            assert waited >= 120 or sleep <= 5
            assert sleep <= 0.5 + waited / 3  # a third, for the sleeps before may have been a fifth shorter
            waited += sleep
        assert max(sleeps) > 7.9

    def test_for_days(self) -> None:
        """The ten thousandth look is as far from the next one as the hundredth."""
        assert 8 <= _interval(10_000, waited=100_000) <= 10


class TestPlanFailed:
    """A plan that is final but not finished."""

    @pytest.mark.parametrize(
        ("status", "why", "sentence", "fact"),
        [
            ("errored", "", "Terraform could not make the plan.", "planning failed"),
            ("errored", "Invalid index", "Terraform could not make the plan: Invalid index.", "planning failed"),
            ("canceled", "", "The plan was canceled. Start a new run.", "canceled"),
            ("unreachable", "", "The run ended before its plan was made. Start a new run.", "not planned"),
        ],
    )
    def test_sentence(  # noqa: PLR0917 (what a case consists of)
        self, serve: Serve, connect: Connect, status: str, why: str, sentence: str, fact: str
    ) -> None:
        """It is said what happened, and why as far as that is known."""
        server = serve(script=Script(plan_statuses=(status,)))
        failure = plan_failed(read_plan(connect(server.url), server.plan_id), why)

        assert (str(failure), failure.fact) == (sentence, fact)
