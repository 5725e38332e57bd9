"""The checks of a run: its parts are read alone, only where the run names them, and waited for together."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tfc_plan_comment.errors import NotVisible, UnexpectedAnswer
from tfc_plan_comment.findings.cost import CostEstimate
from tfc_plan_comment.findings.said import Known, Unknown
from tfc_plan_comment.findings.tasks import Task
from tfc_plan_comment.hcp_terraform.checks import Checks, wait_for_checks
from tfc_plan_comment.hcp_terraform.cost_estimates import read_cost_estimate
from tfc_plan_comment.hcp_terraform.plans import read_plan
from tfc_plan_comment.hcp_terraform.runs import read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.task_stages import read_stage, read_task_stages
from tfc_plan_comment.http.deadline import Deadline
from tfc_sandbox.clock import Clock
from tfc_sandbox.cost_estimates import CostEstimate as Given
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox
from tfc_sandbox.policies import PolicyResults
from tfc_sandbox.runs import Script
from tfc_sandbox.task_stages import TaskResult

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]
Look = Callable[..., Checks]

FINISHED = Script(plan_statuses=("finished",))
OLD = ("workspace", "configuration_version.ingress_attributes")
NOT_FOUND = Answer(status=404)


@pytest.fixture
def look(connect: Connect, clock: Clock) -> Look:
    """Waits for the checks of the server's newest run, whose plan is finished, for so many seconds."""

    def look(server: HcpTerraformSandbox, *, wait: float = 60, seen: list[Checks] | None = None) -> Checks:
        session = connect(server.url, token=READ_TOKEN)
        assert read_plan(session, server.plan_id).status == "finished"
        run = read_run(session, server.run_id)
        server.requests.clear()
        looks: list[Checks] = [] if seen is None else seen
        return wait_for_checks(session, run, until=Deadline.after(wait, clock), on_look=looks.append)

    return look


def paths(server: HcpTerraformSandbox) -> list[str]:
    """What was asked: the kinds of resources."""
    return [request.path.removeprefix("/api/v2/").partition("/")[0] for request in server.requests]


def test_a_run_without_any_costs_nothing(serve: Serve, look: Look) -> None:
    """Its own document says so."""
    server = serve(script=FINISHED)
    checks = look(server)
    assert (checks.policies.is_empty, checks.tasks.is_empty, checks.cost, checks.open) == (True, True, Known(None), ())
    assert paths(server) == []


def test_a_task_as_it_is_read(serve: Serve, look: Look) -> None:
    """In the order of its stage, with what its service says, and never the address that is called."""
    given = TaskResult(name="Snyk", status="failed", message="1 issue", url="https://snyk.example/")
    server = serve(script=replace(FINISHED, task_results=(TaskResult(name="one", stage="pre_plan"), given)))
    first, last = look(server).tasks.tasks
    assert (first.name, first.stage, first.status) == ("one", "pre_plan", "passed")
    assert last == Task(
        name="Snyk",
        status="failed",
        stage="post_plan",
        enforcement_level="mandatory",
        message="1 issue",
        url="https://snyk.example/",
    )
    assert paths(server) == ["task-stages", "task-stages"]


def test_a_stage_is_not_read_again_once_it_is_decided(serve: Serve, look: Look) -> None:
    """Only what is open is asked for; each look reads the run as well."""
    early = TaskResult(name="early", stage="pre_plan")
    slow = TaskResult(name="slow", earlier=("pending", "running"))
    server = serve(script=replace(FINISHED, run_status="post_plan_running", task_results=(early, slow)))
    seen: list[Checks] = []
    checks = look(server, seen=seen)
    assert checks.tasks.sentence == "2 passed"
    assert paths(server) == ["task-stages", "task-stages", "runs", "task-stages", "runs", "task-stages", "runs"]
    assert [each.open for each in seen] == [("run tasks",), ("run tasks",), (), ()]


def test_all_that_is_open_is_named(serve: Serve, look: Look) -> None:
    """In words that say what is waited for."""
    pending = PolicyResults(statuses=("pending",))
    slow = TaskResult(name="slow", status="running")
    estimate = Given(statuses=("queued",))
    script = replace(FINISHED, policy_checks=(pending,), task_results=(slow,), cost_estimate=estimate)
    assert look(serve(script=script), wait=0).open == ("policies", "run tasks", "the cost estimate")


def test_a_stage_that_runs_with_nothing_in_it(serve: Serve, look: Look, clock: Clock) -> None:
    """More may come into it."""
    server = serve(script=replace(FINISHED, has_task_stage=True, stage_status="running"))
    checks = look(server, wait=5)
    assert checks.open == ("a task stage",)
    assert sum(clock.sleeps) == pytest.approx(5)


