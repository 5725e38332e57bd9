"""An answer's body, streamed to a file that is there as a whole or not at all."""

from collections.abc import Callable
from pathlib import Path

import requests
from urllib3.exceptions import HTTPError

from tfc_plan_comment.disk import whole_file
from tfc_plan_comment.errors import ActionError, DeadlineExceeded, UnexpectedAnswer
from tfc_plan_comment.hcp_terraform import failures

CHUNK = 256 * 1024
# What a connection asks for and urllib3 unpacks piece by piece; x-gzip is gzip (RFC 9110, section 8.4.1.3).
COMPRESSIONS = frozenset({"gzip", "x-gzip", "deflate"})


def save(  # noqa: PLR0913 (what, where to, how much, how long, and what to say)
    response: requests.Response,
    to: Path,
    *,
    max_bytes: int,
    out_of_time: Callable[[], bool],
    what: str,
    if_too_large: str = "",
) -> None:
    """Write the body to `to`, which only its owner may read; `what` follows "Cannot" in messages.

    The bytes that count for `max_bytes` are those after decompression, so that no small answer becomes a large file;
    `if_too_large` is what to do about it. Whatever happens, there is the whole file or none.

    Raises:
        DownloadFailed: the body is shorter than its Content-Length, or breaks off; a fresh URL may do better.
        UnexpectedAnswer: it is larger than `max_bytes`, or compressed in a way that was not asked for.
        DeadlineExceeded: `out_of_time()` between two pieces.
        ActionError: the file cannot be written.
    """
    _check_headers(response, max_bytes=max_bytes, what=what, if_too_large=if_too_large)
    try:
        with whole_file(to) as file:
            written = 0
            # As it arrives, unlike iter_content: while a slow body fills a whole chunk, nobody looks at the clock.
            while piece := response.raw.read1(CHUNK, decode_content=True):
                written += len(piece)
                if written > max_bytes:
                    why = f"it has more than {max_bytes:,} bytes, which is the limit"
                    raise UnexpectedAnswer(f"Cannot {what}", why, if_too_large)
                if out_of_time():
                    raise DeadlineExceeded(
                        f"Cannot {what}", f"the time is up after {written} bytes", "Raise the input timeout"
                    )
                file.write(piece)
    except HTTPError as error:
        why = f"broke off ({failures.reason(error)})"
        raise failures.download_failed(response.url, why, what=what) from None
    except OSError as error:
        raise ActionError(
            f"Cannot {what}", f"{str(to)!r} cannot be written ({error.strerror})", "Check the disk and the directory"
        ) from None


def _check_headers(response: requests.Response, *, max_bytes: int, what: str, if_too_large: str) -> None:
    """Refuse what can be known to be too large, or not to be readable, before anything of it is read."""
    named = response.headers.get("Content-Encoding", "").lower().split(",")
    compressions = {each.strip() for each in named} - {"", "identity"}
    if unknown := sorted(compressions - COMPRESSIONS):
        why = f"{failures.host_of(response.url)} compressed it as {failures.one_line(unknown[0])}, unasked"
        raise UnexpectedAnswer(f"Cannot {what}", why, "Check that no proxy in between compresses what it lets through")
    length = response.headers.get("Content-Length", "")
    if not compressions and length.isdecimal() and int(length) > max_bytes:
        why = f"it has {int(length):,} bytes, and the limit is {max_bytes:,}"
        raise UnexpectedAnswer(f"Cannot {what}", why, if_too_large)
