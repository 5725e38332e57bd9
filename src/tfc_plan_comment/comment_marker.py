"""The hidden first lines of our comment: the marker by which we know it again, and what it remembers.

There is one marker for each key, and one key for each workspace.
"""

import binascii
import hashlib
import re
import zlib
from collections.abc import Mapping

import msgspec

_SAFE = re.compile(r"[A-Za-z0-9._/-]{1,100}")
_UNSAFE_CHARACTERS = re.compile(r"[^A-Za-z0-9._/-]+")
_END_OF_MARKER = re.compile(r"( v[1-9][0-9]{0,3})? -->")

OWN_HOST = "app.terraform.io"

MEMORY_VERSION = 1
"""Of what is remembered, and of the fingerprints in it. A comment of another version remembers nothing."""

LONGEST_MEMORY = 4_096
"""Characters, out of the 65,536 that a comment may have."""
MOST_REMEMBERED = 400
"""More fingerprints have no room, however well the rest can be compressed."""
LONGEST_COMMIT = 64
"""A SHA-256 in hexadecimal. It always has room."""

_MEMORY = re.compile(rf"<!-- tfc-plan-comment-memory:{MEMORY_VERSION} ([A-Za-z0-9+/]+={{0,2}}) -->")


def key_of_workspace(hostname: str, organization: str, workspace: str) -> str:
    """The key of a workspace: `acme/prod`, and on another host than HCP Terraform's own `tfe.example.com/acme/prod`.

    Two hosts may have the same names, as where one moves from one to the other. A loopback server, which is given as
    `http://127.0.0.1:PORT`, is whatever it stands in for: its port says nothing.
    """
    host = hostname.lower().removesuffix(":443")
    of_host = "" if host == OWN_HOST or host.startswith("http://") else f"{host}/"
    return f"{of_host}{organization}/{workspace}"


def marker(key: str) -> str:
    """`<!-- tfc-plan-comment:KEY -->`, to stand alone on the first line of the comment.

    It stands alone because Markdown after `-->` on the same line stays unrendered (CommonMark 0.31, HTML blocks).
    A key that is long or has other characters becomes a readable part, `~` and a hash:
    no key can end the HTML comment, and no two keys share a marker, because no plain key has a `~`.
    This is version 1. A later version stands behind the key, as ` v2`, where no key can bring one: none has a blank.
    """
    if not _SAFE.fullmatch(key):
        digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:16]
        key = f"{_UNSAFE_CHARACTERS.sub('_', key)[:60]}~{digest}"
    return f"<!-- tfc-plan-comment:{key} -->"


def has_marker(body: str, key: str) -> bool:
    """True if the first line of a comment is this key's marker, whole; GitHub may have turned its end into CR LF.

    A marker of a later version is ours as well: two branches may use two versions of the action.
    """
    line, start = _line(body, 0), marker(key).removesuffix(" -->")
    return line.startswith(start) and _END_OF_MARKER.fullmatch(line, len(start)) is not None


class Remembered(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One change as the comment showed it: its action, and the fingerprint of all of it (`plan.fingerprint`)."""

    action: str
    fingerprint: str


class Memory(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The full SHA of a commit, and the changes that its comment showed, by masked address, what can hurt first.

    `rest` is a digest of the changes that had no room, else empty. Where there is one, nobody knows whether a change
    that is not remembered is new; but two memories with equal `changes` and `rest` are of the same plan.
    """

    commit: str
    changes: Mapping[str, Remembered]
    rest: str = ""


_decoder = msgspec.json.Decoder(Memory)


def remember(commit: str, changes: Mapping[str, Remembered]) -> Memory:
    """A memory that has room in a comment: of the first changes, as many as can be."""
    count = min(len(changes), MOST_REMEMBERED)
    memory = _of_first(count, commit, changes)
    while (length := len(memory_line(memory))) > LONGEST_MEMORY:
        count = count * LONGEST_MEMORY // length
        memory = _of_first(count, commit, changes)
    return memory


def _of_first(count: int, commit: str, changes: Mapping[str, Remembered]) -> Memory:
    entries = list(changes.items())
    left_out = msgspec.json.encode(entries[count:])
    rest = hashlib.sha256(left_out).hexdigest()[:16] if entries[count:] else ""
    return Memory(commit[:LONGEST_COMMIT], dict(entries[:count]), rest)


def memory_line(memory: Memory) -> str:
    """The memory as one HTML comment, which nothing in it can end, to stand alone on the line below the marker."""
    packed = binascii.b2a_base64(zlib.compress(msgspec.json.encode(memory), level=9), newline=False).decode()
    return f"<!-- tfc-plan-comment-memory:{MEMORY_VERSION} {packed} -->"


def read_memory(body: str) -> Memory | None:
    """The memory on the second line of a comment; None where there is none that we can read, whatever stands there."""
    line = _line(body, 1)
    match = _MEMORY.fullmatch(line) if len(line) <= LONGEST_MEMORY else None
    if match is None:
        return None
    try:  # what is so short cannot become more than 4 MB
        return _decoder.decode(zlib.decompress(binascii.a2b_base64(match[1])))
    except (ValueError, zlib.error, msgspec.DecodeError):
        return None


def _line(body: str, number: int) -> str:
    return next(iter(body.split("\n", number + 1)[number : number + 1]), "").removesuffix("\r")
