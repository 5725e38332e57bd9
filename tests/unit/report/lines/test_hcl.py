"""Values as HCL: what Terraform would write, and nothing that a value could use to look like something else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.values import UNKNOWN, EmbeddedJson, Number, Sensitive, Value
from tfc_plan_comment.report.lines.hcl import assign, assign_all, behind_gutter, inline, name_key, quote
from tfc_plan_comment.report.lines.line import WHOLE, WIDTH, Cut, Limits, Pen, cut_of
from tfc_plan_comment.report.unseen import visible

LIMITS = Limits(characters=20, lines=3)
WIDE = Limits()


def assigned(label: str, value: Value, limits: Limits) -> list[str]:
    return [str(line)[2:] for line in assign(label, value, Pen(limits))]


def attributes(value: dict[str, Value], limits: Limits) -> list[str]:
    return [str(line)[2:] for line in assign_all(value, Pen(limits))]


def gutter(text: str, limits: Limits) -> str:
    return behind_gutter(text, Pen(limits)).text


SECRET = Sensitive(1, is_marked=True)


def number(text: str) -> Number:
    return Number.read(text)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        ("", '""'),
        ("a", '"a"'),
        (number("1.10"), "1.10"),
        (number("12345678901234567890123"), "12345678901234567890123"),
        (UNKNOWN, "(known after apply)"),
        (SECRET, "(sensitive value)"),
        ([], "[]"),
        ({}, "{}"),
        ([None, [True], {}], "[null, [true], {}]"),
        ({"a": UNKNOWN, "b c": SECRET}, '{ a = (known after apply), "b c" = (sensitive value) }'),
        (EmbeddedJson({"a": [number("1")]}), "jsonencode({ a = [1] })"),
        (EmbeddedJson([]), "jsonencode([])"),
    ],
)
def test_a_value_on_one_line(value: Value, written: str) -> None:
    """Each kind of value as Terraform writes it; numbers keep their text; what is hidden or unknown is said."""
    assert inline(value, WIDE) == (written, 0)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('say "hi"', r'"say \"hi\""'),
        ("C:\\new", r'"C:\\new"'),
        ('\\"', r'"\\\""'),
        ("a\nb\r\tc", r'"a\nb\r\tc"'),
        ("\x1b[31m\u202e", r'"\x1b[31m\u202e"'),
        ("${x} %{y}", '"${x} %{y}"'),
    ],
)
def test_a_string_is_quoted_with_the_backslash_first(text: str, written: str) -> None:
    """Quotation marks, backslashes and line ends are escaped so that no two strings look alike."""
    assert quote(text) == written


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)) | st.text('\\"nrt\n\r\t'))
def test_a_quoted_string_can_be_read_back(text: str) -> None:
    """No two strings are written alike."""
    assert json.loads(quote(text)) == text


@given(st.text())
def test_a_name_is_one_line_and_bare_only_if_hcl_allows_it(key: str) -> None:
    """A key with anything else in it stands in quotation marks, and can end neither its line nor them."""
    written = name_key(key)

    assert written == key or written == quote(key)
    assert "\n" not in written
    assert written == visible(written)


@pytest.mark.parametrize(("key", "bare"), [("a_b-1", True), ("1a", False), ("a b", False), ("", False), ("a\n", False)])
def test_which_names_are_bare(key: str, bare: bool) -> None:  # noqa: FBT001 - what is expected
    """Letters, digits, dashes and underlines, and no digit first."""
    assert (name_key(key) == key) is bare


def test_a_long_string_is_cut_and_its_length_is_said() -> None:
    """The characters up to the limit, then how many there are; one that fits is whole."""
    assert inline("x" * 20, LIMITS) == (f'"{"x" * 20}"', 0)
    assert inline("x" * 2_000, LIMITS) == (f'"{"x" * 20}"… (2,000 characters)', 1_980)
    assert inline(["x" * 21, {"a": "x" * 22}, EmbeddedJson(["x" * 23])], LIMITS).missing == 1 + 2 + 3


def test_a_text_of_several_lines_stands_behind_a_gutter() -> None:
    """Its own dashes are not the diff's; lines and characters are cut at the limits, and counted."""
    text = "- a\n+ b\n" + "c" * 30 + "\nd\ne\n"

    assert list(assigned("user_data", text, LIMITS)) == [
        "user_data (text, 5 lines)",
        "│ - a",
        "│ + b",
        f"│ {'c' * 20}… (30 characters)",
        "… 2 more lines",
    ]
    assert cut_of(assign("user_data", text, Pen(LIMITS))) == Cut(characters=10, lines=2)
    assert cut_of(assign("user_data", text, Pen(WIDE))) == WHOLE
    assert list(assigned("", "a\nb", WIDE)) == ["(text, 2 lines)", "│ a", "│ b"]
    assert list(assigned("note", "one line\n", WIDE)) == [r'note = "one line\n"']


