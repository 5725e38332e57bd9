"""Changes of which there is no diff: all moves are one list of addresses, and so are forgotten objects of one type."""

from collections.abc import Hashable, Iterator, Sequence

from msgspec.structs import replace

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.groups.instance_keys import find_type
from tfc_plan_comment.report.groups.subject import say_together
from tfc_plan_comment.report.hidden import NONE_HIDDEN
from tfc_plan_comment.report.lines.cell import say, say_same, wording
from tfc_plan_comment.report.lines.line import NARROW, WHOLE, WIDTH, Line, cut_of
from tfc_plan_comment.report.model import Row
from tfc_plan_comment.report.unseen import visible


def list_without_diff(groups: Sequence[Group]) -> Iterator[Group]:
    """A group for those that need no more than a line each, where they are two or more."""
    kinds: dict[Hashable, list[Group]] = {}
    for group in groups:
        if group.row.action.facts.instead:
            kinds.setdefault(_kind(group.row), []).append(group)
    for alike in kinds.values():
        if len(alike) > 1:
            yield Group(_list([group.row for group in alike]), tuple(p for group in alike for p in group.positions))


def _kind(row: Row) -> Hashable:
    if row.action is Action.MOVE:
        return row.action
    return row.action, find_type(row.address), wording(row.why), tuple(phrase.words for phrase in row.about)


def _list(rows: Sequence[Row]) -> Row:
    addresses = [address for row in rows for address in (row.address, *row.alike)]
    is_move = rows[0].action is Action.MOVE
    longest = max(len(visible(row.address)) for row in rows)
    lines = tuple(line for row in rows for line in (_tell_move(row) if is_move else _tell_name(row, longest)))
    return replace(
        rows[0],
        alike=tuple(addresses[1:]),
        subject=say(f"{len(addresses):,} resources") if is_move else say_together(addresses),
        types=len(set(map(find_type, addresses))),
        names=tuple(name for row in rows for name in row.names),
        why=say_same([row.why for row in rows]),
        about=() if is_move else rows[0].about,
        lines=lines,
        cut=sum((row.cut for row in rows), WHOLE) + cut_of(lines),
        hidden=sum((row.hidden for row in rows), NONE_HIDDEN),
    )


def _tell_move(row: Row) -> Iterator[Line]:
    """The old address and the new one, on one line if they fit."""
    moved = next((phrase for phrase in row.about if phrase.is_named), None)
    old, new = visible(moved.origin) if moved else "", visible(row.address)
    if len(old) + len(new) + 4 <= NARROW:
        yield Line(f"{old} -> {new}", addresses=1)
    else:
        yield Line(old)
        yield Line(f"-> {new}", indent=2, addresses=1)  # where the list is cut in between, it is not told


def _tell_name(row: Row, longest: int) -> Iterator[Line]:
    """The address with the name; the names stand one below the other where the addresses are not very long."""
    named = "".join(piece.text for name in row.names[:1] for piece in name.pieces)
    address = visible(row.address).ljust(longest if named and longest <= WIDTH // 2 else 0)
    yield Line(f"{address}{'  ' if named else ''}{visible(named)}", addresses=1)
    for address in row.alike:
        yield Line(visible(address), addresses=1)
