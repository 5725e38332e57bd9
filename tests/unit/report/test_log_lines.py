"""The end of the log."""

from pathlib import Path

import pytest

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.log_lines import annotation, closing_lines
from tfc_plan_comment.report.model import Report

GOLDEN = Path(__file__).parents[2] / "golden"
PLANS = sorted(path.parent.name for path in GOLDEN.glob("*/plan.json"))
LOOK = (
    "aws_security_group.web opens port 22 to the whole internet (0.0.0.0/0)",
    "aws_iam_policy.deploy requires no MFA",
)


def report_on(name: str) -> Report:
    return Report(key="k", workspace="prod", summary=summarize(read_plan(GOLDEN / name / "plan.json")))


@pytest.mark.parametrize("name", PLANS)
def test_data_is_never_lost_silently(name: str) -> None:
    """A line and an annotation name each object with data that goes, up to ten of them; of others there is none."""
    report = report_on(name)
    lost = [change for change in report.summary.changes if change.holds_data]
    lines, said = list(closing_lines(report)), annotation(report)
    assert lines[0].startswith("Terraform plan for prod: ")
    assert all("\n" not in line for line in lines)
    if report.summary.plan.errored or not lost:
        assert said == ""
    for change in lost[:10]:
        assert any(change.resource.address in line for line in lines)
        assert change.resource.address in said


def test_what_deserves_a_look() -> None:
    """It has its lines, and is part of the annotation, whether data is lost or not."""
    lines = list(closing_lines(report_on("mixed-update"), LOOK))
    assert lines[lines.index("2 changes deserve a look:") + 1 :] == [f"  {line}" for line in LOOK]
    assert annotation(report_on("no-changes"), LOOK[:1]) == f"1 change deserves a look: {LOOK[0]}."
    assert annotation(report_on("mixed-update"), LOOK).endswith(f" 2 changes deserve a look: {LOOK[0]}; {LOOK[1]}.")
    assert annotation(report_on("no-changes"), [LOOK[0]] * 12).endswith(". And 2 more.")


def test_nobody_can_apply_a_failed_plan() -> None:
    """So nothing is lost by it, and Terraform's sentence does not stand there as if it were to come."""
    assert list(closing_lines(report_on("errored"), LOOK)) == [
        "Terraform plan for prod: planning failed; planned before that: 1 changed, 2 created"
    ]
    assert annotation(report_on("errored"), LOOK) == ""


def test_many() -> None:
    """Ten are named, the rest counted."""
    report = report_on("destroy-all")
    lines = list(closing_lines(report))
    assert lines[1] == report.summary.verdict.sentence
    assert any(line.startswith(("Lose their data: ", "Loses its data: ")) for line in lines)
