"""The action that a plan takes on an object: its name, Terraform's heading and Terraform's reason.

Texts and rules: Terraform, internal/command/jsonformat/plan.go (resourceChangeComment) and jsonplan/plan.go;
OpenTofu, the same files.
"""

from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import NamedTuple, Self

import msgspec

from tfc_plan_comment.plan.document import ResourceChange
from tfc_plan_comment.plan.values import write_json


class Loss(IntEnum):
    """The cost of an action, from nothing to the object itself."""

    NONE = 0
    UNMANAGED = 1
    """The object stays, and Terraform no longer manages it."""
    PERHAPS = 2
    """Nobody knows what becomes of the object."""
    DESTROYED = 3


class ActionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that holds for every change with the same action: how it is told, and what it can cost."""

    symbol: str
    """Stands beside the label and never alone: nothing is said by colour."""
    label: str
    """The action as a reviewer reads it in a row."""
    headline: str
    """The action in the headline: `2 replaced`."""
    does: str
    """What the plan does with the object: it `replaces` it."""
    did: str
    """What an earlier plan did with it: an object which it `replaced`."""
    loss: Loss = Loss.NONE
    is_update: bool = False
    """The object stays, and its attributes change."""
    instead: str = ""
    """The sentence that stands in place of a diff, where no attribute changes."""

    @property
    def is_weighed(self) -> bool:
        """True if a reviewer wants to see the diff without asking."""
        return self.is_update or self.loss >= Loss.PERHAPS


class Action(StrEnum):
    """The fate of an object. A move or an import is an action only where nothing else happens."""

    # What can hurt stands first. A member is made with its facts, so none can lack them.
    facts: ActionFacts

    def __new__(cls, value: str, facts: ActionFacts) -> Self:
        """The member that is written as `value`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.facts = facts
        return member

    REPLACE = (
        "replace",
        ActionFacts(
            symbol="🔴",
            label="replace",
            headline="replaced",
            does="replaces",
            did="replaced",
            loss=Loss.DESTROYED,
        ),
    )
    DELETE = (
        "delete",
        ActionFacts(
            symbol="🔴",
            label="destroy",
            headline="destroyed",
            does="destroys",
            did="destroyed",
            loss=Loss.DESTROYED,
        ),
    )
    UNKNOWN = (
        "unknown",
        ActionFacts(
            symbol="🟣",
            label="unknown",
            headline="with an unknown action",
            does="does something unknown to",
            did="did something unknown to",
            loss=Loss.PERHAPS,
        ),
    )
    FORGET = (
        "forget",
        ActionFacts(
            symbol="🟠",
            label="forget",
            headline="forgotten",
            does="forgets",
            did="forgot",
            loss=Loss.UNMANAGED,
            instead="nothing is destroyed: Terraform only stops managing it",
        ),
    )
    UPDATE = (
        "update",
        ActionFacts(symbol="🟡", label="change", headline="changed", does="changes", did="changed", is_update=True),
    )
    CREATE = (
        "create",
        ActionFacts(symbol="🟢", label="create", headline="created", does="creates", did="created"),
    )
    IMPORT = (
        "import",
        ActionFacts(symbol="🔵", label="import", headline="imported", does="imports", did="imported"),
    )
    MOVE = (
        "move",
        ActionFacts(
            symbol="⚪",
            label="move",
            headline="moved",
            does="moves",
            did="moved",
            instead="only its address changes",
        ),
    )
    READ = (
        "read",
        ActionFacts(symbol="⚪", label="read", headline="read during apply", does="reads", did="read"),
    )
    NO_OP = "no-op", ActionFacts(symbol="⚪", label="no-op", headline="unchanged", does="leaves", did="left")


RISK = tuple(action for action in Action if action is not Action.NO_OP)
"""The actions of the changes that are listed, what can hurt first."""


class Replacement(StrEnum):
    """In which order the two halves of a replacement happen."""

    DESTROY_FIRST = "destroyed, then created"
    CREATE_FIRST = "created, then destroyed"
    NOT_DESTROYED = "created; the existing object will not be destroyed"


class _Kind(NamedTuple):
    """The actions of a plan in our words, with Terraform's heading."""

    action: Action
    heading: str
    order: Replacement | None = None


_KINDS = {
    ("no-op",): _Kind(Action.NO_OP, "{} has an unknown action"),
    ("create",): _Kind(Action.CREATE, "{} will be created"),
    ("read",): _Kind(Action.READ, "{} will be read during apply"),
    ("update",): _Kind(Action.UPDATE, "{} will be updated in-place"),
    ("delete",): _Kind(Action.DELETE, "{} will be destroyed"),
    ("delete", "create"): _Kind(Action.REPLACE, "{} must be replaced", Replacement.DESTROY_FIRST),
    ("create", "delete"): _Kind(Action.REPLACE, "{} must be replaced", Replacement.CREATE_FIRST),
    ("forget",): _Kind(Action.FORGET, "{} will no longer be managed by Terraform, but will not be destroyed"),
    ("create", "forget"): _Kind(
        Action.REPLACE,
        "{} must be replaced, but the existing object will not be destroyed",
        Replacement.NOT_DESTROYED,
    ),
    ("forget", "create"): _Kind(
        Action.REPLACE,
        "{} must be replaced - older instance will not be destroyed (lifecycle.destroy = false)",
        Replacement.NOT_DESTROYED,
    ),
}
_UNHEARD_OF = _Kind(Action.UNKNOWN, "{} has an unknown action")


