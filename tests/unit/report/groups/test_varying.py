"""Changes of the same attributes are read together, and each value that differs is read beside the others."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.report.groups.alike import FEWEST_WITH_DATA, OPEN_LINES, VALUES_VARY, put_together
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.groups.varying import LONGEST_NAME, MOST_PATHS
from tfc_plan_comment.report.lines.cell import say, say_name
from tfc_plan_comment.report.lines.line import Line
from tfc_plan_comment.report.model import Phrase, Row, join_phrases
from tfc_plan_comment.report.write.pieces import write_lines

ONE = Row(
    action=Action.UPDATE,
    symbol="🟡",
    label="change",
    address="t.n",
    subject=say_name("t.n"),
    heading="t.n will be updated in-place",
    reason=None,
    about=(),
    cell=say_name("size"),
    lines=(),
    holds_data=False,
    is_open=True,
)

_LINE = re.compile(r"""(.) ( *)(?:((?:[^\s"#│=]|"[^"]*")+) = )?(.*)""")


def read(line: str) -> Line:
    """The line that is read like this."""
    match = _LINE.fullmatch(line)
    assert match
    return Line(match[4], match[1], len(match[2]), match[3] or "")


def together(rows: Sequence[Row], uncut: Callable[[int], Sequence[Line]] = lambda _: ()) -> list[Group]:
    """The groups of these rows, one for each change."""
    return list(put_together([Group(row, (position,)) for position, row in enumerate(rows)], uncut))


def row(address: str, *lines: str, **more: Any) -> Row:
    return replace(ONE, address=address, lines=tuple(map(read, lines)), **more)


def only(rows: Sequence[Row]) -> Row:
    """The one row that stands for all of these."""
    (group,) = together(rows)
    assert group.positions == tuple(range(len(rows)))
    return group.row


def lines(shown: Row) -> list[str]:
    return list(map(str, shown.lines))


def test_what_varies_stands_at_its_place() -> None:
    """What is the same is said once; a value that is not, once for each instance, by its key."""
    sizes = {"eu": "20 -> 40", "us-east": "80 -> 160", "ap": "20 -> 40"}
    rows = [
        row(f't.n["{key}"]', '! version = "16.3" -> "16.4"', f"! size = {size}", "  # known after apply: arn")
        for key, size in sizes.items()
    ]

    shown = only(rows)

    assert lines(shown) == [
        '! version = "16.3" -> "16.4"',
        "  # size of each:",
        '!   ["eu"]      = 20 -> 40',
        '!   ["us-east"] = 80 -> 160',
        '!   ["ap"]      = 20 -> 40',
        "  # known after apply: arn",
    ]
    assert shown.address == 't.n["eu"]'
    assert shown.alike == ('t.n["us-east"]', 't.n["ap"]')
    assert shown.same_for == ()
    assert shown.is_open


def test_a_line_inside_an_attribute_keeps_its_place_and_indentation() -> None:
    """What varies in a document or block is found below its name."""
    rows = [
        row(f"t.n[{n}]", "  policy (JSON)", f'!   Version = "{n}" -> "x"', '+   "a b" = 1', f'+     "c d".e = {n}')
        for n in range(3)
    ]

    assert lines(only(rows)) == [
        "  policy (JSON)",
        "    # Version of each:",
        '!     [0] = "0" -> "x"',
        '!     [1] = "1" -> "x"',
        '!     [2] = "2" -> "x"',
        '+   "a b" = 1',
        '      # "c d".e of each:',
        "+       [0] = 0",
        "+       [1] = 1",
        "+       [2] = 2",
    ]


def test_a_long_value_is_read_before_and_after_for_each() -> None:
    """The two lines of a value that changes stay together."""
    rows = [row(f"t.n[{n}]", f'- url = "old {n}"', '+ url = "new"') for n in range(3)]

    assert lines(only(rows)) == [
        "  # url of each:",
        '-   [0] = "old 0"',
        '+   [0] = "new"',
        '-   [1] = "old 1"',
        '+   [1] = "new"',
        '-   [2] = "old 2"',
        '+   [2] = "new"',
    ]


def test_keys_are_not_taken_for_what_varies() -> None:
    """A value that is the same but for the instance's key is the same."""
    rows = [
        row(f't.n["key-{n}"]', f'+ name = "app-key-{n}"', f'+ zone = "{n * 7}"', action=Action.CREATE) for n in range(3)
    ]

    assert lines(only(rows)) == [
        '+ name = "app-{key}"',
        "  # zone of each:",
        '+   ["key-0"] = "0"',
        '+   ["key-1"] = "7"',
        '+   ["key-2"] = "14"',
        "  # {key} stands for each one's own key",
    ]


def test_a_value_cannot_pass_for_the_key_of_an_instance() -> None:
    """Where one of them reads `{key}` itself, all values are written as they are."""
    rows = [
        row('t.n["key-0"]', '! a = "key-0"'),
        row('t.n["key-1"]', '! a = "{key}"'),
        row('t.n["key-2"]', '! a = "key-2"'),
    ]

    assert lines(only(rows)) == [
        "  # a of each:",
        '!   ["key-0"] = "key-0"',
        '!   ["key-1"] = "{key}"',
        '!   ["key-2"] = "key-2"',
    ]


def test_updates_of_different_resources_of_a_type_are_named_by_their_addresses() -> None:
    """The same attributes on many resources of a type are one diff."""
    rows = [row(f"module.m.t.n{n}", f"! size = {n} -> 9") for n in range(3)]

    assert lines(only(rows)) == [
        "  # size of each:",
        "!   module.m.t.n0 = 0 -> 9",
        "!   module.m.t.n1 = 1 -> 9",
        "!   module.m.t.n2 = 2 -> 9",
    ]


def test_long_names_are_not_aligned() -> None:
    """A name that is longer than others by far would push every value to the right."""
    rows = [row(f't.n["{"k" * n * LONGEST_NAME}"]', f"! size = {n} -> 9") for n in range(3)]

    assert lines(only(rows))[:2] == ["  # size of each:", '!   [""] = 0 -> 9']


@pytest.mark.parametrize(
    ("action", "addresses"),
    [
        (Action.CREATE, [f"t.n{n}" for n in range(3)]),
        (Action.UPDATE, [f"t{n}.n" for n in range(3)]),
        (Action.DELETE, [f"t.n[{n}]" for n in range(FEWEST_WITH_DATA - 1)]),
        (Action.DELETE, [f"t.n{n}" for n in range(FEWEST_WITH_DATA)]),
    ],
)
def test_what_is_not_of_one_kind_stays_apart(action: Action, addresses: list[str]) -> None:
    """What comes or goes is one only if it is instances of one resource; few that go with their data never are."""
    is_lost = action is Action.DELETE
    rows = [row(address, f"- a = {n}", action=action, holds_data=is_lost) for n, address in enumerate(addresses)]

    assert len(together(rows)) == len(rows)


@pytest.mark.parametrize("other", ["- a = 2", "! b = 2", "! a = 2\n! b = 2", "  # empty: a", "! │ a = 2"])
def test_other_attributes_keep_changes_apart(other: str) -> None:
    """All of them change the same, in the same way."""
    rows = [row("t.n[0]", "! a = 0"), row("t.n[1]", "! a = 1"), row("t.n[2]", *other.split("\n"))]

    assert len(together(rows)) == 3


def test_lines_of_a_text_are_no_attributes() -> None:
    """`name = value` behind the gutter of a text is a line of that text."""
    rows = [row(f"t.n[{n}]", "  user_data (text)", f"+ │ a = {n}") for n in range(3)]

    assert len(together(rows)) == 3


def test_where_much_varies_each_change_is_read_by_itself() -> None:
    """More attributes than a few cannot be read across the instances."""
    rows = [row(f"t.n[{n}]", *(f"! a{number} = {n}" for number in range(MOST_PATHS + 1))) for n in range(3)]
    fewer = [row(f"t.n[{n}]", *(f"! a{number} = {n}" for number in range(MOST_PATHS))) for n in range(3)]

    assert len(together(rows)) == 3
    assert len(together(fewer)) == 1


def test_changes_that_move_say_where_each_comes_from() -> None:
    """Forty instances that move from a count to keys are one row, and each of the old addresses is read."""
    rows = [
        row(f't.n["{key}"]', "! a = 1 -> 2", about=(Phrase("moved", f"t.n[{n}]", is_named=True),))
        for n, key in enumerate("abc")
    ]

    shown = only(rows)

    assert lines(shown) == [
        "  # moved from",
        '  #   ["a"]: t.n[0]',
        '  #   ["b"]: t.n[1]',
        '  #   ["c"]: t.n[2]',
        "! a = 1 -> 2",
    ]
    assert join_phrases(shown.about) == "moved, each from a place of its own"


def test_the_cell_says_that_the_values_differ() -> None:
    """The values of the first are not those of all."""
    rows = [row(f"t.n[{n}]", f"! size = {n} -> 9", cell=say_name("size") + say(f" {n} → 9")) for n in range(3)]

    assert only(rows).cell == say_name("size") + say(VALUES_VARY)
    assert only([replace(each, cell=say_name("size")) for each in rows]).cell == say_name("size")


def test_what_was_cut_varies_too() -> None:
    """Two values that differ behind the place where they are cut are not said to be the same."""
    rows = [row(f"t.n[{n}]", '! a = "x"… (9 characters)', "! b = 1") for n in range(3)]

    (group,) = together(rows, lambda n: (read(f'! a = "x{n}"'), read("! b = 1")))

    assert lines(group.row) == [
        "  # a of each:",
        '!   [0] = "x"… (9 characters)',
        '!   [1] = "x"… (9 characters)',
        '!   [2] = "x"… (9 characters)',
        "! b = 1",
    ]


def test_what_is_not_comparable_line_by_line_stays_apart() -> None:
    """Where lines were left out, nothing says which of the others belong to which."""
    rows = [row(f"t.n[{n}]", f"! a = {n}", "  … 2 more lines") for n in range(3)]

    assert len(list(together(rows, lambda n: tuple(map(read, (f"! a = {n}", "  1", "  2")))))) == 3


def test_a_long_diff_is_folded() -> None:
    """Hundreds of values do not stand open."""
    few = [row(f"t.n[{n}]", f"! a = {n}") for n in range(OPEN_LINES - 1)]
    many = [row(f"t.n[{n}]", f"! a = {n}") for n in range(OPEN_LINES)]

    assert only(few).is_open
    assert not only(many).is_open


values = st.sampled_from(["1", '"a = b"', '"{key}"', '"key-1"', '"key-2" -> "x"', "null"])


@given(st.lists(st.tuples(values, values, values), min_size=3, max_size=6))
def test_no_value_is_lost(table: list[tuple[str, str, str]]) -> None:
    """From what is shown the lines of every change can be told."""
    names = [f"key-{n}" for n in range(len(table))]
    rows = [
        row(f't.n["{name}"]', f"! a = {cells[0]}", f'! "b c" = {cells[1]}', f"! d = {cells[2]}")
        for name, cells in zip(names, table, strict=True)
    ]

    told = {position: told_of for group in together(rows) for position, told_of in _told(group)}

    assert told == {position: write_lines(each.lines) for position, each in enumerate(rows)}


def _told(group: Group) -> list[tuple[int, str]]:
    """What a reader takes from a group of changes for each one of them."""
    if len(group.positions) == 1:
        return [(group.positions[0], write_lines(group.row.lines))]
    found: dict[int, list[str]] = {position: [] for position in group.positions}
    is_keyed = any("{key} stands for" in line for line in lines(group.row))
    path = ""
    for line in lines(group.row):
        if line.startswith("  # ") and line.endswith(" of each:"):
            path = line[4:].removesuffix(" of each:")
        elif line.startswith("  #"):
            continue
        elif line.startswith("!   ["):
            key, _, value = line.removeprefix('!   ["').partition('"] = ')
            found[int(key.removeprefix("key-"))].append(f"! {path} = {value}")
        else:
            for position in group.positions:
                own = line.replace("{key}", f"key-{position}") if is_keyed else line
                found[position].append(own)
    return [(position, "\n".join(told)) for position, told in found.items()]
