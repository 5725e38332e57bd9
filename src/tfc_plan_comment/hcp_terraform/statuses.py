"""The statuses of a run, of its plan and of the plan's export: one table each, every row with what we ask of it.

A status that we have never heard of is a row as well: something may still come of it.
Sources: HCP Terraform API docs, "Runs", "Plans" and "Plan Exports", and go-tfe's OpenAPI file for what they leave out.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class _Status(StrEnum):
    """A status by HCP Terraform's own word, with its facts; UNKNOWN stands for every other word."""

    facts: object

    def __new__(cls, word: str, facts: object) -> Self:
        status = str.__new__(cls, word)
        status._value_ = word
        status.facts = facts
        return status

    @classmethod
    def of(cls, word: str) -> Self:
        """The status with that word, or UNKNOWN."""
        return next((status for status in cls if status == word), cls["UNKNOWN"])


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFacts:
    """Once a run `gave_up`, a plan of it that is not final yet never will be."""

    gave_up: bool = False


_GOES_ON, _GAVE_UP = RunFacts(), RunFacts(gave_up=True)


class RunStatus(_Status):
    """The status of a run."""

    facts: RunFacts

    PENDING = "pending", _GOES_ON
    FETCHING = "fetching", _GOES_ON
    FETCHING_COMPLETED = "fetching_completed", _GOES_ON
    PRE_PLAN_RUNNING = "pre_plan_running", _GOES_ON
    PRE_PLAN_COMPLETED = "pre_plan_completed", _GOES_ON
    QUEUING = "queuing", _GOES_ON
    PLAN_QUEUED = "plan_queued", _GOES_ON
    PLANNING = "planning", _GOES_ON
    PLANNED = "planned", _GOES_ON
    COST_ESTIMATING = "cost_estimating", _GOES_ON
    COST_ESTIMATED = "cost_estimated", _GOES_ON
    POLICY_CHECKING = "policy_checking", _GOES_ON
    POLICY_OVERRIDE = "policy_override", _GOES_ON
    POLICY_SOFT_FAILED = "policy_soft_failed", _GOES_ON
    POLICY_CHECKED = "policy_checked", _GOES_ON
    POST_PLAN_RUNNING = "post_plan_running", _GOES_ON
    POST_PLAN_COMPLETED = "post_plan_completed", _GOES_ON
    PLANNED_AND_FINISHED = "planned_and_finished", _GOES_ON
    PLANNED_AND_SAVED = "planned_and_saved", _GOES_ON
    CONFIRMED = "confirmed", _GOES_ON
    APPLY_QUEUED = "apply_queued", _GOES_ON
    APPLYING = "applying", _GOES_ON
    APPLIED = "applied", _GOES_ON
    DISCARDED = "discarded", _GAVE_UP
    ERRORED = "errored", _GAVE_UP
    CANCELED = "canceled", _GAVE_UP
    FORCE_CANCELED = "force_canceled", _GAVE_UP
    UNKNOWN = "unknown", _GOES_ON


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFacts:
    """Once a plan is `final`, its status stays. Of a failed one `why_failed` is a clause without its full stop.

    One that `may_have_json` has it once it is finished, and perhaps where it failed.
    """

    final: bool = True
    why_failed: str = ""
    may_have_json: bool = False

    @property
    def finished(self) -> bool:
        """True if there is a whole plan."""
        return self.final and not self.why_failed


_NOT_YET = PlanFacts(final=False)


class PlanStatus(_Status):
    """The status of a plan."""

    facts: PlanFacts

    PENDING = "pending", _NOT_YET
    MANAGED_QUEUED = "managed_queued", _NOT_YET
    AGENT_QUEUED = "agent_queued", _NOT_YET
    QUEUED = "queued", _NOT_YET
    RUNNING = "running", _NOT_YET
    FINISHED = "finished", PlanFacts(may_have_json=True)
    ERRORED = "errored", PlanFacts(why_failed="Terraform could not make it", may_have_json=True)
    CANCELED = "canceled", PlanFacts(why_failed="it was canceled")
    UNREACHABLE = "unreachable", PlanFacts(why_failed="an earlier stage of its run has ended the run")
    UNKNOWN = "unknown", _NOT_YET


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportFacts:
    """An export that is `ready` can be downloaded; from a `dead` one nothing comes, not even if it was ready before."""

    ready: bool = False
    dead: bool = False


_IN_WORK, _DEAD = ExportFacts(), ExportFacts(dead=True)


class ExportStatus(_Status):
    """The status of a plan export."""

    facts: ExportFacts

    QUEUED = "queued", _IN_WORK
    PENDING = "pending", _IN_WORK
    FINISHED = "finished", ExportFacts(ready=True)
    ERRORED = "errored", _DEAD
    CANCELED = "canceled", _DEAD
    EXPIRED = "expired", _DEAD
    UNKNOWN = "unknown", _IN_WORK
