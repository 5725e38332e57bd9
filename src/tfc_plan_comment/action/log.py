"""The end of the log, outside of any group: what a reviewer wants to know. The comment's address comes after it."""

from tfc_plan_comment.action.report_of import report_of
from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.action.right_commit import is_of_repository
from tfc_plan_comment.action.world import World
from tfc_plan_comment.findings.said import Known
from tfc_plan_comment.report.annotations import Annotation, annotate
from tfc_plan_comment.report.log_lines import annotation, closing_lines, title_of

MOST_ANNOTATIONS = 8
"""At most this many errors of plans are annotated: the runner keeps 10 for a step, and the step's own are the last."""


def tell_in_log(result: Result, world: World) -> None:
    """Say in a few lines what the plan does, or why there is none, and annotate the workflow's run if it loses data.

    The errors of a plan that failed are annotated where they are.
    """
    if not isinstance(result, Planned):
        _annotate_errors(result, world)
        return
    report = report_of(result, world)
    for line in closing_lines(report):
        world.commands.info(line)
    _annotate_errors(result, world)
    if said := annotation(report):
        world.commands.warning(said, title=title_of(report.workspace, report.summary.tool))


def _annotate_errors(result: Result, world: World) -> None:
    """Annotate the first errors of all plans, and count the others."""
    errors = result.findings.diagnostics if isinstance(result, Planned) else result.errors
    if not isinstance(errors, Known):
        return
    title, room = title_of(result.subject.workspace), max(0, MOST_ANNOTATIONS - world.commands.errors)
    for each in annotate(errors.value.errors[:room], _working_directory(result, world)):
        shown = each if _stands_here(each, result, world) else each.without_place
        world.commands.error(shown.message, title=title, file=shown.file, line=shown.line, column=shown.column)
    if more := errors.value.without(room):
        world.commands.info(f"And {more:,} more error{'' if more == 1 else 's'}")


def _working_directory(result: Result, world: World) -> str | None:
    """That of the workspace; None where the plan is of another repository, or of another commit than is looked at."""
    run = result.subject.run
    is_here = run is not None and is_of_repository(run, world.environment.repository) and not result.mismatch
    return run.working_directory if run and is_here else None


def _stands_here(annotation: Annotation, result: Result, world: World) -> bool:
    """True if the file is one of the repository: what somebody has uploaded need not begin at the same folder."""
    is_from_repository = result.subject.run is not None and result.subject.run.commit_sha is not None
    return is_from_repository or (world.environment.workspace / annotation.file).is_file()
