"""No secret gets past the mask, and nothing else gets lost in it."""

import json
import re
import string
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tfc_plan_comment.plan.attributes import attribute_changes
from tfc_plan_comment.plan.difference import Nested
from tfc_plan_comment.plan.document import Change, Plan
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.resource_diff import diff_resource
from tfc_plan_comment.plan.secrets.hidden_words import hides
from tfc_plan_comment.plan.secrets.looks import Kind, is_random, judge
from tfc_plan_comment.plan.secrets.marked_secrets import find_secrets
from tfc_plan_comment.plan.secrets.mask import LARGEST, Mask
from tfc_plan_comment.plan.secrets.named_secrets import is_unmarked_secret
from tfc_plan_comment.plan.secrets.spellings import base64_forms
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.plan.values import UNKNOWN, EmbeddedJson, Number, Sensitive, Why, read_json, write_json
from tfc_sandbox.redacted_plan import redacted

MakeChange = Callable[..., Change]

SECRET_TEXTS = st.one_of(
    st.sampled_from(
        [
            "hunter2-secret",
            "hunter2-secret-longer",
            "secret2-longer-still",
            'quo"ted\\sec<r>&et7',
            "sécret7-ünïcödé-😀",
            "\u2028 2 \u2029separated",
            "tab\tbed\x007secret",
            "${var.secret2}",
            "it''s a s3cret$$",
            "100%25%41secret",
        ]
    ),
    # What is around keeps the ends of it from being half an escape, and from being a word of ours.
    st.text(min_size=6, max_size=12).map(lambda text: f"x7{text}7x"),
)
PUBLIC = st.sampled_from([None, True, False, 0, 7, "", "a", "plain\ntext", '{"a":[1]}'])
KEYS = st.sampled_from(["password", "token", "key", "secret_string"])


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """JSON trees with these leaves."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
        max_leaves=8,
    )


DOCUMENT = re.compile(r"\n|^\s*[\[{]")
"""A secret of several parts is searched for by its parts."""
MARKS = trees(st.booleans())
OBJECTS = st.dictionaries(KEYS, trees(st.one_of(PUBLIC, SECRET_TEXTS, st.integers(100_000, 10**20))), max_size=4)


@st.composite
def fitting_marks(draw: st.DrawFn, value: Any) -> Any:
    """Marks of the value's shape, as Terraform writes them."""
    if draw(st.booleans()):
        return draw(st.booleans())
    if isinstance(value, dict):
        return {key: draw(fitting_marks(inner)) for key, inner in value.items() if draw(st.booleans())}
    if isinstance(value, list):
        return [draw(fitting_marks(inner)) for inner in value]
    return draw(st.booleans())


@st.composite
def marked_objects(draw: st.DrawFn) -> tuple[Any, Any]:
    """An object and marks that fit it, or that do not."""
    value = draw(OBJECTS)
    return value, draw(st.one_of(fitting_marks(value), MARKS))


def marked_leaves(value: Any, marks: Any) -> Iterator[Any]:
    """The leaves at whose path, or above it, the marks say true."""
    if marks is True:
        yield from all_leaves(value)
    elif isinstance(marks, dict) and isinstance(value, dict):
        for key in marks.keys() & value.keys():
            yield from marked_leaves(value[key], marks[key])
    elif isinstance(marks, list) and isinstance(value, list):
        for inner, mark in zip(value, marks, strict=False):
            yield from marked_leaves(inner, mark)


