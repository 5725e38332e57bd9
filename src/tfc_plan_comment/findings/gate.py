"""The gate: what the user wants the step to fail on, what is found of that in each workspace, and the verdict.

What is not known never passes: a condition that could not be looked at is found as well, and its reason says so.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

import msgspec


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
    COST_INCREASE = "cost-increase"

    @property
    def is_of_run(self) -> bool:
        """True if only a run can say it, and its plan alone does not."""
        return self in {Condition.POLICY_FAILED, Condition.TASK_FAILED, Condition.COST_INCREASE}


class FailOn(msgspec.Struct, frozen=True, kw_only=True):
    """What the user wants the step to fail on; without any condition there is no gate.

    `dollars` a month more are the most that a plan may cost, if an increase is one of the conditions.
    """

    conditions: tuple[Condition, ...] = ()
    dollars: Decimal = Decimal(0)

    def __bool__(self) -> bool:
        """True if there is a gate."""
        return bool(self.conditions)

    @property
    def of_run(self) -> tuple[Condition, ...]:
        """The conditions of which a plan alone says nothing."""
        return tuple(condition for condition in self.conditions if condition.is_of_run)

    def met_by(self, concern: "Concern") -> tuple[Condition, ...]:
        """The conditions that this meets, of those that the user names."""
        if concern.dollars is not None and concern.dollars <= self.dollars:
            return ()
        return tuple(condition for condition in self.conditions if condition in concern.conditions)


NO_GATE = FailOn()


class Concern(msgspec.Struct, frozen=True, kw_only=True):
    """Something of a workspace that a gate may fail on: the conditions that it meets, and a clause.

    The clause goes on after the name of the workspace: `destroys 1 resource: aws_vpc.main`. It holds no secret, and may
    hold any other text of the plan or the run. `dollars` is by how much a month becomes dearer, where it tells of that.
    """

    conditions: tuple[Condition, ...]
    clause: str
    dollars: Decimal | None = None


class GateReason(msgspec.Struct, frozen=True, kw_only=True):
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
