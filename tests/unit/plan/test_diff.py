"""The difference of two values: applied to what was, it gives what will be."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.diff import ORDER_ONLY, Differ
from tfc_plan_comment.plan.difference import (
    Added,
    Changed,
    ChangedText,
    Difference,
    Form,
    Moved,
    Nested,
    Part,
    Place,
    Removed,
    leaves,
)
from tfc_plan_comment.plan.secrets.mask import Mask
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
    moved = sum(isinstance(part.difference, Moved) for part in nested.parts)
    changed_and_moved = Counter(part.step for part in nested.parts if not isinstance(part.difference, Removed))
    moved -= sum(count > 1 for count in changed_and_moved.values())
    for part in nested.parts:
        if isinstance(part.difference, Removed):
            expect(plain(items[int(part.step)]) == plain(part.difference.before))
            left.remove(items[int(part.step)])
    for part in nested.parts:
        if isinstance(part.difference, Added):
            result_items.append(plain(part.difference.after))
        elif not isinstance(part.difference, Removed | Moved):
            result_items.append(of_any(part.difference, left))
    expect(nested.unchanged == len(left) - moved)
    if str(nested.note).startswith("written as a single value"):
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

    def at(side: Any, step: str | int) -> Any:
        """The value to which the step leads; a single value is a list of itself."""
        container: Any = side if isinstance(side, dict | list) else [side]
        return container[step]

    for inner in part.difference.parts:
        match inner.difference:
            case Added(value):
                assert plain(at(after, inner.step)) == plain(value)
            case Removed(value):
                assert plain(at(before, inner.step)) == plain(value)
            case Changed(before=value, after=None):  # an empty value becomes null: both are written
                assert plain(at(before, inner.step)) == plain(value)
            case Moved(value):  # be it null
                assert plain(at(after, inner.step)) == plain(value)
            case _:
                assert at(after, inner.step) is not None


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
                "only the JSON's formatting changes",
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
            Nested(form=Form.LIST, parts=(Part(step=1, difference=Added("b")),), unchanged=1, note="written as a list"),
        ),
        (
            ["b", "a"],
            "a",
            Nested(
                form=Form.LIST,
                parts=(Part(step=0, difference=Removed("b")),),
                unchanged=1,
                note="written as a single value",
            ),
        ),
        ("a", ["a"], Nested(form=Form.LIST, parts=(), unchanged=1, note="written as a list, the same value")),
        (
            ["a", "b"],
            ["b", "a"],
            Nested(
                form=Form.LIST,
                parts=(Part(step=1, difference=Moved("a", Place(0, 2), Place(1, 2))),),
                unchanged=1,
                whole=Changed(["a", "b"], ["b", "a"]),
            ),
        ),
        (
            ["a", "b"],
            ["b", "a", "c"],
            Nested(
                form=Form.LIST,
                parts=(
                    Part(step=1, difference=Moved("a", Place(0, 2), Place(1, 3))),
                    Part(step=2, difference=Added("c")),
                ),
                unchanged=1,
                whole=Changed(["a", "b"], ["b", "a", "c"]),
            ),
        ),
        (
            ["b", "a"],
            ["b", "x", "a"],
            Nested(
                form=Form.LIST,
                parts=(Part(step=1, difference=Added("x", Place(1, 3))),),
                unchanged=2,
                whole=Changed(["b", "a"], ["b", "x", "a"]),
            ),
        ),
        (
            ["a", "c"],
            ["a", "b", "c"],
            Nested(form=Form.LIST, parts=(Part(step=1, difference=Added("b")),), unchanged=2),
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
    """A rule of which one attribute changes is one changed rule, named by its ports; so is one that moves."""
    rule: dict[str, Value] = {"from_port": number(22), "to_port": number(22), "protocol": "tcp", "cidr": "10.0.0.0/8"}
    other: dict[str, Value] = {**rule, "from_port": number(80), "to_port": number(80)}
    difference = differences([other, rule], [{**rule, "cidr": "0.0.0.0/0"}, other])
    assert isinstance(difference, Nested)
    part, move = difference.parts
    assert (part.step, part.name.label) == (0, "22/tcp")
    assert (move.name.label, move.difference) == ("80/tcp", Moved(other, Place(0, 2), Place(1, 2)))
    assert difference.unchanged == 0


def test_the_order_of_a_set_says_nothing() -> None:
    """A rule that changes stands in another place of a set. As both sides stand as a set's do, that is not said."""
    rule: dict[str, Value] = {"cidr": "10.0.0.0/8", "name": "a"}
    other: dict[str, Value] = {"cidr": "10.1.0.0/16", "name": "b"}
    difference = differences([rule, other], [other, {**rule, "cidr": "10.2.0.0/16"}])
    assert isinstance(difference, Nested)
    assert [type(part.difference) for part in difference.parts] == [Nested]
    in_json = differences(json.dumps([rule, other]), json.dumps([other, {**rule, "cidr": "10.2.0.0/16"}]))
    assert isinstance(in_json, Nested)
    assert [type(part.difference) for part in in_json.parts] == [Nested, Moved]


