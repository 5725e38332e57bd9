"""The runs that the loopback HCP Terraform serves: what is to become of each, and how far it has come."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tfc_sandbox.applies import Apply
from tfc_sandbox.cost_estimates import CostEstimate, cost_estimate_document
from tfc_sandbox.policies import PolicyResults, policy_evaluation_document
from tfc_sandbox.task_stages import STAGES, TaskResult, stage_status, task_result_document, task_stage_document

ORGANIZATION = "acme"


EMPTY_LOG = b"\x02Terraform v1.13.4\non linux_amd64\nInitializing plugins and modules...\n\x03"
"""The log of a plan of which nothing else is to be seen. STX and ETX frame it (go-tfe, logreader.go)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """The course of a run: each time its plan is read, it takes the next of `plan_statuses`, and stays at the last.

    `not_yet` says how often json-output still answers 204 after the plan is finished. `export_statuses` are those of
    its exports, in the same way; `export_error` is what an errored one says of itself. Unless `is_exportable`, the
    plan's data is too old for mocks. `policy_checks` and `policy_evaluations` are those that begin when the plan is
    finished; `has_task_stage` says that there is a task stage though it has no policy evaluation. `logs` are what the
    plan's log holds each time its address is asked for, the last one for ever after; None where it has none.
    `run_statuses` are those that the run takes each time that it is read after its plan. `apply` is its apply; None for
    one that nothing has come to.
    The run is there `appears_after` so many seconds; `created_at` is what it says itself.
    """

    plan_statuses: tuple[str, ...] = ("pending", "queued", "running", "finished")
    run_status: str | None = None  # follows the plan's, unless it is given
    not_yet: int = 0
    workspace: str = "web-app"
    working_directory: str | None = None
    message: str = "Triggered via API"
    terraform_version: str = "1.13.4"
    commit_sha: str | None = None
    pull_request_number: int | None = None
    identifier: str | None = None
    is_destroy: bool = False
    is_refresh_only: bool = False
    is_plan_only: bool = True
    is_auto_apply: bool = False
    is_save_plan: bool = False
    target_addrs: tuple[str, ...] = ()
    replace_addrs: tuple[str, ...] = ()
    includes: tuple[str, ...] = (  # those that the host knows
        "workspace",
        "configuration_version.ingress_attributes",
        "task_stages",
        "cost_estimate",
        "plan",
    )
    stage_includes: tuple[str, ...] = ("task_results", "policy_evaluations")  # the same for a task stage
    export_statuses: tuple[str, ...] = ("queued", "pending", "finished")
    export_error: str | None = None
    is_exportable: bool = True
    policy_checks: tuple[PolicyResults, ...] = ()
    policy_evaluations: tuple[PolicyResults, ...] = ()
    has_task_stage: bool = False
    task_results: tuple[TaskResult, ...] = ()
    stage_status: str | None = None  # of the one after the plan; follows what is in it, unless it is given
    cost_estimate: CostEstimate | None = None
    terraform_policies: tuple[PolicyResults, ...] = ()
    events: tuple[tuple[str, str], ...] = (("created", "Run created"),)  # actions, each with its description
    is_confirmable: bool = False
    run_statuses: tuple[str, ...] = ()
    apply: Apply | None = None
    later_run_status: str | None = None  # from the second time on that the run is read after its plan
    logs: tuple[bytes | None, ...] = (EMPTY_LOG,)
    created_at: str | None = "2026-03-01T10:00:00.000Z"
    appears_after: float = 0

    @property
    def operation(self) -> str:
        """The operation by which lists are filtered (docs, "Runs": `filter[operation]`)."""
        if self.is_plan_only:
            return "plan_only"
        if self.is_destroy:
            return "destroy"
        return "refresh_only" if self.is_refresh_only else "plan_and_apply"


ENDS = {"planned_and_finished", "errored", "canceled", "force_canceled", "discarded"}
"""The statuses of a run that ended without an apply."""
GOOD_DAY = Script()


