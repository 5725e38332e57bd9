"""The conditions of `knowledge.attention_rules`, asked of one change: what of it they are about, or nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.attribute_places import is_hidden, text_of, values_at
from tfc_plan_comment.plan.knowledge.attention_rules import (
    Alone,
    Becomes,
    Destroyed,
    Falls,
    Given,
    Hidden,
    Loses,
    LowersTls,
    OpensPorts,
    Policy,
    Rises,
    TurnsOff,
    Weakening,
    Weaker,
)
from tfc_plan_comment.plan.knowledge.pattern import fits_pattern
from tfc_plan_comment.plan.open_ports import opened_ports
from tfc_plan_comment.plan.policy_changes import find_policy_change
from tfc_plan_comment.plan.policy_document import Documents, read_documents
from tfc_plan_comment.plan.values import Sensitive, Value

NOTHING = "not set"
"""Stands for null where a sentence names a value."""


class Sides(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A change as a condition sees it: masked values, null where there is no object."""

    before: Value
    after: Value
    actions: tuple[str, ...]
    is_deposed: bool = False

    @property
    def stays(self) -> bool:
        """True if there is an object before and after, be it another one."""
        return self.before is not None and self.after is not None

    @cached_property
    def documents(self) -> tuple[Documents, Documents]:
        """The policy documents before and after."""
        return read_documents(self.before), read_documents(self.after)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a condition found: values of the plan, and words of ours, by the name that a sentence has for them."""

    values: Mapping[str, str] = msgspec.field(default_factory=dict)
    words: Mapping[str, str] = msgspec.field(default_factory=dict)
    behind: str = ""
    """More words of ours, at the end of the sentence."""


def ask(condition: Alone, sides: Sides) -> Found | None:
    """What the condition is about in this change; None if it does not hold."""
    match condition:
        case Destroyed():
            return _ask_destroyed(condition, sides)
        case Becomes():
            return _ask_becomes(condition, sides)
        case OpensPorts():
            opened = opened_ports(condition, sides.before, sides.after)
            return Found(values={"who": ", ".join(opened.sources)}, words={"what": opened.ports}) if opened else None
        case Hidden():
            return _ask_hidden(condition, sides)
        case Policy(kind=kind):
            changed = find_policy_change(kind, *sides.documents) if sides.after is not None else None
            return Found(values=changed.values, words=changed.words, behind=changed.behind) if changed else None
        case _:
            return _ask_weakened(condition, sides) if sides.stays else None


def _ask_weakened(condition: Weakening, sides: Sides) -> Found | None:
    """The conditions that look at two objects."""
    match condition:
        case TurnsOff():
            return _ask_turns_off(condition, sides)
        case Falls():
            return _first(_falls(condition, path, sides) for path in condition.paths)
        case Rises(path=path):
            return _ask_rises(path, sides) if sides.actions == ("update",) else None
        case LowersTls():
            return _first(_lowers_tls(path, sides) for path in condition.paths)
        case Loses():
            return _ask_loses(condition, sides)
        case Weaker():
            return _first(_weaker(condition, path, sides) for path in condition.paths)


def _first(found: Iterable[Found | None]) -> Found | None:
    return next((each for each in found if each), None)


def fits(value: Value, patterns: Iterable[str]) -> bool:
    """True if a plain value is known and fits one of the patterns."""
    return not is_hidden(value) and any(fits_pattern(text_of(value), pattern) for pattern in patterns)


def _holds(given: Given, value: Value, *, unless_known: bool = False) -> bool:
    """True if what must hold does; with `unless_known` also if it may hold, for all that is known."""
    return all(
        any(
            fits(each, patterns.split("|")) or (unless_known and is_hidden(each))
            for path in paths.split("|")
            for each in values_at(value, path)
        )
        for paths, patterns in given
    )


def _is_unset(paths: tuple[str, ...], value: Value, *, unless_known: bool = False) -> bool:
    """True if nothing is set at any of the paths; with `unless_known` also if nothing may be."""
    return not any(
        each is not None and each != "" and not (unless_known and is_hidden(each))
        for path in paths
        for each in values_at(value, path)
    )


def _ask_destroyed(condition: Destroyed, sides: Sides) -> Found | None:
    is_gone = "delete" in sides.actions and (condition.replaced or sides.after is None)
    counts = is_gone and (condition.deposed or not sides.is_deposed)
    return Found() if counts and _holds(condition.given, sides.before) else None


def _ask_becomes(condition: Becomes, sides: Sides) -> Found | None:
    if sides.after is None or (condition.was and not sides.stays):
        return None
    if not _holds(condition.given, sides.after) or not _is_unset(condition.unset, sides.after):
        return None
    return _first(_becomes(condition, path, sides) for path in condition.paths)


def _becomes(condition: Becomes, path: str, sides: Sides) -> Found | None:
    before = values_at(sides.before, path) if sides.before is not None else []
    after = values_at(sides.after, path)
    if any(map(is_hidden, before)):
        return None
    new = Counter(text_of(value) for value in after if fits(value, condition.values))
    held = _holds(condition.given, sides.before, unless_known=True)
    held = held and _is_unset(condition.unset, sides.before, unless_known=True)
    old = Counter(text_of(value) for value in before if held and fits(value, (*condition.values, *condition.like)))
    if not (new.total() > old.total() or (condition.each and new - old)):
        return None
    if condition.was:
        is_known = not any(map(is_hidden, after))
        if not is_known or _count(before, condition.was) <= _count(after, condition.was):
            return None
    gained = new - old or new
    said = _old_and_new([value for value in before if not fits(value, condition.values)], [])
    return Found(values={"path": path.removeprefix("**."), "old": said["old"], "new": ", ".join(gained)})


def _count(values: list[Value], patterns: tuple[str, ...]) -> int:
    return sum(fits(value, patterns) for value in values)


def _old_and_new(before: list[Value], after: list[Value]) -> dict[str, str]:
    old, new = ([text_of(value) or NOTHING for value in values] for values in (before, after))
    return {"old": ", ".join(dict.fromkeys(old)) or NOTHING, "new": ", ".join(dict.fromkeys(new)) or NOTHING}


def _ask_turns_off(condition: TurnsOff, sides: Sides) -> Found | None:
    off = [path for path in condition.paths if _turns_off(condition, path, sides)]
    if not off or not _holds(condition.given, sides.before):
        return None
    said = _old_and_new([condition.value], values_at(sides.after, off[0]))
    return Found(values={"path": ", ".join(off), **said})


def _turns_off(condition: TurnsOff, path: str, sides: Sides) -> bool:
    before = values_at(sides.before, path)
    were = _count(before, (condition.value,))
    after = values_at(sides.after, path) if were else []  # at most paths there is nothing that could be turned off
    if any(map(is_hidden, after)):
        return False
    are = _count(after, (condition.value,))
    return are < were and (condition.even_gone or len(after) - are > len(before) - were)


_NUMBER = expression(r"[0-9]{1,9}")


def _only_number(values: list[Value]) -> int | None:
    """The number, if there is one value, and it is one."""
    text = text_of(values[0]) if len(values) == 1 and not is_hidden(values[0]) else ""
    return int(text) if _NUMBER.fullmatch(text) else None


LONG = 400
"""Days. What was kept for ever and is kept that long loses nothing that anybody looks for."""


def _falls(condition: Falls, path: str, sides: Sides) -> Found | None:
    old, new = _only_number(values_at(sides.before, path)), _only_number(values_at(sides.after, path))
    if old is None or new is None or condition.to_zero not in {None, new == 0}:
        return None
    if condition.zero_is_forever and old == 0:
        return Found(values={"path": path, "old": "for ever", "new": str(new)}) if 0 < new <= LONG else None
    has_fallen = new < old and not (condition.zero_is_forever and new == 0)
    return Found(values={"path": path, "old": str(old), "new": str(new)}) if has_fallen else None


_MAJOR = expression(r"(?:[A-Za-z]+_)?([0-9]{1,4})(?![0-9])")


def _ask_rises(path: str, sides: Sides) -> Found | None:
    before, after = values_at(sides.before, path), values_at(sides.after, path)
    if len(before) != 1 or len(after) != 1 or is_hidden(before[0]) or is_hidden(after[0]):
        return None
    old, new = (_MAJOR.match(text_of(value)) for value in (*before, *after))
    rises = old is not None and new is not None and int(old[1]) < int(new[1])
    return Found(values={"path": path, **_old_and_new(before, after)}) if rises else None


def _lowers_tls(path: str, sides: Sides) -> Found | None:
    before, after = values_at(sides.before, path), values_at(sides.after, path)
    if len(before) != 1 or len(after) != 1 or is_hidden(before[0]) or is_hidden(after[0]):
        return None
    old, new = (lowest_tls(text_of(value)) for value in (*before, *after))
    is_lower = old is not None and new is not None and new < old
    return Found(values={"path": path, **_old_and_new(before, after)}) if is_lower else None


_LOWEST = expression(r"tls13_1_([0-3])(?![0-9])", re.IGNORECASE)
"""Amazon API Gateway, Security policies: `SecurityPolicy_TLS13_1_2_2021_06` accepts 1.2 as well."""
_TLS = expression(r"tls_?v?-?1(?:[._-]?([0-3])(?![0-9]))?", re.IGNORECASE)
_ELB = expression(r"ELBSecurityPolicy-(?:.*?(?:TLS13|TLS|FS)-1-([0-3])(?![0-9]))?")


def lowest_tls(text: str) -> int | None:
    """The minor version of the lowest TLS 1 that a name or number says, -1 for SSL; None if it says none.

    A security policy of AWS's load balancers that names no version accepts 1.0. Source: Elastic Load Balancing,
    Security policies for your Application Load Balancer.
    """
    if re.match("sslv?[23]", text, re.IGNORECASE):
        return -1
    named = _ELB.match(text) or re.fullmatch(r"1\.([0-3])", text) or _LOWEST.search(text) or _TLS.search(text)
    return int(named[1] or 0) if named else None


def _ask_loses(condition: Loses, sides: Sides) -> Found | None:
    if not _holds(condition.given, sides.before) or not _holds(condition.given, sides.after):
        return None
    return _first(_loses(condition, path, sides) for path in condition.paths)


def _loses(condition: Loses, path: str, sides: Sides) -> Found | None:
    before, after = values_at(sides.before, path), values_at(sides.after, path)
    if any(map(is_hidden, (*before, *after))):
        return None
    spelled = _host if condition.hosts else str
    are = {spelled(text_of(value)) for value in after}
    lost = dict.fromkeys(text for text in map(text_of, before) if text and spelled(text) not in are)
    if not lost or (condition.to_none and any(map(text_of, after))):
        return None
    return Found(values={"path": path, "old": ", ".join(lost)})


def _host(text: str) -> str:
    """The name of a host: letter case means nothing in it, and a dot may stand at its end."""
    return text.lower().removesuffix(".")


def _weaker(condition: Weaker, path: str, sides: Sides) -> Found | None:
    was, is_ = (_rank(condition, values_at(side, path)) for side in (sides.before, sides.after))
    if was is None or is_ is None or is_ >= was:
        return None
    words = [text_of(holder.get(condition.key)) for holder in values_at(sides.after, path) if isinstance(holder, dict)]
    return Found(values={"old": condition.order[was], "new": "".join(words) or NOTHING})


def _rank(condition: Weaker, holders: list[Value]) -> int | None:
    """The place of the word in the order; None if it is not known, or none of the words."""
    if any(map(is_hidden, holders)):
        return None
    words = [holder[condition.key] for holder in holders if isinstance(holder, dict) and condition.key in holder]
    if not words:
        return 0
    return condition.order.index(text_of(words[0])) if fits(words[0], condition.order) else None


def _ask_hidden(condition: Hidden, sides: Sides) -> Found | None:
    for path in condition.paths:
        before = values_at(sides.before, path) if sides.before is not None else [None]
        after = values_at(sides.after, path) if sides.after is not None else [None]
        match after:
            case [Sensitive(is_marked=True, may_differ=False)] if before != after:
                return Found(values={"path": path})
    return None
