"""The summary as JSON, for programs, masked like all else: the values that are written, and the writing of them.

The values are the contract: docs/summary.schema.json is generated from them, with their descriptions.
"""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from tfc_plan_comment.plan.actions import Action, address_of, heading, is_moved
from tfc_plan_comment.plan.attributes import AttributeChange, attribute_changes
from tfc_plan_comment.plan.document import Change, Check
from tfc_plan_comment.plan.drift import Drift
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.plan.values import write_json
from tfc_plan_comment.plan.verdict import Counts, Mode
from tfc_plan_comment.report.addresses import mask_address
from tfc_plan_comment.report.run_json import RunChecks

FORMAT_VERSION = "1.1"
"""Grows in the minor part when something is added, in the major part when something changes its meaning."""

Address = Annotated[str, Meta(description="The address, with what is sensitive in its keys masked.")]
Actions = Annotated[
    tuple[str, ...],
    Meta(description='The actions as they stand in the plan, such as `["delete", "create"]`.'),
]
Attributes = Annotated[
    tuple[AttributeChange, ...],
    Meta(
        description="Every leaf that differs, in the order of the paths; a plain value has the empty path. "
        "Elements of lists are compared by position."
    ),
]


class SaidNotice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing of a change that deserves a look."""

    rule: Annotated[str, Meta(description="The id of the rule, as docs/attention.md has it.")]
    sentence: Annotated[
        str, Meta(description="What the change does, as a sentence without its subject, which is the address; masked.")
    ]
    remark: Annotated[
        bool, Meta(description="Whether it only tells more of the change, and is not counted as deserving a look.")
    ]


class AttentionCounts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much deserves a look. That a change does not promises nothing."""

    changes: Annotated[int, Meta(ge=0, description="Changes that deserve a look; remarks alone do not count.")]
    ignored: Annotated[int, Meta(ge=0, description="Notices that are left out, as `attention-ignore` asks for.")]


class ChangedOutput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An output of the root module that changes."""

    name: Annotated[str, Meta(description="The output's name.")]
    actions: Actions
    attributes: Attributes


class _Object(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holds the fields that a planned change and a drifted object have in common."""

    address: Address
    deposed: Annotated[
        str | None,
        Meta(
            description="The key of an object that is left over from a failed replacement and has the address of the "
            "current one; else null."
        ),
    ]
    type: Annotated[str, Meta(description="The resource type, such as `aws_vpc`.")]
    actions: Actions
    heading: Annotated[str, Meta(description="Terraform's words, such as `aws_vpc.main will be updated in-place`.")]
    attributes: Attributes


class ChangedObject(_Object, frozen=True, kw_only=True):
    """An object that the plan changes."""

    previous_address: Annotated[
        str | None, Meta(description="Where a moved object was; null for one that was not moved.")
    ]
    action: Annotated[
        Action,
        Meta(
            description="What becomes of the object; `move` and `import` only where nothing else does, `unknown` for "
            "actions that this version does not know.",
            extra_json_schema={"enum": [action.value for action in Action if action is not Action.NO_OP]},
        ),
    ]
    importing: Annotated[bool, Meta(description="Whether the object is imported.")]
    holds_data: Annotated[
        bool, Meta(description="Whether it destroys an object of a type that holds data or keys of its own.")
    ]
    attention: Annotated[tuple[SaidNotice, ...], Meta(description="What of it deserves a look, the strongest first.")]


class DriftedObject(_Object, frozen=True, kw_only=True):
    """An object that changed outside of Terraform."""

    relevant: Annotated[bool, Meta(description="Whether Terraform shows it, because it led to changes of this plan.")]


class CheckResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The conditions of one check block, resource, output or variable, and how they came out."""

    address: Address
    kind: Annotated[
        str, Meta(description="Terraform's word: `check`, `resource`, `output_value`, `var` and what may come.")
    ]
    status: Annotated[str, Meta(description="Terraform's word: `pass`, `fail`, `error`, `unknown` and what may come.")]
    problems: Annotated[tuple[str, ...], Meta(description="What the failed conditions say.")]


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The part of the document that does not grow with the plan."""

    format_version: Annotated[
        str,
        Meta(
            description="Of this document. The minor part grows when something is added, the major part when "
            "something changes its meaning.",
            pattern=r"^1\.[0-9]+$",
        ),
    ]
    terraform_version: Annotated[
        str | None,
        Meta(
            description="The version that made the plan, OpenTofu's own if OpenTofu made it; null where the plan does "
            "not say."
        ),
    ]
    plan_summary: Annotated[
        str,
        Meta(
            description="Terraform's own sentence, such as `Plan: 4 to add, 6 to change, 3 to destroy.`; empty where "
            "there is no plan."
        ),
    ]
    mode: Annotated[Mode, Meta(description="What kind of plan it is.")]
    has_changes: Annotated[
        bool | None,
        Meta(
            description="Whether applying the plan would change an object or an output, or invoke an action; null "
            "where there is no plan."
        ),
    ]
    errored: Annotated[
        bool,
        Meta(description="Whether planning failed half-way; then there may be more to do than stands here."),
    ]
    counts: Counts
    attention: AttentionCounts


