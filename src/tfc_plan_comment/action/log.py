"""The end of the log, outside of any group: what a reviewer wants to know. The comment's address comes after it."""

from tfc_plan_comment.action.report_of import report_of
from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.action.world import World
from tfc_plan_comment.report.log_lines import annotation, closing_lines, error_lines, title_of


def tell_in_log(result: Result, world: World) -> None:
    """Say in a few lines what the plan does, or why there is none, and annotate the workflow's run if it loses data."""
    if not isinstance(result, Planned):
        for line in error_lines(result.errors):
            world.commands.info(line)
        return
    report = report_of(result, world)
    for line in closing_lines(report):
        world.commands.info(line)
    if said := annotation(report):
        world.commands.warning(said, title=title_of(report))
