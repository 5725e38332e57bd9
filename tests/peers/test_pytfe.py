"""HashiCorp's own client talks to the loopback HCP Terraform, and gets what it expects of the real one.

PyPI, pytfe. It needs no npm, but it is a stranger like the others in this folder.
"""

import io
import json
import tarfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytfe import TFEClient, TFEConfig
from pytfe.errors import AuthError, NotFound, TFEError
from pytfe.models import (
    PlanExportCreateOptions,
    RunIncludeOpt,
    RunListForOrganizationOptions,
    RunListOptions,
    RunReadOptions,
)
from pytfe.models.task_stage import TaskStageIncludeOpt, TaskStageReadOptions

from tfc_sandbox.applies import Apply
from tfc_sandbox.clock import Clock
from tfc_sandbox.cost_estimates import CostEstimate
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, EXPIRED_TOKEN, READ_TOKEN, WRITE_TOKEN, HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.runs import Script
from tfc_sandbox.task_stages import TaskResult

pytestmark = [pytest.mark.peers, pytest.mark.timeout(60)]

PLAN = (Path(__file__).parents[1] / "golden" / "mixed-update" / "plan.json").read_bytes()
FINISHED = Script(plan_statuses=("finished",))

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., TFEClient]


@pytest.fixture
def serve(stack: ExitStack) -> Serve:
    """Starts a loopback HCP Terraform: `serve(script=...)`."""

    def serve(script: Script = FINISHED, **how: Any) -> HcpTerraformSandbox:
        return stack.enter_context(HcpTerraformSandbox(PLAN, script=script, **how))

    return serve


@pytest.fixture
def connect(stack: ExitStack) -> Connect:
    """HashiCorp's client for a server: `connect(server, token=...)`."""

    def connect(server: HcpTerraformSandbox, token: str = ADMIN_TOKEN) -> TFEClient:
        client = TFEClient(TFEConfig(address=server.url, token=token, max_retries=0, http2=False, ca_bundle=None))
        stack.callback(client.close)
        return client

    return connect


def status_of(client: TFEClient, export_id: str) -> str:
    """The status of an export, as the client knows it."""
    status = client.plan_exports.read(export_id).status
    assert status is not None
    return status.value


def test_a_plan_export_from_its_creation_to_its_deletion(serve: Serve, connect: Connect) -> None:
    """It is queued, pending, finished; its bundle has eight files; deleted, it is gone."""
    server = serve()
    client = connect(server)
    assert client.plans.read(server.plan_id).status == "finished"

    export = client.plan_exports.create(PlanExportCreateOptions(plan_id=server.plan_id))

    assert (export.status, export.data_type) == ("queued", "sentinel-mock-bundle-v0")
    assert [status_of(client, export.id) for _ in range(3)] == ["pending", "finished", "finished"]
    timestamps = client.plan_exports.read(export.id).status_timestamps
    assert timestamps is not None
    assert timestamps.finished_at is not None
    assert timestamps.expired_at is not None
    assert (timestamps.expired_at - timestamps.finished_at).total_seconds() == 3600
    with tarfile.open(fileobj=io.BytesIO(client.plan_exports.download(export.id))) as archive:
        assert len(archive.getnames()) == 8
    client.plan_exports.delete(export.id)
    with pytest.raises(NotFound):
        client.plan_exports.read(export.id)
    with pytest.raises(NotFound):
        client.plan_exports.delete(export.id)


def test_a_download_that_comes_too_early(serve: Serve, connect: Connect) -> None:
    """HashiCorp's client takes the empty body for the bundle; ours must not."""
    server = serve()
    client = connect(server)
    client.plans.read(server.plan_id)

    export = client.plan_exports.create(PlanExportCreateOptions(plan_id=server.plan_id))

    assert client.plan_exports.download(export.id) == b""


def test_only_one_export_at_a_time(serve: Serve, connect: Connect) -> None:
    """A second one is refused with 422 until the first has expired, after an hour."""
    clock = Clock()
    server = serve(script=Script(plan_statuses=("finished",), export_statuses=("finished",)), clock=clock)
    client = connect(server)
    client.plans.read(server.plan_id)
    options = PlanExportCreateOptions(plan_id=server.plan_id)
    first = client.plan_exports.create(options)

    with pytest.raises(TFEError) as caught:
        client.plan_exports.create(options)
    assert caught.value.status == 422
    clock.sleep(3600)

    assert client.plan_exports.create(options).id != first.id
    assert status_of(client, first.id) == "expired"
    with pytest.raises(NotFound):
        client.plan_exports.download(first.id)


