"""The hidden first line by which we know our comment again: one marker for each key, one key for each workspace."""

import hashlib
import re

_SAFE = re.compile(r"[A-Za-z0-9._/-]{1,100}")
_UNSAFE_CHARACTERS = re.compile(r"[^A-Za-z0-9._/-]+")


def marker(key: str) -> str:
    """`<!-- tfc-plan-comment:KEY -->`, to stand alone on the first line of the comment.

    It stands alone because Markdown after `-->` on the same line stays unrendered (CommonMark 0.31, HTML blocks).
    A key that is long or has other characters becomes a readable part, `~` and a hash:
    no key can end the HTML comment, and no two keys share a marker, because no plain key has a `~`.
    """
    if not _SAFE.fullmatch(key):
        digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:16]
        key = f"{_UNSAFE_CHARACTERS.sub('_', key)[:60]}~{digest}"
    return f"<!-- tfc-plan-comment:{key} -->"


def has_marker(body: str, key: str) -> bool:
    """Whether the first line of a comment is this key's marker, whole; GitHub may have turned its end into CR LF."""
    return body.partition("\n")[0].removesuffix("\r") == marker(key)
