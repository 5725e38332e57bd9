"""Values that no one would write and some machine will: no crash, nothing lost, and never a quadratic cost."""

import json
from base64 import b64encode
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.plan.attributes import attribute_changes
from tfc_plan_comment.plan.diff import LONGEST_DOCUMENT
from tfc_plan_comment.plan.difference import Changed, ChangedText
from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.noise import find_noise
from tfc_plan_comment.plan.resource_diff import ResourceDiff, diff_resource
from tfc_plan_comment.plan.secrets.mask import LARGEST, Mask
from tfc_plan_comment.plan.values import Described, Sensitive

MakeChange = Callable[..., Change]


def looked_at(change: Change, mask: Mask | None = None) -> ResourceDiff:
    """The difference, after everything else that is made of a change was made, too."""
    mask = mask or Mask(["hunter2-secret"])
    diff = diff_resource(change, mask)
    find_noise(diff)
    repr(list(attribute_changes(change, mask)))
    repr(diff)
    return diff


def raw_change(before: str, after: str, **marks: str) -> Change:
    """A change out of JSON texts."""
    keys: dict[str, Any] = {key: msgspec.Raw(text.encode()) for key, text in marks.items()}
    return Change(actions=("update",), before=msgspec.Raw(before.encode()), after=msgspec.Raw(after.encode()), **keys)


def deep(depth: int, leaf: str) -> str:
    """JSON of objects and lists nested so deep."""
    return '{"a":[' * (depth // 2) + leaf + "]}" * (depth // 2)


@pytest.mark.parametrize("depth", [62, 64, 66, 126, 130, 500])
@pytest.mark.parametrize("marks", ["false", "true", "leaf"])
def test_deep_trees(depth: int, marks: str) -> None:
    """A value nested 500 levels deep is compared, whatever marks lie beside it; a change at its bottom shows."""
    trees = {"false": "false", "true": "true", "leaf": deep(depth, "true")}
    change = raw_change(deep(depth, "1"), deep(depth, "2"), before_sensitive=trees[marks], after_sensitive=trees[marks])
    assert looked_at(change).parts
    change = raw_change(deep(depth, "1"), "{}", after_unknown=trees[marks])
    diff = looked_at(change)
    assert diff.parts or diff.known_after_apply
    change = raw_change("null", "null", after_unknown=trees[marks])
    diff = looked_at(change)
    assert bool(diff.parts or diff.known_after_apply) is (marks != "false")


def test_deep_documents_in_strings() -> None:
    """A document in a string, and documents in documents in strings, each as deep as can be, are compared."""
    for depth in (64, 65, 500, 5000):
        one, other = (json.dumps({"a": "[" * depth + leaf + "]" * depth}) for leaf in ("1", "2"))
        assert looked_at(raw_change(one, other)).parts
    one, other = '"x"', '"y"'
    for _ in range(8):
        one, other = (json.dumps('{"a":' * 64 + text + "}" * 64) for text in (one, other))
        assert looked_at(raw_change(f'{{"a":{one}}}', f'{{"a":{other}}}')).parts


@pytest.mark.parametrize(
    "sides",
    [
        ({"a": {"b": 1}}, {"a": [1]}),
        ({"a": [1]}, {"a": "1"}),
        ({"a": "1"}, {"a": {"b": 1}}),
        ({"a": "1"}, {"a": 1}),
        ({"a": 1}, {"a": True}),
        ({"a": [{"b": 1}, "x", 1, None, [2]]}, {"a": [None, {"b": [1]}, True, "y"]}),
        ({"": 1, "\n": 2, "a\x00b": 3, "\u2028": 4}, {"": 2, "\n": 3, "a\x00b": 4, "\u2028": 5}),
        ({"a": {"": {"": {"": 1}}}}, {"a": {"": {"": {"": 2}}}}),
        ({"a": [None, None, None]}, {"a": [None, None]}),
        ({"a": [[]]}, {"a": [{}]}),
        ({"a": '{"b": "\ud83d\ude00"}'}, {"a": '{"b": "\\ud83d"}'}),
        ([1, 2], [1, 3]),
        ("text", "other"),
        (1, None),
        (None, [None]),
    ],
)
def test_values_that_change_their_kind(sides: tuple[Any, Any], change: MakeChange) -> None:
    """Whatever becomes whatever, the difference is there, in both directions."""
    before, after = sides
    for one, other in ((before, after), (after, before)):
        diff = looked_at(change(one, other))
        assert diff.parts or diff.still_empty
        marked = change(
            one, other, before_sensitive={"a": [True]}, after_sensitive=[{"a": True}], after_unknown=[[True]]
        )
        looked_at(marked)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1e999999999", "1e999999998"),
        ("1" * 4000, "1" * 3999 + "2"),
        ("12345678901234567890123456789012", "12345678901234567890123456789013"),
        ("0.1000000000000000000000000000000000000001", "0.1000000000000000000000000000000000000002"),
        ("-1e-999999999", "1e-999999999"),
        ("1e400", "2e400"),
        ("9007199254740993", "9007199254740992"),
    ],
)
def test_numbers_beyond_any_machine(before: str, after: str) -> None:
    """Two numbers that differ in their last digit differ, however large, small or long they are."""
    diff = looked_at(raw_change(f'{{"a":{before}}}', f'{{"a":{after}}}'))
    assert len(diff.parts) == 1
    assert looked_at(raw_change(f'{{"a":{before}}}', f'{{"a":{before}}}')).unchanged == ("a",)


