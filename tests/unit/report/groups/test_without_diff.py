"""What needs no more than a line each: all moves are one list, and forgotten objects of one type are."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.groups.without_diff import list_without_diff
from tfc_plan_comment.report.hidden import Hidden
from tfc_plan_comment.report.lines.cell import say, say_name, say_text
from tfc_plan_comment.report.lines.line import NARROW, Cut
from tfc_plan_comment.report.model import BLANK, Phrase, Row
from tfc_plan_comment.report.write.pieces import write_lines


def moved(old: str, new: str, **more: Any) -> Row:
    about = (Phrase("moved", old, is_named=True),)
    return replace(BLANK, action=Action.MOVE, address=new, subject=say_name(new), about=about, **more)


def forgotten(address: str, *names: str, **more: Any) -> Row:
    named = tuple(map(say_text, names))
    return replace(BLANK, action=Action.FORGET, address=address, subject=say_name(address), names=named, **more)


def listed(rows: Sequence[Row]) -> list[Group]:
    return list(list_without_diff([Group(row, (position,)) for position, row in enumerate(rows)]))


def test_all_moves_are_one_list() -> None:
    """Whatever their types: on one line where both addresses fit, else on two."""
    long = "module.long." + "n" * NARROW

    (group,) = listed([moved("t.a", "t.b"), moved("u.old", long), moved("t.n[0]", 't.n["x"]')])

    assert group.positions == (0, 1, 2)
    assert group.row.subject == say("3 resources")
    assert group.row.about == ()
    assert group.row.alike == (long, 't.n["x"]')
    assert write_lines(group.row.lines) == f'  t.a -> t.b\n  u.old\n    -> {long}\n  t.n[0] -> t.n["x"]'
    assert sum(line.addresses for line in group.row.lines) == 3


def test_forgotten_objects_of_one_type_are_a_list_with_their_names() -> None:
    """Those that people know by a name are called by it."""
    rows = [forgotten('t.n["a"]', '"shop"'), forgotten('t.n["b"]'), forgotten("u.n"), forgotten("u.m")]

    first, second = listed(rows)

    assert (first.positions, second.positions) == ((0, 1), (2, 3))
    assert first.row.subject == say("2 × ") + say_name("t.n")
    assert write_lines(first.row.lines) == '  t.n["a"]  "shop"\n  t.n["b"]'
    assert first.row.names == (say_text('"shop"'),)
    assert second.row.subject == say("2 × ") + say_name("u")


def test_the_names_of_forgotten_objects_stand_one_below_the_other() -> None:
    """But for long addresses, which would push them out of sight."""
    (short,) = listed([forgotten("t.a", '"x"'), forgotten("t.long", '"y"')])
    (wide,) = listed([forgotten("t.a", '"x"'), forgotten(f"t.{'n' * 60}", '"y"')])

    assert write_lines(short.row.lines) == '  t.a     "x"\n  t.long  "y"'
    assert write_lines(wide.row.lines) == f'  t.a  "x"\n  t.{"n" * 60}  "y"'


@pytest.mark.parametrize(
    "rows",
    [
        [forgotten("t.a"), forgotten("u.b")],
        [forgotten("t.a", why=say("no longer in the configuration")), forgotten("t.b")],
        [forgotten("t.a", about=(Phrase("imported"),)), forgotten("t.b")],
        [moved("t.a", "t.b")],
        [replace(BLANK, address="t.a"), replace(BLANK, address="t.b")],
        [moved("t.a", "t.b"), forgotten("t.c")],
    ],
)
def test_what_differs_or_is_alone_or_has_a_diff_is_in_none(rows: list[Row]) -> None:
    """Another type, reason or origin keeps forgotten objects apart."""
    assert listed(rows) == []


def test_of_reasons_of_one_wording_that_of_all_is_said() -> None:
    """What is not the same in all is left out."""
    whys = [say("its key ") + say_name(f'"{key}"') + say(" is gone from ") + say_name("for_each") for key in "ab"]

    (group,) = listed([forgotten(f"t.{n}", why=why) for n, why in enumerate(whys)])

    assert group.row.why == say("its key is gone from ") + say_name("for_each")


def test_what_is_cut_or_hidden_in_one_is_so_in_the_list() -> None:
    """The last line counts it."""
    rows = [
        moved("t.a", "t.b", cut=Cut(characters=1), hidden=Hidden(2)),
        moved("t.c", "t.d", cut=Cut(characters=2), hidden=Hidden(3)),
    ]

    (group,) = listed(rows)

    assert group.row.cut == Cut(characters=3)
    assert group.row.hidden == Hidden(5)


def test_what_nobody_sees_is_shown_in_the_list() -> None:
    """A line feed in a key would begin a line of its own."""
    for rows in ([moved("t.a\n- x", "t.b\u202e")] * 2, [forgotten("t.a\n- x", "b\u202e\n+ y")] * 2):
        (group,) = listed(rows)
        shown = write_lines(group.row.lines)
        assert len(shown.split("\n")) == 2
        assert "\u202e" not in shown
