"""The policies of a run: what became of each, the verdict on all of them, and the sentence that says it.

Levels and statuses stand in one table each. One that we have never heard of is a row as well: a level that stops the
run, and a status that is not decided yet and is shown as it is.
Sources: HCP Terraform API docs, "Policy Checks" and "Policy Evaluations", and go-tfe's OpenAPI file for the statuses.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """An enforcement level; what stops a run comes first."""

    MANDATORY = "mandatory"
    HARD_MANDATORY = "hard-mandatory"
    SOFT_MANDATORY = "soft-mandatory"
    ADVISORY = "advisory"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, _: object) -> "Level":
        return cls.UNKNOWN

    @property
    def facts(self) -> "LevelFacts":
        """Its row in LEVELS."""
        return LEVELS[self]


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelFacts:
    """The consequences of a failed policy of that level: it stops the run or not, and is counted as that level."""

    stops_run: bool
    counted_as: Level


LEVELS: Mapping[Level, LevelFacts] = {
    Level.MANDATORY: LevelFacts(stops_run=True, counted_as=Level.MANDATORY),
    Level.HARD_MANDATORY: LevelFacts(stops_run=True, counted_as=Level.HARD_MANDATORY),
    Level.SOFT_MANDATORY: LevelFacts(stops_run=True, counted_as=Level.SOFT_MANDATORY),
    Level.ADVISORY: LevelFacts(stops_run=False, counted_as=Level.ADVISORY),
    Level.UNKNOWN: LevelFacts(stops_run=True, counted_as=Level.MANDATORY),
}


class Status(StrEnum):
    """The status of a policy, a check or an evaluation; of those that end without a result the worst comes first."""

    PENDING = "pending"
    QUEUED = "queued"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    SOFT_FAILED = "soft_failed"
    HARD_FAILED = "hard_failed"
    OVERRIDDEN = "overridden"
    ERRORED = "errored"
    CANCELED = "canceled"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, _: object) -> "Status":
        return cls.UNKNOWN

    @property
    def facts(self) -> "StatusFacts":
        """Its row in STATUSES."""
        return STATUSES[self]


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusFacts:
    """The facts that a status tells of its policies.

    Once `decided` it does not change, except by a person. `failed`: some policies failed. `stops_run`: something is
    wrong that stops the run, or would if nobody had overridden it. `overridden`: somebody has.
    `no_result` is the sentence on a check or evaluation that came to its end without a result.
    """

    decided: bool = True
    failed: bool = False
    stops_run: bool = False
    overridden: bool = False
    no_result: str = ""


STATUSES: Mapping[Status, StatusFacts] = {
    Status.PENDING: StatusFacts(decided=False),
    Status.QUEUED: StatusFacts(decided=False),
    Status.RUNNING: StatusFacts(decided=False),
    Status.PASSED: StatusFacts(),
    Status.FAILED: StatusFacts(failed=True),
    Status.SOFT_FAILED: StatusFacts(failed=True, stops_run=True),
    Status.HARD_FAILED: StatusFacts(failed=True, stops_run=True),
    Status.OVERRIDDEN: StatusFacts(failed=True, stops_run=True, overridden=True),
    Status.ERRORED: StatusFacts(stops_run=True, no_result="Not all policies could be evaluated."),
    Status.CANCELED: StatusFacts(no_result="The policy evaluation was canceled."),
    Status.UNREACHABLE: StatusFacts(no_result="Policies were not evaluated: the run did not reach them."),
    Status.UNKNOWN: StatusFacts(decided=False),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """A policy that did not pass. Its status and level are texts as HCP Terraform gives them; what it omits is empty.

    `output` is what the policy itself says: it may hold anything that is in the plan and the state.
    """

    name: str
    policy_set: str
    status: str
    enforcement_level: str
    description: str = ""
    output: str = field(default="", repr=False)

    @property
    def level(self) -> Level:
        """The enforcement level, as far as we know it."""
        return Level(self.enforcement_level)

    @property
    def failed(self) -> bool:
        """True if it was evaluated, and did not hold; false if it errored, say."""
        facts = Status(self.status).facts
        return facts.failed and not facts.overridden


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """A policy check or a policy evaluation: its status, how many policies did what, and those that did not pass."""

    id: str
    status: str
    passed: int
    failed: Mapping[Level, int]
    errored: int
    policies: tuple[Policy, ...] = ()

    @property
    def facts(self) -> StatusFacts:
        """The facts on its status."""
        return Status(self.status).facts

    @property
    def all_passed(self) -> bool:
        """True if neither its status nor a count says anything else."""
        return self.status == Status.PASSED and not self.failed and not self.errored

    @property
    def failed_by_level(self) -> Mapping[Level, int]:
        """The number that failed: as it counts them, and as it names them where it counts none that stop the run."""
        if any(level.facts.stops_run for level in self.failed):
            return self.failed
        named = Counter(policy.level.facts.counted_as for policy in self.policies if policy.failed)
        return {**named, **self.failed}

    @property
    def is_uncounted(self) -> bool:
        """True if its status says that policies failed, and nothing else does: the status decides all the same."""
        counted = self.failed_by_level
        if self.facts.stops_run:
            return self.facts.failed and not any(level.facts.stops_run for level in counted)
        return self.facts.failed and not counted and not self.errored

    @property
    def has_no_result(self) -> bool:
        """True if it came to its end without a result; one that counts its errors has one."""
        counts_errors = self.status == Status.ERRORED and self.errored
        return bool(self.facts.no_result) and not counts_errors

    def overrides(self, level: Level) -> bool:
        """Say if somebody has overridden what failed at that level; what stops no run is never overridden."""
        return self.facts.overridden and level.facts.stops_run


@dataclass(frozen=True, kw_only=True, slots=True)
class Policies:
    """All policies of a run. `has_unread` says that there are Terraform policies (beta), which are not read."""

    evaluations: tuple[Evaluation, ...] = ()
    has_unread: bool = False

    @property
    def is_empty(self) -> bool:
        """True if the run has no policies."""
        return not self.evaluations and not self.has_unread

    @property
    def is_decided(self) -> bool:
        """True if nothing of it is pending."""
        return all(evaluation.facts.decided for evaluation in self.evaluations)

    def not_passed(self) -> Iterator[tuple[Policy, bool]]:
        """Each policy that did not pass, and true if it failed and somebody has overridden it."""
        for evaluation in self.evaluations:
            for policy in evaluation.policies:
                yield policy, policy.failed and evaluation.overrides(policy.level)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The outcome of all policies of a run.

    `failed` and `overridden` count by level, what stops a run first. The others are statuses of checks and evaluations:
    `no_result` of those without one, `uncounted` of those that failed where nothing says how many policies did, and
    `undecided` of those that may still change, as they were given.
    """

    passed: int
    failed: Mapping[Level, int]
    overridden: Mapping[Level, int]
    errored: int
    no_result: tuple[Status, ...]
    uncounted: tuple[Status, ...]
    undecided: tuple[str, ...]
    has_unread: bool

    @property
    def fails_mandatory(self) -> bool:
        """True if a policy failed that stops the run, and nobody has overridden it."""
        return any(level.facts.stops_run for level in self.failed) or any(
            status.facts.stops_run and not status.facts.overridden for status in self.uncounted
        )

    @property
    def fails_uncounted(self) -> bool:
        """True if some failed, nobody knows how many, and nobody has overridden them."""
        return any(not status.facts.overridden for status in self.uncounted)

    @property
    def overrides_uncounted(self) -> bool:
        """True if somebody has overridden some, and nobody knows how many."""
        return any(status.facts.overridden for status in self.uncounted)

    @property
    def sentence(self) -> str:
        """The verdict in one line: how many passed, how many did not, and what is not known."""
        return ", ".join(self._parts()) or "none applied"

    @property
    def _is_known_in_part(self) -> bool:
        counts = (self.passed, self.errored, *self.failed.values(), *self.overridden.values())
        return any(counts) or bool(self.uncounted or self.no_result)

    def _parts(self) -> Iterator[str]:
        if self.passed:
            yield f"{self.passed:,} passed"
        yield from (f"{count:,} failed ({level})" for level, count in self.failed.items())
        yield from (f"{count:,} failed ({level}) and overridden" for level, count in self.overridden.items())
        if self.errored:
            yield f"{self.errored:,} errored"
        if self.fails_uncounted:
            yield "some failed, see the run"
        if self.overrides_uncounted:
            yield "some failed and overridden, see the run"
        yield from dict.fromkeys(f"not evaluated ({status})" for status in self.no_result)
        if self.undecided:
            # A status that we do not know may say more than that nothing is decided.
            unknown = ", ".join(dict.fromkeys(text for text in self.undecided if Status(text) is Status.UNKNOWN))
            some = "some " if self._is_known_in_part else ""
            see = "" if self.uncounted or self.has_unread else ", see the run"
            yield f"{some}still running when this was written{f' ({unknown})' if unknown else ''}{see}"
        if self.has_unread:
            yield "Terraform policies are not read, see the run"


def judge(policies: Policies) -> Verdict:
    """Count the policies of all checks and evaluations."""
    failed: Counter[Level] = Counter()
    overridden: Counter[Level] = Counter()
    for each in policies.evaluations:
        for level, count in each.failed_by_level.items():
            (overridden if each.overrides(level) else failed)[level] += count
    return Verdict(
        passed=sum(each.passed for each in policies.evaluations),
        failed={level: failed[level] for level in Level if failed[level]},
        overridden={level: overridden[level] for level in Level if overridden[level]},
        errored=sum(each.errored for each in policies.evaluations),
        no_result=tuple(Status(each.status) for each in policies.evaluations if each.has_no_result),
        uncounted=tuple(Status(each.status) for each in policies.evaluations if each.is_uncounted),
        undecided=tuple(each.status for each in policies.evaluations if not each.facts.decided),
        has_unread=policies.has_unread,
    )
