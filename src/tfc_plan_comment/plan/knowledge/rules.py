"""A fact about providers, with where it is written down, and how to ask for it."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache

import msgspec

from tfc_plan_comment.plan.knowledge.pattern import WILD, fits_pattern


class Rule(msgspec.Struct, frozen=True):
    """One fact about an attribute of some resource types. Types and attribute are patterns as in a shell."""

    types: str
    """`*` where the attribute means the same in every type that we know."""
    attribute: str
    """`*` where the fact is about the object as a whole."""
    source: str
    """The document that says it: `hashicorp/aws, aws_instance` is that type's page in that provider's documentation."""
    also: tuple[str, ...] = ()
    """Further words of the fact; the table says what they are."""


class Rules:
    """The facts of one kind. Of several that fit, the first counts. The empty type fits what `*` fits."""

    def __init__(self, *rules: Rule) -> None:
        """The order is that in which they are asked."""
        self.rules = rules
        self.of = lru_cache(maxsize=1_024)(self._of)
        self.find = lru_cache(maxsize=4_096)(self._find)
        self._sort = lru_cache(maxsize=1_024)(self._sort_out)

    def _of(self, resource_type: str) -> tuple[Rule, ...]:
        """The facts about a resource type."""
        return tuple(rule for rule in self.rules if fits_pattern(resource_type, rule.types))

    def _find(self, resource_type: str, attribute: str | int) -> Rule | None:
        """The fact about an attribute; None if nothing is known. A position in a list is no attribute."""
        if not isinstance(attribute, str):
            return None
        names, patterns = self._sort(resource_type)
        fits = [place for place, rule in patterns if fnmatchcase(attribute, rule.attribute)]
        places = [*fits[:1], *([names[attribute]] if attribute in names else [])]
        return self.of(resource_type)[min(places)] if places else None

    def _sort_out(self, resource_type: str) -> tuple[dict[str, int], list[tuple[int, Rule]]]:
        """The places of the facts about a type: of those about one attribute by its name, and those with a pattern."""
        names: dict[str, int] = {}
        patterns: list[tuple[int, Rule]] = []
        for place, rule in enumerate(self.of(resource_type)):
            if WILD.isdisjoint(rule.attribute):
                names.setdefault(rule.attribute, place)
            else:
                patterns.append((place, rule))
        return names, patterns


def name_each(attributes: str, source: str, *, types: str = "*") -> Iterator[Rule]:
    """One rule for each of the attributes, which are separated by spaces."""
    return (Rule(types, attribute, source) for attribute in attributes.split())
