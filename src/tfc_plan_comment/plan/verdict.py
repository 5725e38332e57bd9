"""The sum of a plan: its counts and Terraform's own sentence.

Rules: Terraform, internal/command/jsonformat/plan.go (renderHuman); OpenTofu adds the forgotten ones.
"""

from collections import Counter
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tfc_plan_comment.plan.actions import Action, is_moved
from tfc_plan_comment.plan.document import Change, Plan, ResourceChange


class Mode(StrEnum):
    """The kind of a plan. The document does not name it; it is told from what is in it."""

    NORMAL = "normal"
    DESTROY = "destroy"
    REFRESH_ONLY = "refresh-only"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of objects, by what happens to them.

    A replacement is one to add and one to destroy, as Terraform counts, and one to replace.
    """

    to_import: Annotated[int, Meta(ge=0, description="Are imported, whatever else happens to them.")] = 0
    to_add: Annotated[int, Meta(ge=0, description="Are created.")] = 0
    to_change: Annotated[int, Meta(ge=0, description="Are updated in place.")] = 0
    to_destroy: Annotated[int, Meta(ge=0, description="Are destroyed.")] = 0
    to_replace: Annotated[int, Meta(ge=0, description="Are replaced.")] = 0
    to_move: Annotated[int, Meta(ge=0, description="Had another address before, whatever else happens to them.")] = 0
    to_forget: Annotated[int, Meta(ge=0, description="Are no longer managed, and stay.")] = 0
    to_read: Annotated[int, Meta(ge=0, description="Are data sources that are read during apply.")] = 0
    to_invoke: Annotated[int, Meta(ge=0, description="Actions that are invoked.")] = 0
    unknown: Annotated[int, Meta(ge=0, description="Have an action that this version does not know.")] = 0


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The counts, Terraform's sentence, and whether applying the plan would do anything."""

    counts: Counts
    sentence: str
    has_changes: bool
    mode: Mode


def reach_verdict(
    plan: Plan, changes: list[tuple[ResourceChange, Action]], *, is_asked_to_destroy: bool = False
) -> Verdict:
    """The verdict on the plan, which is Terraform's own. `changes` are those that it lists.

    `is_asked_to_destroy` says that the plan's run was asked to destroy everything. The plan itself does not say it.
    """
    counts = _count(plan, changes)
    mode = _mode(plan, is_asked_to_destroy=is_asked_to_destroy)
    has_changes = bool(changes or _has_outputs(plan) or counts.to_invoke or mode is Mode.REFRESH_ONLY)
    sentence = _sentence(plan, counts, mode, lists_changes=bool(changes))
    return Verdict(counts=counts, sentence=sentence, has_changes=has_changes, mode=mode)


def _count(plan: Plan, changes: list[tuple[ResourceChange, Action]]) -> Counts:
    kinds = Counter(action for _, action in changes)
    # A replacement without a destroy, and a destroy without a replacement, are told apart by the actions themselves.
    steps = Counter(resource.change.actions for resource, action in changes if action is not Action.UNKNOWN)
    return Counts(
        to_import=sum(resource.change.importing is not None for resource, _ in changes),
        to_add=sum(count for actions, count in steps.items() if "create" in actions),
        to_change=kinds[Action.UPDATE],
        to_destroy=sum(count for actions, count in steps.items() if "delete" in actions),
        to_replace=kinds[Action.REPLACE],
        to_move=sum(resource.previous_address is not None and is_moved(resource) for resource, _ in changes),
        to_forget=sum(count for actions, count in steps.items() if "forget" in actions),
        to_read=kinds[Action.READ],
        to_invoke=len(plan.action_invocations),
        unknown=kinds[Action.UNKNOWN],
    )


def _has_outputs(plan: Plan) -> bool:
    return any(_changes(output, is_redacted=plan.is_redacted) for output in plan.output_changes.values())


