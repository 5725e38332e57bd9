"""The difference of two values: applied to what was, it gives what will be."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.diff import (
    Added,
    Changed,
    ChangedText,
    Differ,
    Difference,
    Form,
    Nested,
    Part,
    Removed,
    leaves,
)
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.values import MAX_DEPTH, UNKNOWN, EmbeddedJson, Number, Sensitive, Value, read_json

STRINGS = st.sampled_from(
    [
        "",
        "a",
        "b",
        "a\nb\nc",
        "a\nc",
        "a\nb\nc\n",
        '{"x": 1}',
        '{"x":1.0}',
        '{"x": 2, "y": [1, 2, "[3]"]}',
        '["a"]',
        "[]",
    ]
)
LEAVES = st.one_of(
    STRINGS,
    st.sampled_from(
        [
            None,
            True,
            False,
            UNKNOWN,
            Sensitive(1, is_marked=True),
            Sensitive(1, is_marked=False),
            Sensitive(2, is_marked=True),
        ]
    ),
    st.sampled_from(["0", "1", "1.0", "2"]).map(Number.read),
)
KEYS = st.sampled_from(["a", "b", "name", "id"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=10,
)
ABSENT: Any = object()


@st.composite
def edited(draw: st.DrawFn, value: Any) -> Any:
    """The value with a few changes somewhere inside."""
    if draw(st.integers(0, 4)) == 0:
        return draw(VALUES)
    if isinstance(value, dict):
        kept = {key: draw(edited(inner)) for key, inner in value.items() if draw(st.integers(0, 5))}
        return {**kept, **draw(st.dictionaries(KEYS, LEAVES, max_size=1))}
    if isinstance(value, list):
        kept_items = [draw(edited(inner)) for inner in value if draw(st.integers(0, 5))]
        return (
            draw(st.permutations(kept_items))
            if draw(st.booleans())
            else [*draw(st.lists(LEAVES, max_size=1)), *kept_items]
        )
    return value


def plain(value: Any) -> Any:
    """The value in a form of the tests' own: comparable, JSON in strings taken apart, no attribute that is null.

    The elements of a list are a multiset: what only changes its place is said in words.
    """
    match value:
        case bool() | None:
            return value
        case str():
            try:
                document = json.loads(value, parse_int=Number.read, parse_float=Number.read)
            except ValueError:
                return ("text", value)
            return ("json", plain(document)) if isinstance(document, dict | list) else ("text", value)
        case EmbeddedJson():
            return ("json", plain(value.document))
        case Number():
            return ("number", value.value)
        case dict():
            return ("object", frozenset((key, plain(inner)) for key, inner in value.items() if inner is not None))
        case list():
            return ("list", frozenset(Counter(plain(inner) for inner in value).items()))
        case _:
            return ("special", value)


class DoesNotApplyError(Exception):
    """The difference is none of this value."""


def applied(difference: Difference, before: Any) -> Any:
    """What becomes of the value, in the tests' own form."""
    match difference:
        case Added(after):
            expect(before is ABSENT or before is None)
            return plain(after)
        case Removed(gone):
            expect(before is not ABSENT and plain(before) == plain(gone))
            return None
        case Changed(old, new):
            expect(plain(before) == plain(old))
            return plain(new)
        case ChangedText(old, new):
            expect(before == old)
            return plain(new)
        case Nested(is_json=True):
            document = read_json(before)
            return ("json", applied_to(difference, value_of(document)))
        case Nested():
            return applied_to(difference, before)


def value_of(document: Any) -> Any:
    """A decoded document as a value."""
    match document:
        case dict():
            return {key: value_of(inner) for key, inner in document.items()}
        case list():
            return [value_of(inner) for inner in document]
        case int() if not isinstance(document, bool):
            return Number.read(str(document))
        case _:
            return document


