"""The concerns of a workspace: all that the input `fail-on` can name and that is found in its report.

What is not known is a concern as well, of every condition that nobody can tell for it.
"""

from collections.abc import Iterable, Iterator, Sequence

from tfc_plan_comment.findings.apply import Fate
from tfc_plan_comment.findings.gate import Concern, Condition
from tfc_plan_comment.findings.policies import Policies, judge
from tfc_plan_comment.findings.said import Known, NotAsked
from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.document import Check
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.report.addresses import show_address, show_object
from tfc_plan_comment.report.cost_estimate import say_cost, shown_cost, write_amount
from tfc_plan_comment.report.failed import Failed
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.policies import shown_policies
from tfc_plan_comment.report.tasks import shown_tasks
from tfc_plan_comment.report.unseen import visible

MOST_NAMES = 5
"""At most this many addresses or names stand in a clause."""
LONGEST_NAME, LONGEST_SENTENCE = 120, 300
FAILS = frozenset({"fail", "error"})
"""The statuses of checks that do not pass. One that is known only after apply has not failed."""
ALL = tuple(Condition)
LOSSES = (Condition.DESTROY, Condition.REPLACE, Condition.DATA_LOSS)


def concerns_of_failed(failed: Failed) -> tuple[Concern, ...]:
    """The one of a workspace without a plan: nobody knows anything of it."""
    return (Concern(conditions=ALL, clause=f"cannot be judged ({failed.fact})"),)


def concerns_of(report: Report) -> tuple[Concern, ...]:
    """Those of a workspace with a plan."""
    summary = report.summary
    if summary.plan.errored:
        return (Concern(conditions=ALL, clause="cannot be judged (planning failed)"),)
    return (*_losses(summary), *_others(summary), *_policies(report), *_run(report), *_cost(report))


def _losses(summary: PlanSummary) -> Iterator[Concern]:
    changes = summary.changes
    if lost := [change for change in changes if change.holds_data]:
        yield _concern(Condition.DATA_LOSS, f"destroys {_count(lost, 'resource')} with data", _names(lost))
    if gone := [change for change in changes if change.action is Action.DELETE]:
        yield _concern(Condition.DESTROY, f"destroys {_count(gone, 'resource')}", _names(gone))
    if replaced := [change for change in changes if change.action is Action.REPLACE and not change.is_routine]:
        yield _concern(Condition.REPLACE, f"replaces {_count(replaced, 'resource')}", _names(replaced))
    if unknown := [change for change in changes if change.action is Action.UNKNOWN]:
        clause = f"has {_count(unknown, 'change')} with an unknown action: {_names(unknown)}"
        yield Concern(conditions=LOSSES, clause=clause)


def _others(summary: PlanSummary) -> Iterator[Concern]:
    if look := summary.attention:
        that = "that deserves a look" if len(look) == 1 else "that deserve a look"
        yield _concern(Condition.ATTENTION, f"has {_count(look, 'change')} {that}", _names(look))
    if drift := summary.drift:
        names = _join([show_object(each.resource, each.mask, Limits()).text for each in drift])
        yield _concern(Condition.DRIFT, f"has {_count(drift, 'resource')} that changed outside of Terraform", names)
    if failing := [check for check in summary.plan.checks if check.status in FAILS]:
        yield _concern(Condition.CHECKS_FAILED, f"fails {_count(failing, 'check')}", _checks(failing, summary))


def _policies(report: Report) -> Iterator[Concern]:
    """Policies that stop the run, and all that keeps them from being decided."""
    policies = shown_policies(report.findings.policies, report.summary)
    if policies is None:
        return
    verdict = judge(policies)
    did_not_pass = verdict.fails_mandatory or bool(verdict.errored)
    if did_not_pass or verdict.no_result or verdict.undecided or verdict.unread:
        that = "did not pass" if did_not_pass else "are not known to have passed"
        said = report.summary.mask.text(verdict.sentence)  # a status in it may be any text
        clause = f"has policies that {that} ({_shorten(said, LONGEST_SENTENCE)})"
        yield _concern(Condition.POLICY_FAILED, clause, _failing_names(policies))


def _run(report: Report) -> Iterator[Concern]:
    if report.has_errored:
        is_failed = report.outcome is not None and report.outcome.fate is Fate.FAILED
        clause = "has a run whose apply failed" if is_failed else "has a run that errored after its plan"
        yield Concern(conditions=(Condition.ERRORED,), clause=clause)
    tasks = shown_tasks(report.findings.tasks, report.summary)
    if tasks and tasks.stopping:
        names = _join([task.name for task in tasks.stopping])
        yield _concern(Condition.TASK_FAILED, f"fails {_count(tasks.stopping, 'mandatory run task')}", names)
    elif tasks and not tasks.is_known_to_pass:
        said = _shorten(tasks.sentence, LONGEST_SENTENCE)
        clause = f"has run tasks that are not known to have passed ({said})"
        yield Concern(conditions=(Condition.TASK_FAILED,), clause=clause)


def _cost(report: Report) -> Iterator[Concern]:
    """What the month costs more, as far as prices are known; and an estimate that is missing, if anything changes."""
    said = shown_cost(report.findings.cost, report.summary)
    if isinstance(said, NotAsked):
        return
    estimate = said.value if isinstance(said, Known) else None
    if estimate and estimate.is_finished and estimate.estimated == 0 and not estimate.given_delta:
        return  # no resource has a known price, and HCP Terraform says that nothing becomes dearer
    if estimate and estimate.delta is not None:
        clause = f"costs {write_amount(estimate.delta)} more a month"
        yield Concern(conditions=(Condition.COST_INCREASE,), clause=clause, dollars=estimate.delta)
    elif report.summary.verdict.has_changes:
        why = "".join(piece.text for piece in say_cost(said).pieces).removeprefix("Cost: ") or "no estimate"
        clause = f"may cost more a month ({_shorten(why, LONGEST_SENTENCE)})"
        yield Concern(conditions=(Condition.COST_INCREASE,), clause=clause)


def _failing_names(policies: Policies) -> str:
    return _join(
        [
            policy.name
            for policy, is_overridden in policies.not_passed()
            if policy.failed and not is_overridden and policy.level.facts.stops_run
        ]
    )


def _checks(checks: Iterable[Check], summary: PlanSummary) -> str:
    return _join([show_address(check.address.to_display, summary.mask, Limits()).text for check in checks])


def _names(changes: Iterable[PlannedChange]) -> str:
    return _join([show_object(each.resource, each.mask, Limits()).text for each in changes])


def _join(names: Sequence[str]) -> str:
    shown = [_shorten(name, LONGEST_NAME) for name in names[:MOST_NAMES]]
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return f"{', '.join(shown)}{more}"


def _shorten(text: str, longest: int) -> str:
    shown = visible(" ".join(text.split()))
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def _concern(condition: Condition, clause: str, names: str) -> Concern:
    return Concern(conditions=(condition,), clause=f"{clause}: {names}" if names else clause)


def _count(found: Sequence[object], what: str) -> str:
    return f"{len(found):,} {what}{'' if len(found) == 1 else 's'}"
