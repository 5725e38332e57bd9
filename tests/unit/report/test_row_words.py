"""The words behind the subject of a row: names, reasons and facts, in one order for each action."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.attention import Notice
from tfc_plan_comment.report.lines.cell import EMPTY, say, say_name, say_text
from tfc_plan_comment.report.model import BLANK, Phrase, Row
from tfc_plan_comment.report.row_words import MOST_NAMED, name_some, say_notices, say_row
from tfc_plan_comment.report.write.pieces import write_cell

FACT = Notice(rule="r", sentence="opens port {port} to everybody", short="opens {port}", values=(("port", "22"),))
REMARK = replace(FACT, sentence="is not backed up", short="no backups", values=(), is_remark=True)
CHANGES, WHY, NAME = say_name("size") + say(" 1 → 2"), say("because it is tainted"), say_text('"shop"')
MOVED, ORDER = Phrase("moved", "t.old", is_named=True), Phrase("created first, then destroyed")


def said(row: Row, *, with_details: bool = True) -> str:
    return str(write_cell(say_row(row, is_open=with_details)))


def row(action: Action, **more: Any) -> Row:
    return replace(BLANK, action=action, **more)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (row(Action.UPDATE, cell=CHANGES), ": <code>size</code> 1 → 2"),
        (row(Action.UPDATE, cell=CHANGES, about=(MOVED,)), ": <code>size</code> 1 → 2; moved from <code>t.old</code>"),
        (row(Action.UPDATE, about=(MOVED,)), ": moved from <code>t.old</code>"),
        (row(Action.UPDATE), ""),
        (row(Action.UPDATE, cell=CHANGES, notices=(REMARK,)), ": <code>size</code> 1 → 2; no backups"),
        (row(Action.UPDATE, cell=CHANGES, notices=(FACT, REMARK)), ": opens 22, no backups"),
        (row(Action.UNKNOWN, cell=CHANGES, why=WHY), ": <code>size</code> 1 → 2; because it is tainted"),
        (row(Action.REPLACE, why=WHY, about=(ORDER,)), ", because it is tainted; created first, then destroyed"),
        (row(Action.REPLACE, cell=CHANGES, notices=(FACT,)), ", <code>size</code> 1 → 2; opens 22"),
        (row(Action.DELETE, names=(NAME,), why=WHY), ': "shop", because it is tainted'),
        (row(Action.DELETE), ""),
        (row(Action.CREATE, names=(NAME,), notices=(FACT,)), ': "shop", opens 22'),
        (row(Action.FORGET, why=WHY), ": because it is tainted"),
        (row(Action.IMPORT, about=(Phrase("", '"i-1"'),)), ': from "i-1", nothing changes'),
        (row(Action.MOVE, about=(replace(MOVED, words=""),)), ": from <code>t.old</code>, only its address changes"),
        (row(Action.MOVE, alike=("t.b",)), ": only their addresses change"),
        (row(Action.READ, why=WHY), " because it is tainted"),
    ],
)
def test_each_action_says_what_there_is_to_say(shown: Row, words: str) -> None:
    """With the punctuation in front of it; nothing where there is nothing."""
    assert said(shown) == words


def test_without_details_below_the_attributes_are_said_in_any_case() -> None:
    """What deserves a look says its facts alone only where the diff stands below."""
    shown = row(Action.UPDATE, cell=CHANGES, notices=(FACT,))

    assert said(shown, with_details=False) == ": opens 22; <code>size</code> 1 → 2"
    assert said(shown, with_details=True) == ": opens 22"


@pytest.mark.parametrize(
    ("count", "named", "words"),
    [
        (1, 1, '"n0"'),
        (2, 2, '"n0", "n1"'),
        (MOST_NAMED + 1, MOST_NAMED + 1, '"n0", "n1", "n2"'),
        (MOST_NAMED + 2, MOST_NAMED + 2, '"n0", "n1" and 2 more'),
        (1_000, 1_000, '"n0", "n1" and 998 more'),
        (3, 1, '"n0" and 2 more'),
        (3, 0, ""),
    ],
)
def test_the_first_are_named_and_the_rest_is_counted(count: int, named: int, words: str) -> None:
    """One more takes no more room than its count; those without a name are counted as well."""
    names = tuple(say_text(f'"n{number}"') for number in range(named))
    shown = row(Action.CREATE, names=names, alike=tuple(f"t.n{number}" for number in range(1, count)))

    assert str(write_cell(name_some(shown))) == words


def test_a_name_that_all_have_stands_once() -> None:
    """Only where each of them has it."""
    alike = ("t.n1", "t.n2")
    shop, other = say_text('"shop"'), say_text('"other"')

    assert str(write_cell(name_some(row(Action.CREATE, names=(shop,) * 3, alike=alike)))) == 'each "shop"'
    assert str(write_cell(name_some(row(Action.CREATE, names=(shop,) * 2, alike=alike)))) == '"shop", "shop" and 1 more'
    assert str(write_cell(name_some(row(Action.CREATE, names=(shop, shop, other), alike=alike)))).endswith('"other"')


def test_facts_are_sentences_in_the_warning_and_short_in_a_row() -> None:
    """One after the other."""
    assert str(write_cell(say_notices((FACT, REMARK)))) == "opens port 22 to everybody; is not backed up"
    assert str(write_cell(say_notices((FACT, REMARK), short=True))) == "opens 22, no backups"


cells = st.sampled_from([EMPTY, CHANGES, WHY, NAME])


@given(
    st.sampled_from([Action.UPDATE, Action.UNKNOWN, Action.REPLACE]),
    cells,
    cells,
    st.lists(st.sampled_from([MOVED, ORDER]), max_size=2),
    st.lists(st.sampled_from([FACT, REMARK]), max_size=2),
)
def test_a_row_never_loses_its_attributes_while_there_are_no_details(
    action: Action, cell: Any, why: Any, about: Any, notices: Any
) -> None:
    """Whatever else is said of it: what changes stands in the line or below it."""
    shown = row(action, cell=cell, why=why, about=tuple(about), notices=tuple(notices))

    words = said(shown, with_details=False)

    for part in (cell, why, *(phrase.cell for phrase in about)):
        assert str(write_cell(part)) in words
    assert said(shown, with_details=True) == words or (shown.deserves_a_look and action is not Action.REPLACE)


@given(st.text(), st.text())
def test_no_name_breaks_out_of_a_row(name: str, value: str) -> None:
    """Names of objects, values of facts and origins are texts of others."""
    fact = replace(FACT, values=(("port", value),))
    shown = row(Action.CREATE, names=(say_text(name),), about=(Phrase("moved", value, is_named=True),), notices=(fact,))

    words = said(shown)

    for tag in ("code", "/code", "wbr", "br"):
        words = words.replace(f"<{tag}>", "")
    assert "<" not in words
    assert "\n" not in words
