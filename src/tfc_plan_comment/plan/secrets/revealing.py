"""What a user wants to see though it looks like a secret: addresses, and paths of values at them.

Nothing that the plan marks is ever among it, nor what equals that, nor a private key: the two values that a mask gives,
one with and one without what only looks like a secret, differ in nothing else.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.knowledge.attributes import IDENTIFIERS
from tfc_plan_comment.plan.marks import read_attributes
from tfc_plan_comment.plan.values import Value


class Shown(msgspec.Struct, frozen=True):
    """The places at one address at which what looks like a secret is shown."""

    address: str
    patterns: tuple[str, ...]

    def reveal(self, masked: Value, revealed: Value, path: str = "", short: str = "") -> Value:
        """The masked value, with that of the other one at these places. Both have the same form.

        A position in a list may be left out of a path, as the comment does with a block that is the only one.
        """
        if self._fits(path) or (short != path and self._fits(short)):
            return revealed
        match masked, revealed:
            case dict(), dict():
                return {
                    key: self.reveal(item, other, _enter(path, name), _enter(short, name))
                    for (key, item), (name, other) in zip(masked.items(), revealed.items(), strict=True)
                }
            case list(), list():
                return [
                    self.reveal(item, other, f"{path}[{number}]", short)
                    for number, (item, other) in enumerate(zip(masked, revealed, strict=True))
                ]
            case _:
                return masked

    def _fits(self, path: str) -> bool:
        place = f"{self.address}{path}"
        return any(_pattern(each).match(place) for each in self.patterns)


_PLAIN = expression(r"[A-Za-z_][\w-]*", re.ASCII)


def _enter(path: str, key: str) -> str:
    return f"{path}.{key}" if _PLAIN.fullmatch(key) else f'{path}["{key}"]'


@lru_cache(maxsize=1_024)
def _pattern(pattern: str) -> re.Pattern[str]:
    """Matches a place, and all that is in it: `*` stands for any text."""
    return re.compile(".*".join(map(re.escape, pattern.split("*"))) + r"(?![^.\[])", re.DOTALL)


class Reveal(msgspec.Struct, frozen=True):
    """The patterns, each of an address, or of a path behind one; those of outputs begin with `output.`."""

    patterns: tuple[str, ...] = ()

    def at(self, address: str, resource_type: str = "") -> Shown | None:
        """Those that may fit something at an address; None if there is none."""
        identifiers = IDENTIFIERS.of(resource_type)
        if not (self.patterns or identifiers):  # as with nearly all
            return None
        fit = [each for each in self.patterns if _may_fit(each, address)]
        fit += [f"{address}.{rule.attribute}" for rule in identifiers]
        return Shown(address, tuple(fit)) if fit else None

    def unmatched(self, plan: Plan) -> tuple[str, ...]:
        """The patterns at whose addresses and attributes there is nothing in the plan."""
        left = dict.fromkeys(self.patterns)
        for place in _places(plan) if left else ():
            for pattern in [each for each in left if _leads_to(each, place)]:
                del left[pattern]
        return tuple(left)


NOTHING = Reveal()


def output_place(name: str) -> str:
    """The place of an output, as `reveal` names it."""
    return f"output.{name}"


def _may_fit(pattern: str, address: str) -> bool:
    beginning = pattern.partition("*")[0]
    return beginning.startswith(address) or address.startswith(beginning)


def _leads_to(pattern: str, place: str) -> bool:
    """True if a pattern fits the place of an attribute, or leads further into it."""
    return _pattern(pattern).match(place) is not None or (
        pattern.startswith(place) and pattern[len(place) : len(place) + 1] in {".", "["}
    )


def _places(plan: Plan) -> Iterable[str]:
    """The outputs, and the attributes of all that changes or has changed."""
    yield from map(output_place, plan.output_changes)
    deferred = [each.resource_change for each in plan.deferred_changes]
    for resource in (*plan.resource_changes, *plan.resource_drift, *deferred):
        sides = (resource.change.before, resource.change.after)
        names = dict.fromkeys(name for side in sides for name in read_attributes(side) or ())
        yield from (f"{resource.address}.{name}" for name in names)
