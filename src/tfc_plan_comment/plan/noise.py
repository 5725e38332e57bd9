"""Updates that nobody has to weigh: they are shown last, and said to be what they are."""

from enum import StrEnum

from tfc_plan_comment.plan.diff import Changed, leaves
from tfc_plan_comment.plan.resource_diff import ResourceDiff

TAGS = frozenset({"tags", "tags_all", "labels", "effective_labels", "terraform_labels"})


class Noise(StrEnum):
    """The only thing that an update changes."""

    TAGS = "tags only"
    COMPUTED = "computed only"
    EMPTY = "empty values only"
    CASE = "letter case only"
    FORMATTING = "formatting only"


def noise_of(diff: ResourceDiff) -> Noise | None:
    """What an update is noise by; None if it has to be read."""
    if any(part.forces_replacement for part in diff.parts):
        return None
    if diff.parts:
        if all(part.step in TAGS for part in diff.parts):
            return Noise.TAGS
        changes = [leaf for part in diff.parts for _, leaf in leaves(part.difference)]
        if changes and all(_is_case(leaf) for leaf in changes):
            return Noise.CASE
        if changes and all(isinstance(leaf, Changed) and leaf.formatting_only for leaf in changes):
            return Noise.FORMATTING
        return None
    if diff.known_after_apply:
        return Noise.COMPUTED
    return Noise.EMPTY if diff.still_empty else None


def _is_case(leaf: object) -> bool:
    match leaf:
        case Changed(str(before), str(after)):
            return before.casefold() == after.casefold()
        case _:
            return False
