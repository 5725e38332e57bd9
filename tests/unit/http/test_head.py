"""The head of an answer has to be there in time, whoever lets it drip; the body has a time of its own."""

import itertools
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests

from tfc_plan_comment.http.connection import Connection
from tfc_plan_comment.http.deadline import Deadline
from tfc_sandbox.clock import Clock

BETWEEN = 0.01
"""Seconds between two bytes that drip."""


@contextmanager
def server(answer: Callable[[socketserver.StreamRequestHandler], None]) -> Iterator[int]:
    """The port of a server that answers each request so, once its head is there."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            answer(self)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": BETWEEN}, daemon=True)
        thread.start()
        try:
            yield listening.server_address[1]
        finally:
            listening.shutdown()


def dripping(begin: bytes) -> Callable[[socketserver.StreamRequestHandler], None]:
    """An answer that begins so, and goes on byte by byte until nobody listens."""

    def drip(client: socketserver.StreamRequestHandler) -> None:
        client.wfile.write(begin)
        while not threading.Event().wait(BETWEEN):
            try:
                client.wfile.write(b"x")
            except OSError:
                return

    return drip


def seconds_that_pass() -> Callable[[], float]:
    """A clock on which a second passes whenever somebody looks."""
    return itertools.count(1000.0).__next__


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """A connection that no variable of this machine leads elsewhere."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    connection = Connection(token=None, ca_bundle=None)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"HTTP/1.1 200 O",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nX-Slow: 1\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-Slow: ",
    ],
)
def test_a_head_that_drips(connection: Connection, begin: bytes) -> None:
    """Each byte comes soon, and all of it never: nobody waits for it longer than there is time."""
    clock = seconds_that_pass()
    with server(dripping(begin)) as port, pytest.raises(requests.ReadTimeout):
        connection.send("GET", f"http://127.0.0.1:{port}/", until=Deadline.after(20, clock))

    assert clock() < 1000 + 30


def test_an_answer_that_comes_at_once(connection: Connection) -> None:
    """It is in time, even where none is left: it may be what was waited for."""

    def answer(client: socketserver.StreamRequestHandler) -> None:
        client.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nplan")

    with server(answer) as port:
        answered = connection.send("GET", f"http://127.0.0.1:{port}/", until=Deadline.after(0, Clock()))

    assert answered.content == b"plan"


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 O", b"HTTP/1.1 200 OK\r\nX-Slow: "])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_drips(connection: Connection, monkeypatch: pytest.MonkeyPatch, begin: bytes, scheme: str) -> None:
    """It answers for itself where it is to open a tunnel, and for the server where it is not."""
    with server(dripping(begin)) as port:
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(requests.RequestException) as caught:
            connection.send("GET", f"{scheme}://acme.example/", until=Deadline.after(20, seconds_that_pass()))

    assert isinstance(caught.value, requests.Timeout)


def test_a_body_has_its_own_time(connection: Connection) -> None:
    """What is written to a file may take longer than all that is not."""
    clock, may_go_on = Clock(), threading.Event()

    def answer(client: socketserver.StreamRequestHandler) -> None:
        client.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
        may_go_on.wait()
        client.wfile.write(b"plan")

    with server(answer) as port:
        answered = connection.send("GET", f"http://127.0.0.1:{port}/", stream=True, until=Deadline.after(20, clock))
        clock.pass_by(1000)
        may_go_on.set()

        assert answered.raw.read(4) == b"plan"
