"""The story of the findings: ask for what the run says beside its plan while the plan is downloaded.

The comment waits for them, unlike for the Sentinel mocks: policies are decided seconds after the plan, a reviewer wants
to know them before anything else, and the e-mail that GitHub sends holds the comment as it was first written.
"""

import math
from contextlib import suppress
from typing import Self, TypeVar

from tfc_plan_comment.action.background import Background, StillRunning
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ActionError, bug
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.policies import Policies
from tfc_plan_comment.findings.said import NOT_ASKED, Known, NotAsked, Said, Unknown
from tfc_plan_comment.findings.tasks import FailedTask
from tfc_plan_comment.hcp_terraform.failures import out_of_time
from tfc_plan_comment.hcp_terraform.policies import to_read_policies, wait_for_policies
from tfc_plan_comment.hcp_terraform.run_events import read_warnings
from tfc_plan_comment.hcp_terraform.run_events import to_read as to_read_events
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.statuses import RunStatus
from tfc_plan_comment.hcp_terraform.task_results import read_failed_tasks
from tfc_plan_comment.http.deadline import Deadline
from tfc_plan_comment.settings.settings import Settings

T = TypeVar("T")

LONGEST_WAIT = 60.0
"""Seconds that the comment waits for policies which are not decided."""
LONGEST_LOOK = 5.0
"""Seconds more, after which we do without what HCP Terraform has not said of them."""
SECONDS_TO_STOP = 1.0


class FindingsInBackground:
    """Asks in a thread. Leaving the `with` before all is there stops it."""

    def __init__(self, settings: Settings, world: World) -> None:
        """Ask for nothing yet."""
        self._settings, self._world = settings, world
        self.run: Run | None = None
        """The run as it was when it was last read, after its plan."""
        self._policies: Background[Policies] = Background(world.sleep)
        self._failed_tasks: Said[tuple[FailedTask, ...]] = NOT_ASKED
        self._warnings: Background[tuple[str, ...]] = Background(world.sleep)
        self._run_id, self._end = "", Deadline.after(math.inf, world.clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._policies.stop(SECONDS_TO_STOP)
        self._warnings.stop(SECONDS_TO_STOP)

    def begin(self, run_id: str, deadline: Deadline) -> None:
        """Begin. The run's plan is finished; after the `deadline` nothing is waited for."""
        until = deadline.within(LONGEST_WAIT)
        self._run_id, self._end = run_id, Deadline.after(until.left + LONGEST_LOOK, self._world.clock)
        self._policies.begin(lambda: self._read_policies(until))
        self._warnings.begin(self._read_warnings)

    def result(self) -> Findings:
        """All that could be found out. The log says why something is unknown."""
        policies = self._wait_for(self._policies, what=to_read_policies(self._run_id))
        self._log(policies)
        warnings = self._wait_for(self._warnings, what=to_read_events(self._run_id))
        if isinstance(warnings, Unknown):
            self._log_unknown("The comment does not say what HCP Terraform warns of.", warnings.why)
        if isinstance(self._failed_tasks, Unknown):
            self._log_unknown("The comment does not say which run tasks failed.", self._failed_tasks.why)
        return Findings(policies=policies, warnings=warnings, failed_tasks=self._failed_tasks)

    def _wait_for(self, work: Background[T], *, what: str) -> Said[T]:
        try:
            found = work.result(max(0, self._end.left))
        except StillRunning:  # a server that says nothing is not waited for as long as a request may take
            return Unknown(out_of_time(self._settings.hostname.removeprefix("http://"), what=what))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the user the comment
            return Unknown(error)
        return NotAsked() if found is None else Known(found)

    def _read_warnings(self) -> tuple[str, ...]:
        with self._world.hcp_terraform(self._settings, sleep=self._warnings.sleep, deadline=self._end) as session:
            return read_warnings(session, self._run_id)

    def _read_policies(self, until: Deadline) -> Policies:
        with self._world.hcp_terraform(self._settings, sleep=self._policies.sleep, deadline=self._end) as session:
            first = self.run = read_run(session, self._run_id)
            policies = wait_for_policies(session, first, until=until)
            if first.moves_on:
                with suppress(ActionError):  # then the comment does not say how the run stands
                    self.run = read_run(session, self._run_id)
            if (
                not self.run.parts_with_policies <= first.parts_with_policies
            ):  # what runs before policies may take its time
                policies = wait_for_policies(session, self.run, until=until)
            if self.run.status == RunStatus.ERRORED and self.run.task_stage_ids:
                self._failed_tasks = _ask_for_failed_tasks(session, self._run_id)
            return policies

    def _log(self, policies: Said[Policies]) -> None:
        match policies:
            case Unknown(error):
                self._log_unknown("The comment does not say whether the policies passed.", error)
            case Known(known):
                what = "everything of the policies" if known.evaluations else "whether the policies passed"
                for text in dict.fromkeys(map(str, known.problems)):
                    self._world.commands.notice(f"The comment does not say {what}. {text}")
            case NotAsked():
                pass

    def _log_unknown(self, sentence: str, why: Exception) -> None:
        if isinstance(why, ActionError):
            self._world.commands.notice(f"{sentence} {why}")
        else:
            self._world.commands.warning(str(bug(why)))


def _ask_for_failed_tasks(session: Session, run_id: str) -> Said[tuple[FailedTask, ...]]:
    try:
        return Known(read_failed_tasks(session, run_id))
    except ActionError as error:
        return Unknown(error)
