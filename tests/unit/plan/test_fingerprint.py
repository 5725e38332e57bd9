"""A fingerprint is the same for what is shown alike, and tells nothing of what is hidden."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from tfc_plan_comment.plan.document import Change, Plan
from tfc_plan_comment.plan.fingerprint import fingerprint
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.values import UNKNOWN, Described, Number, Sensitive, Value

MakeChange = Callable[..., Change]

SCALARS: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.booleans(), st.sampled_from(["", "a", "1", "true", "null"]), st.sampled_from("01").map(Number.read)
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("ab0"), inner, max_size=3)),
    max_leaves=6,
)
HIDDEN: st.SearchStrategy[Value] = st.recursive(
    st.one_of(
        SCALARS,
        st.builds(Sensitive, st.integers(1, 4), st.booleans()),
        st.integers(1, 4).map("x(sensitive value {})".format),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["a", "b", "(sensitive value 1)", "(sensitive value 2)"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def of(before: Value, after: Value, **more: Any) -> str:
    """The fingerprint of an update."""
    return fingerprint(**{"address": "t.n", "actions": ["update"], "before": before, "after": after, **more})


def renumbered(value: Value, numbers: dict[int, int]) -> Value:
    """The value as it is masked in a plan that counts its secrets in another order; its keys are turned round."""
    match value:
        case dict():
            return {text(key, numbers): renumbered(item, numbers) for key, item in reversed(value.items())}
        case list():
            return [renumbered(item, numbers) for item in value]
        case str():
            return text(value, numbers)
        case Sensitive():
            return replace(value, number=numbers[value.number])
        case _:
            return value


def text(masked: str, numbers: dict[int, int]) -> str:
    """The text with other numbers for its secrets."""
    start, found, rest = masked.partition("(sensitive value ")
    return f"{start}{found}{numbers[int(rest[:-1])]})" if found else masked


@given(VALUES, VALUES, VALUES, VALUES)
@example("1", "a", Number.read("1"), "a")
@example({"a": None}, None, {}, None)
@example(["object"], None, {}, None)
@example(None, ["unknown"], None, UNKNOWN)
def test_it_differs_where_a_value_differs(one: Value, other: Value, third: Value, fourth: Value) -> None:
    """Two changes have the same if and only if their masked values are the same on both sides."""
    is_same = repr((sort(one), sort(other))) == repr((sort(third), sort(fourth)))

    assert (of(one, other) == of(third, fourth)) == is_same


def sort(value: Value) -> Value:
    """The value with its keys in order."""
    match value:
        case dict():
            return {key: sort(value[key]) for key in sorted(value)}
        case list():
            return [sort(item) for item in value]
        case _:
            return value


@given(HIDDEN, HIDDEN, st.permutations([1, 2, 3, 4]), st.integers(0, 100))
def test_it_does_not_depend_on_order_nor_on_numbers(before: Value, after: Value, order: list[int], more: int) -> None:
    """Another order of keys, and other numbers for the secrets because there are more of them, change nothing."""
    numbers = {number: other + more for number, other in zip([1, 2, 3, 4], order, strict=True)}

    assert of(renumbered(before, numbers), renumbered(after, numbers)) == of(before, after)


def test_every_part_counts() -> None:
    """The address, the actions, what is said beside them, and each kind of value, however alike they are written."""
    values: list[Value] = [None, True, [], {}, "", "x", Number.read("1"), Number.read("1.0")]
    values += [UNKNOWN, "(known after apply)", Described("a key", ""), "(a key)", "(sensitive value)"]
    values += [Sensitive(1, is_marked=True), Sensitive(1, is_marked=False)]
    found = [of(value, None) for value in values] + [of(None, value) for value in values[1:]]
    found += [of(None, None, **more) for more in ({"address": "t.m"}, {"actions": ["delete"]}, {"said": ["tainted"]})]

    assert len(set(found)) == len(found)


@pytest.mark.parametrize("marks", [{"after_sensitive": {"a": True}}, {}])
def test_of_a_secret_counts_only_whether_it_changes(change: MakeChange, marks: dict[str, Any]) -> None:
    """Which one it was or will be makes no difference, be it marked or found in an unmarked place."""

    def masked(before: str, after: str) -> str:
        mask = Mask(["correct-horse", "battery-staple", "hunter-hunter"])
        was, will_be = mask.sides(change({"a": before, "b": 1}, {"a": after, "b": 2}, **marks))
        return of(was, will_be)

    one, other, third = "correct-horse", "battery-staple", "hunter-hunter"
    assert masked(one, other) == masked(other, one) == masked(one, third)
    assert masked(one, one) == masked(other, other) != masked(one, other)
    assert masked(f"https://{one}@x", f"https://{other}@x") == masked(f"https://{third}@x", f"https://{one}@x")
    assert masked(f"https://{one}@x", f"https://{one}@x") != masked(f"https://{one}@x", f"https://{other}@x")


def test_a_mark_that_comes_differs_from_a_secret_that_changes() -> None:
    """Both are shown in words: that a value will be marked, that it changes, that a redacted plan does not say it."""
    after = [Sensitive(1, is_marked=True), Sensitive(2, is_marked=True), Sensitive(1, is_marked=True, may_differ=True)]

    assert len({of({"a": Sensitive(1, is_marked=False)}, {"a": each}) for each in after}) == 3


def test_one_more_secret_changes_no_other_fingerprint(golden_plan: Callable[[str], Plan], golden_name: str) -> None:
    """In every real plan: a secret that is masked first takes the first number, and nothing else changes."""
    plan = golden_plan(golden_name)

    def fingerprints(mask: Mask) -> list[str]:
        return [of(*mask.sides(each.change)) for each in plan.resource_changes]

    later = Mask.of(plan)
    assert (
        later.text("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----")
        == "(hidden: looks like a secret, no. 1)"
    )
    assert fingerprints(later) == fingerprints(Mask.of(plan))


def test_it_is_the_same_in_every_version() -> None:
    """Comments hold fingerprints of earlier versions: one that comes out otherwise takes another MEMORY_VERSION."""
    before: Value = {"a": [Number.read("1"), "x"], "b": Sensitive(7, is_marked=True)}
    after: Value = {"a": [UNKNOWN, "x"], "b": Sensitive(8, is_marked=True), "c": {"d": None}}

    assert of(before, after, said=["because it is tainted"]) == "l7z6mdeosqb4"