@pytest.mark.parametrize(("token", "may"), [(WRITE_TOKEN, True), (READ_TOKEN, False)])
def test_who_may_export(serve: Serve, connect: Connect, token: str, *, may: bool) -> None:
    """Write access is enough, read access is a 404."""
    server = serve()
    client = connect(server, token)
    client.plans.read(server.plan_id)
    options = PlanExportCreateOptions(plan_id=server.plan_id)

    if may:
        assert client.plan_exports.create(options).id.startswith("pe-")
    else:
        with pytest.raises(NotFound):
            client.plan_exports.create(options)


def test_an_expired_token(serve: Serve, connect: Connect) -> None:
    """It is a 401."""
    server = serve()

    with pytest.raises(AuthError):
        connect(server, EXPIRED_TOKEN).plans.read(server.plan_id)


def test_the_plan_json(serve: Serve, connect: Connect) -> None:
    """None while the plan is not there, then the plan; by the plan's id and by the run's."""
    server = serve(script=Script(plan_statuses=("running", "finished")), lenient_archivist=True)
    client = connect(server)

    assert client.plans.read(server.plan_id).status == "running"
    assert client.plans.read_json_output(server.plan_id) is None
    assert client.plans.read(server.plan_id).status == "finished"
    assert client.plans.read_json_output(server.plan_id) == json.loads(PLAN)
    assert client.plans.read_json_output_for_run(server.run_id) == json.loads(PLAN)


def test_the_blob_store_notices_a_token(serve: Serve, connect: Connect) -> None:
    """This client takes its token along to the plan JSON's temporary URL, but not to an export's; that is noticed."""
    server = serve(lenient_archivist=True)
    client = connect(server)
    client.plans.read(server.plan_id)

    client.plans.read_json_output(server.plan_id)
    assert len(server.archivist.leaks) == 1
    export = client.plan_exports.create(PlanExportCreateOptions(plan_id=server.plan_id))
    client.plan_exports.download(export.id)

    assert len(server.archivist.leaks) == 1


def test_the_run(serve: Serve, connect: Connect) -> None:
    """The run's document is one that it can read."""
    server = serve()

    run = connect(server).runs.read(server.run_id)

    assert run.id == server.run_id


def test_what_comes_along_with_the_run(serve: Serve, connect: Connect) -> None:
    """Its plan and its workspace, which is the one that its name leads to; the organization says what it may do."""
    server = serve(script=replace(FINISHED, workspace="prod"))
    client = connect(server)
    client.plans.read(server.plan_id)

    includes = RunReadOptions(include=[RunIncludeOpt.RUN_PLAN, RunIncludeOpt.RUN_WORKSPACE])
    run = client.runs.read_with_options(server.run_id, includes)

    assert run.plan is not None
    assert (run.plan.id, run.plan.status) == (server.plan_id, "finished")
    assert run.workspace is not None
    by_name = client.workspaces.read("prod", organization="acme")
    assert (by_name.id, by_name.name, by_name.execution_mode) == (run.workspace.id, "prod", "remote")
    assert client.workspaces.read_by_id(run.workspace.id).name == "prod"
    assert client.organizations.read_entitlements("acme").operations is True


@pytest.mark.parametrize("status", ["finished", "errored", "canceled", "unreachable"])
def test_the_apply(serve: Serve, connect: Connect, status: str) -> None:
    """The run names it, and its document is one that it can read, with the time of its end and the log's address."""
    server = serve(script=replace(FINISHED, apply=Apply(status=status, done=(0, 1, 2, 3), log=b"\x02\x03")))
    client = connect(server)
    run = client.runs.read(server.run_id)
    assert run.apply is not None

    apply = client.applies.read(run.apply.id)

    assert (apply.id, apply.status) == (run.apply.id, status)
    assert (apply.resource_additions, apply.resource_changes, apply.resource_destructions) == (1, 2, 3)
    assert apply.log_read_url is not None
    times = apply.status_timestamps
    assert times is not None
    ends = {"finished": times.finished_at, "errored": times.errored_at, "canceled": times.canceled_at}
    assert [name for name, moment in ends.items() if moment] == [status] * (status in ends)


