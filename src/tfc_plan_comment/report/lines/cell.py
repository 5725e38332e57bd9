"""A cell of the table as a value: names, texts and words of ours, in their order. Nothing in it is Markdown or HTML."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import takewhile

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.report.lines.line import WHOLE, Cut
from tfc_plan_comment.report.unseen import visible

LONGEST_NAME = 60

BECAUSE = "because "
"""The words in front of what forces a replacement."""


class Voice(StrEnum):
    """The origin of a piece of a cell, which decides how it must be written."""

    NAME = "name"
    """A name in the plan: code."""
    TEXT = "text"
    """A text of the plan's, which may hold anything."""
    WORDS = "words"
    """Words of ours."""
    CODE = "code"
    """A word of ours that is code, such as `count`."""

    FOREIGN = "foreign"
    """Words and texts that came out of a file: like a text, but the blanks around it stay."""

    @property
    def is_ours(self) -> bool:
        """True if it is the same wherever the same is said."""
        return self in {Voice.WORDS, Voice.CODE}


class Piece(msgspec.Struct, frozen=True, eq=False):
    """One name or text; `cut` says what of it does not stand there."""

    text: str
    voice: Voice
    bold: bool = False
    cut: Cut = WHOLE
    url: str = ""
    """The page that it leads to."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Piece) and self._compared == other._compared

    def __hash__(self) -> int:
        return hash(self._compared)

    @property
    def _compared(self) -> tuple[object, ...]:
        return self.text, self.voice, self.bold, self.url


class Cell(msgspec.Struct, frozen=True):
    """All pieces; without any, an empty cell."""

    pieces: tuple[Piece, ...] = ()

    def __bool__(self) -> bool:
        """True if there is anything in it."""
        return bool(self.pieces)

    def __add__(self, other: "Cell") -> "Cell":
        """Both, one after the other."""
        return Cell(self.pieces + other.pieces)

    @property
    def plain(self) -> "Cell":
        """The same without bold names."""
        return Cell(tuple(replace(piece, bold=False) for piece in self.pieces))

    @property
    def length(self) -> int:
        """The characters that are read."""
        return sum(len(piece.text) for piece in self.pieces)

    @property
    def cut(self) -> Cut:
        """The sum of its cuts."""
        return sum((piece.cut for piece in self.pieces), WHOLE)

    def has(self, text: str) -> bool:
        """True if one of its pieces has the text in it."""
        return any(text in piece.text for piece in self.pieces)


EMPTY = Cell()


def say_name(name: str, *, bold: bool = False) -> Cell:
    """A name, cut where it is very long."""
    shown = visible(name[: LONGEST_NAME + 1])  # escapes only make it longer
    if len(shown) <= LONGEST_NAME:
        return Cell((Piece(name, Voice.NAME, bold),))
    kept = shown[: LONGEST_NAME - 1]
    return Cell((Piece(f"{kept}…", Voice.NAME, bold, Cut(characters=max(1, len(name) - len(kept)))),))


def say_text(text: str, cut: Cut = WHOLE) -> Cell:
    """A text of the plan's, or one that may hold some of it."""
    return Cell((Piece(text, Voice.TEXT, cut=cut),)) if text else EMPTY


def say(words: str, cut: Cut = WHOLE) -> Cell:
    """Words of ours."""
    return Cell((Piece(words, Voice.WORDS, cut=cut),)) if words else EMPTY


def count_more(number: int, before: str = "", after: str = "") -> Cell:
    """Words for names that are only counted: `2 more`; nothing for none."""
    return say(f"{before}{number:,} more{after}", Cut(names=number)) if number > 0 else EMPTY


def join(cells: Iterable[Cell], separator: str) -> Cell:
    """All of them, with the separator between them."""
    between = say(separator).pieces
    pieces: list[Piece] = []
    for cell in cells:
        pieces += (*between, *cell.pieces) if pieces else cell.pieces
    return Cell(tuple(pieces))


def share(cells: Sequence[Cell]) -> Cell:
    """The common beginning of all of them, up to the last whole name; the cell itself if they are the same.

    What becomes of the last name may differ in each: `because a changes` is `because of a` then.
    """
    if len(set(cells)) == 1:
        return cells[0]
    same = takewhile(lambda pieces: len(set(pieces)) == 1, zip(*(cell.pieces for cell in cells), strict=False))
    shared = [pieces[0] for pieces in same]
    while shared and shared[-1].voice is not Voice.NAME:
        shared.pop()
    if shared and shared[0].voice is Voice.WORDS and shared[0].text == BECAUSE:
        shared[0] = replace(shared[0], text=f"{BECAUSE}of ")
    return Cell(tuple(shared))


def wording(cell: Cell) -> tuple[str, ...]:
    """Its words of ours, without the names and texts among them."""
    return tuple(piece.text for piece in cell.pieces if piece.voice.is_ours)


def say_same(cells: Sequence[Cell]) -> Cell:
    """Cells of one wording as one, without the names and texts that are not the same in all."""
    if len(set(cells)) == 1:
        return cells[0]
    kept: list[Piece] = []
    for pieces in zip(*(cell.pieces for cell in cells), strict=False):
        if len(set(pieces)) > 1:
            continue
        piece = pieces[0]
        if kept and kept[-1].voice is piece.voice is Voice.WORDS:
            kept[-1] = replace(kept[-1], text=f"{kept[-1].text.rstrip()} {piece.text.lstrip()}")
        else:
            kept.append(piece)
    return Cell(tuple(kept))
