"""The policies in words."""

from dataclasses import replace

import pytest

from tfc_plan_comment.action.policy_results import policies_view
from tfc_plan_comment.hcp_terraform.policies import Evaluation, Policies, Policy
from tfc_plan_comment.report.policies import policy_note
from tfc_plan_comment.report.view import PolicyView


def evaluation(
    status: str, passed: int = 0, errored: int = 0, policies: tuple[Policy, ...] = (), **failed: int
) -> Evaluation:
    """An evaluation; `failed` by levels, with underscores for their dashes."""
    levels = {level.replace("_", "-"): count for level, count in failed.items() if count}
    return Evaluation(id="1", status=status, passed=passed, failed=levels, errored=errored, policies=policies)


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
        ([evaluation("overridden", 1, soft_mandatory=1)], "1 passed, 1 failed (soft-mandatory) and overridden"),
        (
            [evaluation("overridden", soft_mandatory=1, advisory=2)],
            "2 failed (advisory), 1 failed (soft-mandatory) and overridden",
        ),
        ([evaluation("errored", 1, errored=2)], "1 passed, 2 errored"),
        ([evaluation("errored")], "not evaluated (errored)"),
        ([evaluation("canceled"), evaluation("canceled")], "not evaluated (canceled)"),
        ([evaluation("unreachable"), evaluation("passed", 1)], "1 passed, not evaluated (unreachable)"),
        ([evaluation("failed", 3)], "3 passed, some failed, see the run"),
        ([evaluation("soft_failed"), evaluation("hard_failed")], "some failed, see the run"),
        ([evaluation("hard_failed", advisory=1)], "1 failed (advisory), some failed, see the run"),
        ([evaluation("overridden", 1)], "1 passed, some failed and overridden, see the run"),
        ([evaluation("failed", advisory=1)], "1 failed (advisory)"),
        ([evaluation("failed", errored=1)], "1 errored"),
        ([evaluation("pending")], "not decided yet"),
        ([evaluation("passed", 2), evaluation("running")], "2 passed, not decided yet"),
        ([evaluation("contemplating"), evaluation("queued")], "not decided yet (contemplating)"),
        ([evaluation("passed")], "none applied"),
    ],
)
def test_the_sentence(evaluations: list[Evaluation], sentence: str) -> None:
    """How many passed, how many did not, and what is not known; what stops a run first."""
    view = policies_view(Policies(evaluations=tuple(evaluations), has_unread=False))
    assert view.sentence == sentence
    assert view.decided == ("not decided" not in sentence)


def test_terraform_policies_are_not_passed_over() -> None:
    """A reviewer is told that there are more than those that are counted."""
    both = Policies(evaluations=(evaluation("passed", 2),), has_unread=True)
    assert policies_view(both).sentence == "2 passed, Terraform policies are not read, see the run"
    assert policies_view(Policies(evaluations=(), has_unread=True)).sentence == (
        "Terraform policies are not read, see the run"
    )


def test_each_that_did_not_pass() -> None:
    """Of all evaluations, in their order, with everything that is known of it."""
    first = Policy(name="a", policy_set="s", status="failed", enforcement_level="advisory", description="d", output="o")
    second = Policy(name="b", policy_set="t", status="errored", enforcement_level="")
    evaluations = (evaluation("passed", policies=(first,)), evaluation("errored", policies=(second,)))
    view = policies_view(Policies(evaluations=evaluations, has_unread=False))
    assert view.not_passed == (
        PolicyView(
            name="a", policy_set="s", status="failed", enforcement_level="advisory", description="d", output="o"
        ),
        PolicyView(name="b", policy_set="t", status="errored", enforcement_level="", description="", output=""),
    )


def test_what_was_overridden() -> None:
    """Of an evaluation that somebody has overridden, what failed and would have stopped the run; nothing else."""
    stopping = Policy(name="a", policy_set="s", status="failed", enforcement_level="soft-mandatory")
    policies = (stopping, replace(stopping, enforcement_level="advisory"), replace(stopping, status="errored"))
    evaluations = (evaluation("overridden", policies=policies), evaluation("failed", policies=(stopping,)))
    view = policies_view(Policies(evaluations=evaluations, has_unread=False))
    assert [policy.overridden for policy in view.not_passed] == [True, False, False, False]


@pytest.mark.parametrize("status", ["failed", "soft_failed", "hard_failed", "overridden", "unreachable"])
@pytest.mark.parametrize("advisory", [0, 1])
def test_a_status_that_is_no_pass_is_never_passed_over(status: str, advisory: int) -> None:
    """Whatever the counts are, it has a word in the line and an alert."""
    view = policies_view(Policies(evaluations=(evaluation(status, 3, advisory=advisory),), has_unread=False))
    assert any(word in view.sentence for word in ("failed", "not evaluated"))
    note = policy_note(view)
    assert note
    assert (note.kind == "CAUTION") == (
        status in {"soft_failed", "hard_failed"} or (status == "failed" and not advisory)
    )


@pytest.mark.parametrize(
    ("level", "shown"), [("mandatory", "mandatory"), ("soft-mandatory", "soft-mandatory"), ("odd", "mandatory")]
)
def test_names_say_what_counts_do_not(level: str, shown: str) -> None:
    """Where policies that failed are named and not counted, their names are counted."""
    named = Policy(name="a", policy_set="s", status="failed", enforcement_level=level)
    advisory = replace(named, enforcement_level="advisory")
    failed = evaluation("failed", 3, policies=(advisory, named, replace(named, status="errored")), advisory=2)
    view = policies_view(Policies(evaluations=(failed,), has_unread=False))
    assert list(view.failed.items()) == [(shown, 1), ("advisory", 2)]
    assert view.uncounted == ()
