"""Whether anything changes that a rule compares is told of the values as they stand in the plan."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.attention_compared import may_differ
from tfc_plan_comment.plan.attention_conditions import Sides, ask
from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.knowledge.attention_rules import Falls, Loses, LowersTls, TurnsOff, Weaker
from tfc_plan_comment.plan.marks import differing_values, read_attributes
from tfc_plan_comment.plan.secrets.mask import Mask

CONDITIONS = (
    TurnsOff(paths=("block.flag",)),
    TurnsOff(paths=("block.flag", "other"), even_gone=False),
    TurnsOff(paths=("block.flag",), value="Enabled", given=(("other", "true"),)),
    TurnsOff(paths=("**.flag",)),
    Falls(paths=("block.flag",)),
    Loses(paths=("block.flag",)),
    Loses(paths=("block.flag",), to_none=True, hosts=True),
    LowersTls(paths=("block.flag",)),
    Weaker(paths=("block",), key="flag", order=("off", "Enabled", "true")),
)

LEAVES = st.sampled_from(
    [True, False, None, 1, 0, 14, "1", "true", "Enabled", "off", "TLSv1", "TLSv1.2", "a.b", "A.b."]
)
OBJECTS = st.fixed_dictionaries({}, optional={"flag": LEAVES | st.lists(LEAVES, max_size=2), "size": LEAVES})
ATTRIBUTES = st.fixed_dictionaries(
    {}, optional={"block": OBJECTS | st.lists(OBJECTS | st.lists(OBJECTS, max_size=2), max_size=3), "other": LEAVES}
)


def raw(value: object) -> msgspec.Raw:
    """A value as it stands in a plan."""
    return msgspec.Raw(json.dumps(value).encode())


def marks_of(value: Any) -> st.SearchStrategy[Any]:
    """Trees that mark parts of a value, or the whole of it."""
    inner: st.SearchStrategy[Any] = st.just(None)
    if isinstance(value, dict):
        inner = st.fixed_dictionaries({key: marks_of(item) for key, item in value.items()})
    elif isinstance(value, list):
        inner = st.tuples(*map(marks_of, value)).map(list)
    return st.sampled_from([0, 0, 0, 1]).flatmap(lambda marked: st.just(value=True) if marked else inner)


def answers(before: Any, after: Any, unknown: Any = None, sensitive: Any = (None, None)) -> list[tuple[bool, bool]]:
    """For each condition, whether it holds, and whether it may by what is compared."""
    change = Change(
        before=raw(before),
        after=raw(after),
        after_unknown=raw(unknown),
        before_sensitive=raw(sensitive[0]),
        after_sensitive=raw(sensitive[1]),
    )
    old, new = Mask(["TLSv1.2"]).sides(change)
    sides = Sides(before=old, after=new, actions=("update",))
    differing = differing_values(read_attributes(raw(before)) or {}, read_attributes(raw(after)) or {})
    return [(ask(each, sides) is not None, may_differ(each.paths, differing)) for each in CONDITIONS]


@given(ATTRIBUTES, ATTRIBUTES, st.data())
def test_where_nothing_differs_no_rule_finds_anything(before: Any, after: Any, data: st.DataObject) -> None:
    """Whatever is hidden, or unknown, of one side or of both, and wherever the elements of a list stand."""
    unknown, sensitive = data.draw(marks_of(after)), (data.draw(marks_of(before)), data.draw(marks_of(after)))
    assert not [each for each in answers(before, after, unknown, sensitive) if each == (True, False)]


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ({"block": [{"flag": True, "size": 1}]}, {"block": [{"flag": True, "size": 2}]}, False),
        ({"block": [{"flag": True}], "other": 1}, {"block": [{"flag": True}], "other": 2}, False),
        ({"block": [{"flag": True}, {"flag": False}]}, {"block": [{"flag": False}, {"flag": True}]}, True),
        ({"block": [{"flag": True}]}, {"block": [{"flag": 1}]}, True),
        ({"block": [{"flag": True}]}, {"block": [{}]}, True),
        ({"block": [{"flag": True}]}, {}, True),
    ],
    ids=["beside it", "elsewhere", "another order", "another type", "no value", "no block"],
)
def test_what_may_differ(before: Any, after: Any, may: bool) -> None:  # noqa: FBT001 - a case
    """What stands beside it does not count; the order, the type and what is missing do."""
    assert (
        may_differ(["block.flag"], differing_values(*(read_attributes(raw(each)) or {} for each in (before, after))))
        is may
    )


def test_a_value_that_cannot_be_read_may_differ() -> None:
    """Whoever shows it says so."""
    deep = msgspec.Raw(b'{"flag":' * 100_000 + b"1" + b"}" * 100_000)
    assert may_differ(["block.flag"], {"block": (deep, deep)})


def test_the_conditions_hold() -> None:
    """Each of them holds for something, or the property above says nothing."""
    strong: dict[str, Any] = {"block": [{"flag": True}], "other": True}
    held = [
        (strong, {"block": [{"flag": False}], "other": True}),
        ({"block": [{"flag": "Enabled"}], "other": True}, {"block": [{"flag": "off"}], "other": True}),
        ({"block": [{"flag": 14}]}, {"block": [{"flag": 1}]}),
        ({"block": [{"flag": "a.b"}]}, {"block": [{"flag": None}]}),
        ({"block": [{"flag": "TLSv1.3"}]}, {"block": [{"flag": "TLSv1"}]}),
    ]
    found = [answers(*sides) for sides in held]
    assert all(any(holds for holds, _ in of_one) for of_one in zip(*found, strict=True))
