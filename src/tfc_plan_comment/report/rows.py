"""A planned change as a row of the list: words, symbol, reason, what changes, the lines of its diff."""

from collections.abc import Iterable, Iterator

from tfc_plan_comment.plan.actions import Action, Replacement, address_of, heading, is_moved, reason, replacement_of
from tfc_plan_comment.plan.document import NULL, ActionInvocation, Change, ResourceChange
from tfc_plan_comment.plan.noise import NOISE_REASONS, Noise
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import PlannedChange
from tfc_plan_comment.plan.values import is_empty
from tfc_plan_comment.report.addresses import mask_address, shorten, show_address, show_object
from tfc_plan_comment.report.events import tell_when
from tfc_plan_comment.report.hidden import count_hidden
from tfc_plan_comment.report.lines.attributes import Told, tell_object
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, Piece, Voice, say, say_text
from tfc_plan_comment.report.lines.changed_names import name_changes
from tfc_plan_comment.report.lines.forcing import say_cause
from tfc_plan_comment.report.lines.hcl import quote
from tfc_plan_comment.report.lines.identity import identify
from tfc_plan_comment.report.lines.line import Limits, Line, Shown
from tfc_plan_comment.report.lines.whole import tell_created, tell_destroyed, tell_imported
from tfc_plan_comment.report.model import Phrase, Row
from tfc_plan_comment.report.reasons import say_reason
from tfc_plan_comment.report.unseen import visible

SHORT = 40
"""Details of at most this many lines may stand open."""

LONGEST_KEY = 60
"""Characters of a deposed object's key, which usually has eight."""

_ORDERS = {
    Replacement.CREATE_FIRST: "created first, then destroyed",
    Replacement.NOT_DESTROYED: "created; the existing one is left alone",
}
"""The words for a replacement that is not destroyed first, as most are."""


def tell_change(change: PlannedChange, *, limits: Limits, invocations: tuple[ActionInvocation, ...] = ()) -> Row:
    """The change with all its lines, however many they are."""
    resource, mask, noise = change.resource, change.mask, change.noise
    told = _tell_details(change, limits)
    lines = (*told.lines, *_tell_invocations(invocations, mask))
    address, label = show_object(resource, mask, limits), _label(change, noise, limits)
    name, terraform_says = name_object(change), reason(resource)
    return Row(
        action=change.action,
        symbol="⚪" if noise else change.action.facts.symbol,
        label=label.text,
        address=address.text,
        subject=say_object(change, limits),
        heading=mask_address(heading(resource), mask),
        reason=mask_address(terraform_says, mask) if terraform_says else None,
        why=say_reason(change, limits),
        about=tuple(_tell_about(change, limits)),
        names=(name,) if name else (),
        cell=_fill_cell(change),
        lines=lines,
        remarks=(*told.remarks, *_say_noise(noise)),
        holds_data=change.holds_data,
        is_open=_needs_reading(change) and len(lines) <= SHORT and _says_more(lines),
        notices=change.attention,
        is_noise=noise is not None,
        hidden=count_hidden(change),
        cut=address.cut + label.cut + _deposed_key(resource).cut,
    )


def _needs_reading(change: PlannedChange) -> bool:
    """True if its line does not say all that one has to see of it: where data goes, where a look is deserved."""
    match change.action:
        case Action.REPLACE:
            return change.holds_data or change.deserves_a_look
        case Action.UPDATE | Action.CREATE:
            return change.deserves_a_look
        case _:
            return change.action is Action.UNKNOWN


def _says_more(lines: Iterable[Line]) -> bool:
    """True if a value comes, goes or changes in them, rather than being counted only."""
    return any(line.marker != " " for line in lines)


def say_object(change: PlannedChange, limits: Limits) -> Cell:
    """The address of the object; that it is a deposed one is no part of the address."""
    resource = change.resource
    address = show_address(address_of(resource), change.mask, limits)
    deposed = _deposed_key(resource).text
    behind = say(" (deposed object ") + say_text(visible(deposed)) + say(")") if deposed else EMPTY
    return Cell((Piece(address.text, Voice.NAME),)) + behind


def _deposed_key(resource: ResourceChange) -> Shown:
    return shorten(resource.deposed or "", LONGEST_KEY)


def name_object(change: PlannedChange) -> Cell:
    """The name by which people know what comes, goes or is handed over; empty if the address says it already."""
    if change.action not in {Action.CREATE, Action.DELETE, Action.FORGET}:
        return EMPTY
    return identify(change.diff, change.resource.address)


