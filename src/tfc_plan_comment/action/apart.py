"""The story of workspaces that have a comment each: gather what can be known, report it, publish it.

Whatever goes wrong once we know which comment is ours ends up in that comment: a reviewer must never take an earlier
plan for the one that failed.
"""

from collections.abc import Sequence
from contextlib import ExitStack

from msgspec.structs import replace

from tfc_plan_comment.action.gate import judge_gate, tell_gate
from tfc_plan_comment.action.gather import Beside, gather
from tfc_plan_comment.action.html_report import make_html_report
from tfc_plan_comment.action.labels import keep_labels
from tfc_plan_comment.action.outputs import outputs_of
from tfc_plan_comment.action.publishing import Published, publish, publish_nothing
from tfc_plan_comment.action.report_of import facts_of, report_of
from tfc_plan_comment.action.results import NoPlan, Planned, Result
from tfc_plan_comment.action.right_commit import (
    comparable_commit,
    may_be_superseded,
    superseding_commit,
    tell_mismatch,
)
from tfc_plan_comment.action.subjects import Subject, settings_for
from tfc_plan_comment.action.summary_file import keep_summary
from tfc_plan_comment.action.unrevealed import tell_unrevealed, unmatched_in
from tfc_plan_comment.action.world import World
from tfc_plan_comment.findings.gate import GateReason
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.settings.settings import Settings


def tell_each(session: Session, subjects: Sequence[Subject], settings: Settings, world: World) -> Exception | None:
    """Tell of each of them in a comment of its own; returns why the step fails, if it does."""
    with ExitStack() as threads:
        several = len(subjects) > 1
        own = [settings_for(subject, settings) if several else settings for subject in subjects]
        beside = [threads.enter_context(Beside(its, world)) for its in own]
        results = [gather(session, subject, its) for subject, its in zip(subjects, beside, strict=True)]
        tell_unrevealed([unmatched_in(result, settings) for result in results], settings, world)
        published = [_tell(result, its, its.settings, world) for result, its in zip(results, beside, strict=True)]
        current = [each for each in published if not each.is_superseded]
        reasons = judge_gate([facts_of(each.result, world) for each in current], settings)
        _set_outputs(published, reasons, world)
        # Where the comment is left to a newer push, the label is as well.
        newest = [each for each in current if not each.written.superseded_by]
        keep_labels([facts_of(each.result, world) for each in newest], beside[0].comment, settings)
        failure = next((each.failure for each in published if each.failure), None)
        return tell_gate(reasons, failure, world)


def _set_outputs(published: Sequence[Published], reasons: Sequence[GateReason] | None, world: World) -> None:
    facts = [facts_of(each.result, world) for each in published]
    alone = published[0] if len(published) == 1 else None
    result, written = (alone.result, alone.written) if alone else (None, None)
    world.commands.set_outputs(outputs_of(facts, result, written, world.environment, reasons))


def _tell(result: Result, beside: Beside, settings: Settings, world: World) -> Published:
    """Report and publish one result."""
    try:
        run, repository = result.subject.run, world.environment.repository
        if comparable_commit(run, repository):
            pull_request = beside.comment.pull_request(result.subject.key)
            newer = superseding_commit(run, pull_request, repository)
            if newer and may_be_superseded(result):
                return publish_nothing(result, newer, world)
            result = replace(result, mismatch=tell_mismatch(run, pull_request, repository))
        result = keep_summary(result, settings, world)
        if isinstance(result, Planned) and settings.report:
            report = report_of(replace(result, mocks=beside.mocks.so_far()), world)
            name = result.subject.name_for_files
            result = replace(result, html_report=make_html_report(report, settings, world, name_for_files=name))
        return publish(result, settings, world, beside)
    except Exception as error:  # noqa: BLE001 - whatever it is, an earlier plan must not stand in the comment still
        failed = NoPlan(subject=result.subject, plan_status=result.plan_status, failure=error)
        return replace(publish(failed, settings, world, beside), failure=error)
