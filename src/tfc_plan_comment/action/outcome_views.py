"""The outcome as `report` sees it: views of what the edges have given."""

from tfc_plan_comment.action.outcome import MOCKS_PENDING, HtmlReport, Mocks, Outcome, World
from tfc_plan_comment.action.workspace_artifact import artifact_url, in_workspace
from tfc_plan_comment.errors import ActionError, bug
from tfc_plan_comment.hcp_terraform.runs import Run
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.view import HtmlReportView, MocksView, RunView
from tfc_plan_comment.settings.settings import Settings


def report_of(outcome: Outcome, settings: Settings, world: World) -> Report | None:
    """All that goes into a report; None where there is no plan to show."""
    if outcome.summary is None:
        return None
    return Report(
        key=outcome.key,
        summary=outcome.summary,
        workspace=workspace_of(outcome, settings),
        run=run_view(outcome.run),
        failure=str(outcome.failure) if outcome.failure else None,
        policies=outcome.policies,
        mocks=mocks_view(outcome.mocks, world),
        html_report=_html_report_view(outcome.html_report, world),
    )


def workspace_of(outcome: Outcome, settings: Settings) -> str | None:
    """What a headline calls the workspace: its name, or else what tells its comment from others."""
    return outcome.run.workspace if outcome.run else settings.comment_key


def run_view(run: Run | None) -> RunView | None:
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


def mocks_view(mocks: Mocks | None, world: World) -> MocksView | None:
    """What came of the mocks; None if nobody wants any."""
    if mocks is None:
        return None
    bundle, artifact = mocks.bundle, mocks.artifact
    return MocksView(
        pending=mocks is MOCKS_PENDING,
        files=bundle.files if bundle else (),
        size=f"{bundle.size / 1000:,.1f} kB" if bundle else "",
        path=in_workspace(mocks.path, world) if mocks.path else "",
        artifact=artifact.name if artifact else None,
        url=(artifact_url(artifact, world) or "") if artifact else "",
        expires=f"{artifact.expires_at:%Y-%m-%d}" if artifact else "",
        failure=sentence(mocks.failure) if mocks.failure else None,
    )


def _html_report_view(report: HtmlReport | None, world: World) -> HtmlReportView | None:
    if report is None:
        return None
    artifact = report.artifact
    return HtmlReportView(
        path=in_workspace(report.path, world) if report.path else "",
        artifact=artifact.name if artifact else None,
        url=(artifact_url(artifact, world) or "") if artifact else "",
        expires=f"{artifact.expires_at:%Y-%m-%d}" if artifact else "",
        failure=sentence(report.failure) if report.failure else None,
    )


def sentence(failure: Exception) -> str:
    """What to tell the user of it."""
    return str(failure if isinstance(failure, ActionError) else bug(failure))
