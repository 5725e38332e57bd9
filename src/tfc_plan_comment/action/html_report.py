"""The HTML report: written into the workspace and uploaded, before the comment, which links it.

Whatever goes wrong with it is said in the comment, and never keeps the comment from being written.
"""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

from tfc_plan_comment.action.files import write_whole
from tfc_plan_comment.action.outcome import HtmlReport, Outcome, World
from tfc_plan_comment.action.outcome_views import report_of
from tfc_plan_comment.action.workspace_artifact import WorkspaceFile, upload
from tfc_plan_comment.errors import ActionError, ArtifactError
from tfc_plan_comment.github_actions.artifacts import HTML
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.write.html import write_html
from tfc_plan_comment.settings.inputs import RUN_ID
from tfc_plan_comment.settings.settings import REPORT_PATH, Settings

LONGEST_UPLOAD = 60.0
"""Seconds that the comment waits for the upload; a server that says nothing may take as long again."""


def with_html_report(outcome: Outcome, settings: Settings, world: World) -> Outcome:
    """The outcome with what came of the report, if the user wants one and there is a plan to show."""
    report = report_of(outcome, settings, world) if settings.report else None
    if report is None:
        return outcome
    try:
        made = _make(report, outcome, settings, world)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the user the comment
        made = HtmlReport(failure=error)
    if isinstance(made.failure, ActionError):
        world.commands.warning(str(made.failure))
    return replace(outcome, html_report=made)


def bug_in(report: HtmlReport | None) -> Exception | None:
    """Why the step fails because of the report: only if there is a bug."""
    return None if report is None or isinstance(report.failure, ActionError) else report.failure


def _make(report: Report, outcome: Outcome, settings: Settings, world: World) -> HtmlReport:
    path = settings.report_path or (world.environment.workspace or Path()).resolve() / REPORT_PATH
    write_whole(path, write_html(report))
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    world.commands.info(f"HTML report: {path.stat().st_size:,} bytes, in {path.name}")
    file_to_upload = WorkspaceFile(
        what="the report",
        path=path,
        file_type=HTML,
        sha256=sha256,
        name=settings.report_artifact.replace(RUN_ID, _subject(outcome)),
        named_by="report-artifact",
        days=settings.artifact_retention_days,
    )
    try:
        artifact = upload(file_to_upload, world, sleep=world.sleep, longest=LONGEST_UPLOAD)
    except ArtifactError as error:
        return HtmlReport(path=path, failure=error)
    return HtmlReport(path=path, artifact=artifact)


def _subject(outcome: Outcome) -> str:
    """What stands for `<run-id>`: of a plan on disk what tells its comment from others, for names have to differ."""
    digest = hashlib.sha256(outcome.key.encode()).hexdigest()[:8]
    return outcome.run_id or outcome.plan_id or f"{re.sub(r'[^A-Za-z0-9._-]+', '-', outcome.key)[:60]}-{digest}"