def test_a_gutter_shows_what_cannot_be_seen() -> None:
    """A carriage return, or a letter that turns the line around, is an escape."""
    assert gutter("a\r\u202eb", WIDE) == r"│ a\r\u202eb"
    assert gutter("", WIDE) == "│"


def test_what_is_too_wide_for_one_line_takes_several_with_its_equals_signs_aligned() -> None:
    """An object or a list that is wider than a line has an attribute or an element on each."""
    value: Value = {"name": "x" * 60, "id": "y" * 40, "list": ["z" * 50, "z" * 51], "odd key": True}

    assert list(assigned("settings", value, WIDE)) == [
        "settings = {",
        f'  name      = "{"x" * 60}"',
        f'  id        = "{"y" * 40}"',
        "  list = [",
        f'    "{"z" * 50}",',
        f'    "{"z" * 51}",',
        "  ]",
        '  "odd key" = true',
        "}",
    ]


def test_a_name_that_is_very_long_does_not_push_the_others_to_the_right() -> None:
    """Equals signs are aligned up to a width; a longer name stands out alone."""
    assert list(attributes({"a": True, "bc": True, "x" * 60: True}, WIDE)) == [
        "a  = true",
        "bc = true",
        f"{'x' * 60} = true",
    ]
    wide = "x" * (WIDTH - len('a = ""'))
    assert list(attributes({"a": wide, "bb": "y"}, WIDE)) == [f'a = "{wide}"', 'bb = "y"']


def test_a_list_of_objects_is_written_as_blocks_without_what_is_empty() -> None:
    """As in a configuration: one block for each, with the attributes that are set."""
    rules: Value = [{"port": number("22"), "description": "", "cidrs": [], "self": False}, {"port": number("80")}]

    assert list(assigned("ingress", rules, WIDE)) == [
        "ingress { port = 22, self = false }",
        "ingress { port = 80 }",
    ]


def test_json_in_a_string_is_written_as_what_it_is() -> None:
    """Short JSON on one line, long JSON on several, between the brackets of jsonencode."""
    short = EmbeddedJson({"a": number("1")})
    long = EmbeddedJson({"Statement": [{"Action": "s3:" + "x" * 60, "Effect": "Allow", "Resource": "*" * 20}]})

    assert list(assigned("policy", short, WIDE)) == ["policy = jsonencode({ a = 1 })"]
    assert list(assigned("policy", long, WIDE)) == [
        "policy = jsonencode({",
        "  Statement {",
        f'    Action   = "s3:{"x" * 60}"',
        '    Effect   = "Allow"',
        f'    Resource = "{"*" * 20}"',
        "  }",
        "})",
    ]


def test_a_string_is_never_broken_however_long() -> None:
    """Only objects and lists take several lines."""
    (line,) = assigned("a", "x" * 200, WIDE)

    assert len(line) > WIDTH


def test_without_a_name_the_value_stands_alone() -> None:
    """As an element of a list does."""
    assert list(assigned("", {"a": True, "b": None}, WIDE)) == ["{ a = true }"]
    assert list(assigned("", "a", WIDE)) == ['"a"']


leaf = (
    st.none()
    | st.booleans()
    | st.text()
    | st.just(UNKNOWN)
    | st.just(SECRET)
    | st.integers().map(lambda n: number(str(n)))
)
values = st.recursive(leaf, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(values)
def test_no_value_writes_a_line_of_its_own(value: Value) -> None:
    """Every line is one line, whatever stands in keys and strings; and each shows all its characters."""
    for line in [inline(value, WIDE).text, *assigned("a", value, WIDE)]:
        assert line == visible(line)
