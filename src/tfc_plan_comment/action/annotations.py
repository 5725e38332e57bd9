"""The story of the annotations: errors of plans that failed, on the lines of the pull request that they are about."""

import msgspec

from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.action.right_commit import is_of_repository
from tfc_plan_comment.action.world import World
from tfc_plan_comment.findings.said import Known
from tfc_plan_comment.report.annotations import Annotation, annotate
from tfc_plan_comment.report.log_lines import title_of

MOST_ANNOTATIONS = 8
"""At most this many errors of plans are annotated: the runner keeps 10 for a step, and the step's own are the last."""


class LocatedErrors(msgspec.Struct, frozen=True, kw_only=True):
    """The first errors of a plan, each with its place as far as that may be claimed, and how many more there are."""

    title: str
    annotations: tuple[Annotation, ...] = ()
    more: int = 0


def locate_errors(result: Result, world: World) -> LocatedErrors:
    """The errors of the plan, if it failed and its log says why."""
    errors = result.findings.diagnostics if isinstance(result, Planned) else result.errors
    title = title_of(result.subject.workspace)
    if not isinstance(errors, Known):
        return LocatedErrors(title=title)
    located = annotate(errors.value.errors[:MOST_ANNOTATIONS], _working_directory(result, world))
    return LocatedErrors(
        title=title,
        annotations=tuple(each if _stands_here(each, result, world) else each.without_place for each in located),
        more=errors.value.without(MOST_ANNOTATIONS),
    )


def annotate_errors(errors: LocatedErrors, world: World) -> None:
    """Annotate as many as there is room for in the step, and count the others."""
    room = max(0, MOST_ANNOTATIONS - world.commands.errors)
    for each in errors.annotations[:room]:
        world.commands.error(each.message, title=errors.title, file=each.file, line=each.line, column=each.column)
    if more := len(errors.annotations[room:]) + errors.more:
        world.commands.info(f"{errors.title}: {more:,} more error{'' if more == 1 else 's'}")


def _working_directory(result: Result, world: World) -> str | None:
    """That of the workspace; None where the plan is of another repository, or of another commit than is looked at."""
    run = result.subject.run
    is_here = run is not None and is_of_repository(run, world.environment.repository) and not result.mismatch
    return run.working_directory if run and is_here else None


def _stands_here(annotation: Annotation, result: Result, world: World) -> bool:
    """True if the file is one of the repository: what somebody has uploaded need not begin at the same folder."""
    is_from_repository = result.subject.run is not None and result.subject.run.commit_sha is not None
    return is_from_repository or (world.environment.workspace / annotation.file).is_file()
