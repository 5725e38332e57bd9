"""The run: who it belongs to, what it is for, and which plan it has; alone, and as lists have it.

Source: HCP Terraform API docs, "Runs", and go-tfe's OpenAPI file for the names that `include` takes.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
from msgspec import Struct

from tfc_plan_comment.errors import HcpTerraformError, UnexpectedAnswer
from tfc_plan_comment.findings.apply import Phase
from tfc_plan_comment.findings.cost import CostEstimate
from tfc_plan_comment.hcp_terraform.cost_estimates import cost_estimate_of
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import Many, One, Resource, ToMany, ToOne, id_of, ids_of, path_of
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.statuses import RunFacts, RunStatus, in_words
from tfc_plan_comment.hcp_terraform.task_stages import StageAttributes, StageRelationships, TaskStage, task_stage

INCLUDE = "workspace,configuration_version.ingress_attributes"
INCLUDE_CHECKS = "task_stages,cost_estimate"
"""The related resources that we want of a single run as well."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A run of a workspace. What an answer leaves out is None, or False where the API's default is false."""

    id: str
    status: str
    url: str | None  # of its page; None where the answer does not say whose it is
    organization: str | None
    workspace: str | None
    plan_id: str | None
    message: str | None
    commit_sha: str | None  # of the configuration, where it comes from version control
    pull_request_number: int | None = None
    """That of the pull request for which HCP Terraform started it."""
    repository: str | None = None
    """`owner/name`, as version control calls it."""
    created_at: str | None = None
    """The moment when it was made, such as `2026-03-01T10:00:00.000Z`."""
    working_directory: str | None = None
    """That of the workspace, in the repository or the upload; empty for its root, None if nothing says it."""
    terraform_version: str | None
    is_destroy: bool = False
    is_refresh_only: bool = False
    is_plan_only: bool = False
    applies_by_itself: bool = False
    """Nobody will be asked to confirm it: it is no plan-only run, and set to apply (API docs, "Runs": `auto-apply`)."""
    saves_plan: bool = False
    """Its plan is kept until somebody applies it (API docs, "Runs": `save-plan`)."""
    replace_addrs: tuple[str, ...] = ()
    """The addresses that it was asked to replace."""
    target_addrs: tuple[str, ...] = ()
    """The addresses that the plan is limited to; none where it is not."""
    policy_check_ids: tuple[str, ...]
    task_stage_ids: tuple[str, ...]
    terraform_policy_evaluation_ids: tuple[str, ...]
    task_stages: tuple[TaskStage, ...] | None = None
    """None where the answer has only their ids."""
    cost_estimate_id: str | None = None
    cost_estimate: CostEstimate | None = None
    """None where there is none, or only its id is known."""
    is_confirmable: bool = False
    """Somebody may confirm it now (API docs, "Runs": `actions`)."""
    apply_id: str | None = None

    @property
    def created(self) -> datetime | None:
        """The same as a time; None if it cannot be compared with others."""
        try:
            time = datetime.fromisoformat(self.created_at or "")
        except ValueError:
            return None
        return time if time.tzinfo else None

    @property
    def state(self) -> str:
        """Its status as it follows "the run is": `planning`, `waiting for a decision`."""
        return self.facts.words or in_words(self.status)

    @property
    def standing(self) -> str:
        """Its state as it is shown beside its plan: `applied`, `waits for confirmation`; nothing while it moves on."""
        if self.facts.confirmable:
            return self.facts.confirmable if self.is_confirmable else ""
        return self.facts.words if self.facts.shows else ""

    @property
    def phase(self) -> Phase:
        """How far beyond its plan it has come; one that only plans has nothing to apply."""
        return Phase.BEFORE if self.is_plan_only else self.facts.phase

    @property
    def moves_on(self) -> bool:
        """True if it may soon have another status, without anybody doing anything."""
        return not self.standing and self.status != RunStatus.PLANNED_AND_FINISHED

    @property
    def has_ended(self) -> bool:
        """True if nothing more comes of it."""
        return self.facts.gave_up or self.status in {RunStatus.APPLIED, RunStatus.PLANNED_AND_FINISHED}

    @property
    def facts(self) -> RunFacts:
        """The facts on its status."""
        return RunStatus.of(self.status).facts

    @property
    def may_have_tasks(self) -> bool:
        """False if none of its task stages has run tasks, as far as they say."""
        if self.task_stages is None:
            return bool(self.task_stage_ids)
        return any(stage.has_tasks is not False for stage in self.task_stages)

    @property
    def is_asked_to_destroy_all(self) -> bool:
        """True if it was asked to destroy everything, and not only some targets."""
        return self.is_destroy and not self.target_addrs


