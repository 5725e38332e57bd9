"""Checks that a file is a bundle of Sentinel mocks: it is looked at, and never unpacked.

HCP Terraform's bundle is a `.tar.gz` of eight files without folders: `sentinel.hcl` and the mocks that it names
(HCP Terraform docs, "Generate mock Sentinel data"). How many there are, and of what size, is not promised.
"""

import gzip
import hashlib
import tarfile
import zlib
from pathlib import Path
from typing import IO, cast

import msgspec

from tfc_plan_comment.expression import expression

CHUNK = 256 * 1024
MOST_FILES = 64
LARGEST_FILE = 512 * 1024**2
LARGEST_TOTAL = 1024**3
"""Bytes after decompression; real bundles have some kilobytes for each resource."""
_NAME = expression(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


class NotABundle(Exception):
    """Raised when a file is no bundle; its text is why, a clause without its full stop."""


class Incomplete(NotABundle):
    """Raised when there is nothing, or not all of it: a fresh download may do better."""


class MockBundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle, from outside: its size in bytes, its SHA-256 in hexadecimal, the names of its files."""

    size: int
    sha256: str
    files: tuple[str, ...]


def inspect(path: Path) -> MockBundle:
    """The bundle in a file, checked.

    Raises:
        Incomplete: the file is empty, or was cut.
        NotABundle: it is something else, or holds what has no place in a bundle.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(2)
        size = file.seek(0, 2)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256")
    if not size:
        raise Incomplete("it is empty")
    if head != b"\x1f\x8b":
        raise NotABundle("it is not compressed with gzip")
    _check_gzip(path)
    try:
        files = _files(path)
    except tarfile.TarError:
        raise NotABundle("it does not contain a tar archive") from None
    if not files:
        raise NotABundle("it contains no file")
    return MockBundle(size=size, sha256=digest.hexdigest(), files=files)


def _check_gzip(path: Path) -> None:
    """Read to the end, where gzip keeps a checksum and the length; no more than a piece of it is ever in memory."""
    total = 0
    try:
        with gzip.open(path) as unzipped:
            while piece := unzipped.read(CHUNK):
                total += len(piece)
                if total > LARGEST_TOTAL:
                    raise NotABundle(f"it is larger than {LARGEST_TOTAL} bytes after unpacking")
    except EOFError:
        raise Incomplete("it is incomplete") from None
    except (gzip.BadGzipFile, zlib.error):
        raise Incomplete("it was damaged during the download") from None


def _files(path: Path) -> tuple[str, ...]:
    names: list[str] = []
    with gzip.open(path) as unzipped:
        headers = cast("IO[bytes]", _Headers(unzipped))  # it has all that tarfile asks for
        with tarfile.open(fileobj=headers, mode="r:") as archive:
            for member in archive:
                _check(member, names)
                names.append(member.name)
    return tuple(names)


def _check(member: tarfile.TarInfo, earlier: list[str]) -> None:
    """Raise NotABundle for anything but a further regular file without a folder, of sane size."""
    if member.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or member.issparse():
        raise NotABundle("it contains something other than regular files")
    if not _NAME.fullmatch(member.name):
        raise NotABundle("a file in it has a path, or a name that mocks do not have")
    if member.name in earlier:
        raise NotABundle("two files in it have the same name")
    if member.size > LARGEST_FILE:
        raise NotABundle(f"a file in it is larger than {LARGEST_FILE} bytes")
    if len(earlier) == MOST_FILES:
        raise NotABundle(f"there are more than {MOST_FILES} files in it")


class _Headers:
    """A decompressed file that gives little at a time, which is enough for headers.

    tarfile believes what a header says of the length of a long name, and reads that much into memory.
    """

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int) -> bytes:
        if size > CHUNK:
            raise NotABundle("the name of a file in it is too long")
        return self._file.read(size)
