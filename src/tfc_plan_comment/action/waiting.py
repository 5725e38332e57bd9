"""Says in the log what is waited for, and since when, so that nobody takes a step that waits for one that hangs."""

from contextlib import ExitStack
from typing import Self

from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import DeadlineExceeded
from tfc_plan_comment.findings.apply import Phase
from tfc_plan_comment.hcp_terraform.applies import wait_for_end
from tfc_plan_comment.hcp_terraform.plans import PlanState
from tfc_plan_comment.hcp_terraform.runs import Run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.statuses import in_words
from tfc_plan_comment.http.deadline import Deadline, say_about, say_seconds

EVERY = 60.0
"""Seconds after which there is a line again, though nothing has changed."""


class Waiting:
    """The lines about one plan, folded into a group. A context manager, which ends the group."""

    def __init__(self, world: World, deadline: Deadline, statuses: list[str]) -> None:
        """Say nothing yet. `statuses` gets each status that the plan is seen to have."""
        self._world, self._deadline, self._statuses = world, deadline, statuses
        self._start, self._next = world.clock(), EVERY
        self._group = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._group.close()

    def look(self, plan: PlanState, run: Run | None) -> None:
        """Say what was seen, if it is the first look, if the status has changed, or if nothing was said for long."""
        waited = self._world.clock() - self._start
        is_first, is_new = not self._statuses, plan.status not in self._statuses[-1:]
        status = in_words(plan.status)
        if is_new:
            self._statuses.append(plan.status)
        if is_first and plan.facts.final:
            self._world.commands.info(f"The plan is {status}.")
        elif is_first:
            self._group.enter_context(self._world.commands.group("Waiting for the plan"))
            self._world.commands.info(f"The plan is {status}. Waiting for up to {say_seconds(self._deadline.left)}.")
        elif is_new:
            self._world.commands.info(f"The plan is {status}, after {say_seconds(waited)}.")
        elif waited >= self._next:
            # The run is looked at less often than its plan, and is no news once it says the same.
            why = f": the run is {run.state}" if run and run.state != status else ""
            for_so_long, left = say_about(waited), say_about(self._deadline.left)
            self._world.commands.info(f"The plan is still {status} after {for_so_long}{why}. {left} left.")
        self._next = (waited // EVERY + 1) * EVERY


class WaitingForEnd:
    """Waits until a run has ended, or only a person can let it go on; the log says how it stands."""

    def __init__(self, world: World, until: Deadline) -> None:
        """Say nothing yet."""
        self._world, self._until = world, until
        self._start, self._next = world.clock(), EVERY
        self._said = ""

    def wait(self, session: Session, run: Run) -> Run:
        """The run as it was last read; whatever goes wrong, the comment tells of that."""
        ending = wait_for_end(session, run, until=self._until, on_look=self._look)
        run, commands = ending.run, self._world.commands
        if ending.problem and not isinstance(ending.problem, DeadlineExceeded):
            commands.warning(f"Stopped waiting for the apply. {ending.problem}")
        elif run.moves_on:
            again = "Run this step again later, or raise the input timeout"
            commands.warning(
                f"Stopped waiting for the apply: the timeout is over, and the run is {run.state}. {again}."
            )
        elif run.phase is Phase.BEFORE and not (run.has_ended or run.is_plan_only):
            how = run.standing if run.standing.startswith("waits") else f"is {run.standing}"
            commands.notice(f"The run {how}, so nothing more is waited for. Run this step again once it is applied.")
        return run

    def _look(self, run: Run) -> None:
        waited = self._world.clock() - self._start
        is_news = bool(self._said) and run.state != self._said
        if run.moves_on and (not self._said or is_news or waited >= self._next):
            left = say_about(self._until.left)
            self._world.commands.info(f"Waiting for the apply: the run is {run.state}. {left} left.")
            self._next = (waited // EVERY + 1) * EVERY
        elif is_news:
            self._world.commands.info(f"The run is {run.state}, after {say_about(waited)}.")
        self._said = run.state
