"""The end of the log."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.errors import NotVisible
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.said import Unknown
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.groups.instance_keys import drop_keys
from tfc_plan_comment.report.lines.cell import say, say_name
from tfc_plan_comment.report.log_lines import annotation, closing_lines
from tfc_plan_comment.report.model import Report

GOLDEN = Path(__file__).parents[2] / "golden"
PLANS = sorted(path.parent.name for path in GOLDEN.glob("*/plan.json"))


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
    if report.summary.plan.errored or not (lost or report.summary.attention):
        assert said == ""
    for change in lost[:10]:
        assert any(drop_keys(change.resource.address) in line for line in lines)
        assert change.resource.address in said


def test_what_deserves_a_look() -> None:
    """It has its lines, and is part of the annotation, with the fact that the comment says."""
    lines = list(closing_lines(report_on("mixed-update")))
    look = lines[lines.index("2 changes deserve a look:") + 1 :]
    assert look[-1] == "  aws_security_group.web opens port 22 to the whole internet (0.0.0.0/0)"
    assert annotation(report_on("mixed-update")).endswith(
        " 2 changes deserve a look: " + "; ".join(line.strip() for line in look) + "."
    )


def test_nobody_can_apply_a_failed_plan() -> None:
    """So nothing is lost by it, and Terraform's sentence does not stand there as if it were to come."""
    assert list(closing_lines(report_on("errored"))) == ["Terraform plan for prod: planning failed"]
    assert annotation(report_on("errored")) == ""


def test_many() -> None:
    """Ten are named, the rest counted."""
    report = report_on("destroy-all")
    lines = list(closing_lines(report))
    assert lines[1] == report.summary.verdict.sentence
    assert lines[2].endswith(" that hold data are destroyed:")


def test_what_is_wrong_with_the_run_is_said_of_any_plan() -> None:
    """The log names another commit under a failed plan as well; what is wrong comes first in the annotation."""
    mismatch = say("This plan is of commit ") + say_name("c0ffee0") + say(".")
    for name in ("errored", "mixed-update"):
        report = replace(report_on(name), mismatch=mismatch)
        assert "This plan is of commit c0ffee0." in list(closing_lines(report))
    assert annotation(report).startswith("This plan is of commit c0ffee0. Destroys ")


def test_what_could_not_be_read_is_no_annotation() -> None:
    """Nothing is known to be wrong then: the log says it alone."""
    findings = Findings(warnings=Unknown(NotVisible("Cannot read").with_status(404)))
    report = replace(report_on("no-changes"), findings=findings)
    said = "HCP Terraform's warnings about policies and tasks could not be read (404), see the run."
    assert said in list(closing_lines(report))
    assert annotation(report) == ""
