"""The verdict on policies: what each status and level means, what is counted, and the sentence."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from tfc_plan_comment.errors import NotVisible, Unreachable
from tfc_plan_comment.findings.policies import (
    LEVELS,
    STATUSES,
    Evaluation,
    Level,
    Policies,
    Policy,
    Status,
    Verdict,
    judge,
)


def evaluation(
    status: str, passed: int = 0, errored: int = 0, policies: tuple[Policy, ...] = (), **failed: int
) -> Evaluation:
    """An evaluation; `failed` by levels, with underscores for their dashes."""
    levels = {Level(level.replace("_", "-")): count for level, count in failed.items() if count}
    return Evaluation(id="1", status=status, passed=passed, failed=levels, errored=errored, policies=policies)


def verdict_on(*evaluations: Evaluation) -> Verdict:
    """The verdict on a run that has these."""
    return judge(Policies(evaluations=evaluations))


UNDECIDED = {Status.PENDING, Status.QUEUED, Status.RUNNING, Status.UNKNOWN}
"""The statuses that may still change."""


@pytest.mark.parametrize(("table", "rows"), [(LEVELS, Level), (STATUSES, Status)])
def test_no_row_is_missing(table: Mapping[str, object], rows: type[Level] | type[Status]) -> None:
    """Every level and every status that has a name has its facts, in the same order."""
    assert list(table) == list(rows)


def test_what_stops_a_run_comes_first() -> None:
    """The order of levels is that of the sentence; an unknown one counts as one that stops the run."""
    stops = [level.facts.stops_run for level in Level if level is not Level.UNKNOWN]
    assert stops == sorted(stops, reverse=True)
    assert Level("something-new").facts.stops_run
    assert Level("something-new").facts.counted_as is Level.MANDATORY


@pytest.mark.parametrize("level", Level)
def test_every_level_is_counted_as_one_that_is_like_it(level: Level) -> None:
    """What is counted has a name, and stops the run as well or as little."""
    counted_as = level.facts.counted_as
    assert counted_as is not Level.UNKNOWN
    assert counted_as.facts.stops_run is level.facts.stops_run


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_word(status: Status) -> None:
    """One that is no pass is never passed over, whatever passed beside it."""
    verdict = verdict_on(evaluation(status, 3))
    assert (verdict.sentence == "3 passed") is (status is Status.PASSED)
    assert bool(verdict.undecided) is (status in UNDECIDED)


@pytest.mark.parametrize(
    ("evaluations", "sentence"),
    [
        ([evaluation("passed", 3)], "3 passed"),
        ([evaluation("passed", 1_200), evaluation("passed", 34)], "1,234 passed"),
        ([evaluation("failed", 3, mandatory=1)], "3 passed, 1 failed (mandatory)"),
        (
            [
                evaluation("hard_failed", 1, hard_mandatory=1, soft_mandatory=2, advisory=3),
                evaluation("passed", 1, advisory=1),
            ],
            "2 passed, 1 failed (hard-mandatory), 2 failed (soft-mandatory), 4 failed (advisory)",
        ),
        (
            [evaluation("passed", advisory=1), evaluation("failed", mandatory=2)],
            "2 failed (mandatory), 1 failed (advisory)",
        ),
        ([evaluation("overridden", 1, soft_mandatory=1)], "1 passed, 1 failed (soft-mandatory) and overridden"),
        (
            [evaluation("overridden", soft_mandatory=1, advisory=2)],
            "2 failed (advisory), 1 failed (soft-mandatory) and overridden",
        ),
        ([evaluation("errored", 1, errored=2)], "1 passed, 2 errored"),
        ([evaluation("errored")], "not evaluated (errored)"),
        ([evaluation("canceled"), evaluation("canceled")], "not evaluated (canceled)"),
        ([evaluation("unreachable"), evaluation("passed", 1)], "1 passed, skipped: the run ended"),
        ([evaluation("failed", 3)], "3 passed, some failed, see the run"),
        ([evaluation("soft_failed"), evaluation("hard_failed")], "some failed, see the run"),
        ([evaluation("hard_failed", advisory=1)], "1 failed (advisory), some failed, see the run"),
        ([evaluation("overridden", 1)], "1 passed, some failed and overridden, see the run"),
        ([evaluation("failed", advisory=1)], "1 failed (advisory)"),
        ([evaluation("failed", errored=1)], "1 errored"),
        ([evaluation("pending")], "not started when this was written, see the run"),
        ([evaluation("skipped: the run ended"), evaluation("unreachable")], "skipped: the run ended"),
        ([evaluation("awaiting_override", mandatory=1)], "1 failed (mandatory)"),
        (
            [evaluation("passed", 2), evaluation("running")],
            "2 passed, some still running when this was written, see the run",
        ),
        (
            [evaluation("contemplating"), evaluation("queued")],
            (
                "some still running when this was written (contemplating),"
                " some not started when this was written, see the run"
            ),
        ),
        (
            [evaluation("running"), evaluation("failed")],
            "some failed, see the run, some still running when this was written",
        ),
        ([evaluation("passed")], "none applied"),
    ],
)
def test_the_sentence(evaluations: list[Evaluation], sentence: str) -> None:
    """How many passed, how many did not, and what is not known; what stops a run first."""
    policies = Policies(evaluations=tuple(evaluations))
    assert judge(policies).sentence == sentence
    assert policies.is_decided == ("when this was written" not in sentence)


@pytest.mark.parametrize(
    ("evaluations", "sentence"),
    [
        ([], "could not be read (404, no answer), see the run"),
        ([evaluation("passed", 2)], "2 passed, some could not be read (404, no answer), see the run"),
        (
            [evaluation("running")],
            "still running when this was written, some could not be read (404, no answer), see the run",
        ),
        (
            [evaluation("failed", mandatory=1)],
            "1 failed (mandatory), some could not be read (404, no answer), see the run",
        ),
    ],
)
def test_what_could_not_be_read_is_not_passed_over(evaluations: list[Evaluation], sentence: str) -> None:
    """A reviewer is told that there is more than what is counted, and why in a word."""
    unread = (NotVisible("a").with_status(404), Unreachable("b"), NotVisible("c").with_status(404))
    policies = Policies(evaluations=tuple(evaluations), unread=unread)
    assert judge(policies).sentence == sentence
    assert not policies.is_empty
    assert policies.problems == unread


def test_what_is_known_only_after_apply() -> None:
    """A Terraform policy that cannot tell yet has neither passed nor failed."""
    policies = Policies(evaluations=(replace(evaluation("passed", 2), undetermined=1),))
    assert judge(policies).sentence == "2 passed, 1 not known before apply"
    assert not policies.evaluations[0].all_passed


def test_a_run_without_policies() -> None:
    """It is empty only if it has none of any kind; one that none applied to is not."""
    assert Policies().is_empty
    assert not Policies(evaluations=(evaluation("passed"),)).is_empty


def test_what_was_overridden() -> None:
    """Of an evaluation that somebody has overridden, what failed and would have stopped the run; nothing else."""
    stopping = Policy(name="a", policy_set="s", status="failed", enforcement_level="soft-mandatory")
    policies = (stopping, replace(stopping, enforcement_level="advisory"), replace(stopping, status="errored"))
    evaluations = (evaluation("overridden", policies=policies), evaluation("failed", policies=(stopping,)))
    not_passed = list(Policies(evaluations=evaluations).not_passed())
    assert [policy for policy, _ in not_passed] == [*policies, stopping]
    assert [is_overridden for _, is_overridden in not_passed] == [True, False, False, False]


@pytest.mark.parametrize(
    ("level", "shown"), [("mandatory", "mandatory"), ("soft-mandatory", "soft-mandatory"), ("odd", "mandatory")]
)
def test_names_say_what_counts_do_not(level: str, shown: str) -> None:
    """Where policies that failed are named and not counted, their names are counted."""
    named = Policy(name="a", policy_set="s", status="failed", enforcement_level=level)
    advisory = replace(named, enforcement_level="advisory")
    failed = evaluation("failed", 3, policies=(advisory, named, replace(named, status="errored")), advisory=2)
    verdict = verdict_on(failed)
    assert list(verdict.failed.items()) == [(shown, 1), ("advisory", 2)]
    assert verdict.uncounted == ()
