"""A result as `report` takes it: views of what the edges have given."""

from tfc_plan_comment.action.products import Product
from tfc_plan_comment.action.results import Planned
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import sentence
from tfc_plan_comment.hcp_terraform.runs import Run
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.view import HtmlReportView, MocksView, RunView


def report_of(result: Planned, world: World) -> Report:
    """All that goes into a report on a plan."""
    return Report(
        key=result.subject.key,
        summary=result.summary,
        workspace=result.subject.workspace,
        run=view_run(result.subject.run),
        failure=sentence(result.failure) if result.failure else None,
        findings=result.findings,
        mocks=view_mocks(result.mocks, world),
        html_report=_view_html_report(result.html_report, world),
    )


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
    )


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
