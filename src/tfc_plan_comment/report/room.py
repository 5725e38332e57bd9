"""The choice of what to leave out when there is not room for everything: first what hurts least.

Every change has a line, and below it what unfolds. When room is short the latter goes first, that of what can hurt
last; then the words in the lines of the rest, which keep their addresses; then these lines, which are counted by
action, type and module instead. So every change stays in the comment, at least as one of a counted line.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.plan.actions import Action, Loss
from tfc_plan_comment.report.budget import Budget, Ruler
from tfc_plan_comment.report.hidden import NONE_HIDDEN, Hidden
from tfc_plan_comment.report.layout import Layout, Tally
from tfc_plan_comment.report.left import ALL_SHOWN, Left
from tfc_plan_comment.report.lines.line import WHOLE, first_lines
from tfc_plan_comment.report.model import BLANK, More, Place, Row

MOST_KINDS = 20
"""At most this many lines count what has no row by action and type; the rest is counted by action."""

OPEN_LINES = 120
"""At most this many lines of diffs stand open together; the rest is folded."""


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The changes that have a place in the report, the counted rest, and what was left out of it."""

    places: tuple[Place, ...] = ()
    more: tuple[More, ...] = ()
    left: Left = ALL_SHOWN
    hidden_beside: Hidden = NONE_HIDDEN
    """Values that are hidden in what is written beside these places."""


def choose(layout: Layout, budget: Budget, ruler: Ruler) -> Chosen:
    """The part of the changes that fits in the budget."""
    room = budget.changes
    whole = layout.places
    sizes = [_measure_line(place, ruler) for place in whole]
    places = [_cut_details(place, budget.diff, budget.diff) for place in whole]
    if not _is_room_for_all(places, room - sum(size.whole for size in sizes), ruler):
        places = [_cut_details(place, budget.diff, budget.addresses) for place in whole]
    dangerous = [place for place in places if _has_to_be_seen(place.row)]
    kept_free = sum(_choose_details(dangerous, budget.dangerous_details, ruler).values())
    rows = _choose_rows(layout, sizes, room - kept_free, ruler)
    del places[len(rows.has_cell) :]
    details = _choose_details(places, room - rows.size, ruler)
    settled = tuple(_settle(places, rows.has_cell, details))
    return Chosen(places=settled, more=rows.more, left=_count_left(settled, rows.more))


def _count_left(places: Sequence[Place], more: Iterable[More]) -> Left:
    bare = [place for place in places if not (place.has_details or place.row.is_told_by_itself)]
    alone = [place for place in bare if not place.row.alike]
    return Left(
        without_details=sum(place.has_cell for place in alone),
        by_address=sum(not place.has_cell for place in alone),
        # The addresses of alike changes, of the first as well, stand below the line, with their diff.
        counted=sum(each.count for each in more)
        + sum(place.row.count for place in bare if place.row.alike)
        + sum(place.unlisted for place in places if place.has_details),
        cut=sum((place.row.find_cut(with_details=place.has_details) for place in places), WHOLE),
    )


def _cut_details(place: Place, room: int, for_addresses: int) -> Place:
    """The same with as many lines and addresses as fit in so many characters."""
    row = place.row
    lines, same_for = first_lines(row.lines, room), first_lines(row.same_for, for_addresses)
    if (lines, same_for) == (row.lines, row.same_for):
        return place
    unlisted = row.count - sum(line.addresses for line in (*lines, *same_for)) if row.alike else 0
    return replace(place, row=replace(row, lines=lines, same_for=same_for), unlisted=unlisted)


def _has_to_be_seen(row: Row) -> bool:
    return _may_destroy(row.action) or row.deserves_a_look


def _may_destroy(action: Action) -> bool:
    return action.facts.loss >= Loss.PERHAPS


class _LineSize(NamedTuple):
    """Bytes of a line, and those of them that it can do without."""

    whole: int
    words: int


