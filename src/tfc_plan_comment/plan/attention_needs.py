"""The part of a change that rules look at, as bytes: equal parts have the same notices, and are told once.

Attributes that stay as they are fire nothing, so that most changes are done with before a value is decoded.
"""

from functools import lru_cache
from string import Formatter
from typing import NamedTuple

import msgspec

from tfc_plan_comment.plan.attention_traces import may_fire
from tfc_plan_comment.plan.document import NULL, Change, ResourceChange
from tfc_plan_comment.plan.knowledge.attention import ATTENTION
from tfc_plan_comment.plan.knowledge.attention_rules import (
    AttentionRule,
    Destroyed,
    OpensPorts,
    Policy,
    Rises,
)
from tfc_plan_comment.plan.marks import read_attributes
from tfc_plan_comment.plan.open_ports import ATTRIBUTES

Attributes = dict[str, msgspec.Raw]

ALL = frozenset({"*"})
"""Stands for all attributes."""


class Needs(NamedTuple):
    """The attributes of which one has to change, and those that are said besides."""

    subject: frozenset[str]
    context: frozenset[str]


@lru_cache(maxsize=1_024)
def needs_of(rule: AttentionRule) -> Needs:
    """The attributes that a rule looks at."""
    when = rule.when
    paths = [*getattr(when, "paths", ()), *getattr(when, "unset", ())]
    paths += [path for given, _ in getattr(when, "given", ()) for path in given.split("|")]
    if isinstance(when, Rises):
        paths.append(when.path)
    if isinstance(when, OpensPorts):
        paths += ATTRIBUTES[when.form]
    said = [
        path
        for _, paths_of in (*rule.names, *((types, of) for of, types in getattr(when, "of", ())))
        for path in paths_of.split("|")
    ]
    names = [name for each in (rule.sentence, rule.short) for _, name, _, _ in Formatter().parse(each) if name]
    subject = frozenset(path.partition(".")[0] for path in paths)
    return Needs(ALL if "**" in subject else subject, frozenset(path.partition(".")[0] for path in (*said, *names)))


_NAMED = frozenset({"value", "Value", "key", "Key"})
_NAMING = frozenset({"name", "Name", *_NAMED})
"""A secret may be told by the name that stands beside its value: they are taken together."""


class Needed(NamedTuple):
    """What some rules look at in a change; the rules by their numbers."""

    numbers: tuple[int, ...]
    actions: tuple[str, ...]
    before: bytes
    after: bytes
    after_unknown: bytes
    before_sensitive: bytes
    after_sensitive: bytes

    def rules(self) -> list[AttentionRule]:
        """The rules."""
        return [ATTENTION[number] for number in self.numbers]

    def change(self) -> Change:
        """The change of these attributes alone."""
        return Change(
            actions=self.actions,
            before=msgspec.Raw(self.before),
            after=msgspec.Raw(self.after),
            after_unknown=msgspec.Raw(self.after_unknown),
            before_sensitive=msgspec.Raw(self.before_sensitive),
            after_sensitive=msgspec.Raw(self.after_sensitive),
        )


def needed_of(resource: ResourceChange) -> Needed | None:
    """What the rules for its type look at in a change; None if none of them can fire."""
    change = resource.change
    before, after, marks = bytes(change.before), bytes(change.after), bytes(change.after_sensitive)
    numbers = may_fire(resource.type, before, after, marks)
    if not numbers:
        return None
    old, new = read_attributes(change.before) or {}, read_attributes(change.after) or {}
    differing = frozenset(name for name in {**old, **new} if old.get(name, NULL) != new.get(name, NULL))
    documents = frozenset(name for side in (old, new) for name, raw in side.items() if b"Statement" in bytes(raw))
    destroys = "delete" in change.actions
    numbers = tuple(
        number for number in numbers if _changes(ATTENTION[number], differing, documents, destroys=destroys)
    )
    if not numbers:
        return None
    names = _names(numbers, documents)
    return Needed(
        numbers,
        change.actions,
        _part(before, old, names),
        _part(after, new, names),
        bytes(change.after_unknown),
        bytes(change.before_sensitive),
        marks,
    )


def _changes(rule: AttentionRule, differing: frozenset[str], documents: frozenset[str], *, destroys: bool) -> bool:
    """True if something changes that the rule is about."""
    if isinstance(rule.when, Destroyed):
        return destroys
    subject = documents if isinstance(rule.when, Policy) else needs_of(rule).subject
    return subject is ALL or bool(subject & differing)


def _names(numbers: tuple[int, ...], documents: frozenset[str]) -> frozenset[str]:
    """The attributes that the rules look at."""
    names: frozenset[str] = frozenset()
    for number in numbers:
        rule = ATTENTION[number]
        needs = needs_of(rule)
        names |= needs.subject | needs.context | (documents if isinstance(rule.when, Policy) else frozenset())
    return names | _NAMING if names & _NAMED else names


def _part(whole: bytes, attributes: Attributes, names: frozenset[str]) -> bytes:
    """The attributes of these names, as JSON; what is no object stays as it is."""
    if not attributes or names >= ALL:
        return whole
    return msgspec.json.encode({name: raw for name, raw in attributes.items() if name in names})
