"""The results of the run tasks in a stage that has failed.

Sources: HCP Terraform API docs, "Run Task Stages and Results", and go-tfe's OpenAPI file for the name of the include.
"""

from collections.abc import Iterator

from msgspec import Struct

from tfc_plan_comment.findings.tasks import FailedTask
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import Many, One, ToMany, Unread, path_of
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.statuses import StageStatus

ENDED_BY_TASKS = {StageStatus.FAILED, StageStatus.ERRORED}
FAILED = {"failed", "errored"}


class _StageAttributes(Struct, frozen=True):
    status: str | None = None


class _StageRelationships(Struct, frozen=True, rename="kebab"):
    task_results: ToMany | None = None


class _Attributes(Struct, frozen=True, rename="kebab"):
    task_name: str | None = None
    status: str | None = None
    message: str | None = None
    workspace_task_enforcement_level: str | None = None


class _Included(Struct):
    type: str
    attributes: _Attributes | None = None


class _Stage(One[_StageAttributes, Unread]):
    included: tuple[_Included, ...] | None = None


def read_failed_tasks(session: Session, run_id: str) -> tuple[FailedTask, ...]:
    """The mandatory tasks that failed: by one request, and one for each stage that failed and has tasks.

    Raises HcpTerraformError.
    """
    what = to_read(run_id)
    path = path_of("runs", run_id, "task-stages")
    stages = session.read(path, Many[_StageAttributes, _StageRelationships], what=what).data
    failed: list[FailedTask] = []
    for stage in stages:
        results = stage.relationships.task_results if stage.relationships else None
        has_tasks = results is None or results.data != []
        if has_tasks and StageStatus.of(stage.attributes.status or "") in ENDED_BY_TASKS:
            path = f"{path_of('task-stages', stage.id)}?include=task_results"
            failed += _failed(session.read(path, _Stage, what=what).included or ())
    return tuple(failed)


def to_read(run_id: str) -> str:
    """The work that fails, in messages: it follows "Cannot"."""
    return f"read the run tasks of run {run_id}"


def _failed(included: tuple[_Included, ...]) -> Iterator[FailedTask]:
    for each in included:
        result = each.attributes or _Attributes()
        # The type is written in both ways (go-tfe's OpenAPI file); a level that is unknown may end a run.
        is_result = each.type.replace("_", "-") == "task-results"
        if is_result and result.status in FAILED and result.workspace_task_enforcement_level != "advisory":
            yield FailedTask(
                name=result.task_name or "", status=one_line(result.status or ""), message=result.message or ""
            )
