"""The story of the findings: ask for what the run says beside its plan while the plan is downloaded.

The comment waits for them, unlike for the Sentinel mocks: policies are decided seconds after the plan, a reviewer wants
to know them before anything else, and the e-mail that GitHub sends holds the comment as it was first written. How long
it waits is for the input `wait-for` to say.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Self, TypeVar

from tfc_plan_comment.action.background import Background, StillRunning
from tfc_plan_comment.action.waiting import WaitingForEnd
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ActionError, sentence
from tfc_plan_comment.findings.apply import Apply
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.said import NOT_ASKED, Known, NotAsked, Said, Unknown
from tfc_plan_comment.hcp_terraform.applies import read_outcome
from tfc_plan_comment.hcp_terraform.checks import Checks, to_read_policies, wait_for_checks
from tfc_plan_comment.hcp_terraform.failures import out_of_time
from tfc_plan_comment.hcp_terraform.run_events import read_warnings
from tfc_plan_comment.hcp_terraform.run_events import to_read as to_read_events
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.http.deadline import Deadline, say_about
from tfc_plan_comment.settings.settings import Settings, WaitFor

T = TypeVar("T")

LONGEST_WAIT = 60.0
"""Seconds that the comment waits for what is not decided, unless the user says how long."""
LONGEST_LOOK = 5.0
"""Seconds more, after which we do without what HCP Terraform has not said."""
SECONDS_TO_STOP = 1.0
EVERY = 60.0
"""Seconds after which the log says again what is waited for."""

LONGEST: Mapping[WaitFor | None, float] = {
    None: LONGEST_WAIT,
    WaitFor.PLAN: 0.0,
    WaitFor.CHECKS: math.inf,
    WaitFor.APPLY: math.inf,
}
"""Seconds of waiting within the timeout, by the input `wait-for`."""


class FindingsInBackground:
    """Asks in a thread. Leaving the `with` before all is there stops it."""

    def __init__(self, settings: Settings, world: World) -> None:
        """Ask for nothing yet."""
        self._settings, self._world = settings, world
        self.run: Run | None = None
        """The run as it was when it was last read, after its plan."""
        self._checks: Background[tuple[Checks, Said[Apply]]] = Background(world.sleep)
        self._warnings: Background[tuple[str, ...]] = Background(world.sleep)
        self._end = self._until = Deadline.after(math.inf, world.clock)
        self._start, self._next = 0.0, EVERY

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._checks.stop(SECONDS_TO_STOP)
        self._warnings.stop(SECONDS_TO_STOP)

    def begin(self, run: Run, deadline: Deadline) -> None:
        """Begin. The run's plan is finished, but the run may have been read before that.

        After the `deadline` nothing is waited for, and what is decided has to come soon after.
        """
        self.run = run
        self._until = deadline.within(LONGEST[self._settings.wait_for])
        for_answers = max(self._until.left, min(deadline.left, LONGEST_WAIT))
        self._end = Deadline.after(for_answers + LONGEST_LOOK, self._world.clock)
        self._start = self._world.clock()
        self._checks.begin(lambda: self._read_checks(run))
        self._warnings.begin(lambda: self._read_warnings(run.id))

    def result(self) -> Findings:
        """All that could be found out. The log says why something is unknown."""
        if self.run is None:
            return Findings()
        checks = self._wait_for(self._checks, what=to_read_policies(self.run.id))
        warnings = self._wait_for(self._warnings, what=to_read_events(self.run.id))
        findings = self._findings(checks, self.run, warnings)
        if isinstance(checks, Known):
            self.run = checks.value[0].run
        self._log(findings)
        return findings

    def _wait_for(self, work: Background[T], *, what: str) -> Said[T]:
        try:
            found = work.result(max(0, self._end.left))
        except StillRunning:  # a server that says nothing is not waited for as long as a request may take
            return Unknown(out_of_time(self._settings.hostname.removeprefix("http://"), what=what))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the user the comment
            return Unknown(error)
        return NotAsked() if found is None else Known(found)

    def _read_warnings(self, run_id: str) -> tuple[str, ...]:
        with self._world.hcp_terraform(self._settings, sleep=self._warnings.sleep, deadline=self._end) as session:
            return read_warnings(session, run_id)

    def _read_checks(self, run: Run) -> tuple[Checks, Said[Apply]]:
        with self._world.hcp_terraform(self._settings, sleep=self._checks.sleep, deadline=self._end) as session:
            # What has ended is as it was, before its plan was read as well.
            after = run if run.has_ended else read_run(session, run.id)
            if self._settings.wait_for is WaitFor.APPLY:
                after = WaitingForEnd(self._world, self._until).wait(session, after)
            checks = wait_for_checks(session, after, until=self._until, on_look=self._say_what_is_open)
            return checks, read_outcome(session, checks.run)

    def _say_what_is_open(self, checks: Checks) -> None:
        """Say now and then what is waited for, so that nobody takes a step that waits for one that hangs."""
        waited = self._world.clock() - self._start
        if not checks.open or self._until.is_over or waited < self._next:
            return
        self._next = (waited // EVERY + 1) * EVERY
        *most, last = checks.open
        names = f"{', '.join(most)} and {last}" if most else last
        left = say_about(self._until.left)
        self._world.commands.info(f"Still waiting for {names} after {say_about(waited)}. {left} left.")

    @staticmethod
    def _findings(checks: Said[tuple[Checks, Said[Apply]]], run: Run, warnings: Said[tuple[str, ...]]) -> Findings:
        match checks:
            case Known((known, apply)):
                return Findings(
                    policies=Known(known.policies),
                    tasks=Known(known.tasks),
                    cost=known.cost,
                    warnings=warnings,
                    apply=apply,
                )
            case Unknown():  # policies may come with any run; the others are missed only where there are some
                return Findings(
                    policies=checks,
                    tasks=checks if run.may_have_tasks else NOT_ASKED,
                    cost=checks if run.cost_estimate_id else NOT_ASKED,
                    warnings=warnings,
                )
            case NotAsked():
                return Findings(warnings=warnings)

    def _log(self, findings: Findings) -> None:
        match findings.policies:
            case Unknown(error):
                self._log_unknown("whether the policies passed", [error])
            case Known(policies):
                what = "everything of the policies" if policies.evaluations else "whether the policies passed"
                self._log_unknown(what, policies.problems)
            case NotAsked():
                pass
        match findings.tasks:
            case Unknown(error):
                self._log_unknown("whether the run tasks passed", [error])
            case Known(tasks):
                what = "everything of the run tasks" if tasks.tasks else "whether the run tasks passed"
                self._log_unknown(what, tasks.unread)
            case NotAsked():
                pass
        for said, what in (
            (findings.cost, "what it costs"),
            (findings.warnings, "what HCP Terraform warns of"),
            (findings.apply, "what was applied"),
        ):
            if isinstance(said, Unknown):
                self._log_unknown(what, [said.why])

    def _log_unknown(self, what: str, reasons: Iterable[Exception]) -> None:
        for why in {str(each): each for each in reasons}.values():
            if isinstance(why, ActionError):
                self._world.commands.notice(f"The comment does not say {what}. {why}")
            else:
                self._world.commands.warning(sentence(why))
