"""The head of an answer, which ends: status and headers, also a proxy's, however slowly they come.

A timeout is one for each piece: without this, a server that sends a byte now and then is waited for without end.
"""

import http.client
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from tfc_plan_comment.http.deadline import Deadline

_UNTIL: ContextVar[Deadline] = ContextVar("until")


@contextmanager
def head_until(deadline: Deadline) -> Iterator[None]:
    """Of a request that is sent in this `with`, the head has to be there by then; else it raises a timeout."""
    token = _UNTIL.set(deadline)
    try:
        yield
    finally:
        _UNTIL.reset(token)


class InTime(HTTPAdapter):
    """Makes the connections of a session, whose answers know `head_until`."""

    def init_poolmanager(self, *args: Any, **how: Any) -> None:
        """Those without a proxy."""
        super().init_poolmanager(*args, **how)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **how: Any) -> Any:
        """Those through a proxy."""
        manager = super().proxy_manager_for(*args, **how)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _Pieces(io.RawIOBase):
    """What comes from the socket, piece by piece, and no more of the head when the time is up."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw, self.until = raw, _UNTIL.get(None)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self.until is not None and self.until.is_over:
            raise TimeoutError
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self._pieces = _Pieces(self.fp.detach())
        self.fp = io.BufferedReader(self._pieces)

    def begin(self) -> None:
        super().begin()
        self._pieces.until = None  # whoever reads the body has its own time for it


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}
