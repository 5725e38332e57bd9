"""The story of several workspaces in one comment: a few at a time are gathered, and of each little is kept."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from tfc_plan_comment.action.background import Background
from tfc_plan_comment.action.gather import Beside, gather
from tfc_plan_comment.action.html_report import make_html_report
from tfc_plan_comment.action.report_of import failed_of, report_of
from tfc_plan_comment.action.results import NoPlan, Planned, Result
from tfc_plan_comment.action.subjects import Subject, settings_for
from tfc_plan_comment.action.world import World
from tfc_plan_comment.http.deadline import Deadline
from tfc_plan_comment.report.workspace_report import WorkspaceReport, condense_failure
from tfc_plan_comment.report.write.together import tell_workspace
from tfc_plan_comment.settings.settings import Settings

AT_ONCE = 6
"""So many workspaces are gathered at a time: their requests stay below HCP Terraform's 30 a second."""
SECONDS_TO_STOP = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One workspace, as the comment tells of it, and what else is known of it."""

    result: Result
    report: WorkspaceReport


def tell_all(subjects: Sequence[Subject], settings: Settings, world: World) -> tuple[Told, ...]:
    """What is told of each of the subjects, in their order."""
    deadline = Deadline.after(settings.timeout.total_seconds(), world.clock)
    told: dict[int, Told] = {}
    waiting, lock = iter(enumerate(subjects)), Lock()

    def work(sleep: Callable[[float], None]) -> None:
        own_world = replace(world, sleep=sleep)
        for number, subject in _each(waiting, lock):
            told[number] = _tell(subject, settings_for(subject, settings), own_world, deadline)

    with ExitStack() as stack:
        workers: list[Background[None]] = []
        for _ in range(min(AT_ONCE, len(subjects))):
            worker: Background[None] = Background(world.sleep)
            stack.callback(worker.stop, SECONDS_TO_STOP)
            worker.begin(lambda worker=worker: work(worker.sleep))
            workers.append(worker)
        for worker in workers:
            worker.result()
    return tuple(told[number] for number in range(len(subjects)))


def _each(items: Iterator[tuple[int, Subject]], lock: Lock) -> Iterator[tuple[int, Subject]]:
    """The items that no other thread has taken."""
    while True:
        with lock:
            item = next(items, None)
        if item is None:
            return
        yield item


def _tell(subject: Subject, settings: Settings, world: World, deadline: Deadline) -> Told:
    with (
        world.hcp_terraform(settings) as session,
        TemporaryDirectory(prefix="tfc-plan-comment-") as folder,
        Beside(settings, world) as beside,
    ):
        result = gather(session, subject, beside, folder=Path(folder), deadline=deadline)
        try:
            return _tell_result(replace(result, mocks=beside.mocks.result()), settings, world)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other workspaces are told of
            return _tell_failure(NoPlan(subject=subject, plan_status=result.plan_status, failure=error), world)


def _tell_result(result: Result, settings: Settings, world: World) -> Told:
    if not isinstance(result, Planned):
        return _tell_failure(result, world)
    report = report_of(result, world)
    if settings.report:
        html = make_html_report(report, settings, world, name_for_files=result.subject.name_for_files)
        result = replace(result, html_report=html)
        report = report_of(result, world)
    return Told(result=result, report=tell_workspace(report))


def _tell_failure(result: NoPlan, world: World) -> Told:
    return Told(result=result, report=condense_failure(failed_of(result, world)))