@pytest.mark.parametrize("status", ["pending", "running", "a new one"])
@pytest.mark.parametrize("run_status", ["errored", "canceled", "discarded"])
def test_what_never_comes_is_skipped(serve: Serve, look: Look, clock: Clock, status: str, run_status: str) -> None:
    """Where the run has ended nothing is waited for."""
    task, estimate = TaskResult(name="t", status=status), Given(statuses=(status,))
    script = replace(FINISHED, run_status=run_status, task_results=(task,), cost_estimate=estimate)
    checks = look(serve(script=script))
    assert checks.tasks.sentence == "1 skipped"
    assert checks.cost == Known(CostEstimate(status="skipped: the run ended", estimated=4, resources=4))
    assert clock.sleeps == []


def test_a_stage_that_becomes_unreadable_stays_as_it_was(serve: Serve, look: Look) -> None:
    """What was known at the look before is not forgotten."""
    tasks = (TaskResult(name="fine"), TaskResult(name="slow", status="running"))
    server = serve(script=replace(FINISHED, task_results=tasks))
    server.misbehave([Fault(path="/task-stages/", answer=NOT_FOUND, after=1)])
    checks = look(server, wait=5)
    assert checks.tasks.sentence == "1 passed, 1 still running when this was written, see the run"


def test_stages_that_cannot_be_listed(serve: Serve, look: Look) -> None:
    """It is not known whether policies or tasks are in them: both could not be read, and are asked for once."""
    server = serve(script=replace(FINISHED, includes=OLD, task_results=(TaskResult(name="t"),)))
    server.misbehave([Fault(path="/task-stages$", answer=NOT_FOUND)])
    checks = look(server)
    assert [str(each.unread[0]).partition(":")[0] for each in (checks.policies, checks.tasks)] == [
        f"Cannot read the task stages of run {server.run_id}"
    ] * 2
    assert paths(server) == ["runs"]


@pytest.mark.parametrize(
    "included",
    [
        [{"id": "taskrs-1", "type": "task_results", "attributes": {"task-name": "b", "status": "passed"}}],
        [{"id": "taskrs-1", "type": "task-results"}, {"id": "x", "type": "workspaces", "attributes": {"name": 1}}],
    ],
)
def test_a_stage_as_others_write_it(serve: Serve, connect: Connect, included: list[dict[str, Any]]) -> None:
    """Types with underscores, and results without attributes; what did not come along is read by its id."""
    data = {
        "id": "ts-1",
        "attributes": {"stage": "post_plan", "status": "passed"},
        "relationships": {
            "task-results": {"data": [{"id": "taskrs-0"}, {"id": "taskrs-1"}]},
            "policy-evaluations": {"data": []},
        },
    }
    one = {"data": {"id": "taskrs-0", "attributes": {"task-name": "a", "status": "errored", "message": None}}}
    stage = Answer(body=json.dumps({"data": data, "included": included}).encode())
    result = Answer(body=json.dumps(one).encode())
    faults = [Fault(path="/task-stages/", answer=stage), Fault(path="/task-results/", answer=result)]
    read = read_stage(connect(serve(faults=faults).url), "ts-1", what="read it")
    assert [task.status for task in read.tasks] == [
        "errored",
        included[0].get("attributes", {}).get("status", "unknown"),
    ]
    assert read.tasks[0].name == "a"


def test_a_list_of_stages(serve: Serve, connect: Connect) -> None:
    """What a stage does not say of itself is not known; one that says nothing counts."""
    body = {"data": [{"id": "ts-1", "attributes": {}}, {"id": "ts-2", "attributes": {"stage": "post_apply"}}]}
    server = serve(faults=[Fault(path="/task-stages$", answer=Answer(body=json.dumps(body).encode()))])
    stages = read_task_stages(connect(server.url), "run-1", what="read it")
    assert [(each.has_tasks, each.has_evaluations, each.counts) for each in stages] == [(None, None, True)] * 2


