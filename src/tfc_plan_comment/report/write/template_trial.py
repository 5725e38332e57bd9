"""A user's template is tried on an example before anything else happens: an error in it should not cost a run."""

from decimal import Decimal

from tfc_plan_comment.findings.cost import CostEstimate, CostStatus
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.policies import Evaluation, Level, Policies, Policy
from tfc_plan_comment.findings.said import Known
from tfc_plan_comment.findings.tasks import Task, Tasks, TaskStatus
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.lines.cell import say, say_name
from tfc_plan_comment.report.model import Report, Since
from tfc_plan_comment.report.view import HtmlReportView, MocksView, RunView
from tfc_plan_comment.report.write.comment import render
from tfc_plan_comment.report.write.template import Template, read_example_plan


def try_template(template: Template) -> None:
    """Raise TemplateError if the template cannot render a plan with some of everything in it."""
    summary = summarize(parse_plan(read_example_plan(), name="example"))
    run = RunView(id="run-1", url="https://example.com", organization="acme", workspace="prod", commit="0" * 40)
    mocks = MocksView(
        pending=False,
        files=("sentinel.hcl",),
        size="1.0 kB",
        path="sentinel-mocks.tar.gz",
        artifact="mocks",
        url="https://example.com",
        expires="2026-01-01",
        failure=None,
    )
    html_report = HtmlReportView(
        path="tfc-plan-report.html",
        artifact="report",
        url="https://example.com",
        expires="2026-01-01",
        failure="An example.",
    )
    report = Report(
        key="acme/prod",
        summary=summary,
        workspace="prod",
        run=run,
        failure="An example.",
        findings=Findings(
            policies=Known(_example_policies()), tasks=Known(_example_tasks()), cost=Known(_example_cost())
        ),
        mocks=mocks,
        html_report=html_report,
        since=Since(commit="1" * 40, lines=(say("new: creates ") + say_name("aws_sqs_queue.jobs"),)),
    )
    render(report, template)


def _example_policies() -> Policies:
    policy = Policy(
        name="no-public-buckets",
        policy_set="security",
        status="failed",
        enforcement_level="mandatory",
        description="Buckets are private.",
        output="aws_s3_bucket.site is public",
    )
    failed = {Level.MANDATORY: 1}
    evaluation = Evaluation(id="poleval-1", status="failed", passed=3, failed=failed, errored=0, policies=(policy,))
    return Policies(evaluations=(evaluation,))


def _example_tasks() -> Tasks:
    scanner = Task(
        name="scanner",
        status=TaskStatus.FAILED,
        stage="post_plan",
        enforcement_level="advisory",
        message="1 finding",
        url="https://example.com",
    )
    return Tasks(tasks=(scanner,))


def _example_cost() -> CostEstimate:
    return CostEstimate(
        status=CostStatus.FINISHED,
        prior=Decimal("4812.44"),
        proposed=Decimal("4944.54"),
        given_delta=Decimal("132.10"),
        estimated=3,
        resources=4,
    )