def all_leaves(value: Any) -> Iterator[Any]:
    """The leaves of a JSON tree."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from all_leaves(inner)
    else:
        yield value


def long_texts(leaves: Iterator[Any]) -> set[str]:
    """The texts among the leaves that are long enough to be searched for."""
    return {leaf for leaf in leaves if isinstance(leaf, str) and len(leaf) >= 6}


def shown_texts(value: Any) -> Iterator[str]:
    """Every text that can be read out of a value, through as many layers of JSON as there are."""
    match value:
        case str():
            yield value
            with suppress(ValueError):
                yield from shown_texts(json.loads(value, parse_int=Number.read, parse_float=Number.read))
        case dict():
            yield from shown_texts([*value.keys(), *value.values()])
        case list():
            for inner in value:
                yield from shown_texts(inner)
        case Number():
            yield value.text
        case EmbeddedJson():
            yield from shown_texts(value.document)


def copies(secret: str) -> dict[str, Any]:
    """Where a provider may copy a secret to without marking it."""
    return {
        "whole": secret,
        "inside": f"postgres://admin:{secret}@db:5432/",
        "in_list": [["x", secret], {"value": secret}],
        "in_key": {f"{secret}": 1, f"a {secret} b": {"x": secret}} if is_random(secret) else {},
        "in_json": json.dumps({"password": secret, secret: [secret + "!"]}),
        "in_json_with_escapes": json.dumps({"password": secret}, ensure_ascii=False).replace("<", "\\u003c"),
        "in_json_in_json": json.dumps({"policy": json.dumps({"Statement": [{"Resource": secret}]})}),
        "in_base64": b64encode(f"the password is {secret}, keep it".encode()).decode(),
        "in_base64_in_json": json.dumps({"user_data": b64encode(f"the password is {secret}\n".encode()).decode()}),
        "in_text": f"#!/bin/sh\nexport PASSWORD='{secret}'\nexit 0\n",
    }


def make(before: Any, after: Any, **marks: Any) -> Change:
    """A change out of Python values."""
    document = {"actions": ["update"], "before": before, "after": after, **marks}
    return msgspec.json.decode(json.dumps(document), type=Change)


@given(marked_objects(), marked_objects(), MARKS)
def test_no_marked_text_comes_out(one: tuple[Any, Any], other: tuple[Any, Any], unknown: Any) -> None:
    """Whatever the values, the marks and the unknown: no secret shows at its place, nor where it was copied to."""
    (before, before_marks), (after, after_marks) = one, other
    marked = long_texts(marked_leaves(before, before_marks)) | long_texts(marked_leaves(after, after_marks))
    secrets = {
        text for text in marked if judge(text, "password") in {Kind.LOOKS, Kind.NAME} and not DOCUMENT.search(text)
    }
    for number, secret in enumerate(sorted(secrets)):
        before, after = {**before, f"copy_{number}": copies(secret)}, {**after, f"copies_{number}": copies(secret)}
    marks = {"before_sensitive": before_marks, "after_sensitive": after_marks, "after_unknown": unknown}
    assume(before_marks is not True and after_marks is not True)
    plan = parse_plan(
        json.dumps(
            {
                "format_version": "1.2",
                "resource_changes": [
                    {"address": "a.b", "change": {"actions": ["update"], "before": before, "after": after, **marks}}
                ],
            }
        ).encode(),
        name="plan",
    )
    change = plan.resource_changes[0].change
    mask = Mask.of(plan)
    was, will_be = mask.sides(change)
    diff = diff_resource(change, mask)
    attributes = list(attribute_changes(change, mask))
    shown = [*shown_texts(was), *shown_texts(will_be)]
    shown += [
        text
        for attribute in attributes
        for text in shown_texts([attribute.before, attribute.after, *map(str, attribute.path[1:])])
    ]
    shown += [repr(was), repr(will_be), repr(diff), repr(mask), write_json(was), write_json(will_be)]
    for secret in secrets:
        assert not [text for text in shown if secret in text]


@given(OBJECTS, st.data())
def test_nothing_else_is_lost(value: Any, data: st.DataObject) -> None:
    """What neither is marked nor holds a secret comes out as it went in, at its place; what is marked is hidden."""
    marks = data.draw(fitting_marks(value))
    change = make(None, value, after_sensitive=marks)
    secrets = long_texts(marked_leaves(value, marks))
    _, shown = Mask(secrets).sides(change)

    def compare(raw: Any, mark: Any, out: Any) -> None:
        if raw is None:
            assert out is None or isinstance(out, Sensitive)
        elif mark is True:
            assert isinstance(out, Sensitive)
            assert out.is_marked
        elif isinstance(raw, dict):
            assert list(out) == list(raw)
            for key, inner in raw.items():
                if isinstance(out[key], Sensitive) and out[key].why is Why.LOOKS:
                    assert is_unmarked_secret(key, inner)
                else:
                    compare(inner, mark.get(key) if isinstance(mark, dict) else None, out[key])
        elif isinstance(raw, list):
            assert len(out) == len(raw)
            for index, inner in enumerate(raw):
                compare(inner, mark[index] if isinstance(mark, list) else None, out[index])
        elif not any(secret.strip() in str(raw) for secret in secrets):
            assert write_json(out) == write_json(raw)
        else:
            assert isinstance(out, Sensitive) or "(hidden: equals a sensitive value" in out

    compare(value, marks, shown)


def at(tree: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at the path in a tree; None where nothing does."""
    for step in path:
        if isinstance(tree, dict):
            tree = tree.get(step)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree


def mark_at(tree: Any, path: tuple[str | int, ...]) -> Any:
    """The mark at the path, or the tree of those below it; None where nothing is marked."""
    mark = at(tree, path)
    return mark if mark is True or True in all_leaves(mark) else None


def misfits(mark: Any, value: Any) -> bool:
    """A tree of marks, beside a value of another shape."""
    if isinstance(mark, list):
        return not isinstance(value, list) or len(mark) != len(value)
    return isinstance(mark, dict) and not isinstance(value, dict)


def told(value: Any, own: Any, other: Any, unknown: Any, path: tuple[str | int, ...]) -> tuple[Any, Any]:
    """The naive rule: where, on the way from the root to the path, it is decided, and what is shown there."""
    for end in range(len(path) + 1):
        above = path[:end]
        raw, mark, not_known = at(value, above), mark_at(own, above), mark_at(unknown, above)
        if raw is None and not isinstance(not_known, dict | list):
            return above, UNKNOWN if not_known else None
        if mark is True or (raw is not None and misfits(mark, raw)):
            return above, "hidden by its mark"
        if mark_at(other, above) is True:
            return above, "hidden by the other side's mark"
    return path, at(value, path)


