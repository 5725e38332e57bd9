"""Write-only attributes: named where the configuration sets them, and where the plan writes them."""

from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.same_change import by_what_they_do
from tfc_plan_comment.plan.summary import PlannedChange, summarize
from tfc_plan_comment.report.lines.attributes import tell_attributes
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.write.pieces import write_lines

MakePlan = Callable[..., Plan]

SET: dict[str, Any] = {"references": ["var.password"]}


def configured(expressions: dict[str, Any], address: str = "db.main", mode: str = "managed") -> dict[str, Any]:
    """A resource of a configuration."""
    kind = address.partition(".")[0]
    return {"address": address, "mode": mode, "type": kind, "expressions": expressions}


def changed(before: Any, after: Any, **keys: Any) -> dict[str, Any]:
    """A resource change of the same resource."""
    actions = ["create"] if before is None else ["update"]
    inner = {"actions": actions, "before": before, "after": after, **keys.pop("change", {})}
    return {"address": "db.main", "mode": "managed", "type": "db", "name": "main", "change": inner, **keys}


def planned(plan: Plan) -> PlannedChange:
    (change,) = summarize(plan).changes
    return change


def lines(plan: Plan) -> list[str]:
    """The lines of the one change."""
    return write_lines(tell_attributes(planned(plan).diff, Limits())).split("\n")


def of(plan_of: MakePlan, before: Any, after: Any, expressions: dict[str, Any], **keys: Any) -> list[str]:
    """The lines of a change of a resource with these expressions."""
    root = {"resources": [configured(expressions)]}
    return lines(plan_of(resource_changes=[changed(before, after, **keys)], configuration={"root_module": root}))


def test_a_new_object_gets_it(plan_of: MakePlan) -> None:
    """It is named as Terraform names it, marked as sensitive or not."""
    after = {"name": "n", "password_wo": None, "other_wo": None}
    marks = {"after_sensitive": {"password_wo": True}}

    assert of(plan_of, None, after, {"password_wo": SET}, change=marks) == [
        '+ name        = "n"',
        "+ password_wo = (write-only attribute)",
    ]


@pytest.mark.parametrize("version", ["password_wo_version", "password_wo_revision"])
def test_a_new_version_writes_it_anew(version: str, plan_of: MakePlan) -> None:
    """The version alone would not say so."""
    before, after = ({"password_wo": None, version: number} for number in (1, 2))

    assert of(plan_of, before, after, {"password_wo": SET}) == [
        "+ password_wo = (write-only attribute, written anew)",
        f"! {version} = 1 -> 2",
    ]


def test_the_first_version_writes_it(plan_of: MakePlan) -> None:
    """Nothing was written before."""
    before, after = {"password_wo": None, "password_wo_version": None}, {"password_wo": None, "password_wo_version": 1}

    assert of(plan_of, before, after, {"password_wo": SET})[0].rstrip() == "+ password_wo = (write-only attribute)"


@pytest.mark.parametrize(
    ("before", "after", "unknown"),
    [
        ({"a": 1, "password_wo_version": 1}, {"a": 2, "password_wo_version": 1}, {}),
        ({"a": 1, "password_wo_version": 1}, {"a": 2, "password_wo_version": None}, {}),
        ({"a": 1, "password_wo_version": 1}, {"a": 2}, {"password_wo_version": True}),
        ({"a": 1}, {"a": 2}, {"password_wo": True}),
    ],
    ids=["the same", "none any more", "unknown", "unknown itself"],
)
def test_nothing_says_that_it_is_written(before: Any, after: Any, unknown: Any, plan_of: MakePlan) -> None:
    """Then nothing is said."""
    shown = of(plan_of, before, after, {"password_wo": SET}, change={"after_unknown": unknown})

    assert "write-only" not in "".join(shown)


@pytest.mark.parametrize(
    ("name", "expression", "is_named"),
    [
        ("password_wo", {"references": ["var.password"]}, True),
        ("password_wo", {"constant_value": "x"}, True),
        ("secret", {"references": ["ephemeral.random_password.db.result", "ephemeral.random_password.db"]}, True),
        ("password_wo", {"constant_value": None}, False),
        ("password_wo", {}, False),
        ("key", {"references": ["var.key"]}, False),
        ("key", {"constant_value": "x"}, False),
        ("has_wo_in_it", {"references": ["var.key"]}, False),
    ],
)
def test_what_is_write_only(name: str, expression: dict[str, Any], plan_of: MakePlan, *, is_named: bool) -> None:
    """What a provider calls so, or what takes something ephemeral; null by itself is only null."""
    shown = of(plan_of, None, {"a": 1, name: None}, {name: expression})

    assert (f"+ {name}" in "".join(shown)) is is_named


