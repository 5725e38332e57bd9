"""Which arrays of a plan may be sets."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.set_order import may_be_set
from tfc_plan_comment.plan.values import UNKNOWN, Number, Sensitive, Value

HIDDEN = Sensitive(1, is_marked=True)


def value_of(document: Any) -> Value:
    """A document as a value of a plan."""
    match document:
        case dict():
            return {key: value_of(item) for key, item in document.items()}
        case list():
            return [value_of(item) for item in document]
        case int() | float() if not isinstance(document, bool):
            return Number.read(json.dumps(document))
        case _:
            return document


# As Terraform 1.11.4 wrote them, out of configurations with another order.
SETS = [
    [],
    ["b"],
    ["a", "ab", "b"],
    [2, 10],
    [False, True],
    [{"cidr_blocks": ["10.0.0.0/8"], "from_port": 443}, {"cidr_blocks": ["10.0.9.10/32"], "from_port": 22}],
    [{"labels": {"a": "1"}, "to_port": 1}, {"labels": {"a": "2"}, "to_port": 1}],
    [{"blocks": [{"x": "1"}], "on": False}, {"blocks": [{"x": "1"}], "on": True}],
]


@pytest.mark.parametrize("elements", SETS)
def test_the_order_of_a_set(elements: list[Any]) -> None:
    """Terraform sorts texts, numbers, and objects by their attributes; backwards it is a list."""
    assert may_be_set([value_of(each) for each in elements])
    assert len(elements) < 2 or not may_be_set([value_of(each) for each in reversed(elements)])


@pytest.mark.parametrize("elements", [["a", "a"], [None, "a"], [UNKNOWN, "a"], ["a", UNKNOWN, "b"], [None, None]])
def test_what_no_set_is_written_as(elements: list[Value]) -> None:
    """A set has nothing twice; what is unknown or null stands last."""
    assert not may_be_set(elements)


@pytest.mark.parametrize(
    "elements",
    [
        [HIDDEN, {"a": "x"}],
        [{"a": HIDDEN, "b": "2"}, {"a": "x", "b": "1"}],
        [{"a": ["x", HIDDEN]}, {"a": ["x", "y"]}],
        [{"a": Number.read("12345678901")}, {"a": Number.read("3")}],
        ["a", UNKNOWN],
        ["a", None],
        [{"a": UNKNOWN}, {"a": None}],
    ],
)
def test_what_cannot_be_told(elements: list[Value]) -> None:
    """What is hidden, or written by rules of Go's own, may stand in front of anything."""
    assert may_be_set(elements)


@given(st.lists(st.dictionaries(st.sampled_from("ab"), st.text(max_size=3), min_size=2), max_size=5))
def test_objects_are_sorted_in_one_way(objects: list[dict[str, str]]) -> None:
    """Of any objects with texts there is one order in which they may be a set."""
    unique = {tuple(map(_written, sorted(each.items()))): each for each in objects}
    elements: list[Value] = [value_of(each) for _, each in sorted(unique.items())]

    assert may_be_set(elements)
    assert len(elements) < 2 or not may_be_set(elements[::-1])


def _written(item: tuple[str, str]) -> bytes:
    return json.dumps(item[1], ensure_ascii=False).encode(errors="surrogatepass") + b";"