def is_in(value: Any, unknown: Any, path: tuple[str | int, ...]) -> bool:
    """True where the way to an unknown value leads through containers of the value, or through nothing."""
    pairs = [(at(value, path[:end]), at(unknown, path[:end])) for end in range(len(path) + 1)]
    return all(known is None or type(known) is type(mark) for known, mark in pairs[:-1]) and pairs[-1][0] is None


BY_LOOKS = "hidden by its looks"


def told_leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The leaves of what a mask gives, each at its path."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [leaf for step, item in inner for leaf in told_leaves(item, (*path, step))]
    hidden = "hidden by its mark" if getattr(value, "is_marked", None) else "hidden by the other side's mark"
    hidden = BY_LOOKS if isinstance(value, Sensitive) and value.why is Why.LOOKS else hidden
    yield from found or [(path, hidden if isinstance(value, Sensitive) else value)]


@given(trees(PUBLIC), MARKS, MARKS, MARKS)
def test_what_the_nearest_mark_to_the_root_says(value: Any, own: Any, other: Any, unknown: Any) -> None:
    """At every path, what is shown is what the first mark on the way there says; nothing is left out."""
    change = make(None, value, after_sensitive=own, before_sensitive=other, after_unknown=unknown)
    _, shown = Mask().sides(change)
    found = dict(told_leaves(shown))

    for path, leaf in found.items():
        if leaf == BY_LOOKS:  # whatever the marks say
            continue
        where, what = told(value, own, other, unknown, path)
        assert where == path
        assert write_json(leaf) == write_json(what)
    known = [path for path, leaf in told_leaves(value) if leaf not in (None, {}, [])]
    not_known = [path for path, leaf in told_leaves(unknown) if leaf is True and is_in(value, unknown, path)]
    for path in known + not_known:
        assert any(path[: len(above)] == above for above in found)


@given(
    st.lists(SECRET_TEXTS, min_size=2, max_size=2, unique=True), st.sampled_from(["{}", "x {} y", '["{}"]', "{}\n{}"])
)
def test_a_change_of_a_secret_still_shows(secrets: list[str], around: str) -> None:
    """Equal secrets become equal, different ones different, as a value, in a text and as a key."""
    one, other = secrets
    before = {"marked": one, "copy": around.replace("{}", one), "map": {one: 1}, "list": [one, other], "same": one}
    after = {"marked": other, "copy": around.replace("{}", other), "map": {other: 1}, "list": [one, other], "same": one}
    change = make(before, after, before_sensitive={"marked": True}, after_sensitive={"marked": True})
    was, will_be = Mask([one, other]).sides(change)
    assert isinstance(was, dict)
    assert isinstance(will_be, dict)
    for name in ("marked", "copy", "map"):
        assert was[name] != will_be[name]
    assert was["list"] == will_be["list"]
    assert was["same"] == will_be["same"]
    assert isinstance(was["marked"], Sensitive)
    assert isinstance(was["same"], Sensitive)
    assert was["marked"].number == was["same"].number
    assert diff_resource(change, Mask([one, other])).unchanged == ("list", "same")


@given(
    st.lists(st.text(st.sampled_from("ab (sensitive value 12)"), max_size=24), max_size=4), st.text("ab", max_size=9)
)
def test_different_texts_stay_different(texts: list[str], secret: str) -> None:
    """No two texts become one, whatever is masked in them, and whatever they say themselves."""
    mask = Mask([secret, "secret-in-two-words", "ababab"])
    texts += [f"{text} secret-in-two-words" for text in texts]
    texts += [f"{text} {mask.text('secret-in-two-words')}" for text in texts]
    assert len({mask.text(text) for text in texts}) == len(set(texts))


@pytest.mark.parametrize("short", ["a", "", 0, 12345, True, False, "12345", [], {}, [None], {"a": False}, 1.5, 1e-9])
def test_short_secrets_are_hidden_where_they_are_marked(short: Any, change: MakeChange) -> None:
    """What is too short to be searched for is hidden all the same where it is marked, true and false included."""
    for place in ("before_sensitive", "after_sensitive"):
        sides = Mask().sides(change({"a": short, "b": 1}, {"a": short, "b": 1}, **{place: {"a": True}}))
        for side in sides:
            assert isinstance(side, dict)
            assert isinstance(side["a"], Sensitive)
            assert side["b"] == Number.read("1")
        assert [
            side["a"].is_marked for side in sides if isinstance(side, dict) and isinstance(side["a"], Sensitive)
        ] == [
            place == "before_sensitive",
            place == "after_sensitive",
        ]


