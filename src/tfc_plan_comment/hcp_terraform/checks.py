"""The checks of a run: all that it says beside its plan, policies, run tasks and cost, and waiting until it has.

HCP Terraform checks policies after the plan, in three ways, and a run may have all: a policy check (Sentinel, the older
way) belongs to the run, a policy evaluation (OPA, and Sentinel in agents) to one of its task stages, beside the run
tasks, and Terraform policies (beta) to the run again. Each of these parts is read alone, and only if the run names it:
one that cannot be read hides no other.
Sources: HCP Terraform API docs, "Policy Checks", "Policy Evaluations", "Run Task Stages and Results", "Cost Estimates".
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.errors import HcpTerraformError
from tfc_plan_comment.findings.cost import CostEstimate, CostStatus
from tfc_plan_comment.findings.policies import Evaluation, Policies
from tfc_plan_comment.findings.policies import Status as PolicyStatus
from tfc_plan_comment.findings.said import Known, Said, Unknown
from tfc_plan_comment.findings.tasks import Task, Tasks, TaskStatus
from tfc_plan_comment.hcp_terraform.cost_estimates import read_cost_estimate
from tfc_plan_comment.hcp_terraform.policy_checks import read_policy_checks
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.statuses import StageStatus
from tfc_plan_comment.hcp_terraform.task_stages import StageResults, TaskStage, read_stage, read_task_stages
from tfc_plan_comment.hcp_terraform.terraform_policies import read_terraform_policies
from tfc_plan_comment.http.deadline import Deadline
from tfc_plan_comment.http.repeat import Growth

LOOKS = Growth(first=0.5, factor=1.5, longest=10.0, jitter=(0.8, 1.0))
"""Seconds between looks: policies are mostly decided a second or two after the plan."""


NO_COST: Said[CostEstimate | None] = Known(None)


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """The run as it was when it was last read, and what it said then. `open` names what is not decided."""

    run: Run
    policies: Policies
    tasks: Tasks
    cost: Said[CostEstimate | None]
    open: tuple[str, ...] = ()


def wait_for_checks(
    session: Session, run: Run, *, until: Deadline, on_look: Callable[[Checks], None] = lambda _: None
) -> Checks:
    """The checks of a run whose plan is final, once they are decided, or as they are when `until` is over.

    The run is one that was read after its plan: Terraform, too, finds in it then which policies there are
    (hashicorp/terraform, internal/cloud/backend_plan.go). Before each further look it is read again: what is pending
    where it has ended is not waited for, and what runs before policies may take its time. What cannot be read is named
    as `unread`. `on_look` hears of every look.
    """
    looks, count, is_fresh = _Looks(session), 0, False
    while True:
        looks.look(run)
        checks = looks.checks(run)
        on_look(checks)
        is_done = not checks.open and (is_fresh or not run.moves_on)
        if is_done or until.is_over or session.deadline.is_over:
            return checks
        is_fresh = not checks.open  # nothing is known to be missing: then the run itself is asked once more
        if checks.open:
            count += 1
            session.sleep(min(LOOKS.after(count), until.left))
        with suppress(HcpTerraformError):  # then it stands as it did
            run = read_run(session, run.id)


def to_read_policies(run_id: str) -> str:
    """The work that fails, in messages: it follows "Cannot"."""
    return f"read the policies of run {run_id}"


def to_read_tasks(run_id: str) -> str:
    """The same for run tasks."""
    return f"read the run tasks of run {run_id}"


class _Looks:
    """The parts of a run, each as it was last read; what is decided is not read again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._evaluations: dict[str, tuple[Evaluation, ...]] = {}
        self._stages: dict[str, StageResults] = {}
        self._running: set[str] = set()
        self._no_policies: dict[str, HcpTerraformError] = {}
        self._no_tasks: dict[str, HcpTerraformError] = {}
        self._cost = NO_COST

    def checks(self, run: Run) -> Checks:
        """All that is known."""
        stages = [*self._stages.values()]
        evaluations = (*self._evaluations.values(), *(each.evaluations for each in stages))
        awaiting = (each.stage for each in stages if each.stage.status == StageStatus.AWAITING_OVERRIDE)
        policies = Policies(
            evaluations=tuple(each for part in evaluations for each in part),
            unread=tuple(self._no_policies.values()),
        )
        tasks = Tasks(
            tasks=tuple(task for each in stages for task in each.tasks),
            awaiting_override=tuple(stage.stage for stage in awaiting),
            unread=tuple(self._no_tasks.values()),
        )
        parts = {
            "policies": not policies.is_decided,
            "run tasks": not tasks.is_decided,
            "the cost estimate": self._cost != NO_COST and _may_change(self._cost),
        }
        unsettled = tuple(name for name, is_open in parts.items() if is_open)
        return Checks(
            run=run,
            policies=policies,
            tasks=tasks,
            cost=self._cost,
            open=unsettled or (("a task stage",) if self._running else ()),
        )

    def look(self, run: Run) -> None:
        """Read what is not decided; what is pending where the run has ended never will be, and is skipped."""
        session, what = self._session, to_read_policies(run.id)
        if run.policy_check_ids:
            self._read_policies("policy-checks", partial(read_policy_checks, session, run.id, what=what), run)
        for stage in self._open_stages(run):
            self._read_stage(stage, run)
        if run.terraform_policy_evaluation_ids:
            self._read_policies("tf-policies", partial(read_terraform_policies, session, run.id, what=what), run)
        self._look_at_cost(run)

    def _read_policies(self, part: str, read: Callable[[], Iterable[Evaluation]], run: Run) -> None:
        known = self._evaluations.get(part)
        if part in self._no_policies or (known is not None and all(each.facts.decided for each in known)):
            return
        try:
            known = tuple(read())
        except HcpTerraformError as error:
            if known is None:
                self._no_policies[part] = error
                return
        self._evaluations[part] = tuple(_skipped(known)) if run.facts.gave_up else known

    def _open_stages(self, run: Run) -> Iterator[TaskStage]:
        """The stages that are not settled yet."""
        stages = run.task_stages
        if stages is None and {*run.task_stage_ids} - self._settled and "task-stages" not in self._no_tasks:
            what = f"read the task stages of run {run.id}"
            try:
                stages = read_task_stages(self._session, run.id, what=what)
            except HcpTerraformError as error:
                if not self._stages:
                    self._no_policies["task-stages"] = self._no_tasks["task-stages"] = error
        for stage in stages or ():
            if stage.id not in self._settled and stage.counts:
                yield stage

    @property
    def _settled(self) -> set[str]:
        unread = self._no_policies.keys() | self._no_tasks.keys()
        return {*unread, *self._stages} - self._running

    def _read_stage(self, stage: TaskStage, run: Run) -> None:
        try:
            read = read_stage(self._session, stage.id, what=_to_read_stage(stage, run.id))
        except HcpTerraformError as error:
            if stage.id in self._stages:
                read = self._stages[stage.id]
            else:
                if stage.may_have_policies or stage.has_tasks is False:
                    self._no_policies[stage.id] = error
                if stage.has_tasks is not False:
                    self._no_tasks[stage.id] = error
                return
        has_ended = read.stage.facts.ended or run.facts.gave_up
        if has_ended:
            tasks, evaluations = tuple(_skipped_tasks(read.tasks)), tuple(_skipped(read.evaluations))
            read = replace(read, tasks=tasks, evaluations=evaluations)
        is_decided = all(each.facts.decided for each in read.tasks)
        is_decided &= all(each.facts.decided for each in read.evaluations)
        self._stages[stage.id] = read
        # More may come into a stage that runs, policies above all, though it says that it has none.
        if has_ended or (is_decided and not read.stage.facts.runs):
            self._running.discard(stage.id)
        else:
            self._running.add(stage.id)

    def _look_at_cost(self, run: Run) -> None:
        if run.cost_estimate_id is None or not _may_change(self._cost):
            return
        try:
            estimate = run.cost_estimate or read_cost_estimate(self._session, run.cost_estimate_id, run_id=run.id)
        except HcpTerraformError as error:
            if self._cost == NO_COST:
                self._cost = Unknown(error)
            return
        if run.facts.gave_up and not estimate.facts.decided:
            estimate = replace(estimate, status=CostStatus.SKIPPED)
        self._cost = Known(estimate)


def _to_read_stage(stage: TaskStage, run_id: str) -> str:
    if stage.has_tasks is False:
        return to_read_policies(run_id)
    return to_read_tasks(run_id) if stage.has_evaluations is False else f"read the task stages of run {run_id}"


def _may_change(cost: Said[CostEstimate | None]) -> bool:
    return isinstance(cost, Known) and (cost.value is None or not cost.value.facts.decided)


def _skipped(evaluations: Iterable[Evaluation]) -> Iterator[Evaluation]:
    """The evaluations where nothing is evaluated any more.

    Source: hashicorp/terraform, internal/cloud: partitionPolicyEvaluations, and checkPolicy for policy checks.
    """
    for each in evaluations:
        yield each if each.facts.decided else replace(each, status=PolicyStatus.SKIPPED)


def _skipped_tasks(tasks: Iterable[Task]) -> Iterator[Task]:
    """The same for run tasks (partitionTaskResults)."""
    for each in tasks:
        yield each if each.facts.decided else replace(each, status=TaskStatus.SKIPPED)
