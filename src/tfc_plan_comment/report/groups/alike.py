"""Changes that are alike become one: the same diff on three hundred instances is read once.

Two changes are alike when their diffs are the same line by line, but for the count of what is unchanged, and but for
the key of the instance: where the key `eu-west-1` stands in a value, the diff says `{key}`. Since each instance's key
is in its address, nothing is lost. Where a diff is cut, what is not shown must be the same as well; only what is hidden
or described, a secret or a certificate, may be another one in each.

Of those that are not alike, some change the same attributes, and to different values in a few of them only: they
become one as well, which says what varies.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.attention import Notice
from tfc_plan_comment.report.groups.address_list import list_addresses
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.groups.instance_keys import (
    Keyed,
    Shared,
    explain,
    find_shared,
    find_type,
    put_keys,
)
from tfc_plan_comment.report.groups.subject import say_together
from tfc_plan_comment.report.groups.varying import Candidate, frame, merge
from tfc_plan_comment.report.groups.without_diff import list_without_diff
from tfc_plan_comment.report.hidden import NONE_HIDDEN
from tfc_plan_comment.report.lines.attributes import Told
from tfc_plan_comment.report.lines.cell import Cell, Piece, Voice, say, say_same, share, wording
from tfc_plan_comment.report.lines.line import WHOLE, Line
from tfc_plan_comment.report.model import Phrase, Row

MOST_ALONE = 20
"""So many changes that deserve a look stand alone each; more of them would push out all others, so alike ones share."""

FEWEST = 3
"""Fewer changes than this are not worth putting together."""

FEWEST_WITH_DATA = 10
"""A row for each object that goes with its data is worth more; with this many, seeing what they share is."""

SHORT_LIST = 3
"""At most this many lines of addresses stand in the diff itself."""

OPEN_LINES = 40
"""A diff that says what varies stands open if it has no more lines."""

VALUES_VARY = ", with different values"
ORIGINS_VARY = ", each from a place of its own"

Uncut = Callable[[int], Sequence[Line]]
"""Gives the lines of the change at a position before they were cut, or none if they were not."""


class _Shape(msgspec.Struct, frozen=True):
    """The frame that alike changes share; `placeholders` are those that stand in it, lest a value passes for one.

    `whole` is a digest of the lines before they were cut, and empty where nothing was cut.
    """

    action: Action
    label: str
    type: str
    about: tuple[Phrase, ...]
    why: tuple[str, ...]
    notices: tuple[Notice, ...]
    remarks: tuple[Cell, ...]
    lines: tuple[Line, ...]
    placeholders: frozenset[str]
    whole: str = ""


def are_enough(count: int, *, holds_data: bool) -> bool:
    """True if it is worth putting this many changes together; `holds_data` is as of a row."""
    return count >= (FEWEST_WITH_DATA if holds_data else FEWEST)


def put_together(groups: Sequence[Group], uncut: Uncut = lambda _: ()) -> Iterator[Group]:
    """All of them in their order, each group of alike ones at the place of its first; what deserves a look stays alone.

    `uncut` is asked only for those whose shown lines are alike.
    """
    uncut = cache(uncut)
    alone = [each for each in groups if each.row.deserves_a_look and len(each.positions) == 1]
    found = alone if len(alone) <= MOST_ALONE else []
    left = _find_left(groups, found)
    found += list_without_diff(left)
    left = _find_left(left, found)
    found += _find_same(left, uncut)
    left = _find_left(left, found)
    found += _find_varying([each for each in left if len(each.positions) == 1], uncut)
    found += _find_left(left, found)
    return iter(sorted(found, key=lambda group: group.positions[0]))


def _find_left(groups: Iterable[Group], found: Iterable[Group]) -> list[Group]:
    grouped = {position for group in found for position in group.positions}
    return [each for each in groups if each.positions[0] not in grouped]


def _find_same(groups: Sequence[Group], uncut: Uncut) -> Iterator[Group]:
    """Those whose diffs are the same."""
    shared = find_shared(address for each in groups for address in (each.row.address, *each.row.alike))
    shapes = [_shape(each, shared) for each in groups]
    common = Counter(shapes)
    found: dict[_Shape, list[Group]] = {}
    for shape, each in zip(shapes, groups, strict=True):
        if common[shape] > 1 and (lines := uncut(each.positions[0])):
            shape = replace(shape, whole=_digest(lines, each, shared))  # noqa: PLW2901 (the same, told apart further)
        found.setdefault(shape, []).append(each)
    for shape, alike in found.items():
        positions = tuple(position for each in alike for position in each.positions)
        if are_enough(len(positions), holds_data=alike[0].row.holds_data):
            yield Group(_merge_same(shape, [each.row for each in alike], _shown(alike[0], shared)), positions)


def _find_varying(groups: Sequence[Group], uncut: Uncut) -> Iterator[Group]:
    """Those that differ in a few values only."""
    shown = [_telling(each.row.lines) for each in groups]
    for similar in _by_frame(groups, dict(enumerate(shown))):
        whole = {}
        for number in similar:
            lines = _telling(uncut(groups[number].positions[0]) or groups[number].row.lines)
            if len(lines) == len(shown[number]):
                whole[number] = lines
        for numbers in _by_frame(groups, whole):
            alike = [Candidate(groups[number].row, shown[number], whole[number]) for number in numbers]
            if told := merge(alike):
                positions = tuple(groups[number].positions[0] for number in numbers)
                yield Group(_merge_varying(told, [each.row for each in alike]), positions)


def _by_frame(groups: Sequence[Group], lines: Mapping[int, Sequence[Line]]) -> list[list[int]]:
    """The numbers of those that may differ in values only, where they are enough."""
    frames: dict[Hashable, list[int]] = {}
    for number, of_one in lines.items():
        frames.setdefault(frame(groups[number].row, of_one), []).append(number)
    return [
        numbers for numbers in frames.values() if are_enough(len(numbers), holds_data=groups[numbers[0]].row.holds_data)
    ]


def _shape(group: Group, shared: Shared) -> _Shape:
    row = group.row
    keyed = _put_keys(group, shared, _telling(row.lines), row.about)
    # What only tags change in need not be of one type: it is the same change of all.
    kind = "" if row.is_noise else find_type(row.address)
    return _Shape(
        row.action,
        row.label,
        kind,
        keyed.about,
        wording(row.why),
        row.notices,
        row.remarks,
        tuple(_on_one_line(keyed.lines)),
        keyed.all_used,
    )


def _shown(group: Group, shared: Shared) -> Keyed:
    return _put_keys(group, shared, _telling(group.row.lines), group.row.about)


def _on_one_line(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with an old value and the new one below it on one: whether both fit there depends on the key."""
    waiting: Line | None = None
    for line in lines:
        if waiting and line.marker == "+" and (line.path, line.indent) == (waiting.path, waiting.indent):
            yield replace(line, marker="!", text=f"{waiting.text} -> {line.text}", cut=waiting.cut + line.cut)
            waiting = None
            continue
        if waiting:
            yield waiting
        waiting = line if line.marker == "-" and line.path else None
        if not waiting:
            yield line
    if waiting:
        yield waiting