@pytest.mark.parametrize(
    "marks", [{"a": {"x": True}}, {"a": [True]}, {"a": [True, True, True]}, {"a": [None, {"x": [True]}, False]}]
)
@pytest.mark.parametrize("value", [["one", "two"], "text", 7, True, {"y": ["z"]}])
def test_marks_that_do_not_fit(value: Any, marks: Any, change: MakeChange) -> None:
    """Marks that do not have their value's shape hide it as a whole: nobody knows what they mark."""
    _, after = Mask().sides(change(None, {"a": value}, after_sensitive=marks))
    assert isinstance(after, dict)
    if isinstance(value, dict) and isinstance(marks["a"], dict):
        assert after["a"] == {"y": ["z"]}
    else:
        assert after["a"] == Sensitive(1, is_marked=True)


@pytest.mark.parametrize(
    ("value", "unknown", "shown"),
    [
        (None, True, UNKNOWN),
        (None, False, None),
        ({"a": "x"}, {"b": True}, {"a": "x", "b": UNKNOWN}),
        ({"a": "x"}, {"a": False, "b": {"c": [False]}}, {"a": "x"}),
        ({}, {"b": {"c": True}}, {"b": {"c": UNKNOWN}}),
        (None, {"b": [True]}, {"b": [UNKNOWN]}),
        (None, [False, True], [None, UNKNOWN]),
        (["x", None], [False, True], ["x", UNKNOWN]),
        (["x"], [False, {"a": True}], ["x", {"a": UNKNOWN}]),
        (["x"], [False, False, False], ["x"]),
        (["x"], [True], ["x"]),
        ({"a": "x"}, {"a": True}, {"a": "x"}),
        ({"a": "x"}, True, {"a": "x"}),
        ({"a": [{"b": None}, None]}, {"a": [{"b": True}, {"b": True}]}, {"a": [{"b": UNKNOWN}, {"b": UNKNOWN}]}),
        ({"a": {"b": "x"}}, {"a": [True]}, {"a": {"b": "x"}}),
        (["x"], {"a": True}, ["x"]),
    ],
)
def test_unknown(value: Any, unknown: Any, shown: Any, change: MakeChange) -> None:
    """What is known only after apply stands at its place; what is known is shown even if it is said to be unknown."""
    _, after = Mask().sides(change(None, {"outer": value}, after_unknown={"outer": unknown}))
    assert after == {"outer": shown}


def test_a_partly_unknown_secret(change: MakeChange) -> None:
    """A hidden container of which a part becomes unknown is hidden as a whole, and changes."""
    marks = {"before_sensitive": {"a": True}, "after_sensitive": {"a": True}}
    mask = Mask()
    was, will_be = mask.sides(change({"a": {"x": 1}}, {"a": {"x": 1}}, after_unknown={"a": {"y": True}}, **marks))
    assert isinstance(was, dict)
    assert isinstance(will_be, dict)
    assert isinstance(was["a"], Sensitive)
    assert isinstance(will_be["a"], Sensitive)
    assert was["a"].number != will_be["a"].number
    _, wholly = mask.sides(change({"a": "x"}, {}, after_unknown={"a": True}, **marks))
    assert wholly == {"a": UNKNOWN}
    _, only_unknown = mask.sides(change({"a": "x"}, {}, after_unknown={"a": {"y": True}}, **marks))
    assert isinstance(only_unknown, dict)
    assert isinstance(only_unknown["a"], Sensitive)


def test_keys_never_become_one(change: MakeChange) -> None:
    """Two keys stay two, whatever is masked in them, and each has the same name before and after."""
    words = [f"(sensitive value {number})" for number in range(1, 6)]
    keys = ["hunter2-secret", *words, "(sensitive value ", "public"]
    before = {"map": dict.fromkeys(keys, 1)}
    after = {"map": dict.fromkeys(reversed(keys), 1)}
    was, will_be = Mask(["hunter2-secret"]).sides(change(before, after))
    assert isinstance(was, dict)
    assert isinstance(was["map"], dict)
    assert len(was["map"]) == len(keys)
    assert was == will_be
    assert "public" in was["map"]
    diff = diff_resource(change({"a": "{}"}, {"a": json.dumps(before["map"])}), Mask(["hunter2-secret"]))
    (part,) = diff.parts
    assert isinstance(part.difference, Nested)
    assert len(part.difference.parts) == len(keys)


def test_names_of_attributes_are_kept(change: MakeChange) -> None:
    """The names of attributes come from the provider's schema; the keys of an output's value, though, are data."""
    inside = change({"password": {"password": "x"}}, {"password": {"password": "x"}})
    mask = Mask(["password"])
    word = "(hidden: equals a sensitive value, no. 1)"
    assert mask.sides(inside)[0] == {"password": {word: "x"}}
    raw = msgspec.json.encode({"actions": ["create"], "before": None, "after": {"password": {"password": 1}}})
    output = msgspec.json.decode(raw, type=Change)
    assert mask.sides(output, is_output=True)[1] == {word: {word: Number.read("1")}}


