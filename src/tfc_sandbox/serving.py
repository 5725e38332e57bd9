"""A server of Python's own kind, served by a thread for as long as a `with` lasts."""

import socketserver
import threading
from types import TracebackType
from typing import Self


class Serving:
    """Serves from the beginning of the `with` to its end, and then nobody listens on the port any more."""

    def __init__(self, server: socketserver.BaseServer) -> None:
        """Serve nothing yet: requests wait."""
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
