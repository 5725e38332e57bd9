"""What is said beside the lines of a diff: a short remark is a line, a longer one a sentence with all its names."""

import json
from typing import Any

import pytest

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.lines.attributes import Told, tell_attributes, tell_object
from tfc_plan_comment.report.lines.cell import Cell
from tfc_plan_comment.report.lines.line import UNCUT, WHOLE, Cut, Limits

REPLACE = ["delete", "create"]


def told(before: Any, after: Any, actions: list[str], limits: Limits | None = None, **more: Any) -> Told:
    resource_type = more.pop("type", "t")
    change = {"actions": actions, "before": before, "after": after, **more}
    resource = {"address": "t.n", "type": resource_type, "change": change}
    plan = parse_plan(json.dumps({"format_version": "1.2", "resource_changes": [resource]}).encode(), name="plan")
    return tell_object(summarize(plan).changes[0].diff, limits or Limits())


def plain(cell: Cell) -> str:
    return "".join(piece.text for piece in cell.pieces)


def said(*arguments: Any, **more: Any) -> tuple[list[str], list[str]]:
    """The lines, and the sentences below them."""
    found = told(*arguments, **more)
    return [str(line) for line in found.lines], [plain(remark) for remark in found.remarks]


UNKNOWN = {"after_unknown": {f"attribute_{number:02}": True for number in range(4)}}


def test_a_short_remark_is_a_line_and_a_long_one_a_sentence() -> None:
    """No line of code becomes longer than a phone shows for it, and no name is left out."""
    assert said({"a": 1}, {"a": 2}, ["update"], after_unknown={"arn": True}) == (
        ["! a = 1 -> 2", "  # known after apply: arn"],
        [],
    )
    assert said({"a": 1}, {"a": 2}, ["update"], **UNKNOWN) == (
        ["! a = 1 -> 2"],
        ["Known after apply: attribute_00, attribute_01, attribute_02, attribute_03."],
    )
    empty = {f"empty_{number}": "" for number in range(5)}
    assert said({"a": 1, **empty}, {"a": 2}, ["update"])[1] == ["Empty: empty_0, empty_1, empty_2, empty_3, empty_4."]


def test_a_very_long_remark_is_cut_and_counted() -> None:
    """The last line says how many names there are more; without a limit there is none."""
    found = told({"a": 1}, {"a": 2}, ["update"], limits=Limits(remark=30), **UNKNOWN)

    assert [plain(remark) for remark in found.remarks] == ["Known after apply: attribute_00, attribute_01 and 2 more."]
    assert found.remarks[0].cut == Cut(names=2)
    (whole,) = told({"a": 1}, {"a": 2}, ["update"], limits=UNCUT, **UNKNOWN).remarks
    assert whole.cut == WHOLE


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        (False, "false"),
        (0, "0"),
        ([{"on": False, "days": 0, "name": ""}], '[{ on = false, days = 0, name = "" }]'),
    ],
)
def test_what_was_off_of_an_object_that_is_made_anew_is_back_to_unset(before: Any, shown: str) -> None:
    """With the value that it had, and never as if something was taken away."""
    unset = {"a": 1, "a_long_name_of_a_flag_for_a_line": before}

    lines, remarks = said(unset, {"a": 2}, REPLACE)
    assert (lines, remarks) == (["! a = 1 -> 2"], [f"Back to unset: a_long_name_of_a_flag_for_a_line ({shown})."])
    lines, remarks = said(unset, {"a": 2}, REPLACE, after_unknown={"a_long_name_of_a_flag_for_a_line": True})
    assert (lines, remarks) == (["! a = 1 -> 2"], ["Known after apply: a_long_name_of_a_flag_for_a_line."])


def test_what_was_on_or_forces_or_stays_is_a_line() -> None:
    """A flag that was on is gone with the object; of one that stays nobody knows what an unset flag means."""
    assert said({"a": True}, {}, REPLACE)[0] == ["- a = true"]
    assert said({"a": False}, {}, ["update"])[0] == ["- a = false"]
    assert said({"a": False}, {}, REPLACE, replace_paths=[["a"]])[0] == ["- a = false"]
    assert said({"a": "x"}, {}, REPLACE)[0] == ['- a = "x"']
    marked = {"before_sensitive": {"a": True}}
    assert said({"a": False}, {}, REPLACE, **marked)[0] == ["- a = (sensitive value)"]


@pytest.mark.parametrize("actions", [REPLACE, ["update"]])
def test_the_providers_default_is_no_loss(actions: list[str]) -> None:
    """Where it is known what an attribute is that nobody sets, it is that before and after."""
    kind = {"type": "aws_dynamodb_table"}

    assert said({"table_class": "STANDARD"}, {}, actions, **kind)[0] == [
        '  # back to unset: table_class ("STANDARD")'
    ] or (said({"table_class": "STANDARD"}, {}, actions, **kind)[1] == ['Back to unset: table_class ("STANDARD").'])
    assert said({"table_class": "STANDARD_INFREQUENT_ACCESS"}, {}, actions, **kind)[0] == [
        '- table_class = "STANDARD_INFREQUENT_ACCESS"'
    ]


def test_where_there_are_only_lines_a_remark_is_one() -> None:
    """As in the sections below the changes: as many names as fit, and the number of the others."""
    change = {"actions": ["update"], "before": {"a": 1}, "after": {"a": 2}, **UNKNOWN}
    document = {"format_version": "1.2", "resource_changes": [{"address": "t.n", "type": "t", "change": change}]}
    diff = summarize(parse_plan(json.dumps(document).encode(), name="plan")).changes[0].diff

    assert [str(line) for line in tell_attributes(diff, Limits(names=50))] == [
        "! a = 1 -> 2",
        "  # known after apply: attribute_00 and 3 more",
    ]
