"""Updates that nobody has to weigh: they are shown last, and said to be what they are."""

from enum import StrEnum

from tfc_plan_comment.plan.diff import ORDER_ONLY, Added, Changed, Difference, Form, Nested, Part, Path, Removed, leaves
from tfc_plan_comment.plan.knowledge.attributes import COMPUTED, IDS, TAGS
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.values import is_empty


class Noise(StrEnum):
    """The only thing that an update changes."""

    TAGS = "tags only"
    COMPUTED = "computed only"
    EMPTY = "empty values only"
    CASE = "letter case only"
    FORMATTING = "formatting only"


def find_noise(diff: ResourceDiff) -> Noise | None:
    """The only thing that an update changes; None if it has to be read."""
    known = {name: TAGS.find(diff.resource_type, name) for name in diff.known_after_apply}
    if diff.back_to_unset or not all(tag or COMPUTED.find(diff.resource_type, name) for name, tag in known.items()):
        return None
    if diff.parts:
        return _noise_of_parts(diff.parts, diff.resource_type)
    if known:
        return Noise.TAGS if any(known.values()) else Noise.COMPUTED
    return Noise.EMPTY if diff.still_empty else None


def _noise_of_parts(parts: tuple[Part, ...], resource_type: str) -> Noise | None:
    if any(part.forces_replacement for part in parts):
        return None
    if all(TAGS.find(resource_type, part.step) for part in parts):
        return Noise.TAGS
    if all(says_nothing(part) for part in parts):
        return Noise.EMPTY
    changes = [((part.step, *path), leaf) for part in parts for path, leaf in leaves(part.difference)]
    if all(_is_case(resource_type, path, leaf) for path, leaf in changes):
        return Noise.CASE
    return Noise.FORMATTING if all(_is_formatting(leaf) for _, leaf in changes) else None


def says_nothing(part: Part, *, in_list: bool = False) -> bool:
    """True if nothing but null, "", [] or {} becomes another of these. An element of a list always says something."""
    match part.difference:
        case _ if part.forces_replacement:
            return False
        case Added(value) | Removed(value):
            return is_empty(value) and not in_list
        case Changed(before, after, None):
            return is_empty(before) and is_empty(after)
        case Nested(parts=(_, *_) as parts, form=form, is_json=False, note=None):
            return all(says_nothing(each, in_list=form is Form.LIST) for each in parts)
        case _:
            return False


def _is_formatting(leaf: Difference) -> bool:
    """True if a document says the same, written otherwise, or in an order that means nothing in it."""
    if isinstance(leaf, Nested):
        return leaf.note == ORDER_ONLY
    return isinstance(leaf, Changed) and leaf.formatting_only


def _is_case(resource_type: str, path: Path, leaf: Difference) -> bool:
    """True if an id is only written in another case. Elsewhere, as in a name or a text, case may matter."""
    match leaf:
        case Changed(str(before), str(after)):
            name = [step for step in path if isinstance(step, str)][-1]
            rule = IDS.find(resource_type, name)
            return rule is not None and before.startswith(rule.also or "") and before.casefold() == after.casefold()
        case _:
            return False
