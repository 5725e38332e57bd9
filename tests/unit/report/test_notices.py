"""The warning: a line for each change that deserves a look, at most eight, and the rest counted."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.notices import MOST_LINES, list_notices
from tfc_plan_comment.report.write.pieces import write_cell

OPENS = "opens port {} to the whole internet (0&#46;0.0.0/0)"


def summary_of(changes: Iterable[dict[str, Any]]) -> PlanSummary:
    document = {"format_version": "1.2", "resource_changes": list(changes), "planned_values": {}}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan"))


def opened(address: str, port: int = 22, type_: str = "aws_security_group") -> dict[str, Any]:
    """A security group that opens a port."""
    rule = {"from_port": port, "to_port": port, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
    change = {"actions": ["update"], "before": {"ingress": []}, "after": {"ingress": [rule]}}
    return {"address": address, "type": type_, "name": "n", "mode": "managed", "change": change}


def updated(address: str) -> dict[str, Any]:
    change = {"actions": ["update"], "before": {"a": 1}, "after": {"a": 2}}
    return {"address": address, "type": "t", "name": "n", "mode": "managed", "change": change}


def lines(*changes: dict[str, Any]) -> list[str]:
    return [str(write_cell(line)) for line in list_notices(summary_of(changes), Limits())]


def test_each_change_is_a_line_with_its_facts() -> None:
    """The address, and what of it deserves a look; nothing of others."""
    assert lines(opened("aws_security_group.a"), updated("t.n"), opened("aws_security_group.b", 3389)) == [
        f"<code>aws_security_group.a</code> {OPENS.format(22)}",
        f"<code>aws_security_group.b</code> {OPENS.format(3389)}",
    ]
    assert lines(updated("t.n")) == []


def test_instances_of_one_resource_with_the_same_facts_share_a_line() -> None:
    """Another fact has a line of its own."""
    same = [opened(f'aws_security_group.a["{key}"]') for key in "xyz"]

    assert lines(*same, opened('aws_security_group.a["other"]', 3389)) == [
        f"3 × <code>aws_security_group.a</code>: each {OPENS.format(22)}",
        f'<code>aws_security_group.a["other"]</code> {OPENS.format(3389)}',
    ]


def test_those_of_one_type_share_a_line_where_there_are_too_many() -> None:
    """Before any is only counted."""
    many = [opened(f"aws_security_group.g{number}") for number in range(MOST_LINES + 2)]

    assert lines(*many, opened("aws_security_group.other", 3389)) == [
        f"{MOST_LINES + 2} × <code>aws_security_group</code>: each {OPENS.format(22)}",
        f"<code>aws_security_group.other</code> {OPENS.format(3389)}",
    ]


@pytest.mark.parametrize(("count", "last"), [(MOST_LINES, None), (MOST_LINES + 1, None), (MOST_LINES + 2, 2)])
def test_at_most_eight_lines_and_the_rest_counted(count: int, last: int | None) -> None:
    """One more takes no more room than the line that would count it."""
    told = lines(*(opened(f"aws_security_group.g{number}", 1_000 + number) for number in range(count)))

    if last is None:
        assert len(told) == count
        assert not any(line.startswith("and ") for line in told)
    else:
        assert len(told) == MOST_LINES + 1
        assert told[-1] == f"and {last} more, marked ⚠️ below"


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9), st.integers(20, 24)), max_size=40, unique=True))
def test_every_one_is_named_or_counted(found: list[tuple[str, int, int]]) -> None:
    """The numbers in the lines add up to that of the changes, however they are put together."""
    told = lines(*(opened(f"aws_security_group.{name}[{key}]", port) for name, key, port in dict.fromkeys(found)))

    total = 0
    for line in told:
        words = line.split()
        total += int(words[1]) if words[0] == "and" else int(words[0]) if words[1] == "×" else 1
    assert total == len(found)
    assert len(told) <= MOST_LINES + 1


def test_no_key_breaks_out_of_a_line() -> None:
    """Neither of an address nor of a value."""
    (line,) = lines(opened('aws_security_group.a["<img src=x> @octocat"]'))

    assert "<img" not in line
    assert "@octocat" not in line
