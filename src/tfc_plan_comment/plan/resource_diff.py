"""What a resource change does to the attributes: what a reviewer has to read, and what only needs to be counted."""

from dataclasses import dataclass

from tfc_plan_comment.plan.diff import Added, Changed, Differ, Difference, Nested, Part, Removed
from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.knowledge.attributes import COMPUTED, REPEATS, TAGS
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.values import UNKNOWN, Number, Value, is_empty


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceDiff:
    """The attributes of one object. Each one that is not null stands in exactly one of these."""

    resource_type: str = ""
    parts: tuple[Part, ...] = ()
    """What differs, what forces the replacement first."""
    known_after_apply: tuple[str, ...] = ()
    """Will be known only after apply; what was there before does not matter, for something else changes as well."""
    back_to_unset: tuple[str, ...] = ()
    """Were off, zero or empty, and will not be set any more."""
    still_empty: tuple[str, ...] = ()
    """Were null, "", [] or {} and become another of these."""
    repeated: tuple[tuple[str, str], ...] = ()
    """Differ just as another attribute does: (`tags_all`, `tags`)."""
    unchanged: tuple[str, ...] = ()


def resource_diff(
    change: Change, mask: Mask, resource_type: str = "", sets: frozenset[str] | None = None
) -> ResourceDiff:
    """How the attributes differ, with everything sensitive masked; `sets` are those that are sets, if it is known."""
    before, after = mask.sides(change)
    differ = Differ(mask, change.forcing_paths, sets, resource_type)
    old = _attributes(before)
    new = dict.fromkeys(old, UNKNOWN) if after is UNKNOWN and old else _attributes(after)
    is_update = before is not None and after is not None
    found: dict[str, list[str]] = {"known": [], "unset": [], "empty": [], "unchanged": []}
    parts: list[Part] = []
    becoming_known: list[Part] = []
    for name in sorted(old.keys() | new.keys()):
        part = differ.part(name, old.get(name), new.get(name))
        if part is None:
            if old.get(name) is not None:
                found["unchanged"].append(name)
        elif part.forces_replacement or (kind := _only_counted(part, is_update=is_update)) is None:
            parts.append(part)
        else:
            found[kind].append(name)
            becoming_known += [part] if kind == "known" and _is_lost(part, resource_type) else []
    if change.actions == ("update",) and not (parts or found["unset"]):
        parts = becoming_known
        found["known"] = [name for name in found["known"] if name not in {part.step for part in parts}]
    differences = {part.step: part.difference for part in parts if not part.forces_replacement}
    repeated = [
        (rule.attribute, other)
        for rule in REPEATS.of(resource_type)
        for other in rule.also
        if rule.attribute in differences and differences[rule.attribute] == differences.get(other)
    ]
    parts = [part for part in parts if part.step not in dict(repeated)]
    return ResourceDiff(
        resource_type=resource_type,
        parts=tuple(sorted(parts, key=_order)),
        repeated=tuple(repeated),
        known_after_apply=tuple(found["known"]),
        back_to_unset=tuple(found["unset"]),
        still_empty=tuple(found["empty"]),
        unchanged=tuple(found["unchanged"]),
    )


def _attributes(value: Value) -> dict[str, Value]:
    """An object's attributes. What is no object, such as one that is sensitive as a whole, has one: itself."""
    match value:
        case dict():
            return value
        case None:
            return {}
        case _:
            return {"(all attributes)": value}


def _only_counted(part: Part, *, is_update: bool) -> str | None:
    """In which counted line an attribute goes; None for one that has to be read."""
    match part.difference:
        case Added(after) | Changed(_, after) if after is UNKNOWN:
            return "known"
        case Added(after) if is_empty(after):
            return "empty"
        case Removed(before) if is_empty(before):
            return "empty"
        case Changed(before, after) if is_empty(before) and is_empty(after):
            return "empty"
        case Removed(before) if is_update and _is_off(before):
            return "unset"
        case _:
            return None


def _is_lost(part: Part, resource_type: str) -> bool:
    """Whether a value goes that somebody may have set, and nobody knows yet what comes instead."""
    match part.difference:
        case Changed(before, _):
            known = TAGS.find(resource_type, part.step) or COMPUTED.find(resource_type, part.step)
            return not is_empty(before) and known is None
        case _:
            return False


def _is_off(value: Value) -> bool:
    return value is False or (isinstance(value, Number) and not value.value)


def _order(part: Part) -> tuple[bool, bool, str]:
    """What forces the replacement first, then attributes, then what looks like a block, as Terraform does."""
    return not part.forces_replacement, _is_block(part.difference), str(part.step)


def _is_block(difference: Difference) -> bool:
    """Whether it looks like that of a block: of a list of objects, or of an object of objects."""
    match difference:
        case Added([dict(), *_]) | Removed([dict(), *_]):
            return True
        case Nested(is_json=False, parts=(Part(difference=Nested() | Added(dict()) | Removed(dict())), *_)):
            return True
        case _:
            return False
