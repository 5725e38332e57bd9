"""The losses: what holds data first, groups in one line, and nothing with data is counted while it can be named."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.plan.actions import Loss
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.cautions import MOST_COMPARED, MOST_OTHERS, MOST_TYPES, MOST_WITH_DATA, list_cautions
from tfc_plan_comment.report.groups.instance_keys import drop_keys
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Caution
from tfc_plan_comment.report.write.pieces import write_cell

REAL = sorted((Path(__file__).parents[2] / "golden").glob("*/plan.json"))
TABLE, TASK = "aws_dynamodb_table", "aws_ecs_task_definition"


def summary_of(changes: Iterable[dict[str, Any]], **more: Any) -> PlanSummary:
    document = {"format_version": "1.2", "resource_changes": list(changes), "planned_values": {}, **more}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan"))


def gone(address: str, before: Any = None, **more: Any) -> dict[str, Any]:
    inner = {"actions": ["delete"], "before": before or {"a": 1}, "after": None, **more.pop("change", {})}
    base = drop_keys(address).split(".")
    return {"address": address, "type": base[-2], "name": base[-1], "mode": "managed", **more, "change": inner}


def replaced(address: str, before: Any, after: Any, *paths: str, **more: Any) -> dict[str, Any]:
    change = {"actions": ["delete", "create"], "before": before, "after": after, **more.pop("change", {})}
    return gone(address, change={**change, "replace_paths": [[path] for path in paths]}, **more)


def cautions(*changes: dict[str, Any], **more: Any) -> list[tuple[str, list[str]]]:
    return [read(caution) for caution in list_cautions(summary_of(changes, **more), Limits())]


def read(caution: Caution) -> tuple[str, list[str]]:
    return caution.heading, [str(write_cell(loss)) for loss in caution.losses]


def test_data_comes_first_then_other_loss_then_what_is_made_anew_by_design() -> None:
    """Each kind has its heading; objects of one resource are one line."""
    assert cautions(
        replaced(f"{TASK}.web", {"a": 1}, {"a": 2}, "a"),
        gone("t.n", {"name": "shop"}, action_reason="delete_because_no_resource_config"),
        replaced("t.m", {"a": 1}, {"a": 2}, "a"),
        gone(f'{TABLE}.a["x"]'),
        gone(f'{TABLE}.a["y"]'),
        replaced(f"{TABLE}.b", {"k": 1}, {"k": 2}, "k"),
    ) == [
        (
            "3 resources that hold data are destroyed",
            [
                f"<code>{TABLE}.b</code>: replaced, destroyed first, because <code>k</code> 1 → 2",
                f"2 × <code>{TABLE}.a</code>",
            ],
        ),
        (
            "Also destroyed or replaced",
            [
                "<code>t.m</code>: replaced, destroyed first, because <code>a</code> 1 → 2",
                '<code>t.n</code> "shop": no longer in the configuration',
            ],
        ),
        ("Replaced by design", [f"<code>{TASK}.web</code>"]),
    ]


@pytest.mark.parametrize(
    ("changes", "headings"),
    [
        ([gone("t.n")], ["Destroyed"]),
        ([replaced("t.n", {"a": 1}, {"a": 2})], ["Replaced"]),
        ([gone("t.n"), replaced("t.m", {"a": 1}, {"a": 2})], ["Destroyed or replaced"]),
        ([gone(f"{TABLE}.n")], ["1 resource that holds data is destroyed"]),
        ([gone(f"{TABLE}.n"), gone("t.n")], ["1 resource that holds data is destroyed", "Also destroyed"]),
        ([replaced(f"{TASK}.n", {"a": 1}, {"a": 2})], []),
        ([gone(f"{TASK}.n")], ["Destroyed"]),
    ],
)
def test_each_kind_of_loss_has_its_heading(changes: list[dict[str, Any]], headings: list[str]) -> None:
    """What is only replaced by design is no loss, and is named behind others only; what is destroyed is one."""
    assert [heading for heading, _ in cautions(*changes)] == headings


def test_a_plan_without_loss_has_no_caution() -> None:
    """Neither an update nor a forgotten object is one."""
    forgotten = gone("t.n", change={"actions": ["forget"]})

    assert cautions(forgotten) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (replaced("t.n", {"a": 1}, {"a": 2}, "a", change={"actions": ["create", "delete"]}), "created first, because"),
        (
            replaced("t.n", {"a": 1}, {"a": 2}, change={"actions": ["create", "forget"]}),
            "the existing one is left alone",
        ),
        (
            replaced("t.n", {"a": 1}, {"a": 2}, action_reason="replace_because_tainted"),
            "destroyed first, because it is tainted",
        ),
        (
            replaced("t.n", {"a": 1}, {"a": 2}, change={"importing": {"id": "x"}}),
            "destroyed first; this plan imports it only to destroy it",
        ),
        (gone("t.n", deposed="1a2b3c4d"), "left over from a replacement that failed"),
        (
            gone("t.n", previous_address="t.old", action_reason="delete_because_no_move_target"),
            "; was <code>t.old</code>",
        ),
    ],
)
def test_each_line_says_order_and_reason(change: dict[str, Any], words: str) -> None:
    """In the words of its row; that an import is destroyed with the same plan is said as Terraform does."""
    ((_, (line,)),) = cautions(change)

    assert words in line


def test_replaced_is_said_where_the_heading_leaves_it_open() -> None:
    """Under a heading about both, "destroyed first" alone would read as the end of it."""
    ((_, (mixed, _)),) = cautions(replaced("t.m", {"a": 1}, {"a": 2}, "a"), gone("t.n"))
    alone = cautions(replaced("t.m", {"a": 1}, {"a": 2}, "a"))

    assert mixed == "<code>t.m</code>: replaced, destroyed first, because <code>a</code> 1 → 2"
    assert alone == [("Replaced", ["<code>t.m</code>: destroyed first, because <code>a</code> 1 → 2"])]


def test_a_few_in_one_line_keep_their_names() -> None:
    """What is lost is known by its name, up to three of them; of more, the number says more."""
    buckets = [gone(f'aws_s3_bucket.b["{n}"]', {"bucket": f"acme-{n}-data"}) for n in ("one", "two", "three", "four")]

    ((_, few),) = cautions(*buckets[:2])
    ((_, many),) = cautions(*buckets)

    assert few == ['2 × <code>aws_s3_bucket.b</code> "acme-one-data", "acme-two-data"']
    assert many == ["4 × <code>aws_s3_bucket.b</code>"]


def test_a_line_for_several_says_only_what_is_true_of_all() -> None:
    """Values where they are the same, else the names of the attributes alone; another reason has its own line."""
    same = [replaced(f"t.n[{number}]", {"a": 1}, {"a": 2}, "a") for number in range(3)]
    others = [replaced(f"t.m[{number}]", {"a": number}, {"a": 99}, "a") for number in range(3)]
    tainted = replaced("t.n[3]", {"a": 1}, {"a": 2}, "a", action_reason="replace_because_tainted")

    ((_, lines),) = cautions(*same, *others, tainted)

    assert lines == [
        "3 × <code>t.n</code>: destroyed first, because <code>a</code> 1 → 2",
        "3 × <code>t.m</code>: destroyed first, because of <code>a</code>",
        lines[2],
    ]
    assert "tainted" in lines[2]


def test_of_very_many_in_one_line_no_values_are_compared() -> None:
    """Their attributes are named after the first of them."""
    summary = summary_of(replaced(f"t.n[{n}]", {"a": 1}, {"a": 2}, "a") for n in range(MOST_COMPARED + 1))

    ((_, (line,)),) = [read(caution) for caution in list_cautions(summary, Limits())]

    assert line == f"{MOST_COMPARED + 1} × <code>t.n</code>: destroyed first, because of <code>a</code>"
    assert sum("diff" in vars(change) for change in summary.changes) == 1


def test_more_than_have_a_line_are_counted_by_type() -> None:
    """Without data six groups have a line, with data twenty; one more takes no more room than its count."""
    for type_, most in (("t", MOST_OTHERS), (TABLE, MOST_WITH_DATA)):
        # Of one type each, lest they share a line by it.
        exactly = [gone(f"{type_}.n{number}", action_reason=f"r{number}") for number in range(most + 1)]
        ((_, lines),) = cautions(*exactly)
        assert len(lines) == most + 1

        ((_, lines),) = cautions(*exactly, gone(f"{type_}.more", action_reason="other"))
        assert len(lines) == most + 1
        assert lines[-1] == f"and 2 × <code>{type_}</code>"


def test_many_of_one_type_share_a_line_before_any_is_counted() -> None:
    """Where the resources are more than there are lines, those of one type are one line."""
    ((_, lines),) = cautions(*(gone(f"t.n{number}") for number in range(MOST_OTHERS + 2)), gone("other.n"))

    assert lines == [f"{MOST_OTHERS + 2} × <code>t</code>", "<code>other.n</code>"]


def test_where_everything_goes_only_data_is_named() -> None:
    """The rest is counted by type, and types by what is left."""
    changes = [gone(f"{TABLE}.n"), *(gone(f"t{number}.n") for number in range(MOST_TYPES + 2)), gone("t0.m")]
    state = [{"address": each["address"], "mode": "managed"} for each in changes]

    (_, data), (_, others) = cautions(*changes, prior_state={"values": {"root_module": {"resources": state}}})

    assert data == [f"<code>{TABLE}.n</code>"]
    assert len(others) == 1
    assert others[0].startswith("2 × <code>t0</code>, <code>t1</code>")
    assert others[0].endswith(" and 2 more")


def assert_every_loss_of_data_stands(summary: PlanSummary) -> None:
    """Each object with data that is destroyed stands in the caution, by its address or its group's."""
    lost = [change.resource for change in summary.changes if change.holds_data]
    groups = {(drop_keys(each.address), each.change.actions, each.action_reason) for each in lost}
    if not lost:
        return
    found = list_cautions(summary, Limits())
    heading, lines = read(found[0])
    assert heading.startswith(f"{len(lost):,} resource")
    if len(groups) >= MOST_WITH_DATA:
        return
    assert not any(line.startswith("and ") for line in lines)
    named = [piece.text for loss in found[0].losses for piece in loss.pieces]
    for each in lost:
        assert any(drop_keys(text) == drop_keys(each.address) for text in named if text), each.address


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.parent.name)
def test_in_every_real_plan_what_holds_data_is_named(path: Path) -> None:
    """No loss of data is ever under "and N more" while there are fewer than twenty groups."""
    assert_every_loss_of_data_stands(summarize(read_plan(path)))


