"""The lines of a diff block: only what changes, at its path, and what kind of change it is."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.element_names import ElementName
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.lines.attributes import tell_attributes
from tfc_plan_comment.report.lines.line import UNCUT, WHOLE, WIDTH, Cut, Limits, Line, cut_of
from tfc_plan_comment.report.lines.path import write_name, write_ordinal
from tfc_plan_comment.report.unseen import visible

UPDATE, CREATE, DELETE, REPLACE = ["update"], ["create"], ["delete"], ["delete", "create"]


def told(
    before: Any, after: Any, actions: list[str] = UPDATE, limits: Limits | None = None, **change: Any
) -> list[Line]:
    """The lines for the attributes of one object."""
    resource = {
        "address": "t.n",
        "type": "t",
        "change": {"actions": actions, "before": before, "after": after, **change},
    }
    plan = parse_plan(json.dumps({"format_version": "1.2", "resource_changes": [resource]}).encode(), name="plan")
    return list(tell_attributes(summarize(plan).changes[0].diff, limits or Limits()))


def lines(before: Any, after: Any, actions: list[str] = UPDATE, **more: Any) -> list[str]:
    """The same as they are read."""
    return list(map(str, told(before, after, actions, **more)))


def changed(before: Any, after: Any, **more: Any) -> list[str]:
    """The lines for one attribute of an update, `a`."""
    return lines({"a": before}, {"a": after}, **more)


def test_a_changed_value_is_one_line_with_both() -> None:
    """What was and what will be stand beside each other."""
    assert changed(30, 90) == ["! a = 30 -> 90"]
    assert changed("x", "y") == ['! a = "x" -> "y"']
    assert changed(before=True, after="true") == ['! a = true -> "true"']


def test_what_comes_and_goes_has_a_plus_or_a_minus() -> None:
    """An attribute that was not set before, or will not be set any more."""
    assert changed(None, "x") == ['+ a = "x"']
    assert changed("x", None) == ['- a = "x"']


def test_what_becomes_unknown_inside_says_so() -> None:
    """Inside an object the value before stands beside it; beside a whole attribute, too, whatever else changes."""
    inside = lines({"a": {"b": 1, "c": 2}}, {"a": {"c": 2}}, after_unknown={"a": {"b": True}})

    assert inside == ["! a.b = 1 -> (known after apply)"]
    assert lines({"a": 1}, {}, after_unknown={"a": True}) == ["! a = 1 -> (known after apply)"]
    assert lines({"a": 1, "b": 1}, {"b": 2}, after_unknown={"a": True}) == [
        "! a = 1 -> (known after apply)",
        "! b = 1 -> 2",
    ]


POLICY = json.dumps({"Statement": [{"Action": f"s3:{verb}", "Effect": "Allow"} for verb in ("Get", "Put", "List")]})


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("x" * 99, f'- a = "{"x" * 74}"… (99 characters)'),
        ("line\n" * 40, "- a = … (text, 40 lines)"),
        (base64.b64encode(b"#!/bin/sh\n" * 40).decode(), "- a = … (text, 40 lines)"),
    ],
)
def test_what_goes_while_nobody_knows_what_comes_is_one_line(before: Any, line: str) -> None:
    """Of a long value its beginning or its size, and how much it is; where there is room, all of it."""
    assert changed(before, None, after_unknown={"a": True}) == [line, "+ a = (known after apply)"]
    assert cut_of(told({"a": before}, {"a": None}, after_unknown={"a": True})).characters > 0

    whole = told({"a": before}, {"a": None}, after_unknown={"a": True}, limits=UNCUT)
    assert cut_of(whole) == WHOLE
    assert str(whole[-1]) == "+ a = (known after apply)"


def test_a_document_goes_whole() -> None:
    """Of a policy that nobody knows yet the old one is all that a reviewer can judge by."""
    written = changed(POLICY, None, after_unknown={"a": True})

    assert [verb for verb in ("Get", "Put", "List") if any(f'"s3:{verb}"' in line for line in written)] == [
        "Get",
        "Put",
        "List",
    ]
    assert written[-1] == "+ a = (known after apply)"
    assert all(line.startswith("- ") for line in written[:-1])


def test_a_value_of_one_line_goes_whole() -> None:
    """Only what would take more than a line by itself is cut."""
    before = "x" * 90
    encoded = base64.b64encode(b"ls -l /var/log/app\n").decode()

    assert changed(encoded, None, after_unknown={"a": True}) == [
        '! a = base64encode("ls -l /var/log/app\\n") -> (known after apply)'
    ]
    assert changed(before, None, after_unknown={"a": True}) == [f'! a = "{before}" -> (known after apply)']


def test_a_sensitive_value_only_says_whether_it_changes() -> None:
    """Neither value is shown; a mark that comes or goes is said, also where the value stays the same."""
    marked = {"before_sensitive": {"a": True}, "after_sensitive": {"a": True}}

    assert changed("secret-1", "secret-2", **marked) == ["! a = (sensitive value, changed)"]
    assert changed("secret-1", "secret-1", after_sensitive={"a": True}) == [
        "  # the value is unchanged, but will be marked as sensitive",
        "! a = (sensitive value)",
    ]
    assert changed("secret-1", "secret-1", before_sensitive={"a": True}) == [
        "  # the value is unchanged, but will no longer be marked as sensitive",
        "! a = (sensitive value)",
    ]
    assert changed("secret-1", None, **marked) == ["- a = (sensitive value)"]


@given(steps=st.lists(st.sampled_from(["object", "list", "block"]), max_size=4), is_marked=st.booleans())
def test_a_mark_that_comes_or_goes_is_said_at_its_place(steps: list[str], *, is_marked: bool) -> None:
    """In maps, in lists and in lists of objects, however deep, as Terraform warns of it."""
    value: Any = "secret-1"
    marks: Any = True
    for step in steps:
        value, marks = ([value, "x"], [marks, False]) if step == "list" else ({"k": value, "l": 1}, {"k": marks})
        value, marks = ([value], [marks]) if step == "block" else (value, marks)
    side = "after_sensitive" if is_marked else "before_sensitive"

    will_be = "will be" if is_marked else "will no longer be"
    note, line = [each for each in changed(value, value, **{side: {"a": marks}}) if "sensitive" in each]
    assert note.strip() == f"# the value is unchanged, but {will_be} marked as sensitive"
    assert line.endswith(" = (sensitive value)")


def test_what_forces_the_replacement_stands_first_and_says_so() -> None:
    """Where there are several: Terraform's words, at the attribute, at a path inside it, and at a whole list."""
    forced = lines(
        {"a": 1, "z": {"k": 1, "l": 1}, "list": [1], "text": "x\ny"},
        {"a": 2, "z": {"k": 2, "l": 2}, "list": [2], "text": "x\nz"},
        REPLACE,
        replace_paths=[["z", "k"], ["list"], ["text"]],
    )

    assert forced == [
        "  # forces replacement:",
        "! list = [1] -> [2]",
        "  text (text, 1 of 2 lines)",
        "  │ x",
        "- │ y",
        "+ │ z",
        "! z.k = 1 -> 2",
        "  # also:",
        "! z.l = 1 -> 2",
        "! a = 1 -> 2",
    ]
    both = {"replace_paths": [["a"], ["b"]]}
    heading = "  # forces replacement:"
    assert lines({"a": None, "b": 1}, {"a": 1, "b": 2}, REPLACE, **both) == [heading, "+ a = 1", "! b = 1 -> 2"]
    assert lines({"a": 1, "b": 1}, {"a": None, "b": 2}, REPLACE, **both) == [heading, "- a = 1", "! b = 1 -> 2"]