def _changes(output: Change, *, is_redacted: bool) -> bool:
    """True if an output changes. Terraform shows none that stays as it is, or null, whatever its action says.

    In a redacted plan, a placeholder may stand for one secret before and for another after.
    """
    is_equal = output.before == output.after and output.before_sensitive == output.after_sensitive
    is_placeholder = is_redacted and b"true" in bytes(output.after_sensitive)
    may_differ = not is_equal or is_placeholder or b"true" in bytes(output.after_unknown)
    return (may_differ and output.actions != ("no-op",)) or output.actions not in OUTPUT_ACTIONS


OUTPUT_ACTIONS = frozenset({("no-op",), ("create",), ("update",), ("delete",)})
"""The actions on an output that we know. Any other one is shown, whatever it means."""


def _mode(plan: Plan, *, is_asked_to_destroy: bool) -> Mode:
    if not plan.resource_changes and plan.applyable is not False:
        # Any other plan lists every object that it knows; a redacted one does not say whether it is applyable.
        drift = {resource.change.actions for resource in plan.resource_drift}
        if drift and (plan.applyable or ("update",) in drift):
            return Mode.REFRESH_ONLY
    return Mode.DESTROY if _destroys_everything(plan, is_asked_to_destroy=is_asked_to_destroy) else Mode.NORMAL


def _destroys_everything(plan: Plan, *, is_asked_to_destroy: bool) -> bool:
    """True if every object goes that is in the state, and nothing else happens to any.

    A plan with targets does not list what it leaves alone; `complete` tells of it since Terraform 1.8 only, and never
    in OpenTofu. The state before the plan lists all. A redacted plan has none: there, the run has to say it. A plan
    that ended with an error does not list all that would happen.
    """
    managed = [each for each in plan.resource_changes if each.mode == "managed"]
    is_known = not any(place.startswith("prior_state") for place in plan.unread)
    is_whole = is_known and not plan.errored and plan.complete is not False
    if not is_whole or not all(each.change.actions == ("delete",) for each in managed):
        return False
    going = {(each.address, each.deposed) for each in managed}
    before = plan.prior_state.values.root_module.all_resources()
    were = {(each.address, each.deposed_key) for each in before if each.mode == "managed"}
    if not any(deposed is None for _, deposed in going):
        return False
    return were <= going if were else is_asked_to_destroy


def is_opentofu(plan: Plan) -> bool:
    """True if OpenTofu made the plan; its `terraform_version` is OpenTofu's own."""
    providers = {resource.provider_name for resource in plan.resource_changes}
    return any(provider.startswith("registry.opentofu.org/") for provider in providers)


OUTPUTS_ONLY = (
    "You can apply this plan to save these new output values to the Terraform state, "
    "without changing any real infrastructure."
)


def _sentence(plan: Plan, counts: Counts, mode: Mode, *, lists_changes: bool) -> str:
    if lists_changes or counts.to_invoke:
        return _plan_sentence(counts, forgets=is_opentofu(plan))
    if _has_outputs(plan):
        return OUTPUTS_ONLY
    if plan.errored:
        return "Planning failed. Terraform encountered an error while generating this plan."
    if plan.deferred_changes:
        return "No current changes. This plan requires another plan to be applied first."
    if mode is Mode.REFRESH_ONLY:
        return "This is a refresh-only plan, so Terraform will not take any actions to undo these."
    return "No changes. Your infrastructure matches the configuration."


def _plan_sentence(counts: Counts, *, forgets: bool) -> str:
    imports = f"{counts.to_import} to import, " if counts.to_import else ""
    sentence = f"Plan: {imports}{counts.to_add} to add, {counts.to_change} to change, {counts.to_destroy} to destroy"
    if forgets and counts.to_forget:
        sentence += f", {counts.to_forget} to forget"
    return f"{sentence}." + (f" Actions: {counts.to_invoke} to invoke." if counts.to_invoke else "")
