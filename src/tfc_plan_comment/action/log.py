"""The end of the log, outside of any group: what a reviewer wants to know. The comment's address comes after it."""

from tfc_plan_comment.action.annotations import annotate_errors, locate_errors
from tfc_plan_comment.action.report_of import report_of
from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.action.world import World
from tfc_plan_comment.report.log_lines import annotation, closing_lines, title_of


def tell_in_log(result: Result, world: World) -> None:
    """Say in a few lines what the plan does, or why there is none, and annotate the workflow's run if it loses data.

    The errors of a plan that failed are annotated where they are.
    """
    if not isinstance(result, Planned):
        annotate_errors(locate_errors(result, world), world)
        return
    report = report_of(result, world)
    for line in closing_lines(report):
        world.commands.info(line)
    annotate_errors(locate_errors(result, world), world)
    if said := annotation(report):
        world.commands.warning(said, title=title_of(report.workspace, report.summary.tool))
