"""The story of several workspaces in one comment: a few are gathered at a time, and little is kept of each."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import msgspec
from msgspec import structs
from msgspec.structs import replace

from tfc_plan_comment.action.annotations import LocatedErrors, annotate_errors, locate_errors
from tfc_plan_comment.action.background import Background
from tfc_plan_comment.action.files import read_summary
from tfc_plan_comment.action.gate import judge_gate, tell_gate
from tfc_plan_comment.action.gather import Beside, gather
from tfc_plan_comment.action.html_report import make_html_report
from tfc_plan_comment.action.labels import keep_labels
from tfc_plan_comment.action.outputs import outputs_of
from tfc_plan_comment.action.publishing import ROOM_FOR_ERRORS, tell_superseded, why_the_step_fails
from tfc_plan_comment.action.pull_request_comment import PullRequestComment
from tfc_plan_comment.action.remembering import with_memory
from tfc_plan_comment.action.report_of import facts_of, failed_of, report_of
from tfc_plan_comment.action.results import NoPlan, Planned, Result
from tfc_plan_comment.action.right_commit import (
    comparable_commit,
    may_be_superseded,
    superseding_commit,
    tell_mismatch,
)
from tfc_plan_comment.action.subjects import Subject, settings_for
from tfc_plan_comment.action.summary_file import keep_summary
from tfc_plan_comment.action.together_text import TogetherText
from tfc_plan_comment.action.turns import Turns
from tfc_plan_comment.action.unrevealed import Unmatched, tell_unrevealed, unmatched_in
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ActionError
from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT, CommandsAbout
from tfc_plan_comment.github_actions.event import PullRequest
from tfc_plan_comment.github_actions.written import SKIPPED, Written
from tfc_plan_comment.hcp_terraform.session import origin_of
from tfc_plan_comment.http.deadline import Deadline
from tfc_plan_comment.report.concerns import concerns_of_failed
from tfc_plan_comment.report.failed import Failed
from tfc_plan_comment.report.log_lines import annotation, closing_lines, title_of
from tfc_plan_comment.report.summaries import read_kept
from tfc_plan_comment.report.together import find_commit
from tfc_plan_comment.report.workspace_facts import WorkspaceFacts
from tfc_plan_comment.report.workspace_report import Rank, WorkspaceReport, condense_failure
from tfc_plan_comment.report.write.together import tell_workspace
from tfc_plan_comment.settings.settings import CommentMode, CommentWhen, Settings
from tfc_plan_comment.settings.source import Summaries

AT_ONCE = 6
"""So many workspaces are gathered at a time: their requests stay below HCP Terraform's 30 a second."""
SECONDS_TO_STOP = 1.0


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One workspace as the comment tells of it, and what else the step says; nothing of its plan is kept."""

    report: WorkspaceReport
    facts: WorkspaceFacts
    failure: Exception | None = None
    """Why the step fails because of it."""
    lines: tuple[str, ...] = ()
    """The lines for the end of the log."""
    annotation: tuple[str, str] | None = None
    """A title, and what it says."""
    errors: LocatedErrors | None = None
    """Those of a plan that failed."""
    superseded_by: str = ""
    """The commit of a newer push, for which the plan of this one was canceled."""
    unrevealed: Unmatched = None
    """The patterns of `reveal` that fit nothing in it."""


def tell_together(subjects: Sequence[Subject], key: str, settings: Settings, world: World) -> Exception | None:
    """Tell of all of them in one comment; returns why the step fails, if it does."""
    gc.enable()  # there may be hundreds of plans, and nothing of them is kept: that includes what points to itself
    with PullRequestComment(settings, world) as comment:
        return _tell_all(_gather_all(subjects, key, comment, settings, world), key, comment, settings, world)


def merge_summaries(source: Summaries, settings: Settings, world: World) -> Exception | None:
    """Tell in one comment of all that other jobs have written into files; returns why the step fails, if it does.

    One that cannot be read is told of like a workspace without a plan.
    """
    key = settings.comment_key or world.environment.step
    with PullRequestComment(settings, world) as comment:
        comment.begin(key)
        read = [_read(path, key, settings) for path in source.paths]
        told = [*_tell_apart(_newest_of_each(read, world))]
        told.sort(key=lambda each: each.facts.name)
        return _tell_all(told, key, comment, settings, world)


def _read(path: Path, key: str, settings: Settings) -> Told:
    try:
        content = read_summary(path, max_bytes=settings.max_plan_size)
        kept = read_kept(content, path.name, origin=origin_of(settings.hostname))
    except ActionError as error:
        failed = Failed(key=key, fact=error.fact, sentence=str(error), workspace=path.name)
        facts = WorkspaceFacts(name=path.name, concerns=concerns_of_failed(failed))
        return Told(report=condense_failure(failed), facts=facts, failure=error, lines=(str(error),))
    sentence = kept.facts.plan.verdict.sentence if kept.facts.plan else kept.report.worst
    return Told(report=kept.report, facts=kept.facts, lines=(f"{kept.report.name}: {sentence}",))


def _newest_of_each(told: Sequence[Told], world: World) -> Sequence[Told]:
    """What is told of the newest run of each workspace; all that has no run, or of which nobody knows when it began."""
    newest: dict[object, Told] = {}
    for number, each in enumerate(told):
        run = each.report.run
        is_known = run and run.organization and run.workspace and each.report.memory.created
        whose = (run.organization, run.workspace) if run and is_known else number
        other = newest.setdefault(whose, each)
        if other is each:
            continue
        newest[whose] = max(other, each, key=lambda one: one.report.memory.created)
        name = f"{each.report.name} ({other.facts.run_id} and {each.facts.run_id})"
        world.commands.notice(f"There are several summaries of {name}. That of the newest run is merged.")
    return [*newest.values()]


def _tell_apart(told: Sequence[Told]) -> Iterator[Told]:
    """The same; workspaces of several organizations that have one name are called by both names."""
    names = Counter(each.report.name for each in told)
    for each in told:
        run = each.report.run
        if names[each.report.name] == 1 or not (run and run.organization):
            yield each
            continue
        name = f"{run.organization}/{each.report.name}"
        report, facts = structs.replace(each.report, name=name), structs.replace(each.facts, name=name)
        yield replace(each, report=report, facts=facts)


def _tell_all(
    told: Sequence[Told], key: str, comment: PullRequestComment, settings: Settings, world: World
) -> Exception | None:
    current = [each for each in told if not each.superseded_by]
    tell_unrevealed([each.unrevealed for each in told], settings, world)
    written, no_room = _publish(current, key, comment, settings, world) if current else (SKIPPED, None)
    if not current:
        tell_superseded("There are no plans of this commit", told[0].superseded_by, world)
    reasons = judge_gate([each.facts for each in current], settings)
    facts = [each.facts for each in told]
    world.commands.set_outputs(outputs_of(facts, None, written, world.environment, reasons))
    if not written.superseded_by:
        keep_labels([each.facts for each in current], comment, settings)
    return tell_gate(reasons, no_room or next((each.failure for each in current if each.failure), None), world)


def _publish(
    told: Sequence[Told], key: str, comment: PullRequestComment, settings: Settings, world: World
) -> tuple[Written, Exception | None]:
    """Write all of it; returns what became of the comment, and why the step fails if there is no room in it."""
    reports = [each.report for each in told]
    text = TogetherText(key, reports, settings, world)
    world.commands.append_summary(text.step_summary(STEP_SUMMARY_LIMIT - ROOM_FOR_ERRORS))
    for each in told:
        for line in each.lines:
            world.commands.info(line)
        if each.errors:
            annotate_errors(each.errors, world)
        if each.annotation:
            title, said = each.annotation
            world.commands.warning(said, title=title)
    commit = find_commit(reports)
    written = comment.write(
        text.compose,
        key=key,
        recreate=settings.comment is CommentMode.RECREATE,
        create_if_missing=settings.comment_when is CommentWhen.ALWAYS
        or any(each.rank is not Rank.NOTHING for each in reports),
        commit=commit,
    )
    return written, text.failure


def _gather_all(
    subjects: Sequence[Subject], key: str, comment: PullRequestComment, settings: Settings, world: World
) -> list[Told]:
    """What is told of each, in the order of the subjects: each thread takes the next that no other has taken."""
    comment.begin(key)
    told: dict[int, Told] = {}

    def world_of(subject: Subject) -> World:
        return replace(world, commands=CommandsAbout(subject.workspace or subject.name_for_files, world.commands))

    deadline = Deadline.after(settings.timeout.total_seconds(), world.clock)
    turns = Turns.of(subjects, deadline, world_of)

    def work(sleep: Callable[[float], None]) -> None:
        with world.hcp_terraform(settings, sleep=sleep) as session:
            for number, subject, until in turns.take(session):
                own = replace(world_of(subject), sleep=sleep)
                told[number] = _tell(
                    subject, settings_for(subject, settings), own, until, partial(comment.pull_request, key)
                )

    with ExitStack() as stack:
        workers = [Background[None](world.sleep) for _ in range(min(AT_ONCE, len(subjects)))]
        for worker in workers:
            stack.callback(worker.stop, SECONDS_TO_STOP / len(workers))
            worker.begin(partial(work, worker.sleep))
        for worker in workers:  # before those: all of them end at the same time
            stack.callback(worker.stop, 0)
        for worker in workers:
            worker.result()
    return [told[number] for number in sorted(told)]


def _tell(
    subject: Subject,
    settings: Settings,
    world: World,
    deadline: Deadline,
    find_pull_request: Callable[[], PullRequest | None],
) -> Told:
    """What is told of one; whatever goes wrong is told as well, for the other workspaces are told of."""
    result: Result | None = None
    try:
        with (
            world.hcp_terraform(settings) as session,
            Beside(settings, world) as beside,
        ):
            result = gather(session, subject, beside, deadline=deadline)
            result = replace(result, mocks=beside.mocks.result())
            run, repository = subject.run, world.environment.repository
            if comparable_commit(run, repository):
                pull_request = find_pull_request()
                newer = superseding_commit(run, pull_request, repository)
                if newer and may_be_superseded(result):
                    return replace(_tell_result(result, settings, world), superseded_by=newer)
                result = replace(result, mismatch=tell_mismatch(run, pull_request, repository))
            return _tell_result(result, settings, world)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other workspaces are told of
        status = result.plan_status if result else None
        return _tell_failure(NoPlan(subject=subject, plan_status=status, failure=error), settings, world)


def _tell_result(result: Result, settings: Settings, world: World) -> Told:
    if not isinstance(result, Planned):
        return _tell_failure(result, settings, world)
    report = report_of(result, world)
    if settings.report:
        html = make_html_report(report, settings, world, name_for_files=result.subject.name_for_files)
        result = replace(result, html_report=html)
        report = report_of(result, world)
    told, said = with_memory(tell_workspace(report), result, world), annotation(report)
    result = keep_summary(result, settings, world, told)
    return Told(
        report=told,
        facts=facts_of(result, world),
        failure=why_the_step_fails(result, settings),
        lines=tuple(closing_lines(report)),
        annotation=(title_of(report.workspace, report.summary.tool), said) if said else None,
        errors=locate_errors(result, world),
        unrevealed=unmatched_in(result, settings),
    )


def _tell_failure(result: NoPlan, settings: Settings, world: World) -> Told:
    failed = failed_of(result, world)
    told = with_memory(condense_failure(failed), result, world)
    return Told(
        report=told,
        facts=facts_of(result, world),
        failure=why_the_step_fails(keep_summary(result, settings, world, told), settings),
        lines=(f"Terraform plan for {failed.workspace or failed.key}: {failed.fact}", f"  {failed.sentence}"),
        errors=locate_errors(result, world),
    )
