"""Strings that are not for reading as they stand: a text in base64, a certificate, a key."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator

SHORTEST_BASE64 = 24
"""A shorter base64 string could be a word."""

_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_PEM = re.compile(r"\s*-----BEGIN ([A-Z0-9 ]{1,60})-----\s.*-----END \1-----\s*", re.DOTALL)


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


def texts_in_base64(run: str) -> Iterator[str]:
    """The texts that a run of base64 letters may hold, wherever in it they begin: there may be a `/` before them.

    Padding may be missing, and both alphabets are known.
    """
    letters = run.rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(4):
        begun = b64decode(letters[start : start + 16])
        if len(begun) == _BEGINNING and not any(byte < 32 and byte not in _WHITE for byte in begun):
            rest = letters[start:]
            decoded = b64decode(rest[: len(rest) - (len(rest) % 4 == 1)] + "==").decode(errors="replace")
            if not _CONTROLS.search(decoded[:_LOOKED_AT]):
                yield decoded


_BEGINNING = 12
_LOOKED_AT = 60
_WHITE = b"\t\n\r"
