"""Whose turn it is among several workspaces: nobody waits for a plan while another one is there to be told of.

A run may wait for hours, behind another one or for a person. A few of them would take all threads until the time is up.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from threading import Lock

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.action.subjects import Subject
from tfc_plan_comment.action.waiting import Waiting
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ActionError
from tfc_plan_comment.hcp_terraform.plans import read_plan
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.http.deadline import Deadline

BETWEEN_LOOKS = 1.0
"""Seconds that a thread sleeps after a look at a plan that is not made yet."""
TO_TELL, TO_GIVE_UP = 30.0, 3.0
"""Seconds that a workspace has though the time is up: to be told of if its plan is made, else to be looked at once."""


class _Turn(msgspec.Struct, kw_only=True):
    """A subject, and how often its plan was looked at."""

    number: int
    subject: Subject
    waiting: Waiting
    looks: int = 0
    run: Run | None = None
    """As it was when it was last looked at."""


class Turns(msgspec.Struct, frozen=True):
    """All subjects, out of which each thread takes the next one."""

    deadline: Deadline
    _waiting: deque[_Turn] = msgspec.field(default_factory=deque)
    _lock: Lock = msgspec.field(default_factory=Lock)

    @classmethod
    def of(cls, subjects: Sequence[Subject], deadline: Deadline, world_of: Callable[[Subject], World]) -> "Turns":
        """The turns of all of them, in their order; what is waited for is said in the world of each."""
        waiting = ((each, Waiting(world_of(each), deadline, [])) for each in subjects)
        return cls(deadline, deque(_Turn(number=n, subject=each, waiting=w) for n, (each, w) in enumerate(waiting)))

    def take(self, session: Session) -> Iterator[tuple[int, Subject, Deadline]]:
        """Each subject that this thread shall tell of, with its number and the end of its time, until none is left.

        One whose plan is not made yet goes to the end, as long as others wait and there is time.
        """
        while turn := self._next():
            is_ready = _is_ready(turn, session)
            if is_ready or not self._waiting or self.deadline.is_over:
                yield turn.number, turn.subject, self._deadline(TO_TELL if is_ready else TO_GIVE_UP)
                continue
            with self._lock:
                self._waiting.append(turn)
            session.sleep(BETWEEN_LOOKS)

    def _next(self) -> _Turn | None:
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def _deadline(self, least: float) -> Deadline:
        return replace(self.deadline, end=max(self.deadline.end, self.deadline.clock() + least))


def _is_ready(turn: _Turn, session: Session) -> bool:
    """True unless there is a plan that may still be made: whatever else there is, nobody has to wait for it.

    Once a run has given up, its plan never will be. It is looked at as often as `wait_for_plan` does.
    """
    subject = turn.subject
    if subject.problem or not subject.plan_id or (subject.run and (subject.run.has_ended or subject.run.standing)):
        return True
    turn.looks += 1
    try:
        plan = read_plan(session, subject.plan_id)
        if plan.facts.final or (turn.run and turn.run.facts.gave_up):
            return True
        turn.waiting.look(plan, turn.run)
        if subject.run_id and turn.looks % 6 == 3:
            turn.run = read_run(session, subject.run_id)
    except ActionError:
        return True  # the story says it
    return False
