"""Strings that are not for reading as they stand: a text in base64, a certificate, a key."""

import re
from base64 import b64decode
from binascii import Error

SHORTEST_BASE64 = 24
"""A shorter base64 string could be a word."""

_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_PEM = re.compile(r"\s*-----BEGIN ([A-Z0-9 ]{1,60})-----\s.*-----END \1-----\s*", re.DOTALL)


def decode_base64(text: str) -> str | None:
    """The text that a base64 string holds; None if it is no base64, or what it holds is no text."""
    if len(text) < SHORTEST_BASE64 or len(text) % 4 or not _BASE64.fullmatch(text):
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


PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?:(?!-----BEGIN).)*?-----END [A-Z0-9 ]{0,40}-----(?:\r?\n)?", re.DOTALL
)
"""A private key in PEM, wherever it stands: a secret, whether it is marked or not."""
