"""What is new in a plan since the one that the comment showed before: new changes, gone ones, and other ones.

What is remembered of the earlier plan stands in a comment that others may edit: of it only addresses are shown, and
words of ours. What is secret in the key of an object that is gone no plan says any more: one that looks like a secret
is hidden.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum

import msgspec

from tfc_plan_comment.comment_memory import ShownPlan
from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.secrets.masked_address import hide_random_keys
from tfc_plan_comment.report.addresses import shorten
from tfc_plan_comment.report.groups.instance_keys import drop_keys, find_type
from tfc_plan_comment.report.groups.subject import say_together
from tfc_plan_comment.report.lines.cell import Cell, Piece, Voice, join, say
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Since
from tfc_plan_comment.report.shown_changes import RememberedChanges, ShownChanges, action_of

MOST_LINES = 8
"""At most this many lines tell what is new; the rest is counted."""
MOST_SUBJECTS = 4
"""The same for what stands in one of them."""


class Kind(Enum):
    """The kinds of differences, with the words that count them."""

    NEW = "new"
    OTHER_ACTION = "with another action"
    OTHER_VALUES = "different"
    GONE = "gone"


class _Difference(msgspec.Struct, frozen=True):
    kind: Kind
    address: str
    action: Action
    """What happens to it now; what happened to it before, if it is gone."""
    before: Action


def tell_since(earlier: ShownPlan, now: ShownChanges | RememberedChanges, limits: Limits) -> Since | None:
    """What is new since the earlier plan; None if nothing is known of it.

    A change is called new only where all of the earlier ones are remembered.
    """
    plan = now.plan(earlier.commit)
    if (plan.digest, plan.count) == (earlier.digest, earlier.count):
        unread = plan.count - len(plan.changes)
        note = say(f"of the last {unread:,} changes only addresses and actions were compared" if unread else "")
        return Since(commit=earlier.commit, is_same=True, note=note)
    lines = tuple(_tell(_differences(earlier, now), limits))
    if earlier.is_whole:
        return Since(commit=earlier.commit, lines=lines) if lines else None
    known = f"{len(earlier.changes):,} of its {earlier.count:,} changes"
    if lines:
        note = say(f"only {known} are remembered, so that nothing is called new")
    else:
        note = say(f"nothing differs in the {known} that are remembered")
    return Since(commit=earlier.commit, lines=lines, note=note)


def _differences(earlier: ShownPlan, now: ShownChanges | RememberedChanges) -> Iterator[_Difference]:
    """All that differ and are known: those that the plan has, in its order, then those that are gone."""
    for address in now:
        was = earlier.changes.get(address)
        if was is None:
            if earlier.is_whole:
                yield _Difference(Kind.NEW, address, now.action(address), Action.NO_OP)
        elif was.action != now.action(address):
            if before := action_of(was):
                yield _Difference(Kind.OTHER_ACTION, address, now.action(address), before)
        elif was != now.remembered(address):
            yield _Difference(Kind.OTHER_VALUES, address, now.action(address), now.action(address))
    for address, was in earlier.changes.items():
        if now.lacks(address) and (before := action_of(was)):
            yield _Difference(Kind.GONE, hide_random_keys(address), before, before)


def _tell(differences: Iterable[_Difference], limits: Limits) -> Iterator[Cell]:
    """A line for all that differ in the same way; the rest is counted."""
    groups: dict[tuple[Kind, Action, Action], list[_Difference]] = {}
    for each in differences:
        groups.setdefault((each.kind, each.action, each.before), []).append(each)
    # A line that counts one group would take the room of that one.
    lines = list(groups.values())
    named = lines if len(lines) <= MOST_LINES + 1 else lines[:MOST_LINES]
    for group in named:
        yield _say(group[0], _say_subjects([each.address for each in group], limits))
    kinds = Counter(each.kind for group in lines[len(named) :] for each in group)
    if more := kinds.total():
        yield say(f"and {more:,} more: {', '.join(f'{kinds[kind]:,} {kind.value}' for kind in Kind if kinds[kind])}")


def _say(difference: _Difference, what: Cell) -> Cell:
    """`now replaces aws_db_instance.orders, which it only changed before`."""
    does, before = difference.action.facts.does, difference.before.facts
    match difference.kind:
        case Kind.NEW:
            return say(f"new: {does} ") + what
        case Kind.GONE:
            return say(f"no longer {does} ") + what
        case Kind.OTHER_VALUES:
            return say(f"still {does} ") + what + say(", but differently")
        case Kind.OTHER_ACTION:
            only = "only " if difference.action.facts.loss > before.loss else ""
            return say(f"now {does} ") + what + say(f", which it {only}{before.did} before")


def _say_subjects(addresses: Sequence[str], limits: Limits) -> Cell:
    """The objects, those of one resource together; where these are too many, all of one type; the rest counted."""
    groups = _group(addresses, drop_keys)
    if len(groups) > MOST_SUBJECTS + 1:
        groups = _group(addresses, find_type)
    named = groups if len(groups) <= MOST_SUBJECTS + 1 else groups[:MOST_SUBJECTS]
    more = sum(map(len, groups[len(named) :]))
    return join((_say_subject(group, limits) for group in named), ", ") + say(f" and {more:,} more" if more else "")


def _group(addresses: Iterable[str], find: Callable[[str], str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for address in addresses:
        groups.setdefault(find(address), []).append(address)
    return list(groups.values())


def _say_subject(addresses: Sequence[str], limits: Limits) -> Cell:
    if len(addresses) > 1:
        return say_together([shorten(address, limits.address).text for address in addresses])
    shown = shorten(addresses[0], limits.address)
    return Cell((Piece(shown.text, Voice.NAME, cut=shown.cut),))
