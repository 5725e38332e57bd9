"""The pairs of list elements of which one became the other: by what identifies them, by likeness, or by position.

Terraform shows a firewall rule's changed port as one rule less and one more. Here the two are one changed rule.
"""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tfc_plan_comment.plan.knowledge.identity import ELEMENTS, label_element
from tfc_plan_comment.plan.knowledge.rules import Rule
from tfc_plan_comment.plan.sequence import align
from tfc_plan_comment.plan.values import Number, Sensitive, Value, identity

ALIKE = 0.5
"""Two objects without an identity are one that changed when at least this share of their attributes is equal."""

MOST_COMPARISONS = 10_000
"""More leftover pairs than this are not compared one by one but paired in order, as a single pair is."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Positions before and after. `label` is what identifies a pair of changed elements; None where nothing does.

    `is_coarse` says that there were too many left to compare each with each, so that they were paired in order.
    """

    stays: int
    moved: int
    changed: tuple[tuple[int, int, str | None], ...]
    removed: tuple[int, ...]
    added: tuple[int, ...]
    is_coarse: bool = False


def pair(before: Sequence[Value], after: Sequence[Value], resource_type: str = "") -> Pairing:
    """The elements that stay, move, change, go and come."""
    old, new = [identity(value) for value in before], [identity(value) for value in after]
    kept = align(old, new)
    moved = _moved(old, new, kept)
    here_left = _without(range(len(before)), (here for here, _ in (*kept, *moved)))
    there_left = _without(range(len(after)), (there for _, there in (*kept, *moved)))
    changed = _by_identity(before, after, here_left, there_left, resource_type)
    here_left = _without(here_left, (here for here, _, _ in changed))
    there_left = _without(there_left, (there for _, there, _ in changed))
    here_objects = [here for here in here_left if isinstance(before[here], dict)]
    there_objects = [there for there in there_left if isinstance(after[there], dict)]
    is_coarse = len(here_objects) * len(there_objects) > MOST_COMPARISONS
    if is_coarse or len(here_objects) == len(there_objects) == 1:
        alike = list(zip(here_objects, there_objects, strict=False))
    else:
        alike = _by_likeness(before, after, here_objects, there_objects)
    alike += _in_place(before, after, kept, here_left, there_left)
    changed += [(here, there, None) for here, there in alike]
    return Pairing(
        stays=len(kept),
        moved=len(moved),
        changed=tuple(sorted(changed, key=lambda pair: pair[1])),
        removed=tuple(_without(here_left, (here for here, _ in alike))),
        added=tuple(_without(there_left, (there for _, there in alike))),
        is_coarse=is_coarse or kept.is_coarse,
    )


def _without(numbers: Iterable[int], taken: Iterable[int]) -> list[int]:
    gone = set(taken)
    return [number for number in numbers if number not in gone]


def _moved(old: list[bytes], new: list[bytes], kept: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The equal elements that are left on both sides: they only changed their place."""
    places: defaultdict[bytes, list[int]] = defaultdict(list)
    for there in reversed(_without(range(len(new)), (there for _, there in kept))):
        places[new[there]].append(there)
    left = _without(range(len(old)), (here for here, _ in kept))
    return [(here, places[old[here]].pop()) for here in left if places.get(old[here])]


def _by_identity(
    before: Sequence[Value], after: Sequence[Value], here_left: list[int], there_left: list[int], resource_type: str
) -> list[tuple[int, int, str | None]]:
    for rule in ELEMENTS.of(resource_type):
        # Unique among all elements: what two of them share, even one that stays, identifies neither.
        old, new = _identities(before, rule), _identities(after, rule)
        if old is None or new is None:
            continue
        place = {new[there]: there for there in there_left}
        pairs = [(here, place[old[here]], old[here]) for here in here_left if old[here] in place]
        if pairs:
            return [(here, there, label_element(rule, name)) for here, there, name in pairs]
    return []


def _identities(objects: Sequence[Value], rule: Rule) -> list[tuple[str, ...]] | None:
    found: list[tuple[str, ...]] = []
    for each in objects:
        if not (name := _identify(each, rule)):
            return None
        found.append(name)
    return found if len(set(found)) == len(found) else None


def _identify(value: Value, rule: Rule) -> tuple[str, ...]:
    """The texts by which the rule knows an object; none unless it has them all."""
    if not isinstance(value, dict):
        return ()
    found = [value.get(key) for key in (rule.attribute, *rule.also)]
    texts = tuple(each.text if isinstance(each, Number) else each for each in found if isinstance(each, str | Number))
    return texts if len(texts) == len(found) and all(texts) else ()


def name_element(value: Value, resource_type: str = "") -> str | None:
    """The label of an object of a list, such as `22/tcp` of a firewall rule; None where nothing identifies it."""
    names = ((rule, _identify(value, rule)) for rule in ELEMENTS.of(resource_type))
    return next((label_element(rule, texts) for rule, texts in names if texts), None)


def _by_likeness(
    before: Sequence[Value], after: Sequence[Value], here_left: list[int], there_left: list[int]
) -> list[tuple[int, int]]:
    old = {here: _parts(before[here]) for here in here_left}
    new = {there: _parts(after[there]) for there in there_left}
    scores = sorted((-_likeness(old[here], new[there]), here, there) for here in here_left for there in there_left)
    pairs: list[tuple[int, int]] = []
    taken: tuple[set[int], set[int]] = set(), set()
    for score, here, there in scores:
        if -score >= ALIKE and here not in taken[0] and there not in taken[1]:
            pairs.append((here, there))
            taken[0].add(here)
            taken[1].add(there)
    return pairs


def _parts(value: Value) -> set[tuple[str, bytes]]:
    return (
        {(key, identity(item)) for key, item in value.items() if item is not None} if isinstance(value, dict) else set()
    )


def _likeness(old: set[tuple[str, bytes]], new: set[tuple[str, bytes]]) -> float:
    return len(old & new) / max(len(old), len(new), 1)


def _in_place(
    before: Sequence[Value],
    after: Sequence[Value],
    kept: list[tuple[int, int]],
    here_left: list[int],
    there_left: list[int],
) -> list[tuple[int, int]]:
    """Values between two elements that stay, as many before as after, if a secret is among them that becomes another.

    One secret that goes and one that comes look the same, and nobody would see that it changes. Terraform compares by
    position wherever a list keeps its length (internal/command/jsonformat/collections/slice.go).
    """
    gone = _by_gap(before, here_left, [here for here, _ in kept])
    come = _by_gap(after, there_left, [there for _, there in kept])
    pairs: list[tuple[int, int]] = []
    for gap, places in gone.items():
        both = list(zip(places, come[gap], strict=False))
        is_as_many = len(places) == len(come[gap])
        if is_as_many and any(_is_hidden(before[here]) and _is_hidden(after[there]) for here, there in both):
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
