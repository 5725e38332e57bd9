"""The policies of a run: what became of each, the verdict on all of them, and the sentence that says it.

Levels and statuses stand in one table each. One that we have never heard of is a row as well: a level that stops the
run, and a status that is not decided yet and is shown as it is.
Sources: HCP Terraform API docs, "Policy Checks" and "Policy Evaluations", and go-tfe's OpenAPI file for the statuses.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from tfc_plan_comment.errors import in_brief
from tfc_plan_comment.unprinted import Unprinted


class Level(StrEnum):
    """An enforcement level; what stops a run comes first."""

    MANDATORY = "mandatory"
    HARD_MANDATORY = "hard-mandatory"
    SOFT_MANDATORY = "soft-mandatory"
    MANDATORY_OVERRIDABLE = "mandatory_overridable"
    ADVISORY = "advisory"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, _: object) -> "Level":
        return cls.UNKNOWN

    @property
    def facts(self) -> "LevelFacts":
        """Its row in LEVELS."""
        return LEVELS[self]


class LevelFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The consequences of a failed policy of that level: it stops the run or not, and is counted as that level."""

    stops_run: bool
    counted_as: Level


LEVELS: Mapping[Level, LevelFacts] = {
    Level.MANDATORY: LevelFacts(stops_run=True, counted_as=Level.MANDATORY),
    Level.HARD_MANDATORY: LevelFacts(stops_run=True, counted_as=Level.HARD_MANDATORY),
    Level.SOFT_MANDATORY: LevelFacts(stops_run=True, counted_as=Level.SOFT_MANDATORY),
    Level.MANDATORY_OVERRIDABLE: LevelFacts(stops_run=True, counted_as=Level.MANDATORY),
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
    AWAITING_OVERRIDE = "awaiting_override"
    OVERRIDDEN = "overridden"
    ERRORED = "errored"
    CANCELED = "canceled"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped: the run ended"
    """Our own word for what is not decided where the run, or its stage, has ended: it never will be."""
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, _: object) -> "Status":
        return cls.UNKNOWN

    @property
    def facts(self) -> "StatusFacts":
        """Its row in STATUSES."""
        return STATUSES[self]


class StatusFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts that a status tells of its policies.

    Once `decided` it does not change, except by a person; before that it may not have `begun`. `failed`: some policies
    failed. `stops_run`: something is wrong that stops the run, or would if nobody had overridden it. `overridden`:
    somebody has.
    `no_result` is the sentence on a check or evaluation that came to its end without a result.
    """

    decided: bool = True
    begun: bool = True
    failed: bool = False
    stops_run: bool = False
    overridden: bool = False
    no_result: str = ""


_SKIPPED = "Policies were skipped: the run ended before them."

STATUSES: Mapping[Status, StatusFacts] = {
    Status.PENDING: StatusFacts(decided=False, begun=False),
    Status.QUEUED: StatusFacts(decided=False, begun=False),
    Status.RUNNING: StatusFacts(decided=False),
    Status.PASSED: StatusFacts(),
    Status.FAILED: StatusFacts(failed=True),
    Status.SOFT_FAILED: StatusFacts(failed=True, stops_run=True),
    Status.HARD_FAILED: StatusFacts(failed=True, stops_run=True),
    Status.AWAITING_OVERRIDE: StatusFacts(failed=True, stops_run=True),
    Status.OVERRIDDEN: StatusFacts(failed=True, stops_run=True, overridden=True),
    Status.ERRORED: StatusFacts(stops_run=True, no_result="Not all policies could be evaluated."),
    Status.CANCELED: StatusFacts(no_result="The policy evaluation was canceled."),
    Status.UNREACHABLE: StatusFacts(no_result=_SKIPPED),
    Status.SKIPPED: StatusFacts(no_result=_SKIPPED),
    Status.UNKNOWN: StatusFacts(decided=False),
}


class Policy(Unprinted, frozen=True, kw_only=True):
    """A policy that did not pass. Its status and level are texts as HCP Terraform gives them; what it omits is empty.

    `output` is what the policy itself says: it may hold anything that is in the plan and the state.
    If it is `overridable`, somebody may decide that its failure does not stop the run.
    """

    name: str
    policy_set: str
    status: str
    enforcement_level: str
    description: str = ""
    output: str = ""
    overridable: bool = False

    @property
    def level(self) -> Level:
        """The enforcement level, as far as we know it."""
        return Level(self.enforcement_level)

    @property
    def failed(self) -> bool:
        """True if it was evaluated, and did not hold; false if it errored, say."""
        facts = Status(self.status).facts
        return facts.failed and not facts.overridden


class Evaluation(Unprinted, frozen=True, kw_only=True):
    """A policy check or a policy evaluation: its status, how many policies did what, and those that did not pass.

    `undetermined` are Terraform policies that depend on what is known after apply. `warnings` are those of its policy
    sets. Where its details could not be read, or not all, its verdict and counts stand all the same, and `problem` says
    why.
    """

    id: str
    status: str
    passed: int
    failed: Mapping[Level, int]
    errored: int
    policies: tuple[Policy, ...] = ()
    undetermined: int = 0
    warnings: tuple[str, ...] = ()
    problem: Exception | None = None

    @property
    def facts(self) -> StatusFacts:
        """The facts on its status."""
        return Status(self.status).facts

    @property
    def all_passed(self) -> bool:
        """True if neither its status nor a count says anything else."""
        return self.status == Status.PASSED and not self.failed and not self.errored and not self.undetermined

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


class Policies(msgspec.Struct, frozen=True, kw_only=True):
    """All policies of a run. `unread` says why some, or all, could not be read: an error for each part of the run."""

    evaluations: tuple[Evaluation, ...] = ()
    unread: tuple[Exception, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True if the run has no policies, which is never said of what could not be read."""
        return not self.evaluations and not self.unread

    @property
    def is_decided(self) -> bool:
        """True if nothing that could be read is pending."""
        return all(evaluation.facts.decided for evaluation in self.evaluations)

    @property
    def problems(self) -> tuple[Exception, ...]:
        """Why something of it is not known."""
        details = (evaluation.problem for evaluation in self.evaluations)
        return (*self.unread, *(problem for problem in details if problem))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Those of all policy sets."""
        return tuple(warning for evaluation in self.evaluations for warning in evaluation.warnings)

    def not_passed(self) -> Iterator[tuple[Policy, bool]]:
        """Each policy that did not pass, and true if it failed and somebody has overridden it."""
        for evaluation in self.evaluations:
            for policy in evaluation.policies:
                yield policy, policy.failed and evaluation.overrides(policy.level)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of all policies of a run.

    `failed` and `overridden` count by level, what stops a run first. The others are statuses of checks and evaluations:
    `no_result` of those without one, `uncounted` of those that failed where nothing says how many policies did, and
    `undecided` of those that may still change, as they were given. `undetermined` counts what depends on values that
    are known after apply, and `unread` says in a word or two why some policies are missing.
    """

    passed: int
    failed: Mapping[Level, int]
    overridden: Mapping[Level, int]
    errored: int
    no_result: tuple[Status, ...]
    uncounted: tuple[Status, ...]
    undecided: tuple[str, ...]
    undetermined: int
    unread: tuple[str, ...]

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
        counts = (self.passed, self.errored, self.undetermined, *self.failed.values(), *self.overridden.values())
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
        if self.undetermined:
            yield f"{self.undetermined:,} not known before apply"
        yield from dict.fromkeys(map(_without_result, self.no_result))
        yield from self._undecided_parts()
        if self.unread:
            some = "some " if self._is_known_in_part or self.undecided else ""
            yield f"{some}could not be read ({', '.join(dict.fromkeys(self.unread))}), see the run"

    def _undecided_parts(self) -> Iterator[str]:
        running = [status for status in self.undecided if Status(status).facts.begun]
        # A status that we do not know may say more than that nothing is decided.
        unknown = ", ".join(dict.fromkeys(status for status in running if Status(status) is Status.UNKNOWN))
        parts = {
            f"still running when this was written{f' ({unknown})' if unknown else ''}": bool(running),
            "not started when this was written": len(running) < len(self.undecided),
        }
        said = [words for words, holds in parts.items() if holds]
        see = "" if self.uncounted or self.unread else ", see the run"
        for words in said:
            some = "some " if self._is_known_in_part or len(said) > 1 else ""
            yield f"{some}{words}{see if words == said[-1] else ''}"


def _without_result(status: Status) -> str:
    if status in {Status.UNREACHABLE, Status.SKIPPED}:
        return str(Status.SKIPPED)
    return f"not evaluated ({status})"


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
        undetermined=sum(each.undetermined for each in policies.evaluations),
        unread=tuple(map(in_brief, policies.unread)),
    )
