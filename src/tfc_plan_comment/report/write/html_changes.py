"""The changes of the HTML report as data for its script: those that are alike are one item, and nothing of any is cut.

Only what is written next is in memory: the changes that are alike are found first, and each item is told anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from tfc_plan_comment.plan.attention import Notice
from tfc_plan_comment.plan.same_change import by_what_they_do
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.report.addresses import mask_address, show_object
from tfc_plan_comment.report.groups.alike import Group, are_enough, put_together
from tfc_plan_comment.report.groups.instance_keys import drop_keys
from tfc_plan_comment.report.lines.cell import Cell
from tfc_plan_comment.report.lines.line import UNCUT, WHOLE, Limits
from tfc_plan_comment.report.model import join_phrases
from tfc_plan_comment.report.room import OPEN_LINES, USUAL_ROW, Ruler, find_groups, find_invocations
from tfc_plan_comment.report.rows import tell_change
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.write.pieces import write_lines

AT_ONCE = 1_000
"""Of a large plan, alike changes are looked for among so many at once, as often as `find_groups` has rounds."""

_ENDLESS = Ruler(row=lambda _: 0, cell=lambda _: 0, details=lambda _: 0, more=lambda _: 0)
"""Nothing takes any room: the report has as much as it wants."""

Item = dict[str, object]


def list_changes(summary: PlanSummary) -> Iterator[Item]:
    """The part of each change, or of each group of alike ones, that the script shows; the first few stand open."""
    lines = 0
    for group in _find_groups(summary):
        row, members = group.row, [summary.changes[position] for position in group.positions]
        first, *alike = map(_tell_member, members)
        lines += len(row.lines) if row.is_open else 0
        what, about = _take_turns(row.cell), join_phrases(row.about)
        yield {
            **first,
            "alike": alike,
            "name": _name_all([str(each["address"]) for each in (first, *alike)]) if alike else "",
            "symbol": row.symbol,
            "label": row.label,
            "data": row.holds_data,
            "look": [take_pieces(notice) for notice in _gather_notices(members)],
            "what": what,
            "about": "" if "".join(what) == about else about,
            "heading": row.heading if not alike else "",
            "reason": row.reason if not alike else None,
            "diff": write_lines(row.lines),
            "open": row.is_open and lines <= OPEN_LINES,
        }


def take_pieces(notice: Notice) -> list[str]:
    """What deserves a look, in texts that are by turns words of ours and texts of the plan."""
    return [text for words, value in notice.pieces() for text in (words, value or "")]


def _find_groups(summary: PlanSummary) -> Iterator[Group]:
    """All changes in their order, alike ones at the place of the first; a large plan's last if they do the same."""
    fresh = replace(summary, changes=tuple(change.afresh() for change in summary.changes))
    found = find_groups(fresh, AT_ONCE * USUAL_ROW, Limits(), _ENDLESS)
    del fresh  # and every diff that was made to compare them
    grouped = {position for group in found for position in group.positions}
    teller = _Teller(summary)
    for group in found:
        is_whole = group.row.find_cut(with_details=True) is WHOLE
        yield from [group] if is_whole else teller.tell_all(group.positions)
    rest = [position for position in range(len(summary.changes)) if position not in grouped]
    yield from teller.tell_same(rest)


class _Teller:
    """Tells changes with nothing cut, and keeps nothing of them."""

    def __init__(self, summary: PlanSummary) -> None:
        self._changes = summary.changes
        self._invocations = find_invocations(summary)

    def tell(self, positions: Sequence[int]) -> Group:
        """A row for changes that do the same, byte by byte."""
        changes = [self._changes[position] for position in positions]
        first, *alike = (show_object(change.resource, change.mask, UNCUT).text for change in changes)
        invocations = self._invocations.get(changes[0].resource.address, ())
        row = tell_change(changes[0].afresh(), limits=UNCUT, invocations=invocations)
        return Group(replace(row, address=first, alike=tuple(alike)), tuple(positions))

    def tell_all(self, positions: Sequence[int]) -> Iterator[Group]:
        """One row for changes that are alike; several where they are not, once nothing is cut."""
        if len(positions) == 1:
            yield self.tell(positions)
        else:
            yield from put_together([self.tell(each) for each in self._find_same(positions)])

    def tell_same(self, positions: Sequence[int]) -> Iterator[Group]:
        """A row for those together that do the same, where they are enough."""
        for same in self._find_same(positions):
            changes = [self._changes[position] for position in same]
            is_plain = self._invocations.keys().isdisjoint(change.resource.address for change in changes)
            if is_plain and are_enough(len(same), changes[0].action):
                yield self.tell(same)
            else:
                yield from (self.tell([position]) for position in same)

    def _find_same(self, positions: Sequence[int]) -> Iterator[list[int]]:
        for numbers in by_what_they_do(self._changes[position] for position in positions):
            yield [positions[number] for number in numbers]


class _Member(NamedTuple):
    address: str
    type: str
    module: str


def _tell_member(change: PlannedChange) -> Item:
    """What tells a change from those that are alike, and what it is filtered by."""
    resource, mask = change.resource, change.mask
    return _Member(
        address=visible(show_object(resource, mask, UNCUT).text),
        type=resource.type,
        module=mask_address(resource.module_address or "", mask),
    )._asdict()


def _name_all(addresses: Sequence[str]) -> str:
    """The resource of which all of them are instances; empty if they are of several."""
    resources = {drop_keys(address) for address in addresses}
    return resources.pop() if len(resources) == 1 else ""


def _gather_notices(changes: Sequence[PlannedChange]) -> list[Notice]:
    """What deserves a look in any of them, each once."""
    return list(dict.fromkeys(notice for change in changes for notice in change.attention))


def _take_turns(cell: Cell) -> list[str]:
    """The texts in a cell, which are plain and bold by turns."""
    turns = [""]
    for is_bold, pieces in groupby(cell.pieces, lambda piece: piece.bold):
        if is_bold or len(turns) > 1:
            turns.append("")
        turns[-1] = "".join(piece.text for piece in pieces)
    return turns
