"""The body of an answer, which ends: whatever the server sends, after so many bytes, and when the time is up."""

from collections.abc import Iterator
from typing import Any

import requests
from urllib3.exceptions import ReadTimeoutError

from tfc_plan_comment.http.deadline import Deadline

MOST_BYTES = 64 * 1024**2
"""Bytes after decompression. A page of 100 comments, of 65,536 characters each, is the most that we ask for."""


class TooLong(requests.RequestException):
    """Raised when a body has more than MOST_BYTES."""


class Body:
    """Stands in the place of urllib3's response, for requests to read the body from.

    A timeout is one for each piece: without this, a server that sends a byte now and then is waited for without end.
    """

    def __init__(self, raw: Any, until: Deadline) -> None:
        """Read nothing yet."""
        self._raw, self._until = raw, until

    def stream(self, size: int, **decoding: bool) -> Iterator[bytes]:
        """The pieces of the body as they arrive. Raises TooLong, and requests.ReadTimeout."""
        read = 0
        try:
            while piece := self._raw.read1(size, **decoding):
                read += len(piece)
                if read > MOST_BYTES or self._until.is_over:
                    self._raw.close()  # for the rest of it nobody waits
                    raise TooLong if read > MOST_BYTES else requests.ReadTimeout
                yield piece
        except ReadTimeoutError:  # which requests takes for a connection that failed
            raise requests.ReadTimeout from None

    def __getattr__(self, name: str) -> Any:
        """All else is urllib3's."""
        return getattr(self._raw, name)