@pytest.mark.parametrize("shown", [1234567, 12345678, 91234567, 1234567.5, -1234567])
def test_numbers(shown: Any, change: MakeChange) -> None:
    """A number that is a secret, or in whose digits one stands, is hidden; others are not."""
    mask = Mask(["1234567"])
    _, after = mask.sides(change(None, {"a": shown, "b": 7654321, "c": f"x{shown}y"}))
    assert isinstance(after, dict)
    assert isinstance(after["a"], Sensitive)
    assert after["b"] == Number.read("7654321")
    assert "1234567" not in str(after["c"])


def test_marked_numbers_keep_apart(change: MakeChange) -> None:
    """Marked numbers are equal when they are the same number; 1 is not true, and not "1"."""
    values = {"a": 1, "b": 1.0, "c": True, "d": "1", "e": 2}
    _, after = Mask().sides(change(None, values, after_sensitive=dict.fromkeys(values, True)))
    assert isinstance(after, dict)
    tokens = {key: value.number for key, value in after.items() if isinstance(value, Sensitive)}
    assert tokens["a"] == tokens["b"]
    assert len({tokens[key] for key in "acde"}) == 4


def test_a_text_that_is_wholly_secret(change: MakeChange) -> None:
    """A text that is a secret is hidden as the secret is, though not as one that is marked there."""
    marks = {"after_sensitive": {"a": True}}
    _, after = Mask(["hunter2-secret"]).sides(change(None, {"a": "hunter2-secret", "b": "hunter2-secret"}, **marks))
    assert after == {"a": Sensitive(1, is_marked=True), "b": Sensitive(1, is_marked=False, why=Why.EQUAL)}


def test_a_secret_in_escapes_of_any_kind(change: MakeChange) -> None:
    """Where a secret stands in escapes that nobody would write, it is hidden, and what is around it is not."""
    hidden = '{"a": "\\u0068unter2-secret"}'
    _, after = Mask(["hunter2-secret"]).sides(change(None, {"a": hidden, "b": '{"a": "\\u0068unter3-secret"}'}))
    word = "(hidden: equals a sensitive value, no. 1)"
    assert after == {"a": f'{{"a": "{word}"}}', "b": '{"a": "\\u0068unter3-secret"}'}
    assert Mask(["hunter2-secret"]).text(f"see {hidden}") == f'see {{"a": "{word}"}}'
    masked = Mask(["hunter2-secret"]).text('{"a": "hunter2-secret", "b": "x\\ny"}')
    assert masked == f'{{"a": "{word}", "b": "x\\ny"}}'


def test_redact(change: MakeChange) -> None:
    """What the user's patterns match is hidden in values, texts, keys, numbers and embedded documents."""
    patterns = (re.compile(r"\d{12}"), re.compile("^internal-.*$"), re.compile("z*"))
    mask = Mask((), patterns)
    policy = json.dumps({"Resource": "internal-host", "arn": "arn:123456789012:x", "internal-key": "a\n123456789012"})
    values = {
        "account": "123456789012",
        "arn": "arn:aws:iam::123456789012:role",
        "number": 123456789012,
        "map": {"123456789012": "x"},
        "other": "12345678901 internal-host",
        "policy": policy,
    }
    both = change({"policy": "{}"}, values)
    _, after = mask.sides(both)
    assert isinstance(after, dict)
    assert isinstance(after["account"], Sensitive)
    assert isinstance(after["number"], Sensitive)
    assert after["arn"] == "arn:aws:iam::(sensitive value 1):role"
    assert after["map"] == {"(sensitive value 1)": "x"}
    assert after["other"] == "12345678901 internal-host"
    shown = repr(diff_resource(both, mask))
    assert "123456789012" not in shown
    assert "internal-host'" not in shown.replace("12345678901 internal-host'", "")
    assert "internal-key" not in shown
    assert "'Resource'" in shown
    assert "arn:(sensitive value 1):x" in shown
    assert "(sensitive value (" not in shown


@pytest.mark.parametrize("depth", [31, 32, 33, 50, 250])
def test_deep_values(depth: int, change: MakeChange) -> None:
    """However deep a value lies: a mark hides it, a secret is masked, what is unknown is said, the rest is shown."""
    value: Any = {"secret": "hunter2-secret", "public": "public-value"}
    marks: Any = {"marked": True}
    for _ in range(depth):
        value, marks = {"a": [value]}, {"a": [marks]}
    mask = Mask(["hunter2-secret"])
    _, shown = mask.sides(change(None, value))
    assert "public-value" in repr(shown)
    assert "hunter2-secret" not in repr(shown)
    _, unknown = mask.sides(change(None, value, after_unknown=marks))
    assert "public-value" in repr(unknown)
    assert "known after apply" in repr(unknown)
    _, hidden = mask.sides(change(None, value, after_sensitive=marks))
    assert "hunter2-secret" not in repr(hidden)
    assert "Sensitive(" in repr(hidden)
    _, nothing = mask.sides(change(None, None, after_unknown=marks))
    assert "known after apply" in repr(nothing)


