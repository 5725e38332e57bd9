"""A planned change as a row: words, symbol, reason, the cell of the table, the lines of the details."""

from collections.abc import Iterator, Sequence

from tfc_plan_comment.plan.actions import Action, Replacement, heading, is_moved, reason, replacement_of
from tfc_plan_comment.plan.document import NULL, ActionInvocation
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.noise import NOISE_REASONS, Noise
from tfc_plan_comment.plan.summary import PlannedChange
from tfc_plan_comment.plan.values import is_empty
from tfc_plan_comment.report.addresses import mask_address, shorten, show_address, show_object
from tfc_plan_comment.report.events import tell_when
from tfc_plan_comment.report.hidden import count_hidden
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, join, say, say_text
from tfc_plan_comment.report.lines.changed_names import name_changes
from tfc_plan_comment.report.lines.difference import tell_attributes
from tfc_plan_comment.report.lines.forcing import say_forcing
from tfc_plan_comment.report.lines.hcl import assign_all, quote
from tfc_plan_comment.report.lines.identity import identify
from tfc_plan_comment.report.lines.line import WHOLE, Limits, Line, Pen, Shown
from tfc_plan_comment.report.model import Caution, Phrase, Row, join_phrases
from tfc_plan_comment.report.reasons import say_reason
from tfc_plan_comment.report.unseen import visible

SHORT = 16
"""Details of at most this many lines may stand open."""


def tell_change(change: PlannedChange, *, limits: Limits, invocations: tuple[ActionInvocation, ...] = ()) -> Row:
    """The change with all its lines, however many they are."""
    resource, mask, noise = change.resource, change.mask, change.noise
    lines = (*_tell_details(change, limits), *_tell_noise(noise), *_tell_invocations(invocations, mask))
    address, label = show_object(resource, mask, limits), _label(change, noise, limits)
    why, about = reason(resource), tuple(_tell_about(change, limits))
    return Row(
        action=change.action,
        symbol="⚪" if noise else change.action.facts.symbol,
        label=label.text,
        address=address.text,
        heading=mask_address(heading(resource), mask),
        reason=mask_address(why, mask) if why else None,
        about=about,
        cell=_fill_cell(change, _say_phrases(about), limits),
        lines=lines,
        holds_data=change.holds_data,
        is_open=len(lines) <= SHORT and change.action.facts.is_weighed and not noise,
        is_noise=noise is not None,
        hidden=count_hidden(change),
        cut=address.cut + label.cut,
    )


def _label(change: PlannedChange, noise: Noise | None, limits: Limits) -> Shown:
    """The action in a word or two."""
    if change.action is Action.UNKNOWN:
        actions, missing = shorten(", ".join(change.resource.change.actions), limits.action)
        return Shown(f"unknown action: {visible(actions) or 'none'}", missing)
    return Shown(noise or change.action.facts.label)


def _tell_noise(noise: Noise | None) -> Iterator[Line]:
    if noise:
        yield Line(f"# {NOISE_REASONS[noise]}")


def _tell_details(change: PlannedChange, limits: Limits) -> list[Line]:
    if change.action.facts.instead:
        return [Line(f"# {change.action.facts.instead}")]
    if change.action is Action.IMPORT:
        return [*_tell_imported(change, limits), *_tell_generated(change)]
    lines = [*tell_attributes(change.diff, limits), *_tell_generated(change)]
    return lines or [Line("# no attribute changes")]


def _tell_imported(change: PlannedChange, limits: Limits) -> list[Line]:
    """The attributes that an import brings under Terraform's control; Terraform shows all of it, too."""
    _, after = change.mask.sides(change.resource.change)
    shown = {key: value for key, value in after.items() if not is_empty(value)} if isinstance(after, dict) else {}
    return [*assign_all(shown, Pen(limits)), Line("# nothing of it changes")]


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
    """The words behind action and address: the order of a replacement, where it comes from, the reason."""
    resource = change.resource
    if replacement := replacement_of(resource):
        yield Phrase(replacement.value)
    if resource.change.importing is not None:
        yield _tell_import(change, limits)
    if resource.change.generated_config:
        yield Phrase("config will be generated")
    if is_moved(resource) and change.action is not Action.DELETE:
        yield _tell_move(change, limits)
    if why := _tell_reason(change, limits):
        yield why
    if change.was_deleted_outside:
        yield Phrase("it was deleted outside of Terraform")


