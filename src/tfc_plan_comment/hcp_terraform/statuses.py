"""The statuses of a run, of its plan and of the plan's export: one table each, every row with what we ask of it.

A status that we have never heard of is a row as well: something may still come of it.
Sources: HCP Terraform API docs, "Runs", "Plans" and "Plan Exports", and go-tfe's OpenAPI file for what they leave out.
"""

from enum import StrEnum
from typing import Self

import msgspec

from tfc_plan_comment.findings.apply import Phase


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


def in_words(status: str) -> str:
    """A status that has no words of ours, such as one that we have never heard of, in HCP Terraform's."""
    return status.replace("_", " ")


class RunFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts on a run's status, which follow "the run is" in `words`.

    Once a run `gave_up`, a plan of it that is not final yet never will be. A comment `shows` what stays as it is until
    a person does something, and is news beside a plan. `confirmable` says what it shows if that is to confirm the run.
    `phase` says how far beyond its plan it has come.
    """

    words: str
    gave_up: bool = False
    shows: bool = False
    confirmable: str = ""
    phase: Phase = Phase.BEFORE


def _moves(words: str, phase: Phase = Phase.BEFORE) -> RunFacts:
    return RunFacts(words=words, phase=phase)


def _waits(words: str) -> RunFacts:
    """The facts on a status that a run keeps until it is confirmed, if it has to be, and passes through if not."""
    return RunFacts(words=words, confirmable="waits for confirmation")


def _stays(words: str, phase: Phase = Phase.BEFORE) -> RunFacts:
    return RunFacts(words=words, shows=True, phase=phase)


def _gave_up(words: str, phase: Phase) -> RunFacts:
    return RunFacts(words=words, gave_up=True, shows=True, phase=phase)


class RunStatus(_Status):
    """The status of a run."""

    facts: RunFacts

    PENDING = "pending", _moves("pending")
    FETCHING = "fetching", _moves("fetching its configuration")
    FETCHING_COMPLETED = "fetching_completed", _moves("about to plan")
    PRE_PLAN_RUNNING = "pre_plan_running", _moves("in its pre-plan tasks")
    PRE_PLAN_COMPLETED = "pre_plan_completed", _moves("about to plan")
    PRE_PLAN_AWAITING_DECISION = "pre_plan_awaiting_decision", _stays("waiting for a decision on its pre-plan tasks")
    QUEUING = "queuing", _moves("queued")
    PLAN_QUEUEABLE = "plan_queueable", _moves("queued")
    PLAN_QUEUED = "plan_queued", _moves("queued")
    PLANNING = "planning", _moves("planning")
    PLANNED = "planned", _waits("planned")
    COST_ESTIMATING = "cost_estimating", _moves("estimating its cost")
    COST_ESTIMATED = "cost_estimated", _waits("planned")
    POLICY_CHECKING = "policy_checking", _moves("checking policies")
    POLICY_OVERRIDE = "policy_override", _stays("stopped by a policy, which can be overridden")
    POLICY_SOFT_FAILED = "policy_soft_failed", _stays("stopped by a policy")
    POLICY_CHECKED = "policy_checked", _waits("planned")
    POST_PLAN_RUNNING = "post_plan_running", _moves("in its post-plan tasks")
    POST_PLAN_AWAITING_DECISION = "post_plan_awaiting_decision", _stays("waiting for a decision on its post-plan tasks")
    POST_PLAN_COMPLETED = "post_plan_completed", _waits("planned")
    PLANNED_AND_FINISHED = "planned_and_finished", _moves("finished")
    PLANNED_AND_SAVED = "planned_and_saved", _waits("planned and saved")
    CONFIRMED = "confirmed", _moves("confirmed", Phase.UNDERWAY)
    PRE_APPLY_RUNNING = "pre_apply_running", _moves("in its pre-apply tasks", Phase.UNDERWAY)
    PRE_APPLY_COMPLETED = "pre_apply_completed", _moves("about to be applied", Phase.UNDERWAY)
    PRE_APPLY_AWAITING_DECISION = "pre_apply_awaiting_decision", _stays("waiting for a decision on its pre-apply tasks")
    QUEUING_APPLY = "queuing_apply", _moves("about to be applied", Phase.UNDERWAY)
    APPLY_QUEUED = "apply_queued", _moves("about to be applied", Phase.UNDERWAY)
    APPLYING = "applying", _moves("being applied", Phase.UNDERWAY)
    POST_APPLY_RUNNING = "post_apply_running", _moves("in its post-apply tasks", Phase.APPLIED)
    POST_APPLY_COMPLETED = "post_apply_completed", _moves("applied", Phase.APPLIED)
    APPLIED = "applied", _stays("applied", Phase.APPLIED)
    DISCARDED = "discarded", _gave_up("discarded", Phase.DISCARDED)
    ERRORED = "errored", _gave_up("errored", Phase.ERRORED)
    CANCELED = "canceled", _gave_up("canceled", Phase.CANCELED)
    FORCE_CANCELED = "force_canceled", _gave_up("canceled by force", Phase.CANCELED)
    UNKNOWN = "unknown", _moves("")


class StageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Once a task stage has `ended`, what is pending in it will never come; while it `runs`, more may come."""

    ended: bool = False
    runs: bool = False


class StageStatus(_Status):
    """The status of a task stage (hashicorp/terraform, internal/cloud: isTerminalTaskStageStatus)."""

    facts: StageFacts

    PENDING = "pending", StageFacts(runs=True)
    RUNNING = "running", StageFacts(runs=True)
    AWAITING_OVERRIDE = "awaiting_override", StageFacts()
    PASSED = "passed", StageFacts(ended=True)
    FAILED = "failed", StageFacts(ended=True)
    ERRORED = "errored", StageFacts(ended=True)
    CANCELED = "canceled", StageFacts(ended=True)
    UNREACHABLE = "unreachable", StageFacts(ended=True)
    UNKNOWN = "unknown", StageFacts()


class PlanFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Once a plan is `final`, its status stays.

    Of a failed one, `failed` is the sentence that says so, without its full stop, and `fact` what a title says of it.
    One that `may_have_json` has it once it is finished, and perhaps where it failed; then the log `has_errors`.
    """

    final: bool = True
    failed: str = ""
    fact: str = ""
    may_have_json: bool = False

    @property
    def finished(self) -> bool:
        """True if there is a whole plan."""
        return self.final and not self.failed

    @property
    def has_errors(self) -> bool:
        """True if Terraform failed, and its log says why."""
        return self.may_have_json and not self.finished


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
    ERRORED = (
        "errored",
        PlanFacts(failed="Terraform could not make the plan", fact="planning failed", may_have_json=True),
    )
    CANCELED = "canceled", PlanFacts(failed="The plan was canceled", fact="canceled")
    UNREACHABLE = "unreachable", PlanFacts(failed="The run ended before its plan was made", fact="not planned")
    UNKNOWN = "unknown", _NOT_YET


class ExportFacts(msgspec.Struct, frozen=True, kw_only=True):
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
