"""The task stages of a run and the results of its run tasks, as HCP Terraform shows them.

Sources: HCP Terraform API docs, "Run Task Stages and Results"; go-tfe's OpenAPI file for what they leave out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

STAGES = ("pre_plan", "post_plan", "pre_apply", "post_apply")
"""In the order in which a run comes to them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskResult:
    """The result of a run task: each time its stage is read it takes the next of the `earlier` statuses, then its own.

    Only then it has its message and its URL.
    """

    name: str
    status: str = "passed"
    earlier: tuple[str, ...] = ()
    enforcement_level: str | None = "mandatory"
    message: str | None = ""
    url: str | None = None
    stage: str = "post_plan"

    def status_at(self, times_read: int) -> str:
        """The status at this look, which is counted from 0."""
        return (*self.earlier, self.status)[min(times_read, len(self.earlier))]


def stage_status(evaluations: Sequence[str], tasks: Iterable[tuple[str, str | None]] = ()) -> str:
    """The status of a stage with evaluations of these statuses and with tasks of these statuses and levels.

    It runs until all have come to an end; an advisory task does not end it.
    """
    tasks = [*tasks]
    statuses = {*evaluations, *(status for status, _ in tasks)}
    if statuses == {"pending"}:
        return "pending"
    if statuses & {"pending", "queued", "running"}:
        return "running"
    decisive = {*evaluations, *(status for status, level in tasks if level != "advisory")}
    return next((each for each in ("errored", "failed", "canceled", "unreachable") if each in decisive), "passed")


def task_stage_document(
    stage_id: str, stage: str, status: str, *, task_ids: Iterable[str], evaluation_ids: Iterable[str]
) -> dict[str, Any]:
    """One of `GET /runs/:id/task-stages`."""
    evaluations = [{"id": each, "type": "policy-evaluations"} for each in evaluation_ids]
    results = [{"id": each, "type": "task-results"} for each in task_ids]
    return {
        "id": stage_id,
        "type": "task-stages",
        "attributes": {
            "stage": stage,
            "status": status,
            "status-timestamps": {"running-at": "2026-03-01T10:00:40+00:00"},
            "created-at": "2026-03-01T10:00:00.000Z",
            "updated-at": "2026-03-01T10:00:55.000Z",
            "permissions": {"can-override-policy": False, "can-override-tasks": False, "can-override": False},
            "actions": {"is-overridable": status == "awaiting_override"},
        },
        "relationships": {"task-results": {"data": results}, "policy-evaluations": {"data": evaluations}},
    }


def task_result_document(result_id: str, result: TaskResult, stage_id: str, times_read: int) -> dict[str, Any]:
    """`GET /task-results/:id`; the URL of the task itself is an internal one."""
    has_come = times_read >= len(result.earlier)
    return {
        "id": result_id,
        "type": "task-results",
        "attributes": {
            "task-id": f"task-{result.name}",
            "task-name": result.name,
            "status": result.status_at(times_read),
            "message": result.message if has_come else None,
            "url": result.url if has_come else None,
            "stage": result.stage,
            "is-speculative": True,
            "task-url": "https://hook.internal/secret",
            "workspace-task-id": f"wstask-{result_id}",
            "workspace-task-enforcement-level": result.enforcement_level,
            "task-result-outcomes-count": 0,
            "status-timestamps": {"running-at": "2026-03-01T10:00:40+00:00"},
            "created-at": "2026-03-01T10:00:00.000Z",
            "updated-at": "2026-03-01T10:00:55.000Z",
        },
        "relationships": {"task-stage": {"data": {"id": stage_id, "type": "task-stages"}}},
    }
