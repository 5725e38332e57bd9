"""What became of a run after its plan: it was applied, and how much of it, its apply failed on the way, or none began.

Sources: HCP Terraform API docs, "Applies" and "Run States"; go-tfe, apply.go, for statuses that the docs leave out.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum, StrEnum, auto

import msgspec

from tfc_plan_comment.findings.diagnostics import Diagnostics
from tfc_plan_comment.findings.said import NOT_ASKED, Known, Said, Unknown


class Phase(Enum):
    """How far beyond its plan a run has come, by its status alone."""

    BEFORE = auto()
    """Nobody has confirmed it yet, or there is nothing to confirm."""
    UNDERWAY = auto()
    """It is confirmed, and its apply has not ended."""
    APPLIED = auto()
    DISCARDED = auto()
    """Nothing was applied, and nothing will be."""
    CANCELED = auto()
    """Before its apply, or in it: only that can tell."""
    ERRORED = auto()
    """The same."""


class Fate(StrEnum):
    """What became of the plan."""

    UNDERWAY = "underway"
    APPLIED = "applied"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    NOT_APPLIED = "not applied"
    UNCERTAIN = "uncertain"
    """The run has ended, and it is not known whether anything was applied."""

    @property
    def is_settled(self) -> bool:
        """True if there is nothing left to decide: what it does is done, or will never be."""
        return self in {Fate.APPLIED, Fate.NOT_APPLIED}

    @property
    def is_broken(self) -> bool:
        """True if a part of the plan may be applied, and a part not."""
        return self in {Fate.FAILED, Fate.INTERRUPTED}


class ApplyStatus(StrEnum):
    """The status of an apply."""

    CREATED = "created"
    PENDING = "pending"
    QUEUED = "queued"
    MANAGED_QUEUED = "managed_queued"
    AGENT_QUEUED = "agent_queued"
    MFA_WAITING = "mfa_waiting"
    UNREACHABLE = "unreachable"
    RUNNING = "running"
    CANCELED = "canceled"
    ERRORED = "errored"
    FINISHED = "finished"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, _: object) -> "ApplyStatus":
        return cls.UNKNOWN


FATES: Mapping[ApplyStatus, Fate | None] = {
    ApplyStatus.CREATED: None,
    ApplyStatus.PENDING: None,
    ApplyStatus.QUEUED: None,
    ApplyStatus.MANAGED_QUEUED: None,
    ApplyStatus.AGENT_QUEUED: None,
    ApplyStatus.MFA_WAITING: None,
    ApplyStatus.UNREACHABLE: None,
    ApplyStatus.RUNNING: Fate.INTERRUPTED,
    ApplyStatus.CANCELED: Fate.INTERRUPTED,
    ApplyStatus.ERRORED: Fate.FAILED,
    ApplyStatus.FINISHED: Fate.APPLIED,
    ApplyStatus.UNKNOWN: Fate.UNCERTAIN,
}
"""The fate of a plan whose run was canceled or has errored, by the status of its apply; None if that had not begun."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """How many objects were added, changed, destroyed and imported, as HCP Terraform counts; None if it does not say.

    Of an apply that failed, it is what was done before.
    """

    added: int | None = None
    changed: int | None = None
    destroyed: int | None = None
    imported: int | None = None

    @property
    def is_known(self) -> bool:
        """True if it says anything."""
        return any(count is not None for count in (self.added, self.changed, self.destroyed, self.imported))


class Apply(msgspec.Struct, frozen=True, kw_only=True):
    """The apply of a run, by its `status` in HCP Terraform's word, and when it ended."""

    id: str
    status: str
    done: Done = Done()
    ended: datetime | None = None
    errors: Said[Diagnostics] = NOT_ASKED
    """Why it failed, without a secret in it; asked of one that did."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The fate of a plan, and what is known of the apply; `words` follow "the run was"."""

    fate: Fate
    words: str
    apply: Said[Apply]


def outcome_of(phase: Phase, words: str, apply: Said[Apply]) -> Outcome | None:
    """The outcome; None while there is nothing to say, and where a run errored before its apply.

    `words` follow "the run was": `discarded`, `about to be applied`.
    """
    fate: Fate | None
    match phase, apply:
        case Phase.UNDERWAY, _:
            fate = Fate.UNDERWAY
        case Phase.APPLIED, _:
            fate = Fate.APPLIED
        case Phase.DISCARDED, _:
            fate = Fate.NOT_APPLIED
        case Phase.CANCELED, Known(known):
            fate = FATES[ApplyStatus(known.status)] or Fate.NOT_APPLIED
        case Phase.ERRORED, Known(known):
            fate = FATES[ApplyStatus(known.status)]
        case ((Phase.CANCELED | Phase.ERRORED), Unknown()):
            fate = Fate.UNCERTAIN
        case _:
            fate = None
    return Outcome(fate=fate, words=words, apply=apply) if fate else None
