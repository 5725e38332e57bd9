"""The headline: the worst first, at most two facts, and the counts in words where nothing is that bad."""

import json
from typing import Any

import pytest

from tfc_plan_comment.plan.actions import RISK
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.headline import count_in_words, explain_counts, tell_headline


def summary_of(*changes: dict[str, Any], **more: Any) -> PlanSummary:
    document = {"format_version": "1.2", "resource_changes": changes, "planned_values": {}, **more}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan"))


def change(actions: list[str], before: Any = None, after: Any = None, type_: str = "t", **more: Any) -> dict[str, Any]:
    inner = {"actions": actions, "before": before, "after": after, **more.pop("change", {})}
    return {"address": f"{type_}.n", "type": type_, "name": "n", "mode": "managed", **more, "change": inner}


OLD, NEW = {"a": 1}, {"a": 2}
OPEN = {"ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]}
REPLACED = change(["delete", "create"], OLD, NEW)
ROUTINE = change(["delete", "create"], OLD, NEW, "aws_ecs_task_definition")
LEFT_ALONE = change(["create", "forget"], OLD, NEW)
TABLE = change(["delete", "create"], OLD, NEW, "aws_dynamodb_table")
GONE, BUCKET = change(["delete"], OLD), change(["delete"], OLD, type_="aws_s3_bucket")
UNKNOWN = change(["defrost"], OLD, NEW)
LOOK = change(["update"], {"ingress": []}, OPEN, "aws_security_group")
FORGOTTEN, UPDATED, CREATED = change(["forget"], OLD), change(["update"], OLD, NEW), change(["create"], None, NEW)
TAGGED = change(["update"], {"tags": {"k": "1"}}, {"tags": {"k": "2"}}, "aws_vpc")
IMPORTED = change(["no-op"], OLD, OLD, change={"importing": {"id": "x"}})
IMPORTED_AND_UPDATED = change(["update"], OLD, NEW, change={"importing": {"id": "x"}})
MOVED = change(["no-op"], OLD, OLD, previous_address="t.old")
READ = change(["read"], None, NEW, mode="data")
TRIGGERED = {"address": "action.t.x", "lifecycle_action_trigger": {"triggering_resource_address": "t.n"}}
STATE = {"values": {"root_module": {"resources": [{"address": "t.n", "mode": "managed"}]}}}


@pytest.mark.parametrize(
    ("summary", "headline"),
    [
        (summary_of(BUCKET, TABLE, REPLACED, GONE, UPDATED), "destroys 2 resources with data"),
        (summary_of(BUCKET, LOOK), "destroys 1 resource with data, 1 change deserves a look"),
        (summary_of(GONE, REPLACED, REPLACED, UPDATED), "destroys 1 resource and replaces 2"),
        (summary_of(GONE, GONE), "destroys 2 resources"),
        (summary_of(REPLACED, UPDATED), "replaces 1 resource"),
        (summary_of(REPLACED, LOOK, LOOK), "replaces 1 resource, 2 changes deserve a look"),
        (summary_of(LOOK, UPDATED), "1 change deserves a look"),
        (summary_of(UNKNOWN, UPDATED), "1 change with an unknown action"),
        (summary_of(UNKNOWN, UNKNOWN, GONE, LOOK), "2 changes with an unknown action, destroys 1 resource"),
        (summary_of(ROUTINE, UPDATED), "1 replaced, 1 changed"),
        (summary_of(ROUTINE, REPLACED), "replaces 1 resource"),
        (summary_of(LEFT_ALONE), "1 replaced"),
        (summary_of(FORGOTTEN, UPDATED), "1 forgotten, 1 changed"),
        (summary_of(GONE, prior_state=STATE), "destroys everything"),
        (summary_of(BUCKET, GONE, prior_state=STATE), "destroys everything, including 1 resource with data"),
        (summary_of(BUCKET, LOOK, errored=True), "planning failed"),
        (
            summary_of(UPDATED, CREATED, IMPORTED, MOVED, READ),
            "1 changed, 1 created, 1 imported, 1 moved, 1 read during apply",
        ),
        (summary_of(IMPORTED, IMPORTED_AND_UPDATED), "1 changed, 1 only imported"),
        (summary_of(TAGGED), "1 changed (tags only)"),
        (summary_of(TAGGED, UPDATED), "2 changed"),
        (summary_of(action_invocations=[TRIGGERED]), "1 action invoked"),
        (summary_of(action_invocations=[TRIGGERED, TRIGGERED]), "2 actions invoked"),
        (summary_of(output_changes={"o": {"actions": ["create"], "after": 1}}), "only outputs change"),
        (summary_of(), "no changes"),
        (summary_of(*[CREATED] * 1_234), "1,234 created"),
        (summary_of(resource_drift=[UPDATED], applyable=True), "1 changed outside of Terraform"),
        (summary_of(resource_drift=[UPDATED, GONE], applyable=True), "1 changed, 1 deleted outside of Terraform"),
    ],
)
def test_the_headline_says_the_worst_first(summary: PlanSummary, headline: str) -> None:
    """Data, then what nobody knows, other loss and what deserves a look; else every count in words."""
    assert tell_headline(summary) == headline


def test_every_action_has_its_word_in_the_counts() -> None:
    """What can hurt stands first."""
    summary = summary_of(REPLACED, GONE, UNKNOWN, FORGOTTEN, UPDATED, CREATED, IMPORTED, MOVED, READ)

    assert {each.action for each in summary.changes} == set(RISK)
    assert count_in_words(summary) == ", ".join(f"1 {action.facts.headline}" for action in RISK)


@pytest.mark.parametrize(
    ("summary", "explanation"),
    [
        (summary_of(TABLE, GONE), "That is 1 replaced (add and destroy), 1 destroyed."),
        (summary_of(LEFT_ALONE, LOOK), "That is 1 replaced, 1 changed."),
        (summary_of(LOOK, MOVED), "That is 1 changed, 1 moved."),
        (summary_of(GONE, CREATED), ""),
        (summary_of(UPDATED, MOVED), ""),
        (summary_of(), ""),
    ],
)
def test_counts_are_explained_where_terraforms_add_up_otherwise(summary: PlanSummary, explanation: str) -> None:
    """A replacement is one to add and one to destroy; nothing is said twice, and nothing that the sentence says."""
    assert explain_counts(summary, tell_headline(summary)) == explanation
