"""Which texts of a plan are secrets to search for."""

from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.secrets.marked_secrets import find_secrets


def found_in(plan: Plan) -> set[str]:
    """All secrets to search for."""
    secrets = find_secrets(plan)
    return secrets.looks | secrets.names | secrets.words


CHANGE = {
    "before": {"password": "old-Secret-1", "b": "old-Public-1"},
    "after": {"password": "new-Secret-1", "b": "new-Public-1"},
    "before_sensitive": {"password": True},
    "after_sensitive": {"password": True},
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
    assert found_in(plan_of(**keys)) == {"old-Secret-1", "new-Secret-1"}


def test_each_object_has_marks_of_its_own(plan_of: Callable[..., Plan]) -> None:
    """Another object of the type may have others than the last one: none, the same, or those of a sensitive value."""
    marks = [{}, {"pin": True}, {"pin": False}, {}, {"pin": True}, {"token": True}]
    changes = [
        {"type": "t", "change": {"after": {"pin": f"secret-{n}", "token": f"token-{n}"}, "after_sensitive": each}}
        for n, each in enumerate(marks)
    ]

    assert found_in(plan_of(resource_changes=changes)) == {"secret-1", "secret-4", "token-5"}


@pytest.mark.parametrize("key", ["action_invocations", "deferred_action_invocations"])
def test_invocations(key: str, plan_of: Callable[..., Plan]) -> None:
    """What the configuration of an action marks is secret."""
    invocation = {"config_values": {"token": "secret-1", "b": "public-1"}, "config_sensitive": {"token": True}}
    plan = plan_of(**{key: [invocation if key == "action_invocations" else {"action_invocation": invocation}]})

    assert found_in(plan) == {"secret-1"}


def test_state(plan_of: Callable[..., Plan]) -> None:
    """What the state before marks is secret, such as what a data source read; it stands nowhere else."""
    marked = {"sensitive_values": {"secret_string": True}}
    data = {"mode": "data", "values": {"secret_string": "hunter2-a", "b": "hunter2-b"}, **marked}
    child = {"child_modules": [{"resources": [{**data, "values": {"secret_string": "hunter2-c"}}]}]}
    plan = plan_of(prior_state={"values": {"root_module": {"resources": [data], "child_modules": [child]}}})

    assert found_in(plan) == {"hunter2-a", "hunter2-c"}


@pytest.mark.parametrize(
    ("variables", "secrets"),
    [
        ({"pin": {"value": "secret-1"}, "b": {"value": "public-1"}}, {"secret-1"}),
        ({"pin": {"value": {"x": ["one-more-1", 123456]}}}, {"one-more-1", "123456"}),
        ({"pin": {}}, set()),
        ({"pin": {"value": None}}, set()),
        ({"pin": "secret-1"}, {"secret-1"}),
        ({"c": {"value": "undeclared-1"}}, set()),
        ({}, set()),
        (None, set()),
        ([1], set()),
    ],
)
def test_variables(variables: Any, secrets: set[str], plan_of: Callable[..., Plan]) -> None:
    """What a sensitive root variable holds is secret, in whatever shape it comes."""
    declared = {"root_module": {"variables": {"pin": {"sensitive": True}, "b": {}}}}

    assert found_in(plan_of(configuration=declared, variables=variables)) == secrets


@pytest.mark.parametrize(
    "keys",
    [
        {"output_changes": {"out": {"actions": 7, "after": "some-Secret-1", "after_sensitive": True}, "b": [[]]}},
        {"resource_drift": [{"change": ["some-Secret-1", {"\\x": "other-Secret-2"}]}]},
        {"action_invocations": {"a": {"b": 'say "some-Secret-1"'}}},
        {"prior_state": ["some-Secret-1"]},
        {"configuration": 7, "variables": {"a": {"value": "some-Secret-1"}}},
        {"configuration": {"root_module": {"variables": {"a": []}}}, "variables": {"b": {"value": "some-Secret-1"}}},
    ],
)
def test_what_cannot_be_read_may_be_secret(keys: dict[str, Any], plan_of: Callable[..., Plan]) -> None:
    """Where a plan is malformed, nobody knows what it marks."""
    assert "some-Secret-1" in found_in(plan_of(**keys))


def test_what_cannot_be_read_is_judged_by_its_names(plan_of: Callable[..., Plan]) -> None:
    """A word that is a password is one in what is malformed, too."""
    broken = [{"password": "hunter2-pass", "engine": "hunter2-none"}]
    assert found_in(plan_of(output_changes={"a": broken})) == {"hunter2-pass"}


def test_a_default_is_no_secret(plan_of: Callable[..., Plan]) -> None:
    """It stands in the configuration; else a pull request could hide with it whatever it does itself."""
    default = {"policy": "Zq7vW9kPxw2mLmQx", "list": ["hunter2-pass"]}
    declared = {"root_module": {"variables": {"secrets": {"sensitive": True, "default": default}}}}
    change = {"after": {"password": "hunter2-pass", "token": "hunter3-pass"}, "after_sensitive": True}
    plan = plan_of(
        configuration=declared, variables={"secrets": {"value": default}}, resource_changes=[{"change": change}]
    )

    assert found_in(plan) == {"hunter3-pass"}


@pytest.mark.parametrize(
    ("value", "marks", "secrets"),
    [
        ({"key": {"b": ["x-123456", 1234567, 1.50, True, None, {"c": "y-123456"}]}}, {"key": True}, "x y 1234567"),
        ({"key": ["x-123456", "y-123456"]}, {"key": [False, True]}, "y"),
        ({"key": ["x-123456", "y-123456"]}, {"key": [True]}, "x y"),
        ({"key": ["x-123456", "y-123456"]}, {"key": {"b": True}}, "x y"),
        ({"key": "x-123456"}, {"key": {"b": True}, "c": True}, "x"),
        ({"key": "x-123456"}, {"key": False, "c": False}, ""),
        ({"key": "x-123456"}, {"key": "true", "b": 1}, "x"),
        ({"other": "x-123456"}, {"other": True}, ""),
        (None, True, ""),
        ({"key": None, "b": None}, {"key": [True], "b": {"c": True}}, ""),
    ],
)
def test_marked_parts(value: Any, marks: Any, secrets: str, plan_of: Callable[..., Plan]) -> None:
    """Every string and number under a mark is judged, by the name there; where marks do not fit, the whole is."""
    plan = plan_of(output_changes={"out": {"after": value, "after_sensitive": marks}})

    assert found_in(plan) == {each if each.isdigit() else f"{each}-123456" for each in secrets.split()}


def test_deep(plan_of: Callable[..., Plan]) -> None:
    """A secret is found however deep it lies."""
    value: Any = "secret-1"
    marks: Any = True
    for _ in range(400):
        value, marks = {"token": [value]}, {"token": [marks]}
    change = {"after": value, "after_sensitive": marks}

    assert found_in(plan_of(output_changes={"out": change})) == {"secret-1"}


def test_where_they_are_searched_for(plan_of: Callable[..., Plan]) -> None:
    """What looks random everywhere, what has a secret's name in values, and a word of it where a secret would stand."""
    after = {"value": "Zq7vW9kPxw2mLmQx", "password": ["hunter2", "postgres", "123456789012"], "engine": "postgres15"}
    change = {"after": after, "after_sensitive": True}

    secrets = find_secrets(plan_of(resource_changes=[{"change": change}]))

    assert secrets.looks == {"Zq7vW9kPxw2mLmQx"}
    assert secrets.names == {"hunter2"}
    assert secrets.words == {"postgres", "123456789012"}


def test_the_type_of_a_resource_is_a_name(plan_of: Callable[..., Plan]) -> None:
    """What a `random_password` marks is a password, whatever the attribute's name."""
    change = {"after": {"result": "hunter2-pass", "key_id": "hunter2-id"}, "after_sensitive": True}

    assert found_in(plan_of(resource_changes=[{"type": "random_password", "change": change}])) == {"hunter2-pass"}
    assert found_in(plan_of(resource_changes=[{"type": "aws_vpc", "change": change}])) == set()