def test_a_single_cause_stands_first_without_a_heading() -> None:
    """The row names it: in front of its diff one reads `because z changes` already."""
    before: dict[str, Any] = {"a": 1, "z": {"k": 1, "l": 1, "m": 1}, "list": [1]}
    after = {"a": 2, "z": {"k": 2, "l": 2, "m": 2}, "list": [2]}

    assert lines(before, after, REPLACE, replace_paths=[["list"]]) == [
        "! list = [1] -> [2]",
        "! a = 1 -> 2",
        "  z",
        "!   k = 1 -> 2",
        "!   l = 1 -> 2",
        "!   m = 1 -> 2",
    ]
    inside = lines(before, after, REPLACE, replace_paths=[["z", "m"]])
    assert inside == [
        "  z",
        "!   m = 1 -> 2",
        "!   k = 1 -> 2",
        "!   l = 1 -> 2",
        "! a = 1 -> 2",
        "! list = [1] -> [2]",
    ]


def test_what_forces_the_replacement_inside_says_so_there() -> None:
    """The heading stands above its line, at the same depth; one heading does for what follows each other."""
    before: dict[str, Any] = {"a": {"k": 1, "l": 1, "m": 1}, "b": {"x": 1}, "c": 1}
    after = {"a": {"k": 2, "l": 2, "m": 2}, "b": {"x": 2}, "c": 2}
    paths = [["a", "k"], ["a", "l"], ["b", "x"]]

    assert lines(before, after, REPLACE, replace_paths=paths) == [
        "  a",
        "    # forces replacement:",
        "!   k = 1 -> 2",
        "!   l = 1 -> 2",
        "    # also:",
        "!   m = 1 -> 2",
        "  # forces replacement:",
        "! b.x = 1 -> 2",
        "  # also:",
        "! c = 1 -> 2",
    ]
    before = {"a": {"k": 1}, "b": {"x": 1}, "tags": ""}
    after = {"a": {"k": 2}, "b": {"x": 2}, "tags": None}
    assert lines(before, after, REPLACE, replace_paths=[["a", "k"], ["b", "x"]]) == [
        "  # forces replacement:",
        "! a.k = 1 -> 2",
        "! b.x = 1 -> 2",
        "  # empty: tags",
    ]


