"""The reason of a change, as a sentence that stands by itself behind the address: one table of every reason there is.

Terraform and OpenTofu name their reasons in the plan (internal/command/jsonplan/plan.go, the constants of
ResourceChange.ActionReason), and may name further ones in any version. One that is not in the table is shown as it is.
"""

from collections.abc import Iterator, Mapping

from tfc_plan_comment.plan.actions import Action, action_of
from tfc_plan_comment.plan.configured import Repetition
from tfc_plan_comment.plan.document import ResourceChange
from tfc_plan_comment.plan.summary import PlannedChange
from tfc_plan_comment.plan.values import write_json
from tfc_plan_comment.report.addresses import mask_address, shorten, show_address
from tfc_plan_comment.report.lines.cell import Cell, Piece, Voice, join
from tfc_plan_comment.report.lines.line import Limits, Shown
from tfc_plan_comment.report.unseen import visible

_REPLACE = {
    "replace_because_cannot_update": "",  # the attributes say it
    "replace_because_tainted": "because it is tainted, by a failed apply or by hand",
    "replace_by_request": "as asked with `-replace`",
    "replace_by_triggers": "because of `replace_triggered_by`",
}
_DELETE = {
    "delete_because_no_resource_config": "no longer in the configuration",
    "delete_because_no_move_target": "no longer in the configuration; was `{previous}`",
    "delete_because_no_module": "its module is no longer in the configuration",
    "delete_because_wrong_repetition": "{repetition}",
    "delete_because_count_index": "{count}",
    "delete_because_each_key": "its key `{key}` is gone from `for_each`",
    "delete_because_enabled_false": "its `enabled` is now false",
}
_READ = {
    "read_because_config_unknown": "during apply, because its configuration refers to values not yet known",
    "read_because_dependency_pending": "during apply, because something that it depends on has pending changes",
    "read_because_check_nested": "during apply, to verify a `check` block",
}
_FORGET = {
    "forgot_because_lifecycle_destroy_in_state": "because `lifecycle.destroy = false` was set before it was removed",
    "forgot_because_lifecycle_destroy_in_config": "because `lifecycle.destroy = false` is set in the configuration",
}
REASONS = _REPLACE | _DELETE | _READ | _FORGET
"""Every reason of Terraform and OpenTofu -> what is said of it. Between backticks stands code, in braces a fact."""

FORGET_OF_TERRAFORM = "because `destroy = false` is set in the configuration"
"""Terraform prints this of every object that it forgets (jsonformat/plan.go); we do where the plan has no reason."""

LEFT_OVER = "left over from a replacement that failed"
"""The reason of an object that is deposed, and has no other one."""

UNHEARD_OF = "for a reason that is not known here: `{reason}`"

_OF_ACTION = {
    Action.REPLACE: (*_REPLACE,),
    Action.DELETE: (*_DELETE,),
    Action.READ: (*_READ,),
    Action.FORGET: (*_FORGET, *_DELETE),
}
"""The reasons that are said with an action; with others they are a remnant, as `replace_by_triggers` of a creation."""


def say_reason(change: PlannedChange, limits: Limits) -> Cell:
    """The reasons that the plan names, in words; empty where it names none, or where attributes are the reason."""
    facts = _facts(change, limits)
    return join((_write(words, facts) for words in _find_words(change.resource)), "; ")


def is_of_one_object(resource: ResourceChange) -> bool:
    """True if the reason names something that other instances may not share, such as a key."""
    return any("{" in words for words in _find_words(resource))


def _find_words(resource: ResourceChange) -> Iterator[str]:
    action, reason = action_of(resource), resource.action_reason or ""
    is_left_over = bool(resource.deposed) and action in {Action.DELETE, Action.FORGET}
    if is_left_over:
        yield LEFT_OVER
    if reason and reason not in REASONS:
        yield UNHEARD_OF
    elif reason in _OF_ACTION.get(action, ()) and REASONS[reason]:
        yield REASONS[reason]
    elif action is Action.FORGET and not resource.provider_name.startswith("registry.opentofu.org/"):
        yield FORGET_OF_TERRAFORM


def _facts(change: PlannedChange, limits: Limits) -> dict[str, Shown]:
    """The facts of the sentences by their names; what may hold a text of the plan's is masked."""
    resource, mask = change.resource, change.mask
    repetition = change.configured.repetition(resource) if resource.action_reason in _ABOUT_REPETITION else None
    return {
        "previous": show_address(resource.previous_address or "", mask, limits),
        # As it stands in an address: a secret in it is found there as well.
        "key": shorten(mask_address(f"[{write_json(resource.index)}]", mask)[1:-1], limits.address),
        "reason": shorten(mask.text(resource.action_reason or ""), limits.action),
        "repetition": Shown(_tell_repetition(resource, repetition)),
        "count": Shown(_tell_count(resource, repetition)),
    }


_ABOUT_REPETITION = ("delete_because_wrong_repetition", "delete_because_count_index")


def _tell_repetition(resource: ResourceChange, now: Repetition | None) -> str:
    """The instance is of another kind than the resource: by its key, of which kind it was."""
    was = "" if resource.index is None else "for_each" if isinstance(resource.index, str) else "count"
    will_be = now.argument if now else ""
    if not was:
        return f"it now uses `{will_be}`" if will_be else "it now uses `count` or `for_each`"
    return f"it now uses `{will_be}`, not `{was}`" if will_be and will_be != was else f"it no longer uses `{was}`"


def _tell_count(resource: ResourceChange, now: Repetition | None) -> str:
    if now and now.count is not None and isinstance(resource.index, int) and now.count <= resource.index:
        return f"its `count` is now {now.count}"
    # An index that is no number may be any text; the others are in the address. Of several at once it is the same.
    return "its `count` no longer reaches it"


def _write(words: str, facts: Mapping[str, Shown]) -> Cell:
    """The sentence: what stands between backticks is code, and what in braces is a fact."""
    if words.startswith("{"):  # it is a fact as a whole
        return _write(facts[words.strip("{}")].text, {})
    pieces: list[Piece] = []
    for number, text in enumerate(words.split("`")):
        is_code = number % 2 == 1
        shown = facts[text.strip("{}")] if is_code and text.startswith("{") else Shown(text)
        voice = Voice.WORDS if not is_code else Voice.NAME if text.startswith("{") else Voice.CODE
        pieces.append(Piece(visible(shown.text), voice, cut=shown.cut))
    return Cell(tuple(piece for piece in pieces if piece.text))
