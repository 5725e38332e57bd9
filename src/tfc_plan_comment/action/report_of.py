"""A result as `report` takes it: views of what the edges have given."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from tfc_plan_comment.action.products import Product
from tfc_plan_comment.action.results import NoPlan, Planned, Result
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ActionError, sentence
from tfc_plan_comment.findings.apply import Outcome, outcome_of
from tfc_plan_comment.findings.policies import judge
from tfc_plan_comment.findings.said import Known
from tfc_plan_comment.hcp_terraform.runs import Run
from tfc_plan_comment.hcp_terraform.statuses import RunStatus
from tfc_plan_comment.report.concerns import concerns_of, concerns_of_failed
from tfc_plan_comment.report.failed import Failed
from tfc_plan_comment.report.groups.instance_keys import drop_keys
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.view import HtmlReportView, MocksView, RunView
from tfc_plan_comment.report.workspace_facts import RunAsked, WorkspaceFacts, plan_facts

MOST_NAMES = 3
"""At most this many addresses stand in a fact on the run."""
LONGEST_NAME = 120


def report_of(result: Planned, world: World) -> Report:
    """All that goes into a report on a plan."""
    outcome = outcome_of_run(result)
    return Report(
        key=result.subject.key,
        summary=result.summary,
        workspace=result.subject.workspace,
        run=_view_run_with_plan(result),
        outcome=outcome,
        is_ended=outcome is None and _has_errored(result) and not _is_stopped_by_policy(result),
        has_errored=_has_errored(result),
        mismatch=result.mismatch,
        failure=sentence(result.failure) if result.failure else None,
        findings=result.findings,
        mocks=view_mocks(result.mocks, world),
        html_report=_view_html_report(result.html_report, world),
    )


def failed_of(result: NoPlan, world: World) -> Failed:
    """All that there is to say where there is no plan to show."""
    subject, failure = result.subject, result.failure
    return Failed(
        key=subject.key,
        fact=failure.fact if isinstance(failure, ActionError) else ActionError.fact,
        sentence=sentence(failure),
        workspace=subject.workspace,
        run=view_run(subject.run),
        errors=result.errors,
        mismatch=result.mismatch,
        mocks=view_mocks(result.mocks, world),
    )


def facts_of(result: Result, world: World) -> WorkspaceFacts:
    """All that programs want to know of it."""
    subject = result.subject
    return WorkspaceFacts(
        name=subject.workspace or "",
        run_id=subject.run_id or "",
        run_url=(subject.run.url or "") if subject.run else "",
        status=result.plan_status or "",
        run_status=run_status_of(result),
        asked=_asked(result),
        plan=plan_facts(result.summary) if isinstance(result, Planned) else None,
        concerns=concerns_of(report_of(result, world))
        if isinstance(result, Planned)
        else concerns_of_failed(failed_of(result, world)),
    )


def _asked(result: Result) -> RunAsked | None:
    """What the run was asked for; without a plan to tell which keys are secret, addresses have none."""
    run = result.subject.run
    if run is None:
        return None
    hide = result.summary.mask.text if isinstance(result, Planned) else drop_keys
    return RunAsked(
        is_destroy=run.is_destroy,
        refresh_only=run.is_refresh_only,
        auto_apply=run.applies_by_itself,
        save_plan=run.saves_plan,
        target_addrs=tuple(map(hide, run.target_addrs)),
        replace_addrs=tuple(map(hide, run.replace_addrs)),
    )


def run_status_of(result: Result) -> str:
    """The status of the run when it was last read, in HCP Terraform's word; empty where there is no run."""
    run = (result.run if isinstance(result, Planned) else None) or result.subject.run
    return run.status if run else ""


def _view_run_with_plan(result: Planned) -> RunView | None:
    """The run, and how it stands; one that a policy has ended is errored as well, and says no more itself."""
    run = result.run or result.subject.run
    view = view_run(run)
    if run is None or view is None or result.failure is not None:
        return view
    is_errored = run.status == RunStatus.ERRORED and outcome_of_run(result) is None
    ended_by_policy = is_errored and _is_stopped_by_policy(result)
    return replace(view, status=RunStatus.POLICY_SOFT_FAILED.facts.words if ended_by_policy else run.standing)


def outcome_of_run(result: Planned) -> Outcome | None:
    """What became of the plan, if it is a whole one."""
    run = result.run or result.subject.run
    if run is None or result.summary.plan.errored:
        return None
    return outcome_of(run.phase, run.state, result.findings.apply)


def _is_stopped_by_policy(result: Planned) -> bool:
    policies = result.findings.policies
    return isinstance(policies, Known) and judge(policies.value).fails_mandatory


def _has_errored(result: Planned) -> bool:
    """True if the run has errored after its plan."""
    run = result.run or result.subject.run
    return run is not None and run.status == RunStatus.ERRORED and not result.summary.plan.errored


def view_run(run: Run | None) -> RunView | None:
    """The run, if there is one."""
    if run is None:
        return None
    return RunView(
        id=run.id,
        url=run.url or "",
        organization=run.organization,
        workspace=run.workspace,
        commit=run.commit_sha,
        message=run.message,
        terraform_version=run.terraform_version,
        facts=tuple(_facts(run)),
    )


def _facts(run: Run) -> Iterator[str]:
    """The words on what it was asked for, and on what it will do without asking anybody."""
    if run.applies_by_itself and not run.has_ended:
        yield "applies by itself"
    if run.is_destroy:
        yield "asked to destroy"
    if run.is_refresh_only:
        yield "asked to refresh only"
    if run.saves_plan:
        yield "asked to save its plan"
    if run.target_addrs:
        yield f"limited to {_names(run.target_addrs)}"
    if run.replace_addrs:
        yield f"asked to replace {_names(run.replace_addrs)}"


def _names(addresses: Sequence[str]) -> str:
    shown = [each if len(each) <= LONGEST_NAME else f"{each[:LONGEST_NAME]}…" for each in addresses[:MOST_NAMES]]
    more = f" and {len(addresses) - MOST_NAMES:,} more" if len(addresses) > MOST_NAMES else ""
    return f"{', '.join(shown)}{more}"


def view_mocks(mocks: Product | None, world: World) -> MocksView | None:
    """The mocks as far as they are there; None if nobody wants any."""
    if mocks is None:
        return None
    return MocksView(
        pending=mocks.pending,
        files=mocks.bundle.files if mocks.bundle else (),
        size=f"{mocks.bundle.size / 1000:,.1f} kB" if mocks.bundle else "",
        path=_path(mocks, world),
        artifact=mocks.artifact.name if mocks.artifact else None,
        url=_url(mocks, world),
        expires=_expires(mocks),
        failure=sentence(mocks.failure) if mocks.failure else None,
    )


def _view_html_report(report: Product | None, world: World) -> HtmlReportView | None:
    if report is None:
        return None
    return HtmlReportView(
        path=_path(report, world),
        artifact=report.artifact.name if report.artifact else None,
        url=_url(report, world),
        expires=_expires(report),
        failure=sentence(report.failure) if report.failure else None,
    )


def _path(product: Product, world: World) -> str:
    return world.environment.in_workspace(product.path) if product.path else ""


def _url(product: Product, world: World) -> str:
    return world.environment.artifact_url(product.artifact.id) if product.artifact else ""


def _expires(product: Product) -> str:
    return f"{product.artifact.expires_at:%Y-%m-%d}" if product.artifact else ""
