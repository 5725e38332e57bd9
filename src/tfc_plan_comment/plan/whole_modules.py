"""Modules that come or go as a whole: every managed object in them does."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.actions import Action, action_of
from tfc_plan_comment.plan.document import Plan, ResourceChange

_STEP = expression(r'module\.[^.\[]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?')
"""One step of a module's address, with the key of its instance: `module.region["eu.west"]`."""

_COMES_OR_GOES = (("create",), ("delete",))


class WholeModule(msgspec.Struct, frozen=True, kw_only=True):
    """The instance of a module, what happens to all objects in it, and how many they are."""

    address: str
    action: Action
    count: int
    is_gone: bool
    """It is no longer in the configuration."""


class _Fates(msgspec.Struct):
    actions: set[Action] = msgspec.field(default_factory=set)
    count: int = 0
    is_gone: bool = True


def find_whole_modules(plan: Plan) -> Mapping[str, WholeModule]:
    """Each module instance that lies in one that comes or goes as a whole, with the outermost such one.

    A plan that is limited to targets does not list what it leaves alone, so nothing is said of it. One that does not
    say whether it is limited is asked for the state before: no object may be in it that the plan does not list.
    """
    if plan.complete is False or plan.errored:
        return {}
    if not any(each.change.actions in _COMES_OR_GOES for each in plan.resource_changes):  # as in most large plans
        return {}
    found = _gather(plan.resource_changes)
    whole = {
        address: action
        for address, fates in found.items()
        for action in (Action.CREATE, Action.DELETE)
        if fates.actions == {action}
    }
    if not whole or not (plan.complete or _is_listed(plan)):
        return {}
    return {
        address: WholeModule(
            address=outermost,
            action=whole[outermost],
            count=found[outermost].count,
            is_gone=found[outermost].is_gone,
        )
        for address in whole
        for outermost in [next(each for each in _lead_to(address) if each in whole)]
    }


def _gather(changes: Iterable[ResourceChange]) -> dict[str, _Fates]:
    found: defaultdict[str, _Fates] = defaultdict(_Fates)
    for each in changes:
        if each.mode == "managed" and each.module_address:
            action = action_of(each)
            for address in _lead_to(each.module_address):
                fates = found[address]
                fates.actions.add(action)
                fates.count += 1
                fates.is_gone &= each.action_reason in {"delete_because_no_module", "delete_because_no_resource_config"}
    return found


@lru_cache(maxsize=4_096)
def _lead_to(address: str) -> tuple[str, ...]:
    """The addresses of the modules on the way to a module, from the root on, and its own."""
    return tuple(address[: step.end()] for step in _STEP.finditer(address))


def _is_listed(plan: Plan) -> bool:
    """True if the plan lists every object of the state before, which must be known."""
    before = {each.address for each in plan.prior_state.values.root_module.all_resources() if each.mode == "managed"}
    is_known = not plan.is_redacted and not any(place.startswith("prior_state") for place in plan.unread)
    return is_known and before <= {each.address for each in plan.resource_changes}
