"""A WSGI application on a free loopback port, served by a thread for as long as a `with` lasts."""

import ssl
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from tfc_sandbox.serving import Serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class _Quiet(WSGIRequestHandler):
    """Says nothing of the requests: whoever wants to know them records them."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 (werkzeug's own name)
        """Say nothing."""

    def connection_dropped(self, *_: object) -> None:
        """Wait for no further request."""
        self.close_connection = True


class LoopbackServer(Serving):
    """Serves one application. `url` is its origin, such as `http://127.0.0.1:40123`, known before it starts.

    With an `ssl_context` it is https, with that context's certificate. `answered` has when each request came, and when
    its answer was made, as `time.monotonic` counts.
    """

    def __init__(self, application: "WSGIApplication", *, ssl_context: ssl.SSLContext | None = None) -> None:
        self.answered: list[tuple[float, float]] = []
        self._application = application
        server = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet, ssl_context=ssl_context
        )
        super().__init__(server)
        self.url = f"{'https' if ssl_context else 'http'}://127.0.0.1:{server.server_port}"

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        came = time.monotonic()
        try:
            return self._application(environ, start_response)
        finally:
            self.answered.append((came, time.monotonic()))
