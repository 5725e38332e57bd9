"""The gate: what the user wants the step to fail on, what is found of that in each workspace, and the verdict.

What is not known never passes: a condition that could not be looked at is found as well, and its reason says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Condition(StrEnum):
    """The words of the input `fail-on`."""

    DESTROY = "destroy"
    REPLACE = "replace"
    DATA_LOSS = "data-loss"
    ATTENTION = "attention"
    POLICY_FAILED = "policy-failed"
    TASK_FAILED = "task-failed"
    CHECKS_FAILED = "checks-failed"
    ERRORED = "errored"
    DRIFT = "drift"

    @property
    def is_of_run(self) -> bool:
        """True if only a run can say it, and its plan alone does not."""
        return self in {Condition.POLICY_FAILED, Condition.TASK_FAILED}


@dataclass(frozen=True, kw_only=True, slots=True)
class FailOn:
    """What the user wants the step to fail on; without any condition there is no gate."""

    conditions: tuple[Condition, ...] = ()

    def __bool__(self) -> bool:
        """True if there is a gate."""
        return bool(self.conditions)

    def met_by(self, concern: "Concern") -> tuple[Condition, ...]:
        """The conditions that this meets, of those that the user names."""
        return tuple(condition for condition in self.conditions if condition in concern.conditions)


NO_GATE = FailOn()


@dataclass(frozen=True, kw_only=True, slots=True)
class Concern:
    """Something of a workspace that a gate may fail on: the conditions that it meets, and a clause.

    The clause goes on after the name of the workspace: `destroys 1 resource: aws_vpc.main`. It holds no secret, and may
    hold any other text of the plan or the run.
    """

    conditions: tuple[Condition, ...]
    clause: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GateReason:
    """Why the gate fails: the workspace, the conditions that it meets, and the sentence without its full stop."""

    workspace: str
    conditions: tuple[Condition, ...]
    sentence: str


def gate_reasons(fail_on: FailOn, found: Iterable[tuple[str, Iterable[Concern]]]) -> tuple[GateReason, ...]:
    """The reasons for which the gate fails, by workspace; none if it passes. `found` has what each workspace concerns.

    A workspace without a name is the plan.
    """
    return tuple(
        GateReason(workspace=workspace, conditions=met, sentence=f"{workspace or 'the plan'} {concern.clause}")
        for workspace, concerns in found
        for concern in concerns
        if (met := fail_on.met_by(concern))
    )
