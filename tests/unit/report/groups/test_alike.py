"""Changes that are alike are read once; whatever could tell them apart keeps them apart."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.attention import Notice
from tfc_plan_comment.report.groups.alike import FEWEST, FEWEST_WITH_DATA, put_together
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.groups.instance_keys import put_keys
from tfc_plan_comment.report.lines.cell import EMPTY, say, say_name, say_text
from tfc_plan_comment.report.lines.line import Line
from tfc_plan_comment.report.model import Phrase, Row, join_phrases
from tfc_plan_comment.report.write.pieces import write_cell, write_lines


def read(text: str) -> tuple[Line, ...]:
    """The lines that are read like this."""
    lines = []
    for line in text.split("\n"):
        path, is_value, value = line[2:].rpartition(" = ") if line.count(" = ") == 1 else ("", "", line[2:])
        said, _, counted = value.rpartition("; " if ";" in value else "# ")
        unchanged = int(counted.split(" ")[0]) if line.startswith("  # ") and counted.endswith(" unchanged") else 0
        lines.append(Line(said if unchanged else value, line[0], path=path if is_value else "", unchanged=unchanged))
    return tuple(lines)


ONE = Row(
    action=Action.UPDATE,
    symbol="🟡",
    label="change",
    address="t.n",
    subject=say_name("t.n"),
    heading="t.n will be updated in-place",
    reason=None,
    about=(),
    cell=say_name("a"),
    lines=read("! a = 1 -> 2"),
    holds_data=False,
    is_open=True,
)


NOTICE = Notice(rule="r", sentence="opens a port", short="a port", is_remark=True)


def together(rows: Sequence[Row], uncut: Callable[[int], Sequence[Line]] = lambda _: ()) -> list[Group]:
    """The groups of these rows, one for each change."""
    return list(put_together([Group(row, (position,)) for position, row in enumerate(rows)], uncut))


def of(*diffs: str, addresses: list[str] | None = None, **more: Any) -> list[Group]:
    """The groups for changes with these diffs."""
    names = addresses or [f't.n["key-{number}"]' for number in range(len(diffs))]
    return together(
        [replace(ONE, lines=read(diff), address=name, **more) for diff, name in zip(diffs, names, strict=True)]
    )


def diff(group: Group) -> str:
    return write_lines(group.row.lines)


def remarks(group: Group) -> list[str]:
    return ["".join(piece.text for piece in remark.pieces) for remark in group.row.remarks]


def test_a_cause_that_is_another_value_in_each_is_still_a_sentence() -> None:
    """Of a replacement: "because ami" says nothing; of an update the name stands in a list."""
    cells = [say("because ") + say_name("ami") + say(f" {number} → 9") for number in range(3)]
    rows = [replace(ONE, address=f't.n["{number}"]', cell=cell) for number, cell in enumerate(cells)]

    (replaced,) = together([replace(row, action=Action.REPLACE) for row in rows])
    (same,) = together([replace(row, action=Action.REPLACE, cell=cells[0]) for row in rows])

    assert replaced.row.cell == say("because of ") + say_name("ami")
    assert same.row.cell == cells[0]


def test_three_alike_changes_are_one() -> None:
    """One row stands for all, at the place of the first; it says how many, and below its diff which they are."""
    (group,) = of(*["! a = 1 -> 2"] * 3)

    assert group.positions == (0, 1, 2)
    assert group.row.address == 't.n["key-0"]'
    assert group.row.alike == ('t.n["key-1"]', 't.n["key-2"]')
    assert diff(group) == '! a = 1 -> 2\n  # ["key-0"] ["key-1"] ["key-2"]'
    assert group.row.subject == say("3 × ") + say_name("t.n")
    assert group.row.same_for == ()


def test_two_alike_changes_stay_two() -> None:
    """Two are read as fast as one and a list."""
    assert [group.positions for group in of(*["! a = 1 -> 2"] * 2)] == [(0,), (1,)]


@pytest.mark.parametrize("action", [Action.DELETE, Action.REPLACE, Action.UNKNOWN])
def test_what_goes_with_its_data_keeps_a_row_of_its_own_unless_there_are_ten(action: Action) -> None:
    """A row for each object that holds data is worth its room; of any others three are enough."""
    assert len(of(*["- a = 1"] * (FEWEST_WITH_DATA - 1), action=action, holds_data=True)) == FEWEST_WITH_DATA - 1
    assert len(of(*["- a = 1"] * FEWEST_WITH_DATA, action=action, holds_data=True)) == 1
    assert len(of(*["- a = 1"] * FEWEST, action=action)) == 1


def test_what_deserves_a_look_stands_alone() -> None:
    """However many others change in the same way; a remark is only said of all."""
    fact = replace(NOTICE, is_remark=False)

    assert len(of(*["! a = 1 -> 2"] * 12, notices=(fact,))) == 12
    (remarked,) = of(*["! a = 1 -> 2"] * 3, notices=(NOTICE,))
    assert remarked.row.notices == (NOTICE,)
    rows = [replace(ONE, address=f"t.n[{number}]", notices=(NOTICE,) * (number == 1)) for number in range(3)]
    assert len(together(rows)) == 3, "it is not said of those of which it is not true"


def test_groups_and_single_changes_keep_their_order() -> None:
    """Each group stands where its first change stood; every change is in exactly one."""
    groups = of(*(f"! {letter}" for letter in "xyxzyxy"))

    assert [group.positions for group in groups] == [(0, 2, 5), (1, 4, 6), (3,)]


def test_the_count_of_unchanged_attributes_makes_no_difference() -> None:
    """It is left out; nothing that changes is."""
    (group,) = of("! a = 1 -> 2\n  # 3 unchanged", "! a = 1 -> 2\n  # 4 unchanged", "! a = 1 -> 2")

    assert diff(group).startswith('! a = 1 -> 2\n  # ["key-0"]')


def test_the_key_of_an_instance_may_stand_in_its_values() -> None:
    """It is written as a placeholder, and what that stands for is said."""
    (group,) = of(*[f'! url = "https://x/key-{number}/1" -> "https://x/key-{number}/2"' for number in range(3)])

    assert diff(group) == (
        '! url = "https://x/{key}/1" -> "https://x/{key}/2"\n'
        "  # {key} stands for each one's own key\n"
        '  # ["key-0"] ["key-1"] ["key-2"]'
    )


def test_the_keys_of_modules_and_parts_of_keys_are_told_apart() -> None:
    """Each key and each part of the last one has a placeholder of its own, with an example in a sentence below."""
    addresses = [f'module.m["eu-{number}"].t.n["tenant-{number}/image"]' for number in range(3)]

    (group,) = of(*[f'! a = "eu-{n} tenant-{n}" -> "tenant-{n}/image"' for n in range(3)], addresses=addresses)

    assert diff(group).split("\n")[0] == '! a = "{key 1} {key part 1}" -> "{key 2}"'
    assert remarks(group) == [
        "{key 1} stands for each one's key 1, such as eu-0.",
        "{key 2} stands for each one's key 2, such as tenant-0/image.",
        "{key part 1} stands for part 1 of each one's key, such as tenant-0.",
    ]


def test_a_short_key_is_no_placeholder() -> None:
    """Two letters are found in half of all values."""
    (group,) = of("! a = xa", "! a = xb", "! a = xc", addresses=[f't.n["{key}"]' for key in "abc"])

    assert "{key}" not in diff(group)


def test_a_value_cannot_pass_for_a_placeholder() -> None:
    """A change whose value reads `{key}` is not the same as one whose value is its key."""
    groups = of('! a = "key-0"', '! a = "{key}"', '! a = "key-2"', '! a = "key-3"')

    assert [group.positions for group in groups] == [(0, 2, 3), (1,)]


def test_a_key_that_reads_like_a_placeholder_is_replaced_only_once() -> None:
    """What stands in for one key is not searched for another."""
    addresses = [f't.n["key{number}/part{number}"]' for number in range(3)]

    (group,) = of(*[f'! a = "key{number} part{number}"' for number in range(3)], addresses=addresses)

    assert diff(group).startswith('! a = "{key part 1} {key part 2}"\n')


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('! KEY = "x KEY" -> "KEY"', '! KEY = "x {key}" -> "{key}"'),
        ('! rule["KEY"].KEY = "KEYs"', '! rule["{key}"].KEY = "KEYs"'),
        ('+ { KEY = "KEY", "KEY" = 1 }', '+ { KEY = "{key}", "KEY" = 1 }'),
        ("  # KEY after apply: KEY", "  # KEY after apply: KEY"),
        ("+ │ KEY: a_KEY", "+ │ {key}: a_{key}"),
        ('+ "KEY"', '+ "{key}"'),
    ],
)
def test_placeholders_stand_in_values_only(line: str, expected: str) -> None:
    """Neither the name of an attribute nor a word of ours is a value, and no key is a part of a word."""
    (before,) = read(line.replace("KEY", "known"))
    (after,) = put_keys('t.n["known"]', [before]).lines

    assert str(after) == expected.replace("KEY", "known")


def test_what_all_keys_share_is_no_placeholder() -> None:
    """It tells none of them from another."""
    addresses = [f't.n["engine.version.{name}"]' for name in ("alpha", "beta", "gamma")]
    diffs = [f'! a = "version of {name}"' for name in ("alpha", "beta", "gamma")]

    (group,) = of(*diffs, addresses=addresses)

    assert diff(group).startswith('! a = "version of {key part 3}"\n  # ["engine.version.alpha"] ')
    assert remarks(group) == ["{key part 3} stands for part 3 of each one's key, such as alpha."]


def test_a_masked_key_is_no_placeholder() -> None:
    """It is words of ours."""
    addresses = [f't.n["x/(sensitive value)/{number}"]' for number in range(3)]

    (group,) = of(*['! a = "sensitive value"'] * 3, addresses=addresses)

    assert diff(group).startswith('! a = "sensitive value"\n  # ["x/(sensitive value)/0"]')


@pytest.mark.parametrize("other", [{"action": Action.CREATE}, {"label": "other"}, {"about": (Phrase("other"),)}])
def test_what_is_said_of_them_must_be_the_same(other: dict[str, Any]) -> None:
    """Another action, word or reason keeps changes apart, though their diffs are alike."""
    rows = [replace(ONE, address=f"t.n[{number}]") for number in range(3)]
    rows[1] = replace(rows[1], **other)

    assert len(together(rows)) == 3


def test_the_keys_are_no_difference_where_a_diff_is_cut() -> None:
    """The lines that are not shown are compared as those that are: but for the keys and what is unchanged."""
    names = [f"key-{number}" for number in range(3)]
    rows = [replace(ONE, address=f't.n["{name}"]', lines=read('! a = "x"… (300 characters)')) for name in names]

    def are_the_same(uncut: Callable[[int], str]) -> bool:
        (group,) = together(rows, lambda number: read(uncut(number)))
        return " of each:" not in diff(group)

    assert are_the_same(lambda n: f'! a = "x {names[n]}"\n  # {n + 1} unchanged')
    assert not are_the_same(lambda n: f'! a = "x {names[n]} {n * 7}"')
    assert not are_the_same(lambda n: f'! a = "x {names[n]} {{key}}"')


def test_the_cell_says_what_all_have_in_common() -> None:
    """The whole cell where it is the same, else the names with which all begin; bold text stays whole."""
    name, bold = say_name("a"), say_name("a", bold=True)
    values = [name + say(" ") + say_text(f"x-{number}") for number in range(3)]
    in_bold = [bold + say(" ") + say_text("0"), bold + say(" ") + say_text("1"), bold]

    for cells, expected in ((values, name), (in_bold, bold), ([say_text(text) for text in "xyz"], EMPTY)):
        rows = [replace(ONE, address=f"t.n[{n}]", cell=cell) for n, cell in enumerate(cells)]
        (group,) = together(rows)
        assert group.row.cell == expected
    (group,) = of(*["! x"] * 3)
    assert group.row.cell == ONE.cell


def test_one_that_holds_data_or_stands_open_speaks_for_all() -> None:
    """The warning is not lost when changes are put together."""
    rows = [replace(ONE, address=f"t.n[{number}]", holds_data=number == 1, is_open=number == 2) for number in range(3)]

    (group,) = together(rows)

    assert group.row.holds_data
    assert group.row.is_open


def test_a_short_list_of_addresses_stands_in_the_diff() -> None:
    """A longer one stands below it, in a fold of its own."""
    few, many = ([f"t.{letter}[{number}]" for letter in letters for number in range(2)] for letters in ("ab", "abcd"))

    (short,) = of(*["! x"] * len(few), addresses=few)
    (long,) = of(*["! x"] * len(many), addresses=many)

    assert (diff(short), short.row.same_for) == ("! x\n  # t.a[0] [1]\n  # t.b[0] [1]", ())
    assert diff(long) == "! x"
    assert list(map(str, long.row.same_for)) == ["  t.a[0] [1]", "  t.b[0] [1]", "  t.c[0] [1]", "  t.d[0] [1]"]


@given(st.lists(st.sampled_from(["x", "y", "z", "{key}", "key-1"]), max_size=12))
def test_nothing_is_lost(diffs: list[str]) -> None:
    """Every change is in exactly one group."""
    groups = of(*(f"! {text}" for text in diffs))

    assert sorted(position for group in groups for position in group.positions) == list(range(len(diffs)))
    assert all(len(group.row.alike) == len(group.positions) - 1 for group in groups)


def test_groups_are_put_together_with_others() -> None:
    """What is known to be the same already is one with what turns out to be; keys have nothing to do with it."""
    same = '! url = "https://x/key-0"'
    rows = [replace(ONE, address=f't.n["key-{number}"]', lines=read(same)) for number in range(6)]
    rows[0] = replace(rows[0], alike=('t.n["key-10"]', 't.n["key-11"]'))
    groups = [Group(rows[0], (0, 4, 6)), *(Group(row, (position,)) for position, row in enumerate(rows[1:4], 1))]

    (group,) = put_together(groups)

    assert group.positions == (0, 4, 6, 1, 2, 3)
    assert group.row.alike == tuple(f't.n["key-{number}"]' for number in (10, 11, 1, 2, 3))
    assert diff(group).startswith(f'{same}\n  # ["key-0"]')


def test_changes_of_several_types_are_one_only_where_they_are_noise() -> None:
    """The same tag on everything is one change; three forgotten objects of two types are not."""
    addresses = ["a.n", "a.m", "b.n"]

    (noise,) = of(*["! tags.k = 1 -> 2"] * 3, addresses=addresses, is_noise=True)

    assert noise.row.types == 2
    assert len(of(*["! a = 1 -> 2"] * 3, addresses=addresses)) == 3
    (same,) = of(*["! a = 1 -> 2"] * 3, addresses=["a.n", "a.m", "module.m[0].a.o"])
    assert same.row.types == 1
    assert diff(same) == "! a = 1 -> 2\n  # a.n\n  # a.m\n  # module.m[0].a.o"


def test_a_cell_says_that_the_values_differ() -> None:
    """Where the row can show one of them only, it shows none."""
    cells = [say_name("cidr") + say(" ") + say_text(f'"{letter}"') for letter in "abc"]
    rows = [replace(ONE, address=f"t.n[{n}]", lines=read(f"! cidr = {n}"), cell=cell) for n, cell in enumerate(cells)]

    (group,) = together(rows)

    assert group.row.cell == say_name("cidr") + say(", with different values")


def test_a_row_says_that_each_comes_from_a_place_of_its_own() -> None:
    """Where it can show one of the old addresses only, it shows none; the diff has them all."""
    rows = [
        replace(
            ONE, address=f"t.n[{number}]", about=(Phrase("moved", f"t.old[{number}]"),), lines=read(f"! a = {number}")
        )
        for number in range(3)
    ]

    (group,) = together(rows)

    assert join_phrases(group.row.about) == "moved, each from a place of its own"
    assert all(f"t.old[{number}]" in diff(group) for number in range(3))


def test_a_key_that_decides_where_a_value_stands_makes_no_difference() -> None:
    """An old value and a new one are two lines where a long key is in them, and one where it is short."""
    short, long = '! a = "key-0" -> "x"', '- a = "key-1"\n+ a = "x"'

    (group,) = of(short, long, '! a = "key-2" -> "x"')

    assert diff(group).startswith('! a = "{key}" -> "x"\n  # {key} stands for')


@pytest.mark.parametrize(
    "other", ['- a = "key-1"\n+ b = "x"', '- a = "key-1"\n+   a = "x"', '+ a = "x"\n- a = "key-1"']
)
def test_lines_that_are_no_pair_make_a_difference(other: str) -> None:
    """They are of two attributes, or at two places, or in another order."""
    assert len(of(*['! a = "key-0" -> "x"', other, '! a = "key-2" -> "x"'])) == 3


def test_the_reason_is_that_of_all() -> None:
    """What is not the same in the reasons of all is left out of it; another wording keeps changes apart."""
    because = [say("its count no longer reaches index ") + say_text(str(number)) for number in range(3)]
    rows = [replace(ONE, address=f"t.n[{number}]", why=why) for number, why in enumerate(because)]

    (group,) = together(rows)

    assert not any(group.row.why.has(str(number)) for number in range(3))
    assert len(together([*rows[:2], replace(rows[2], why=say("it is tainted"))])) == 3


def test_the_words_of_alike_changes_have_the_placeholders_of_their_diff() -> None:
    """So they say the values, where these are the same but for the key; else they say no more than what all share."""

    def row(key: str, version: str) -> Row:
        cell = say("because ") + say_name("definitions") + say(": ") + say_name(f'["{key}"].image') + say_text(version)
        lines = read(f'! image["{key}"] = "1" -> "2"')
        return replace(ONE, address=f't.n["{key}"]', cell=cell, lines=lines, action=Action.REPLACE)

    (same,) = together([row(key, ' "1"') for key in ("web", "api", "auth")])
    (other,) = together([row(key, f' "{key[0]}"') for key in ("web", "api", "auth")])

    assert write_cell(same.row.cell).endswith('{key}"&#93;.image</code>"1"')
    assert write_cell(other.row.cell) == "because of <code>definitions</code>"
