"""Failures as the Markdown of an alert: what it means, in one paragraph, and the way to the run."""

from collections.abc import Iterable

from tfc_plan_comment.report.lines.cell import Cell
from tfc_plan_comment.report.view import NoteView, RunView
from tfc_plan_comment.report.write.markdown import Inert, link
from tfc_plan_comment.report.write.pieces import write_cell


def write_failure(lines: Iterable[Cell], run: RunView | None) -> NoteView:
    """The alert with these lines. What is written is one line of Markdown, and HTML as well."""
    way = [Inert(link("Open the run", run.url))] if run and run.url else []
    return NoteView(kind="CAUTION", message=Inert("<br>").join([*map(write_cell, lines), *way]))
