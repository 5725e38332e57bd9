"""Which object of a list became which."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.diff import Differ, Nested
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.pairing import MOST_COMPARISONS, pair
from tfc_plan_comment.plan.values import UNKNOWN, Number, Sensitive, Value, identity

LEAVES = st.sampled_from(
    [
        *(None, True, "", "a", "b", Number.read("1"), Number.read("1.0"), UNKNOWN),
        *(Sensitive(token, is_marked=True) for token in (1, 2, 3)),
    ]
)
OBJECTS = st.dictionaries(st.sampled_from(["name", "id", "port", "x"]), LEAVES, max_size=3)
LISTS: st.SearchStrategy[list[Any]] = st.lists(st.one_of(LEAVES, OBJECTS, st.lists(LEAVES, max_size=2)), max_size=8)


@given(LISTS, LISTS)
def test_each_element_has_one_fate(before: list[Any], after: list[Any]) -> None:
    """Each element stays, moves, changes, goes or comes, and exactly one of these."""
    pairing = pair(before, after)
    assert pairing.stays + pairing.moved + len(pairing.changed) + len(pairing.removed) == len(before)
    assert pairing.stays + pairing.moved + len(pairing.changed) + len(pairing.added) == len(after)
    here = [*pairing.removed, *(here for here, _, _ in pairing.changed)]
    there = [*pairing.added, *(there for _, there, _ in pairing.changed)]
    assert len(set(here)) == len(here)
    assert len(set(there)) == len(there)
    old = Counter(identity(value) for place, value in enumerate(before) if place not in here)
    new = Counter(identity(value) for place, value in enumerate(after) if place not in there)
    assert old == new
    assert all(identity(before[one]) != identity(after[other]) for one, other, _ in pairing.changed)


@given(LISTS, LISTS)
def test_what_can_stay_stays(before: list[Any], after: list[Any]) -> None:
    """An element that is on both sides is never said to go and to come."""
    pairing = pair(before, after)
    gone = {identity(before[place]) for place in pairing.removed}
    come = {identity(after[place]) for place in pairing.added}
    assert not gone & come


def number(value: int) -> Number:
    """The number as a value of a plan."""
    return Number.read(str(value))


def rule(start: int, end: int, protocol: str = "tcp", **more: Value) -> dict[str, Value]:
    """A firewall rule."""
    return {"from_port": number(start), "to_port": number(end), "protocol": protocol, **more}


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (
            [{"name": "a", "x": "1"}, {"name": "b", "x": "1"}],
            [{"name": "b", "x": "2"}, {"name": "a", "x": "3"}],
            ((1, 0, "b"), (0, 1, "a")),
        ),
        (
            [rule(22, 22, cidr="a"), rule(80, 90, cidr="a"), rule(0, 0, "-1", cidr="a")],
            [rule(22, 22, cidr="b"), rule(80, 90, cidr="b"), rule(0, 0, "-1", cidr="b")],
            ((0, 0, "22/tcp"), (1, 1, "80-90/tcp"), (2, 2, "all traffic")),
        ),
        (
            [{"port": number(80), "protocol": "HTTP", "x": "1"}, {"port": number(443), "protocol": "HTTPS", "x": "1"}],
            [{"port": number(80), "protocol": "HTTP", "x": "2"}, {"port": number(443), "protocol": "HTTPS", "x": "2"}],
            ((0, 0, "80/HTTP"), (1, 1, "443/HTTPS")),
        ),
    ],
)
def test_by_identity(before: list[Value], after: list[Value], changed: tuple[Any, ...]) -> None:
    """What identifies the objects of a list says which became which, and names them."""
    pairing = pair(before, after)
    assert pairing.changed == changed
    assert not pairing.removed
    assert not pairing.added


@pytest.mark.parametrize(
    "before",
    [
        [{"name": "a", "x": "1", "y": "1"}, {"name": "a", "x": "2", "y": "2"}],
        [{"name": "", "x": "1", "y": "1"}, {"name": "b", "x": "2", "y": "2"}],
        [{"name": None, "x": "1", "y": "1"}, {"name": "b", "x": "2", "y": "2"}],
        [{"name": UNKNOWN, "x": "1", "y": "1"}, {"name": "b", "x": "2", "y": "2"}],
        [{"name": Sensitive(1, is_marked=True), "x": "1", "y": "1"}, {"name": "b", "x": "2", "y": "2"}],
        [{"name": ["a"], "x": "1", "y": "1"}, {"name": "b", "x": "2", "y": "2"}],
        [{"x": "1", "y": "1"}, {"name": "b", "x": "2", "y": "2"}],
        ["name", {"name": "b", "x": "2", "y": "2"}],
    ],
)
def test_what_identifies_nothing(before: list[Any]) -> None:
    """A key that repeats, is missing, empty, unknown or hidden identifies nothing; then likeness decides."""
    after = [{**item, "x": "3"} if isinstance(item, dict) else item for item in before]
    pairing = pair(before, after)
    assert [label for _, _, label in pairing.changed] == [None] * (2 - pairing.stays)
    assert sorted((here, there) for here, there, _ in pairing.changed) == [(n, n) for n in range(pairing.stays, 2)]


def test_by_likeness() -> None:
    """Of objects without an identity, those that are most alike are one; those that are not are two."""
    before: list[Value] = [{"a": "1", "b": "2", "c": "3"}, {"a": "4", "b": "5", "c": "6"}, {"a": "7"}]
    after: list[Value] = [{"a": "4", "b": "5", "c": "x"}, {"a": "1", "b": "2", "c": "y"}, {"z": "8"}]
    pairing = pair(before, after)
    assert pairing.changed == ((1, 0, None), (0, 1, None))
    assert (pairing.removed, pairing.added) == ((2,), (2,))


def test_one_object_that_changes_wholly() -> None:
    """A single object on both sides is one that changes, however little stays of it; plain values are not."""
    assert pair([{"a": "1"}], [{"b": "2"}]).changed == ((0, 0, None),)
    assert pair(["1"], ["2"]).changed == ()
    assert pair([{"a": "1"}], ["2"]).changed == ()


def secret(token: int) -> Sensitive:
    """A hidden value."""
    return Sensitive(token, is_marked=True)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ([secret(1)], [secret(2)], [(0, 0)]),
        (["a", secret(1)], ["b", secret(2)], [(0, 0), (1, 1)]),
        (["kept", secret(1), "a"], [secret(2), "kept", secret(3), "b"], [(1, 2), (2, 3)]),
        ([secret(1), {"a": "1"}], [{"b": "2"}, secret(2)], [(1, 0), (0, 1)]),
        ([secret(1), "kept"], ["kept", secret(2)], []),
        ([secret(1)], [secret(2), secret(3)], []),
        ([secret(1), "a"], ["b", secret(2)], []),
        ([secret(1), None], [secret(2), "a"], []),
        ([secret(1)], [["a"]], []),
        (["a", "b"], ["c", "d"], []),
    ],
)
def test_secrets_in_place(before: list[Value], after: list[Value], changed: list[tuple[int, int]]) -> None:
    """Between what stays, as many values before as after are those that were there, if a secret becomes another."""
    assert [(here, there) for here, there, _ in pair(before, after).changed] == changed


def test_only_the_order() -> None:
    """Elements that are on both sides in another order move; they neither go nor come."""
    pairing = pair(["a", "b", "c", "c"], ["c", "b", "a", "c"])
    assert (pairing.changed, pairing.removed, pairing.added) == ((), (), ())
    assert pairing.stays + pairing.moved == 4
    assert pairing.moved


def test_too_many_to_compare() -> None:
    """Of too many objects without an identity none is compared with each other one: they are paired in order."""
    count = int(MOST_COMPARISONS**0.5) + 1
    before: list[Value] = [{"a": number(place), "b": "x"} for place in range(count)]
    after: list[Value] = [{"a": number(-1 - place), "b": "x"} for place in range(count + 2)]
    pairing = pair(before, after)
    assert pairing.changed == tuple((place, place, None) for place in range(count))
    assert pairing.added == (count, count + 1)


def test_a_coarse_pairing_says_so() -> None:
    """Where too many objects without identity are left, they are paired in order, and the reader is told."""
    before: list[Value] = [{"a": Number.read(f"{number}")} for number in range(101)]
    after: list[Value] = [{"a": Number.read(f"-{number}")} for number in range(1, 101)]
    part = Differ(Mask()).part("list", before, after)

    assert pair(before, after).is_coarse
    assert not pair(before[:100], after).is_coarse
    assert part is not None
    assert isinstance(part.difference, Nested)
    assert part.difference.note == "paired in order, for there are too many to compare each with each"
