"""What became of a plan, by how far its run has come and what is known of its apply."""

import pytest

from tfc_plan_comment.findings.apply import FATES, Apply, ApplyStatus, Done, Fate, Phase, outcome_of
from tfc_plan_comment.findings.said import NOT_ASKED, Known, Said, Unknown

UNREAD = Unknown(OSError("why"))


def known(status: str) -> Said[Apply]:
    """An apply with that status."""
    return Known(Apply(id="apply-1", status=status))


def fate(phase: Phase, apply: Said[Apply]) -> Fate | None:
    """What became of it, if anything is to be said."""
    outcome = outcome_of(phase, "words", apply)
    return outcome.fate if outcome else None


def test_no_row_is_missing() -> None:
    """Every status of an apply says what it means for a run that has ended."""
    assert {*FATES} == {*ApplyStatus}


@pytest.mark.parametrize("status", ["brand_new", "", "FINISHED"])
def test_a_status_that_nobody_knows(status: str) -> None:
    """It claims nothing, neither that something was applied nor that nothing was."""
    assert ApplyStatus(status) is ApplyStatus.UNKNOWN
    assert fate(Phase.ERRORED, known(status)) is Fate.UNCERTAIN
    assert fate(Phase.CANCELED, known(status)) is Fate.UNCERTAIN


@pytest.mark.parametrize("apply", [NOT_ASKED, UNREAD, known("finished"), known("brand_new")])
@pytest.mark.parametrize(
    ("phase", "said"),
    [
        (Phase.BEFORE, None),
        (Phase.UNDERWAY, Fate.UNDERWAY),
        (Phase.APPLIED, Fate.APPLIED),
        (Phase.DISCARDED, Fate.NOT_APPLIED),
    ],
)
def test_what_the_run_itself_says(phase: Phase, said: Fate | None, apply: Said[Apply]) -> None:
    """It holds whether the apply can be read or not."""
    assert fate(phase, apply) is said


@pytest.mark.parametrize(
    ("apply", "errored", "canceled"),
    [
        (known("unreachable"), None, Fate.NOT_APPLIED),
        (known("pending"), None, Fate.NOT_APPLIED),
        (known("errored"), Fate.FAILED, Fate.FAILED),
        (known("canceled"), Fate.INTERRUPTED, Fate.INTERRUPTED),
        (known("running"), Fate.INTERRUPTED, Fate.INTERRUPTED),
        (known("finished"), Fate.APPLIED, Fate.APPLIED),
        (UNREAD, Fate.UNCERTAIN, Fate.UNCERTAIN),
        (NOT_ASKED, None, None),
    ],
)
def test_what_only_the_apply_says(apply: Said[Apply], errored: Fate | None, canceled: Fate | None) -> None:
    """A run that errored or was canceled may have been applied, in part or not at all."""
    assert (fate(Phase.ERRORED, apply), fate(Phase.CANCELED, apply)) == (errored, canceled)


def test_nothing_is_settled_that_may_be_half_done() -> None:
    """Only what is done, or never will be, leaves nothing to decide."""
    assert {each for each in Fate if each.is_settled} == {Fate.APPLIED, Fate.NOT_APPLIED}
    assert {each for each in Fate if each.is_broken} == {Fate.FAILED, Fate.INTERRUPTED}


def test_done() -> None:
    """A count of 0 is known, and none is not."""
    assert Done(added=0).is_known
    assert not Done().is_known