def test_what_is_alone_in_objects_stands_below_their_path_where_a_phone_cuts_the_line() -> None:
    """All of it goes or comes; a line that a phone shows, and an object that holds more, stay as they are."""
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    both = {"Bool": {"aws:MultiFactorAuthPresent": "true", "aws:SecureTransport": "true"}}

    assert changed({"x": 1, "Condition": condition}, {"x": 1}) == [
        "- a.Condition.Bool",
        '-   "aws:MultiFactorAuthPresent" = "true"',
    ]
    assert changed({"x": 1}, {"x": 1, "Condition": condition})[0] == "+ a.Condition.Bool"
    assert changed({"x": 1, "k": {"l": {"m": 1}}}, {"x": 1}) == ["- a.k = { l = { m = 1 } }"]
    assert changed({"x": 1, "k": {"l": "x" * 50}}, {"x": 1}) == [f'- a.k = {{ l = "{"x" * 50}" }}']
    assert changed({"x": 1, "Condition": both}, {"x": 1})[0].startswith("- a.Condition = {")


def test_long_strings_stand_one_below_the_other() -> None:
    """Two values that do not fit on one line are two lines, so that the eye can compare them."""
    start = "https://assets.example.com/releases/stable/"

    assert changed(f"{start}1.0", f"{start}2.0") == [f'- a = "{start}1.0"', f'+ a = "{start}2.0"']


def test_very_long_strings_are_cut_around_the_difference() -> None:
    """Of five megabytes the part that differs is shown, with a little around it."""
    before, after = "b" * 1_000 + "old" + "e" * 1_000, "b" * 1_000 + "newer" + "e" * 1_000

    assert changed(before, after) == [
        f'- a = …"{"b" * 20}old{"e" * 20}"…',
        f'+ a = …"{"b" * 20}newer{"e" * 20}"…',
    ]
    assert changed("x" * 300, "x" * 300 + "y") == [f'- a = …"{"x" * 20}"', f'+ a = …"{"x" * 20}y"']


def test_a_type_that_changes_is_shown_whole() -> None:
    """From a list to an object: on one line if it fits, else all that goes and all that comes."""
    assert changed([1], {"k": 1}) == ["! a = [1] -> { k = 1 }"]
    assert changed(["x" * 60], {"k": "y" * 60}) == [f'- a = ["{"x" * 60}"]', f'+ a = {{ k = "{"y" * 60}" }}']


def test_a_text_shows_the_lines_that_change() -> None:
    """Behind a gutter, with a little around them; what is left out in between is counted."""
    before = "\n".join(f"line {number}" for number in range(20))

    assert changed(before, before.replace("line 10", "LINE 10")) == [
        "  a (text, 1 of 20 lines)",
        "  … 8 unchanged",
        "  │ line 8",
        "  │ line 9",
        "- │ line 10",
        "+ │ LINE 10",
        "  │ line 11",
        "  … 8 unchanged",
    ]


def test_the_newline_at_the_end_is_no_line() -> None:
    """It is neither counted nor shown; where it comes or goes beside other lines, that is said."""
    rest = ["  │ x", "- │ y", "+ │ z"]

    assert changed("x\ny\n", "x\nz\n") == ["  a (text, 1 of 2 lines)", *rest]
    assert changed("x\ny", "x\nz\n") == ["  a (text, 1 of 2 lines, newline at the end added)", *rest]
    assert changed("x\ny\n", "x\nz") == ["  a (text, 1 of 2 lines, newline at the end removed)", *rest]


def test_the_dashes_of_a_text_are_not_the_diffs() -> None:
    """A YAML list that stays is not painted as a deletion."""
    assert changed("- a\n+ b\n! c", "- a\n+ b\n! d") == [
        "  a (text, 1 of 3 lines)",
        "  │ - a",
        "  │ + b",
        "- │ ! c",
        "+ │ ! d",
    ]


