"""The changes outside of Terraform, and which of them led to changes of this plan.

Rules: Terraform, internal/command/jsonformat/diff.go (precomputeDiffs) and plan.go (renderHumanDiffDrift),
structured/attribute_path/matcher.go.
"""

from collections import defaultdict
from functools import cached_property

import msgspec

from tfc_plan_comment.plan.difference import Part, leaves
from tfc_plan_comment.plan.document import NULL, Change, Plan, ResourceChange
from tfc_plan_comment.plan.marks import differing, read_attributes, read_marks, read_value
from tfc_plan_comment.plan.resource_diff import ResourceDiff, diff_resource
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.values import Json, identity
from tfc_plan_comment.plan.verdict import Mode, Verdict


class Drift(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An object that changed outside of Terraform. `is_relevant` says that Terraform shows it: it explains the plan."""

    resource: ResourceChange
    is_relevant: bool
    mask: Mask

    @cached_property
    def diff(self) -> ResourceDiff:
        """The difference of the attributes; made at the first call, for most drift of a large plan is only counted."""
        return diff_resource(self.resource.change, self.mask, self.resource.type)


def find_drift(plan: Plan, mask: Mask, verdict: Verdict) -> tuple[Drift, ...]:
    """The objects that drifted, in the plan's order.

    Providers read null back as "", [] or {}. An object of which nothing else drifted is left out, unless the plan is
    about what is in the state (refresh-only), or the drift led to one of its changes.
    """
    found = []
    relevant_paths: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)
    for each in plan.relevant_attributes:
        relevant_paths[each.resource].append(each.attribute)
    for_all = relevant_paths.get("", [])
    for resource in plan.resource_drift:
        paths = [*relevant_paths.get(resource.address, ()), *for_all]
        drift = Drift(resource=resource, is_relevant=False, mask=mask.at(resource.address, resource.type))
        if verdict.mode is Mode.REFRESH_ONLY or (verdict.has_changes and paths and _explains(drift, paths)):
            found.append(msgspec.structs.replace(drift, is_relevant=True))
        elif not _is_read_back(resource.change):
            found.append(drift)
    return tuple(found)


def _is_read_back(change: Change) -> bool:
    """True if nothing but null, "", [] or {} was read back as another of these. No diff is made to tell it."""
    if change.actions != ("update",):
        return False
    old, new = read_attributes(change.before), read_attributes(change.after)
    if old is None or new is None:
        return False
    return all(
        are_alike(read_value(old.get(name, NULL)), read_value(new.get(name, NULL))) for name in differing(old, new)
    ) and (read_marks(change.before_sensitive) == read_marks(change.after_sensitive))


def are_alike(was: Json, will_be: Json, *, in_list: bool = False) -> bool:
    """True if the values are equal but for what is empty; a key, or an element, that comes or goes is a difference."""
    if not in_list and _is_empty(was) and _is_empty(will_be):
        return True
    match was, will_be:
        case str(), str():
            return was == will_be
        case dict(), dict():
            return was.keys() == will_be.keys() and all(are_alike(was[key], will_be[key]) for key in was)
        case list(), list():
            pairs = zip(was, will_be, strict=False)
            return len(was) == len(will_be) and all(are_alike(*both, in_list=True) for both in pairs)
        case _:
            return identity(was) == identity(will_be)


def _is_empty(value: Json) -> bool:
    return value is None or value in ("", [], {})


def _explains(drift: Drift, paths: list[tuple[object, ...]]) -> bool:
    actions = drift.resource.change.actions
    if actions != ("update",):  # a move stands among the planned changes
        return actions != ("no-op",)
    diff = drift.diff
    changed = [path for part in diff.parts for path in _paths(part)]
    changed += [(name,) for name in (*diff.known_after_apply, *diff.still_empty)]
    return any(_leads_to(path, relevant) for path in changed for relevant in paths)


def _paths(part: Part) -> list[tuple[str | int, ...]]:
    return [(part.step, *path) for path, _ in leaves(part.difference)]


def _leads_to(path: tuple[str | int, ...], relevant: tuple[object, ...]) -> bool:
    """True if one path is the beginning of the other. Where a collection is relevant, every element of it is."""
    steps = zip(path, relevant, strict=False)
    return all(here == there or (isinstance(here, int) and isinstance(there, int)) for here, there in steps)
