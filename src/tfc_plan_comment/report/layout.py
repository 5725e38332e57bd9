"""The layout of a plan's changes: all places that may find room in a report, and what the rest is counted by.

It holds all that is needed to choose among the changes, and nothing of the plan itself.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.report.folds import lay_out
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.groups.instance_keys import drop_keys
from tfc_plan_comment.report.model import Place, Row

LINE = 60
"""Characters of a row that says nothing."""


class Kind(NamedTuple):
    """The terms in which changes without a row are counted; `module` is without the keys of its instances."""

    action: Action
    type: str
    module: str


class Tally(msgspec.Struct, frozen=True):
    """So many changes of a kind, and where among all changes the first of them is."""

    kind: Kind
    count: int
    first: int


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Places in their order, each with everything."""

    places: tuple[Place, ...] = ()
    tallies: tuple[tuple[Tally, ...], ...] = ()
    """The changes of each place."""
    rest: tuple[Tally, ...] = ()
    """The changes that are in none."""

    @property
    def changes(self) -> int:
        """The number of all changes."""
        return sum(tally.count for tallies in (*self.tallies, self.rest) for tally in tallies)

    def within(self, room: int) -> "Layout":
        """The layout with the first places, those of which all is in so many characters; the rest is counted."""
        count = bisect_right(list(accumulate(_length(place.row) for place in self.places)), room)
        return Layout(places=self.places[:count], tallies=self.tallies[:count], rest=_sum(self.find_rest(count)))

    def find_rest(self, count: int) -> list[Tally]:
        """The changes that are in none of the first `count` places, in their order."""
        left = [tally for tallies in self.tallies[count:] for tally in tallies]
        return sorted((*left, *self.rest), key=lambda tally: tally.first)


def _length(row: Row) -> int:
    """The characters of all that a row says, nearly."""
    said = (row.subject, row.cell, row.why, *row.remarks, *row.names, *(phrase.cell for phrase in row.about))
    lines = (*row.lines, *row.same_for)
    return sum(cell.length for cell in said) + sum(line.length + line.indent for line in lines) + LINE


def _sum(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """One for each kind, in the order of the first."""
    found: dict[Kind, Tally] = {}
    for tally in tallies:
        same = found.get(tally.kind)
        found[tally.kind] = replace(same, count=same.count + tally.count) if same else tally
    return tuple(found.values())


def make_layout(summary: PlanSummary, groups: Sequence[Group]) -> Layout:
    """The layout of these groups, which are those of `find_groups`."""
    places = tuple(lay_out(summary, groups))
    changes = summary.changes
    covered = {position for place in places for position in place.positions}
    return Layout(
        places=places,
        tallies=tuple(_tally(changes, place.positions) for place in places),
        rest=_tally(changes, (position for position in range(len(changes)) if position not in covered)),
    )


def _tally(changes: Sequence[PlannedChange], positions: Iterable[int]) -> tuple[Tally, ...]:
    found: dict[Kind, list[int]] = {}
    for position in positions:
        resource = changes[position].resource
        kind = Kind(changes[position].action, resource.type, drop_keys(resource.module_address or ""))
        found.setdefault(kind, []).append(position)
    return tuple(Tally(kind, len(of_it), of_it[0]) for kind, of_it in found.items())
