"""The attributes that tell the objects of a list apart: those that we know, or the fewest that have to be taken.

A key is a tuple of attributes, as they stand in `knowledge.identity.ELEMENTS`. It labels an object with the values
that the object has for them.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import combinations
from math import prod

import msgspec

from tfc_plan_comment.plan.knowledge.identity import ELEMENTS, IDENTIFIERS, label_element
from tfc_plan_comment.plan.values import Number, Value

Key = tuple[str, ...]

LONGEST_TEXT = 200
"""Characters. A longer value, or one of several lines, is no name."""

MOST_ATTRIBUTES = 12
"""Of more attributes than this, those that look most like a name are tried."""

MOST_TOGETHER = 3
"""Attributes of one key, unless it is known."""

MOST_LABELS = 200_000
"""In a long list fewer keys are tried: no more than would make so many labels."""


class Labels(msgspec.Struct, frozen=True):
    """The labels of all elements before and after by one key, None for one that the key says nothing of."""

    key: Key
    before: Sequence[str | None]
    after: Sequence[str | None]


class KnownKeys:
    """The labels by each known key that is unique on both sides, the best first; made when they are asked for."""

    def __init__(self, before: Sequence[Value], after: Sequence[Value], resource_type: str) -> None:
        """Take the two lists, and the type of the resource in which they are."""
        self._before, self._after, self._resource_type = before, after, resource_type
        self._made: list[Labels | None] = []

    def __iter__(self) -> Iterator[Labels]:
        """Each of them."""
        for number, key in enumerate(self._keys):
            if number == len(self._made):
                old, new = _label_all(self._before, key), _label_all(self._after, key)
                self._made.append(None if old is None or new is None else Labels(key, old, new))
            if labels := self._made[number]:
                yield labels

    @cached_property
    def _keys(self) -> list[Key]:
        """Those of which the elements have the attributes."""
        objects = [element for element in (*self._before, *self._after) if isinstance(element, dict)]
        names: set[str] = set().union(*objects)
        return [key for key, needed in _known(self._resource_type) if not any(map(names.isdisjoint, needed))]


@lru_cache(maxsize=1_024)
def _known(resource_type: str) -> list[tuple[Key, list[list[str]]]]:
    """The known keys, each with the attributes that it needs: one of several for each of its own."""
    keys = [(rule.attribute, *rule.also) for rule in ELEMENTS.of(resource_type)]
    return [(key, [each.split("|") for each in key if not each.endswith("?")]) for key in keys]


def _label_all(elements: Sequence[Value], key: Key) -> list[str | None] | None:
    """The label of each element; no list at all if two have the same."""
    labels = [_label(element, key) for element in elements]
    found = [label for label in labels if label is not None]
    return labels if len(set(found)) == len(found) else None


def _label(element: Value, key: Key) -> str | None:
    if not isinstance(element, dict):
        return None
    texts = []
    for attributes in key:
        text = _text_of_any(element, attributes.removesuffix("?"))
        if text is None or (text == "" and not attributes.endswith("?")):
            return None
        texts.append(text)
    return label_element(key, tuple(texts))


def _text_of_any(element: dict[str, Value], attributes: str) -> str | None:
    """The text of that attribute among several which has one."""
    for attribute in attributes.split("|"):
        text = read_text(element.get(attribute))
        if text != "":
            return text
    return ""


def read_text(value: Value) -> str | None:
    """A text or number that can stand in a name; "" for null, and None for what cannot."""
    match value:
        case None:
            return ""
        case str() if len(value) <= LONGEST_TEXT and "\n" not in value:
            return value
        case Number():
            return value.text
        case _:
            return None


def unique_keys(
    before: Sequence[Value], after: Sequence[Value], same: Sequence[tuple[int, int]] = ()
) -> Iterator[Labels]:
    """The labels by each smallest key that is unique on both sides; the elements of the pairs `same` agree in it.

    All elements are objects, and each has a value for every attribute of the key. Attributes that identify come first,
    then texts, then numbers.
    """
    columns = _columns(before, after, same)
    most = max(1, MOST_LABELS // max(1, len(before) + len(after)))
    tried = 0
    distinct = {name: (len(set(old)), len(set(new))) for name, (old, new) in columns.items()}
    for size in range(1, MOST_TOGETHER + 1):
        found = False
        for names in combinations(columns, size):
            if any(prod(distinct[name][side] for name in names) < len((before, after)[side]) for side in (0, 1)):
                continue
            tried += 1
            if tried > most:
                return
            old, new = (_joined([columns[name][side] for name in names]) for side in (0, 1))
            if len(set(old)) == len(old) and len(set(new)) == len(new):
                found = True
                yield Labels(names, old, new)
        if found:
            return


def _joined(columns: list[list[str]]) -> list[str | None]:
    return [" ".join(texts) for texts in zip(*columns, strict=True)]


def _columns(
    before: Sequence[Value], after: Sequence[Value], same: Sequence[tuple[int, int]]
) -> dict[str, tuple[list[str], list[str]]]:
    """The texts of the attributes that all elements have, on both sides, the best attributes first."""
    objects = [element for element in (*before, *after) if isinstance(element, dict)]
    if not objects or len(objects) < len(before) + len(after):
        return {}
    found: dict[str, tuple[list[str], list[str]]] = {}
    for name in objects[0]:
        if (texts := _column(objects, name)) is None:
            continue
        old, new = texts[: len(before)], texts[len(before) :]
        if all(old[here] == new[there] for here, there in same):
            found[name] = old, new
    best = sorted(found, key=lambda name: (not IDENTIFIERS.find("", name), not isinstance(objects[0][name], str)))
    return {name: found[name] for name in best[:MOST_ATTRIBUTES]}


def _column(objects: Sequence[dict[str, Value]], name: str) -> list[str] | None:
    """The values of an attribute as they stand in a label; None if one of the objects has no text for it.

    A number says nothing without the name of its attribute.
    """
    texts: list[str] = []
    for each in objects:
        value = each.get(name)
        text = read_text(value)
        if not text:
            return None
        texts.append(f"{name} {text}" if isinstance(value, Number) else text)
    return texts
