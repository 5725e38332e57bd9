"""The attributes of one object that changes, as the lines of its diff and as remarks below it."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.report.lines.cell import Cell
from tfc_plan_comment.report.lines.difference import tell_part, tell_parts
from tfc_plan_comment.report.lines.forcing import count_causes
from tfc_plan_comment.report.lines.line import WIDTH, Limits, Line, Pen, aligned
from tfc_plan_comment.report.lines.path import path_to
from tfc_plan_comment.report.lines.remarks import LONGEST_COUNTED, LONGEST_LINE, Remark, find_remarks, is_beside


class Told(msgspec.Struct, frozen=True):
    """The lines of a diff, and the remarks that are too long to be one of them."""

    lines: tuple[Line, ...]
    remarks: tuple[Cell, ...] = ()


def tell_object(diff: ResourceDiff, limits: Limits) -> Told:
    """All that the plan says of one object."""
    return with_remarks(_tell_changes(diff, limits), find_remarks(diff), diff, limits)


def with_remarks(told: Iterable[Line], found: Iterable[Remark], diff: ResourceDiff, limits: Limits) -> Told:
    """The lines with the remarks that are short enough, and the others below them."""
    lines, remarks = [*told, *_name_repeated(diff)], list[Cell]()
    for remark in found:
        line = remark.as_line(limits)
        if len(str(line)) <= LONGEST_LINE and not line.cut.names:
            lines.append(line)
        else:
            remarks.append(remark.as_cell(limits))
    return Told(tuple(_count_unchanged(lines, diff)), tuple(remarks))


def tell_attributes(diff: ResourceDiff, limits: Limits) -> Iterator[Line]:
    """The same where there are only lines."""
    remarks = (remark.as_line(limits) for remark in find_remarks(diff))
    yield from _count_unchanged([*_tell_changes(diff, limits), *_name_repeated(diff), *remarks], diff)


def _tell_changes(diff: ResourceDiff, limits: Limits) -> Iterator[Line]:
    pen = Pen(limits, names_cause=count_causes(diff.parts) > 1)  # a single one is named by the row
    parts = [part for part in diff.parts if not is_beside(part, diff)]
    return align(list(tell_parts(parts, lambda part: tell_part(part, path_to(part), pen), pen)))


def align(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines; where all of them come, go or stay, their equals signs stand one below the other."""
    markers = {line.marker for line in lines}
    if len(markers) == 1 and "!" not in markers:
        inside = [line.indent > 0 for line in lines] + [False]
        names = ["" if inside[place] or inside[place + 1] else line.path for place, line in enumerate(lines)]
        return aligned([[line] for line in lines], names, room=WIDTH - 2)
    return iter(lines)


def _name_repeated(diff: ResourceDiff) -> Iterator[Line]:
    for repeated, other in diff.repeated:
        yield Line(f"# {repeated}: same as {other}")


def _count_unchanged(lines: Sequence[Line], diff: ResourceDiff) -> Iterator[Line]:
    """The lines with the count of what is unchanged: behind a remark where a phone shows both, else on its own."""
    count = len(diff.unchanged)
    if lines and lines[-1].is_remark and len(str(replace(lines[-1], unchanged=count))) <= LONGEST_COUNTED:
        lines, last = lines[:-1], lines[-1]
    else:
        last = Line("")
    yield from lines
    if count or last.text:
        yield replace(last, unchanged=count)
