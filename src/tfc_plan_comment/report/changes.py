"""A planned change as the reviewer sees it: words, symbol, reason, the cell of the table, the diff."""

import re
from itertools import chain

from tfc_plan_comment.plan.actions import (
    Action,
    Replacement,
    display_address,
    heading,
    is_moved,
    reason,
    replacement_of,
)
from tfc_plan_comment.plan.document import ActionInvocation
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.summary import PlannedChange
from tfc_plan_comment.plan.values import is_empty
from tfc_plan_comment.report.changed_names import LONGEST_NAME, changed_names, identifier
from tfc_plan_comment.report.diff_lines import resource_lines
from tfc_plan_comment.report.hcl import Limits, attributes, quoted
from tfc_plan_comment.report.markdown import Inert, code, text, visible
from tfc_plan_comment.report.view import CautionView, ChangeView

SHORT = 16
"""A diff of so many lines may stand open."""

LONGEST_ADDRESS = 300
LONGEST_ACTION = 60

_KEY = re.compile(r'\["((?:[^"\\]|\\.)*)"\]')


def masked_address(address: str, mask: Mask) -> str:
    """The address with what is sensitive in its keys masked; the other parts are names out of the configuration."""
    if '["' not in address:
        return address
    return _KEY.sub(lambda match: f'["{mask.text(match[1])}"]', address)


def shown_address(address: str, mask: Mask) -> str:
    """The masked address, cut where it is absurdly long."""
    return _cut(masked_address(address, mask), LONGEST_ADDRESS)


def address_of(change: PlannedChange) -> str:
    """The address of the object, as it is shown."""
    return shown_address(display_address(change.resource), change.mask)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def symbol_of(change: PlannedChange) -> str:
    """The circle beside the label."""
    return "⚪" if change.noise else change.action.facts.symbol


def label_of(change: PlannedChange) -> str:
    """The action in a word or two."""
    if change.action is Action.UNKNOWN:
        return f"unknown action: {visible(_cut(', '.join(change.resource.change.actions), LONGEST_ACTION)) or 'none'}"
    return change.noise or change.action.facts.label


def change_view(change: PlannedChange, *, limits: Limits, invocations: tuple[ActionInvocation, ...] = ()) -> ChangeView:
    """The change with its diff, however long that is."""
    resource, mask = change.resource, change.mask
    lines = list(chain(_lines(change, limits), _invoked(invocations, mask)))
    address = address_of(change)
    return ChangeView(
        action=change.action,
        symbol=symbol_of(change),
        label=label_of(change),
        address=address,
        short_address=address,
        alike=(),
        same_for="",
        heading=masked_address(heading(resource), mask),
        reason=_masked(reason(resource), mask),
        about=about(change),
        what_changes=_cell(change),
        holds_data=change.holds_data,
        noise=change.noise is not None,
        diff="\n".join(lines),
        open=len(lines) <= SHORT and change.action.facts.is_weighed and not change.noise,
    )


def _masked(words: str | None, mask: Mask) -> str | None:
    return masked_address(words, mask) if words else None


def _lines(change: PlannedChange, limits: Limits) -> list[str]:
    if change.action.facts.instead:
        return [f"  # {change.action.facts.instead}"]
    if change.action is Action.IMPORT:
        return [*_imported(change, limits), *_generated(change)]
    lines = [*resource_lines(change.diff, limits), *_generated(change)]
    return lines or ["  # no attribute changes"]


def _imported(change: PlannedChange, limits: Limits) -> list[str]:
    """What an import brings under Terraform's control; Terraform shows all of it, too."""
    _, after = change.mask.sides(change.resource.change)
    shown = {key: value for key, value in after.items() if not is_empty(value)} if isinstance(after, dict) else {}
    return [*(f"  {line}" for line in attributes(shown, limits)), "  # nothing of it changes"]


def _generated(change: PlannedChange) -> list[str]:
    config = change.resource.change.generated_config
    if not config:
        return []
    return [
        "  # configuration that Terraform generated:",
        *(f"  {line}" for line in change.mask.text(config).splitlines()),
    ]


def _invoked(invocations: tuple[ActionInvocation, ...], mask: Mask) -> list[str]:
    lines = []
    for each in invocations:
        event = each.lifecycle_action_trigger.action_trigger_event if each.lifecycle_action_trigger else ""
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", event).lower()
        lines.append(f"  # invokes {visible(masked_address(each.address, mask))} ({visible(words)})")
    return lines


