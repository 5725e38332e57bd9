"""The task stages of a run: its run tasks, and its policy evaluations (OPA, and Sentinel in agents).

A run has at most four of them. One request reads a stage with all that is in it; what does not come along, for a host
may not know what we ask to be included, is read by itself.
Sources: HCP Terraform API docs, "Run Task Stages and Results" and "Policy Evaluations"; go-tfe's OpenAPI file for the
names that `include` takes, which the docs write with hyphens.
"""

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from tfc_plan_comment.errors import NotVisible, UnexpectedAnswer
from tfc_plan_comment.findings.policies import Evaluation
from tfc_plan_comment.findings.policies import Status as PolicyStatus
from tfc_plan_comment.findings.tasks import Task, TaskStatus
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import Many, One, ToMany, Unread, ids_of, path_of
from tfc_plan_comment.hcp_terraform.policy_counts import Counts
from tfc_plan_comment.hcp_terraform.policy_outcomes import add_details, page_query
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.statuses import StageFacts, StageStatus

INCLUDE = "task_results,policy_evaluations"
OF_APPLY = frozenset({"pre_apply", "post_apply"})
NOT_BEGUN = frozenset({StageStatus.PENDING, StageStatus.UNREACHABLE})


class TaskStage(msgspec.Struct, frozen=True, kw_only=True):
    """A task stage. `has_tasks` and `has_evaluations` are None where that is not said."""

    id: str
    stage: str
    status: str
    has_tasks: bool | None = None
    has_evaluations: bool | None = None

    @property
    def facts(self) -> StageFacts:
        """The facts on its status."""
        return StageStatus.of(self.status).facts

    @property
    def may_have_policies(self) -> bool:
        """True if there are policy evaluations in it; where it does not say, they belong after the plan."""
        return self.stage == "post_plan" if self.has_evaluations is None else self.has_evaluations

    @property
    def counts(self) -> bool:
        """False if it belongs to an apply that has not come to it, or if it says that nothing is in it."""
        is_to_come = self.stage in OF_APPLY and StageStatus.of(self.status) in NOT_BEGUN
        is_empty = self.has_tasks is False and self.has_evaluations is False and not self.facts.runs
        return not is_to_come and not is_empty


class StageResults(msgspec.Struct, frozen=True, kw_only=True):
    """A task stage, and what is in it."""

    stage: TaskStage
    tasks: tuple[Task, ...]
    evaluations: tuple[Evaluation, ...]


class StageAttributes(Struct, frozen=True):
    """The attributes of a task stage that we read."""

    stage: str | None = None
    status: str | None = None


class StageRelationships(Struct, frozen=True, rename="kebab"):
    """The parts of a task stage."""

    task_results: ToMany | None = None
    policy_evaluations: ToMany | None = None


class _Attributes(Struct, frozen=True, rename="kebab"):
    """The attributes of a task's result, and of a policy evaluation, of which each has its own."""

    status: str | None = None
    task_name: str | None = None
    message: str | None = None
    url: str | None = None
    workspace_task_enforcement_level: str | None = None
    result_count: Counts | None = None


class _Included(Struct):
    type: str
    id: str = ""
    attributes: _Attributes | None = None


class _Stage(One[StageAttributes, StageRelationships]):
    included: tuple[_Included, ...] | None = None

    def find(self, kind: str) -> dict[str, _Attributes]:
        """What came along, by its id; the type is written in both ways (go-tfe's OpenAPI file)."""
        found = (each for each in self.included or () if each.type.replace("_", "-") == kind)
        return {each.id: each.attributes or _Attributes() for each in found}


def read_task_stages(session: Session, run_id: str, *, what: str) -> tuple[TaskStage, ...]:
    """The stages of a run whose own answer does not tell of them, with one request. Raises HcpTerraformError."""
    path = path_of("runs", run_id, "task-stages")
    data = session.read(path, Many[StageAttributes, StageRelationships], what=what).data
    return tuple(task_stage(each.id, each.attributes, each.relationships) for each in data)


def task_stage(stage_id: str, attributes: StageAttributes, related: StageRelationships | None) -> TaskStage:
    """The stage with these attributes."""
    related = related or StageRelationships()
    return TaskStage(
        id=stage_id,
        stage=one_line(attributes.stage or ""),
        status=one_line(attributes.status or ""),
        has_tasks=_has_any(related.task_results),
        has_evaluations=_has_any(related.policy_evaluations),
    )


def read_stage(session: Session, stage_id: str, *, what: str) -> StageResults:
    """The stage with all that is in it. Raises HcpTerraformError."""
    path = path_of("task-stages", stage_id)
    try:
        document = session.read(f"{path}?include={INCLUDE}", _Stage, what=what)
    except UnexpectedAnswer as error:
        if error.brief != "400":
            raise
        document = session.read(path, _Stage, what=what)
    stage = task_stage(document.data.id, document.data.attributes, document.data.relationships)
    return StageResults(
        stage=stage,
        tasks=tuple(_tasks(session, document, stage.stage, what=what)),
        evaluations=tuple(_evaluations(session, document, stage, what=what)),
    )


def _has_any(relationship: ToMany | None) -> bool | None:
    return None if relationship is None or relationship.data is None else bool(relationship.data)


def _tasks(session: Session, document: _Stage, stage: str, *, what: str) -> Iterator[Task]:
    """The results in the order of the stage."""
    results = document.find("task-results")
    ids = ids_of(document.data.relationships.task_results) if document.data.relationships else ()
    for result_id in dict.fromkeys((*ids, *results)):
        result = results.get(result_id)
        if result is None:
            path = path_of("task-results", result_id)
            result = session.read(path, One[_Attributes, Unread], what=what).data.attributes
        yield Task(
            name=result.task_name or "",
            status=one_line(result.status or TaskStatus.UNKNOWN),
            stage=stage,
            enforcement_level=result.workspace_task_enforcement_level or "",
            message=result.message or "",
            url=result.url or "",
        )


def _evaluations(session: Session, document: _Stage, stage: TaskStage, *, what: str) -> Iterator[Evaluation]:
    """The evaluations with their details; there is one for each kind of policies."""
    found = document.find("policy-evaluations")
    if not found and stage.may_have_policies:
        found = _list_evaluations(session, stage, what=what)
    for evaluation_id, attributes in found.items():
        counts = attributes.result_count or Counts()
        evaluation = Evaluation(
            id=evaluation_id,
            status=one_line(attributes.status or PolicyStatus.UNKNOWN),
            passed=counts.passed or 0,
            failed=counts.failed,
            errored=counts.errored or 0,
        )
        path = path_of("policy-evaluations", evaluation_id, "policy-set-outcomes")
        yield add_details(session, evaluation, path, what=what)


def _list_evaluations(session: Session, stage: TaskStage, *, what: str) -> dict[str, _Attributes]:
    """The evaluations by their ids, by themselves; a host whose stages do not speak of them may not have the list."""
    path = f"{path_of('task-stages', stage.id, 'policy-evaluations')}?{page_query(1)}"
    try:
        listed = session.read(path, Many[_Attributes, Unread], what=what).data
    except NotVisible:
        if stage.has_evaluations:
            raise
        return {}
    return {each.id: each.attributes for each in listed}
