"""Changes of the same attributes are read together, and each value that differs is read beside the others."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.report.alike import FEWEST_GONE, OPEN_LINES, Alike
from tfc_plan_comment.report.alike import together as together_
from tfc_plan_comment.report.markdown import Inert
from tfc_plan_comment.report.varying import LONGEST_NAME, MOST_PATHS
from tfc_plan_comment.report.view import ChangeView

ONE = ChangeView(
    action=Action.UPDATE,
    symbol="🟡",
    label="change",
    address="t.n",
    short_address="t.n",
    alike=(),
    same_for="",
    heading="t.n will be updated in-place",
    reason=None,
    about="",
    what_changes=Inert("<code>size</code>"),
    holds_data=False,
    diff="",
    open=True,
)


def together(views: Sequence[ChangeView], whole: Callable[[int], str] = lambda _: "") -> Iterator[Alike]:
    """The groups of these views, one for each change."""
    return together_([Alike(each, (position,)) for position, each in enumerate(views)], whole)


def view(address: str, *lines: str, **more: Any) -> ChangeView:
    return replace(ONE, address=address, diff="\n".join(lines), **more)


def only(views: Sequence[ChangeView]) -> ChangeView:
    """The one view that stands for all of these."""
    (group,) = together(views)
    assert group.positions == tuple(range(len(views)))
    return group.view


def lines(shown: ChangeView) -> list[str]:
    return (shown.diff or "").split("\n")


def test_what_varies_stands_at_its_place() -> None:
    """What is the same is said once; a value that is not, once for each instance, by its key."""
    sizes = {"eu": "20 -> 40", "us-east": "80 -> 160", "ap": "20 -> 40"}
    views = [
        view(f't.n["{key}"]', '! version = "16.3" -> "16.4"', f"! size = {size}", "  # known after apply: arn")
        for key, size in sizes.items()
    ]

    shown = only(views)

    assert lines(shown) == [
        '! version = "16.3" -> "16.4"',
        "  size",
        '!   ["eu"]      = 20 -> 40',
        '!   ["us-east"] = 80 -> 160',
        '!   ["ap"]      = 20 -> 40',
        "  # known after apply: arn",
    ]
    assert shown.address == 't.n["eu"]'
    assert shown.alike == ('t.n["us-east"]', 't.n["ap"]')
    assert shown.same_for == ""
    assert shown.open


def test_a_line_inside_an_attribute_keeps_its_place_and_indentation() -> None:
    """What varies in a document or block is found below its name."""
    views = [
        view(f"t.n[{n}]", "  policy (JSON)", f'!   Version = "{n}" -> "x"', '+   "a b" = 1', f'+     "c d".e = {n}')
        for n in range(3)
    ]

    assert lines(only(views)) == [
        "  policy (JSON)",
        "    Version",
        '!     [0] = "0" -> "x"',
        '!     [1] = "1" -> "x"',
        '!     [2] = "2" -> "x"',
        '+   "a b" = 1',
        '      "c d".e',
        "+       [0] = 0",
        "+       [1] = 1",
        "+       [2] = 2",
    ]


def test_a_long_value_is_read_before_and_after_for_each() -> None:
    """The two lines of a value that changes stay together."""
    views = [view(f"t.n[{n}]", f'- url = "old {n}"', '+ url = "new"') for n in range(3)]

    assert lines(only(views)) == [
        "  url",
        '-   [0] = "old 0"',
        '+   [0] = "new"',
        '-   [1] = "old 1"',
        '+   [1] = "new"',
        '-   [2] = "old 2"',
        '+   [2] = "new"',
    ]


def test_keys_are_not_taken_for_what_varies() -> None:
    """A value that is the same but for the instance's key is the same."""
    views = [
        view(f't.n["key-{n}"]', f'+ name = "app-key-{n}"', f'+ zone = "{n * 7}"', action=Action.CREATE)
        for n in range(3)
    ]

    assert lines(only(views)) == [
        '+ name = "app-{key}"',
        "  zone",
        '+   ["key-0"] = "0"',
        '+   ["key-1"] = "7"',
        '+   ["key-2"] = "14"',
        "  # {key} is key-0 in the first of them",
    ]


def test_a_value_cannot_pass_for_the_key_of_an_instance() -> None:
    """Where one of them reads `{key}` itself, all values are written as they are."""
    views = [
        view('t.n["key-0"]', '! a = "key-0"'),
        view('t.n["key-1"]', '! a = "{key}"'),
        view('t.n["key-2"]', '! a = "key-2"'),
    ]

    assert lines(only(views)) == [
        "  a",
        '!   ["key-0"] = "key-0"',
        '!   ["key-1"] = "{key}"',
        '!   ["key-2"] = "key-2"',
    ]


def test_updates_of_different_resources_of_a_type_are_named_by_their_addresses() -> None:
    """The same attributes on many resources of a type are one diff."""
    views = [view(f"module.m.t.n{n}", f"! size = {n} -> 9") for n in range(3)]

    assert lines(only(views)) == [
        "  size",
        "!   module.m.t.n0 = 0 -> 9",
        "!   module.m.t.n1 = 1 -> 9",
        "!   module.m.t.n2 = 2 -> 9",
    ]


def test_long_names_are_not_aligned() -> None:
    """A name that is longer than others by far would push every value to the right."""
    views = [view(f't.n["{"k" * n * LONGEST_NAME}"]', f"! size = {n} -> 9") for n in range(3)]

    assert lines(only(views))[:2] == ["  size", '!   [""] = 0 -> 9']


