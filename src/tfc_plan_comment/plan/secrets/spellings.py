"""The ways in which a text is written inside of another one: with escapes, and in base64.

Escapes are resolved, not guessed: a text is read as it stands, then with its escapes resolved, then with the escapes in
that, and each `Reading` knows what of it stands where in the text. So a secret is found however it is escaped, and
however often. The escapes of JSON, HCL, YAML, shells, Helm, XML and HTML, URLs and CSV are known.
"""

import re
from base64 import b64encode
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from urllib.parse import unquote

import msgspec

from tfc_plan_comment.expression import expression

MOST_READINGS = 32
"""Escapes inside of escapes are resolved so often: each time doubles the backslashes, so nobody writes half as many."""

Span = tuple[int, int]


class Reading(msgspec.Struct, frozen=True, dict=True):
    """A text as it can be read, and what it was before its `escapes` were resolved, None of the text itself."""

    text: str
    written: "Reading | None" = None
    escapes: re.Pattern[str] | None = None

    @property
    def is_joined(self) -> bool:
        """True if lines of it stand in one, as the lines of base64 belong together, and no others do."""
        return self.escapes is _WRAPPED

    def place(self, span: Span) -> Span:
        """The start and the end in the text itself of what stands here; an escape is taken whole."""
        if self.written is None:
            return span
        starts, origins = self._pieces
        first = bisect_right(starts, span[0], hi=len(starts) - 1) - 1
        last = bisect_right(starts, span[1] - 1, hi=len(starts) - 1) - 1
        start = origins[first] + (0 if first % 2 else span[0] - starts[first])
        end = origins[last + 1] if last % 2 else origins[last] + span[1] - starts[last]
        return self.written.place((start, end))

    @cached_property
    def _pieces(self) -> tuple[list[int], list[int]]:
        """The places where pieces start here, and where they start there, both with the end behind the last.

        Pieces are runs that stand there as they are and resolved escapes, by turns. Most readings hold no secret, and
        are never asked for a place.
        """
        starts, origins = [0], [0]
        written = self.written.text if self.written else self.text
        length = shown = 0
        for match in self.escapes.finditer(written) if self.escapes else ():
            length += match.start() - shown
            starts.append(length)
            length, shown = length + len(_meaning(match, self.escapes)), match.end()
            starts.append(length)
            origins += match.span()
        return [*starts, len(self.text)], [*origins, len(written)]


def has_one_reading(text: str) -> bool:
    """True if there is no other way to read the text than as it stands, as it is with most."""
    return _WRAPPED.search(text) is None and not _has_escapes(text)


def _has_escapes(text: str) -> bool:
    """True if something in it can be read otherwise. That most texts have no beginning is told far faster."""
    # One by one, for most texts are short.
    may_have = "\\" in text or "%" in text or "&" in text or "$" in text or "'" in text or '""' in text
    return may_have and _ANY.search(text) is not None


def readings(text: str) -> Iterator[Reading]:
    """All the ways to read a text, the first of them as it stands."""
    reading = Reading(text)
    yield reading
    yield from _unwrapped(reading)
    if not _has_escapes(text):
        return
    kinds = [escape for escape in _KINDS if escape.search(text)]
    for escape in kinds if len(kinds) > 1 else ():  # one of them may be the text's own: a password may have `%41` in it
        if alone := _resolved(reading, escape):
            yield alone
            yield from _unwrapped(alone)
    for _ in range(MOST_READINGS):
        resolved = _resolved(reading, _ANY)
        if resolved is None:
            return
        reading = resolved
        yield reading
        yield from _unwrapped(reading)


def _unwrapped(reading: Reading) -> Iterator[Reading]:
    """The text without what stands between lines of base64, if it has any."""
    if joined := _resolved(reading, _WRAPPED):
        yield joined


_BACKSLASH = (
    r"u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}"
    r"|[bfnrt]|[^A-Za-z0-9]"
)
_PERCENT = r"[89a-fA-F][0-9a-fA-F](?:%[89a-fA-F][0-9a-fA-F])*|[2-7][0-9a-fA-F]|0[9aAdD]"
_ENTITY = r"(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});"
_DOUBLED = r"""(?<=')(?:\\''|"'"'|')|(?<=")"|(?<=\$)\$|(?<=%)%"""
_KINDS = (
    expression(rf"[\"'$%](?:{_DOUBLED})"),
    expression(rf"\\(?:{_BACKSLASH})"),
    expression(rf"%(?:{_PERCENT})"),
    expression(rf"&{_ENTITY}"),
)
_ANY = expression(rf"""["'$%\\&](?:{_DOUBLED}|(?<=\\)(?:{_BACKSLASH})|(?<=%)(?:{_PERCENT})|(?<=&){_ENTITY})""")
"""All begin with one of a few characters: so that is what the search looks for, at the speed of a plain search."""
_LETTER, _BREAK = r"[A-Za-z0-9+/_-]", r"[ \t\r\n\"',\\|>#]"
_WRAPPED = expression(
    rf"{_BREAK}(?:(?<={_LETTER}{{16}}{_BREAK})|(?<={_LETTER}{{8}}[\r\n])){_BREAK}{{,80}}(?={_LETTER}{{2}})"
)
"""What stands between two lines of base64: a line break, a space where YAML folds it, or quotes and a comma."""
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def _resolved(reading: Reading, escapes: re.Pattern[str]) -> Reading | None:
    """The text with these escapes resolved once; None if it has none of them."""
    text, count = escapes.subn(lambda match: _meaning(match, escapes), reading.text)
    return Reading(text, reading, escapes) if count else None


def _meaning(match: re.Match[str], escapes: re.Pattern[str] | None) -> str:
    return "" if escapes is _WRAPPED else _resolve(match[0])


@lru_cache(maxsize=4096)
def _resolve(written: str) -> str:
    match written[0], written[1:2]:
        case "\\", "u" | "U":
            return _character(written)
        case "\\", "x":
            return chr(int(f"0{written[1:]}", 0))
        case "\\", letter:
            return _SIMPLE.get(letter, letter)
        case "%", "%":
            return "%"
        case "%", _:
            return unquote(written, errors="replace")
        case "&", _:
            from html import unescape  # noqa: PLC0415 - knows two thousand names, and few texts have any of them

            return unescape(written)
        case _:  # a quote or a dollar sign, doubled
            return written[0]


def _character(written: str) -> str:
    if written[1] == "U":
        number = int(f"0x{written[2:]}", 0)
        return chr(number) if number < 0x110000 else written
    return bytes.fromhex(written.replace("\\u", "")).decode("utf-16-be", "surrogatepass")


def base64_forms(text: str) -> Iterator[str]:
    """The texts of which one stands in base64 of anything that holds this text, whatever is before and behind it.

    Base64 writes three bytes in four letters, so there are three ways, and two alphabets; the letters at the ends
    depend on the neighbours, and are left out.
    """
    content = text.encode(errors="surrogatepass")
    for before, first in enumerate((0, 2, 3)):
        last = (before + len(content)) * 8 // 6
        form = b64encode(b"\0" * before + content).decode()[first:last]
        yield form
        yield form.replace("+", "-").replace("/", "_")
