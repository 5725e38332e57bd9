"""The pairs of list elements of which one became the other: by what identifies them, or because nothing else can be it.

What identifies an element is never what changes in a pair. Where nothing pairs, one goes and one comes, each whole:
Terraform never pairs the elements of a set either (internal/command/jsonformat/differ/set.go).
"""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from tfc_plan_comment.plan.element_keys import KnownKeys, Labels, unique_keys
from tfc_plan_comment.plan.knowledge.identity import (
    ELEMENTS,
    GRANTS,
    IDENTIFIERS,
    NUMBERS,
    PRINCIPALS,
    REFERENCES,
    VALUES,
)
from tfc_plan_comment.plan.knowledge.rules import Rules
from tfc_plan_comment.plan.sequence import align, stay_in_order
from tfc_plan_comment.plan.values import UNKNOWN, Number, Sensitive, Value, identity_but_for_marks, is_empty

ALIKE = 0.5
"""Two objects without an identity can only be one that changed if at least this share of their attributes is equal."""

FEWEST_ALIKE = 2
"""And at least so many: a role that two people share does not make one of them the other."""

MOST_COMPARISONS = 10_000
"""More leftover pairs than this are not compared with each other: then all of these elements go and come."""

Pair = tuple[int, int]
"""A position before, and one after."""

NONE = Rules()


class Pairing(msgspec.Struct, frozen=True, eq=False):
    """Positions before and after, those of pairs in the order after.

    `moved` are the pairs, equal or changed, that leave the order of the others: as few as possible. By `keys`, those
    that are known, the elements are named as well.
    """

    equal: tuple[Pair, ...] = ()
    changed: tuple[Pair, ...] = ()
    moved: tuple[Pair, ...] = ()
    removed: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    keys: Iterable[Labels] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pairing) and self._compared == other._compared

    def __hash__(self) -> int:
        return hash(self._compared)

    @property
    def _compared(self) -> tuple[object, ...]:
        return self.equal, self.changed, self.moved, self.removed, self.added


def pair(before: Sequence[Value], after: Sequence[Value], resource_type: str = "") -> Pairing:
    """The elements that stay, move, change, go and come."""
    kept, elsewhere = _find_same(before, after)
    same = sorted([*kept, *elsewhere])
    here_left = _without(range(len(before)), (here for here, _ in same))
    there_left = _without(range(len(after)), (there for _, there in same))
    keys = KnownKeys(before, after, resource_type)
    left = _Left(before, after, here_left, there_left, resource_type, keys)
    equal = [(here, there) for here, there in same if before[here] == after[there]]
    changed = sorted({*same}.difference(equal))  # where only a mark comes or goes
    changed += _objects(left)
    changed += _in_place(left, kept)
    pairs = sorted([*equal, *changed])
    stay = set(stay_in_order(pairs))
    return Pairing(
        equal=tuple(_by_place(equal)),
        changed=tuple(_by_place(changed)),
        moved=tuple(_by_place(pair for pair in pairs if pair not in stay)),
        removed=tuple(_without(here_left, (here for here, _ in changed))),
        added=tuple(_without(there_left, (there for _, there in changed))),
        keys=keys,
    )


def _find_same(before: Sequence[Value], after: Sequence[Value]) -> tuple[list[Pair], list[Pair]]:
    """The pairs of equal elements that keep their order, and those that do not.

    What is equal at both ends is seen without their identities, which cost more than to compare them.
    """
    start, end, shortest = 0, 0, min(len(before), len(after))
    while start < shortest and before[start] == after[start]:
        start += 1
    while end < shortest - start and before[-1 - end] == after[-1 - end]:
        end += 1
    was, will_be = before[start : len(before) - end], after[start : len(after) - end]
    if len(was) == len(will_be) == 1 and _are_plainly_unlike(was[0], will_be[0]):
        was, will_be = [], []  # as mostly: one has changed, and nothing else is like it
    old, new = ([identity_but_for_marks(value) for value in side] for side in (was, will_be))
    between = align(old, new)
    kept = [(place, place) for place in range(start)]
    kept += [(start + here, start + there) for here, there in between]
    kept += [(len(before) - place, len(after) - place) for place in range(end, 0, -1)]
    return kept, [(start + here, start + there) for here, there in _elsewhere(old, new, between)]


