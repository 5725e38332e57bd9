"""Updates that nobody has to weigh: they are shown last, and said to be what they are.

Each kind takes a fact with a source (`knowledge/`), by type, attribute and shape of the value. In doubt a change is a
change: noise saves a line, a missed change may cost the production.
"""

import re
from enum import StrEnum

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.diff import ORDER_ONLY
from tfc_plan_comment.plan.difference import Added, Changed, Difference, Form, Nested, Part, Removed
from tfc_plan_comment.plan.knowledge.attributes import (
    CASELESS,
    CASELESS_IN_JSON,
    COMPUTED,
    DECIDING_TAGS,
    NO_TAGS,
    TAGS,
)
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.values import UNKNOWN, Value


class Noise(StrEnum):
    """The only thing that an update changes."""

    TAGS = "tags only"
    COMPUTED = "computed only"
    EMPTY = "empty values only"
    CASE = "letter case only"
    FORMATTING = "formatting only"


NOISE_REASONS = {
    Noise.TAGS: "Only tags or labels change, and none whose name suggests that anything depends on it",
    Noise.COMPUTED: "Only values that the provider computes are known after apply, and nothing else changes",
    Noise.EMPTY: 'Only null becomes "" or an empty map of tags, or the other way round',
    Noise.CASE: "Only the letter case of Azure ids or IAM action names changes, which means nothing",
    Noise.FORMATTING: "Only the formatting of JSON changes, or an order in it that means nothing",
}
"""Why each is noise, as the words of a sentence."""


def find_noise(diff: ResourceDiff) -> Noise | None:
    """The only thing that an update changes; None if it has to be read."""
    if not all(COMPUTED.find(diff.resource_type, name) for name in diff.known_after_apply):
        return None
    if diff.parts:
        return _find_in_parts(diff.parts, diff.resource_type)
    if diff.known_after_apply:
        return Noise.COMPUTED
    return Noise.EMPTY if diff.still_empty else None


def _find_in_parts(parts: tuple[Part, ...], resource_type: str) -> Noise | None:
    if any(part.forces_replacement for part in parts):
        return None
    if all(_only_marks(part, resource_type) for part in parts):
        return Noise.TAGS
    if all(says_nothing(part) for part in parts):
        return Noise.EMPTY
    if all(_only_case(part.difference, resource_type, str(part.step)) for part in parts):
        return Noise.CASE
    return Noise.FORMATTING if all(_only_formatting(part.difference) for part in parts) else None


def _only_marks(part: Part, resource_type: str) -> bool:
    """True if the attribute is a map of tags, and no tag changes by which anything is known to be decided."""
    if not TAGS.find(resource_type, part.step) or NO_TAGS.find(resource_type, part.step):
        return False
    match part.difference:
        case Added(dict() as tags) | Removed(dict() as tags):
            return all(_marks(key, value) for key, value in tags.items())
        case Nested(form=Form.OBJECT, parts=parts, is_json=False, note=None):
            return all(_marks(str(each.step), *_sides(each.difference)) for each in parts)
        case _:
            return False


def _marks(key: str, *values: Value | Difference) -> bool:
    are_texts = all(value is None or value is UNKNOWN or isinstance(value, str) for value in values)
    return are_texts and not DECIDING_TAGS.find("", key.lower())


def _sides(difference: Difference) -> tuple[Value | Difference, ...]:
    match difference:
        case Added(value) | Removed(value):
            return (value,)
        case Changed(before, after):
            return before, after
        case _:
            return (difference,)


def says_nothing(part: Part, *, in_list: bool = False) -> bool:
    """True if nothing but null becomes "", or the other way round. A key, or an element, that comes or goes speaks."""
    match part.difference:
        case _ if part.forces_replacement or part.comes_or_goes:
            return False
        case Added("") | Removed(""):
            return not in_list
        case Nested(parts=(_, *_) as parts, form=form, is_json=False, note=None):
            return all(says_nothing(each, in_list=form is Form.LIST) for each in parts)
        case _:
            return False


_AZURE_ID = expression("/subscriptions/", re.IGNORECASE)


def _only_case(difference: Difference, resource_type: str, name: str, *, in_json: bool = False) -> bool:
    """True if letter case alone changes, where it is known to mean nothing.

    `name` is the key nearest to the value; in JSON all keys on the way to it, from the document on.
    """
    match difference:
        case Changed(str(before), str(after)) if before.casefold() == after.casefold():
            if in_json:
                return CASELESS_IN_JSON.find(resource_type, name) is not None
            return CASELESS.find(resource_type, name) is not None and _AZURE_ID.match(before) is not None
        case Nested(parts=(_, *_) as parts, is_json=is_json, note=None):
            above = f"{name}." if in_json and name and not is_json else ""
            names = [(name if not is_json else "") if isinstance(p.step, int) else f"{above}{p.step}" for p in parts]
            return all(
                _only_case(part.difference, resource_type, inner, in_json=in_json or is_json)
                for part, inner in zip(parts, names, strict=True)
            )
        case _:
            return False


def _only_formatting(difference: Difference) -> bool:
    """True if a document says the same, written otherwise, or in an order that means nothing in it."""
    match difference:
        case Changed(formatting_only=formatting_only):
            return formatting_only
        case Nested(parts=(), note=note):
            return note == ORDER_ONLY
        case Nested(parts=parts, note=None):
            return all(_only_formatting(part.difference) for part in parts)
        case _:
            return False
