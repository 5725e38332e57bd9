"""The number of values that are hidden where a reader looks, though nothing marks them there."""

from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.difference import (
    Added,
    Changed,
    ChangedText,
    Difference,
    Moved,
    Nested,
    Part,
    Removed,
    leaves,
)
from tfc_plan_comment.plan.secrets.hidden_words import count_hidden_in
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.plan.values import Value, Why


class Hidden(msgspec.Struct, frozen=True):
    """The number of values that are hidden for an equal one, and for their looks alone; some are for both."""

    equal: int = 0
    unmarked: int = 0

    def __add__(self, other: "Hidden") -> "Hidden":
        """Those here and there."""
        return Hidden(self.equal + other.equal, self.unmarked + other.unmarked)

    def __mul__(self, times: int) -> "Hidden":
        """Those of so many that are alike."""
        return Hidden(self.equal * times, self.unmarked * times)

    def tell(self, *, of_plans: bool = False) -> Iterator[str]:
        """The sentences of an alert that says how many there are; `of_plans` says that it is about several plans."""
        if not (self.equal or self.unmarked):
            return
        mark = "no plan marks" if of_plans else "the plan does not mark"
        if self.equal and self.unmarked:  # without their sum, for one value may be hidden for both
            equals = f"{self.equal:,} {'equals or contains' if self.equal == 1 else 'equal or contain'}"
            looks = f"{self.unmarked:,} {'looks like or contains' if self.unmarked == 1 else 'look like or contain'}"
            said = f"Values are hidden here although {mark} them: {equals} a sensitive value, {looks} a secret."
        elif self.equal:
            said = f"{_say(self.equal, mark)} equals or contains a sensitive value."
        else:
            said = f"{_say(self.unmarked, mark)} looks like or contains a secret."
        them = "the latter" if self.equal else "it" if self.unmarked == 1 else "them"
        unless = "unless it is a" if self.unmarked == 1 else "but no"
        yield f"{said} The input reveal shows {them}, {unless} private key." if self.unmarked else said


def _say(count: int, mark: str) -> str:
    if count == 1:
        return f"1 value is hidden here although {mark} it: it"
    return f"{count:,} values are hidden here although {mark} them: each"


NONE_HIDDEN = Hidden()


def count_hidden(change: PlannedChange) -> Hidden:
    """Those of one change, its address among them; of an import all that it brings, for all of it is shown."""
    places: Iterable[list[Value]]
    if change.action is Action.IMPORT:
        _, after = change.mask.sides(change.resource.change)
        places = ([value] for value in (after.values() if isinstance(after, dict) else [after]))
    else:
        places = _places(change.diff.parts)
    return _count(chain(places, [[change.mask.name(change.resource.address)]]), change.mask)


def count_in_plan(summary: PlanSummary) -> Hidden:
    """Those of all changes; of most it is seen that they hide none before they are compared."""
    may_hide = (each for each in summary.changes if summary.mask.may_hide(each.resource))
    return sum((count_hidden(each.afresh()) for each in may_hide), NONE_HIDDEN)


def count_in_parts(parts: Iterable[Part], mask: Mask) -> Hidden:
    """Those in the differences of some attributes or outputs, which the mask has hidden."""
    return _count(_places(parts), mask)


def _places(parts: Iterable[Part]) -> Iterator[list[Value]]:
    """What each place in them has before and after."""
    return ([*_sides(leaf)] for part in parts for _, leaf in leaves(part.difference))


def _count(places: Iterable[list[Value]], mask: Mask) -> Hidden:
    """The number of hidden values. What a place has before and after is counted where more are hidden."""
    if not mask.has_hidden:
        return NONE_HIDDEN
    equal = unmarked = 0
    for values in places:
        equal += max((count_hidden_in(value, Why.EQUAL) for value in values), default=0)
        unmarked += max((count_hidden_in(value, Why.LOOKS) for value in values), default=0)
    return Hidden(equal, unmarked)


def _sides(leaf: Difference) -> Iterator[Value]:
    match leaf:
        case Added(value) | Removed(value) | Moved(value):
            yield value
        case Changed(before, after) | ChangedText(before, after) | Nested(whole=Changed(before, after)):
            yield from (before, after)
        case _:
            return