losses = st.lists(
    st.tuples(
        st.sampled_from([TABLE, "aws_s3_bucket", "aws_sqs_queue", "t", TASK]),
        st.sampled_from("abcdefg"),
        st.sampled_from(["", "[0]", "[1]", '["x y"]', '["<b>"]']),
        st.booleans(),
    ),
    max_size=60,
    unique_by=lambda each: each[:3],
)


@given(losses)
def test_whatever_is_lost_what_holds_data_is_named(found: list[tuple[str, str, str, bool]]) -> None:
    """However many others there are, and whatever is replaced by design."""
    changes = [
        replaced(f"{type_}.{name}{key}", {"a": 1}, {"a": 2}, "a") if is_replaced else gone(f"{type_}.{name}{key}")
        for type_, name, key, is_replaced in found
    ]

    summary = summary_of(changes)

    assert_every_loss_of_data_stands(summary)
    told = list_cautions(summary, Limits())
    is_lost = any(
        change.action.facts.loss is Loss.DESTROYED and (change.holds_data or not change.is_routine)
        for change in summary.changes
    )
    assert bool(told) is is_lost


def test_no_name_breaks_out_of_a_line() -> None:
    """Types, keys, names and reasons are texts of others."""
    hostile = "<img src=x> @octocat"
    changes = [
        gone(f'{TABLE}.n["{hostile}"]', {"name": hostile}, action_reason=hostile),
        *({**gone(f"t.n{number}"), "type": f"{hostile}{number}", "action_reason": f"{number}"} for number in range(9)),
    ]

    for _, lines in cautions(*changes):
        for line in lines:
            assert "<img" not in line
            assert "@octocat" not in line


def test_a_reason_of_several_is_a_whole_sentence() -> None:
    """Where their indices differ, and where resources that are repeated otherwise would share a line by their type."""
    beyond = [gone(f"{TABLE}.a[{index}]", index=index, action_reason="delete_because_count_index") for index in (1, 2)]
    said = [loss for _, losses in cautions(*beyond) for loss in losses]
    assert said == [f"2 × <code>{TABLE}.a</code>: its <code>count</code> no longer reaches it"]

    names = [f"n{number}" for number in range(MOST_WITH_DATA + 5)]
    otherwise = [
        gone(f"{TABLE}.{name}{key}", index=index, action_reason="delete_because_wrong_repetition")
        for name in names
        for key, index in (("[0]", 0), ('["a"]', "a"))
    ]
    now = [
        {"address": f"{TABLE}.{name}", "expressions": {}, ("for_each" if name == "n1" else "count") + "_expression": {}}
        for name in names
    ]
    summary = summary_of(otherwise, configuration={"root_module": {"resources": now}})
    said = [text for caution in list_cautions(summary, Limits()) for text in read(caution)[1]]
    assert said
    assert not [text for text in said if "uses," in text or text.endswith("not")]