def test_carets_point_at_what_is_new_in_a_long_line() -> None:
    """Where one line becomes another, most of it stays and it is long enough to search in."""
    before = "x\n      server: https://10.0.0.1:6443"

    assert changed(before, before.replace("10.0.0.1", "10.0.0.2")) == [
        "  a (text, 1 of 2 lines)",
        "  │ x",
        "- │       server: https://10.0.0.1:6443",
        "+ │       server: https://10.0.0.2:6443",
        "  │                              ^",
    ]
    word = changed(before, before.replace("10.0.0.1", "10.0.0.two"))
    assert not any("^" in line for line in word), "a phone shows all of both, and a word is not overlooked"
    assert changed(f"{before}, which is long", f"{before}, which has a word")[-1].endswith("^^^^^^^^^^")
    gone = changed(before, before.replace("0.0.1", "0.1"))
    assert gone[-1].strip("│ ") == "^", "something that only goes is pointed at, too"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("short", "shirt"),
        ("a" * 40, "b" * 40),
        ("a" * 40 + "x", "a" * 40 + "\u200b"),
        ("a" * 140 + "x", "a" * 140 + "y"),
        ("a" * 40 + "x\n" + "b" * 40, "a" * 40 + "y\n" + "c" * 40),
        ("x" * 40, "x" * 40 + "y\n" + "x" * 40 + "z"),
    ],
)
def test_no_carets_where_they_would_not_help(old: str, new: str) -> None:
    """Short lines, lines that change as a whole, invisible letters, lines that are cut, blocks of lines."""
    assert not any("^" in line for line in changed(f"first\n{old}", f"first\n{new}"))


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("a\nb", "a\nb\n", "! a (text): newlines at the end changed"),
        ("a\r\nb", "a\nb", "! a (text): line endings changed from CRLF to LF"),
        ("a\nb", "a\r\nb", "! a (text): line endings changed from LF to CRLF"),
    ],
)
def test_what_the_eye_cannot_see_is_said_in_words(before: str, after: str, line: str) -> None:
    """Line endings and newlines at the end show no line that differs."""
    assert changed(before, after) == [line]


def test_white_space_at_the_ends_of_lines_is_said_beside_the_lines() -> None:
    """The lines are shown, and why they look the same."""
    assert changed("a\nb ", "a\nb")[0] == "  a (text, white space at the ends of lines changed)"


def test_a_long_text_diff_is_cut_and_counted() -> None:
    """So many lines, then how many more; the note of what is cut is a line of its own."""
    before, after = ("\n".join(f"{word} {number}" for number in range(30)) for word in ("old", "new"))

    cut = changed(before, after, limits=Limits(lines=3))

    assert cut == ["  a (text, 30 of 30 lines)", "- │ old 0", "- │ old 1", "- │ old 2", "  … 57 more lines"]


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def test_json_in_a_string_is_compared_inside() -> None:
    """Statement by statement, at the path where it differs."""
    one = {"Sid": "One", "Action": ["s3:Get"], "Resource": "*"}
    two = {"Sid": "Two", "Action": ["s3:List"], "Resource": "*"}

    assert changed(policy(one, two), policy({**one, "Action": ["s3:Get", "s3:Put"]}, two)) == [
        "  a (JSON)",
        '    Statement["One"].Action',
        '+     "s3:Put"',
        "      # 1 unchanged",
    ]


def test_json_that_is_only_formatted_otherwise_says_so() -> None:
    """No value differs; a long document is not printed twice for it."""
    document = {"k": "v" * 60}
    note = "  # only the JSON's formatting changes"

    assert changed(json.dumps(document), json.dumps(document, indent=2)) == [note, "! a"]
    assert changed('{"k":1}', '{"k": 1}') == [note, '! a = "{\\"k\\":1}" -> "{\\"k\\": 1}"']


def test_an_empty_object_says_something_in_what_comes_and_goes() -> None:
    """One that selects everything is not the same as none; in JSON the other empty values stand there, too."""
    everyone: dict[str, Any] = {"podSelector": {}, "namespaceSelector": {}, "ipBlock": None, "x": ""}
    alone = "{ podSelector = {}, namespaceSelector = {} }"
    assert changed([{"y": 1}], [{"y": 1}, everyone]) == ["  a", f"+   {alone}", "    # 1 unchanged"]
    assert changed([{"y": 1}, everyone], [{"y": 1}]) == ["  a", f"-   {alone}", "    # 1 unchanged"]
    long = {"ports": ["long"] * 20, "from": [everyone]}
    assert f"+     from {alone}" in changed([{"y": 1}], [{"y": 1}, long])
    assert f"+   from {alone}" in changed(None, {"k": "x" * 90, "from": [everyone]})

    whole = '{ podSelector = {}, namespaceSelector = {}, ipBlock = null, x = "" }'
    assert f"+   {whole}" in changed(json.dumps([{"y": 1}]), json.dumps([{"y": 1}, everyone]))
    assert f"+   from {whole}" in changed(None, json.dumps({"k": "x" * 90, "from": [everyone]}))


def test_what_is_empty_counts_in_json() -> None:
    """In a JSON document null and [] are not the same, so they are lines there."""
    assert changed('{"k": [], "l": 1}', '{"k": null, "l": 1}') == ["  a (JSON)", "!   k = [] -> null"]


def test_only_the_order_changes() -> None:
    """Where it is known to mean nothing that is said; nowhere else, for the order is what matters then."""
    one, two = (policy({"Sid": "One", "Action": actions}) for actions in (["x", "y"], ["y", "x"]))
    note = "    # only the order changes, and means nothing"

    assert changed(one, two) == ["  a (JSON)", note, '!   Statement["One"].Action']
    assert changed('{"command": ["sh", "-c"]}', '{"command": ["-c", "sh"]}') == [
        "  a (JSON)",
        '!   command = ["sh", "-c"] -> ["-c", "sh"]',
    ]