def _kind_of(resource: ResourceChange) -> _Kind:
    return _KINDS.get(resource.change.actions, _UNHEARD_OF)


def action_of(resource: ResourceChange) -> Action:
    """The action; one that we have never heard of is UNKNOWN."""
    action = _kind_of(resource).action
    if action is not Action.NO_OP:
        return action
    if is_moved(resource):  # Terraform prints only the move of an object that is both moved and imported
        return Action.MOVE
    return Action.IMPORT if resource.change.importing is not None else Action.NO_OP


def replacement_of(resource: ResourceChange) -> Replacement | None:
    """The order of a replacement; None for every other action."""
    return _kind_of(resource).order


def is_moved(resource: ResourceChange) -> bool:
    """True if the object had another address before."""
    return bool(resource.previous_address) and resource.previous_address != resource.address


def listed(resources: Iterable[ResourceChange]) -> list[tuple[ResourceChange, Action]]:
    """The changes that Terraform lists, each with its action: not what stays, nor a data source that goes away."""
    return [(resource, action) for resource in resources if (action := _listed_action(resource))]


def _listed_action(resource: ResourceChange) -> Action | None:
    action = action_of(resource)
    if action is Action.NO_OP or resource.mode == "ephemeral":
        return None
    return None if action is Action.DELETE and resource.mode != "managed" else action


def heading(resource: ResourceChange, *, drifted: bool = False) -> str:
    """The first line of Terraform's comment above the resource, without its `# `."""
    address, action = display_address(resource), action_of(resource)
    if action is Action.MOVE:
        return f"{resource.previous_address} has moved to {address}"
    if drifted:
        return f"{address} has been deleted" if action is Action.DELETE else f"{address} has changed"
    is_destroyed = replacement_of(resource) in {Replacement.DESTROY_FIRST, Replacement.CREATE_FIRST}
    if is_destroyed and (text := _REPLACE_HEADINGS.get(resource.action_reason or "")):
        return text.format(address)
    if action is Action.FORGET and resource.deposed:
        return f"{address} will be removed from Terraform state, but will not be destroyed"
    if action is Action.IMPORT:
        return f"{address} will be imported"
    return _kind_of(resource).heading.format(address)


def address_of(resource: ResourceChange) -> str:
    """The address, or what is known of it in a plan that has none."""
    return resource.address or f"{resource.type or 'unknown'}.{resource.name or 'unknown'}"


def display_address(resource: ResourceChange) -> str:
    """The address, with the deposed object named, as Terraform writes it."""
    address = address_of(resource)
    return f"{address} (deposed object {resource.deposed})" if resource.deposed else address


_REPLACE_HEADINGS = {
    "replace_because_tainted": "{} is tainted, so must be replaced",
    "replace_by_request": "{} will be replaced, as requested",
    "replace_by_triggers": "{} will be replaced due to changes in replace_triggered_by",
}


def reason(resource: ResourceChange) -> str | None:
    """Why, in Terraform's words and without its brackets; None where Terraform says nothing."""
    said: list[str | None] = []
    match action_of(resource):
        case Action.DELETE:
            said = [_delete_reason(resource), _LEFT_OVER if resource.deposed else None]
        case Action.READ:
            said = [_READ_REASONS.get(resource.action_reason or "")]
        case Action.FORGET:
            said = [_LEFT_OVER if resource.deposed else None, _forget_reason(resource)]
        case Action.REPLACE if resource.change.actions == ("create", "forget"):
            said = [_forget_reason(resource)]
    return "; ".join(words for words in said if words) or None


_LEFT_OVER = "left over from a partially-failed replacement of this instance"


def _delete_reason(resource: ResourceChange) -> str | None:
    index = resource.index
    if index is None:
        repetition = "because resource uses count or for_each"
    else:
        repetition = f"because resource does not use {'for_each' if isinstance(index, str) else 'count'}"
    key = write_json(index)
    return {
        "delete_because_no_resource_config": f"because {resource.type}.{resource.name} is not in configuration",
        "delete_because_no_move_target": f"because {resource.previous_address} was moved to {resource.address}, "
        "which is not in configuration",
        "delete_because_no_module": f"because {resource.module_address} is not in configuration",
        "delete_because_wrong_repetition": repetition,
        "delete_because_count_index": f"because index [{key}] is out of range for count",
        "delete_because_each_key": f"because key [{key}] is not in for_each map",
        "delete_because_enabled_false": "because enabled is false",
    }.get(resource.action_reason or "")


def _forget_reason(resource: ResourceChange) -> str | None:
    """Terraform has one reason to forget an object; OpenTofu names its own, or none."""
    said = _FORGET_REASONS.get(resource.action_reason or "")
    is_opentofu = resource.provider_name.startswith("registry.opentofu.org/")
    return said if said or is_opentofu else "destroy = false is set in the configuration"


_READ_REASONS = {
    "read_because_config_unknown": "config refers to values not yet known",
    "read_because_dependency_pending": "depends on a resource or a module with changes pending",
    "read_because_check_nested": "config will be reloaded to verify a check block",
}
_FORGET_REASONS = {
    "forgot_because_lifecycle_destroy_in_state": "because lifecycle.destroy = false was configured before this "
    "resource was removed",
    "forgot_because_lifecycle_destroy_in_config": "because lifecycle.destroy = false is set in the configuration",
}
