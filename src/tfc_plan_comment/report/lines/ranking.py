"""The order in which a row names what changes: the most telling first."""

from tfc_plan_comment.plan.difference import Added, Changed, ChangedText, Nested, Part, Removed, forces_inside
from tfc_plan_comment.plan.knowledge.telling import TELLING
from tfc_plan_comment.plan.values import UNKNOWN, is_empty, is_off

Rank = tuple[int, ...]

_PLACES = {rule: place for place, rule in enumerate(TELLING.rules)}
_UNKNOWN = next(place for rule, place in _PLACES.items() if rule.attribute == "input")
"""What is known only after apply says less than a value: it stands behind them, but for those of no name."""


def rank(part: Part, attribute: str = "", *, forces: bool = False) -> Rank:
    """A sort key: what forces a replacement, what is not only unset, what people look for, what changes, comes, goes.

    `attribute` is that in which the part stands; `id` is the last of all.
    """
    return not (forces or forces_inside(part)), is_idle(part), _place(part, attribute), _kind(part)


def _place(part: Part, attribute: str) -> int:
    if part.step == "id":
        return len(_PLACES) + 1
    rules = (TELLING.find("", step) for step in (part.step, attribute))
    place = min((_PLACES[rule] for rule in rules if rule), default=len(_PLACES))
    is_unknown = isinstance(part.difference, Changed) and part.difference.after is UNKNOWN
    return max(place, _UNKNOWN) if is_unknown else place


def is_idle(part: Part) -> bool:
    """True if it stays empty, or if a flag that was off, or a zero, is no longer set, or is what nobody knows yet."""
    match part.difference:
        case Changed(before, after):
            return (is_empty(before) and is_empty(after)) or (after is UNKNOWN and is_off(before))
        case Removed(before):
            return is_off(before) and not part.comes_or_goes
        case _:
            return False


def _kind(part: Part) -> int:
    match part.difference:
        case Added():
            return 1
        case Removed():
            return 2
        case Nested(parts=(_, *_) as parts):
            return min(map(_kind, parts))
        case Changed() | ChangedText() | _:
            return 0
