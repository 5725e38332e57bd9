"""The worst of a plan in one word, for each rung of the ladder."""

import json
from typing import Any

import pytest

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.worst import Worst, worst_of


def summary_of(*changes: dict[str, Any], **more: Any) -> PlanSummary:
    document = {"format_version": "1.2", "resource_changes": changes, "planned_values": {}, **more}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan"))


def change(actions: list[str], type_: str = "t", **more: Any) -> dict[str, Any]:
    inner = {"actions": actions, "before": {"a": 1}, "after": {"a": 2}, **more}
    return {"address": f"{type_}.n", "type": type_, "name": "n", "mode": "managed", "change": inner}


OPEN = {"ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]}
UPDATED, CREATED, GONE = change(["update"]), change(["create"]), change(["delete"])
REPLACED, LEFT_ALONE = change(["delete", "create"]), change(["create", "forget"])
ROUTINE = change(["delete", "create"], "aws_ecs_task_definition")
TABLE = change(["delete", "create"], "aws_dynamodb_table")
LOOK = change(["update"], "aws_security_group", before={"ingress": []}, after=OPEN)
UNKNOWN = change(["defrost"])
OUTPUT = {"output_changes": {"x": {"actions": ["create"], "before": None, "after": 1}}}


@pytest.mark.parametrize(
    ("summary", "worst"),
    [
        (summary_of(TABLE, errored=True), Worst.FAILED),
        (summary_of(TABLE, GONE, UNKNOWN), Worst.DATA_LOSS),
        (summary_of(GONE, REPLACED, UNKNOWN), Worst.DESTROY),
        (summary_of(REPLACED, UNKNOWN, LOOK), Worst.REPLACE),
        (summary_of(LEFT_ALONE, UPDATED), Worst.REPLACE),
        (summary_of(UNKNOWN, LOOK), Worst.UNKNOWN),
        (summary_of(LOOK, UPDATED), Worst.ATTENTION),
        (summary_of(ROUTINE, UPDATED), Worst.CHANGES),
        (summary_of(CREATED), Worst.CHANGES),
        (summary_of(**OUTPUT), Worst.CHANGES),
        (summary_of(), Worst.NO_CHANGES),
    ],
)
def test_each_rung_of_the_ladder(summary: PlanSummary, worst: Worst) -> None:
    """What is lost with data comes before other losses, these before what nobody knows, and so on."""
    assert worst_of(summary) is worst