def test_secrets_that_change_their_places() -> None:
    """Elements that stay as they are never change their order in a set: if they do, it is a list."""
    one, other = (Sensitive(number, is_marked=True) for number in (1, 2))
    difference = differences([one, other], [other, one])
    assert isinstance(difference, Nested)
    assert [part.difference for part in difference.parts] == [Moved(one, Place(0, 2), Place(1, 2))]
    assert difference.whole is None


def rebuilt(nested: Nested, before: list[Any]) -> list[Any]:
    """The list after, in the tests' own form, out of what is said of it: what goes, what comes where, what moves."""
    items = dict(enumerate(before))
    results = {place: plain(value) for place, value in items.items()}
    moved, placed, last = {}, {}, []
    for part in nested.parts:
        match part.difference:
            case Removed(gone):
                assert plain(items.pop(int(part.step))) == plain(gone)
            case Moved(before=one, after=other):
                moved[one.position] = other
            case Added(after, None):
                last.append(plain(after))
            case Added(after, Place() as place):
                placed[place.position] = plain(after)
            case _:
                pass
    changed = [part for part in nested.parts if isinstance(part.difference, Nested | Changed | ChangedText)]
    kept = [place for place in items if place not in moved]
    length = len(kept) + len(moved) + len(placed) + len(last)
    free = [place for place in range(length) if place not in {*placed, *(each.position for each in moved.values())}]
    places = dict(zip(kept, free, strict=False)) | {one: other.position for one, other in moved.items()}
    assert all(each.length == length for each in moved.values())
    for part in changed:
        (here,) = [here for here, there in places.items() if there == part.step]
        results[here] = applied(part.difference, items[here])
    result = placed | {there: results[here] for here, there in places.items()}
    return [*(result[place] for place in range(length - len(last))), *last]


ELEMENTS = st.one_of(
    st.sampled_from(["a", "b", "c", "d", "e"]),
    st.fixed_dictionaries({"name": st.sampled_from("pqrs"), "x": st.sampled_from("12"), "y": st.sampled_from("12")}),
)


def in_json(elements: list[Any]) -> str:
    """A document with a list."""
    return json.dumps({"a": elements}, sort_keys=True)


LISTS_IN_JSON = st.lists(ELEMENTS, max_size=7)


@given(LISTS_IN_JSON, LISTS_IN_JSON)
def test_a_list_is_what_is_said_of_it(before: list[Any], after: list[Any]) -> None:
    """What goes, what comes at which place and what moves where give the list after, in its order."""
    difference = differences(in_json(before), in_json(after))
    if before == after:
        assert difference is None
        return
    assert isinstance(difference, Nested)
    ((part,), *_) = [difference.parts]
    assert isinstance(part.difference, Nested)
    assert rebuilt(part.difference, before) == [plain(each) for each in after]


