"""What a plan does to an object: its action, Terraform's heading and Terraform's reason.

Texts and rules: Terraform, internal/command/jsonformat/plan.go (resourceChangeComment) and jsonplan/plan.go;
OpenTofu, the same files.
"""

from collections.abc import Iterable
from enum import StrEnum

from tfc_plan_comment.plan.document import ResourceChange
from tfc_plan_comment.plan.values import write_json


class Action(StrEnum):
    """What becomes of an object. A move or an import is an action only where nothing else happens."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    REPLACE = "replace"
    FORGET = "forget"
    MOVE = "move"
    IMPORT = "import"
    NO_OP = "no-op"
    UNKNOWN = "unknown"


class Replacement(StrEnum):
    """In which order the two halves of a replacement happen."""

    DESTROY_FIRST = "destroyed, then created"
    CREATE_FIRST = "created, then destroyed"
    NOT_DESTROYED = "created; the existing object will not be destroyed"


_ACTIONS: dict[tuple[str, ...], Action] = {
    ("no-op",): Action.NO_OP,
    ("create",): Action.CREATE,
    ("read",): Action.READ,
    ("update",): Action.UPDATE,
    ("delete",): Action.DELETE,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE,
    ("forget",): Action.FORGET,
    ("create", "forget"): Action.REPLACE,
    ("forget", "create"): Action.REPLACE,
}

_REPLACEMENTS: dict[tuple[str, ...], Replacement] = {
    ("delete", "create"): Replacement.DESTROY_FIRST,
    ("create", "delete"): Replacement.CREATE_FIRST,
    ("create", "forget"): Replacement.NOT_DESTROYED,
    ("forget", "create"): Replacement.NOT_DESTROYED,
}


def action_of(resource: ResourceChange) -> Action:
    """The action; one that we have never heard of is UNKNOWN."""
    action = _ACTIONS.get(resource.change.actions, Action.UNKNOWN)
    if action is not Action.NO_OP:
        return action
    if is_moved(resource):  # Terraform prints only the move of an object that is both moved and imported
        return Action.MOVE
    return Action.IMPORT if resource.change.importing is not None else Action.NO_OP


def replacement_of(resource: ResourceChange) -> Replacement | None:
    """The order of a replacement; None for every other action."""
    return _REPLACEMENTS.get(resource.change.actions)


def is_moved(resource: ResourceChange) -> bool:
    """Whether the object had another address before."""
    return bool(resource.previous_address) and resource.previous_address != resource.address


def listed(resources: Iterable[ResourceChange]) -> list[tuple[ResourceChange, Action]]:
    """The changes that Terraform lists, each with its action."""
    return [(resource, action) for resource in resources if (action := _listed_action(resource))]


def is_listed(resource: ResourceChange) -> bool:
    """Whether Terraform lists the change: not what stays as it is, nor a data source or ephemeral that goes away."""
    return _listed_action(resource) is not None


def _listed_action(resource: ResourceChange) -> Action | None:
    action = action_of(resource)
    if action is Action.NO_OP or resource.mode == "ephemeral":
        return None
    return None if action is Action.DELETE and resource.mode != "managed" else action


def heading(resource: ResourceChange, *, drifted: bool = False) -> str:
    """The first line of Terraform's comment above the resource, without its `# `."""
    address, actions, action = display_address(resource), resource.change.actions, action_of(resource)
    if action is Action.MOVE:
        return f"{resource.previous_address} has moved to {address}"
    if drifted:
        return f"{address} has been deleted" if action is Action.DELETE else f"{address} has changed"
    is_destroyed = replacement_of(resource) in {Replacement.DESTROY_FIRST, Replacement.CREATE_FIRST}
    if is_destroyed and (text := _REPLACE_HEADINGS.get(resource.action_reason or "")):
        return text.format(address)
    if actions == ("forget",) and resource.deposed:
        return f"{address} will be removed from Terraform state, but will not be destroyed"
    if action is Action.IMPORT:
        return f"{address} will be imported"
    return _HEADINGS.get(actions, "{} has an unknown action").format(address)


def display_address(resource: ResourceChange) -> str:
    """The address, with the deposed object named, as Terraform writes it."""
    address = resource.address or f"{resource.type or 'unknown'}.{resource.name or 'unknown'}"
    return f"{address} (deposed object {resource.deposed})" if resource.deposed else address


_HEADINGS: dict[tuple[str, ...], str] = {
    ("create",): "{} will be created",
    ("read",): "{} will be read during apply",
    ("update",): "{} will be updated in-place",
    ("delete",): "{} will be destroyed",
    ("delete", "create"): "{} must be replaced",
    ("create", "delete"): "{} must be replaced",
    ("forget",): "{} will no longer be managed by Terraform, but will not be destroyed",
    ("create", "forget"): "{} must be replaced, but the existing object will not be destroyed",
    ("forget", "create"): "{} must be replaced - older instance will not be destroyed (lifecycle.destroy = false)",
}
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