def test_a_short_list_in_another_order_is_one_line() -> None:
    """Or one below the other: so the eye sees what stands where, whatever else comes or goes."""
    assert changed(["auth", "limit", "log"], ["log", "auth", "limit"]) == [
        '- a = ["auth", "limit", "log"]',
        '+ a = ["log", "auth", "limit"]',
    ]
    assert changed(["x", "y", "z"], ["y", "x", "w"]) == ['! a = ["x", "y", "z"] -> ["y", "x", "w"]']
    assert changed(["sh", "run"], ["sh", "-c", "run"]) == ['! a = ["sh", "run"] -> ["sh", "-c", "run"]']


def test_what_moves_says_from_where_to_where() -> None:
    """By its name, or what else there is of it; in a list that becomes longer both lengths are said.

    Where all have names, and they fit on a line, the whole order is said as well.
    """
    long = [f"{letter * 30}" for letter in "wxyz"]
    rules = [{"path_pattern": path, "ttl": place} for place, path in enumerate(["/docs/*", "/img/*", "/*"])]

    assert changed(long, [*long[1:], long[0]]) == [
        "  a",
        f'!   "{long[0]}"   # moved from 1st to 4th of 4',
        "    # 3 unchanged",
    ]
    assert changed(rules, [rules[1], rules[2], rules[0]]) == [
        "  a",
        '!   "/docs/*"   # moved from 1st to 3rd of 3',
        '    # in this order: "/img/*", "/*", "/docs/*"',
        "    # 2 unchanged",
    ]
    assert changed(rules, [rules[1], rules[2], {**rules[0], "ttl": 9}, {"path_pattern": "/new", "ttl": 1}]) == [
        "  a",
        '!   a["/docs/*"].ttl = 0 -> 9',
        '!   "/docs/*"   # moved from 1st of 3 to 3rd of 4',
        '+   { path_pattern = "/new", ttl = 1 }',
        '    # in this order: "/img/*", "/*", "/docs/*", "/new"',
        "    # 2 unchanged",
    ]
    assert changed([["b"], ["a"], ["c"]], [["a"], ["c"], ["b"]])[1] == '!   ["b"]   # moved from 1st to 3rd of 3'
    assert changed([["b" * 120], ["a"], ["c"]], [["a"], ["c"], ["b" * 120]])[1].startswith('!   ["bbbb')
    swapped = changed([[letter] for letter in "abmyz"], [[letter] for letter in "yzmab"])
    assert '!   ["m"]   # still 3rd of 5, while others move' in swapped
    twice = [{"k": 1}, {"k": 1}, {"k": 2}]
    assert changed(twice, twice[::-1])[1:3] == [
        "!   { k = 2 }   # moved from 3rd to 1st of 3",
        "    # 2 unchanged",
    ]


def test_what_comes_in_between_says_at_which_place() -> None:
    """In a list whose order means something, and not at its end; in what may be a set it means nothing."""
    first, second, third = ({"path_pattern": path} for path in ("/x", "/c", "/b"))

    assert changed([first, third], [first, second, third])[1] == '+   { path_pattern = "/c" }   # 2nd of 3'
    assert changed([first, second], [first, second, third])[1] == '+   { path_pattern = "/b" }'
    assert changed([third, first], [third, second, first])[1] == '+   { path_pattern = "/c" }'


def test_moves_that_have_no_room_are_counted() -> None:
    """The last line says how many there are."""
    before = [{"path_pattern": f"/{number}"} for number in range(9)]

    long = [{"path_pattern": f"/{number}" * 20} for number in range(9)]
    assert not any("in this order" in str(line) for line in told({"a": long}, {"a": long[::-1]}))

    cut = told({"a": before}, {"a": before[::-1]}, limits=Limits(lines=2))

    assert [str(line) for line in cut[2:]] == [
        '!   "/7"   # moved from 8th to 2nd of 9',
        "    # 6 more moved",
        '    # in this order: "/8", "/7", "/6", "/5", "/4", "/3", "/2", "/1", "/0"',
        "    # 1 unchanged",
    ]
    assert cut_of(cut) == Cut(moves=6)
    assert len(told({"a": before}, {"a": before[::-1]}, limits=UNCUT)) == 11


@pytest.mark.parametrize(
    ("position", "words"),
    [(0, "1st"), (1, "2nd"), (2, "3rd"), (3, "4th"), (10, "11th"), (11, "12th"), (12, "13th"), (20, "21st")],
)
def test_places_are_counted_as_people_do(position: int, words: str) -> None:
    """From one, and with English endings."""
    assert write_ordinal(position) == words
    assert write_ordinal(position + 100).endswith(words[-2:])


