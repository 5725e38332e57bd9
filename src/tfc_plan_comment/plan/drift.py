"""The changes outside of Terraform, and which of them led to changes of this plan.

Rules: Terraform, internal/command/jsonformat/diff.go (precomputeDiffs) and plan.go (renderHumanDiffDrift),
structured/attribute_path/matcher.go.
"""

from collections import defaultdict
from dataclasses import dataclass

from tfc_plan_comment.plan.diff import Added, Changed, Form, Nested, Part, Removed, leaves
from tfc_plan_comment.plan.document import Plan, ResourceChange
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.resource_diff import ResourceDiff, diff_resource
from tfc_plan_comment.plan.values import is_empty
from tfc_plan_comment.plan.verdict import Mode, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """An object that changed outside of Terraform. `is_relevant` says that Terraform shows it: it explains the plan."""

    resource: ResourceChange
    is_relevant: bool
    diff: ResourceDiff


def find_drift(plan: Plan, mask: Mask, verdict: Verdict) -> tuple[Drift, ...]:
    """The objects that drifted, in the plan's order.

    Providers read null back as "", [] or {}. An object of which nothing else drifted is left out, unless the plan is
    about what is in the state (refresh-only), or the drift led to one of its changes.
    """
    found = []
    relevant_paths: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)
    for each in plan.relevant_attributes:
        relevant_paths[each.resource].append(each.attribute)
    for resource in plan.resource_drift:
        paths = relevant_paths.get(resource.address, []) + relevant_paths.get("", [])
        diff = diff_resource(resource.change, mask, resource.type)
        relevant = verdict.mode is Mode.REFRESH_ONLY or (verdict.has_changes and _explains(resource, diff, paths))
        if relevant or not (resource.change.actions == ("update",) and _stays_empty(diff)):
            found.append(Drift(resource=resource, is_relevant=relevant, diff=diff))
    return tuple(found)


def _stays_empty(diff: ResourceDiff) -> bool:
    counted = diff.known_after_apply or diff.back_to_unset or diff.repeated
    return bool(diff.parts or diff.still_empty) and not counted and all(_is_read_back(part) for part in diff.parts)


def _is_read_back(part: Part, *, in_list: bool = False) -> bool:
    """True if nothing but null, "", [] or {} was read back as another of these."""
    match part.difference:
        case _ if part.comes_or_goes:
            return False
        case Added(value) | Removed(value):
            return is_empty(value) and not in_list
        case Changed(before, after, None):
            return is_empty(before) and is_empty(after)
        case Nested(parts=(_, *_) as parts, form=form, is_json=False, note=None):
            return all(_is_read_back(each, in_list=form is Form.LIST) for each in parts)
        case _:
            return False


def _explains(resource: ResourceChange, diff: ResourceDiff, paths: list[tuple[object, ...]]) -> bool:
    if resource.change.actions != ("update",):  # a move stands among the planned changes
        return bool(paths) and resource.change.actions != ("no-op",)
    changed = [path for part in diff.parts for path in _paths(part)]
    changed += [(name,) for name in (*diff.known_after_apply, *diff.back_to_unset, *diff.still_empty)]
    return any(_leads_to(path, relevant) for path in changed for relevant in paths)


def _paths(part: Part) -> list[tuple[str | int, ...]]:
    return [(part.step, *path) for path, _ in leaves(part.difference)]


def _leads_to(path: tuple[str | int, ...], relevant: tuple[object, ...]) -> bool:
    """True if one path is the beginning of the other. Where a collection is relevant, every element of it is."""
    steps = zip(path, relevant, strict=False)
    return all(here == there or (isinstance(here, int) and isinstance(there, int)) for here, there in steps)