def _put_keys(group: Group, shared: Shared, lines: Sequence[Line], about: Sequence[Phrase] = ()) -> Keyed:
    """With placeholders for the keys; what is the same in several instances has nothing to do with them."""
    return put_keys(group.row.address if len(group.positions) == 1 else "", lines, about, shared)


def _digest(uncut: Sequence[Line], group: Group, shared: Shared) -> str:
    """A text that tells apart the diffs of which not every line is shown."""
    lines = _put_keys(group, shared, _telling(uncut)).lines
    return sha256("\n".join(map(str, lines)).encode(errors="surrogatepass")).hexdigest()


def _telling(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines without the count of what is unchanged."""
    return tuple(replace(line, unchanged=0) for line in lines if line.text or not line.unchanged)


def _merge_same(shape: _Shape, alike: Sequence[Row], shown: Keyed) -> Row:
    """The row of changes whose diffs are the same."""
    addresses = list(list_addresses(address for row in alike for address in (row.address, *row.alike)))
    is_short = len(addresses) <= SHORT_LIST
    in_diff = [replace(line, text=f"# {line.text}", indent=0) for line in addresses] if is_short else []
    row, explained = _speak_for_all(alike), explain(alike[0].address, shape.placeholders)
    return replace(
        row,
        cell=share(_put_keys_in_cells(alike, shape.placeholders)),
        same_for=() if is_short else tuple(addresses),
        about=shape.about,
        lines=(*shown.lines, *explained.lines, *in_diff),
        remarks=(*row.remarks, *explained.remarks),
    )


def _put_keys_in_cells(alike: Sequence[Row], explained: Collection[str]) -> list[Cell]:
    """Their cells, with the placeholders that the diff explains, if that makes them the same."""
    cells = [row.cell for row in alike]
    if len(set(cells)) == 1 or any(row.alike for row in alike):
        return cells
    shared = find_shared(row.address for row in alike)
    keyed = []
    for row in alike:
        names = [Line(piece.text if piece.voice is Voice.TEXT else "", path=piece.text) for piece in row.cell.pieces]
        put = put_keys(row.address, names, shared=shared)
        if not put.all_used <= set(explained):
            return cells
        texts = zip(row.cell.pieces, put.lines, strict=True)
        keyed.append(Cell(tuple(_put_in_piece(piece, line) for piece, line in texts)))
    return keyed if len(set(keyed)) == 1 else cells


def _put_in_piece(piece: Piece, line: Line) -> Piece:
    match piece.voice:
        case Voice.TEXT:
            return replace(piece, text=line.text)
        case Voice.NAME:
            return replace(piece, text=line.path)
        case _:
            return piece


def _merge_varying(told: Told, alike: Sequence[Row]) -> Row:
    """The row of changes that differ in a few values; the lines name each of them."""
    row = _speak_for_all(alike)
    is_same = len({each.about for each in alike}) == 1
    about = row.about if is_same else tuple(phrase.without_origin for phrase in row.about)
    if not is_same and about:
        about = (*about[:-1], replace(about[-1], after=f"{about[-1].after}{ORIGINS_VARY}"))
    cell = row.cell
    if cell and len({each.cell for each in alike}) > 1:
        cell += say(VALUES_VARY)
    remarks, is_open = (*row.remarks, *told.remarks), row.is_open and len(told.lines) <= OPEN_LINES
    return replace(row, about=about, cell=cell, lines=told.lines, remarks=remarks, is_open=is_open)


def _speak_for_all(alike: Sequence[Row]) -> Row:
    """The first of them, with what is true of all."""
    first, *others = alike
    addresses = (*first.alike, *(address for row in others for address in (row.address, *row.alike)))
    return replace(
        first,
        alike=addresses,
        subject=say_together([first.address, *addresses]),
        why=say_same([row.why for row in alike]),
        names=tuple(name for row in alike for name in row.names),
        cell=share([row.cell for row in alike]),
        types=len({find_type(address) for address in (first.address, *addresses)}),
        is_open=any(row.is_open for row in alike),
        holds_data=any(row.holds_data for row in alike),
        cut=sum((row.cut for row in alike), WHOLE),
        hidden=sum((row.hidden for row in alike), NONE_HIDDEN),
    )
