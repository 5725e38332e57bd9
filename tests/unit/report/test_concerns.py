"""What a gate may fail on: clauses that hold no secret, stay on one line and stay short."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.errors import UnexpectedAnswer
from tfc_plan_comment.findings.cost import CostEstimate
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.gate import Concern, Condition, FailOn, gate_reasons
from tfc_plan_comment.findings.policies import Evaluation, Level, Policies, Policy
from tfc_plan_comment.findings.said import Known, Unknown
from tfc_plan_comment.findings.tasks import Task, Tasks
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.concerns import LONGEST_NAME, MOST_NAMES, concerns_of
from tfc_plan_comment.report.model import Report

SECRET = "Zq7vW9kPxw2mLmQxT4sJ"
GONE = {"actions": ["delete"], "before": {"a": 1}, "after": None}


def report_of(*addresses: str, findings: Findings | None = None, **more: Any) -> Report:
    """A report on a plan that destroys these, and has a sensitive output."""
    changes = [
        {"address": each, "type": "aws_s3_bucket", "name": "n", "mode": "managed", "change": GONE} for each in addresses
    ]
    password = {"actions": ["create"], "before": None, "after": SECRET, "after_sensitive": True}
    document = {
        "format_version": "1.2",
        "resource_changes": changes,
        "planned_values": {},
        "output_changes": {"password": password},
        **more,
    }
    summary = summarize(parse_plan(json.dumps(document).encode(), name="plan"))
    return Report(key="prod", summary=summary, workspace="prod", findings=findings or Findings())


def findings_of(text: str) -> Findings:
    """Findings in which third parties say this wherever they can."""
    policy = Policy(name=text, policy_set=text, status="failed", enforcement_level="mandatory")
    failed = Evaluation(id="e", status="failed", passed=0, failed={Level.MANDATORY: 1}, errored=0, policies=(policy,))
    odd = Evaluation(id="o", status=text, passed=0, failed={}, errored=0)
    return Findings(
        policies=Known(Policies(evaluations=(failed, odd))),
        tasks=Known(Tasks(tasks=(Task(name=text, status="failed", message=text),))),
    )


@given(st.text(max_size=400), st.text(max_size=40))
def test_no_text_breaks_out_and_no_secret_stands_in_a_clause(text: str, key: str) -> None:
    """Whatever a policy, a task, a key or a check is called, its clause is a short line without what is sensitive."""
    hostile = f"{text}{SECRET}\n{text}"
    address = f"aws_s3_bucket.n[{json.dumps(key + SECRET)}]"
    check = {"address": {"to_display": f"t.n[{json.dumps(hostile)}]", "kind": "check"}, "status": "fail"}
    clauses = [each.clause for each in concerns_of(report_of(address, findings=findings_of(hostile), checks=[check]))]
    assert len(clauses) == 5
    for clause in clauses:
        assert SECRET not in clause
        assert len(clause.splitlines()) == 1
        assert len(clause) < 1_000


def test_many_names() -> None:
    """Some are named, the rest is counted; a long one is cut."""
    names = [f"aws_s3_bucket.n{number}" for number in range(30)]
    (data, gone) = concerns_of(report_of(*names))
    assert gone == Concern(
        conditions=(Condition.DESTROY,),
        clause=f"destroys 30 resources: {', '.join(names[:MOST_NAMES])} and 25 more",
    )
    assert data.clause.startswith("destroys 30 resources with data: ")
    (_, long) = concerns_of(report_of(f"aws_s3_bucket.{'x' * 5_000}"))
    assert long.clause == f"destroys 1 resource: aws_s3_bucket.{'x' * (LONGEST_NAME - 14)}…"


@pytest.mark.parametrize("why", [UnexpectedAnswer("Cannot read").with_status(404), ValueError("a bug")])
def test_what_could_not_be_read_is_a_concern(why: Exception) -> None:
    """Policies and tasks are not told like "none", whatever the reason."""
    findings = Findings(policies=Unknown(why), tasks=Unknown(why))
    conditions = [each.conditions for each in concerns_of(report_of(findings=findings))]
    assert conditions == [(Condition.POLICY_FAILED,), (Condition.TASK_FAILED,)]


def cost(**how: Any) -> list[Concern]:
    """The concerns about the cost, of an estimate of a plan that changes something."""
    estimate = CostEstimate(**{"status": "finished", "estimated": 3, "resources": 4, **how})
    every = concerns_of(report_of(findings=Findings(cost=Known(estimate))))
    return [each for each in every if Condition.COST_INCREASE in each.conditions]


@pytest.mark.parametrize(
    ("delta", "limit", "fails"),
    [("100.01", "100", True), ("100", "100", False), ("0.001", "0", True), ("0.0", "0", False), ("-5", "0", False)],
)
def test_an_increase(delta: str, limit: str, *, fails: bool) -> None:
    """More than the limit fails the gate, to the last digit."""
    fail_on = FailOn(conditions=(Condition.COST_INCREASE,), dollars=Decimal(limit))
    assert bool(gate_reasons(fail_on, [("prod", cost(given_delta=Decimal(delta)))])) is fails


def test_the_sentence_on_an_increase() -> None:
    """In dollars, with cents."""
    (found,) = cost(given_delta=Decimal("1132.1"))
    assert found.clause == "costs $1,132.10 more a month"


@pytest.mark.parametrize(
    ("findings", "why"),
    [
        (Findings(cost=Known(None)), "no estimate"),
        (Findings(cost=Unknown(UnexpectedAnswer("x").with_status(404))), "could not be read (404), see the run"),
        (Findings(cost=Known(CostEstimate(status="errored"))), "not estimated (errored)"),
        (
            Findings(cost=Known(CostEstimate(status="pending"))),
            "not estimated when this was written, see the run",
        ),
        (Findings(cost=Known(CostEstimate(status="finished"))), "not known, see the run"),
    ],
)
def test_a_cost_that_is_not_known(findings: Findings, why: str) -> None:
    """It does not pass, whatever the limit; where nothing changes, nothing becomes dearer."""
    fail_on = FailOn(conditions=(Condition.COST_INCREASE,), dollars=Decimal(10**9))
    (reason,) = gate_reasons(fail_on, [("prod", concerns_of(report_of(findings=findings)))])
    assert reason.sentence == f"prod may cost more a month ({why})"
    assert gate_reasons(fail_on, [("prod", concerns_of(report_of(findings=findings, output_changes={})))]) == ()


def test_resources_without_a_price_count_nothing() -> None:
    """The estimate is there, and says that nothing becomes dearer."""
    assert cost(given_delta=Decimal("0.0"), estimated=0) == []


def test_only_what_is_named_is_a_reason() -> None:
    """A reason names its workspace, and the words that it meets; a plan of no workspace is the plan."""
    every = Concern(conditions=tuple(Condition), clause="cannot be judged (canceled)")
    drift = Concern(conditions=(Condition.DRIFT,), clause="drifted")
    fail_on = FailOn(conditions=(Condition.DESTROY, Condition.ERRORED))
    reasons = gate_reasons(fail_on, [("prod", [drift, every]), ("", [every]), ("dev", [drift])])
    assert [(each.workspace, each.conditions, each.sentence) for each in reasons] == [
        ("prod", (Condition.DESTROY, Condition.ERRORED), "prod cannot be judged (canceled)"),
        ("", (Condition.DESTROY, Condition.ERRORED), "the plan cannot be judged (canceled)"),
    ]
