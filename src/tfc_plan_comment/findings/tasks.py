"""The run tasks of a run: what each service found, which of it stops the run, and the sentence that counts them.

Statuses and levels stand in one table each. One that we have never heard of is a row as well: a level that stops the
run, and a status that is not decided yet and is shown as it is.
Sources: HCP Terraform API docs, "Run Task Stages and Results", and "Run States and Stages": if a mandatory task fails,
the run skips to completion; an advisory one only warns. hashicorp/terraform, internal/cloud: partitionTaskResults, for
what is pending in a stage that has ended.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from tfc_plan_comment.errors import in_brief
from tfc_plan_comment.unprinted import Unprinted


class TaskStatus(StrEnum):
    """The status of a task's result."""

    PENDING = "pending"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    ERRORED = "errored"
    CANCELED = "canceled"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped: the run ended"
    """Our own word for what is not decided where the run, or its stage, has ended: it never will be."""
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, _: object) -> "TaskStatus":
        return cls.UNKNOWN


class TaskStatusFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Once `decided` it stays as it is; before that it may not have `begun`. `failed` says that it did not pass.

    Where `no_result` is given, nobody knows what the task would have found, and this counts it.
    """

    decided: bool = True
    begun: bool = True
    failed: bool = False
    no_result: str = ""


STATUSES: Mapping[TaskStatus, TaskStatusFacts] = {
    TaskStatus.PENDING: TaskStatusFacts(decided=False, begun=False),
    TaskStatus.RUNNING: TaskStatusFacts(decided=False),
    TaskStatus.PASSED: TaskStatusFacts(),
    TaskStatus.FAILED: TaskStatusFacts(failed=True),
    TaskStatus.ERRORED: TaskStatusFacts(failed=True),
    TaskStatus.CANCELED: TaskStatusFacts(no_result="canceled"),
    TaskStatus.UNREACHABLE: TaskStatusFacts(no_result="skipped"),
    TaskStatus.SKIPPED: TaskStatusFacts(no_result="skipped"),
    TaskStatus.UNKNOWN: TaskStatusFacts(decided=False),
}


class TaskLevel(StrEnum):
    """The enforcement level of a task; one that is not known may stop the run."""

    MANDATORY = "mandatory"
    ADVISORY = "advisory"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, _: object) -> "TaskLevel":
        return cls.UNKNOWN


class Task(Unprinted, frozen=True, kw_only=True):
    """A run task and its result. Status, level and stage are texts as HCP Terraform gives them, or empty.

    `message` and `url` are the service's own, and may hold anything that is in the plan.
    """

    name: str
    status: str
    stage: str = ""
    enforcement_level: str = ""
    message: str = ""
    url: str = ""

    @property
    def facts(self) -> TaskStatusFacts:
        """The facts on its status."""
        return STATUSES[TaskStatus(self.status)]

    @property
    def failed(self) -> bool:
        """True if it did not pass, for whatever reason."""
        return self.facts.failed

    @property
    def stops_run(self) -> bool:
        """True if it failed, and the run does not go on with it unless somebody overrides it."""
        return self.failed and TaskLevel(self.enforcement_level) is not TaskLevel.ADVISORY


class Tasks(msgspec.Struct, frozen=True, kw_only=True):
    """All tasks of a run in the order of their stages, up to the one that the run has come to.

    `awaiting_override` are the stages that wait for somebody to decide. `unread` says why some, or all, could not be
    read: an error for each stage.
    """

    tasks: tuple[Task, ...] = ()
    awaiting_override: tuple[str, ...] = ()
    unread: tuple[Exception, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True if the run has no tasks, which is never said of what could not be read."""
        return not self.tasks and not self.unread

    @property
    def is_decided(self) -> bool:
        """True if nothing that could be read is pending."""
        return all(task.facts.decided for task in self.tasks)

    @property
    def is_known_to_pass(self) -> bool:
        """True if all of them are known, and none stops the run or may have."""
        is_open = any(not task.facts.decided or task.facts.no_result for task in self.tasks)
        return not (self.unread or self.stopping or is_open)

    @property
    def stopping(self) -> tuple[Task, ...]:
        """Those that failed and stop the run."""
        return tuple(task for task in self.tasks if task.stops_run)

    @property
    def warning(self) -> tuple[Task, ...]:
        """Those that failed and do not."""
        return tuple(task for task in self.tasks if task.failed and not task.stops_run)

    @property
    def is_overridable(self) -> bool:
        """True if a stage with a task that stops the run waits for somebody to decide."""
        return any(task.stage in self.awaiting_override for task in self.stopping)

    @property
    def sentence(self) -> str:
        """The outcome in one line: how many passed, how many did not, and what is not known."""
        return ", ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        passed = sum(task.status == TaskStatus.PASSED for task in self.tasks)
        if passed:
            yield f"{passed:,} passed"
        for tasks, level in ((self.stopping, TaskLevel.MANDATORY), (self.warning, TaskLevel.ADVISORY)):
            for status in (TaskStatus.FAILED, TaskStatus.ERRORED):
                if count := sum(task.status == status for task in tasks):
                    yield f"{count:,} {status} ({level})"
        without_result = [task.facts.no_result for task in self.tasks]
        for words in dict.fromkeys(filter(None, without_result)):
            yield f"{without_result.count(words):,} {words}"
        yield from self._undecided_parts()
        if self.unread:
            some = "some " if self.tasks else ""
            yield f"{some}could not be read ({', '.join(dict.fromkeys(map(in_brief, self.unread)))}), see the run"

    def _undecided_parts(self) -> Iterator[str]:
        undecided = [task for task in self.tasks if not task.facts.decided]
        begun = [task for task in undecided if task.facts.begun]
        # A status that we do not know may say more than that nothing is decided.
        statuses = (task.status for task in begun if TaskStatus(task.status) is TaskStatus.UNKNOWN)
        unknown = ", ".join(dict.fromkeys(filter(None, statuses)))
        see = "" if self.unread else ", see the run"
        if waiting := len(undecided) - len(begun):
            yield f"{waiting:,} not started when this was written{'' if begun else see}"
        if begun:
            said = f" ({unknown})" if unknown else ""
            yield f"{len(begun):,} still running when this was written{said}{see}"