def about(change: PlannedChange) -> str:
    """What a summary line adds to action and address: the order of a replacement, the reason, where it comes from."""
    resource, mask = change.resource, change.mask
    said = []
    if replacement := replacement_of(resource):
        said.append(replacement.value)
    if resource.change.importing is not None:
        said.append(_import_source(change))
    if is_moved(resource) and change.action is not Action.DELETE:
        said.append(f"moved from {shown_address(resource.previous_address or '', mask)}")
    if words := _short_reason(change):
        said.append(words)
    if change.was_deleted_outside:
        said.append("it was deleted outside of Terraform")
    return ", ".join(said)


def _import_source(change: PlannedChange) -> str:
    importing = change.resource.change.importing
    if importing is None or importing.unknown:
        words = "imported, from what is known after apply"
    else:
        mask = change.mask  # before it is quoted: a mask knows how secrets stand in JSON, not how we write them
        identity = mask.text(bytes(importing.identity).decode(errors="replace"))
        source = quoted(mask.text(importing.id)) if importing.id else identity
        words = f"imported from {shown_address(source, mask)}"
    return f"{words}, which this destroys" if "delete" in change.resource.change.actions else words


_REPLACE_REASONS = {
    "replace_because_tainted": "because it is tainted",
    "replace_by_request": "as requested",
    "replace_by_triggers": "because of replace_triggered_by",
}


def _short_reason(change: PlannedChange) -> str | None:
    resource = change.resource
    if change.action is Action.REPLACE:
        return _REPLACE_REASONS.get(resource.action_reason or "")
    if resource.action_reason == "delete_because_no_resource_config":
        return "not in configuration"
    if resource.action_reason == "delete_because_no_move_target":
        return f"moved from {shown_address(resource.previous_address or '', change.mask)}, not in configuration"
    words = reason(resource)
    return shown_address(words.removeprefix("because "), change.mask) if words else None


def _cell(change: PlannedChange) -> Inert:
    words = _short_reason(change)
    if change.action is Action.REPLACE and words and not change.diff.parts:
        return Inert(text(words))
    if change.action in {Action.UPDATE, Action.REPLACE, Action.UNKNOWN} and (names := changed_names(change.diff)):
        resource = change.resource
        also = {"; imported": resource.change.importing is not None, "; moved": is_moved(resource)}
        return Inert(names + "".join(words for words, holds in also.items() if holds))
    said = about(change)
    if not said and change.action in {Action.CREATE, Action.DELETE}:
        return identifier(change.diff, change.resource.address)
    if change.action is Action.FORGET and (known_by := identifier(change.diff, change.resource.address)):
        return Inert(f"{known_by}, {text(said)}" if said else known_by)
    return Inert(text(said))


def caution_view(change: PlannedChange) -> CautionView:
    """What the alert on top says of an object that is destroyed or replaced."""
    what = {
        Replacement.DESTROY_FIRST: "Replaced, destroyed first",
        Replacement.CREATE_FIRST: "Replaced, created first",
        Replacement.NOT_DESTROYED: "Replaced, the existing one is left alone",
        None: "Destroyed",
    }[replacement_of(change.resource)]
    return CautionView(
        what=what,
        address=address_of(change),
        holds_data=change.holds_data,
        because=_because(change),
    )


def _because(change: PlannedChange) -> Inert:
    # Terraform warns of it as well: "this will destroy the imported resource".
    is_gone = change.resource.change.importing is not None and "delete" in change.resource.change.actions
    imported = "; it is imported by this plan, and destroyed" if is_gone else ""
    forcing = [code(str(part.step), limit=LONGEST_NAME) for part in change.diff.parts if part.forces_replacement]
    if change.action is Action.REPLACE and forcing:
        names = ", ".join(forcing[:3]) + (f" and {len(forcing) - 3} more" if len(forcing) > 3 else "")
        return Inert(f"because {names} {'changes' if len(forcing) == 1 else 'change'}{imported}")
    words = _short_reason(change) or ""
    if f"because {words}" == _masked(reason(change.resource), change.mask):
        words = f"because {words}"
    return Inert(text(words) + imported)
