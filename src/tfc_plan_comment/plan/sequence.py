"""The elements that stay between two sequences, in nearly linear time: anchors first, then finely in between.

The anchors are the elements that stand exactly once on both sides (Bram Cohen's patience diff). Python's difflib,
which is quadratic and worse, compares only what is short.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

FINE = 200
"""Sequences up to this long are compared finely; longer ones without a single anchor are compared by position."""

MOST_ROUNDS = 8
"""Between anchors there may be new ones, and so on. After this many rounds the rest counts as without an anchor."""

Pair = tuple[int, int]
Range = tuple[int, int, int, int]
"""Start and end before, start and end after."""


class Alignment(list[Pair]):
    """The positions of the elements that stay. `is_coarse` says that some were only compared by position."""

    is_coarse = False


def align(before: Sequence[Hashable], after: Sequence[Hashable]) -> Alignment:
    """The positions of the elements that stay, in order on both sides."""
    pairs = Alignment()
    ranges = [(0, (0, len(before), 0, len(after)))]
    while ranges:
        rounds, within = ranges.pop()
        within = start, end, other_start, other_end = _trim(before, after, within, pairs)
        if start == end or other_start == other_end or (end - start == other_end - other_start == 1):
            continue
        if rounds < MOST_ROUNDS and (anchors := _anchors(before, after, within)):
            edges = [(start - 1, other_start - 1), *anchors, (end, other_end)]
            pairs += anchors
            ranges += [(rounds + 1, (a + 1, c, b + 1, d)) for (a, b), (c, d) in pairwise(edges)]
        elif max(end - start, other_end - other_start) <= FINE:
            pairs += _fine(before[start:end], after[other_start:other_end], start, other_start)
        else:
            both = zip(range(start, end), range(other_start, other_end), strict=False)
            pairs += [(here, there) for here, there in both if before[here] == after[there]]
            pairs.is_coarse |= not set(before[start:end]).isdisjoint(after[other_start:other_end])
    pairs.sort()
    return pairs


def _trim(before: Sequence[Hashable], after: Sequence[Hashable], within: Range, pairs: Alignment) -> Range:
    """The range without the equal elements at its two ends, which become pairs."""
    start, end, other_start, other_end = within
    while start < end and other_start < other_end and before[start] == after[other_start]:
        pairs.append((start, other_start))
        start, other_start = start + 1, other_start + 1
    while start < end and other_start < other_end and before[end - 1] == after[other_end - 1]:
        end, other_end = end - 1, other_end - 1
        pairs.append((end, other_end))
    return start, end, other_start, other_end


def _anchors(before: Sequence[Hashable], after: Sequence[Hashable], within: Range) -> list[Pair]:
    start, end, other_start, other_end = within
    once = {key for key, count in Counter(before[start:end]).items() if count == 1}
    once &= {key for key, count in Counter(after[other_start:other_end]).items() if count == 1}
    place = {after[there]: there for there in range(other_start, other_end) if after[there] in once}
    return _longest_increasing([(here, place[before[here]]) for here in range(start, end) if before[here] in once])


def _longest_increasing(pairs: list[Pair]) -> list[Pair]:
    """The longest run of pairs whose second halves increase as well as their first ones."""
    tops: list[int] = []
    piles: list[int] = []
    previous: list[int] = []
    for number, (_, there) in enumerate(pairs):
        pile = bisect_left(tops, there)
        previous.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [there]
        piles[pile : pile + 1] = [number]
    run: list[Pair] = []
    number = piles[-1] if piles else -1
    while number >= 0:
        run.append(pairs[number])
        number = previous[number]
    return run[::-1]


def _fine(before: Sequence[Hashable], after: Sequence[Hashable], start: int, other_start: int) -> list[Pair]:
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return [(start + a + step, other_start + b + step) for a, b, size in blocks for step in range(size)]


def stay_in_order(pairs: Sequence[Pair]) -> list[Pair]:
    """As many of the pairs, which are sorted, as have their second halves in order, too: the others have moved.

    Of several choices that with the most elements which stand at the same position on both sides.
    """
    if all(one < other for (_, one), (_, other) in pairwise(pairs)):
        return list(pairs)
    size = max(there for _, there in pairs) + 1
    # A binary indexed tree: the best run that ends in front of a position, by length, then by those at the same one.
    best = [(0, 0, -1)] * (size + 1)
    previous: list[int] = []
    for number, (here, there) in enumerate(pairs):
        found = max((best[place] for place in _prefixes(there)), default=best[0])
        previous.append(found[2])
        run = found[0] + 1, found[1] + (here == there), number
        place = there + 1
        while place <= size:
            best[place], place = max(best[place], run), place + (place & -place)
    number = max(best[place] for place in _prefixes(size))[2]
    run_back: list[Pair] = []
    while number >= 0:
        run_back.append(pairs[number])
        number = previous[number]
    return run_back[::-1]


def _prefixes(place: int) -> Iterator[int]:
    """The nodes of a binary indexed tree that hold all in front of a position."""
    while place > 0:
        yield place
        place &= place - 1
