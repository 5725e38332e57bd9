"""Policies, run tasks and cost in a few words: of one workspace, and of several together."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tfc_plan_comment.findings.cost import Amounts, CostEstimate, add_up
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.policies import Evaluation, Policies
from tfc_plan_comment.findings.said import Known
from tfc_plan_comment.findings.tasks import Task, Tasks
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.cost_estimate import WHOSE
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.run_checks import say_checks
from tfc_plan_comment.report.together import tell_cost
from tfc_plan_comment.report.write.together import render_together, tell_workspace

ESTIMATE = CostEstimate(
    status="finished", prior=Decimal("10.10"), proposed=Decimal("15.30"), given_delta=Decimal("5.20"), estimated=3
)
FINDINGS = Findings(
    policies=Known(Policies(evaluations=(Evaluation(id="e", status="passed", passed=6, failed={}, errored=0),))),
    tasks=Known(Tasks(tasks=(Task(name="Snyk", status="failed", enforcement_level="advisory", message="2 issues"),))),
    cost=Known(ESTIMATE),
)
SUMMARY = summarize(parse_plan(b'{"format_version":"1.2","terraform_version":"1.13.4"}', name="plan"))
AMOUNTS = st.decimals(min_value=-(10**14), max_value=10**14, places=6)


def report_on(findings: Findings = FINDINGS, workspace: str = "prod") -> Report:
    return Report(key=workspace, workspace=workspace, summary=SUMMARY, findings=findings)


def said(report: Report, *, in_brief: bool = False) -> list[str]:
    return ["".join(piece.text for piece in cell.pieces) for cell in say_checks(report, in_brief=in_brief)]


def test_of_one_workspace() -> None:
    """All of them in their order; in the middle of a line they begin small."""
    assert said(report_on()) == [
        "Policies: 6 passed",
        "Run tasks: 1 failed (advisory)",
        "+$5.20 a month ($10.10 → $15.30)",
    ]
    assert said(report_on(), in_brief=True) == [
        "policies: 6 passed",
        "run tasks: 1 failed (advisory)",
    ]
    assert said(report_on(Findings())) == []


def test_of_several_workspaces() -> None:
    """The line of each, the alert with its name in front, the sum above, and whose amounts these are below."""
    off = structs.replace(FINDINGS, cost=Known(None))
    reports = [tell_workspace(report_on(workspace="prod")), tell_workspace(report_on(workspace="dev"))]
    content = render_together("acme", reports)
    total = "<b>+<span>$</span>10.40 a month</b> (<span>$</span>20.20 → <span>$</span>30.60)"
    assert f"\n\n{total}\n" in content
    assert "policies: 6 passed · run tasks: 1 failed (advisory) · +<span>$</span>5.20 a month" in content
    assert "> <b>prod</b>: Run task <b>Snyk</b> (advisory) failed: “2 issues”\n" in content
    assert WHOSE in content

    some = render_together("acme", [reports[0], tell_workspace(report_on(off, workspace="dev"))])
    assert "<span>$</span>15.30) in 1 of 2 workspaces\n" in some
    none = render_together("acme", [tell_workspace(report_on(off))])
    assert "a month" not in none
    assert WHOSE not in none


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=8))
def test_the_sum_is_exact(months: list[tuple[Decimal, Decimal]]) -> None:
    """To the last digit, however many and large they are."""
    total = add_up([Amounts(delta=after - before, prior=before, proposed=after) for before, after in months])
    if not months:
        assert total is None
        return
    assert total is not None
    assert total.both is not None
    assert total.both[1] - total.both[0] == total.delta == sum(after - before for before, after in months)


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "1E+1000000", "1E-1000000"])
def test_an_amount_that_cannot_be_written_is_not_known(odd: str) -> None:
    """What comes out of a file may be any decimal."""
    report = structs.replace(tell_workspace(report_on()), cost=Amounts(delta=Decimal(odd)))
    assert not tell_cost([report])
    assert "in 1 of 2 workspaces" in "".join(
        piece.text for piece in tell_cost([report, tell_workspace(report_on())]).pieces
    )


def test_a_month_that_some_do_not_know() -> None:
    """Then the difference is added up alone."""
    total = add_up([Amounts(delta=Decimal(1)), Amounts(delta=Decimal(2), prior=Decimal(3), proposed=Decimal(5))])
    assert total == Amounts(delta=Decimal(3))