def _tell_import(change: PlannedChange, limits: Limits) -> Phrase:
    importing = change.resource.change.importing
    after = ", which this destroys" if "delete" in change.resource.change.actions else ""
    if importing is None or (not importing.id and importing.identity == NULL and not importing.unknown):
        return Phrase("imported", after=after)
    if importing.unknown:
        return Phrase("imported, from what is known after apply", after=after)
    mask = change.mask  # before it is quoted: a mask knows how secrets stand in JSON, not how we write them
    identity = mask.text(bytes(importing.identity).decode(errors="replace"))
    source = show_address(quote(mask.text(importing.id)) if importing.id else identity, mask, limits)
    return Phrase("imported", source.text, after, source.cut)


def _tell_move(change: PlannedChange, limits: Limits, after: str = "") -> Phrase:
    previous = show_address(change.resource.previous_address or "", change.mask, limits)
    return Phrase("moved", previous.text, after, previous.cut)


def _tell_reason(change: PlannedChange, limits: Limits) -> Phrase | None:
    said = say_reason(change, limits)
    return Phrase("".join(piece.text for piece in said.pieces), cut=said.cut) if said else None


def _fill_cell(change: PlannedChange, about: Cell, limits: Limits) -> Cell:
    """The most telling thing: what changes; else why, or from where; of what comes or goes what people call it."""
    why = _tell_reason(change, limits)
    names = name_changes(change.diff)
    if change.action is Action.REPLACE and why:
        return join(filter(None, (_say_phrases([why]), names if change.diff.parts else EMPTY)), "; ")
    match change.action:
        case Action.UPDATE | Action.REPLACE | Action.UNKNOWN if names:
            return names + _say_origins(change)
        case Action.CREATE | Action.DELETE if not about:
            return identify(change.diff, change.resource.address)
        case Action.FORGET:
            return join(filter(None, (identify(change.diff, change.resource.address), about)), ", ")
        case _:
            return about


def _say_phrases(phrases: Sequence[Phrase]) -> Cell:
    return say_text(join_phrases(phrases), sum((phrase.cut for phrase in phrases), WHOLE))


def _say_origins(change: PlannedChange) -> Cell:
    is_imported = change.resource.change.importing is not None
    return say("; imported" if is_imported else "") + say("; moved" if is_moved(change.resource) else "")


_CAUTIONS = {
    Replacement.DESTROY_FIRST: "Replaced, destroyed first",
    Replacement.CREATE_FIRST: "Replaced, created first",
    Replacement.NOT_DESTROYED: "Replaced, the existing one is left alone",
    None: "Destroyed",
}


def warn_of(change: PlannedChange, limits: Limits) -> Caution:
    """The alert on top about an object that is destroyed or replaced."""
    return Caution(
        what=_CAUTIONS[replacement_of(change.resource)],
        address=show_object(change.resource, change.mask, limits).text,
        holds_data=change.holds_data,
        because=_tell_because(change, limits),
    )


def _tell_because(change: PlannedChange, limits: Limits) -> Cell:
    # Terraform warns of it as well: "this will destroy the imported resource".
    is_gone = change.resource.change.importing is not None and "delete" in change.resource.change.actions
    imported = say("; it is imported by this plan, and destroyed" if is_gone else "")
    if change.action is Action.REPLACE and (forcing := say_forcing(change.diff.parts)):
        return forcing + imported
    why = _tell_reason(change, limits)
    return say_text(str(why) if why else "") + imported