def test_the_runs_of_an_organization(serve: Serve, connect: Connect) -> None:
    """Of all pages, though nothing says how many there are; plan-only ones only where they are asked for."""
    server = serve(script=Script(commit_sha="a" * 40))
    expected = [server.run_id, *(server.add_run(PLAN, script=Script(commit_sha="a" * 40)) for _ in range(4))]
    client = connect(server)
    query = {"search[commit]": "a" * 40, "filter[operation]": "plan_only", "page[size]": 2}
    options = RunListForOrganizationOptions.model_validate(query)

    listed = list(client.runs.list_for_organization("acme", options))

    assert [run.id for run in listed] == expected
    assert all(run.created_at is not None and run.plan_only for run in listed)
    assert list(client.runs.list_for_organization("acme")) == []


def test_the_runs_of_a_workspace(serve: Serve, connect: Connect) -> None:
    """Those of another workspace are not among them."""
    server = serve(script=Script(workspace="prod"))
    first = server.run_id
    server.add_run(PLAN, script=Script(workspace="dev"))
    client = connect(server)
    workspace = client.runs.read(first).workspace
    assert workspace is not None

    options = RunListOptions.model_validate({"filter[operation]": "plan_only", "page[size]": 1})
    listed = list(client.runs.list(workspace.id, options))

    assert [run.id for run in listed] == [first]


def test_the_checks_of_a_run(serve: Serve, connect: Connect) -> None:
    """Task stages with their results and evaluations, the cost estimate, policy checks and outcomes, and the events."""
    policy = Policy(name="a", status="failed", output=["no"])
    results = PolicyResults(policy_sets=(PolicySet(name="s", policies=(policy,)),), statuses=("failed",))
    hard = replace(policy, enforcement_level="hard-mandatory")
    checked = PolicyResults(policy_sets=(PolicySet(name="s", policies=(hard,)),), statuses=("hard_failed",))
    scanner = TaskResult(name="scanner", status="failed", message="2 findings", url="https://scanner.example/r/1")
    early = TaskResult(name="early", stage="pre_plan", enforcement_level="advisory")
    server = serve(
        script=replace(
            FINISHED,
            policy_checks=(checked,),
            policy_evaluations=(results,),
            terraform_policies=(results,),
            task_results=(scanner, early),
            cost_estimate=CostEstimate(),
        )
    )
    client = connect(server, READ_TOKEN)
    client.plans.read(server.plan_id)

    first, last = client.task_stages.list(server.run_id)
    assert (first.stage, first.status, last.stage, last.status) == ("pre_plan", "passed", "post_plan", "failed")
    includes = [TaskStageIncludeOpt.TASK_STAGE_TASK_RESULTS, TaskStageIncludeOpt.TASK_STAGE_POLICY_EVALUATIONS]
    whole = client.task_stages.read(last.id, TaskStageReadOptions(include=includes))
    assert [result.message for result in whole.task_results or ()] == ["2 findings"]
    assert [evaluation.status for evaluation in whole.policy_evaluations or ()] == ["failed"]
    (result_id,) = (result.id for result in last.task_results or ())
    result = client.task_results.read(result_id)
    assert (result.task_name, result.status, result.message, result.url) == (
        "scanner",
        "failed",
        "2 findings",
        "https://scanner.example/r/1",
    )
    assert result.workspace_task_enforcement_level == "mandatory"

    run = client.runs.read(server.run_id)
    assert run.cost_estimate is not None
    estimate = client.cost_estimates.read(run.cost_estimate.id)
    assert (estimate.status, estimate.delta_monthly_cost, estimate.resources_count) == ("finished", "132.10", 4)

    (check,) = client.policy_checks.list(server.run_id)
    assert check.result is not None
    assert (check.status, check.result.total_failed, check.result.hard_failed) == ("hard_failed", 1, 1)
    (evaluation,) = client.policy_evaluations.list(last.id)
    assert [evaluation.id] == [each.id for each in last.policy_evaluations or ()]
    (outcome,) = client.policy_set_outcomes.list(evaluation.id)
    assert (outcome.policy_set_name, outcome.outcomes[0].policy_name) == ("s", "a")
    (terraform,) = client.tf_policy_evaluations.list(server.run_id)
    assert terraform.status == "failed"
    (set_outcome,) = client.tf_policy_evaluations.list_set_outcomes(terraform.id)
    assert set_outcome.policy_set_name == "s"
    assert [event.action for event in client.run_events.list(server.run_id)] == ["created"]
