"""The run in the summary JSON: how policies, run tasks, cost and its apply stand beside the plan, masked like all."""

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from tfc_plan_comment.findings.apply import Done, Fate, Outcome
from tfc_plan_comment.findings.policies import judge
from tfc_plan_comment.findings.said import Known
from tfc_plan_comment.report.cost_estimate import say_cost, shown_cost
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.outcome import say_outcome
from tfc_plan_comment.report.policies import shown_policies, view_policies
from tfc_plan_comment.report.tasks import shown_tasks, view_tasks

Sentence = Annotated[str, Meta(description="The outcome in words, which say as well what could not be read.")]
Decided = Annotated[bool, Meta(description="Whether all of it that could be read was decided when this was written.")]
Amount = Annotated[
    Annotated[str, Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?$")] | None,
    Meta(description="Dollars a month, as a decimal such as `132.10` or `-3`; null where that is not known."),
]


class LevelCount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The number of policies of one enforcement level."""

    level: Annotated[str, Meta(description="HCP Terraform's word, such as `mandatory`, `soft-mandatory`, `advisory`.")]
    count: Annotated[int, Meta(ge=1, description="How many.")]


class RunPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A policy that did not pass."""

    name: Annotated[str, Meta(description="Empty for a policy set that could not be evaluated.")]
    policy_set: Annotated[str, Meta(description="The name of its set; may be empty.")]
    status: Annotated[str, Meta(description="HCP Terraform's word, such as `failed` or `errored`.")]
    enforcement_level: Annotated[str, Meta(description="HCP Terraform's word; may be empty.")]
    overridden: Annotated[bool, Meta(description="Whether it failed, and somebody decided that the run goes on.")]
    output: Annotated[str, Meta(description="What the policy says; may be empty.")]


class RunPolicies(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The policies of the run."""

    sentence: Sentence
    decided: Decided
    passed: Annotated[int, Meta(ge=0, description="How many passed.")]
    failed: Annotated[tuple[LevelCount, ...], Meta(description="Those that failed, what stops a run first.")]
    overridden: Annotated[
        tuple[LevelCount, ...], Meta(description="Those that failed where somebody decided that the run goes on.")
    ]
    errored: Annotated[int, Meta(ge=0, description="How many could not be evaluated.")]
    not_passed: Annotated[tuple[RunPolicy, ...], Meta(description="Those that did not pass, as far as they are named.")]


class RunTask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run task and its result."""

    name: Annotated[str, Meta(description="The name of the task.")]
    stage: Annotated[str, Meta(description="HCP Terraform's word, such as `post_plan`; may be empty.")]
    status: Annotated[str, Meta(description="HCP Terraform's word, such as `passed`, or `skipped: the run ended`.")]
    enforcement_level: Annotated[str, Meta(description="`mandatory` or `advisory`; may be empty.")]
    message: Annotated[str, Meta(description="What its service says; may be empty.")]
    url: Annotated[str, Meta(description="The page of its service, with https; may be empty.")]


class RunTasks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The run tasks, in the order of their stages."""

    sentence: Sentence
    decided: Decided
    tasks: Annotated[tuple[RunTask, ...], Meta(description="All of them that could be read.")]


class RunCost(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """HCP Terraform's estimate of what a month costs."""

    sentence: Sentence
    status: Annotated[str | None, Meta(description="HCP Terraform's word; null where it could not be read.")]
    delta: Amount
    prior: Amount
    proposed: Amount
    estimated: Annotated[int | None, Meta(description="How many resources have a price that is known.")]
    resources: Annotated[int | None, Meta(description="How many resources there are.")]


class RunOutcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of the plan; counts are HCP Terraform's, and null where they are not known."""

    fate: Annotated[
        Fate,
        Meta(
            description="`applied`; `failed` or `interrupted` for an apply that may have done a part; `not applied` if "
            "nothing was or will be; `underway`; `uncertain` if the run has ended and nobody knows."
        ),
    ]
    sentence: Sentence
    added: Annotated[int | None, Meta(description="How many objects were added.")]
    changed: Annotated[int | None, Meta(description="How many were changed.")]
    destroyed: Annotated[int | None, Meta(description="How many were destroyed.")]
    imported: Annotated[int | None, Meta(description="How many were imported.")]
    ended: Annotated[str | None, Meta(description="When the apply ended, in UTC: `2026-03-01T10:05:40Z`.")]


class RunChecks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that the run says beside its plan; each is null where the run has none, or where no run is known."""

    policies: Annotated[RunPolicies | None, Meta(description="The policies of the run.")]
    tasks: Annotated[RunTasks | None, Meta(description="The run tasks.")]
    cost: Annotated[RunCost | None, Meta(description="The cost estimate.")]
    outcome: Annotated[
        RunOutcome | None, Meta(description="What became of the plan; null while there is nothing to say of that.")
    ]


def run_checks(report: Report) -> RunChecks:
    """The checks of the run in the report."""
    return RunChecks(
        policies=_policies(report), tasks=_tasks(report), cost=_cost(report), outcome=_outcome(report.outcome)
    )


def _policies(report: Report) -> RunPolicies | None:
    policies = shown_policies(report.findings.policies, report.summary)
    if policies is None:
        return None
    verdict = judge(policies)
    return RunPolicies(
        sentence=verdict.sentence,
        decided=policies.is_decided,
        passed=verdict.passed,
        failed=tuple(LevelCount(level=str(level), count=count) for level, count in verdict.failed.items()),
        overridden=tuple(LevelCount(level=str(level), count=count) for level, count in verdict.overridden.items()),
        errored=verdict.errored,
        not_passed=msgspec.convert(view_policies(policies).not_passed, tuple[RunPolicy, ...], from_attributes=True),
    )


def _tasks(report: Report) -> RunTasks | None:
    tasks = shown_tasks(report.findings.tasks, report.summary)
    if tasks is None:
        return None
    return RunTasks(
        sentence=tasks.sentence,
        decided=tasks.is_decided,
        tasks=msgspec.convert(view_tasks(tasks).all, tuple[RunTask, ...], from_attributes=True),
    )


def _cost(report: Report) -> RunCost | None:
    cost = shown_cost(report.findings.cost, report.summary)
    if not (said := say_cost(cost)):
        return None
    known = cost.value if isinstance(cost, Known) else None
    amounts = known.amounts if known else None
    return RunCost(
        sentence="".join(piece.text for piece in said.pieces),
        status=str(known.status) if known else None,
        delta=_write(amounts.delta) if amounts else None,
        prior=_write(amounts.prior) if amounts else None,
        proposed=_write(amounts.proposed) if amounts else None,
        estimated=known.estimated if known else None,
        resources=known.resources if known else None,
    )


def _outcome(outcome: Outcome | None) -> RunOutcome | None:
    if outcome is None:
        return None
    apply = outcome.apply.value if isinstance(outcome.apply, Known) else None
    done = apply.done if apply else Done()
    return RunOutcome(
        fate=outcome.fate,
        sentence="".join(piece.text for piece in say_outcome(outcome).pieces),
        added=done.added,
        changed=done.changed,
        destroyed=done.destroyed,
        imported=done.imported,
        ended=f"{apply.ended:%Y-%m-%dT%H:%M:%SZ}" if apply and apply.ended else None,
    )


def _write(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
