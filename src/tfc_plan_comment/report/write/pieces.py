"""Cells and lines as the Markdown of a comment."""

from collections.abc import Iterable
from functools import lru_cache

from tfc_plan_comment.report.lines.cell import Cell, Piece, Voice
from tfc_plan_comment.report.lines.line import Line
from tfc_plan_comment.report.write.markdown import Inert, code, link, text


def write_lines(lines: Iterable[Line]) -> str:
    """The lines of a diff block, as they are."""
    return "\n".join(map(str, lines))


def write_cell(cell: Cell) -> Inert:
    """The cell as inert Markdown, which is inert HTML as well: it stands in a `<summary>`, too."""
    return Inert("".join(map(_write_piece, cell.pieces)))


def _write_piece(piece: Piece) -> str:
    return _write(piece.text, piece.voice, piece.bold, piece.url)


@lru_cache(maxsize=4_096)  # a cell is written to be measured, and again where it finds room
def _write(said: str, voice: Voice, bold: bool, url: str) -> str:  # noqa: FBT001 - a key of the cache
    if url:
        return link(said, url)
    match voice:
        case Voice.NAME | Voice.CODE:
            name = code(said)
            return f"<b>{name}</b>" if bold else name
        case Voice.TEXT:
            return f"<b>{text(said)}</b>" if bold else text(said)
        case Voice.FOREIGN:
            core = said.strip(" ")
            before = " " * (len(said) - len(said.lstrip(" ")))
            return f"{before}{text(core)}{' ' * (len(said) - len(before) - len(core))}"
        case Voice.WORDS:
            # GitHub Docs, "Writing mathematical expressions": a dollar sign in a span begins none.
            words = said.replace("$", "<span>$</span>")
            return f"<b>{words}</b>" if bold else words