def applied_to(nested: Nested, before: Any) -> Any:
    """What becomes of the container."""
    if nested.form is Form.OBJECT:
        expect(isinstance(before, dict))
        parts = {part.step: part.difference for part in nested.parts}
        expect(len(parts) == len(nested.parts))
        result = {key: plain(value) for key, value in before.items() if key not in parts}
        expect(nested.unchanged == sum(value is not None for value in result.values()))
        result |= {str(key): applied(inner, before.get(key, ABSENT)) for key, inner in parts.items()}
        return ("object", frozenset((key, value) for key, value in result.items() if value is not None))
    items = before if isinstance(before, list) else [before]
    left = list(items)
    result_items = []
    for part in nested.parts:
        if isinstance(part.difference, Removed):
            expect(plain(items[int(part.step)]) == plain(part.difference.before))
            left.remove(items[int(part.step)])
    for part in nested.parts:
        if isinstance(part.difference, Added):
            result_items.append(plain(part.difference.after))
        elif not isinstance(part.difference, Removed):
            result_items.append(of_any(part.difference, left))
    expect(nested.unchanged == len(left))
    if nested.note == "becomes a single value":
        (single,) = [*result_items, *map(plain, left)]
        return single
    return ("list", frozenset(Counter([*result_items, *map(plain, left)]).items()))


def of_any(difference: Difference, left: list[Any]) -> Any:
    """What becomes of the one element that the difference is of; it is taken out of the list."""
    for place, item in enumerate(left):
        try:
            result = applied(difference, item)
        except NOT_THIS_ONE:
            continue
        del left[place]
        return result
    raise DoesNotApplyError


def expect(condition: bool) -> None:  # noqa: FBT001 - reads like assert
    """Raise if the difference is none of the value at hand."""
    if not condition:
        raise DoesNotApplyError


# What goes wrong when a difference is tried on an element that it is not of: no such place, no such kind, no JSON.
NOT_THIS_ONE = (DoesNotApplyError, IndexError, ValueError, TypeError, msgspec.DecodeError)


@given(st.data())
def test_applying_the_difference(data: st.DataObject) -> None:
    """The difference, applied to what was, gives what will be; there is none only where both are the same."""
    before = data.draw(VALUES)
    after = data.draw(edited(before))
    part = Differ(Mask()).part("attribute", before, after)
    if part is None:
        assert plain(before) == plain(after)
        assert before == after
    else:
        assert part.step == "attribute"
        assert before != after
        assert applied(part.difference, before) == plain(after)


@given(VALUES, VALUES)
def test_positions(before: Any, after: Any) -> None:
    """The step of a part leads to what comes in what will be, and to what goes in what was."""
    part = Differ(Mask()).part("attribute", before, after)
    if part is None or not isinstance(part.difference, Nested) or part.difference.is_json:
        return
    old, new = (side if isinstance(side, dict | list) else [side] for side in (before, after))
    for inner in part.difference.parts:
        match inner.difference:
            case Added(value):
                assert plain(new[inner.step]) == plain(value)  # type: ignore[index] # both are what the step leads into
            case Removed(value):
                assert plain(old[inner.step]) == plain(value)  # type: ignore[index] # the same
            case _:
                assert new[inner.step] is not None  # type: ignore[index] # the same


def differences(before: Value, after: Value, *paths: tuple[str | int, ...]) -> Difference | None:
    """The difference of two values of one attribute."""
    part = Differ(Mask(), frozenset(paths)).part("a", before, after)
    return part.difference if part else None


