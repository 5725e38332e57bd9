"""The run in the summary JSON."""

from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.errors import NotVisible
from tfc_plan_comment.findings.cost import CostEstimate
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.policies import Evaluation, Level, Policies, Policy
from tfc_plan_comment.findings.said import Known, Unknown
from tfc_plan_comment.findings.tasks import Task, Tasks
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.run_json import LevelCount, RunChecks, run_checks

SECRET = "Zq7vW9kPxw2mLmQx"
PLAN = (
    '{"format_version":"1.2","terraform_version":"1.13.4","output_changes":{"password":'
    f'{{"actions":["create"],"before":null,"after":"{SECRET}","after_sensitive":true}}}}}}'
)
SUMMARY = summarize(parse_plan(PLAN.encode(), name="plan"))


def checks_of(findings: Findings) -> RunChecks:
    """What stands in the file: it is written, and read back as the schema has it."""
    written = msgspec.json.encode(run_checks(Report(key="k", summary=SUMMARY, findings=findings)))
    return msgspec.json.decode(written, type=RunChecks)


def test_everything() -> None:
    """What did not pass, all tasks, and the amounts as exact decimals."""
    policy = Policy(name="ports", policy_set="s", status="failed", enforcement_level="mandatory", output="22 is open")
    failed = Evaluation(
        id="e", status="overridden", passed=3, failed={Level.MANDATORY: 1}, errored=0, policies=(policy,)
    )
    task = Task(name="Snyk", status="failed", stage="post_plan", enforcement_level="advisory", url="https://a.example/")
    estimate = CostEstimate(status="finished", given_delta=Decimal("1E+2"), prior=Decimal("0.10"), resources=2)
    checks = checks_of(
        Findings(
            policies=Known(Policies(evaluations=(failed,))), tasks=Known(Tasks(tasks=(task,))), cost=Known(estimate)
        )
    )
    assert checks.policies is not None
    assert checks.policies.overridden == (LevelCount(level="mandatory", count=1),)
    assert [(each.name, each.overridden, each.output) for each in checks.policies.not_passed] == [
        ("ports", True, "22 is open")
    ]
    assert checks.tasks is not None
    assert [(each.name, each.status, each.url) for each in checks.tasks.tasks] == [
        ("Snyk", "failed", "https://a.example/")
    ]
    assert checks.cost is not None
    assert (checks.cost.delta, checks.cost.prior, checks.cost.proposed) == ("100", "0.10", None)
    assert checks.cost.sentence == "+$100.00 a month"


def test_nothing() -> None:
    """Of a run without any, and of a plan without a run, each is null."""
    nothing = RunChecks(policies=None, tasks=None, cost=None, outcome=None)
    none = Findings(policies=Known(Policies()), tasks=Known(Tasks()), cost=Known(None))
    assert checks_of(Findings()) == checks_of(none) == nothing


def test_what_could_not_be_read() -> None:
    """It is not null: the sentence says so."""
    unknown = Unknown(NotVisible("Cannot read").with_status(404))
    checks = checks_of(Findings(policies=unknown, tasks=unknown, cost=unknown))
    assert checks.policies is not None
    assert checks.tasks is not None
    assert checks.cost is not None
    for part in (checks.policies, checks.tasks, checks.cost):
        assert part.sentence.endswith("could not be read (404), see the run")
    assert checks.cost.status is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_secret_stands_in_it(before: str, after: str) -> None:
    """Whoever says it."""
    text = f"{before}{SECRET}{after}"
    policy = Policy(name=text, policy_set=text, status=text, enforcement_level=text, output=text)
    odd = Evaluation(id="e", status=text, passed=0, failed={}, errored=0, policies=(policy,), warnings=(text,))
    task = Task(name=text, status=text, stage=text, enforcement_level=text, message=text, url=f"https://a/{text}")
    estimate = CostEstimate(status=text, error=text)
    findings = Findings(
        policies=Known(Policies(evaluations=(odd,))), tasks=Known(Tasks(tasks=(task,))), cost=Known(estimate)
    )
    assert SECRET.encode() not in msgspec.json.encode(checks_of(findings))