def _label(change: PlannedChange, noise: Noise | None, limits: Limits) -> Shown:
    """The action in a word or two."""
    if change.action is Action.UNKNOWN:
        actions, missing = shorten(", ".join(change.resource.change.actions), limits.action)
        return Shown(f"unknown action: {visible(actions) or 'none'}", missing)
    return Shown(noise or change.action.facts.label)


def _say_noise(noise: Noise | None) -> Iterator[Cell]:
    if noise:
        yield say(f"{NOISE_REASONS[noise]}.")


def _tell_details(change: PlannedChange, limits: Limits) -> Told:
    if change.action.facts.instead:
        return Told((Line(f"# {change.action.facts.instead}"),))
    if change.action is Action.IMPORT:
        told = _tell_imported(change, limits)
    elif change.action is Action.DELETE:
        told = tell_destroyed(change.diff, limits)
    elif change.action is Action.CREATE:
        told = tell_created(change.diff, change.configured.attributes(change.resource), limits)
    else:
        told = tell_object(change.diff, limits)
    lines = (*told.lines, *_tell_generated(change))
    return Told(lines or (Line(f"# {_why_nothing(change)}"),), told.remarks)


def _why_nothing(change: PlannedChange) -> str:
    """What stands in place of a diff that has nothing in it."""
    if change.action is Action.READ:
        return "nothing of it is known yet"
    if change.action is Action.UNKNOWN and change.resource.change == Change():  # which stands for one that is malformed
        return "what changes could not be read"
    return "no attribute changes"


def _tell_imported(change: PlannedChange, limits: Limits) -> Told:
    """The attributes that an import brings under Terraform's control; Terraform shows all of it, too."""
    _, after = change.mask.sides(change.resource.change)
    shown = {key: value for key, value in after.items() if not is_empty(value)} if isinstance(after, dict) else {}
    told = tell_imported(shown, change.resource.type, limits)
    return Told((*told.lines, Line("# nothing changes")), told.remarks)


def _tell_generated(change: PlannedChange) -> list[Line]:
    config = change.resource.change.generated_config
    if not config:
        return []
    return [
        Line("# configuration that Terraform generated:"),
        *(Line(line) for line in change.mask.text(config).splitlines()),
    ]


def _tell_invocations(invocations: tuple[ActionInvocation, ...], mask: Mask) -> Iterator[Line]:
    for each in invocations:
        trigger = each.lifecycle_action_trigger
        when = tell_when(trigger.action_trigger_event, "it") if trigger else ""
        yield Line(f"# invokes {visible(mask_address(each.address, mask))}{when}")


def _tell_about(change: PlannedChange, limits: Limits) -> Iterator[Phrase]:
    """The words behind action and address: the order of a replacement, and where it comes from."""
    resource = change.resource
    if (order := replacement_of(resource)) and (words := _ORDERS.get(order)):
        yield Phrase(words)
    if resource.change.importing is not None:
        yield _tell_import(change, limits)
    if resource.change.generated_config:
        yield Phrase("config will be generated")
    if is_moved(resource) and change.action is not Action.DELETE:
        yield _tell_move(change, limits)
    if change.was_deleted_outside:
        yield Phrase("it was deleted outside of Terraform")


def _tell_import(change: PlannedChange, limits: Limits) -> Phrase:
    importing = change.resource.change.importing
    words = "" if change.action is Action.IMPORT else "imported"
    after = ", only to be destroyed" if "delete" in change.resource.change.actions else ""
    if importing is None or (not importing.id and importing.identity == NULL and not importing.unknown):
        return Phrase("imported", after=after)
    if importing.unknown:
        return Phrase("imported, from what is known after apply", after=after)
    mask = change.mask  # before it is quoted: a mask knows how secrets stand in JSON, not how we write them
    identity = mask.text(bytes(importing.identity).decode(errors="replace"))
    source = show_address(quote(mask.text(importing.id)) if importing.id else identity, mask, limits)
    return Phrase(words, source.text, after, source.cut)


def _tell_move(change: PlannedChange, limits: Limits, after: str = "") -> Phrase:
    previous = show_address(change.resource.previous_address or "", change.mask, limits)
    words = "" if change.action is Action.MOVE else "moved"  # a move is called one in front of the address
    return Phrase(words, previous.text, after, previous.cut, is_named=True)


def _fill_cell(change: PlannedChange) -> Cell:
    """The attributes that change, the most telling first; of a replacement those that force it."""
    match change.action:
        case Action.UPDATE | Action.UNKNOWN:
            return name_changes(change.diff)
        case Action.REPLACE:
            return say_cause(change.diff.parts)
        case _:
            return EMPTY
