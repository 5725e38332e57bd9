"""Groups of changes that do the same to their objects, told from the raw document, without a diff of any.

Two changes do the same when they have the same attributes that are not the same before and after, with the same
values, byte by byte; what of an object stays as it is, such as its id, does not matter. That is narrower than what a
diff calls the same, and far cheaper: in a plan with tens of thousands of changes it tells which of them to look at.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from hashlib import sha256

from tfc_plan_comment.plan.actions import is_moved, reason
from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.summary import PlannedChange

LONGEST_KEPT = 4_096
"""Bytes."""

MOST_DIFFERENT = 200
"""Where no two of so many changes of one kind do the same, those behind them are taken for different ones, too."""


def by_what_they_do(changes: Iterable[PlannedChange]) -> list[list[int]]:
    """The positions of the changes, those together that do the same, in the order of the first of each."""
    changes = list(changes)
    groups: dict[Hashable, list[int]] = {}
    last: dict[tuple[str, str], tuple[Change, Hashable]] = {}
    different: Counter[Hashable] = Counter()
    alike: set[Hashable] = set()
    for position, each in enumerate(changes):
        change = each.resource.change
        kind = each.resource.type, change.actions
        if different[kind] >= MOST_DIFFERENT and kind not in alike:
            groups[position] = [position]
            continue
        # The instances of a resource, and of a module's, often have the same values.
        name = each.resource.type, each.resource.name
        if not (name in last and _has_same_values(change, last[name][0])):
            last[name] = change, _differing(each)
        same = groups.setdefault((kind, last[name][1]), [])
        if same:
            alike.add(kind)
        same.append(position)
        different[kind] += 1
    return sorted(same for positions in groups.values() for same in _by_what_is_said(changes, positions))


def _by_what_is_said(changes: Sequence[PlannedChange], positions: list[int]) -> Iterable[list[int]]:
    """The positions of changes with the same values, those together of which all else that is said is the same."""
    if len(positions) == 1:  # as most are in a plan of different changes
        return [positions]
    groups: dict[Hashable, list[int]] = {}
    for position in positions:
        groups.setdefault(_said_of(changes[position], position), []).append(position)
    return groups.values()


def _said_of(each: PlannedChange, position: int) -> Hashable:
    """Everything that is said of a change except its values. Its position, where no other change says the same."""
    resource, change = each.resource, each.resource.change
    if change.importing or change.generated_config or is_moved(resource):
        return position
    return (
        resource.mode,
        resource.provider_name,
        resource.action_reason,
        reason(resource) if resource.action_reason or resource.deposed else None,
        repr(change.replace_paths) if change.replace_paths else None,
        bytes(change.after_unknown),
        bytes(change.before_sensitive),
        bytes(change.after_sensitive),
        each.was_deleted_outside,
        each.configured.attributes(resource),
        each.configured.repetition(resource) if resource.action_reason else None,
        repr(each.write_only.of(resource)),
    )


def _has_same_values(change: Change, other: Change) -> bool:
    return change.before == other.before and change.after == other.after


def _differing(each: PlannedChange) -> Hashable:
    """The attributes that differ, with their values; all of them where an object comes or goes."""
    if each.differing is None:
        return _short(bytes(each.resource.change.before)), _short(bytes(each.resource.change.after))
    return tuple((name, *map(_short, map(bytes, values))) for name, values in each.differing.items())


def _short(value: bytes) -> bytes:
    """The value; of a long one a digest, for thousands of long ones would take much memory."""
    return value if len(value) <= LONGEST_KEPT else sha256(value).digest()
