"""The bytes that each piece of a comment takes, measured with our own templates."""

from collections.abc import Callable
from functools import cache

from msgspec.structs import replace

from tfc_plan_comment.report.budget import Ruler
from tfc_plan_comment.report.model import BLANK, Place
from tfc_plan_comment.report.row_words import say_row
from tfc_plan_comment.report.write.comment_view import view_fold, view_more, view_place
from tfc_plan_comment.report.write.pieces import write_cell
from tfc_plan_comment.report.write.template import load_piece

FOLD_END = "\n</details>\n"
"""The end of a fold, as the template writes it."""


def measure_bytes(content: str) -> int:
    """The bytes of a text as it is sent."""
    return len(content.encode(errors="replace"))


def make_ruler(measure: Callable[[str], int] = measure_bytes) -> Ruler:
    """Measures with our own templates, and each piece once; `measure` gives the bytes of Markdown."""
    change, more, fold = map(load_piece, ("change.md.j2", "more.md.j2", "fold.md.j2"))

    nothing = measure(
        change({"change": view_place(Place(row=BLANK, has_cell=False, has_details=False, is_open=False))})
    )

    def measure_line(place: Place) -> int:
        line = measure(change({"change": view_place(replace(place, has_details=False))}))
        if not (place.fold and place.opens_fold):
            return line
        return line + measure(fold({"fold": view_fold(place.fold)})) + len(FOLD_END)

    def measure_details(place: Place) -> int:
        row = place.row
        below = replace(BLANK, lines=row.lines, remarks=row.remarks, alike=row.alike, same_for=row.same_for)
        return measure(change({"change": view_place(replace(place, row=below, has_details=True))})) - nothing

    return Ruler(
        line=cache(measure_line),
        words=cache(lambda row: measure(write_cell(say_row(row, is_open=False)))),
        details=cache(measure_details),
        more=cache(lambda each: measure(more({"each": view_more(each)}))),
    )
