"""The user's files: the plan JSON and the template are read here, and what is kept is written here, whole or not."""

import contextlib
import errno
import mmap
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tfc_plan_comment.disk import whole_file
from tfc_plan_comment.errors import ActionError, PlanDocumentError, SummaryUnreadable, TemplateError
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.plan_file import parse_plan

if TYPE_CHECKING:
    from tfc_plan_comment.report.write.template import Template


def read_plan(path: Path, *, name: str | None = None, max_bytes: int | None = None) -> Plan:
    """The plan in the file, which errors call `name` if the user does not know the file.

    Raises PlanDocumentError, before anything of the file is read if it has more than `max_bytes`.
    """
    name = name or str(path)
    try:
        with path.open("rb") as file:
            if not file.seekable():  # a pipe, such as `<(terraform show -json plan)`
                return parse_plan(file.read(), name=name)
            size = file.seek(0, os.SEEK_END)
            if max_bytes is not None and size > max_bytes:
                why = f"it has {size:,} bytes, and the limit is {max_bytes:,}"
                raise PlanDocumentError(f"Cannot read the plan {name}", why, "Raise the input max-plan-size")
            if not size:
                return parse_plan(b"", name=name)
            # Mapped: only the pages that are read cost memory, and raw values stay where they are.
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            plan = parse_plan(content, name=name)
            if hasattr(mmap, "MADV_DONTNEED"):  # on Linux
                content.madvise(mmap.MADV_DONTNEED)  # most of what was read once is not read again
            return plan
    except OSError as error:
        if error.errno == errno.ENOMEM:  # for the pages that it is mapped to
            raise MemoryError from None
        raise PlanDocumentError(f"Cannot read the plan {name}", str(error.strerror), "Check the path") from None


def read_template(path: Path) -> "Template":
    """The user's template, checked. Raises TemplateError."""
    # Imported here because Jinja takes a tenth of a second, and most plans are rendered without a user's template.
    from tfc_plan_comment.report.write.template import check_template  # noqa: PLC0415

    try:
        source = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise TemplateError(f"Cannot read the template {path}", "it is not UTF-8", "Save it as UTF-8") from None
    except OSError as error:
        raise TemplateError(f"Cannot read the template {path}", str(error.strerror), "Check the path") from None
    return check_template(source, f"the template {path}")


def read_summary(path: Path, *, max_bytes: int) -> bytes:
    """What a summary JSON holds. Raises SummaryUnreadable, before anything of it is read if it is larger than that."""
    try:
        size = path.stat().st_size
        if size <= max_bytes:
            return path.read_bytes()
        why, what_to_do = f"it has {size:,} bytes, and the limit is {max_bytes:,}", "Raise the input max-plan-size"
    except OSError as error:
        why, what_to_do = str(error.strerror), "Check the path"
    raise SummaryUnreadable(f"Cannot read the summary {path.name}", why, what_to_do)


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """Write the text, piece by piece, whole or not at all, and its folder with it. Raises ActionError."""
    with _whole(path) as file:
        for piece in pieces:
            file.write(piece.encode())


def copy_whole(source: Path, path: Path) -> None:
    """Copy the file, whole or not at all. Raises ActionError."""
    with _whole(path) as file, source.open("rb") as original:
        shutil.copyfileobj(original, file)


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    try:
        if path.exists() and not path.is_file():  # such as /dev/stdout, which must not be replaced by a file
            with path.open("wb") as device:
                yield device
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # In the container we are root; the next step, on the host, is not.
        with whole_file(path, mode=0o644) as file:
            yield file
    except OSError as error:
        raise ActionError(f"Cannot write {path}", str(error.strerror), "Check the path and the disk") from None
