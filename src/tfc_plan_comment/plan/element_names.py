"""The name of an element of a list, one for all that is said of it: by what tells it apart from the others.

ingress["5432/tcp apps"]       a known key
members["alice"]               the fewest attributes that are unique on both sides
ingress[22/tcp "office"]       nothing tells it apart: what stays the same of it
"""

from collections.abc import Sequence

import msgspec

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.element_keys import Labels, read_text, unique_keys
from tfc_plan_comment.plan.knowledge.attributes import DESCRIPTIONS
from tfc_plan_comment.plan.knowledge.identity import PORTS, label_ports
from tfc_plan_comment.plan.pairing import Pairing
from tfc_plan_comment.plan.values import Number, Value, is_empty

MOST_BESIDE = 4
"""Attributes that stand for an element which nothing tells apart."""

LONGEST_DESCRIPTION = 60
"""Characters of an element's description that stand beside what changes in it."""

LONGEST_LIST = 60
"""Characters of all words of a list that may be one of these attributes."""


class ElementName(msgspec.Struct, frozen=True):
    """The label that tells an element apart. Where there is none, some of its attributes, each by its name.

    An attribute without a name, "", has a text of ours: the ports of a firewall rule.
    """

    label: str | None = None
    beside: tuple[tuple[str, Value], ...] = ()


NAMELESS = ElementName()
"""The only one, or one that has nothing to be named by: its position has to do."""


def name_elements(
    before: Sequence[Value], after: Sequence[Value], pairing: Pairing
) -> tuple[list[ElementName], list[ElementName]]:
    """The names of all elements before and after.

    No two labels of one side are the same, and those of a pair of which one became the other are.
    """
    labels = _labels(before, after, pairing)
    old, new = ([ElementName(label) for label in side] for side in (labels.before, labels.after))
    if max(len(before), len(after)) > 1:
        for here, there in pairing.changed:
            if labels.after[there] is None and (beside := _beside(before, after, here, there)):
                old[here] = new[there] = ElementName(beside=beside)
    return old, new


def _labels(before: Sequence[Value], after: Sequence[Value], pairing: Pairing) -> Labels:
    """The labels by the best key: by a known one if it names all that is told, else by one that is found."""
    best = Labels((), [None] * len(before), [None] * len(after))
    told_before = {*pairing.removed, *(here for here, _ in (*pairing.changed, *pairing.moved))}
    told_after = {*pairing.added, *(there for _, there in (*pairing.changed, *pairing.moved))}
    most = sum(isinstance(before[here], dict) for here in told_before)
    most += sum(isinstance(after[there], dict) for there in told_after)
    if not most:
        return best
    count = 0
    for labels in pairing.keys:
        if not _fits(labels, pairing):
            continue
        named = sum(labels.before[here] is not None for here in told_before)
        named += sum(labels.after[there] is not None for there in told_after)
        if named > count:
            best, count = labels, named
        if count == most:
            return best
    found = unique_keys(before, after, pairing.changed) if max(len(before), len(after)) > 1 else ()
    return next((labels for labels in found if _fits(labels, pairing)), best)


def _fits(labels: Labels, pairing: Pairing) -> bool:
    """True if what became one has one label, and what did not has two."""
    gone = {labels.before[here] for here in pairing.removed} - {None}
    come = {labels.after[there] for there in pairing.added}
    is_same = all(labels.before[here] == labels.after[there] for here, there in pairing.changed)
    return is_same and gone.isdisjoint(come)


def _beside(before: Sequence[Value], after: Sequence[Value], here: int, there: int) -> tuple[tuple[str, Value], ...]:
    """The attributes of an object that stay the same: in which it is unlike the others, if there are any.

    Lists stand there only where the words, numbers and flags would fit another object as well.
    """
    old, new = before[here], after[there]
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return ()
    others = [each for number, each in enumerate(before) if number != here]
    others += [each for number, each in enumerate(after) if number != there]
    same = {name: value for name, value in new.items() if not is_empty(value) and old.get(name) == value}
    telling = {name: value for name, value in same.items() if _is_telling(value)}
    ports = label_ports(*(read_text(telling.get(name)) or "" for name in PORTS))
    unlike = _unlike(telling, others)
    lists: dict[str, Value] = {}
    if _fits_any(unlike, others):
        lists = _unlike({name: value for name, value in same.items() if _is_short_list(value)}, others)
    chosen = _beside_ports(telling, unlike or telling) if ports else unlike or telling
    best = sorted(chosen.items(), key=lambda item: item[0] != "description")
    beside = [*best[: MOST_BESIDE - min(len(lists), 1)], *lists.items()][:MOST_BESIDE]
    return (("", ports), *beside) if ports else tuple(beside)


def _beside_ports(telling: dict[str, Value], chosen: dict[str, Value]) -> dict[str, Value]:
    """Those that were chosen, and the description, without the ports of the rule, which stand by themselves."""
    names = (chosen.keys() | {"description"}) - set(PORTS)
    return {name: value for name, value in telling.items() if name in names}


def _unlike(attributes: dict[str, Value], others: Sequence[Value]) -> dict[str, Value]:
    """Those of the attributes that one of the others does not have like this."""
    return {name: value for name, value in attributes.items() if any(_get(each, name) != value for each in others)}


def _fits_any(attributes: dict[str, Value], others: Sequence[Value]) -> bool:
    """True if one of the others has all of these attributes."""
    return any(all(_get(each, name) == value for name, value in attributes.items()) for each in others)


def _get(value: Value, name: str) -> Value:
    return value.get(name) if isinstance(value, dict) else None


def _is_telling(value: Value) -> bool:
    return not is_empty(value) and (isinstance(value, bool | Number) or bool(read_text(value)))


def _is_short_list(value: Value) -> bool:
    """True of some words and numbers that can stand in a name."""
    if not isinstance(value, list):
        return False
    texts = [read_text(item) for item in value]
    return sum(len(text or "") for text in texts) <= LONGEST_LIST and all(texts)


_NUMBERED = expression(r"all traffic|[-0-9]+(?:/[A-Za-z0-9-]+)?")
"""The label of an element that says nothing to people by itself: a number, or ports."""


DENIED = "Deny"
"""The effect of a statement that forbids (AWS IAM, JSON policy elements: Effect)."""


def describe(before: Value, after: Value, name: ElementName) -> str | None:
    """The description of an element, if it stays, and if a number is all its name; of a statement, that it denies.

    Whoever reads that an action comes must not take it for one that is allowed.
    """
    if isinstance(before, dict) and isinstance(after, dict) and before.get("Effect") == after.get("Effect") == DENIED:
        return DENIED
    if not (isinstance(before, dict) and isinstance(after, dict) and name.label and _NUMBERED.fullmatch(name.label)):
        return None
    told = (after[key] for key in after if DESCRIPTIONS.find("", key) and before.get(key) == after[key])
    return next((text[:LONGEST_DESCRIPTION] for text in told if isinstance(text, str) and text), None)
