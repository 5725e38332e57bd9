"""Reads the policies of a run, and waits a little until they are decided.

HCP Terraform checks them after the plan, in three ways, and a run may have all: a policy check (Sentinel, the older
way) belongs to the run, a policy evaluation (OPA, and Sentinel in agents) to the run's post-plan task stage, and
Terraform policies (beta) to the run again. Each of these parts is read alone: one that cannot be read hides no other.
Sources: HCP Terraform API docs, "Policy Checks" and "Policy Evaluations".
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial

from msgspec import Struct

from tfc_plan_comment.errors import HcpTerraformError
from tfc_plan_comment.findings.policies import Evaluation, Level, Policies, Status
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import Many, ToMany, Unread, ids_of, path_of
from tfc_plan_comment.hcp_terraform.policy_counts import Counts
from tfc_plan_comment.hcp_terraform.policy_outcomes import add_details, page_query
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.hcp_terraform.sentinel_result import policies_of
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.statuses import StageStatus
from tfc_plan_comment.hcp_terraform.terraform_policies import read_terraform_policies
from tfc_plan_comment.http.deadline import Deadline

SECONDS_BETWEEN_LOOKS = 2.0


def wait_for_policies(session: Session, run: Run, *, until: Deadline) -> Policies:
    """The policies of a run whose plan is finished, once they are decided, or as they are when `until` is over.

    The run is one that was read after its plan, which takes one request: Terraform, too, finds in it then which
    policies there are (hashicorp/terraform, internal/cloud/backend_plan.go). Before each further look the run is read
    again: what is pending where it has ended is not waited for. What cannot be read is named as `unread`.
    """
    looks = _Looks(session)
    while True:
        looks.look(run)
        policies = looks.policies
        if policies.is_decided or until.is_over or session.deadline.is_over:
            return policies
        session.sleep(min(SECONDS_BETWEEN_LOOKS, until.left))
        with suppress(HcpTerraformError):  # then it stands as it did
            run = read_run(session, run.id)


def to_read_policies(run_id: str) -> str:
    """The work that fails, in messages: it follows "Cannot"."""
    return f"read the policies of run {run_id}"


class _Attributes(Struct, rename="kebab"):
    status: str
    result: Counts | None = None  # of a policy check
    result_count: Counts | None = None  # of a policy evaluation


class _StageAttributes(Struct, frozen=True):
    stage: str | None = None
    status: str | None = None


class _StageRelationships(Struct, frozen=True, rename="kebab"):
    policy_evaluations: ToMany | None = None


class _Stage(Struct, frozen=True):
    """A task stage that may have policy evaluations."""

    id: str
    has_ended: bool


class _Looks:
    """The parts of a run that have policies, each as it was last read; what is decided is not read again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._evaluations: dict[str, tuple[Evaluation, ...]] = {}
        self._unread: dict[str, HcpTerraformError] = {}

    @property
    def policies(self) -> Policies:
        """All of them."""
        evaluations = tuple(each for part in self._evaluations.values() for each in part)
        return Policies(evaluations=evaluations, unread=tuple(self._unread.values()))

    def look(self, run: Run) -> None:
        """Read what is not decided; what is pending where the run has ended never will be, and is skipped."""
        session, what = self._session, to_read_policies(run.id)
        if run.policy_check_ids:
            self._read("policy-checks", partial(_checks, session, run), has_ended=run.facts.gave_up)
        if run.task_stage_ids and not self._is_settled("task-stages"):
            for stage in self._stages(run):
                has_ended = stage.has_ended or run.facts.gave_up
                self._read(stage.id, partial(_evaluations, session, stage.id, what), has_ended=has_ended)
        if run.terraform_policy_evaluation_ids:
            read = partial(read_terraform_policies, session, run.id, what=what)
            self._read("tf-policies", read, has_ended=run.facts.gave_up)

    def _stages(self, run: Run) -> tuple[_Stage, ...]:
        """The stages of which something is not decided."""
        try:
            stages = tuple(_stages(self._session, run))
        except HcpTerraformError as error:
            if not self._evaluations.keys() & set(run.task_stage_ids):
                self._unread["task-stages"] = error
            return ()
        open_stages = tuple(stage for stage in stages if not self._is_settled(stage.id))
        if not open_stages:
            self._evaluations["task-stages"] = ()
        return open_stages

    def _read(self, part: str, read: Callable[[], Iterable[Evaluation]], *, has_ended: bool) -> None:
        if self._is_settled(part):
            return
        try:
            evaluations = tuple(read())
        except HcpTerraformError as error:
            if part not in self._evaluations:
                self._unread[part] = error
                return
            evaluations = self._evaluations[part]
        self._evaluations[part] = tuple(map(_skipped, evaluations)) if has_ended else evaluations

    def _is_settled(self, part: str) -> bool:
        known = self._evaluations.get(part)
        return part in self._unread or (known is not None and all(each.facts.decided for each in known))


def _skipped(evaluation: Evaluation) -> Evaluation:
    """The evaluation where nothing is evaluated any more.

    Source: hashicorp/terraform, internal/cloud: partitionPolicyEvaluations, and checkPolicy for policy checks.
    """
    return evaluation if evaluation.facts.decided else replace(evaluation, status=Status.SKIPPED)


def _checks(session: Session, run: Run) -> Iterator[Evaluation]:
    """The policy checks of the run: all of them, for the list has pages only if they are asked for."""
    path = path_of("runs", run.id, "policy-checks")
    for data in session.read(path, Many[_Attributes, Unread], what=to_read_policies(run.id)).data:
        counts = data.attributes.result or Counts()
        failed = counts.failed
        # A check does not say which of its policies are soft-mandatory, only how many of them failed.
        levels = [level for level in failed if level.facts.stops_run]
        mandatory = levels[0] if len(levels) == 1 else Level.MANDATORY
        yield Evaluation(
            id=data.id,
            status=one_line(data.attributes.status),
            passed=counts.passed or 0,
            failed=failed,
            errored=counts.errored or 0,
            policies=tuple(policies_of(counts.sentinel, mandatory)),
        )


def _stages(session: Session, run: Run) -> Iterator[_Stage]:
    """The task stages of the run that have policy evaluations which belong to the plan."""
    path = path_of("runs", run.id, "task-stages")
    stages = session.read(path, Many[_StageAttributes, _StageRelationships], what=to_read_policies(run.id)).data
    for stage in stages:
        relationships = stage.relationships or _StageRelationships()
        if stage.attributes.stage == "post_plan" and _has_evaluations(relationships):
            yield _Stage(stage.id, has_ended=StageStatus.of(stage.attributes.status or "").facts.ended)


def _has_evaluations(stage: _StageRelationships) -> bool:
    """False if the stage says that it has no policy evaluation; one that says nothing may have one."""
    return (
        stage.policy_evaluations is None
        or stage.policy_evaluations.data is None
        or bool(ids_of(stage.policy_evaluations))
    )


def _evaluations(session: Session, stage_id: str, what: str) -> Iterator[Evaluation]:
    """The policy evaluations of a task stage: one for each kind of policies, so they are all on the first page."""
    path = f"{path_of('task-stages', stage_id, 'policy-evaluations')}?{page_query(1)}"
    for data in session.read(path, Many[_Attributes, Unread], what=what).data:
        counts = data.attributes.result_count or Counts()
        evaluation = Evaluation(
            id=data.id,
            status=one_line(data.attributes.status),
            passed=counts.passed or 0,
            failed=counts.failed,
            errored=counts.errored or 0,
        )
        path = path_of("policy-evaluations", data.id, "policy-set-outcomes")
        yield add_details(session, evaluation, path, what=what)
