"""The part of a change that rules look at, as bytes: equal parts have the same notices, and are told once.

Attributes that stay as they are fire nothing, so that most changes are done with before a value is decoded, and even
before it is searched for what a rule is about.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from string import Formatter
from typing import NamedTuple

import msgspec

from tfc_plan_comment.plan.attention_compared import may_differ
from tfc_plan_comment.plan.attention_traces import may_fire
from tfc_plan_comment.plan.document import Change, ResourceChange
from tfc_plan_comment.plan.knowledge.attention import ATTENTION, attention_rules
from tfc_plan_comment.plan.knowledge.attention_rules import (
    AttentionRule,
    Destroyed,
    Falls,
    Loses,
    LowersTls,
    OpensPorts,
    Policy,
    Rises,
    TurnsOff,
    Weaker,
)
from tfc_plan_comment.plan.marks import Attributes, Differing, read_attributes
from tfc_plan_comment.plan.open_ports import ATTRIBUTES
from tfc_plan_comment.plan.policy_conditions import may_lose_condition
from tfc_plan_comment.plan.policy_document import TRUST

ALL = frozenset({"*"})
"""Stands for all attributes."""


class Needs(NamedTuple):
    """The attributes of which one has to change, and those that are said besides.

    Those of the former that are only compared say nothing where they stay: then they are not even decoded.
    """

    subject: frozenset[str]
    context: frozenset[str]
    compared: frozenset[str]


@lru_cache(maxsize=1_024)
def _needs_of(number: int) -> Needs:
    """The attributes that a rule looks at."""
    rule = ATTENTION[number]
    when = rule.when
    paths = [*getattr(when, "paths", ())]
    compared = _first_steps(paths) if isinstance(when, _COMPARING) else frozenset[str]()
    beside = [path for given, _ in getattr(when, "given", ()) for path in given.split("|")]
    beside += getattr(when, "unset", ())
    paths += beside
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
    subject, context = _first_steps(paths), _first_steps([*said, *names])
    if "**" in subject:
        return Needs(ALL, context, frozenset())
    return Needs(subject, context, compared - _first_steps(beside))


_OF_CONDITIONS = frozenset(
    number for number, rule in enumerate(ATTENTION) if isinstance(rule.when, Policy) and rule.when.kind == "condition"
)

_COMPARING = TurnsOff | Falls | Weaker | LowersTls | Loses
"""The conditions that hold at a path only if something else stood there."""


def _first_steps(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(path.partition(".")[0] for path in paths)


class _Rules(NamedTuple):
    """The rules for a type by what has to change for them to fire, each by its number."""

    by_attribute: Mapping[str, tuple[int, ...]]
    of_policies: tuple[int, ...]
    of_trust: tuple[int, ...]
    of_destroyed: tuple[int, ...]
    of_anything: tuple[int, ...]

    def about(self, differing: Iterable[str], documents: frozenset[str], *, destroys: bool) -> list[int]:
        """Those that are about something that changes: attributes, those of them with policy documents, the object."""
        found = set(self.of_anything)
        for name in differing:
            if name in self.by_attribute:
                found.update(self.by_attribute[name])
        if documents:
            found.update(self.of_policies)
        if TRUST in documents:
            found.update(self.of_trust)
        if destroys:
            found.update(self.of_destroyed)
        return sorted(found)


@lru_cache(maxsize=1_024)
def _rules_for(resource_type: str) -> _Rules:
    by_attribute: dict[str, list[int]] = {}
    kinds: dict[str, list[int]] = {"policy": [], "trust": [], "destroyed": [], "all": []}
    for number in attention_rules(resource_type):
        match ATTENTION[number].when:
            case Destroyed():
                kinds["destroyed"].append(number)
            case Policy(kind=kind):
                kinds["trust" if kind == "trust" else "policy"].append(number)
            case _ if _needs_of(number).subject is ALL:
                kinds["all"].append(number)
            case _:
                for name in _needs_of(number).subject:
                    by_attribute.setdefault(name, []).append(number)
    attributes = {name: tuple(numbers) for name, numbers in by_attribute.items()}
    return _Rules(attributes, *(tuple(numbers) for numbers in kinds.values()))


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


def needed_of(resource: ResourceChange, differing: Differing) -> Needed | None:
    """What the rules for its type look at in a change of these attributes; None if none of them can fire."""
    rules, change = _rules_for(resource.type), resource.change
    before, after = bytes(change.before), bytes(change.after)
    documents = frozenset[str]()
    if (
        b"Statement" in after or b"Statement" in before
    ):  # few have any, and most attributes of what comes or goes differ
        documents = frozenset(name for name, values in differing.items() if any(map(_has_statement, values)))
    about = rules.about(differing, documents, destroys="delete" in change.actions)
    numbers = may_fire(about, before, after, bytes(change.after_sensitive)) if about else ()
    if any(number in _OF_CONDITIONS for number in numbers) and not any(
        may_lose_condition(*differing[name]) for name in documents
    ):
        numbers = tuple(number for number in numbers if number not in _OF_CONDITIONS)
    numbers = tuple(number for number in numbers if _may_compare(number, differing))
    return part_of(change, _names(numbers, differing, documents), numbers) if numbers else None


def _may_compare(number: int, differing: Differing) -> bool:
    """False if the rule compares what stands at its paths, and that is the same on both sides."""
    when = ATTENTION[number].when
    return not isinstance(when, _COMPARING) or may_differ(when.paths, differing)


def _has_statement(value: msgspec.Raw) -> bool:
    return b"Statement" in bytes(value)


def part_of(change: Change, names: frozenset[str], numbers: tuple[int, ...] = ()) -> Needed:
    """The part of a change with the attributes of these names."""
    old, new = (read_attributes(side) or {} for side in (change.before, change.after))
    return Needed(
        numbers,
        change.actions,
        _part(change.before, old, names),
        _part(change.after, new, names),
        bytes(change.after_unknown),
        bytes(change.before_sensitive),
        bytes(change.after_sensitive),
    )


def _names(numbers: tuple[int, ...], differing: Iterable[str], documents: frozenset[str]) -> frozenset[str]:
    """The attributes that the rules look at."""
    differing = frozenset(differing)
    names: frozenset[str] = frozenset()
    for number in numbers:
        needs = _needs_of(number)
        is_policy = isinstance(ATTENTION[number].when, Policy)
        names |= (
            (needs.subject - needs.compared)
            | (needs.compared & differing)
            | needs.context
            | (documents if is_policy else frozenset())
        )
    return names | _NAMING if names & _NAMED else names


def _part(whole: msgspec.Raw, attributes: Attributes, names: frozenset[str]) -> bytes:
    """The attributes of these names, as JSON; what is no object stays as it is."""
    if not attributes or names >= ALL:
        return bytes(whole)
    return msgspec.json.encode({name: raw for name, raw in attributes.items() if name in names})
