"""The alert on a run that has errored after its plan: the plan looks good, and nobody can apply it.

The names and messages of run tasks are texts of third parties, who saw the plan: they go through its mask, and with a
redacted plan, which does not tell its secrets, the messages are left out.
"""

from collections.abc import Sequence

from tfc_plan_comment.findings.said import Known, NotAsked, Said, Unknown
from tfc_plan_comment.findings.tasks import FailedTask
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.view import NoteView

MOST_TASKS = 5
"""At most this many tasks stand in the alert."""
LONGEST_NAME = 120
LONGEST_MESSAGE = 200
ERRORED = "The run errored after its plan, which cannot be applied"


def note_run_end(tasks: Said[tuple[FailedTask, ...]], summary: PlanSummary) -> NoteView:
    """The reason, if it is a run task, and what is known if not."""
    match tasks:
        case Known(failed) if failed:
            message = f"{ERRORED}: {_failed(failed, summary)}."
        case Unknown() as unknown:
            message = f"{ERRORED}. Its run tasks {unknown.sentence}."
        case Known() | NotAsked():
            message = f"{ERRORED}; the run shows why."
    return NoteView(kind="CAUTION", message=message)


def _failed(tasks: Sequence[FailedTask], summary: PlanSummary) -> str:
    what = "1 mandatory run task" if len(tasks) == 1 else f"{len(tasks):,} mandatory run tasks"
    names = ", ".join(_name(task, summary) for task in tasks[:MOST_TASKS])
    more = f" and {len(tasks) - MOST_TASKS:,} more" if len(tasks) > MOST_TASKS else ""
    return f"{what} failed: {names}{more}"


def _name(task: FailedTask, summary: PlanSummary) -> str:
    name = _cut(summary.mask.text(task.name), LONGEST_NAME) or "a task without a name"
    message = "" if summary.plan.is_redacted else _cut(summary.mask.text(task.message), LONGEST_MESSAGE)
    return f"{name} (“{message}”)" if message else name


def _cut(text: str, longest: int) -> str:
    shown = visible(" ".join(text.split()))
    return shown if len(shown) <= longest else f"{shown[:longest]}…"
