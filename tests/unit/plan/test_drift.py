"""What changed outside of Terraform, and which of it explains the plan."""

from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.summary import summarize

BEFORE = {"a": {"b": 1, "c": 1}, "d": [{"e": 1}, {"e": 2}], "f": 1, "on": False, "g": "", "h": "x"}
AFTER = {"a": {"b": 2, "c": 1}, "d": [{"e": 1}, {"e": 3}], "f": 1, "on": None, "g": None}
DRIFTED = {
    "address": "a.b",
    "change": {"actions": ["update"], "before": BEFORE, "after": AFTER, "after_unknown": {"h": True}},
}
CHANGED = {"address": "a.c", "mode": "managed", "change": {"actions": ["create"]}}
NO_OP = {**CHANGED, "change": {"actions": ["no-op"]}}


@pytest.mark.parametrize(
    ("resource", "attribute", "is_relevant"),
    [
        ("a.b", ["a", "b"], True),
        ("a.b", ["a"], True),
        ("a.b", [], True),
        ("a.b", ["a", "b", "deeper"], True),
        ("a.b", ["a", "c"], False),
        ("a.b", ["d", 1, "e"], True),
        ("a.b", ["d", 0, "e"], True),
        ("a.b", ["d", "e"], False),
        ("a.b", ["f"], False),
        ("a.b", ["on"], True),
        ("a.b", ["g"], True),
        ("a.b", ["h"], True),
        ("a.b", ["z"], False),
        ("", ["a"], True),
        ("", ["f"], False),
        ("a.b[0]", ["a"], False),
        ("a", ["a"], False),
    ],
)
def test_relevant_attributes(
    resource: str, attribute: list[Any], plan_of: Callable[..., Plan], *, is_relevant: bool
) -> None:
    """Drift explains the plan where it changes an attribute that led to one of the plan's changes."""
    relevant = [{"resource": resource, "attribute": attribute}]
    plan = plan_of(resource_drift=[DRIFTED], resource_changes=[CHANGED], relevant_attributes=relevant)
    (found,) = summarize(plan).drift
    assert found.is_relevant is is_relevant
    assert found.resource.address == "a.b"
    assert found.diff.parts


def test_nothing_relevant(plan_of: Callable[..., Plan]) -> None:
    """Drift of which no attribute led to anything is there, but explains nothing."""
    (found,) = summarize(plan_of(resource_drift=[DRIFTED], resource_changes=[CHANGED])).drift
    assert not found.is_relevant


def test_a_plan_without_changes(plan_of: Callable[..., Plan]) -> None:
    """Where the plan changes nothing there is nothing to explain."""
    relevant = [{"resource": "a.b", "attribute": []}]
    plan = plan_of(resource_drift=[DRIFTED], resource_changes=[NO_OP], relevant_attributes=relevant)
    (found,) = summarize(plan).drift
    assert not found.is_relevant


@pytest.mark.parametrize(("actions", "is_relevant"), [(["delete"], True), (["no-op"], False)])
def test_what_is_gone_and_what_moved(actions: list[str], plan_of: Callable[..., Plan], *, is_relevant: bool) -> None:
    """An object that is gone explains what refers to it; one that only moved stands among the changes."""
    gone = {"address": "a.b", "change": {"actions": actions, "before": {"a": 1}}}
    relevant = [{"resource": "a.b", "attribute": ["id"]}]
    plan = plan_of(resource_drift=[gone], resource_changes=[CHANGED], relevant_attributes=relevant)
    (found,) = summarize(plan).drift
    assert found.is_relevant is is_relevant
    (found,) = summarize(plan_of(resource_drift=[gone], resource_changes=[CHANGED])).drift
    assert not found.is_relevant


def test_refresh_only(plan_of: Callable[..., Plan]) -> None:
    """A refresh-only plan is about drift: all of it is shown."""
    moved = {"address": "a.c", "previous_address": "a.d", "change": {"actions": ["no-op"]}}
    found = summarize(plan_of(resource_drift=[DRIFTED, moved], applyable=True)).drift
    assert [each.is_relevant for each in found] == [True, True]


def test_only_the_order_drifted(plan_of: Callable[..., Plan]) -> None:
    """A mere new order is drift, too."""
    change = {"actions": ["update"], "before": {"a": [1, 2]}, "after": {"a": [2, 1]}}
    relevant = [{"resource": "a.b", "attribute": ["a"]}]
    drifted = [{"address": "a.b", "change": change}]
    (found,) = summarize(
        plan_of(resource_drift=drifted, resource_changes=[CHANGED], relevant_attributes=relevant)
    ).drift
    assert found.is_relevant


EMPTIED = [
    ({"tags": None, "on": 1}, {"tags": {}, "on": 1}),
    ({"a": "", "b": []}, {"a": None, "b": None}),
    ({"rule": [{"name": "x", "description": None}]}, {"rule": [{"name": "x", "description": ""}]}),
]


@pytest.mark.parametrize(("before", "after"), EMPTIED)
def test_what_only_stays_empty(before: Any, after: Any, plan_of: Callable[..., Plan]) -> None:
    """Null that is read back as "", [] or {} is no drift that anybody could do something about; Terraform hides it."""
    drifted = [{"address": "a.b", "change": {"actions": ["update"], "before": before, "after": after}}]
    relevant = [{"resource": "a.b", "attribute": [next(iter(before))]}]

    assert not summarize(plan_of(resource_drift=drifted, resource_changes=[NO_OP])).drift
    assert not summarize(plan_of(resource_drift=drifted, resource_changes=[CHANGED])).drift
    explaining = plan_of(resource_drift=drifted, resource_changes=[CHANGED], relevant_attributes=relevant)
    assert [each.is_relevant for each in summarize(explaining).drift] == [True]


@pytest.mark.parametrize(("before", "after"), EMPTIED)
def test_a_refresh_only_plan_of_what_stays_empty(before: Any, after: Any, plan_of: Callable[..., Plan]) -> None:
    """Terraform shows it and lets it be applied: it is in the state."""
    drifted = [{"address": "a.b", "change": {"actions": ["update"], "before": before, "after": after}}]
    summary = summarize(plan_of(resource_drift=drifted, applyable=True))
    assert [each.is_relevant for each in summary.drift] == [True]
    assert summary.verdict.has_changes


def test_more_than_what_stays_empty(plan_of: Callable[..., Plan]) -> None:
    """An object that is gone, and one of which anything else drifted, is listed, whatever else of it is empty."""
    gone = {"address": "a.b", "change": {"actions": ["delete"], "before": {"a": ""}}}
    more = {"actions": ["update"], "before": {"a": "", "b": 1}, "after": {"a": None, "b": 2}}
    plan = plan_of(resource_drift=[gone, {"address": "a.d", "change": more}], resource_changes=[NO_OP])
    assert [each.resource.address for each in summarize(plan).drift] == ["a.b", "a.d"]