@given(
    st.recursive(
        st.sampled_from([None, True, 0, "a"]),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=2), inner),
    ),
    st.data(),
)
def test_any_tree_with_any_marks(value: Any, data: st.DataObject) -> None:
    """No tree with any trees of marks beside it stops us."""
    tree = st.recursive(st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=2), inner))
    marks = {name: data.draw(tree) for name in ("before_sensitive", "after_sensitive", "after_unknown")}
    other = data.draw(st.sampled_from([value, None, {}, [value], {"a": value}]))
    document = {"actions": ["update"], "before": value, "after": other, **marks}
    looked_at(msgspec.json.decode(json.dumps(document), type=Change))


def objects(count: int) -> tuple[Any, Any]:
    """Objects with a name, every second one changed."""
    before = [{"name": f"n{n}", "port": n, "tags": ["a"]} for n in range(count)]
    return before, [{**item, "port": -1} if n % 2 else item for n, item in enumerate(before)]


def anonymous(count: int) -> tuple[Any, Any]:
    """Objects without an identity, every second one changed."""
    before = [{"port": n, "open": True} for n in range(count)]
    return before, [{**item, "open": False} if n % 2 else item for n, item in enumerate(before)]


def repeated(count: int) -> tuple[Any, Any]:
    """Objects whose identity repeats, every second one changed."""
    before = [{"name": f"n{n % 7}", "port": n} for n in range(count)]
    return before, [{**item, "port": -n} if n % 2 else item for n, item in enumerate(before)]


def shuffled(count: int) -> tuple[Any, Any]:
    """Texts in another order."""
    return [f"s{n}" for n in range(count)], [f"s{n * 7919 % count}" for n in range(count)]


def replaced(count: int) -> tuple[Any, Any]:
    """Texts, every second one another one."""
    return [f"s{n}" for n in range(count)], [f"t{n}" if n % 2 else f"s{n}" for n in range(count)]


def lines(count: int) -> tuple[Any, Any]:
    """A text, every second line changed."""
    text = [f"line {n}" for n in range(count)]
    return "\n".join(text), "\n".join(f"{line}!" if n % 2 else line for n, line in enumerate(text))