def number(value: int) -> Number:
    """The number as a value of a plan."""
    return Number.read(str(value))


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        (None, "x", Added("x")),
        ("x", None, Removed("x")),
        (None, [], Changed(None, [])),
        ({}, None, Changed({}, None)),
        ("x", "y", Changed("x", "y")),
        (True, False, Changed(before=True, after=False)),
        (True, number(1), Changed(True, number(1))),  # noqa: FBT003 - a value
        ("1", number(1), Changed("1", number(1))),
        ("x", UNKNOWN, Changed("x", UNKNOWN)),
        ({"x": "y"}, "z", Changed({"x": "y"}, "z")),
        ({"x": "y"}, ["y"], Changed({"x": "y"}, ["y"])),
        (["y"], {"x": "y"}, Changed(["y"], {"x": "y"})),
        (["x"], "z", Changed(["x"], "z")),
        ("x", ["y"], Changed("x", ["y"])),
        ('{"a":1}', "plain", Changed('{"a":1}', "plain")),
        ("1", "2", Changed("1", "2")),
        ('{"a":1}', '["a"]', Changed(EmbeddedJson({"a": number(1)}), EmbeddedJson(["a"]))),
        (None, '{"a":[1]}', Added(EmbeddedJson({"a": [number(1)]}))),
        (None, {"x": ['["y"]']}, Added({"x": [EmbeddedJson(["y"])]})),
        (
            '{"a":1,"b":2}',
            '{ "b": 2.0, "a": 1 }',
            Changed(
                '{"a":1,"b":2}',
                '{ "b": 2.0, "a": 1 }',
                "only the JSON's formatting changes, not what it says",
                formatting_only=True,
            ),
        ),
        (
            Sensitive(3, is_marked=True),
            Sensitive(3, is_marked=False),
            Changed(
                Sensitive(3, is_marked=True),
                Sensitive(3, is_marked=False),
                "the value is unchanged, but will no longer be marked as sensitive",
            ),
        ),
        (
            Sensitive(3, is_marked=False),
            Sensitive(3, is_marked=True),
            Changed(
                Sensitive(3, is_marked=False),
                Sensitive(3, is_marked=True),
                "the value is unchanged, but will be marked as sensitive",
            ),
        ),
        (
            Sensitive(3, is_marked=True),
            Sensitive(4, is_marked=True),
            Changed(Sensitive(3, is_marked=True), Sensitive(4, is_marked=True)),
        ),
        (
            Sensitive(3, is_marked=False),
            Sensitive(4, is_marked=True),
            Changed(
                Sensitive(3, is_marked=False),
                Sensitive(4, is_marked=True),
                "the value changes, and will be marked as sensitive",
            ),
        ),
        (
            Sensitive(3, is_marked=True),
            Sensitive(4, is_marked=False),
            Changed(
                Sensitive(3, is_marked=True),
                Sensitive(4, is_marked=False),
                "the value changes, and will no longer be marked as sensitive",
            ),
        ),
        (
            Sensitive(3, is_marked=False),
            Sensitive(4, is_marked=True, may_differ=True),
            Changed(
                Sensitive(3, is_marked=False),
                Sensitive(4, is_marked=True, may_differ=True),
                "it will be marked as sensitive, and the redacted plan does not say whether it changes",
            ),
        ),
        (
            Sensitive(3, is_marked=True),
            Sensitive(3, is_marked=True, may_differ=True),
            Changed(
                Sensitive(3, is_marked=True),
                Sensitive(3, is_marked=True, may_differ=True),
                "the redacted plan does not say whether it changes",
            ),
        ),
        (
            "a",
            ["a", "b"],
            Nested(
                form=Form.LIST, parts=(Part(step=1, difference=Added("b")),), unchanged=1, note="was a single value"
            ),
        ),
        (
            ["b", "a"],
            "a",
            Nested(
                form=Form.LIST,
                parts=(Part(step=0, difference=Removed("b")),),
                unchanged=1,
                note="becomes a single value",
            ),
        ),
        ("a", ["a"], Nested(form=Form.LIST, parts=(), unchanged=1, note="was a single value")),
        (["a", "b"], ["b", "a"], Nested(form=Form.LIST, parts=(), unchanged=2, note="only the order changes")),
        (
            ["a", "b"],
            ["b", "a", "c"],
            Nested(
                form=Form.LIST,
                parts=(Part(step=2, difference=Added("c")),),
                unchanged=2,
                note="1 unchanged, but in another place",
            ),
        ),
        ([None], [], Nested(form=Form.LIST, parts=(Part(step=0, difference=Removed(None)),))),
        (
            {},
            {"a": None},
            Nested(form=Form.OBJECT, parts=(Part(step="a", difference=Added(None), comes_or_goes=True),)),
        ),
        (
            {"a": "x", "b": None, "c": "y"},
            {"a": "x", "b": None, "c": "z"},
            Nested(form=Form.OBJECT, parts=(Part(step="c", difference=Changed("y", "z")),), unchanged=1),
        ),
        (
            '{"a": {"b": "x", "c": 1}}',
            '{"a": {"b": "y", "c": 1}}',
            Nested(
                form=Form.OBJECT,
                is_json=True,
                parts=(
                    Part(
                        step="a",
                        difference=Nested(
                            form=Form.OBJECT, parts=(Part(step="b", difference=Changed("x", "y")),), unchanged=1
                        ),
                    ),
                ),
            ),
        ),
        (number(1), Number.read("1.0"), None),
        ({"a": [number(1)]}, {"a": [Number.read("1e0")]}, None),
    ],
)
def test_kinds(before: Value, after: Value, difference: Difference | None) -> None:
    """Every kind of difference is what it is called, with the words that the values do not say."""
    assert differences(before, after) == difference