class _Actions(Struct, rename="kebab"):
    is_confirmable: bool | None = None


class _Attributes(Struct, rename="kebab"):
    status: str
    created_at: str | None = None
    actions: _Actions | None = None
    message: str | None = None
    terraform_version: str | None = None
    is_destroy: bool | None = None
    refresh_only: bool | None = None
    auto_apply: bool | None = None
    plan_only: bool | None = None
    save_plan: bool | None = None
    replace_addrs: tuple[str, ...] | None = None
    target_addrs: tuple[str, ...] | None = None


class _Relationships(Struct, frozen=True, rename="kebab"):
    plan: ToOne | None = None
    apply: ToOne | None = None
    workspace: ToOne | None = None
    configuration_version: ToOne | None = None
    policy_checks: ToMany | None = None
    task_stages: ToMany | None = None
    tf_policy_evaluations: ToMany | None = None
    cost_estimate: ToOne | None = None


class _IncludedAttributes(StageAttributes, frozen=True, rename="kebab"):
    """The attributes that we want of the resources that come along: a workspace's name, an ingress' commit."""

    name: str | None = None
    working_directory: str | None = None
    commit_sha: str | None = None
    pull_request_number: int | None = None
    identifier: str | None = None


class _IncludedRelationships(StageRelationships, frozen=True, rename="kebab"):
    organization: ToOne | None = None
    ingress_attributes: ToOne | None = None


class _Included(Struct):
    type: str
    id: str = ""
    attributes: msgspec.Raw = msgspec.Raw(b"null")
    relationships: _IncludedRelationships | None = None

    @property
    def says(self) -> _IncludedAttributes:
        """Its attributes, as far as it has any that make sense: what comes along must not cost us the run."""
        try:
            said = msgspec.json.decode(self.attributes, type=_IncludedAttributes | None)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            said = None
        return said or _IncludedAttributes()

    @property
    def points_to(self) -> _IncludedRelationships:
        """Its relationships, of which it may have none."""
        return self.relationships or _IncludedRelationships()


class _Document(One[_Attributes, _Relationships]):
    included: tuple[_Included, ...] | None = None

    def find(self, kind: str, resource_id: str | None) -> _Included:
        """What comes along with that id; the only one of its type where there is no id to know it by."""
        of_type = [each for each in self.included or () if each.type == kind]
        found = [each for each in of_type if resource_id and each.id == resource_id]
        return next(iter(found or (of_type if len(of_type) == 1 else [])), _Included(type=kind))


class _ListDocument(Many[_Attributes, _Relationships]):
    included: tuple[_Included, ...] | None = None


class _Along(msgspec.Struct, frozen=True):
    """The resources that come along with a list, by type and id: there are several of each type."""

    resources: Mapping[tuple[str, str], _Included]

    def find(self, kind: str, resource_id: str | None) -> _Included:
        return self.resources.get((kind, resource_id or ""), _Included(type=kind))

    def has_all_of(self, run: Resource[_Attributes, _Relationships]) -> bool:
        """True if there is all that the run points to, as far as we want to know it."""
        related = run.relationships or _Relationships()
        configuration_id = id_of(related.configuration_version)
        ingress_id = id_of(self.find("configuration-versions", configuration_id).points_to.ingress_attributes)
        wanted = {("workspaces", id_of(related.workspace) or "")}
        wanted |= {("configuration-versions", configuration_id)} if configuration_id else set()
        wanted |= {("ingress-attributes", ingress_id)} if ingress_id else set()
        return wanted <= self.resources.keys()


class _WorkspaceDocument(Struct):
    data: _Included


def read_run(session: Session, run_id: str) -> Run:
    """The run, with one request.

    A host that does not know what we ask to be included refuses all of it, as Terraform expects of older Terraform
    Enterprise (hashicorp/terraform, internal/cloud/backend_taskStages.go): it is asked again for less, and in the end
    without, and then for the workspace.

    Raises:
        NotVisible: there is no such run, or the token may not read it.
        HcpTerraformError: no usable answer.
    """
    path, what = path_of("runs", run_id), f"read run {run_id}"
    for include in (f"{INCLUDE},{INCLUDE_CHECKS}", INCLUDE):
        try:
            document = session.read(f"{path}?include={include}", _Document, what=what)
            return _run(session, document.data, document.find)
        except UnexpectedAnswer as error:
            if error.brief != "400":
                raise
    document = _with_workspace(session, session.read(path, _Document, what=what), what=what)
    return _run(session, document.data, document.find)