def equal_lines(count: int) -> tuple[Any, Any]:
    """A text of equal lines, every second one changed."""
    return "\n".join(["x"] * count), "\n".join(["x", "y"] * (count // 2))


def statements(count: int) -> tuple[Any, Any]:
    """A policy with many statements, every second one changed."""
    before, after = objects(count)
    return json.dumps({"Statement": before}), json.dumps({"Statement": after})


def with_secrets(count: int) -> tuple[Any, Any]:
    """Texts with a secret in each, and with escapes."""
    before = [f"hunter2-secret\\n {n}" for n in range(count)]
    return before, [f"{text}!" if n % 2 else text for n, text in enumerate(before)]


@pytest.mark.cost
@pytest.mark.parametrize(
    "make",
    [objects, anonymous, repeated, shuffled, replaced, lines, equal_lines, statements, with_secrets],
    ids=lambda make: make.__name__,
)
def test_cost(make: Callable[[int], tuple[Any, Any]], change: MakeChange, count_calls: Callable[..., int]) -> None:
    """Twice the size takes little more than twice the calls."""
    calls = []
    for count in (600, 1200):
        before, after = make(count)
        big = change({"a": before}, {"a": after})
        calls.append(count_calls(partial(looked_at, big)))
    assert calls[1] <= 2.5 * calls[0]


@pytest.mark.cost
def test_cost_of_secrets(change: MakeChange, count_calls: Callable[..., int]) -> None:
    """A thousand secrets more cost hardly a call more: a text is searched once for all of them."""
    big = change({"a": [f"text {n}" for n in range(500)]}, {"a": []})
    few, many = (Mask(f"secret-number-{n}" for n in range(count)) for count in (10, 1000))
    assert count_calls(lambda: looked_at(big, many)) <= 1.1 * count_calls(lambda: looked_at(big, few))


def test_large_values(change: MakeChange) -> None:
    """A text of a megabyte and a list of ten thousand elements are compared whole."""
    before = {"text": "line of a text\n" * 70_000, "list": [f"s{n}" for n in range(10_000)]}
    after = {"text": f"{before['text']}!", "list": [*before["list"][1:], "new"]}
    diff = looked_at(change(before, after))
    assert [part.step for part in diff.parts] == ["list", "text"]
    assert repr(diff).count("Added(") == 1
    assert repr(diff).count("Removed(") == 1


def long_document(changed: str = "", secret: str = "", indent: int | None = None) -> str:
    """JSON that is too long to be taken apart."""
    rules = [{"id": number, "text": "x" * 90} for number in range(LONGEST_DOCUMENT // 100)]
    rules[7] = {"id": 7, "text": changed}
    return json.dumps({"rules": rules, "secret": secret}, indent=indent)


def test_a_long_document_is_compared_line_by_line(change: MakeChange) -> None:
    """What would take seconds to compare by paths is compared by lines, and says so."""
    diff = looked_at(change({"a": long_document("old")}, {"a": long_document("new")}))

    match diff.parts[0].difference:
        case ChangedText(what=what, diff=lines):
            assert what == "JSON, compared line by line for its length"
            assert [(line.kind, line.text.strip()) for line in lines.lines if line.kind in {"removed", "added"}] == [
                ("removed", '"text": "old"'),
                ("added", '"text": "new"'),
            ]
        case _:
            pytest.fail("it is no text")


def test_only_the_formatting_of_a_long_document_changes(change: MakeChange) -> None:
    """That is said of a long document as of a short one."""
    diff = looked_at(change({"a": long_document()}, {"a": long_document(indent=1)}))

    match diff.parts[0].difference:
        case Changed(note=note, formatting_only=True):
            assert note == "only the JSON's formatting changes"
        case _:
            pytest.fail("more than the formatting changes")


def test_secrets_in_a_long_document(change: MakeChange) -> None:
    """They are masked in it, plain and in base64."""
    encoded = b64encode(b"the password is hunter2-secret").decode()
    for secret in ("hunter2-secret", encoded):
        document = long_document("hunter2-secret", secret)

        diff = looked_at(change({"a": long_document("old", "old")}, {"a": document}))

        assert isinstance(diff.parts[0].difference, ChangedText)
        shown = repr([line.text for line in diff.parts[0].difference.diff.lines])
        assert shown.count("(hidden: equals a sensitive value") == 2
        assert encoded not in shown
        assert "hunter2" not in shown
        assert encoded not in shown


def test_a_long_text_that_is_no_document_is_a_text(change: MakeChange) -> None:
    """Only what is JSON on both sides is compared as JSON."""
    diff = looked_at(change({"a": long_document()}, {"a": long_document() + "]"}))

    assert isinstance(diff.parts[0].difference, Changed)


@pytest.mark.parametrize("marks", [{}, {"large": True}, {"large": [True]}, {"small": True}])
def test_a_value_that_is_too_large_is_told_by_its_size(marks: dict[str, Any], change: MakeChange) -> None:
    """Nothing of it is decoded; that it changes still shows, and so does the rest of the object; secrets do not."""
    before, after = {"large": ["x" * LARGEST], "small": "one"}, {"large": ["y" * LARGEST], "small": "two"}

    diff = looked_at(change(before, after, before_sensitive=marks, after_sensitive=marks, after_unknown={"new": True}))

    shown = {part.step: part.difference for part in diff.parts}
    words = f"{LARGEST + 4:,} bytes, too many to be taken apart"
    match shown["large"]:
        case Changed(Described(old), Described(new)):
            assert old == new == words
            assert "large" not in marks
        case Changed(Sensitive(), Sensitive()):
            assert "large" in marks
        case other:
            pytest.fail(f"it is {type(other)}")
    assert isinstance(shown["small"], Changed)
    assert isinstance(shown["small"].after, Sensitive) is ("small" in marks)
    assert diff.known_after_apply == ("new",)
    assert not looked_at(change({"large": before["large"]}, {"large": before["large"]})).parts


def test_what_is_too_large_and_no_object_is_told_by_its_size(change: MakeChange) -> None:
    """Such as an output, or what no provider could mean."""
    diff = looked_at(change(["x" * LARGEST], None))

    assert [part.step for part in diff.parts] == ["(all attributes)"]


@given(digits=st.integers(4_301, 100_000), place=st.sampled_from(["{}", "[{}]", '{{"a": [{}]}}']))
def test_integers_with_more_digits_than_python_reads(digits: int, place: str) -> None:
    """Such an integer is told by its length, and costs no other value its place."""
    number = "9" * digits
    before, after = (f'{{"x": {place.format(value)}, "y": {other}}}' for value, other in (("1", 1), (number, 2)))
    diff = looked_at(raw_change(before, after))
    assert {part.step for part in diff.parts} == {"x", "y"}
    assert f"a number of {digits:,} characters" in repr(diff)


@pytest.mark.parametrize("number", ["1e99999999999999999999", "-1E-99999999999999999999"])
def test_numbers_that_no_program_can_work_with(number: str) -> None:
    """Such a number is a text, and costs no other value its place."""
    diff = looked_at(raw_change('{"x": 1, "y": 1, "z": 1}', f'{{"x": {number}, "y": 2, "z": {"9" * 5_000}}}'))
    assert {part.step for part in diff.parts} == {"x", "y", "z"}
    assert number in repr(diff)


def test_bytes_that_are_no_utf_8() -> None:
    """Each is shown as what it is, so that a change of one still shows, and costs no other value its place."""
    before, after = (msgspec.Raw(text) for text in (b'{"x": "a\xff", "y": 1}', b'{"x": "a\xfe", "y": 2}'))
    diff = looked_at(Change(actions=("update",), before=before, after=after))
    assert diff.parts[0].difference == Changed("a\ufffdff", "a\ufffdfe")
    assert diff.parts[1].step == "y"


@pytest.mark.parametrize("rest", ["NaN", "Infinity", "[", '"a'])
def test_long_integers_beside_what_is_no_json(rest: str) -> None:
    """Where an integer is too long for the usual decoder, the other one accepts nothing else that is no JSON."""
    with pytest.raises(PlanDocumentError, match="not valid JSON"):
        looked_at(raw_change("{}", f'{{"x": {"9" * 5_000}, "y": {rest}}}'))
