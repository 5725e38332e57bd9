"""However large the plan is, the comment and the step summary have room, and no change is lost."""

import json
import re
from collections.abc import Callable

import pytest

from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import StepResult

Golden = Callable[[str], bytes]
Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

COPIES = 1_001

CIRCLES = "🔴🟠🟡🟢🔵⚪"
LINE = re.compile(
    rf"^(?:<details(?: open)?><summary>)?[{CIRCLES}] <b>[^<]+</b>(?: ⚠️)? "
    rf"(?!.*</summary>\n\n(?:<details|[{CIRCLES}]))"  # it only opens a fold of other lines
    r"(?P<subject>.*)",
    re.MULTILINE,
)
SEVERAL = re.compile(r"(?P<count>[\d,]+) (?:×|more|resources) ")
ONLY_COUNTED = re.compile(r"(?P<count>[\d,]+) changes are only counted here\.")
LISTED = re.compile(
    r"(?:^ *module\.copy\[\d+\]\S+$|(?:(?<= in module\.copy)|(?<=\] )|^ +)\[\d+\](?= |$))", re.MULTILINE
)
"""A copy in the lists of addresses: alone on its line, or by its key among others."""


def counted(markdown: str) -> int:
    """How many changes the list stands for: one for a line, all that share one, and those that are only counted."""
    found = (SEVERAL.match(line["subject"]) for line in LINE.finditer(markdown))
    return sum(number(several["count"]) if several else 1 for several in found)


def number(text: str) -> int:
    """`1,234` as a number."""
    return int(text.replace(",", ""))


def multiplied(plan: bytes, times: int) -> bytes:
    """The plan with all its changes so many times, at addresses of their own."""
    document = json.loads(plan)
    document["resource_changes"] = [
        {**change, "address": f"module.copy[{copy}].{change['address']}", "module_address": f"module.copy[{copy}]"}
        for copy in range(times)
        for change in document["resource_changes"]
        if change["change"]["actions"] not in (["no-op"], ["read"])
    ]
    return json.dumps({name: document[name] for name in ("format_version", "resource_changes")}).encode()


@pytest.fixture
def large(golden: Golden) -> bytes:
    """A plan with more than 11,000 changes of several kinds: more than are compared."""
    return multiplied(golden("mixed-update"), COPIES)


@pytest.mark.parametrize(
    ("name", "changes"), [("fan-out-300", 300), ("hostile-values", 92), ("web-app-create", 45), ("tags-only", 22)]
)
def test_golden_plans_fit(serve: Serve, step: Step, github: GitHubSandbox, name: str, changes: int) -> None:
    """Plans as they come have room, with every change counted."""
    done = step(serve(name))
    body = github.comments[0].body
    assert len(body.encode()) <= COMMENT_LIMIT
    assert len(done.summary.encode()) <= STEP_SUMMARY_LIMIT
    assert counted(body) == counted(done.summary) == changes


@pytest.mark.cost
def test_11_000_changes_fit(serve: Serve, step: Step, github: GitHubSandbox, large: bytes) -> None:
    """So do 11,000 changes: both places count every one of them, and say of how many they do not give the address."""
    done = step(serve(large))
    changes = len(json.loads(large)["resource_changes"])
    assert changes > 11_000
    body = github.comments[0].body
    assert len(body.encode()) <= COMMENT_LIMIT
    assert len(done.summary.encode()) <= STEP_SUMMARY_LIMIT
    assert counted(body) == counted(done.summary) == changes
    for place in (body, done.summary):
        only_counted = ONLY_COUNTED.search(place)
        assert only_counted
        assert len(LISTED.findall(place)) + number(only_counted["count"]) == changes
    assert done.outputs["to-change"] == str(6 * COPIES)
