"""What is written to the disk: a file that is there whole or not at all, and a folder for as long as it is needed.

A signal may arrive at any moment, and ends what goes on as an exception does. So each name is chosen before there is
something of that name: whatever was made by then is found again, and removed. mkstemp and TemporaryDirectory make first
and tell the name afterwards.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tfc_plan_comment.errors import ActionError


@contextmanager
def whole_file(path: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A file to write, which is at `path` once the `with` is left: whole, or, if that fails, as it was before.

    Until then it is beside it, and only its owner can read it; then it has the `mode`. Raises OSError.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(temporary, "xb", opener=_private) as file:
            yield file
        temporary.chmod(mode)
        temporary.replace(path)
    finally:
        try:
            temporary.unlink(missing_ok=True)
        except BaseException:  # a signal, which has come in the middle of it
            temporary.unlink(missing_ok=True)
            raise


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that only its owner can enter, until the `with` is left. Raises ActionError if there is no room for it.

    It is never in the working directory, where Python makes one when it finds no other place: that is the user's
    checkout, and the next step might publish what is in it.
    """
    failed, what_to_do = "Cannot make a temporary folder", "Free space on the disk, or set the variable TMPDIR"
    try:
        parent = Path(tempfile.gettempdir()).resolve()
    except FileNotFoundError:
        parent = Path.cwd()
    if parent == Path.cwd():
        raise ActionError(failed, "no folder for temporary files can be written to", what_to_do)
    folder = parent / f"tfc-plan-comment-{secrets.token_hex(8)}"
    try:
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise ActionError(failed, f"{parent} cannot be written to ({error.strerror})", what_to_do) from None
        yield folder
    finally:
        try:
            shutil.rmtree(folder, ignore_errors=True)
        except BaseException:  # a signal, as above
            shutil.rmtree(folder, ignore_errors=True)
            raise


def append(path: Path, content: bytes) -> None:
    """Add the content to the file, whole or not at all. Raises OSError."""
    with path.open("ab", buffering=0) as file:
        before = path.stat().st_size if path.is_file() else None  # it may be a pipe, or /dev/stdout
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[file.write(rest) :]  # mostly all of it at once, which no signal takes apart
        except BaseException:
            if before is not None:
                file.truncate(before)
            raise


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