@given(st.lists(ELEMENTS, max_size=7).flatmap(lambda items: st.tuples(st.just(items), st.permutations(items))))
def test_as_few_as_possible_are_said_to_move(sides: tuple[list[Any], list[Any]]) -> None:
    """Nothing of a list that is only in another order comes or goes, and not all of it moves."""
    before, after = sides
    difference = differences(in_json(before), in_json(after))
    if isinstance(difference, Nested):
        ((part,), *_) = [difference.parts]
        assert isinstance(part.difference, Nested)
        assert {type(each.difference) for each in part.difference.parts} == {Moved}
        assert part.difference.unchanged + len(part.difference.parts) == len(before)
        assert part.difference.unchanged


@pytest.mark.parametrize(
    ("resource_type", "document", "path"),
    [
        (
            "aws_iam_policy",
            {"Version": "2012-10-17", "Statement": [{"Action": ["a", "b"]}]},
            ["Statement", 0, "Action"],
        ),
        ("", {"Version": "2012-10-17", "Statement": {"Resource": ["a", "b"]}}, ["Statement", "Resource"]),
        (
            "",
            {"Version": "2008-10-17", "Statement": [{"Principal": {"AWS": ["a", "b"]}}]},
            ["Statement", 0, "Principal", "AWS"],
        ),
        (
            "",
            {"Version": "2012-10-17", "Statement": [{"Condition": {"StringLike": {"aws:x": ["a", "b"]}}}]},
            ["Statement", 0, "Condition", "StringLike", "aws:x"],
        ),
        ("aws_ecs_task_definition", [{"environment": [{"name": "A"}, {"name": "B"}]}], [0, "environment"]),
        ("aws_ecs_task_definition", [{"secrets": [{"name": "A"}, {"name": "B"}]}], [0, "secrets"]),
    ],
)
def test_where_the_order_means_nothing(resource_type: str, document: Any, path: list[str | int]) -> None:
    """It is said that only the order changes where that is known to mean nothing, and nowhere else."""
    attribute = "container_definitions"

    def note(document: Any, resource_type: str) -> str | None:
        other = json.loads(json.dumps(document))
        inner = other
        for step in path:
            inner = inner[step]
        inner.reverse()
        part = Differ(Mask(), resource_type=resource_type).part(attribute, json.dumps(document), json.dumps(other))
        assert part is not None
        ((_, leaf),) = leaves(part.difference)
        return leaf.note if isinstance(leaf, Nested) else None

    assert note(document, resource_type) == ORDER_ONLY
    another = {**document, "Version": "1"} if isinstance(document, dict) else document
    assert note(another, "") is None


def test_null_in_json_is_a_value() -> None:
    """A key that is null does not come, or go: for Helm it takes a default away, which its absence does not."""
    gone = differences('{"a": 1, "b": null}', '{"a": null, "b": []}')
    assert isinstance(gone, Nested)
    assert [part.difference for part in gone.parts] == [Changed(Number.read("1"), None), Changed(None, [])]
    absent = differences('{"a": null}', "{}")
    assert isinstance(absent, Nested)
    assert [part.difference for part in absent.parts] == [Removed(None)]


def test_of_two_of_one_name_the_order_means_something() -> None:
    """Where names decide, and two have the same, it may be the last one that counts."""
    one, other = {"name": "A", "value": "1"}, {"name": "A", "value": "2"}
    before, after = (json.dumps([{"name": "c", "environment": each}]) for each in ([one, other], [other, one]))
    part = Differ(Mask(), resource_type="aws_ecs_task_definition").part("container_definitions", before, after)
    assert part is not None
    assert [type(leaf) for _, leaf in leaves(part.difference)] == [Moved]


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
    """The leaves are the differences without parts; an element that moves is one, too."""
    before: Value = {"x": {"y": "1"}, "z": ["a", "b"], "n": "1"}
    after: Value = {"x": {"y": "2"}, "z": ["b", "a"], "n": None}
    difference = differences(before, after)
    assert difference is not None
    assert [path for path, _ in leaves(difference)] == [("n",), ("x", "y"), ("z", 1)]


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
