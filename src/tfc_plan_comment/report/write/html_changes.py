"""The changes of the HTML report as data for its script: those that are alike are one item, and nothing of any is cut.

Order and folds are those of the comment. What was cut while it was compared is told anew when its turn comes, so that
only a few diffs are in memory at a time.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec.structs import replace

from tfc_plan_comment.plan.same_change import by_what_they_do
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.report.addresses import mask_address, show_object
from tfc_plan_comment.report.budget import Ruler
from tfc_plan_comment.report.folds import lay_out
from tfc_plan_comment.report.groups.alike import are_enough, put_together
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.groups.search import USUAL_ROW, find_groups, find_invocations
from tfc_plan_comment.report.groups.subject import say_together
from tfc_plan_comment.report.lines.cell import Cell, Voice
from tfc_plan_comment.report.lines.line import UNCUT, WHOLE, Limits
from tfc_plan_comment.report.model import Fold, Place
from tfc_plan_comment.report.room import OPEN_LINES
from tfc_plan_comment.report.row_words import say_row
from tfc_plan_comment.report.rows import tell_change
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.write.pieces import write_lines

AT_ONCE = 1_000
"""Of a large plan, alike changes are looked for among so many at once, as often as `find_groups` has rounds."""

_ENDLESS = Ruler(line=lambda _: 0, words=lambda _: 0, details=lambda _: 0, more=lambda _: 0)
"""Nothing takes any room: the report has as much as it wants."""

Item = dict[str, object]


def list_changes(summary: PlanSummary) -> Iterator[Item]:
    """The part of each change, or of each group of alike ones, that the script shows; the first few stand open.

    Texts are by turns plain and code. An item that `opens` a fold is the first one in it.
    """
    lines = 0
    for place in _find_places(summary):
        row = place.row
        first, *alike = (_tell_member(summary.changes[position]) for position in place.positions)
        lines += len(row.lines) if place.is_open else 0
        is_open = place.is_open and lines <= OPEN_LINES
        yield {
            **first,
            "alike": alike,
            "symbol": row.symbol,
            "label": row.label,
            "subject": take_turns(row.subject),
            "data": row.holds_data,
            "look": row.deserves_a_look,
            "says": take_turns(say_row(row, is_open=is_open)),
            "heading": "" if alike else row.heading,
            "reason": None if alike else row.reason,
            "diff": write_lines(row.lines),
            "remarks": [take_turns(remark) for remark in row.remarks],
            "open": is_open,
            "fold": place.fold is not None,
            "opens": _tell_fold(place.fold) if place.fold and place.opens_fold else None,
        }


def take_turns(cell: Cell) -> list[str]:
    """The texts in a cell, which are by turns plain and names in the plan."""
    turns = [""]
    for is_name, pieces in groupby(cell.pieces, lambda piece: piece.voice in {Voice.NAME, Voice.CODE}):
        if is_name or len(turns) > 1:
            turns.append("")
        turns[-1] = "".join(piece.text for piece in pieces)
    return turns


def _find_places(summary: PlanSummary) -> Iterator[Place]:
    """All changes in their order, alike ones at the place of the first; a large plan's last if they do the same."""
    fresh = replace(summary, changes=tuple(change.afresh() for change in summary.changes))
    places = list(lay_out(fresh, find_groups(fresh, AT_ONCE * USUAL_ROW, Limits(), _ENDLESS)))
    del fresh  # and every diff that was made to compare them
    teller = _Teller(summary)
    for place in places:
        if place.row.find_cut(with_details=True) is WHOLE:
            yield place
            continue
        for number, group in enumerate(teller.tell_all(place.positions)):
            opens_fold = place.opens_fold and number == 0
            yield replace(place, row=group.row, positions=group.positions, opens_fold=opens_fold)
    placed = {position for place in places for position in place.positions}
    for group in teller.tell_same([position for position in range(len(summary.changes)) if position not in placed]):
        row = group.row
        yield Place(row=row, positions=group.positions, has_cell=True, has_details=True, is_open=row.is_open)


class _Teller:
    """Tells changes with nothing cut, and keeps nothing of them."""

    def __init__(self, summary: PlanSummary) -> None:
        self._changes = summary.changes
        self._invocations = find_invocations(summary)

    def tell(self, positions: Sequence[int]) -> Group:
        """A row for changes that do the same, byte by byte."""
        changes = [self._changes[position] for position in positions]
        invocations = self._invocations.get(changes[0].resource.address, ())
        row = tell_change(changes[0].afresh(), limits=UNCUT, invocations=invocations)
        first, *alike = (show_object(change.resource, change.mask, UNCUT).text for change in changes)
        subject = say_together([first, *alike]) if alike else row.subject
        return Group(replace(row, address=first, alike=tuple(alike), subject=subject), tuple(positions))

    def tell_all(self, positions: Sequence[int]) -> Iterator[Group]:
        """One row for changes that are alike; several where they are not, once nothing is cut."""
        if len(positions) == 1:
            yield self.tell(positions)
        else:
            yield from put_together([self.tell(each) for each in self._find_same(positions)])

    def tell_same(self, positions: Sequence[int]) -> Iterator[Group]:
        """A row for those together that do the same, where they are enough; what deserves a look stands alone."""
        for same in self._find_same(positions):
            changes = [self._changes[position] for position in same]
            is_plain = self._invocations.keys().isdisjoint(change.resource.address for change in changes)
            is_plain = is_plain and not any(change.attention for change in changes)
            if is_plain and are_enough(len(same), holds_data=changes[0].holds_data):
                yield self.tell(same)
            else:
                yield from (self.tell([position]) for position in same)

    def _find_same(self, positions: Sequence[int]) -> Iterator[list[int]]:
        for numbers in by_what_they_do(self._changes[position] for position in positions):
            yield [positions[number] for number in numbers]


def _tell_member(change: PlannedChange) -> Item:
    """What tells a change from those that are alike, and what it is filtered by."""
    resource, mask = change.resource, change.mask
    return {
        "address": visible(show_object(resource, mask, UNCUT).text),
        "type": resource.type,
        "module": mask_address(resource.module_address or "", mask),
    }


def _tell_fold(fold: Fold) -> Item:
    return {"symbol": fold.symbol, "label": fold.label, "title": take_turns(fold.title), "open": fold.is_open}
