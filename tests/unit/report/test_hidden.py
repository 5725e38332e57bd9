"""The number of values that are hidden for nothing but an equal one that the plan marks."""

import json
from typing import Any

import pytest

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.hidden import NONE_HIDDEN, Hidden, count_hidden, count_in_plan

SECRET = "Zq7vW9kPxw2m"
POLICY = '{{"Statement": [{{"Action": ["a", "b"], "Sid": "{}"}}]}}'


def summary_of(*changes: dict[str, Any]) -> PlanSummary:
    """A plan with these changes, beside one whose password is marked."""
    secret = {"actions": ["create"], "before": None, "after": {"password": SECRET}}
    marked = {"address": "t.marked", "change": {**secret, "after_sensitive": {"password": True}}}
    resources = [marked, *({"address": "t.n", "type": "t", "name": "n", "change": change} for change in changes)]
    return summarize(
        parse_plan(json.dumps({"format_version": "1.2", "resource_changes": resources}).encode(), name="x")
    )


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ({"a": "x"}, {"a": SECRET}, 1),
        ({"a": f"x{SECRET}"}, {"a": f"y {SECRET}", "b": [SECRET]}, 2),
        ({"a": {"b": SECRET, "c": 1}}, {"a": {"b": "x", "c": 2}}, 1),
        ({"a": [SECRET, "x"]}, {"a": ["x", SECRET]}, 1),
        ({"a": f"x\n{SECRET}"}, {"a": f"y\n{SECRET}"}, 1),
        ({"a": POLICY.format("x")}, {"a": POLICY.format(SECRET)}, 1),
        ({"a": SECRET, "b": 1}, {"a": SECRET, "b": 2}, 0),
        ({"a": '{"Action": ["a", "b"]}'}, {"a": '{"Action": ["b", "a"]}'}, 0),
        ({"a": "x"}, {"a": "production"}, 0),
        ({}, {"a": {"b": SECRET, "c": [SECRET, "x", {"d": SECRET}]}}, 3),
        ({"a": {"b": SECRET, "c": SECRET}}, {}, 2),
        ({"a": [{"b": SECRET}]}, {"a": "x"}, 1),
    ],
)
def test_what_is_hidden_in_what_differs_is_counted(before: Any, after: Any, count: int) -> None:
    """What stays as it is stands nowhere, and what the plan marks by itself is hidden for that."""
    summary = summary_of({"actions": ["update"], "before": before, "after": after})

    assert sum(map(count_hidden, summary.changes), NONE_HIDDEN) == count_in_plan(summary) == Hidden(count)


def test_of_an_import_all_is_shown() -> None:
    """So all of it is looked at, though nothing changes."""
    value = {"a": SECRET, "b": "x"}
    summary = summary_of({"actions": ["no-op"], "before": value, "after": value, "importing": {"id": "x"}})

    assert sum(map(count_hidden, summary.changes), NONE_HIDDEN) == Hidden(1)
