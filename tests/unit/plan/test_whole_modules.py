"""Modules that come or go as a whole: only where every object in them does, and where that can be known."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.actions import Action, action_of
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.whole_modules import WholeModule, find_whole_modules


def entry(module: str, name: str, *actions: str, **more: Any) -> dict[str, Any]:
    """A change in a module."""
    address = f"{module}.t.{name}" if module else f"t.{name}"
    change = {"actions": actions, "before": None, "after": None}
    return {
        "address": address,
        "module_address": module or None,
        "mode": "managed",
        "type": "t",
        **more,
        "change": change,
    }


def whole(plan: Plan) -> dict[str, tuple[str, Action, int]]:
    return {address: (each.address, each.action, each.count) for address, each in find_whole_modules(plan).items()}


def test_a_module_of_which_everything_goes_or_comes(plan_of: Callable[..., Plan]) -> None:
    """With the number of its objects; the root module is none."""
    changes = [
        entry("module.a", "x", "delete"),
        entry("module.a", "y", "delete"),
        entry("module.b", "x", "create"),
        entry("", "x", "delete"),
    ]

    assert whole(plan_of(resource_changes=changes, complete=True)) == {
        "module.a": ("module.a", Action.DELETE, 2),
        "module.b": ("module.b", Action.CREATE, 1),
    }


@pytest.mark.parametrize("other", ["no-op", "update", "create", "forget", "defrost"])
def test_a_module_in_which_something_stays_or_fares_otherwise_is_none(other: str, plan_of: Callable[..., Plan]) -> None:
    """A single object is enough, also one of which Terraform lists no change, and one in a module of the module."""
    for module in ("module.a", "module.a.module.b"):
        changes = [entry("module.a", "x", "delete"), entry(module, "y", other)]
        assert "module.a" not in whole(plan_of(resource_changes=changes, complete=True))


def test_a_data_source_is_no_object(plan_of: Callable[..., Plan]) -> None:
    """It is read, and neither comes nor goes."""
    read = entry("module.a", "y", "read", mode="data")

    changes = [entry("module.a", "x", "create"), read]

    assert whole(plan_of(resource_changes=changes, complete=True)) == {"module.a": ("module.a", Action.CREATE, 1)}


def test_the_outermost_module_counts(plan_of: Callable[..., Plan]) -> None:
    """Whoever is in one of the inner ones is in it, and each instance of a module is one of its own."""
    changes = [
        entry('module.a["x.y"]', "x", "delete"),
        entry('module.a["x.y"].module.b[0]', "x", "delete"),
        entry('module.a["z"]', "x", "no-op"),
        entry('module.a["z"].module.b[0]', "x", "delete"),
    ]

    assert whole(plan_of(resource_changes=changes, complete=True)) == {
        'module.a["x.y"]': ('module.a["x.y"]', Action.DELETE, 2),
        'module.a["x.y"].module.b[0]': ('module.a["x.y"]', Action.DELETE, 2),
        'module.a["z"].module.b[0]': ('module.a["z"].module.b[0]', Action.DELETE, 1),
    }


@pytest.mark.parametrize("keys", [{"complete": False}, {"complete": True, "errored": True}])
def test_nothing_is_said_of_a_plan_that_is_not_whole(keys: dict[str, Any], plan_of: Callable[..., Plan]) -> None:
    """One that is limited to targets, or failed, does not list what it leaves alone."""
    assert whole(plan_of(resource_changes=[entry("module.a", "x", "delete")], **keys)) == {}


@pytest.mark.parametrize(
    ("listed", "is_known"),
    [(["x"], True), (["x", "y"], False), ([], True)],
)
def test_a_plan_that_does_not_say_whether_it_is_limited(
    listed: list[str],
    is_known: bool,  # noqa: FBT001 - a case
    plan_of: Callable[..., Plan],
) -> None:
    """No object may be in the state before that the plan does not list: Terraform before 1.8 leaves out others."""
    resources = [{"address": f"module.a.t.{name}", "mode": "managed"} for name in listed]
    module = {"child_modules": [{"address": "module.a", "resources": resources}]}
    plan = plan_of(resource_changes=[entry("module.a", "x", "delete")], prior_state={"values": {"root_module": module}})

    assert whole(plan) == ({"module.a": ("module.a", Action.DELETE, 1)} if is_known else {})


@pytest.mark.parametrize(
    ("reasons", "is_gone"),
    [
        (["delete_because_no_module", "delete_because_no_resource_config"], True),
        (["delete_because_no_module", None], False),
        ([None, None], False),
    ],
)
def test_it_is_gone_where_all_say_so(
    reasons: list[str | None],
    is_gone: bool,  # noqa: FBT001 - a case
    plan_of: Callable[..., Plan],
) -> None:
    """A module can be emptied, too."""
    changes = [entry("module.a", f"x{n}", "delete", action_reason=reason) for n, reason in enumerate(reasons)]

    assert find_whole_modules(plan_of(resource_changes=changes, complete=True))["module.a"] == WholeModule(
        address="module.a", action=Action.DELETE, count=2, is_gone=is_gone
    )


modules = st.lists(
    st.sampled_from(["module.a", 'module.b["x.module.y"]', "module.c[0]", 'module.b["]"]']), max_size=3
).map(".".join)


@given(
    st.lists(
        st.tuples(modules, st.sampled_from(["create", "delete", "delete", "no-op", "update"]), st.booleans()),
        max_size=12,
    )
)
def test_a_module_is_whole_if_and_only_if_each_of_its_objects_is(
    plan_of: Callable[..., Plan], found: list[tuple[str, str, bool]]
) -> None:
    """As the definition says, checked object by object for every module on the way to one."""
    changes = [
        entry(module, f"n{number}", action, **({"mode": "data"} if is_data else {}))
        for number, (module, action, is_data) in enumerate(found)
    ]
    plan = plan_of(resource_changes=changes, complete=True)

    told = find_whole_modules(plan)

    managed = [each for each in plan.resource_changes if each.mode == "managed"]
    for address in {prefix for each in managed for prefix in _lead_to(each.module_address or "")}:
        inside = [each for each in managed if address in _lead_to(each.module_address or "")]
        fates = {action_of(each) for each in inside}
        is_whole = len(fates) == 1 and fates <= {Action.CREATE, Action.DELETE}
        assert (address in told) is is_whole
        if is_whole:
            outermost = told[address].address
            assert outermost in _lead_to(address)
            assert not any(prefix in told for prefix in _lead_to(outermost)[:-1])
    assert all(
        each.count == sum(each.address in _lead_to(other.module_address or "") for other in managed)
        for each in told.values()
    )


def _lead_to(address: str) -> list[str]:
    """The modules on the way: cut before each `.module.` that is in no brackets."""
    ends = [match.start() for match in re.finditer(r"\.module\.", address) if _is_outside(address[: match.start()])]
    return [address[:end] for end in [*ends, len(address)] if address]


def _is_outside(before: str) -> bool:
    return before.count('"') % 2 == 0
