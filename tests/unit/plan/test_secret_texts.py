"""Which texts of a plan are secrets."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.secret_texts import find_secrets

CHANGE = {
    "before": {"a": "old-secret", "b": "old-public"},
    "after": {"a": "new-secret", "b": "new-public"},
    "before_sensitive": {"a": True},
    "after_sensitive": {"a": True},
}


@pytest.mark.parametrize(
    "keys",
    [
        {"resource_changes": [{"change": CHANGE}]},
        {"resource_drift": [{"change": CHANGE}]},
        {"deferred_changes": [{"resource_change": {"change": CHANGE}}]},
        {"output_changes": {"out": CHANGE}},
    ],
)
def test_changes(keys: dict[str, Any], plan_of: Callable[..., Plan]) -> None:
    """What a change marks on either side is secret, wherever the change stands."""
    assert set(find_secrets(plan_of(**keys))) == {"old-secret", "new-secret"}


@pytest.mark.parametrize("key", ["action_invocations", "deferred_action_invocations"])
def test_invocations(key: str, plan_of: Callable[..., Plan]) -> None:
    """What the configuration of an action marks is secret."""
    invocation = {"config_values": {"a": "secret", "b": "public"}, "config_sensitive": {"a": True}}
    plan = plan_of(**{key: [invocation if key == "action_invocations" else {"action_invocation": invocation}]})
    assert set(find_secrets(plan)) == {"secret"}


def test_state(plan_of: Callable[..., Plan]) -> None:
    """What the state before marks is secret, such as what a data source read; it stands nowhere else."""
    data = {"mode": "data", "values": {"a": "secret", "b": "public"}, "sensitive_values": {"a": True}}
    child = {"child_modules": [{"resources": [{**data, "values": {"a": "inner-secret"}}]}]}
    plan = plan_of(prior_state={"values": {"root_module": {"resources": [data], "child_modules": [child]}}})
    assert set(find_secrets(plan)) == {"secret", "inner-secret"}


@pytest.mark.parametrize(
    ("variables", "secrets"),
    [
        ({"a": {"value": "secret"}, "b": {"value": "public"}}, {"secret"}),
        ({"a": {"value": {"x": ["one", 123456]}}}, {"one", "123456"}),
        ({"a": {}}, set()),
        ({"a": {"value": None}}, set()),
        ({"a": "secret"}, {"secret"}),
        ({"c": {"value": "undeclared"}}, set()),
        ({}, set()),
        (None, set()),
        ([1], set()),
    ],
)
def test_variables(variables: Any, secrets: set[str], plan_of: Callable[..., Plan]) -> None:
    """What a sensitive root variable holds is secret, in whatever shape it comes."""
    declared = {"root_module": {"variables": {"a": {"sensitive": True}, "b": {}}}}
    assert set(find_secrets(plan_of(configuration=declared, variables=variables))) == secrets


@pytest.mark.parametrize(
    ("value", "marks", "secrets"),
    [
        ({"a": {"b": ["x", 1, 1.50, True, False, None, {"c": "y"}]}}, {"a": True}, {"x", "1", "1.5", "y"}),
        ({"a": ["x", "y"]}, {"a": [False, True]}, {"y"}),
        ({"a": ["x", "y"]}, {"a": [True]}, {"x", "y"}),
        ({"a": ["x", "y"]}, {"a": {"b": True}}, {"x", "y"}),
        ({"a": "x"}, {"a": {"b": True}, "c": True}, {"x"}),
        ("x", True, {"x"}),
        ({"a": "x"}, {"a": "true", "b": 1, "c": False}, set()),
        (None, True, set()),
        ({"a": None, "b": None}, {"a": [True], "b": {"c": True}}, set()),
    ],
)
def test_marked_parts(value: Any, marks: Any, secrets: set[str], plan_of: Callable[..., Plan]) -> None:
    """Every string and number under a mark is secret; where marks do not fit, the whole is."""
    plan = plan_of(output_changes={"out": {"after": value, "after_sensitive": marks}})
    assert set(find_secrets(plan)) == secrets


def test_deep(plan_of: Callable[..., Plan]) -> None:
    """A secret is found however deep it lies."""
    value: Any = "secret"
    marks: Any = True
    for _ in range(400):
        value, marks = {"a": [value]}, {"a": [marks]}
    change = {"after": value, "after_sensitive": marks}
    assert set(find_secrets(plan_of(output_changes={"out": change}))) == {"secret"}
    assert json.dumps(value).count("secret") == 1


def test_a_value_that_is_marked_in_part_and_then_as_a_whole(plan_of: Callable[..., Plan]) -> None:
    """What was seen with fewer marks is read again with more, and what was seen as a whole is read once."""
    value = {"a": ["one-secret", "two-secret"]}
    changes = [
        {"change": {"after": value, "after_sensitive": {"a": marks}}} for marks in ([True, False], True, True, [True])
    ]
    found = list(find_secrets(plan_of(resource_changes=changes)))

    assert sorted(found) == ["one-secret", "one-secret", "one-secret", "two-secret", "two-secret"]