def test_what_nothing_tells_apart_is_shown_by_what_stays_of_it() -> None:
    """Never by a position, which says nothing: texts as they are, a number or a flag with its name."""
    office = {"from_port": 22, "to_port": 22, "protocol": "tcp", "description": 'the "office"', "weight": 2, "on": True}
    before = [{**office, "k": ["x"]}, {**office, "k": ["y"]}]
    after = [{**office, "k": ["x"]}, {**office, "k": ["z"]}]

    assert changed(before, after) == [
        r'- a[22/tcp "the \"office\"" weight=2 on=true].k = ["y"]',
        r'+ a[22/tcp "the \"office\"" weight=2 on=true].k = ["z"]',
    ]


def test_a_short_list_is_one_line() -> None:
    """A list of plain values of which nothing stays is written like a plain value."""
    assert changed(["10.0.0.0/8"], ["0.0.0.0/0"]) == ['! a = ["10.0.0.0/8"] -> ["0.0.0.0/0"]']


def test_a_longer_list_shows_what_comes_and_goes() -> None:
    """Elements that stay are counted; so is a list that would not fit on a line."""
    assert changed(["x", "y"], ["x", "y", "z"]) == ["  a", '+   "z"', "    # 2 unchanged"]
    assert changed(["x" * 60], ["y" * 60]) == ["  a", f'-   "{"x" * 60}"', f'+   "{"y" * 60}"']
    assert changed([{"k": [1]}], [[1]]) == ["  a", "-   { k = [1] }", "+   [1]"]


def rule(port: int, cidr: str, description: str = "") -> dict[str, Any]:
    return {
        "from_port": port,
        "to_port": port,
        "protocol": "tcp",
        "cidr_blocks": [cidr],
        "description": description,
        "self": False,
        "prefix_list_ids": ["pl-0123456789abcdef0"],
    }


def test_an_object_of_a_list_is_found_by_what_identifies_it() -> None:
    """A firewall rule whose addresses change is one change at its port, not a rule less and a rule more."""
    before, after = [rule(22, "10.0.0.0/8"), rule(80, "0.0.0.0/0")], [rule(22, "0.0.0.0/0"), rule(80, "0.0.0.0/0")]

    assert changed(before, after) == [
        '- a["22/tcp"].cidr_blocks = ["10.0.0.0/8"]',
        '+ a["22/tcp"].cidr_blocks = ["0.0.0.0/0"]',
    ]


def test_an_element_whose_name_is_a_number_says_who_it_is() -> None:
    """By its description, if that stays; a name that people gave needs none."""
    before, after = rule(22, "10.0.0.0/8", "the office"), rule(22, "0.0.0.0/0", "the office")
    other = rule(80, "0.0.0.0/0")

    assert changed([before, other], [after, other]) == [
        '  a["22/tcp"]',
        '    # "the office"',
        '-   cidr_blocks = ["10.0.0.0/8"]',
        '+   cidr_blocks = ["0.0.0.0/0"]',
    ]
    renamed = {**after, "description": "everybody"}
    assert not any("#" in line for line in changed([before, other], [renamed, other]))
    named = [{"name": "x", "description": "d", "k": 1}, {"name": "y", "k": 1}]
    assert changed(named, [{**named[0], "k": 2}, named[1]]) == ['! a["x"].k = 1 -> 2']
    long = [{**each, "description": "d" * 99} for each in (before, after)]
    assert f'    # "{"d" * 60}"' in changed([long[0], other], [long[1], other])


def test_the_only_block_of_its_kind_has_no_position() -> None:
    """As Terraform writes it; one of several has, and so has whatever is no block of a resource."""
    one, other = {"k": 1, "l": 1, "in": [{"m": 1, "n": 1}]}, {"k": 1, "l": 1, "in": [{"m": 2, "n": 1}]}

    assert changed([one], [other]) == ["! a.in.m = 1 -> 2"]
    assert changed([one, {"z": 1}], [other, {"z": 1}])[0].startswith("! a[")
    assert changed({"o": {"b": [one]}}, {"o": {"b": [other]}}) == ["! a.o.b[0].in[0].m = 1 -> 2"]


def test_a_whole_object_that_comes_or_goes_is_named() -> None:
    """In front of a block of several lines stands what identifies it; one line says it by itself."""
    named = changed([rule(80, "0.0.0.0/0")], [rule(80, "0.0.0.0/0"), rule(22, "10.0.0.0/8", "the office")])
    short = changed([{"name": "a"}], [{"name": "a"}, {"name": "b", "type": "S"}])
    unnamed = changed([], [{"k": ["x" * 60], "l": "y" * 60}, {"k": ["z" * 60], "l": "y" * 60}])

    assert named == [
        "  a",
        '+   "22/tcp" {',
        "+     from_port       = 22",
        "+     to_port         = 22",
        '+     protocol        = "tcp"',
        '+     cidr_blocks     = ["10.0.0.0/8"]',
        '+     description     = "the office"',
        "+     self            = false",
        '+     prefix_list_ids = ["pl-0123456789abcdef0"]',
        "+   }",
        "    # 1 unchanged",
    ]
    assert short == ["  a", '+   { name = "b", type = "S" }', "    # 1 unchanged"]
    assert "+   {" in unnamed


