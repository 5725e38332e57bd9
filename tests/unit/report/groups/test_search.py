"""The search for what is alike: all changes of a usual plan, of a large one as many as may find room."""

import json
from collections.abc import Iterable
from typing import Any

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.groups.alike import MOST_ALONE
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.groups.search import LARGE, MOST_ROUNDS, USUAL_ROW, find_groups, find_invocations
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.write.pieces import write_lines
from tfc_plan_comment.report.write.ruler import make_ruler

ROOM = 60 * USUAL_ROW


def summary_of(changes: Iterable[dict[str, Any]], **more: Any) -> PlanSummary:
    document = {"format_version": "1.2", "resource_changes": list(changes), "planned_values": {}, **more}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan"))


def update(address: str, before: Any, after: Any, type_: str = "t") -> dict[str, Any]:
    change = {"actions": ["update"], "before": before, "after": after}
    return {"address": address, "type": type_, "name": "n", "mode": "managed", "change": change}


def distinct(count: int) -> list[dict[str, Any]]:
    return [update(f"t.d{number}", {"a": 1}, {f"b{number}": number}) for number in range(count)]


def same(count: int) -> list[dict[str, Any]]:
    return [update(f"t.same[{number}]", {"a": 1}, {"a": 2}) for number in range(count)]


def opened(address: str) -> dict[str, Any]:
    rule = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
    return update(address, {"ingress": []}, {"ingress": [rule]}, "aws_security_group")


def groups(summary: PlanSummary, limit: int = ROOM) -> tuple[Group, ...]:
    return find_groups(summary, limit, Limits(), make_ruler())


def test_of_a_usual_plan_all_changes_are_looked_at() -> None:
    """However little room there is: the last may be alike."""
    summary = summary_of([*same(1), *distinct(LARGE - 2), *same(2)[1:]])

    found = groups(summary, limit=0)

    assert sorted(position for group in found for position in group.positions) == list(range(LARGE))


def test_of_a_large_plan_as_many_are_looked_at_as_may_find_room() -> None:
    """Those are the first ones, and none stands twice."""
    summary = summary_of(distinct(LARGE + 500))

    positions = [position for group in groups(summary) for position in group.positions]

    assert positions == list(range(len(positions)))
    assert ROOM // USUAL_ROW <= len(positions) <= MOST_ROUNDS * ROOM // USUAL_ROW


def test_what_does_the_same_is_one_of_a_large_plan_without_a_look_at_each() -> None:
    """Only the first of them is compared; all of their addresses are said."""
    summary = summary_of(same(LARGE + 500))

    (group,) = groups(summary)

    assert group.row.count == LARGE + 500
    assert group.positions == tuple(range(LARGE + 500))
    assert sum("diff" in vars(change) for change in summary.changes) < MOST_ROUNDS
    assert f"[{LARGE + 499}]" in write_lines(group.row.same_for)


def test_what_deserves_a_look_stands_alone_in_a_large_plan_too() -> None:
    """Unless there are so many that they would push out all others."""
    for count, is_alone in ((MOST_ALONE, True), (MOST_ALONE + 1, False)):
        looks = [opened(f"aws_security_group.g[{number}]") for number in range(count)]

        found = groups(summary_of([*same(LARGE), *looks]))

        counts = [group.row.count for group in found if group.row.deserves_a_look]
        assert counts == ([1] * count if is_alone else [count])


def test_of_what_deserves_a_look_and_is_one_all_addresses_are_said() -> None:
    """Of a large plan as of any other: what is not named could not be looked at."""
    count = MOST_ALONE + 1
    looks = [opened(f"aws_security_group.g[{number}]") for number in range(count)]

    for others in (0, LARGE):
        found = groups(summary_of([*looks, *same(others)]))

        (row,) = (group.row for group in found if group.row.deserves_a_look)
        assert sum(line.addresses for line in (*row.lines, *row.same_for)) == row.count == count
        assert f"[{count - 1}]" in write_lines((*row.lines, *row.same_for))


def test_an_action_that_only_one_invokes_keeps_it_apart() -> None:
    """The others are one, and its own row says what it invokes."""
    trigger = {"triggering_resource_address": "t.same[3]", "action_trigger_event": "AfterUpdate"}
    invoked = {"address": "action.t.x", "lifecycle_action_trigger": trigger}

    for count in (9, LARGE + 9):
        found = groups(summary_of(same(count), action_invocations=[invoked]), limit=100_000)

        assert sorted(group.row.count for group in found) == [1, count - 1]
        (alone,) = (group for group in found if group.row.count == 1)
        assert alone.row.address == "t.same[3]"
        assert "invokes action.t.x after it is updated" in write_lines(alone.row.lines)


def test_invoked_actions_stand_in_their_order() -> None:
    """By block, then by their place in it, as Terraform invokes them."""
    places = [(1, 0, "c"), (0, 1, "b"), (0, 0, "a")]
    invocations = [
        {
            "address": f"action.t.{name}",
            "lifecycle_action_trigger": {
                "triggering_resource_address": "t.n",
                "action_trigger_block_index": block,
                "actions_list_index": number,
            },
        }
        for block, number, name in places
    ]

    found = find_invocations(summary_of(distinct(1), action_invocations=[*invocations, {"address": "action.t.other"}]))

    assert [each.address for each in found["t.n"]] == ["action.t.a", "action.t.b", "action.t.c"]
    assert list(found) == ["t.n"]