def read_page_of_runs(session: Session, path: str, *, what: str) -> tuple[tuple[Run | str, ...], int | None]:
    """The runs on a page of a list, and the number of the next page; `path` is the list's, with its query.

    Of a run there is only the id if the list does not tell all that `read_run` gives: the OpenAPI file has no `include`
    for lists, and a host that knows none may refuse it.

    Raises:
        NotVisible: there is no such list, or the token may not read it.
        HcpTerraformError: no usable answer.
    """
    try:
        document = session.read(f"{path}&include={INCLUDE}", _ListDocument, what=what)
    except UnexpectedAnswer as error:
        if error.brief != "400":
            raise
        document = session.read(path, _ListDocument, what=what)
    along = _Along({(each.type, each.id): each for each in document.included or ()})
    runs = (_run(session, each, along.find) if along.has_all_of(each) else each.id for each in document.data)
    return tuple(runs), document.next_page


def _with_workspace(session: Session, document: _Document, *, what: str) -> _Document:
    """The document with the workspace included, as far as that can be read."""
    workspace_id = id_of(document.data.relationships.workspace) if document.data.relationships else None
    if workspace_id is None:
        return document
    try:
        workspace = session.read(path_of("workspaces", workspace_id), _WorkspaceDocument, what=what).data
    except HcpTerraformError:
        return document
    return _Document(data=document.data, included=(workspace,))


def _run(
    session: Session, data: Resource[_Attributes, _Relationships], find: Callable[[str, str | None], _Included]
) -> Run:
    """The run, with what `find` has of the resources that came along, by type and id."""
    attributes = data.attributes
    related = data.relationships or _Relationships()
    workspace = find("workspaces", id_of(related.workspace))
    configuration = find("configuration-versions", id_of(related.configuration_version))
    ingress = find("ingress-attributes", id_of(configuration.points_to.ingress_attributes)).says
    estimate = find("cost-estimates", id_of(related.cost_estimate))
    name, organization = workspace.says.name, id_of(workspace.points_to.organization)
    url = None
    if organization and name:
        url = f"{session.origin}/app/{path_of(organization, 'workspaces', name, 'runs', data.id)}"
    return Run(
        id=data.id,
        status=one_line(attributes.status),
        url=url,
        organization=organization,
        workspace=name,
        plan_id=id_of(related.plan),
        message=attributes.message,
        commit_sha=ingress.commit_sha,
        pull_request_number=ingress.pull_request_number,
        repository=ingress.identifier,
        working_directory=workspace.says.working_directory or "" if name else None,
        created_at=attributes.created_at,
        terraform_version=attributes.terraform_version,
        is_destroy=bool(attributes.is_destroy),
        is_refresh_only=bool(attributes.refresh_only),
        is_plan_only=bool(attributes.plan_only),
        applies_by_itself=bool(attributes.auto_apply) and attributes.plan_only is False,
        saves_plan=bool(attributes.save_plan),
        replace_addrs=attributes.replace_addrs or (),
        target_addrs=attributes.target_addrs or (),
        policy_check_ids=ids_of(related.policy_checks),
        task_stage_ids=ids_of(related.task_stages),
        terraform_policy_evaluation_ids=ids_of(related.tf_policy_evaluations),
        task_stages=_stages(ids_of(related.task_stages), find),
        cost_estimate_id=id_of(related.cost_estimate),
        cost_estimate=cost_estimate_of(estimate.attributes),
        is_confirmable=bool(attributes.actions and attributes.actions.is_confirmable),
        apply_id=id_of(related.apply),
    )


def _stages(ids: tuple[str, ...], find: Callable[[str, str | None], _Included]) -> tuple[TaskStage, ...] | None:
    """The task stages that came along; None if not all of them did."""
    found = tuple(find("task-stages", stage_id) for stage_id in ids)
    if tuple(each.id for each in found) != ids:
        return None
    return tuple(task_stage(each.id, each.says, each.points_to) for each in found)