def test_what_one_side_marks(change: MakeChange) -> None:
    """What one side marks is hidden on the other, too, wherever both have it, as in Terraform."""
    before = {"a": "one", "b": ["x", {"c": "y"}], "d": "z"}
    was, will_be = Mask().sides(
        change(before, before, before_sensitive={"a": True}, after_sensitive={"b": [False, {"c": True}]})
    )
    assert was == {
        "a": Sensitive(1, is_marked=True),
        "b": ["x", {"c": Sensitive(2, is_marked=False)}],
        "d": "z",
    }
    assert will_be == {
        "a": Sensitive(1, is_marked=False),
        "b": ["x", {"c": Sensitive(2, is_marked=True)}],
        "d": "z",
    }


def test_values_of_actions() -> None:
    """The configuration of an action is masked like the values of a resource."""
    mask = Mask(["hunter2-secret"])
    shown = mask.value(
        msgspec.Raw(b'{"a": "hunter2-secret", "b": "x", "c": 1}'),
        msgspec.Raw(b'{"b": true}'),
        msgspec.Raw(b'{"d": true}'),
    )
    assert shown == {
        "a": Sensitive(1, is_marked=False, why=Why.EQUAL),
        "b": Sensitive(2, is_marked=True),
        "c": Number.read("1"),
        "d": UNKNOWN,
    }


@pytest.mark.parametrize(
    ("name", "baits", "count"),
    [("sensitive-nested", ["secrets", "leaked"], 10), ("unmarked-secrets", ["secrets"], 8)],
)
def test_the_plans_with_secrets(
    name: str,
    baits: list[str],
    count: int,
    golden_plan: Callable[[str], Plan],
    golden_text: Callable[[str, str], str],
) -> None:
    """None of a real plan's secrets, nor what its providers leaked of them, is in anything that we make of it."""
    plan = golden_plan(name)
    secrets = [secret for bait in baits for secret in golden_text(name, bait).split()]
    assert len(secrets) == count
    summary = summarize(plan)
    made = [repr(summary.outputs), repr(summary.drift), repr(summary.mask), repr(summary.verdict)]
    made += [repr(change.diff) for change in summary.changes]
    changes = [each.change for each in (*plan.resource_changes, *plan.resource_drift)]
    for change in (*changes, *plan.output_changes.values()):
        made += [repr(summary.mask.sides(change)), repr(summary.mask.sides(change, is_output=True))]
        made += [repr(list(attribute_changes(change, summary.mask))), repr(diff_resource(change, summary.mask))]
    for secret in secrets:
        assert not [text for text in made if secret in text]
    assert any("Sensitive(" in text for text in made)


def test_every_marked_text_of_real_plans(golden_name: str, golden_plan: Callable[[str], Plan]) -> None:
    """In no real plan does a marked text that is a secret show anywhere."""
    plan = golden_plan(golden_name)
    mask = Mask.of(plan)
    changes = [each.change for each in (*plan.resource_changes, *plan.resource_drift)] + [*plan.output_changes.values()]
    secrets = find_secrets(plan)
    shown = []
    for change in changes:
        shown += [text for side in mask.sides(change) for text in shown_texts(side)]
        shown.append(repr(diff_resource(change, mask)))
    for secret in secrets.looks | secrets.names:
        assert not [text for text in shown if secret in text]


def test_a_redacted_plan(change: MakeChange) -> None:
    """In a redacted plan a placeholder is no secret to search for, and equal ones need not be equal secrets."""
    path = Path(__file__).parents[3] / "golden" / "sensitive-nested" / "plan.json"
    plan = parse_plan(redacted(path.read_bytes()), name="redacted")
    mask = Mask.of(plan)
    assert mask.text("REDACTED") == "REDACTED"
    marks = {"before_sensitive": {"a": True}, "after_sensitive": {"a": True}}
    diff = diff_resource(change({"a": "REDACTED", "b": 1}, {"a": "REDACTED", "b": 1}, **marks), mask)
    (part,) = diff.parts
    assert part.step == "a"
    assert "the redacted plan does not say whether it changes" in repr(part.difference)
    other = diff_resource(change({"a": "REDACTED 1"}, {"a": "REDACTED 2"}, **marks), mask)
    assert "does not say" not in repr(other)
    assert len(other.parts) == 1
    created = diff_resource(change(None, {"a": "REDACTED"}, after_sensitive={"a": True}), mask)
    assert len(created.parts) == 1


def test_read_json_and_masking_agree(change: MakeChange) -> None:
    """Without marks and secrets the mask changes nothing but how numbers are held."""
    value = {"a": [1, 1.5, "x", None, True, {"b": []}], "c": {}}
    _, after = Mask().sides(change(None, value))
    assert write_json(after) == write_json(read_json(json.dumps(value)))


