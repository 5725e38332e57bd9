"""Aligning two sequences: what stays, in order on both sides, and never at a quadratic cost."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.sequence import FINE, align

LETTERS = st.text("abc", max_size=30)


def is_common_subsequence(before: Any, after: Any, pairs: list[tuple[int, int]]) -> bool:
    """Whether the pairs are equal elements in increasing order on both sides."""
    increases = all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(pairs))
    return increases and all(before[here] == after[there] for here, there in pairs)


@given(LETTERS, LETTERS)
def test_what_stays_is_in_order(before: str, after: str) -> None:
    """The pairs are a common subsequence: equal elements, increasing on both sides."""
    assert is_common_subsequence(before, after, align(before, after))


@given(LETTERS)
def test_equal_sequences(both: str) -> None:
    """Of two equal sequences everything stays."""
    assert align(both, both) == [(place, place) for place in range(len(both))]


@given(LETTERS, st.text("xyz", max_size=5), st.integers(0, 30))
def test_an_insertion(before: str, inserted: str, place: int) -> None:
    """Whatever is put into a sequence that has nothing of it, everything else stays."""
    after = before[:place] + inserted + before[place:]
    assert len(align(before, after)) == len(before)
    assert len(align(after, before)) == len(before)


@given(st.lists(st.integers(0, 1000), unique=True, max_size=30), st.data())
def test_a_deletion_among_unique_elements(before: list[int], data: st.DataObject) -> None:
    """Where every element stands once, all that can stay stays."""
    gone = data.draw(st.sets(st.sampled_from(before))) if before else set()
    after = [item for item in before if item not in gone]
    assert len(align(before, after)) == len(after)


@pytest.mark.parametrize("length", [FINE - 1, FINE, FINE + 1, 3 * FINE])
def test_long_sequences_without_an_anchor(length: int) -> None:
    """Long sequences in which nothing is unique are compared by position, short ones finely; both are in order."""
    before = "ab" * length
    after = "x" + "ab" * (length - 1) + "y"
    pairs = align(before, after)
    assert is_common_subsequence(before, after, pairs)
    assert len(align("xx" + "ab" * length, "yy" + "ba" * length)) <= 2 * length


def test_anchors_within_anchors() -> None:
    """What is unique only between two anchors is an anchor there."""
    before = [*"aXbYa", *"12345", *"aYbXa"]
    after = [*"aXbYa", *"1", *"2z345", *"aYbXa"]
    assert len(align(before, after)) == len(before)


class Key:
    """Counts how often it is compared or hashed."""

    looks = 0

    def __init__(self, value: int) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        Key.looks += 1
        return isinstance(other, Key) and self.value == other.value

    def __hash__(self) -> int:
        Key.looks += 1
        return hash(self.value)


def ladder(length: int) -> tuple[list[int], list[int]]:
    """Each element is unique only once the one before it was found to be: the worst case for anchors."""
    before, after = [2, 1], [2, 1]
    for step in range(3, length // 3):
        before += [-2 * step, step, step - 1]
        after += [-2 * step - 1, step, step - 1]
    return [-1, *before, -2], [-3, *after, -4]


CASES: dict[str, Callable[[int], tuple[list[int], list[int]]]] = {
    "every second one differs": lambda n: (list(range(n)), [i if i % 2 else -i - 1 for i in range(n)]),
    "nothing in common": lambda n: (list(range(n)), list(range(n, 2 * n))),
    "two values": lambda n: ([i % 2 for i in range(n)], [(i * i // 3) % 2 for i in range(n)]),
    "all the same": lambda n: ([1] * n, [1] * (n // 2)),
    "turned round": lambda n: (list(range(n)), list(range(n))[::-1]),
    "shuffled": lambda n: (list(range(n)), [i * 7919 % n for i in range(n)]),
    "few of each": lambda n: ([i // 3 for i in range(n)], [i // 3 for i in range(1, n)]),
    "ladder": ladder,
    "blocks without anchors": lambda n: (
        [i if i % 150 == 0 else -(i % 3) - 1 for i in range(n)],
        [i if i % 150 == 0 else -(i % 2) - 1 for i in range(n)],
    ),
}


@pytest.mark.cost
@pytest.mark.parametrize("case", CASES)
def test_cost(case: str) -> None:
    """Twice as many elements are looked at little more than twice as often."""
    looks = []
    for length in (4 * FINE, 8 * FINE):
        before, after = ([Key(value) for value in side] for side in CASES[case](length))
        Key.looks = 0
        assert is_common_subsequence(before, after, align(before, after))
        looks.append(Key.looks)
    assert looks[1] <= 2.5 * looks[0]


def test_a_comparison_by_position_says_so() -> None:
    """Long sequences without an anchor that share elements are compared coarsely, and only they are called so."""
    before = [number % 7 for number in range(FINE + 50)]

    assert align(before, [number % 5 for number in range(FINE + 50)]).is_coarse
    assert not align(before, [number + 100 for number in before]).is_coarse
    assert not align(before, [*before, 1]).is_coarse
    assert not align([1, 2, 1], [2, 1, 2]).is_coarse
