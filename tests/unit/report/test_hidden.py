"""The number of values that are hidden for nothing but an equal one that the plan marks."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.secrets.hidden_words import count_hidden_in
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


IS, ARE = "1 value is hidden here although", "values are hidden here although"
REVEALED = "The input reveal shows"


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        (Hidden(equal=1), f"{IS} the plan does not mark it: it equals or contains a sensitive value."),
        (Hidden(equal=1_000), f"1,000 {ARE} the plan does not mark them: each equals or contains a sensitive value."),
        (
            Hidden(unmarked=1),
            (
                f"{IS} the plan does not mark it: it looks like or contains a secret. "
                f"{REVEALED} it, unless it is a private key."
            ),
        ),
        (
            Hidden(unmarked=2),
            (
                f"2 {ARE} the plan does not mark them: each looks like or contains a secret. "
                f"{REVEALED} them, but no private key."
            ),
        ),
        (
            Hidden(equal=1, unmarked=2),
            (
                "Values are hidden here although the plan does not mark them: 1 equals or contains a sensitive value, "
                f"2 look like or contain a secret. {REVEALED} the latter, but no private key."
            ),
        ),
        (
            Hidden(equal=2, unmarked=1),
            (
                "Values are hidden here although the plan does not mark them: 2 equal or contain a sensitive value, "
                f"1 looks like or contains a secret. {REVEALED} the latter, unless it is a private key."
            ),
        ),
    ],
)
def test_one_alert_says_both_kinds(hidden: Hidden, said: str) -> None:
    """Without their sum, as one value may be hidden for both, and what `reveal` shows of them; of plans alike."""
    of_plans = said.replace("the plan does not mark", "no plan marks")

    assert list(hidden.tell()) == [said]
    assert list(hidden.tell(of_plans=True)) == [of_plans]
    assert list(NONE_HIDDEN.tell()) == []


def test_where_nothing_is_hidden_nothing_is_looked_for(count_calls: Callable[..., int]) -> None:
    """Most plans hide nothing that they do not mark; what a mask hides has a number, so it knows."""
    change = {"actions": ["update"], "before": {"a": "x"}, "after": {"a": "y"}}
    plan = {"format_version": "1.2", "resource_changes": [{"address": "t.n", "change": change}]}
    plain, hiding = summarize(parse_plan(json.dumps(plan).encode(), name="x")), summary_of(change)

    assert count_calls(lambda: count_hidden(plain.changes[0]), count_hidden_in.__code__) == 0
    assert count_calls(lambda: [count_hidden(each) for each in hiding.changes], count_hidden_in.__code__) > 0