def test_in_blocks(plan_of: MakePlan) -> None:
    """A single block, a list of blocks, and one that comes with its block."""
    expressions = {"one": {"token_wo": SET}, "many": [{}, {"token_wo": SET}], "new": [{"token_wo": SET}]}
    versions = [{"token_wo": None, "token_wo_version": number} for number in (1, 2)]
    before = {"one": versions[0], "many": [{"a": 1}, versions[0]], "new": []}
    after = {"one": versions[1], "many": [{"a": 1}, versions[1]], "new": [{"token_wo": None, "b": 1}]}

    shown = "\n".join(of(plan_of, before, after, expressions))

    assert shown.count("token_wo = (write-only attribute, written anew)") == 2
    assert shown.count("token_wo = (write-only attribute)") == 1


def test_in_a_block_that_comes_to_others(plan_of: MakePlan) -> None:
    """Only the new one is written: the others are those that they were, in whatever place."""
    one, two, three = ({"name": name, "token_wo": None, "token_wo_version": n} for n, name in enumerate("xyz", 1))
    expressions = {"many": [{"token_wo": SET}, {"token_wo": SET}]}

    shown = of(plan_of, {"many": [one]}, {"many": [one, two]}, expressions)
    moved = of(plan_of, {"many": [one, two]}, {"many": [two, three]}, expressions)

    assert [line for line in shown if "token_wo" in line] == [
        '+   { name = "y", token_wo = (write-only attribute), token_wo_version = 2 }'
    ]
    assert [line for line in moved if "write-only" in line] == [
        '+   { name = "z", token_wo = (write-only attribute), token_wo_version = 3 }'
    ]


@pytest.mark.parametrize("blocks", [[{"token_wo": SET}], [{"token_wo": SET}] * 3])
def test_blocks_that_do_not_fit(blocks: Any, plan_of: MakePlan) -> None:
    """Nobody knows which expressions belong to which block, where some come from a dynamic one."""
    after = {"a": 1, "many": [{"token_wo": None, "b": 1}, {"token_wo": None, "b": 2}]}

    assert "write-only" not in "".join(of(plan_of, None, after, {"many": blocks}))


@pytest.mark.parametrize(
    ("module", "is_set"),
    [
        ("module.a.module.b", True),
        ('module.a["x.module.c[0]"].module.b[3]', True),
        ('module.a["]\\"."].module.b', True),
        ("module.a", False),
        ("module.b", False),
        (None, False),
    ],
)
def test_in_modules(module: str | None, plan_of: MakePlan, *, is_set: bool) -> None:
    """Whatever the keys of the modules' instances are."""
    inner = {"module": {"resources": [configured({"password_wo": SET})]}}
    root = {"module_calls": {"a": {"module": {"module_calls": {"b": inner}}}}}
    change = changed(None, {"a": 1, "password_wo": None}, module_address=module)

    shown = lines(plan_of(resource_changes=[change], configuration={"root_module": root}))

    assert ("+ password_wo = (write-only attribute)" in shown) is is_set


@pytest.mark.parametrize("resources", [5, "x_wo", [5, "password_wo"], [{"address": 5, "expressions": {"a_wo": 1}}]])
def test_a_configuration_that_makes_no_sense(resources: Any, plan_of: MakePlan) -> None:
    """It is as good as none."""
    plan = plan_of(
        resource_changes=[changed(None, {"a": 1, "a_wo": None})],
        configuration={"root_module": {"resources": resources, "module_calls": {"a_wo": 1}}},
    )

    assert lines(plan) == ["+ a = 1"]


def test_changes_are_the_same_only_if_they_write_the_same(plan_of: MakePlan) -> None:
    """Two resources with equal values may set different ones."""
    changes = [
        changed(None, {"a": 1, "a_wo": None, "b_wo": None}) | {"address": f"db.{name}", "name": name} for name in "xyz"
    ]
    sets = {"x": "a_wo", "y": "b_wo", "z": "a_wo"}
    root = {"resources": [configured({attribute: SET}, f"db.{name}") for name, attribute in sets.items()]}
    plan = plan_of(resource_changes=changes, configuration={"root_module": root})

    assert by_what_they_do(summarize(plan).changes) == [[0, 2], [1]]


def test_of_a_real_plan(golden_plan: Callable[[str], Plan]) -> None:
    """Of all objects whose type has write-only attributes, only one sets one, and writes it anew."""
    told = {
        change.resource.address: write_lines(tell_attributes(change.diff, Limits()))
        for change in summarize(golden_plan("sensitive-nested")).changes
    }

    assert [name for name, text in told.items() if "write-only attribute" in text] == ["aws_ssm_parameter.write_only"]
    assert "+ value_wo = (write-only attribute, written anew)" in told["aws_ssm_parameter.write_only"]
