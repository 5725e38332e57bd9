"""An answer's body, streamed to a file that is there as a whole or not at all."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import requests

from tfc_plan_comment.errors import ActionError, DeadlineExceeded, UnexpectedAnswer
from tfc_plan_comment.hcp_terraform import failures

CHUNK = 256 * 1024


def save(response: requests.Response, to: Path, *, max_bytes: int, out_of_time: Callable[[], bool], what: str) -> None:
    """Write the body to `to`, which only its owner may read; `what` follows "Cannot" in messages.

    The bytes that count for `max_bytes` are those after decompression, so that no small answer becomes a large file.

    Raises:
        DownloadFailed: the body is shorter than its Content-Length, or breaks off; a fresh URL may do better.
        UnexpectedAnswer: it is larger than `max_bytes`.
        DeadlineExceeded: `out_of_time()` between two pieces.
        ActionError: the file cannot be written.
    """
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            written = 0
            for chunk in response.iter_content(CHUNK):
                written += len(chunk)
                if written > max_bytes:
                    raise UnexpectedAnswer(f"Cannot {what}", f"it is larger than {max_bytes} bytes")
                if out_of_time():
                    raise DeadlineExceeded(
                        f"Cannot {what}", f"the time is up after {written} bytes", "Raise the input timeout"
                    )
                file.write(chunk)
        temporary.replace(to)
    except requests.RequestException as error:  # an OSError as well, so it comes first
        why = f"broke off ({failures.reason(error)})"
        raise failures.download_failed(response.url, why, what=what) from None
    except OSError as error:
        raise ActionError(
            f"Cannot {what}", f"{str(to)!r} cannot be written ({error.strerror})", "Check the disk and the directory"
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