class Run:
    """One run and its plan."""

    def __init__(self, plan: bytes, script: Script, *, appears_at: float = 0) -> None:
        suffix = secrets.token_hex(8)
        self.id, self.plan_id, self.configuration_id = f"run-{suffix}", f"plan-{suffix}", f"cv-{suffix}"
        self.apply_id = f"apply-{suffix}"
        self.workspace_id = f"ws-{hashlib.sha256(script.workspace.encode()).hexdigest()[:16]}"
        self.appears_at = appears_at
        self.plan, self.script = plan, script
        self.times_read = self.times_run_read = 0
        self.not_yet = script.not_yet
        self.task_stage_id, self.cost_estimate_id = f"ts-{suffix}", f"ce-{suffix}"
        self.task_results = {f"taskrs-{suffix}-{n}": each for n, each in enumerate(script.task_results)}
        self.policy_checks = {f"polchk-{suffix}-{n}": check for n, check in enumerate(script.policy_checks)}
        self.policy_evaluations = {f"poleval-{suffix}-{n}": each for n, each in enumerate(script.policy_evaluations)}
        self.terraform_policies = {f"tfpoleval-{suffix}-{n}": each for n, each in enumerate(script.terraform_policies)}
        self._looks = Counter[str]()

    @property
    def apply(self) -> Apply:
        """Its apply: there is one from the beginning."""
        return self.script.apply or Apply(status="unreachable" if self.status in ENDS else "pending", done=None)

    def look(self, results_id: str) -> int:
        """Count this look at results of policies; returns how many came before."""
        self._looks[results_id] += 1
        return self._looks[results_id] - 1

    @property
    def stages(self) -> dict[str, str]:
        """Its task stages, by their ids."""
        has_post_plan = bool(self.policy_evaluations) or self.script.has_task_stage
        names = {result.stage for result in self.task_results.values()} | ({"post_plan"} if has_post_plan else set())
        ids = {"post_plan": self.task_stage_id}
        return {ids.get(name, f"{self.task_stage_id}-{name}"): name for name in STAGES if name in names}

    def evaluations_of(self, stage: str) -> dict[str, PolicyResults]:
        """The policy evaluations in a stage, by their ids."""
        return self.policy_evaluations if stage == "post_plan" else {}

    def tasks_of(self, stage: str) -> dict[str, TaskResult]:
        """The results of run tasks in a stage, by their ids."""
        return {result_id: each for result_id, each in self.task_results.items() if each.stage == stage}

    def stage_document(self, stage_id: str) -> dict[str, object]:
        """A task stage, with the status that it has by what the next look at it will see."""
        stage = self.stages[stage_id]
        evaluations, tasks = self.evaluations_of(stage), self.tasks_of(stage)
        status = stage_status(
            [each.status(self._looks[each_id]) for each_id, each in evaluations.items()],
            [(each.status_at(self._looks[each_id]), each.enforcement_level) for each_id, each in tasks.items()],
        )
        if stage == "post_plan" and self.script.stage_status:
            status = self.script.stage_status
        return task_stage_document(stage_id, stage, status, task_ids=tasks, evaluation_ids=evaluations)

    def stage_resources(self, stage_id: str, includes: Sequence[str]) -> list[dict[str, object]]:
        """The resources that come along with a task stage."""
        stage = self.stages[stage_id]
        included: list[dict[str, object]] = []
        if "task_results" in includes:
            included += (self.task_document(each) for each in self.tasks_of(stage))
        if "policy_evaluations" in includes:
            evaluations = self.evaluations_of(stage).items()
            included += (
                policy_evaluation_document(*each, self.look(each[0]), stage_id=stage_id) for each in evaluations
            )
        return included

    def task_document(self, result_id: str) -> dict[str, object]:
        """The result of a run task."""
        result = self.task_results[result_id]
        stage_id = next(each for each, name in self.stages.items() if name == result.stage)
        return task_result_document(result_id, result, stage_id, self.look(result_id))

    def cost_document(self) -> dict[str, object]:
        """Its cost estimate, which begins once the plan is finished."""
        estimate = self.script.cost_estimate or CostEstimate()
        times_read = self.look(self.cost_estimate_id) if self.plan_status == "finished" else 0
        return cost_estimate_document(self.cost_estimate_id, estimate, times_read)

    @property
    def plan_status(self) -> str:
        """The status that the plan had when it was last read."""
        return self.script.plan_statuses[max(0, min(self.times_read, len(self.script.plan_statuses)) - 1)]

    @property
    def log(self) -> bytes | None:
        """The log as it is when the plan is read for the last time."""
        logs, finals = self.script.logs, self.times_read - len(self.script.plan_statuses)
        return logs[max(0, min(finals, len(logs)) - 1)]

    @property
    def status(self) -> str:
        """The run's own status."""
        follows = {
            "pending": "pending",
            "finished": "planned_and_finished",
            "errored": "errored",
            "canceled": "canceled",
        }
        if self.script.run_statuses and self.plan_status == "finished":
            return self.script.run_statuses[max(0, min(self.times_run_read, len(self.script.run_statuses)) - 1)]
        if self.script.later_run_status and self.times_run_read > 1:
            return self.script.later_run_status
        return self.script.run_status or follows.get(self.plan_status, "planning")
