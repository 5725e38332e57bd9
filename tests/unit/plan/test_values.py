"""Values: what is the same, how it is written, what stands in a string as JSON."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.values import (
    MAX_DEPTH,
    UNKNOWN,
    Base64Text,
    Described,
    EmbeddedJson,
    Number,
    Sensitive,
    identity,
    is_deep,
    is_empty,
    read_embedded_json,
    read_json,
    write_json,
)

INTEGERS = st.integers(-(10**60), 10**60).map(str)
NUMBERS = st.one_of(
    INTEGERS,
    st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?", fullmatch=True),
    st.sampled_from(
        ["0", "-0", "0.0", "1", "1.0", "1e0", "10e-1", "100", "1e2", "1E+2", "-100", "-1e2", "1e999999999"]
    ),
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS.map(Number.read),
    st.text(max_size=3),
    st.sampled_from(["1", "null", "true", UNKNOWN.value, "<unknown>", "(sensitive value)"]),
    st.just(UNKNOWN),
    st.builds(Base64Text, st.sampled_from(["", "x", "> <"])),
    st.builds(Described, st.sampled_from(["", "x", "x y"]), st.sampled_from(["", "x", "y x"])),
    st.builds(Sensitive, st.integers(0, 2), st.booleans(), st.booleans()),
)
# Objects and lists that look like what stands for a value that is none of JSON's own.
KEYS = st.sampled_from(["a", "number", "text", "value", "secret", "is_marked", "unknown", "json", "document"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3), inner.map(EmbeddedJson)
    ),
    max_leaves=6,
)


@given(NUMBERS, NUMBERS)
def test_numbers_are_the_same_when_they_are_the_same_number(one: str, other: str) -> None:
    """Numbers are compared exactly, however many digits they have, and not by how they are written."""
    equal = Decimal(one) == Decimal(other)
    assert (Number.read(one) == Number.read(other)) is equal
    assert (identity(Number.read(one)) == identity(Number.read(other))) is equal


@given(NUMBERS)
def test_a_number_keeps_its_text(text: str) -> None:
    """A number is written as Terraform wrote it."""
    assert write_json([Number.read(text)]) == f"[{text}]"


@given(st.integers(-(10**60), 10**60))
def test_a_number_is_what_it_was_before_masking(number: int) -> None:
    """A whole number of a decoded document and the same one among the values have one identity."""
    assert identity(number) == identity(Number.read(str(number))) == identity(Number.read(f"{number}.0"))


@given(VALUES, VALUES)
def test_identity_is_equality(one: Any, other: Any) -> None:
    """Two values have the same identity exactly if they are equal: nothing can pass for what it is not."""
    assert (identity(one) == identity(other)) is (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, Number.read("1")),
        (False, Number.read("0")),
        (None, "null"),
        (UNKNOWN, UNKNOWN.value),
        (UNKNOWN, None),
        (UNKNOWN, {"value": UNKNOWN.value}),
        (Number.read("1"), "1"),
        (Number.read("1"), {"number": "1"}),
        (Number.read("1"), {"text": "1", "value": "1"}),
        (Sensitive(1, is_marked=True), Sensitive(1, is_marked=False)),
        (Sensitive(1, is_marked=True), Sensitive(2, is_marked=True)),
        (Sensitive(1, is_marked=True), "(sensitive value)"),
        (Sensitive(1, is_marked=True), Sensitive(1, is_marked=True, may_differ=True)),
        (Described("12 bytes", "one"), Described("12 bytes", "other")),
        (Described("a b", "c"), Described("a", "b c")),
        (Base64Text("x"), "x"),
        (Base64Text("x"), "eA=="),
        (Described("12 bytes", "one"), "(12 bytes)"),
        (EmbeddedJson({}), {}),
        (EmbeddedJson({}), {"document": {}}),
        (Number.read("12345678901234567890123456789012"), Number.read("12345678901234567890123456789013")),
        (Number.read("1e999999999"), Number.read("1e999999998")),
    ],
)
def test_what_only_looks_the_same(one: Any, other: Any) -> None:
    """Values of different kinds are never the same, whatever they look like."""
    assert one != other
    assert identity(one) != identity(other)


def test_written_in_words() -> None:
    """Unknown and sensitive values are written in words, what was taken apart as the string that it is."""
    value = {"b": [UNKNOWN, Sensitive(7, is_marked=True)], "a": EmbeddedJson({"n": Number.read("1.10")}), "c": None}
    assert json.loads(write_json(value)) == {
        "a": '{"n":1.10}',
        "b": ["(known after apply)", "(sensitive value)"],
        "c": None,
    }
    assert write_json({"b": 1, "a": True}) == '{"a":true,"b":1}'
    assert write_json((UNKNOWN,)) == '["(known after apply)"]'
    assert write_json(Base64Text("x")) == '"eA=="'
    assert write_json(Described("12 bytes", "what they are")) == '"(12 bytes)"'


def test_a_document_is_written_however_deep_it_is() -> None:
    """Masking asks for the identity of values that are nested deeper than its own walks go."""
    document: Any = [Number.read("1.0")]
    for _ in range(400):
        document = {"a": [document]}

    assert write_json(document) == '{"a":[' * 400 + "[1.0]" + "]}" * 400
    assert identity(document) == b'{"a":[' * 400 + b"[1]" + b"]}" * 400


def test_what_is_no_value_is_refused() -> None:
    """Only values are written; anything else is a mistake of ours."""
    with pytest.raises(TypeError):
        write_json(object())
    with pytest.raises(TypeError):
        identity(object())


def test_reading() -> None:
    """Whole numbers are read as such, others keep their text, and nothing becomes a float."""
    document = read_json(b'{"a": [1, 1.10, 1e5, 12345678901234567890123, null, true, "x"]}')
    assert document == {
        "a": [1, Number.read("1.10"), Number.read("1e5"), 12345678901234567890123, None, True, "x"],
    }
    assert "1.10" in repr(document)


@pytest.mark.parametrize("text", ['{"a": 1}', ' \n[1, "x", null, 1.0]', "[]", "{}", "[" * MAX_DEPTH + "]" * MAX_DEPTH])
def test_json_in_a_string(text: str) -> None:
    """A string that is wholly an object or list as JSON holds that document."""
    assert write_json(read_embedded_json(text)) == write_json(read_json(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        '"a"',
        "null",
        "{",
        "{a: 1}",
        "[1] x",
        "x [1]",
        '["\\ud800"]',
        "[\ud800]",
        '["\n"]',
        "[1e99999999999999999999]",
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        '{"a":' * 70 + "1" + "}" * 70,
        "[" * 100_000,
        "[" * 5_000 + "]" * 5_000,
    ],
)
def test_no_json_in_a_string(text: str) -> None:
    """Any other string is only a string: a scalar, what is no JSON, what no program can read, what is too deep."""
    assert read_embedded_json(text) is None


@given(st.integers(1, 2 * MAX_DEPTH), st.booleans())
def test_depth(depth: int, is_list: bool) -> None:  # noqa: FBT001 - an argument of hypothesis
    """A document is deep when more containers lie in each other than our walks go through."""
    document: Any = [] if is_list else {}
    for _ in range(depth - 1):
        document = [1, document, "x"] if is_list else {"a": 1, "b": document}
    assert is_deep(document) is (depth > MAX_DEPTH)


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_empty(value: Any) -> None:
    """Null, "", [] and {} say nothing."""
    assert is_empty(value)


@pytest.mark.parametrize("value", [False, Number.read("0"), " ", [None], UNKNOWN, Sensitive(1, is_marked=True)])
def test_not_empty(value: Any) -> None:
    """Everything else says something, false and 0 included."""
    assert not is_empty(value)


def test_decoding_errors_are_known() -> None:
    """What reading raises is what its callers know of."""
    for text, error in [
        (b"{", msgspec.DecodeError),
        (b'"\xff"', UnicodeDecodeError),
        (b"1e99999999999999999999", ArithmeticError),
        (b"[" * 100_000, RecursionError),
    ]:
        with pytest.raises(error):
            read_json(text)


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '[{"b": {"a": 1, "c": 2, "a": 1}}]'])
def test_a_document_that_repeats_a_key_stays_a_string(text: str) -> None:
    """To take it apart would hide one of the two, and with it a change."""
    assert read_embedded_json(text) is None


@pytest.mark.cost
@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_is_read_once(indent: int | None, count_calls: Callable[..., int]) -> None:
    """Whatever white space it has: that no key stands twice in it is told without a second reading in Python."""
    text = json.dumps({"Statement": [{"Sid": str(n), "Action": ["a:B", "a:C"]} for n in range(50)]}, indent=indent)
    assert read_embedded_json(text) is not None
    assert count_calls(lambda: read_embedded_json(text), json.loads.__code__) == 0
