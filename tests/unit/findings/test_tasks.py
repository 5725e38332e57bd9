"""The run tasks: what each status and level means, and the sentence that counts them."""

import pytest

from tfc_plan_comment.errors import NotVisible, Unreachable
from tfc_plan_comment.findings.tasks import Task, TaskLevel, Tasks, TaskStatus


def tasks_of(*statuses: str, level: str = "mandatory", unread: tuple[Exception, ...] = ()) -> Tasks:
    """A task for each status."""
    tasks = tuple(Task(name=f"t{n}", status=each, enforcement_level=level) for n, each in enumerate(statuses))
    return Tasks(tasks=tasks, unread=unread)


@pytest.mark.parametrize("status", TaskStatus)
def test_every_status_has_its_facts(status: TaskStatus) -> None:
    """It fails, passes, has no result or is not decided: exactly one of these."""
    facts = Task(name="t", status=status).facts
    assert [facts.failed, status is TaskStatus.PASSED, bool(facts.no_result), not facts.decided].count(True) == 1


@pytest.mark.parametrize(
    ("level", "stops"), [("mandatory", True), ("advisory", False), ("", True), ("something-new", True)]
)
def test_a_level_that_is_not_known_may_stop_the_run(level: str, *, stops: bool) -> None:
    """Only what is known to be advisory does not."""
    failed, passed = (Task(name="t", status=status, enforcement_level=level) for status in ("failed", "passed"))
    assert failed.stops_run is stops
    assert not passed.stops_run
    assert TaskLevel(level) in TaskLevel


@pytest.mark.parametrize(
    ("tasks", "sentence"),
    [
        (tasks_of("passed", "passed"), "2 passed"),
        (tasks_of("passed", "failed", "errored"), "1 passed, 1 failed (mandatory), 1 errored (mandatory)"),
        (tasks_of("failed", level="advisory"), "1 failed (advisory)"),
        (tasks_of("failed", level="odd"), "1 failed (mandatory)"),
        (tasks_of("canceled", "unreachable", "skipped: the run ended"), "1 canceled, 2 skipped"),
        (tasks_of("pending"), "1 not started when this was written, see the run"),
        (tasks_of("running"), "1 still running when this was written, see the run"),
        (
            tasks_of("pending", "running", "odd"),
            "1 not started when this was written, 2 still running when this was written (odd), see the run",
        ),
        (tasks_of(unread=(NotVisible("x").with_status(404),)), "could not be read (404), see the run"),
        (
            tasks_of("passed", "pending", unread=(Unreachable("x"), Unreachable("y"))),
            "1 passed, 1 not started when this was written, some could not be read (no answer), see the run",
        ),
    ],
)
def test_the_sentence(tasks: Tasks, sentence: str) -> None:
    """It counts what passed and what did not, and says what is not known; the way to the run stands once."""
    assert tasks.sentence == sentence
    assert not tasks.is_empty


@pytest.mark.parametrize(
    ("tasks", "passes"),
    [
        (tasks_of(), True),
        (tasks_of("passed"), True),
        (tasks_of("failed", level="advisory"), True),
        (tasks_of("failed"), False),
        (tasks_of("pending"), False),
        (tasks_of("odd"), False),
        (tasks_of("canceled"), False),
        (tasks_of(unread=(ValueError(),)), False),
    ],
)
def test_known_to_pass(tasks: Tasks, *, passes: bool) -> None:
    """What is not known is no pass."""
    assert tasks.is_known_to_pass is passes


def test_what_can_be_overridden() -> None:
    """A stage that waits for a decision says so of its own tasks only: it may wait for one on policies."""
    failed = Task(name="t", status="failed", stage="post_plan")
    assert Tasks(tasks=(failed,), awaiting_override=("post_plan",)).is_overridable
    assert not Tasks(tasks=(failed,), awaiting_override=("pre_apply",)).is_overridable
    assert not Tasks(awaiting_override=("post_plan",)).is_overridable
    assert "message" not in repr(failed)
