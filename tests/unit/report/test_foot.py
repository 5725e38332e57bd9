"""The last line: it says that all stands above only where that is so, and of secrets no more than is promised."""

import json
import re
from typing import Any

import pytest

from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.foot import tell_secrecy, tell_what_stands
from tfc_plan_comment.report.hidden import Hidden
from tfc_plan_comment.report.left import Left
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT, render

OUTPUT = {"actions": ["create"], "before": None, "after": 1}


def summary_of(changes: int = 0, outputs: int = 0, **more: Any) -> PlanSummary:
    document = {
        "format_version": "1.2",
        "resource_changes": [
            {
                "address": f"t.n{number}",
                "type": "t",
                "name": "n",
                "provider_name": more.pop("provider", ""),
                "change": {"actions": ["update"], "before": {"a": 1}, "after": {"a": 2}},
            }
            for number in range(changes)
        ],
        "output_changes": {f"o{number}": OUTPUT for number in range(outputs)},
        "planned_values": {},
        **more,
    }
    return summarize(parse_plan(json.dumps(document).encode(), name="plan"))


@pytest.mark.parametrize(
    ("summary", "left", "said"),
    [
        (summary_of(11, 4), Left(), "All 11 changes and 4 outputs of the plan are listed above."),
        (summary_of(1, 1), Left(), "The change and the output of the plan are listed above."),
        (summary_of(1, 4), Left(), "The change and all 4 outputs of the plan are listed above."),
        (summary_of(2, 1), Left(), "Both changes and the output of the plan are listed above."),
        (summary_of(0, 3), Left(), "All 3 outputs of the plan are listed above."),
        (summary_of(1), Left(), "The change of the plan is listed above."),
        (summary_of(0, 1), Left(), "The output of the plan is listed above."),
        (summary_of(1_234), Left(), "All 1,234 changes of the plan are listed above."),
        (summary_of(2), Left(without_details=1), "Both changes of the plan are listed above."),
        (summary_of(2), Left(counted=1), ""),
        (summary_of(2, 4), Left(outputs=3), "Both changes of the plan are listed above."),
        (summary_of(0, 4), Left(outputs=3), ""),
        (summary_of(), Left(), ""),
        (
            summary_of(2, errored=True),
            Left(),
            "Both changes that Terraform planned before it stopped are listed above.",
        ),
    ],
)
def test_what_stands_above(summary: PlanSummary, left: Left, said: str) -> None:
    """All of it, unless some of it is only counted."""
    assert tell_what_stands(summary, left) == said


@pytest.mark.parametrize("count", [1, 40, 900])
@pytest.mark.parametrize("value", ["v" * 200, {f"key-{number}": "v" * 90 for number in range(30)}])
def test_each_output_is_listed_or_counted(count: int, value: Any) -> None:
    """However many there are, and however long their values."""
    outputs = {f"name-{number:04}": {**OUTPUT, "after": value} for number in range(count)}
    summary = summary_of(1, output_changes=outputs)
    for limit in (COMMENT_LIMIT, STEP_SUMMARY_LIMIT):
        content = render(Report(key="k", summary=summary), limit=limit)
        listed = sum(f"\n+ {name}" in content for name in outputs)
        counted = re.search(r"([0-9]+) outputs? (?:is|are) only counted here", content)
        assert listed + (int(counted[1]) if counted else 0) == count
        assert ("output" in content.splitlines()[-1].partition("listed above")[0]) == (listed == count)


@pytest.mark.parametrize(
    ("summary", "hidden", "said"),
    [
        (summary_of(1), Hidden(), "Values that Terraform marks as sensitive are masked."),
        (
            summary_of(1),
            Hidden(equal=1),
            "Values that Terraform marks as sensitive are masked, and so is 1 value that equals one of them.",
        ),
        (
            summary_of(1),
            Hidden(unmarked=1),
            "Values that Terraform marks as sensitive are masked, and so is 1 value that looks like a secret.",
        ),
        (
            summary_of(1),
            Hidden(equal=1, unmarked=2),
            (
                "Values that Terraform marks as sensitive are masked, and so are others: 1 equals a masked one, "
                "2 look like secrets."
            ),
        ),
        (
            summary_of(1),
            Hidden(equal=1_000),
            "Values that Terraform marks as sensitive are masked, and so are 1,000 values that equal one of them.",
        ),
        (
            summary_of(1, provider="registry.opentofu.org/hashicorp/aws"),
            Hidden(),
            "Values that OpenTofu marks as sensitive are masked.",
        ),
        (summary_of(1, terraform_version="0.14.1"), Hidden(), "The plan does not say which attributes are sensitive."),
        (summary_of(), Hidden(), ""),
    ],
)
def test_what_is_promised_of_secrets(summary: PlanSummary, hidden: Hidden, said: str) -> None:
    """A plan without marks promises nothing, and where no value stands nothing is said."""
    assert tell_secrecy(summary, hidden) == said
