"""The attributes that the configuration sets."""

from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.plan.configured import Configured
from tfc_plan_comment.plan.document import Change, Plan
from tfc_plan_comment.plan.resource_diff import diff_resource
from tfc_plan_comment.plan.secrets.mask import Mask

MakeChange = Callable[..., Change]


def module(*names: str, calls: Any = None) -> dict[str, Any]:
    """A module with one resource that sets these attributes."""
    expressions = {name: {"references": ["var.x"]} for name in names}
    return {"resources": [{"address": "t.n", "expressions": expressions}], "module_calls": calls or {}}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (None, {"root"}),
        ("module.a", {"in_a"}),
        ("module.a[0]", {"in_a"}),
        ('module.a["x.module.b"]', {"in_a"}),
        ('module.a["\\"]"].module.b', {"in_b"}),
        ("module.a[1].module.b[2]", {"in_b"}),
        ("module.b", None),
        ("module.a.module.c", None),
    ],
)
def test_a_resource_is_found_in_its_module(
    address: str | None, expected: set[str] | None, plan_of: Callable[..., Plan]
) -> None:
    """By the names of the modules on the way to it, whatever the keys of their instances."""
    root = module("root", calls={"a": {"module": module("in_a", calls={"b": {"module": module("in_b")}})}})
    change = {"address": "x", "type": "t", "name": "n", "module_address": address, "change": {"actions": ["update"]}}
    plan = plan_of(configuration={"root_module": root}, resource_changes=[change])

    assert Configured(plan.configuration.root_module).attributes(plan.resource_changes[0]) == expected


def test_every_real_resource_has_its_configuration(golden_name: str, golden_plan: Callable[[str], Plan]) -> None:
    """Whatever is updated, created or replaced stands in the configuration; only what is destroyed may be gone."""
    plan = golden_plan(golden_name)
    configured = Configured(plan.configuration.root_module)
    stays = [each for each in plan.resource_changes if {"create", "update"} & set(each.change.actions)]

    assert [each.address for each in stays if not configured.attributes(each)] == []


@pytest.mark.parametrize("actions", [["update"], ["delete", "create"]])
def test_what_the_configuration_sets_is_shown_with_the_value_that_goes(actions: list[str], change: MakeChange) -> None:
    """The provider's own attributes are counted, whatever the action; a block may be a dynamic one, which none sets."""
    before = {"policy": "p", "arn": "a", "rule": [{"port": 22}], "id": "i"}
    unknown = change(before, {}, after_unknown=dict.fromkeys(before, True), actions=actions)

    diff = diff_resource(unknown, Mask(), configured=frozenset({"policy"}))

    assert sorted(part.step for part in diff.parts) == ["policy", "rule"]
    assert diff.known_after_apply == ("arn", "id")
