"""The lines of a diff as values: marker, place, path and text, and what had to be cut. Nothing in them is Markdown.

GitHub colours a line of a `diff` block by its first character only: the marker stands there, and whatever a value
holds stands further right. `!` marks what changes on one line, `-` and `+` what goes and comes.
"""

from collections.abc import Iterable, Iterator, Sequence
from sys import maxsize
from typing import NamedTuple

import msgspec

WIDTH = 100
"""A value whose line is longer than this is written on several lines."""


NARROW = 44
"""Characters of a line of code that a phone shows."""


NARROW_VALUE = NARROW - len("! ")
"""A line that is not longer than this, without its marker, does not become longer for the sake of the others."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The most that is shown: characters of a one-line string, lines of a text, the width of a line that only names.

    Such a line names attributes that are counted, or hints at a value that goes while nobody knows yet what comes.
    `remark` is characters of the names in a remark below a diff, and `gone` the lines of an object that goes. `address`
    and `action` are characters of an address and of an action that we have never heard of.
    """

    characters: int = 240
    remark: int = 2_000
    gone: int = 5
    lines: int = 40
    names: int = WIDTH
    address: int = 300
    action: int = 60


UNCUT = Limits(
    characters=maxsize, lines=maxsize, names=maxsize, remark=maxsize, gone=maxsize, address=maxsize, action=maxsize
)


class Cut(msgspec.Struct, frozen=True):
    """The part that nobody sees: characters, lines, names and moves that are counted, and values of what is named."""

    characters: int = 0
    lines: int = 0
    names: int = 0
    moves: int = 0
    values: int = 0

    def __add__(self, other: "Cut") -> "Cut":
        """Both together."""
        return Cut(
            self.characters + other.characters,
            self.lines + other.lines,
            self.names + other.names,
            self.moves + other.moves,
            self.values + other.values,
        )


WHOLE = Cut()
"""Nothing is cut."""


class Shown(NamedTuple):
    """A text for the reader, and how many characters of the whole are not in it."""

    text: str
    missing: int = 0

    @property
    def cut(self) -> Cut:
        """The same as what is cut in a line."""
        return Cut(characters=self.missing) if self.missing else WHOLE


class Line(msgspec.Struct, frozen=True, eq=False):
    """One line. With a `path` it gives that path its value, and `text` is the value; without one it is any words.

    Lines that say the same are equal, whatever is cut in them and however far their equals signs stand to the right.
    """

    text: str
    marker: str = " "
    indent: int = 0
    """Blanks."""
    path: str = ""
    width: int = 0
    """The path is padded with blanks up to this."""
    cut: Cut = WHOLE
    unchanged: int = 0
    """So many attributes of the object stay as they are, as is said behind the text, or alone without one."""
    addresses: int = 0
    """The number of changes, of several in one row, whose address it is the first to say."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Line) and self._compared == other._compared

    def __hash__(self) -> int:
        return hash(self._compared)

    @property
    def _compared(self) -> tuple[object, ...]:
        return self.text, self.marker, self.indent, self.path, self.unchanged

    def __str__(self) -> str:
        """The line as it is read."""
        assigned = f"{self.path:<{self.width}} = " if self.path else ""
        counted = f"{'; ' if self.text else '# '}{self.unchanged} unchanged" if self.unchanged else ""
        said = f"{assigned}{self.text}{counted}"
        return f"{self.marker} {' ' * self.indent}{said}" if self.marker else said

    @property
    def is_remark(self) -> bool:
        """True if it says something of the object as a whole."""
        return not (self.indent or self.path) and self.marker == " " and self.text.startswith("# ")

    @property
    def length(self) -> int:
        """Characters, without marker and indentation."""
        return max(self.width, len(self.path)) + len(" = ") + len(self.text) if self.path else len(self.text)


class Pen(msgspec.Struct, frozen=True):
    """Writes lines: with which marker, how far to the right, and how much of what is long."""

    limits: Limits
    marker: str = " "
    indent: int = 0
    in_json: bool = False
    """Inside of a JSON document, where what is empty says something as well."""
    names_cause: bool = True
    """A heading says of what forces a replacement that it does."""

    def line(self, text: str, *, path: str = "", cut: Cut = WHOLE) -> Line:
        """A line at this place."""
        return Line(text, self.marker, self.indent, path, cut=cut)

    def marking(self, marker: str) -> "Pen":
        """The same with another marker."""
        return Pen(self.limits, marker, self.indent, self.in_json, self.names_cause)

    def reading_json(self) -> "Pen":
        """The same inside of a JSON document."""
        return Pen(self.limits, self.marker, self.indent, in_json=True, names_cause=self.names_cause)

    def below(self) -> "Pen":
        """The same one step to the right."""
        return Pen(self.limits, self.marker, self.indent + 2, self.in_json, self.names_cause)


def more_lines(count: int, pen: Pen) -> Line:
    """The line that counts those which are not shown."""
    return pen.line(f"… {count:,} more lines", cut=Cut(lines=count))


def cut_of(lines: Iterable[Line]) -> Cut:
    """The sum of the cuts in all of them."""
    return sum((line.cut for line in lines if line.cut is not WHOLE), WHOLE)


def aligned(
    parts: Sequence[Sequence[Line]], names: Iterable[str], *, longest: int = maxsize, room: int = WIDTH
) -> Iterator[Line]:
    """The lines of all parts, with the equals signs of those that are one line one below the other, as in HCL.

    A name that is longer than `longest` does not push the others to the right; nor does a line become longer for it
    than `room`, or than a phone shows: then none is moved.
    """
    plain = [
        lines[0] if len(lines) == 1 and lines[0].path == name else None
        for lines, name in zip(parts, names, strict=True)
    ]
    width = _widest([line for line in plain if line and len(line.path) <= longest])
    for lines, line in zip(parts, plain, strict=True):
        padded = Line(line.text, line.marker, line.indent, line.path, width, line.cut) if line else None
        yield from [padded] if padded and padded.length <= room else lines


def _widest(lines: Sequence[Line]) -> int:
    """The width of the longest name; none if a line that a phone shows whole would become longer than that for it."""
    width = max((len(line.path) for line in lines), default=0)
    short = (line for line in lines if line.length <= NARROW_VALUE)
    return width if all(width + len(" = ") + len(line.text) <= NARROW_VALUE for line in short) else 0


def first_lines(lines: Sequence[Line], room: int) -> tuple[Line, ...]:
    """As many of the lines as fit in so many characters; the rest is counted."""
    used = 0
    for count, line in enumerate(lines):
        used += len(str(line)) + 1
        if used > room + 1:
            return (*lines[:count], more_lines(len(lines) - count, Pen(UNCUT)))
    return tuple(lines)
