"""The run tasks in the report: the lines on those that failed, and the section with all of them.

Names, messages and links are texts of third parties, who saw the plan: they go through its mask, and with a redacted
plan, which does not tell its secrets, messages and links are left out.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from msgspec.structs import replace

from tfc_plan_comment.findings.said import Known, NotAsked, Said, Unknown
from tfc_plan_comment.findings.tasks import Task, TaskLevel, Tasks, TaskStatus
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, Piece, Voice, join, say, say_text
from tfc_plan_comment.report.lines.citing import cite, put_below, shorten
from tfc_plan_comment.report.lines.line import Limits, Line
from tfc_plan_comment.report.model import Section
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.view import TasksView, TaskView

MOST_TASKS = 5
"""At most this many tasks have a line in an alert; the rest is counted, and stands in the section."""
LONGEST_NAME = 120
LONGEST_STATUS = 60
LONGEST_MESSAGE = 200
LONGEST_URL = 1_000
"""A link that is longer is left out."""
DETAILS = "details"
"""The words of the link to a service's page."""
NO_NAME = "a task without a name"
STAGES = {"pre_plan": "before the plan", "post_plan": "after the plan"}
STAGES |= {"pre_apply": "before the apply", "post_apply": "after the apply"}


def shown_tasks(said: Said[Tasks], summary: PlanSummary) -> Tasks | None:
    """The tasks without a secret of the plan in any text; None if there are none, or nobody asked for them."""
    match said:
        case Known(tasks):
            masked = tuple(_masked_task(task, summary) for task in tasks.tasks)
            return None if tasks.is_empty else replace(tasks, tasks=masked)
        case Unknown(why):  # the log says all of it
            return Tasks(unread=(why,))
        case NotAsked():
            return None


def view_tasks(tasks: Tasks) -> TasksView:
    """The tasks as a template takes them."""
    return TasksView(
        sentence=tasks.sentence,
        decided=tasks.is_decided,
        all=tuple(
            TaskView(
                name=task.name,
                stage=task.stage,
                status=str(task.status),
                enforcement_level=task.enforcement_level,
                message=task.message,
                url=task.url,
            )
            for task in tasks.tasks
        ),
        awaiting_override=tasks.awaiting_override,
        unread=bool(tasks.unread),
    )


def is_page(url: str) -> bool:
    """True if it leads to a web page by https.

    A user in front of the host would be a credential, or make one host look like another.
    """
    if len(url) > LONGEST_URL or visible(url) != url or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def stopping_lines(tasks: Tasks) -> Iterator[Cell]:
    """The lines on the tasks that stop the run."""
    yield from _lines(tasks.stopping)
    if tasks.is_overridable:
        yield say("The run waits for somebody to decide: this can be overridden.")


def warning_lines(tasks: Tasks) -> Iterator[Cell]:
    """The lines on those that failed and do not."""
    yield from _lines(tasks.warning)


def tasks_section(tasks: Tasks, limits: Limits, room: int) -> Section | None:
    """All of them, by their stages, with what each says; nothing where all passed without a word."""
    if not any(task.message or task.url or task.status != TaskStatus.PASSED for task in tasks.tasks):
        return None
    cited = [[*cite("│", task.message, limits), *cite("│", task.url, limits)] for task in tasks.tasks]
    lines = put_below([_head(task) for task in tasks.tasks], cited, room)
    return Section(title=say("Run tasks: ") + say_text(tasks.sentence), lines=lines)


def _masked_task(task: Task, summary: PlanSummary) -> Task:
    """Statuses and levels that we know are words of ours, and never masked: the verdict depends on them."""
    mask, status, level = summary.mask, task.status, task.enforcement_level
    is_redacted = summary.plan.is_redacted
    return replace(
        task,
        name=shorten(mask.text(task.name), LONGEST_NAME) or NO_NAME,
        status=shorten(mask.text(status), LONGEST_STATUS) if TaskStatus(status) is TaskStatus.UNKNOWN else status,
        stage=task.stage if task.stage in STAGES else shorten(mask.text(task.stage), LONGEST_STATUS),
        enforcement_level=(
            shorten(mask.text(level), LONGEST_STATUS) if TaskLevel(level) is TaskLevel.UNKNOWN else level
        ),
        message="" if is_redacted else mask.text(task.message).strip(),
        url="" if is_redacted else _safe_url(task.url, mask),
    )


def _safe_url(url: str, mask: Mask) -> str:
    """The link, if it leads to a web page and nothing in it is hidden; else nothing."""
    return url if is_page(url) and mask.text(url) == url else ""


def _lines(tasks: Sequence[Task]) -> Iterator[Cell]:
    named = tasks if len(tasks) <= MOST_TASKS + 1 else tasks[:MOST_TASKS]
    yield from map(_line, named)
    if more := len(tasks) - len(named):
        yield say(f"and {more:,} more, see below")


def _line(task: Task) -> Cell:
    """`Run task Snyk (advisory) failed: “1 high issue”, details`."""
    level = say(" (") + say_text(task.enforcement_level) + say(")") if task.enforcement_level else EMPTY
    said = [say("“") + say_text(message) + say("”")] if (message := shorten(task.message, LONGEST_MESSAGE)) else []
    if task.url:
        said.append(Cell((Piece(DETAILS, Voice.WORDS, url=task.url),)))
    why = say(": ") + join(said, ", ") if said else EMPTY
    name = Cell((Piece(task.name, Voice.TEXT, bold=True),))
    return say("Run task ") + name + level + say(f" {task.status}") + why


def _head(task: Task) -> Line:
    level = f" ({task.enforcement_level})" if task.enforcement_level else ""
    stage = f", {STAGES.get(task.stage, task.stage)}" if task.stage else ""
    marker = " " if task.status == TaskStatus.PASSED else "!"
    return Line(f"{task.name}: {task.status}{level}{stage}", marker)
