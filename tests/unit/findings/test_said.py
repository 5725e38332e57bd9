"""An answer that is known, one that is not, and one that nobody asked for."""

from typing import assert_never

from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.policies import Policies
from tfc_plan_comment.findings.said import Known, NotAsked, Said, Unknown


def told(said: Said[Policies]) -> str:
    """The case that a reader is in; mypy refuses a reader who forgets one."""
    match said:
        case Known(policies):
            return f"known: {policies.is_empty}"
        case Unknown(why):
            return f"unknown: {why}"
        case NotAsked():
            return "not asked"
        case _:
            assert_never(said)


def test_no_two_cases_look_alike() -> None:
    """That there are no policies, that they could not be read, and that nobody asked are three different things."""
    cases: list[Said[Policies]] = [Known(Policies()), Unknown(OSError("why")), NotAsked()]
    assert [told(case) for case in cases] == ["known: True", "unknown: why", "not asked"]


def test_nothing_is_claimed_of_what_nobody_asked() -> None:
    """Without a run every kind of finding is one that nobody asked for."""
    assert Findings() == Findings(policies=NotAsked())
