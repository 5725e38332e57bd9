"""Cells and lines as the Markdown of a comment."""

from collections.abc import Iterable

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
    if piece.url:
        return link(piece.text, piece.url)
    match piece.voice:
        case Voice.NAME | Voice.CODE:
            name = code(piece.text)
            return f"<b>{name}</b>" if piece.bold else name
        case Voice.TEXT:
            return f"<b>{text(piece.text)}</b>" if piece.bold else text(piece.text)
        case Voice.FOREIGN:
            core = piece.text.strip(" ")
            before = " " * (len(piece.text) - len(piece.text.lstrip(" ")))
            return f"{before}{text(core)}{' ' * (len(piece.text) - len(before) - len(core))}"
        case Voice.WORDS:
            # GitHub Docs, "Writing mathematical expressions": a dollar sign in a span begins none.
            words = piece.text.replace("$", "<span>$</span>")
            return f"<b>{words}</b>" if piece.bold else words
