"""Strings that are not for reading as they stand: a text in base64, perhaps compressed, a certificate, a key."""

import re
import zlib
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator

from tfc_plan_comment.expression import expression

SHORTEST_BASE64 = 24
"""A shorter base64 string could be a word."""

_BASE64 = expression(r"[A-Za-z0-9+/]+={0,2}")
_CONTROLS = expression(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_PEM = expression(r"\s*-----BEGIN ([A-Z0-9 ]{1,60})-----\s.*-----END \1-----\s*", re.DOTALL)


def decode_base64(text: str, shortest: int = SHORTEST_BASE64) -> str | None:
    """The text that a base64 string of so many letters holds; None if it is no base64, or what it holds is no text."""
    if len(text) < shortest or len(text) % 4 or not _BASE64.fullmatch(text):
        return None
    try:
        decoded = b64decode(text, validate=True).decode()
    except (Error, UnicodeDecodeError):
        return None
    return None if _CONTROLS.search(decoded) else decoded


def name_pem(text: str) -> str | None:
    """The kind of the PEM blocks that a text consists of, such as `certificate`; None of any other text."""
    match = _PEM.fullmatch(text)
    return match[1].lower() if match else None


def decode_gzip(text: str) -> str | None:
    """The text that a base64 string holds in gzip, as Terraform's `base64gzip` writes it; None of any other string."""
    if not text.startswith(_GZIP) or not _BASE64.fullmatch(text):
        return None
    decoded = _unpack(text)
    return None if not decoded or _CONTROLS.search(decoded[:_LOOKED_AT]) else decoded


def text_in_gzip(run: str) -> str:
    """The text that a run of base64 letters holds in gzip, wherever in it that begins; empty if there is none.

    Whoever looks into the text must unpack nothing in it again: each time it may become many times as long.
    """
    letters = run.replace("-", "+").replace("_", "/")
    start = letters.find(_GZIP)
    return _unpack(letters[start:]) if start >= 0 else ""


def texts_in_base64(run: str) -> Iterator[str]:
    """The texts that a run of base64 letters may hold, wherever in it they begin: there may be a `/` before them.

    Padding may be missing, and both alphabets are known. If what they hold is no text but has one in it, all of it is
    given, with U+FFFD for what is no text.
    """
    letters = run.rstrip("=").replace("-", "+").replace("_", "/")
    others = []
    for start in range(4):
        begun = b64decode(letters[start : start + 16])
        if len(begun) == _BEGINNING and not any(byte < 32 and byte not in _WHITE for byte in begun):
            decoded = _decode(letters[start:]).decode(errors="replace")
            if not _CONTROLS.search(decoded[:_LOOKED_AT]):
                yield decoded
                continue
        others.append(start)
    for start in others:
        if _READABLE.search(content := _decode(letters[start:])):
            yield content.decode(errors="replace")


def _decode(letters: str) -> bytes:
    """What letters without padding hold; one that is left over holds nothing."""
    return b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + "==")


def _unpack(letters: str) -> str:
    """The text in gzip, as far as it can be unpacked, and at most so many times as long as its letters."""
    packed, content = _decode(letters.rstrip("=")), b""
    # Without its head, which mostly has nothing optional, a wrong checksum behind it is no error.
    is_plain = packed[3:4] == b"\0"
    packed = packed[_HEAD:] if is_plain else packed
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS if is_plain else _ANY_GZIP)
    most = _MOST_UNPACKED * len(letters)
    try:
        for start in range(0, len(packed), _PIECE):
            content += unpacking.decompress(packed[start : start + _PIECE], most - len(content))
            if len(content) >= most:
                break
    except zlib.error:  # what came before it is there for everybody to read
        pass
    return content.decode(errors="replace")


_BEGINNING = 12
_LOOKED_AT = 60
_WHITE = b"\t\n\r"
_READABLE = expression(rb"[\t\n\r -~]{16}")
_GZIP = "H4sI"
"""The base64 of how gzip begins: its two signs, and the method, which is always the same (RFC 1952, 2.3.1)."""
_ANY_GZIP = 16 + zlib.MAX_WBITS
_HEAD = 10
_PIECE = 1_024
_MOST_UNPACKED = 20
"""A text becomes a tenth in gzip, hardly less; what becomes a thousandth is there to keep us busy."""
