"""docs/size.md tells of large plans what the code does: its examples are real, and its numbers are the code's."""

import re
from pathlib import Path

import msgspec
import pytest

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.action.publishing import ROOM_FOR_ERRORS
from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT
from tfc_plan_comment.plan import same_change
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report import budget, cautions, notices, room
from tfc_plan_comment.report.groups import alike, search
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.write import comment as writing
from tfc_plan_comment.settings.settings import Settings
from tfc_plan_comment.settings.source import RunIds

GOLDEN = Path(__file__).parent
PAGE = (GOLDEN.parents[1] / "docs" / "size.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"<!-- ([\w-]+) x (\d+) -->\n```\w+\n(.*?)\n```", PAGE, re.DOTALL)


def multiplied(name: str, times: int) -> Plan:
    """The plan with all that it changes so many times, each time in a module of its own."""
    plan = read_plan(GOLDEN / name / "plan.json")
    copies = tuple(
        msgspec.structs.replace(each, address=f"module.copy[{copy}].{each.address}", module_address="module.copy")
        for copy in range(times)
        for each in plan.resource_changes
        if each.change.actions != ("no-op",)
    )
    return msgspec.structs.replace(plan, resource_changes=copies)


@pytest.mark.parametrize(("name", "times", "example"), EXAMPLES)
def test_the_examples_are_real(name: str, times: str, example: str) -> None:
    """Every line of an example stands in the comment, in that order."""
    run = "https://github.com/acme/infra/actions/runs/1"
    summary = summarize(multiplied(name, int(times)))
    comment = writing.render(Report(key="acme/prod", summary=summary, workspace="prod", full_report=run))

    lines = comment.splitlines()
    places = [lines.index(line) for line in example.splitlines()]

    assert places == sorted(places)


def test_every_fenced_example_is_tested() -> None:
    """No block of code on the page is without its source."""
    assert PAGE.count("\n```\n") == len(EXAMPLES) >= 4


def test_the_numbers_are_the_codes() -> None:
    """Each size, share and count that the page names is the one that the code uses."""
    summary_limit = STEP_SUMMARY_LIMIT - ROOM_FOR_ERRORS
    first, of_summary = writing.COMMENT_LIMIT // search.USUAL_ROW, summary_limit // search.USUAL_ROW
    limits = Limits()
    assert [
        words
        for words in (
            f"A comment on GitHub holds {writing.COMMENT_LIMIT:,} bytes",
            f"up to {cautions.MOST_WITH_DATA} groups that hold data, up to {cautions.MOST_OTHERS} of others",
            f"up to {notices.MOST_LINES} lines",
            f"the first {room.OPEN_LINES} lines",
            f"more than {limits.characters} characters",
            f"more than {limits.lines} lines",
            f"there are {alike.FEWEST} of them, and {alike.FEWEST_WITH_DATA} if",
            f"more than {alike.MOST_ALONE} changes deserve a look",
            f"Lines may take {budget.ROWS_SHARE:.0%}".replace("%", " %"),
            f"at most {room.MOST_KINDS} lines",
            f"more than {search.LARGE:,} changes",
            f"The first {search.MOST_COMPARED:,} are searched",
            f"the first {same_change.MOST_DIFFERENT} of one type",
            f"lines of {search.USUAL_ROW} bytes for them, {first} for the comment",
            f"| {writing.COMMENT_LIMIT:,} bytes | {limits.characters} characters | {limits.lines} lines | {first} |",
            f"| {summary_limit:,} bytes | 4,000 characters | 400 lines | {of_summary:,} |",
            f"one of more than {STEP_SUMMARY_LIMIT:,} bytes",
            f"by default `{Settings(source=RunIds(('run-1',))).max_plan_size // 1_000_000_000}GB`",
        )
        if words not in PAGE
    ] == []
    # "a quarter", "a thirty-second", "a sixteenth", "three times as many again"
    assert (budget.DIFF_SHARE, budget.ADDRESSES_SHARE, budget.SECTION_SHARE, search.MOST_ROUNDS) == (
        0.25,
        1 / 32,
        16,
        4,
    )
