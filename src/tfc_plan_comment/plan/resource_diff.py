"""The difference of one object's attributes: those to be read, and those that only need to be counted."""

from collections.abc import Iterable
from enum import Enum

import msgspec

from tfc_plan_comment.plan.diff import Differ
from tfc_plan_comment.plan.difference import Added, Changed, Difference, Moved, Nested, Part, Removed, forces_inside
from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.knowledge.attributes import COMPUTED, EMPTY_IS_UNSET, REPEATS
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.values import UNKNOWN, Unknown, Value, is_empty
from tfc_plan_comment.plan.write_only import Tree, show_write_only


class ResourceDiff(msgspec.Struct, frozen=True, kw_only=True):
    """The attributes of one object. Each one that is not null stands in exactly one of these."""

    resource_type: str = ""
    parts: tuple[Part, ...] = ()
    """Those that have to be read; those that force the replacement come first."""
    known_after_apply: tuple[str, ...] = ()
    """Known only after apply, and nothing that somebody set is lost: they were empty, or are the provider's."""
    still_empty: tuple[str, ...] = ()
    """Were null and become "", or the other way round; in what comes or goes, and where that is known to be the same
    for the provider, also [] and {}."""
    repeated: tuple[tuple[str, str], ...] = ()
    """Differ just as another attribute does: (`tags_all`, `tags`)."""
    unchanged: tuple[str, ...] = ()
    is_replaced: bool = False
    """The object is made anew, in the place of another one."""


class _Kept(Enum):
    """The places for an attribute that differs."""

    SHOWN = "it has to be read"
    KNOWN = "counted as known after apply"
    EMPTY = "counted as still empty"


def diff_resource(
    change: Change,
    mask: Mask,
    resource_type: str = "",
    *,
    configured: frozenset[str] | None = None,
    write_only: Tree | None = None,
) -> ResourceDiff:
    """The attributes that differ, with everything sensitive masked.

    `configured` are those that the configuration sets, where that is known; `write_only` those that it sets and no
    plan shows.
    """
    before, after, same = mask.differing_sides(change)
    after = show_write_only(before, after, write_only, resource_type) if write_only else after
    old = _attributes(before)
    new = dict.fromkeys(old, UNKNOWN) if after is UNKNOWN and old else _attributes(after)
    differ = Differ(mask, change.forcing_paths, resource_type)
    parts = {name: differ.part(name, old.get(name), new.get(name)) for name in sorted(old.keys() | new.keys())}
    found: dict[_Kept, list[Part]] = {kept: [] for kept in _Kept}
    stays = before is not None and after is not None
    for part in filter(None, parts.values()):
        is_set = _is_set(part, change, resource_type, configured)
        found[_keep(part, resource_type, stays=stays, is_set=is_set)].append(part)
    shown = found[_Kept.SHOWN]
    repeated = _repeated(shown, resource_type)
    return ResourceDiff(
        resource_type=resource_type,
        parts=tuple(sorted((part for part in shown if part.step not in repeated), key=_order)),
        repeated=tuple(repeated.items()),
        is_replaced="create" in change.actions and stays,
        known_after_apply=_names(found[_Kept.KNOWN]),
        still_empty=_names(found[_Kept.EMPTY]),
        unchanged=tuple(
            sorted([*same, *(name for name, part in parts.items() if part is None and old.get(name) is not None)])
        ),
    )


def _names(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(sorted(str(part.step) for part in parts))


def _repeated(parts: Iterable[Part], resource_type: str) -> dict[str, str]:
    """The attributes that differ just as another one does, each with the name of that one."""
    differences = {part.step: part.difference for part in parts if not part.forces_replacement}
    pairs = [(rule.attribute, other) for rule in REPEATS.of(resource_type) for other in rule.also]
    return {name: other for name, other in pairs if name in differences and differences[name] == differences.get(other)}


def _attributes(value: Value) -> dict[str, Value]:
    """An object's attributes. What is no object, such as one that is sensitive as a whole, has one: itself."""
    match value:
        case dict():
            return value
        case None:
            return {}
        case _:
            return {"(all attributes)": value}


def _keep(part: Part, resource_type: str, *, stays: bool, is_set: bool) -> _Kept:
    match part.difference:
        case _ if part.forces_replacement:
            return _Kept.SHOWN
        case Added(after) | Changed(_, after) if after is UNKNOWN:
            return _Kept.SHOWN if is_set and _is_lost(part) else _Kept.KNOWN
        case Added("") | Removed(""):
            return _Kept.EMPTY
        case Changed(before, after) if is_empty(before) and is_empty(after):
            return _Kept.SHOWN if stays and _may_mean_all(part, resource_type) else _Kept.EMPTY
        case _:
            return _Kept.SHOWN


def _may_mean_all(part: Part, resource_type: str) -> bool:
    """True if nobody knows that an empty list or map is the same as none: it may open a door to all, or shut it."""
    return not (EMPTY_IS_UNSET.find(resource_type, part.step) or COMPUTED.find(resource_type, part.step))


def _is_lost(part: Part) -> bool:
    """True if a value goes, and nobody knows yet what comes instead."""
    return isinstance(part.difference, Changed) and not is_empty(part.difference.before)


def _is_set(part: Part, change: Change, resource_type: str, configured: frozenset[str] | None) -> bool:
    """True if somebody, and not the provider, may have set the attribute.

    Where the plan has no configuration, all may be set of an object that stays; of one that is made anew most of what
    is known only after apply is the provider's.
    """
    if COMPUTED.find(resource_type, part.step):
        return False
    if configured is None:
        return "create" not in change.actions
    # A dynamic block stands in no configuration.
    return part.step in configured or _is_block(part.difference)


def _order(part: Part) -> tuple[bool, bool, str]:
    """A sort key: what forces the replacement, then attributes, then what looks like a block, as in Terraform."""
    return not forces_inside(part), _is_block(part.difference), str(part.step)


def _is_block(difference: Difference) -> bool:
    """True if it looks like the difference of a block: of a list of objects, or of an object of objects."""
    match difference:
        case Added([dict(), *_]) | Removed([dict(), *_]) | Changed([dict(), *_], Unknown()):
            return True
        case Nested(
            is_json=False, parts=(Part(difference=Nested() | Added(dict()) | Removed(dict()) | Moved(dict())), *_)
        ):
            return True
        case _:
            return False