class Summary(Facts, frozen=True, kw_only=True):
    """The document that `summary-json-path` and `tfc-plan-comment render --format json` write.

    Every change of the plan and every changed attribute is in it; what is sensitive is masked.
    """

    changes: Annotated[
        tuple[ChangedObject, ...], Meta(description="Every change that Terraform lists, what can hurt first.")
    ]
    outputs: Annotated[
        tuple[ChangedOutput, ...], Meta(description="Every output of the root module that changes, by name.")
    ]
    drift: Annotated[
        tuple[DriftedObject, ...],
        Meta(
            description='Every object that changed outside of Terraform. One of which nothing but null, "", [] or '
            "{} became another of these is left out, unless that led to changes, or the plan is a refresh-only one."
        ),
    ]
    checks: Annotated[
        tuple[CheckResult, ...],
        Meta(description="Every check block, and every resource, output and variable with conditions."),
    ]
    run: Annotated[
        RunChecks | None,
        Meta(description="What the run says beside its plan; null where no run was asked, or where there is no plan."),
    ]
    comment: Annotated[
        dict[str, Any] | None,
        Meta(
            description="What the input `summaries` needs to tell of this workspace in a comment on several, for the "
            "version of the action that wrote it; null where nothing is written for a comment."
        ),
    ]


def summary_json(summary: PlanSummary, comment: bytes = b"null", run: RunChecks | None = None) -> Iterator[str]:
    """The document of a `Summary`, piece by piece, so that only one change's attributes are in memory.

    `comment` is the JSON of that part, and `run` what the run says.
    """
    plan, mask = summary.plan, summary.mask
    outputs = [(name, change) for name, change in sorted(plan.output_changes.items()) if change.actions != ("no-op",)]
    lists: dict[str, Iterator[msgspec.Struct]] = {
        "changes": (_changed_object(change) for change in summary.changes),
        "outputs": (_changed_output(name, change, mask.at_output(name)) for name, change in outputs),
        "drift": (_drifted_object(drift, drift.mask) for drift in summary.drift),
        "checks": (_check_result(check, mask) for check in plan.checks),
    }
    yield write_json(_facts(summary))[:-1]
    for name, items in lists.items():
        yield f',"{name}":['
        for number, item in enumerate(items):
            yield f"{',' if number else ''}{write_json(item)}"
        yield "]"
    yield f',"run":{write_json(run)},"comment":{comment.decode()}}}\n'


def failure_json(comment: bytes) -> Iterator[str]:
    """The document of a `Summary` where there is no plan: nothing is in it but what a comment tells of that."""
    facts = Facts(
        format_version=FORMAT_VERSION,
        terraform_version=None,
        plan_summary="",
        mode=Mode.NORMAL,
        has_changes=None,
        errored=True,
        counts=Counts(),
        attention=AttentionCounts(changes=0, ignored=0),
    )
    yield write_json(facts)[:-1]
    yield f',"changes":[],"outputs":[],"drift":[],"checks":[],"run":null,"comment":{comment.decode()}}}\n'


def _facts(summary: PlanSummary) -> Facts:
    plan, verdict = summary.plan, summary.verdict
    return Facts(
        format_version=FORMAT_VERSION,
        terraform_version=plan.terraform_version,
        plan_summary=verdict.sentence,
        mode=verdict.mode,
        has_changes=verdict.has_changes,
        errored=bool(plan.errored),
        counts=verdict.counts,
        attention=AttentionCounts(changes=len(summary.attention), ignored=summary.attention_ignored),
    )


def _changed_object(change: PlannedChange) -> ChangedObject:
    resource, mask = change.resource, change.mask
    return ChangedObject(
        address=mask_address(address_of(resource), mask),
        deposed=resource.deposed,
        previous_address=mask_address(resource.previous_address or "", mask) if is_moved(resource) else None,
        type=resource.type,
        action=change.action,
        actions=resource.change.actions,
        heading=mask_address(heading(resource), mask),
        importing=resource.change.importing is not None,
        holds_data=change.holds_data,
        attention=tuple(
            SaidNotice(rule=notice.rule, sentence=notice.plain(), remark=notice.is_remark)
            for notice in change.attention
        ),
        attributes=tuple(attribute_changes(resource.change, mask)),
    )


def _changed_output(name: str, change: Change, mask: Mask) -> ChangedOutput:
    return ChangedOutput(
        name=name, actions=change.actions, attributes=tuple(attribute_changes(change, mask, is_output=True))
    )


def _drifted_object(drift: Drift, mask: Mask) -> DriftedObject:
    resource = drift.resource
    return DriftedObject(
        address=mask_address(address_of(resource), mask),
        deposed=resource.deposed,
        type=resource.type,
        actions=resource.change.actions,
        heading=mask_address(heading(resource, drifted=True), mask),
        relevant=drift.is_relevant,
        attributes=tuple(attribute_changes(resource.change, mask)),
    )


def _check_result(check: Check, mask: Mask) -> CheckResult:
    problems = [problem for instance in check.instances for problem in instance.problems]
    return CheckResult(
        address=mask_address(check.address.to_display, mask),
        kind=check.address.kind,
        status=check.status,
        problems=tuple(mask.text(problem.message) for problem in problems),
    )