@pytest.mark.parametrize(
    ("attributes", "estimate"),
    [
        (
            {"status": "finished", "delta-monthly-cost": "25.488"},
            CostEstimate(status="finished", given_delta=Decimal("25.488")),
        ),
        (
            {"status": "finished", "delta-monthly-cost": 0.1},
            CostEstimate(status="finished", given_delta=Decimal("0.1")),
        ),
        ({"delta-monthly-cost": None, "error-message": None}, CostEstimate(status="unknown")),
        ({"status": "finished", "prior-monthly-cost": "Infinity"}, CostEstimate(status="finished")),
        ({"status": "finished", "prior-monthly-cost": "1e15"}, CostEstimate(status="finished")),
        ({"status": "finished", "prior-monthly-cost": "1e-31"}, CostEstimate(status="finished")),
        ({"status": "odd\nstatus", "resources-count": 2}, CostEstimate(status="odd status", resources=2)),
    ],
)
def test_a_cost_estimate(serve: Serve, connect: Connect, attributes: dict[str, Any], estimate: CostEstimate) -> None:
    """Amounts are exact decimals, also where a host writes numbers; what cannot be one is not known."""
    body = json.dumps({"data": {"id": "ce-1", "attributes": attributes}}).encode()
    server = serve(faults=[Fault(path="/cost-estimates/", answer=Answer(body=body))])
    assert read_cost_estimate(connect(server.url), "ce-1", run_id="run-1") == estimate


def test_a_cost_estimate_that_is_none(serve: Serve, connect: Connect) -> None:
    """The docs have a list of one; an empty one is none."""
    server = serve(faults=[Fault(path="/cost-estimates/", answer=Answer(body=b'{"data":[]}'))])
    with pytest.raises(UnexpectedAnswer) as caught:
        read_cost_estimate(connect(server.url), "ce-1", run_id="run-1")
    assert str(caught.value) == "Cannot read the cost estimate of run run-1: the answer holds none."


def test_a_cost_that_becomes_unreadable(serve: Serve, look: Look) -> None:
    """Once it is known to be there it stays as it was; before that it could not be read."""
    script = replace(FINISHED, includes=OLD, cost_estimate=Given(statuses=("queued",)))
    server = serve(script=script, faults=[Fault(path="/cost-estimates/", answer=NOT_FOUND, after=1)])
    checks = look(server, wait=5)
    assert isinstance(checks.cost, Known)
    assert checks.cost.value is not None
    assert checks.cost.value.status == "queued"
    server.misbehave([Fault(path="/cost-estimates/", answer=NOT_FOUND)])
    assert isinstance(look(server).cost, Unknown)


@pytest.mark.parametrize(
    ("says", "unread"),
    [
        ({"task-results": {"data": [{"id": "t"}]}, "policy-evaluations": {"data": []}}, (0, 1)),
        ({"task-results": {"data": []}, "policy-evaluations": {"data": [{"id": "p"}]}}, (1, 0)),
        ({"task-results": {"data": []}, "policy-evaluations": {"data": []}}, (1, 0)),
        ({"task-results": {"data": []}}, (1, 0)),
        ({}, (0, 1)),
    ],
)
@pytest.mark.parametrize("status", ["running", "passed"])
def test_a_stage_that_cannot_be_read(
    serve: Serve, look: Look, says: dict[str, Any], unread: tuple[int, int], status: str
) -> None:
    """What it may have could not be read; a stage before the plan has policies only if it says so."""
    stage = {"id": "ts-1", "attributes": {"stage": "pre_plan", "status": status}, "relationships": says}
    server = serve(script=replace(FINISHED, includes=OLD, task_results=(TaskResult(name="t"),)))
    listed = Answer(body=json.dumps({"data": [stage]}).encode())
    server.misbehave([Fault(path="/task-stages$", answer=listed), Fault(path="/task-stages/", answer=NOT_FOUND)])
    checks = look(server, wait=0)
    has_nothing = status == "passed" and says.get("task-results") == says.get("policy-evaluations") == {"data": []}
    assert (len(checks.policies.unread), len(checks.tasks.unread)) == ((0, 0) if has_nothing else unread)


@pytest.mark.parametrize(("relationships", "is_known"), [({}, True), ({"policy-evaluations": {"data": [{}]}}, False)])
def test_a_host_without_policy_evaluations(
    serve: Serve, connect: Connect, relationships: dict[str, Any], *, is_known: bool
) -> None:
    """It does not know the list: its tasks are told all the same. One that names evaluations has to have them."""
    if relationships:
        relationships["policy-evaluations"]["data"][0]["id"] = "poleval-1"
    data = {"id": "ts-1", "attributes": {"stage": "post_plan", "status": "passed"}, "relationships": relationships}
    included = [{"id": "taskrs-1", "type": "task-results", "attributes": {"task-name": "a", "status": "passed"}}]
    stage = Answer(body=json.dumps({"data": data, "included": included}).encode())
    faults = [Fault(path="/task-stages/ts-1$", answer=stage), Fault(path="/policy-evaluations$", answer=NOT_FOUND)]
    session = connect(serve(faults=faults).url)
    if is_known:
        read = read_stage(session, "ts-1", what="read it")
        assert ([task.name for task in read.tasks], read.evaluations) == (["a"], ())
    else:
        with pytest.raises(NotVisible):
            read_stage(session, "ts-1", what="read it")