@pytest.mark.parametrize(
    ("action", "addresses"),
    [
        (Action.CREATE, [f"t.n{n}" for n in range(3)]),
        (Action.UPDATE, [f"t{n}.n" for n in range(3)]),
        (Action.DELETE, [f"t.n[{n}]" for n in range(FEWEST_GONE - 1)]),
        (Action.DELETE, [f"t.n{n}" for n in range(FEWEST_GONE)]),
    ],
)
def test_what_is_not_of_one_kind_stays_apart(action: Action, addresses: list[str]) -> None:
    """What comes or goes is one only if it is instances of one resource; few that go never are."""
    views = [view(address, f"- a = {n}", action=action) for n, address in enumerate(addresses)]

    assert len(list(together(views))) == len(views)


@pytest.mark.parametrize("other", ["- a = 2", "! b = 2", "! a = 2\n! b = 2", "  # empty: a", "! │ a = 2"])
def test_other_attributes_keep_changes_apart(other: str) -> None:
    """All of them change the same, in the same way."""
    views = [view("t.n[0]", "! a = 0"), view("t.n[1]", "! a = 1"), view("t.n[2]", *other.split("\n"))]

    assert len(list(together(views))) == 3


def test_lines_of_a_text_are_no_attributes() -> None:
    """`name = value` behind the gutter of a text is a line of that text."""
    views = [view(f"t.n[{n}]", "  user_data (text)", f"+ │ a = {n}") for n in range(3)]

    assert len(list(together(views))) == 3


def test_where_much_varies_each_change_is_read_by_itself() -> None:
    """More attributes than a few cannot be read across the instances."""
    views = [view(f"t.n[{n}]", *(f"! a{number} = {n}" for number in range(MOST_PATHS + 1))) for n in range(3)]
    fewer = [view(f"t.n[{n}]", *(f"! a{number} = {n}" for number in range(MOST_PATHS))) for n in range(3)]

    assert len(list(together(views))) == 3
    assert len(list(together(fewer))) == 1


def test_moves_and_imports_say_where_each_comes_from() -> None:
    """Forty instances that move from a count to keys are one row, and each of the old addresses is read."""
    same = "  # only its address changes"
    views = [
        view(
            f't.n["{key}"]', same, action=Action.MOVE, label="move", about=f"moved from t.n[{n}]", what_changes=Inert()
        )
        for n, key in enumerate("abc")
    ]

    shown = only(views)

    assert lines(shown) == [
        "  # moved from",
        '  #   ["a"]: t.n[0]',
        '  #   ["b"]: t.n[1]',
        '  #   ["c"]: t.n[2]',
        same,
    ]
    assert shown.about == "moved"
    assert shown.what_changes == "moved"


def test_what_was_cut_varies_too() -> None:
    """Two values that differ behind the place where they are cut are not said to be the same."""
    views = [view(f"t.n[{n}]", '! a = "x"… (9 characters)', "! b = 1") for n in range(3)]

    (group,) = together(views, lambda n: f'! a = "x{n}"\n! b = 1')

    assert lines(group.view) == [
        "  a",
        '!   [0] = "x"… (9 characters)',
        '!   [1] = "x"… (9 characters)',
        '!   [2] = "x"… (9 characters)',
        "! b = 1",
    ]


def test_what_is_not_comparable_line_by_line_stays_apart() -> None:
    """Where lines were left out, nothing says which of the others belong to which."""
    views = [view(f"t.n[{n}]", f"! a = {n}", "  … 2 more lines") for n in range(3)]

    assert len(list(together(views, lambda n: f"! a = {n}\n  1\n  2"))) == 3


def test_a_long_diff_is_folded() -> None:
    """Hundreds of values do not stand open."""
    few = [view(f"t.n[{n}]", f"! a = {n}") for n in range(OPEN_LINES - 1)]
    many = [view(f"t.n[{n}]", f"! a = {n}") for n in range(OPEN_LINES)]

    assert only(few).open
    assert not only(many).open


values = st.sampled_from(["1", '"a = b"', '"{key}"', '"key-1"', '"key-2" -> "x"', "null"])


@given(st.lists(st.tuples(values, values, values), min_size=3, max_size=6))
def test_no_value_is_lost(rows: list[tuple[str, str, str]]) -> None:
    """From what is shown the lines of every change can be told."""
    names = [f"key-{n}" for n in range(len(rows))]
    views = [
        view(f't.n["{name}"]', f"! a = {row[0]}", f'! "b c" = {row[1]}', f"! d = {row[2]}")
        for name, row in zip(names, rows, strict=True)
    ]

    told = {position: told_of for group in together(views) for position, told_of in _told(group)}

    assert told == {position: each.diff for position, each in enumerate(views)}


def _told(group: Alike) -> list[tuple[int, str]]:
    """What a reader takes from a group of changes for each one of them."""
    if len(group.positions) == 1:
        return [(group.positions[0], group.view.diff or "")]
    found: dict[int, list[str]] = {position: [] for position in group.positions}
    is_keyed = any(" in the first of them" in line for line in lines(group.view))
    path = ""
    for line in lines(group.view):
        if line.startswith(("  #", "  t.n[")):
            continue
        if line.startswith("  "):
            path = line[2:]
        elif line.startswith("!   ["):
            key, _, value = line.removeprefix('!   ["').partition('"] = ')
            found[int(key.removeprefix("key-"))].append(f"! {path} = {value}")
        else:
            for position in group.positions:
                own = line.replace("{key}", f"key-{position}") if is_keyed else line
                found[position].append(own)
    return [(position, "\n".join(told)) for position, told in found.items()]