def test_paths_are_written_as_in_a_configuration() -> None:
    """Keys after a dot, positions and odd keys in brackets."""
    assert changed({"b": {"c d": 1}}, {"b": {"c d": 2}}) == ['! a.b["c d"] = 1 -> 2']
    assert changed([{"k": 1, "l": 1, "m": 1}], [{"k": 2, "l": 1, "m": 1}]) == ["! a.k = 1 -> 2"]
    assert changed(json.dumps([{"k": 1, "l": 1}]), json.dumps([{"k": 2, "l": 1}])) == [
        "  a (JSON)",
        "!   a[0].k = 1 -> 2",
    ]
    assert lines({"odd key": 1}, {"odd key": 2}) == ['! "odd key" = 1 -> 2']


def test_many_parts_stand_below_their_name() -> None:
    """Up to two parts carry the whole path; more of them are indented."""
    assert changed(dict.fromkeys("xyz", 1), dict.fromkeys("xyz", 2)) == [
        "  a",
        "!   x = 1 -> 2",
        "!   y = 1 -> 2",
        "!   z = 1 -> 2",
    ]


def test_what_is_empty_on_both_sides_is_only_counted_inside() -> None:
    """Null and "" say the same to most providers; their exchange is a comment, at its path. [] and {} may say more."""
    before = [{"port": 1, "protocol": "tcp", "description": "", "k": 1}]
    after = [{"port": 1, "protocol": "tcp", "description": None, "k": 1}]

    assert changed(before, after) == ['  # empty: a["1/tcp"].description']
    assert changed({"x": 1, "y": "", "z": []}, {"x": 2, "y": None, "z": {}}) == [
        "  a",
        "!   x = 1 -> 2",
        "!   z = [] -> {}",
        "    # empty: y",
    ]
    assert changed(["", "x"], ["x"]) == ["  a", '-   ""', "    # 1 unchanged"]


def test_an_element_that_only_stays_empty_is_unchanged() -> None:
    """Beside another element that changes it is not worth a line; where nothing else changes it is shown."""
    before, after = rule(80, "10.0.0.0/8", ""), {**rule(80, "10.0.0.0/8"), "description": None}
    ssh, https = rule(22, "10.0.0.0/8"), rule(443, "10.0.0.0/8")
    another = {**ssh, "cidr_blocks": ["0.0.0.0/0"]}

    assert changed([before, ssh], [after, another]) == [
        '- a["22/tcp"].cidr_blocks = ["10.0.0.0/8"]',
        '+ a["22/tcp"].cidr_blocks = ["0.0.0.0/0"]',
    ]
    gone = changed([before, ssh, https], [after, https])
    assert (gone[1], gone[-1]) == ('-   "22/tcp" {', "    # 2 unchanged")
    assert changed([before, ssh], [after, ssh]) == ['  # empty: a["80/tcp"].description']
    assert changed([before, ssh, https], [https, ssh, after]) == [
        "  a",
        '!   "443/tcp"   # moved from 3rd to 1st of 3',
        '!   "80/tcp"   # moved from 1st to 3rd of 3',
        '    # in this order: "443/tcp", "22/tcp", "80/tcp"',
        "    # 2 unchanged",
    ]


def test_equals_signs_are_aligned_where_everything_comes_or_goes() -> None:
    """As in HCL; what takes several lines stands as it is, and an update is not aligned."""
    created = lines(None, {"a": 1, "long_name": "x", "text": "1\n2"}, CREATE)

    assert created == ["+ a         = 1", '+ long_name = "x"', "+ text (text, 2 lines)", "+ │ 1", "+ │ 2"]
    assert lines({"id": 1, "name": "x"}, None, DELETE) == ["- id   = 1", '- name = "x"']
    long = lines(None, {"a": 1, "long_name": {"k": "x" * 60, "l": "y" * 60}}, CREATE)
    assert long[:2] == ["+ a = 1", "+ long_name = {"]
    assert lines({"b": 1, "cc": 1}, {"b": 2, "cc": 1, "ddd": 1}) == ["! b = 1 -> 2", "+ ddd = 1", "  # 1 unchanged"]


