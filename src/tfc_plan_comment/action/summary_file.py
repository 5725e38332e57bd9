"""The file with the summary JSON: of a plan all that it changes, and of any workspace what a comment on many tells."""

from msgspec.structs import replace

from tfc_plan_comment.action.files import write_whole
from tfc_plan_comment.action.remembering import with_memory
from tfc_plan_comment.action.report_of import facts_of, failed_of, report_of
from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ActionError
from tfc_plan_comment.report.run_json import run_checks
from tfc_plan_comment.report.summaries import keep
from tfc_plan_comment.report.summary_json import failure_json, summary_json
from tfc_plan_comment.report.workspace_report import WorkspaceReport, condense_failure
from tfc_plan_comment.report.write.together import tell_workspace
from tfc_plan_comment.settings.settings import Settings

SUMMARY_JSON = "summary-json-path"
"""The output that names the file."""


def keep_summary(result: Result, settings: Settings, world: World, report: WorkspaceReport | None = None) -> Result:
    """The result with the file in it, if the user wants one; a file that cannot be written is why the step fails.

    `report` is the one on this workspace, if it is made already.
    """
    path = settings.summary_json_path
    if path is None:
        return result
    try:
        if isinstance(result, Planned):
            whole = report_of(result, world)
            report = report or with_memory(tell_workspace(whole), result, world)
            run = run_checks(whole) if result.subject.run else None
            pieces = summary_json(result.summary, keep(facts_of(result, world), report), run)
        else:
            report = report or with_memory(condense_failure(failed_of(result, world)), result, world)
            pieces = failure_json(keep(facts_of(result, world), report))
        write_whole(path, pieces)
    except ActionError as error:
        if result.failure:
            world.commands.warning(str(error))
        return replace(result, failure=result.failure or error)
    return replace(result, kept={**result.kept, SUMMARY_JSON: path})