def test_two_lists_of_firewall_rules() -> None:
    """A rule of which one attribute changes is one changed rule, named by its ports."""
    rule: dict[str, Value] = {"from_port": number(22), "to_port": number(22), "protocol": "tcp", "cidr": "10.0.0.0/8"}
    other: dict[str, Value] = {**rule, "from_port": number(80), "to_port": number(80)}
    difference = differences([other, rule], [{**rule, "cidr": "0.0.0.0/0"}, other])
    assert isinstance(difference, Nested)
    (part,) = difference.parts
    assert (part.step, part.label) == (0, "22/tcp")
    assert difference.unchanged == 1


@pytest.mark.parametrize(
    ("before", "after", "path", "forcing"),
    [
        ("x", "y", ("a",), [("a",)]),
        (None, "y", ("a",), [("a",)]),
        ({"b": "x", "c": "x"}, {"b": "y", "c": "y"}, ("a", "b"), [("a", "b")]),
        ({"b": ["x"]}, {"b": ["y"]}, ("a",), [("a",)]),
        ({"b": "x"}, {"c": "x"}, ("a", "b"), [("a", "b")]),
        (["x"], ["y"], ("a", 0), [("a", 0), ("a", 0)]),
        (["x"], ["y"], ("a", 7), [("a",)]),
        ({"b": {"c": "x"}}, {"b": {"c": "y"}}, ("a", "b", "c"), [("a", "b", "c")]),
        ({"b": {"c": "x"}}, {"b": None}, ("a", "b", "c"), [("a", "b")]),
        ('{"b":1}', '{"b":2}', ("a",), [("a",)]),
        ({"b": "x"}, {"b": "y"}, ("z",), []),
        ("x", "y", (), []),
    ],
)
def test_what_forces_the_replacement(
    before: Value, after: Value, path: tuple[str | int, ...], forcing: list[tuple[str | int, ...]]
) -> None:
    """The part at a path that forces the replacement says so; where the path leads to no part, the attribute does."""

    def found(part: Part, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
        here = (*above, part.step)
        if part.forces_replacement:
            yield here
        if isinstance(part.difference, Nested):
            for inner in part.difference.parts:
                yield from found(inner, here)

    part = Differ(Mask(), frozenset({path})).part("a", before, after)
    assert part is not None
    assert list(found(part)) == forcing


def test_leaves() -> None:
    """The leaves are the differences without parts; a mere new order is one, too."""
    before: Value = {"x": {"y": "1"}, "z": ["a", "b"], "n": "1"}
    after: Value = {"x": {"y": "2"}, "z": ["b", "a"], "n": None}
    difference = differences(before, after)
    assert difference is not None
    assert [path for path, _ in leaves(difference)] == [("n",), ("x", "y"), ("z",)]


def test_json_in_json_in_json() -> None:
    """Documents in strings of documents are compared inside, as deep as a reader may want to follow."""
    one, other = (
        json.dumps({"a": json.dumps({"b": json.dumps({"c": 1})})}),
        json.dumps({"a": json.dumps({"b": '{"c": 2}'})}),
    )
    difference = differences(one, other)
    assert difference is not None
    ((path, leaf),) = leaves(difference)
    assert path == ("a", "b", "c")
    assert leaf == Changed(number(1), number(2))


def nested(depth: int, leaf: str) -> Value:
    """A value so deep."""
    value: Value = leaf
    for _ in range(depth):
        value = {"a": [value, "x"]}
    return value


def nested_json(layers: int, depth: int, leaf: str) -> str:
    """JSON in JSON in JSON, each so deep."""
    text = leaf
    for _ in range(layers):
        text = '{"a":' * depth + json.dumps(text) + "}" * depth
    return text


def test_deep() -> None:
    """Values and documents as deep as a mask lets through, and documents in documents, are compared and shown."""
    assert differences(nested(MAX_DEPTH // 2, "x"), nested(MAX_DEPTH // 2, "y")) is not None
    for layers in range(1, 9):
        one, other = nested_json(layers, MAX_DEPTH, "x"), nested_json(layers, MAX_DEPTH, "y")
        assert differences(one, other) is not None
        assert differences(None, nested(MAX_DEPTH // 2, one)) is not None
        assert differences(nested(MAX_DEPTH // 2, one), nested(MAX_DEPTH // 2, other)) is not None