def _are_plainly_unlike(one: Value, other: Value) -> bool:
    """True of two objects with another text, number or flag in one attribute, whatever is marked in the rest."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return False
    return any(
        isinstance(value, _PLAIN) and isinstance(beside := other.get(name), _PLAIN) and value != beside
        for name, value in one.items()
    )


_PLAIN = str | Number | bool


def _by_place(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: pair[1])


def _without(numbers: Iterable[int], taken: Iterable[int]) -> list[int]:
    gone = set(taken)
    return [number for number in numbers if number not in gone]


def _elsewhere(old: list[bytes], new: list[bytes], kept: list[Pair]) -> list[Pair]:
    """The equal elements that are left on both sides: they only changed their place."""
    places: defaultdict[bytes, list[int]] = defaultdict(list)
    for there in reversed(_without(range(len(new)), (there for _, there in kept))):
        places[new[there]].append(there)
    left = _without(range(len(old)), (here for here, _ in kept))
    return [(here, places[old[here]].pop()) for here in left if places.get(old[here])]


class _Left(msgspec.Struct, frozen=True):
    """Two lists, and the positions of what is not the same in both."""

    before: Sequence[Value]
    after: Sequence[Value]
    here: list[int]
    there: list[int]
    resource_type: str
    keys: KnownKeys

    def without(self, pairs: Sequence[Pair]) -> "_Left":
        """The same without those that are paired."""
        here = _without(self.here, (here for here, _ in pairs))
        there = _without(self.there, (there for _, there in pairs))
        return _Left(self.before, self.after, here, there, self.resource_type, self.keys)

    def both(self, pair: Pair) -> tuple[dict[str, Value], dict[str, Value]]:
        """The two objects of a pair; nothing of what is none."""
        old, new = self.before[pair[0]], self.after[pair[1]]
        return (old if isinstance(old, dict) else {}), (new if isinstance(new, dict) else {})

    @property
    def objects(self) -> tuple[list[int], list[int]]:
        """The positions of those that are objects."""
        return (
            [here for here in self.here if isinstance(self.before[here], dict)],
            [there for there in self.there if isinstance(self.after[there], dict)],
        )


def _objects(left: _Left) -> Iterator[Pair]:
    """The pairs of objects: the one on each side, else by a known key, else by one that is found; then by likeness."""
    if not all(left.objects):
        return
    if pairs := _by_known_key(left):
        pass
    elif len(left.before) == len(left.after) == 1:
        pairs = [] if _is_somebody_else(left) else [(0, 0)]
    else:
        pairs = _by_found_key(left)
    yield from pairs
    yield from _by_likeness(left.without(pairs))


def _is_somebody_else(left: _Left) -> bool:
    """True if the only object on each side says what somebody may do, and it is another one who may."""
    grants = any(_grants(each, left.resource_type) for each in left.both((0, 0)))
    return _changes_any(PRINCIPALS, left, (0, 0)) or (grants and _changes_any(IDENTIFIERS, left, (0, 0)))


def _grants(each: dict[str, Value], resource_type: str) -> bool:
    return any(GRANTS.find(resource_type, name) for name in each)


def _by_known_key(left: _Left) -> list[Pair]:
    """The pairs by that known key under which most of them are found."""
    best: list[Pair] = []
    most = min(map(len, left.objects))
    for labels in left.keys:
        pairs = _with_one_label(left, labels)
        if NUMBERS.find(left.resource_type, labels.key[0]):
            pairs = [pair for pair in pairs if not _changes_any(ELEMENTS, left, pair, but=NUMBERS)]
        if len(pairs) > len(best):
            best = pairs
        if len(best) == most:
            break
    return best


def _by_found_key(left: _Left) -> list[Pair]:
    best: list[Pair] = []
    most = min(len(left.here), len(left.there))
    first = left.before[left.here[0]]
    # Who has a role is whom an id says, while the id beside a route is where it leads.
    references = NONE if isinstance(first, dict) and _grants(first, left.resource_type) else REFERENCES
    for labels in unique_keys(left.before, left.after):
        names_it = any(IDENTIFIERS.find("", name) and not references.find("", name) for name in labels.key)
        pairs = [
            pair
            for pair in _with_one_label(left, labels)
            if (
                _has_one_name(left, pair, references)
                if names_it
                else _can_be_one(left, pair) or _changes_no_text(left, pair)
            )
        ]
        if len(pairs) > len(best):
            best = pairs
        if len(best) == most:
            break
    return best


def _changes_no_text(left: _Left, pair: Pair) -> bool:
    """True if only numbers, flags, lists and values change, and none that identifies: mostly that is a text."""
    if _changes_any(IDENTIFIERS, left, pair, but=VALUES):
        return False
    old, new = left.both(pair)
    names = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
    texts = [name for name in names if isinstance(old.get(name), str) or isinstance(new.get(name), str)]
    return all(VALUES.find(left.resource_type, name) for name in texts)


def _has_one_name(left: _Left, pair: Pair, references: Rules) -> bool:
    """True if nothing that identifies changes but what the object refers to."""
    return not (_changes_any(PRINCIPALS, left, pair) or _changes_any(IDENTIFIERS, left, pair, but=references))


def _with_one_label(left: _Left, labels: Labels) -> list[Pair]:
    old, new = labels.before, labels.after
    place = {new[there]: there for there in left.there if new[there] is not None}
    return [(here, place[old[here]]) for here in left.here if old[here] in place]


def _by_likeness(left: _Left) -> Iterator[Pair]:
    """The pairs of which each could be no other one."""
    here_left, there_left = left.objects
    if len(here_left) * len(there_left) > MOST_COMPARISONS:
        return
    partners: defaultdict[int, list[int]] = defaultdict(list)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for here in here_left:
        for there in there_left:
            if _can_be_one(left, (here, there), share=ALIKE):
                partners[here].append(there)
                found[there].append(here)
    for here, places in partners.items():
        if len(places) == len(found[places[0]]) == 1:
            yield here, places[0]


def _can_be_one(left: _Left, pair: Pair, share: float = 0) -> bool:
    """True if some attributes are equal, and at least such a share of them, and none that identifies changes."""
    old, new = left.both(pair)
    if _changes_any(IDENTIFIERS, left, pair):
        return False
    names = [name for name in old.keys() | new.keys() if not is_empty(old.get(name)) or not is_empty(new.get(name))]
    equal = sum(old.get(name) == new.get(name) for name in names)
    return equal >= max(FEWEST_ALIKE, share * len(names))


def _changes_any(rules: Rules, left: _Left, pair: Pair, but: Rules = NONE) -> bool:
    """True if one of these attributes is another one. What nobody knows yet may be the same."""
    old, new = left.both(pair)
    for name in old.keys() | new.keys():
        was, will_be = old.get(name), new.get(name)
        is_same = was == will_be or UNKNOWN in (was, will_be) or (is_empty(was) and is_empty(will_be))
        if not is_same and rules.find(left.resource_type, name) and not but.find(left.resource_type, name):
            return True
    return False


def _in_place(left: _Left, kept: list[Pair]) -> list[Pair]:
    """Values between two elements that stay, as many before as after, if a secret is among them that becomes another.

    One secret that goes and one that comes look the same, and nobody would see that it changes. Terraform compares by
    position wherever a list keeps its length (internal/command/jsonformat/collections/slice.go).
    """
    gone = _by_gap(left.before, left.here, [here for here, _ in kept])
    come = _by_gap(left.after, left.there, [there for _, there in kept])
    pairs: list[Pair] = []
    for gap, places in gone.items():
        both = list(zip(places, come[gap], strict=False))
        is_as_many = len(places) == len(come[gap])
        if is_as_many and any(_is_hidden(left.before[here]) and _is_hidden(left.after[there]) for here, there in both):
            pairs += both
    return pairs


def _by_gap(items: Sequence[Value], left: list[int], kept: list[int]) -> defaultdict[int, list[int]]:
    """The positions of the values that are left, by how many elements that stay are in front of them."""
    gaps: defaultdict[int, list[int]] = defaultdict(list)
    for place in left:
        if items[place] is not None and not isinstance(items[place], dict | list):
            gaps[bisect(kept, place)].append(place)
    return gaps


def _is_hidden(value: Value) -> bool:
    return isinstance(value, Sensitive)