def _measure_line(place: Place, ruler: Ruler) -> _LineSize:
    whole = ruler.line(place)
    needs_words = _has_to_be_seen(place.row) or place.row.is_told_by_itself
    return _LineSize(whole, 0 if needs_words else ruler.words(place.row))


def _is_room_for_all(places: Sequence[Place], room: int, ruler: Ruler) -> bool:
    """True if so many bytes are enough for the details of all."""
    wanted = sum(not place.row.is_told_by_itself for place in places)
    return room >= 0 and len(_choose_details(places, room, ruler)) == wanted


def _choose_details(places: Sequence[Place], room: int, ruler: Ruler) -> dict[int, int]:
    """The numbers of the places whose details find room, the first ones first, each with its bytes."""
    chosen: dict[int, int] = {}
    least = ruler.details(Place(row=BLANK, has_cell=False, has_details=True, is_open=False))
    for number, place in enumerate(places):
        # Nothing is shorter than its own lines, and what cannot fit is not worth measuring.
        if place.row.is_told_by_itself or least + sum(line.length for line in place.row.lines) > room:
            continue
        size = ruler.details(place)
        if size <= room:
            chosen[number] = size
            room -= size
    return chosen


class _Rows(msgspec.Struct, frozen=True, kw_only=True):
    """The lines that there is room for: the first ones, each with its words or with nothing but its address."""

    has_cell: list[bool]
    more: tuple[More, ...]
    """The lines that count the rest."""
    size: int
    """Bytes of it all."""


def _choose_rows(layout: Layout, sizes: Sequence[_LineSize], room: int, ruler: Ruler) -> _Rows:
    """As many lines as possible, then the words in as many."""
    least = [size.whole - size.words for size in sizes]
    more: tuple[More, ...] = ()
    for_more = used = 0
    while True:
        count = bisect_right(list(accumulate(least)), room - for_more)
        more = tuple(_count_more(layout.find_rest(count)))
        size = sum(map(ruler.more, more))
        if size <= for_more:
            break
        for_more = size + size // 8  # the fewer rows there are, the longer these lines can become
    used = size + sum(least[:count])
    has_cell = []
    for each in sizes[:count]:
        is_room = each.words == 0 or (count == len(sizes) and used + each.words <= room)
        used += each.words if is_room else 0
        has_cell.append(is_room)
    return _Rows(has_cell=has_cell, more=more, size=used)


def _settle(places: Sequence[Place], has_cell: Sequence[bool], details: Container[int]) -> Iterator[Place]:
    """The places with what was chosen for them; the first small diffs stand open."""
    lines = 0
    for number, (place, is_said) in enumerate(zip(places, has_cell, strict=True)):
        has_details = number in details
        lines += len(place.row.lines) if has_details and place.is_open else 0
        is_open = place.is_open and lines <= OPEN_LINES
        yield replace(place, has_cell=is_said, has_details=has_details, is_open=is_open)


def _count_more(rest: Iterable[Tally]) -> Iterator[More]:
    """Counted by action and type, in the order of the changes and without a look at any diff."""
    kinds: dict[tuple[Action, str], Counter[str]] = {}
    for tally in rest:
        modules = kinds.setdefault((tally.kind.action, tally.kind.type), Counter())
        modules[tally.kind.module] += tally.count
    named = set(sorted(kinds, key=lambda kind: (not _may_destroy(kind[0]), -kinds[kind].total()))[:MOST_KINDS])
    for action in dict.fromkeys(action for action, _ in kinds):
        of_this = {kind: modules for kind, modules in kinds.items() if kind[0] is action}
        for kind, modules in of_this.items():
            if kind in named:
                yield _count(*kind, modules)
        if others := [modules for kind, modules in of_this.items() if kind not in named]:
            yield _count(action, "", sum(others, Counter()))


def _count(action: Action, type_: str, modules: Counter[str]) -> More:
    most, in_it = modules.most_common(1)[0]
    count = modules.total()
    return More(action=action, count=count, type=type_, module=most if in_it * 2 >= count else "", modules=len(modules))
