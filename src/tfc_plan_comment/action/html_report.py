"""The HTML report: written into the workspace and uploaded, before the comment, which links it.

Whatever goes wrong with it is said in the comment, and never keeps the comment from being written.
"""

import hashlib
from datetime import UTC, datetime

from tfc_plan_comment.action.files import write_whole
from tfc_plan_comment.action.products import Product, WorkspaceFile, upload
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import is_bug, sentence
from tfc_plan_comment.github_actions.artifacts import HTML
from tfc_plan_comment.github_actions.event import PullRequest, pull_request_of
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.write.html import Origin, write_html
from tfc_plan_comment.settings.inputs import RUN_ID
from tfc_plan_comment.settings.settings import Settings

LONGEST_UPLOAD = 60.0
"""Seconds that the comment waits for the upload; a server that says nothing may take as long again."""


def make_html_report(report: Report, settings: Settings, world: World, *, name_for_files: str) -> Product:
    """The HTML report of a plan, or why there is none; never an exception."""
    try:
        made = _make(report, settings, world, name_for_files)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the user the comment
        made = Product(failure=error)
    if made.failure and not is_bug(made.failure):
        world.commands.warning(sentence(made.failure))
    return made


def bug_in(report: Product | None) -> Exception | None:
    """The reason for the step to fail because of the report: only if there is a bug."""
    return report.failure if report and report.failure and is_bug(report.failure) else None


def _make(report: Report, settings: Settings, world: World, name_for_files: str) -> Product:
    path = settings.report_path
    write_whole(path, write_html(report, _origin(settings, world)))
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    world.commands.info(f"HTML report: {path.stat().st_size:,} bytes, in {path.name}")
    file_to_upload = WorkspaceFile(
        what="the report",
        path=path,
        file_type=HTML,
        sha256=sha256,
        name=settings.report_artifact.replace(RUN_ID, name_for_files),
        named_by="report-artifact",
        days=settings.artifact_retention_days,
    )
    return upload(file_to_upload, world, sleep=world.sleep, longest=LONGEST_UPLOAD)


def _origin(settings: Settings, world: World) -> Origin:
    """The pull request, where the event or the inputs name it, and now."""
    here = world.environment
    found = pull_request_of(here.event_name, here.event, explicit=settings.pr_number, ref=here.ref, sha=here.sha)
    number = found.number if isinstance(found, PullRequest) else None
    return Origin(
        pull_request=number,
        pull_request_url=f"{here.server_url}/{here.repository}/pull/{number}" if number and here.repository else "",
        made=datetime.fromtimestamp(world.now(), UTC),
    )