@pytest.mark.parametrize(
    "around",
    [
        "data: {}\nkind: Secret\n",
        '{{"user_data": "{}"}}',
        '{{"a": "{{\\"user_data\\": \\"{}\\"}}"}}',
        "{} and more",
        "{}",
    ],
)
def test_a_secret_in_base64_inside_of_a_text(around: str) -> None:
    """A reader would decode it, such as the password in a manifest; what decodes to something else is left alone."""
    mask = Mask(["hunter2-secret"])
    encoded = b64encode(b"password: hunter2-secret\n").decode()
    harmless = b64encode(b"password: from a vault, really\n").decode()

    assert encoded not in mask.text(around.format(encoded))
    assert mask.text(around.format(harmless)) == around.format(harmless)


@given(
    letters=st.text(string.ascii_letters + string.digits, max_size=8),
    before=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
    behind=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12),
    around=st.sampled_from(["{}", "x = {}", "{}\n", '"{}"']),
)
@example(letters="ST", before="\x022SeeRedSeeRedSeeRed", behind="Test", around="{}")
@example(letters="", before="Ce6VeRedSeeRedSeeRed", behind="Test", around="x = {}")
def test_a_secret_in_base64_behind_other_letters(letters: str, before: str, behind: str, around: str) -> None:
    """Whatever the letters say with those in front of them: another text, or none."""
    secret = "G7bTr4Wd2cQx"
    encoded = b64encode(f"{before}{secret}{behind}".encode()).decode()
    shown = Mask([secret]).text(around.format(f"{letters}{encoded}"))

    assert not any(form in shown for form in base64_forms(secret))


def test_a_secret_in_base64_in_base64_that_is_not_written_the_usual_way() -> None:
    """Other letters of it would give the same text: so all of it is hidden, and the step goes on."""
    inner = b64encode(b"config\npassword=Zq7wK9Px2mLm4Dx and more").decode()
    outer = b64encode(f"abc: {inner}".encode()).decode()
    assert outer.endswith("Q==")
    unusual = f"{outer[:-3]}R=="

    assert Mask().text(unusual) == "(hidden: looks like a secret, no. 2)"
    assert unusual not in Mask().text(f"x = {unusual}")


@pytest.mark.parametrize("name", ["token", "user_data", ""])
@pytest.mark.parametrize("around", ["{}", "x = {}", "{}\n"])
def test_a_word_in_base64(name: str, around: str) -> None:
    """It is a secret where one would stand in the text, and none within another word."""
    mask = Mask(words=["administrator"])
    other = around.format(b64encode(b"adduser administrator1\necho hello myadministrators").decode())
    secret = around.format(b64encode(b"the password=administrator, and nothing else").decode())

    assert mask.text(other, name) == other
    assert mask.text(secret, name) != secret


@pytest.mark.cost
def test_the_cost_of_base64_in_base64(count_calls: Callable[..., int]) -> None:
    """A word in it is looked for once a level: with two ways to the next, it would take a thousand times as long."""
    text = "adduser administrator1\necho hello myadministrators"
    for _ in range(12):
        text = b64encode(text.encode()).decode()
    mask = Mask(words=["administrator"])

    assert count_calls(lambda: mask.text(text, "token")) < 100_000


@pytest.mark.parametrize("marks", [[True], [{"large": True}], True])
def test_marks_that_do_not_fit_a_large_object(marks: Any, change: MakeChange) -> None:
    """Where nobody knows what they mark, all of it is hidden, however large it is."""
    value = {"large": "x" * LARGEST, "pin": "4711-secret-pin"}

    _, after = Mask().sides(change({"pin": "other"}, value, after_sensitive=marks))

    assert isinstance(after, Sensitive)


def test_what_becomes_unknown_in_a_large_value_shows(change: MakeChange) -> None:
    """It is not known any more what all of it will be."""
    value = {"large": {"text": "x" * LARGEST, "id": "one"}}

    before, after = Mask().sides(change(value, value, after_unknown={"large": {"id": True}}))

    assert before != after
    assert "in part known after apply" in repr(after)


ORDINARY = st.sampled_from(
    [
        *("production", "postgres", "eu-west-1", "0.0.0.0/0", "AdministratorAccess", "ami-0abcdef1234567890", "443"),
        *("arn:aws:iam::123456789012:role/app", "123456789012", "m5.2xlarge", "postgres15", "db.example.com:5432"),
        *("https://example.com/a", "/etc/app/config.yml", "2024-01-02", "v1.2.3", "ops@example.com", "app-prod-2"),
        *(
            "123e4567-e89b-12d3-a456-426614174000",
            "s3:GetObject",
            "Standard_D2s_v3",
            "a\nb\n",
            '{"engine": "postgres"}',
        ),
    ]
)


