"""The tables of statuses: which of them end what, and that a word we do not know ends nothing."""

import pytest

from tfc_plan_comment.findings.apply import Phase
from tfc_plan_comment.hcp_terraform.statuses import (
    ExportFacts,
    ExportStatus,
    PlanFacts,
    PlanStatus,
    RunFacts,
    RunStatus,
    StageFacts,
    StageStatus,
)

Statuses = type[RunStatus] | type[PlanStatus] | type[ExportStatus] | type[StageStatus]
EVERY = pytest.mark.parametrize(
    ("statuses", "facts"),
    [(RunStatus, RunFacts), (PlanStatus, PlanFacts), (ExportStatus, ExportFacts), (StageStatus, StageFacts)],
)


@EVERY
def test_no_row_is_missing(statuses: Statuses, facts: type) -> None:
    """Every status has the facts of its own table, and is found by its word alone."""
    assert {type(status.facts) for status in statuses} == {facts}
    assert [statuses.of(status.value) for status in statuses] == list(statuses)


@EVERY
@pytest.mark.parametrize("word", ["brand_new", "", "FINISHED", "finished "])
def test_a_word_that_nobody_knows(statuses: Statuses, facts: type, word: str) -> None:
    """It is taken for one of which something may still come, never for the end of anything."""
    unknown = statuses.of(word)

    assert unknown.name == "UNKNOWN"
    assert unknown.facts in (
        RunFacts(words=""),
        PlanFacts(final=False),
        ExportFacts(ready=False, dead=False),
        StageFacts(),
    )
    assert isinstance(unknown.facts, facts)


def test_runs_that_gave_up() -> None:
    """A run that was discarded, canceled or errored has no more plan to come; one that waits for a person may."""
    assert {status.value for status in RunStatus if status.facts.gave_up} == {
        "discarded",
        "errored",
        "canceled",
        "force_canceled",
    }


def test_every_run_status_has_words() -> None:
    """Each known one follows "the run is"; a comment shows only what stays until somebody does something."""
    known = [status for status in RunStatus if status is not RunStatus.UNKNOWN]
    assert all(status.facts.words and "_" not in status.facts.words for status in known)
    assert {status.value for status in known if status.facts.shows} == {
        "pre_plan_awaiting_decision",
        "policy_override",
        "policy_soft_failed",
        "post_plan_awaiting_decision",
        "pre_apply_awaiting_decision",
        "applied",
        "discarded",
        "errored",
        "canceled",
        "force_canceled",
    }
    assert {status.value for status in known if status.facts.confirmable} == {
        "planned",
        "cost_estimated",
        "policy_checked",
        "post_plan_completed",
        "planned_and_saved",
    }


def test_how_far_beyond_its_plan() -> None:
    """Each status of a run that is confirmed or has ended says it; all others are before that."""
    phases = {phase: {each.value for each in RunStatus if each.facts.phase is phase} for phase in Phase}
    del phases[Phase.BEFORE]

    underway = {"confirmed", "pre_apply_running", "pre_apply_completed", "queuing_apply", "apply_queued", "applying"}
    assert phases == {
        Phase.UNDERWAY: underway,
        Phase.APPLIED: {"post_apply_running", "post_apply_completed", "applied"},
        Phase.DISCARDED: {"discarded"},
        Phase.CANCELED: {"canceled", "force_canceled"},
        Phase.ERRORED: {"errored"},
    }


def test_plans_that_are_final() -> None:
    """Four statuses stay as they are. Only one of them is a whole plan, and two may have JSON."""
    final = {status.value for status in PlanStatus if status.facts.final}

    assert final == {"finished", "errored", "canceled", "unreachable"}
    assert [status.value for status in PlanStatus if status.facts.finished] == ["finished"]
    assert {status.value for status in PlanStatus if status.facts.may_have_json} == {"finished", "errored"}
    assert {status.value for status in PlanStatus if status.facts.failed} == final - {"finished"}


def test_exports_that_are_over() -> None:
    """An export is in work, ready or dead, and never two of these."""
    assert [status.value for status in ExportStatus if status.facts.ready] == ["finished"]
    assert {status.value for status in ExportStatus if status.facts.dead} == {"errored", "canceled", "expired"}
