"""Reads the policies of a run, and waits a little until they are decided.

HCP Terraform checks them after the plan, in two ways, and a run may have both: a policy check (Sentinel, the older way)
belongs to the run, a policy evaluation (OPA, and Sentinel in agents) to the run's post-plan task stage.
Sources: HCP Terraform API docs, "Policy Checks" and "Policy Evaluations".
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec
from msgspec import Struct

from tfc_plan_comment.errors import DeadlineExceeded, UnexpectedAnswer
from tfc_plan_comment.findings.policies import Evaluation, Level, Policies, Policy, Status
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import Many, ToMany, Unread, ids_of, path_of
from tfc_plan_comment.hcp_terraform.runs import Run
from tfc_plan_comment.hcp_terraform.sentinel_result import policies_of, said
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.http.deadline import Deadline

SECONDS_BETWEEN_LOOKS = 2.0
MOST_PAGES = 20
"""At most this many pages of an evaluation are read, each of 100 policy sets."""
_PAGE = 100


def wait_for_policies(session: Session, run: Run, *, until: Deadline) -> Policies:
    """The policies of a run whose plan is finished, once they are decided, or as they are when `until` is over.

    The run is one that was read after its plan, which takes one request: Terraform, too, finds in it then which
    policies there are (hashicorp/terraform, internal/cloud/backend_plan.go).

    Raises:
        NotVisible: the token may not read what belongs to the run.
        DeadlineExceeded: the session's time is over before the first look is.
        HcpTerraformError: no usable answer.
    """
    stage_ids = _stages(session, run)
    policies: Policies | None = None
    while True:
        try:
            policies = _look(session, run, stage_ids)
        except DeadlineExceeded:
            if policies is None:
                raise
            return policies
        if policies.is_decided or until.is_over:
            return policies
        session.sleep(min(SECONDS_BETWEEN_LOOKS, until.left))


def to_read_policies(run_id: str) -> str:
    """The work that fails, in messages: it follows "Cannot"."""
    return f"read the policies of run {run_id}"


class _Counts(Struct, rename="kebab"):
    """The numbers of policies by outcome, as the two kinds count them."""

    passed: int | None = None
    errored: int | None = None
    advisory_failed: int | None = None
    mandatory_failed: int | None = None
    soft_failed: int | None = None
    hard_failed: int | None = None
    sentinel: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def failed(self) -> dict[Level, int]:
        """By enforcement level, what stops a run first."""
        counts = {
            Level.MANDATORY: self.mandatory_failed,
            Level.HARD_MANDATORY: self.hard_failed,
            Level.SOFT_MANDATORY: self.soft_failed,
            Level.ADVISORY: self.advisory_failed,
        }
        return {level: count for level, count in counts.items() if count}


class _Attributes(Struct, rename="kebab"):
    status: str
    result: _Counts | None = None  # of a policy check
    result_count: _Counts | None = None  # of a policy evaluation


class _StageAttributes(Struct, frozen=True):
    stage: str | None = None


class _StageRelationships(Struct, frozen=True, rename="kebab"):
    policy_evaluations: ToMany | None = None


class _Outcome(Struct):
    """The outcome of one policy. These keys are written with underscores."""

    policy_name: str | None = None
    status: str | None = None
    enforcement_level: str | None = None
    description: str | None = None
    output: msgspec.Raw = msgspec.Raw(b"null")


class _SetAttributes(Struct, rename="kebab"):
    policy_set_name: str | None = None
    outcomes: list[_Outcome] | None = None
    error: str | None = None


def _look(session: Session, run: Run, stage_ids: Sequence[str]) -> Policies:
    """The policies as they are now."""
    evaluations = [
        *_checks(session, run),
        *(each for stage in stage_ids for each in _evaluations(session, run, stage)),
    ]
    return Policies(evaluations=tuple(evaluations), has_unread=bool(run.terraform_policy_evaluation_ids))


def _checks(session: Session, run: Run) -> Iterator[Evaluation]:
    """The policy checks of the run: all of them, for the list has pages only if they are asked for."""
    if not run.policy_check_ids:
        return
    path = path_of("runs", run.id, "policy-checks")
    for data in session.read(path, Many[_Attributes, Unread], what=to_read_policies(run.id)).data:
        counts = data.attributes.result or _Counts()
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


def _stages(session: Session, run: Run) -> list[str]:
    """The task stages of the run that have policy evaluations which belong to the plan."""
    if not run.task_stage_ids:
        return []
    path = path_of("runs", run.id, "task-stages")
    stages = session.read(path, Many[_StageAttributes, _StageRelationships], what=to_read_policies(run.id)).data
    return [
        stage.id
        for stage in stages
        if stage.attributes.stage == "post_plan" and _has_evaluations(stage.relationships or _StageRelationships())
    ]


def _has_evaluations(stage: _StageRelationships) -> bool:
    """False if the stage says that it has no policy evaluation; one that says nothing may have one."""
    return stage.policy_evaluations is None or bool(ids_of(stage.policy_evaluations))


def _evaluations(session: Session, run: Run, stage_id: str) -> Iterator[Evaluation]:
    """The policy evaluations of a task stage: one for each kind of policies, so they are all on the first page."""
    path = f"{path_of('task-stages', stage_id, 'policy-evaluations')}?{_page(1)}"
    for data in session.read(path, Many[_Attributes, Unread], what=to_read_policies(run.id)).data:
        counts = data.attributes.result_count or _Counts()
        evaluation = Evaluation(
            id=data.id,
            status=one_line(data.attributes.status),
            passed=counts.passed or 0,
            failed=counts.failed,
            errored=counts.errored or 0,
        )
        if evaluation.facts.decided and not evaluation.all_passed:
            evaluation = replace(evaluation, policies=tuple(_outcomes(session, run, data.id)))
        yield evaluation


def _outcomes(session: Session, run: Run, evaluation_id: str) -> Iterator[Policy]:
    """The policies of an evaluation that did not pass; a set that could not be evaluated at all is one of them.

    What stands on more pages than MOST_PAGES, cannot be read or is not said in time is not named: the evaluation
    counts it all the same.
    """
    for page in range(1, MOST_PAGES + 1):
        path = f"{path_of('policy-evaluations', evaluation_id, 'policy-set-outcomes')}?{_page(page)}"
        try:
            document = session.read(path, Many[_SetAttributes, Unread], what=to_read_policies(run.id))
        except (DeadlineExceeded, UnexpectedAnswer):
            return
        for data in document.data:
            yield from _not_passed(data.attributes)
        if document.meta.pagination.next_page != page + 1:
            return


def _not_passed(policy_set: _SetAttributes) -> Iterator[Policy]:
    name = policy_set.policy_set_name or ""
    if policy_set.error:
        yield Policy(name="", policy_set=name, status=Status.ERRORED, enforcement_level="", output=policy_set.error)
    for outcome in policy_set.outcomes or ():
        if outcome.status != Status.PASSED:
            yield Policy(
                name=outcome.policy_name or "",
                policy_set=name,
                status=one_line(outcome.status or Status.UNKNOWN),
                enforcement_level=outcome.enforcement_level or "",
                description=outcome.description or "",
                output=said(outcome.output),
            )


def _page(number: int) -> str:
    return f"page%5Bnumber%5D={number}&page%5Bsize%5D={_PAGE}"