def test_a_line_is_not_aligned_where_that_would_make_it_too_wide() -> None:
    """A reader should not have to scroll for a blank, on a phone neither; then no line is moved."""
    name = "a_name_of_some_length"
    assert lines(None, {"a": "x" * 16, name: 1}, CREATE) == [f'+ a                     = "{"x" * 16}"', f"+ {name} = 1"]
    assert lines(None, {"a": "x" * 17, name: 1}, CREATE) == [f'+ a = "{"x" * 17}"', f"+ {name} = 1"]
    wide = "x" * (WIDTH - len('+ a = ""'))

    assert lines(None, {"a": wide, "bb": "y"}, CREATE) == [f'+ a = "{wide}"', '+ bb = "y"']
    assert lines(None, {"a": wide[1:], "bb": "y"}, CREATE) == [f'+ a  = "{wide[1:]}"', '+ bb = "y"']


def test_what_nobody_has_to_read_is_counted() -> None:
    """Known after apply, empty, repeated: one line each, with as many names as fit; the unchanged behind the last."""
    before = {"same": 1, "empty": "", "tags": {"k": "1"}, "tags_all": {"k": "1"}}
    after = {"same": 1, "empty": None, "tags": {"k": "2"}, "tags_all": {"k": "2"}}

    assert lines(before, after, after_unknown={"arn": True}) == [
        '! tags.k = "1" -> "2"',
        "  # tags_all: same as tags",
        "  # known after apply: arn",
        "  # empty: empty; 1 unchanged",
    ]
    (many,) = lines({}, {}, after_unknown={f"attribute_{number:02}": True for number in range(30)})
    assert many == ("  # known after apply: attribute_00, attribute_01, attribute_02, attribute_03 and 26 more")


@given(
    st.dictionaries(
        st.text(min_size=1), st.none() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text())
    )
)
def test_every_line_begins_with_a_marker_of_ours(attributes: dict[str, Any]) -> None:
    """Keys and values of any letters give lines that begin with a marker and a blank, and are one line each."""
    for written in (lines(None, attributes, CREATE), lines(attributes, {"k": "v"}), lines(attributes, None, DELETE)):
        for line in written:
            assert line[:2] in {"! ", "+ ", "- ", "  "}
            assert line == visible(line)


def test_twice_as_long_a_list_takes_twice_the_work(count_calls: Callable[..., int]) -> None:
    """The lines of a list are made in one pass, counted in calls of functions."""

    def calls(length: int) -> int:
        before = [f"item {number}" for number in range(length)]
        resource = {
            "address": "t.n",
            "change": {"actions": UPDATE, "before": {"a": before}, "after": {"a": [f"{item}!" for item in before]}},
        }
        plan = parse_plan(json.dumps({"format_version": "1.2", "resource_changes": [resource]}).encode(), name="plan")
        diff = summarize(plan).changes[0].diff
        return count_calls(lambda: list(tell_attributes(diff, Limits())))

    assert calls(800) <= 2.5 * calls(400)


def test_a_coarse_comparison_of_texts_says_so() -> None:
    """Where a text is too long and too repetitive, its lines are compared by position, and the reader is told."""
    before = "\n".join(f"line {number % 7}" for number in range(300))
    after = "\n".join(f"line {number % 5}" for number in range(300))

    assert changed(before, after)[0].endswith(" of 300 lines, compared by position)")


@given(st.text(), st.text())
def test_the_name_of_an_element_is_one_that_is_seen(text: str, attribute: str) -> None:
    """Whatever its values say, a name has no line break, and nothing in it is invisible."""
    for name in (ElementName(text), ElementName(beside=((attribute or "x", text), ("flag", True)))):
        written = write_name(name)
        assert visible(written) == written
        assert "\n" not in written


WORDS = [f"{letter * 40}" for letter in "abcdefg"]


@given(st.lists(st.sampled_from(WORDS), max_size=7, unique=True), st.permutations(WORDS), st.integers(0, 7))
def test_what_is_shown_of_a_list_gives_the_list(before: list[str], words: list[str], count: int) -> None:
    """What goes, what comes at which place, what moves where: applied to what was, that is what will be."""
    after = words[:count]
    shown = told({"a": json.dumps({"k": before})}, {"a": json.dumps({"k": after})}, limits=UNCUT)
    left = [word for word in before if not any(line.marker == "-" and f'"{word}"' in line.text for line in shown)]
    placed: dict[int, str] = {}
    last: list[str] = []
    for line in shown:
        for word in re.findall(r'"(\w+)"', line.text) if line.marker in "+!" and " -> " not in line.text else ():
            place = re.search(r"(\d+)(?:st|nd|rd|th) of \d+(?:, while others move)?$", line.text)
            if line.marker == "!" and place:
                left.remove(word)
            if place:
                placed[int(place[1]) - 1] = word
            else:
                last.append(word)
    for position in sorted(placed):
        left.insert(position, placed[position])
    on_one_line = [line.text for line in shown if " -> " in line.text]
    if on_one_line:
        assert re.findall(r'"(\w+)"', on_one_line[0].partition(" -> ")[2]) == after
    else:
        assert [*left, *last] == after