@given(st.lists(ORDINARY, min_size=1, max_size=4), st.lists(ORDINARY, min_size=1, max_size=4), st.data())
def test_no_mask_hides_a_change(marked: list[str], shown: list[str], data: st.DataObject) -> None:
    """Without secrets by looks or name, all that Terraform shows is shown, whatever the plan marks as sensitive."""
    around = data.draw(st.sampled_from(["{}", "x {} y", '{{"a": ["{}"]}}', "a: {}\nb: 1\n", '["\\u0061", "{}"]']))
    values = {str(number): around.format(json.dumps(text)[1:-1]) for number, text in enumerate(shown)}
    marks = {"after": {"value": marked, "username": marked}, "after_sensitive": {"value": True, "username": True}}
    plan = parse_plan(
        json.dumps(
            {
                "format_version": "1.2",
                "variables": {"stage": {"value": marked[0]}},
                "configuration": {"root_module": {"variables": {"stage": {"sensitive": True}}}},
                "resource_changes": [
                    {"address": "a.b", "change": {"actions": ["create"], **marks}},
                    {"address": "a.c", "change": {"actions": ["create"], "after": {"map": values, **values}}},
                ],
            }
        ).encode(),
        name="plan",
    )
    mask = Mask.of(plan)

    assert mask.sides(plan.resource_changes[1].change)[1] == {"map": values, **values}
    assert [mask.name(text) for text in shown] == shown
    assert not any(mask.may_hide(each) for each in plan.resource_changes)


@given(st.lists(st.text(min_size=1, max_size=14), max_size=4), st.text(max_size=20))
def test_addresses_are_masked_for_what_looks_like_a_secret_only(names: list[str], key: str) -> None:
    """A password that is a word, or a name with a number, changes no address."""
    ordinary = [name for name in names if not is_random(name)]
    mask = Mask(names=ordinary, words=ordinary)

    assert mask.name(key) == key or "sensitive value" in key
    assert [mask.name(name) for name in ordinary if "sensitive value" not in name] == [
        name for name in ordinary if "sensitive value" not in name
    ]


@pytest.mark.parametrize("times", range(3))
@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_what_is_hidden_in_base64_is_counted(times: int, before: str) -> None:
    """It is hidden for an equal one, however deep in base64, alone and within a longer text."""
    text = f"{before}#!/bin/sh\nexport A=hunter2-pass\nexit 0\n"
    for _ in range(times):
        text = b64encode(text.encode()).decode()
    mask = Mask(["hunter2-pass"])

    assert hides(mask.text(text), Why.EQUAL)
    assert hides(mask.text(f"echo hello\nX={text}\n"), Why.EQUAL)
    assert not hides(Mask(["another-one-1"]).text(text), Why.EQUAL)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"engine": "postgres"}, True),
        ({"password": "postgres"}, False),
        ({"admin_password": ["postgres"]}, False),
        ({"environment": [{"name": "DB_PASSWORD", "value": "postgres"}]}, False),
        ({"environment": [{"name": "DB_ENGINE", "value": "postgres"}]}, True),
        ({"url": "postgres://app:postgres@db/x"}, False),
        ({"env": 'export PGPASSWORD="postgres"\n'}, False),
        ({"env": 'export PGUSER="postgres"\n'}, True),
        ({"json": '[{"name":"DB_PASSWORD","value":"postgres"}]'}, False),
        ({"json": '{"password":"x","engine":"postgres"}'}, True),
        ({"password": "postgres15"}, True),
        ({"password": "5432000"}, True),
        ({"pin": 123456789012, "account": "x"}, False),
        ({"account": 123456789012}, True),
    ],
)
def test_a_word_is_hidden_where_a_secret_would_stand(value: Any, shown: bool, change: MakeChange) -> None:  # noqa: FBT001
    """Under the name of a secret, and as a password in a URL; everywhere else it is a word."""
    _, after = Mask(words=["postgres", "123456789012"]).sides(change(None, value))

    assert (write_json(after) == write_json(value)) is shown


NAMED = st.dictionaries(
    st.sampled_from(["PASSWORD", "x", "name", "value"]),
    st.sampled_from(["Zq7vW9kPxw2m", "postgres", "PASSWORD", "hunter2-secret", "y" * 201]),
    max_size=2,
)


@given(st.lists(NAMED, max_size=6), NAMED, st.sampled_from([[], ["postgres"]]))
@example([{"x": "Zq7vW9kPxw2m"}], {"PASSWORD": "Zq7vW9kPxw2m"}, [])
@example([{"PASSWORD": "postgres"}], {"x": "postgres"}, ["postgres"])
@example([{"value": "Zq7vW9kPxw2m"}], {"value": "Zq7vW9kPxw2m", "name": "PASSWORD"}, [])
def test_what_was_shown_before_hides_and_shows_nothing_else(before: list[Any], value: Any, words: list[str]) -> None:
    """What was found is kept for the next time, but a text is another one under another name, or beside one."""
    used, new = (Mask(["hunter2-secret"], words=words) for _ in range(2))
    for each in before:
        used.sides(make(None, {"of": each, **each}))

    after, alone = (mask.sides(make(None, {"of": value, **value}))[1] for mask in (used, new))
    assert re.sub(r"\d+\)", ")", write_json(after)) == re.sub(r"\d+\)", ")", write_json(alone))
