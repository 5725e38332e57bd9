"""The faults that happen, and how often: a script that a test or the demo can read out loud."""

import contextlib
import os
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER for no time: closing sends an RST in the place of a FIN (socket(7))."""


class Delivery(Enum):
    """How much of an answer arrives, and what comes after that."""

    WHOLE = auto()
    CUT = auto()
    """Nothing, and the connection is closed."""
    CUT_IN_BODY = auto()
    """The first half of the body, and the connection is closed."""
    RESET = auto()
    """Nothing, and the connection is reset."""
    RESET_IN_BODY = auto()
    """The first half of the body, and the connection is reset."""
    SILENT = auto()
    """Nothing, on a connection that stays open."""
    ENDLESS_HEAD = auto()
    """The status and the beginning of a header, on a connection that stays open."""
    SILENT_IN_BODY = auto()
    """The first half of the body, on a connection that stays open."""
    ENDLESS = auto()
    """All of the body, which does not say how long it is, on a connection that stays open."""


def wait_for_hang_up(connection: socket.socket) -> None:
    """Say nothing until the client closes the connection."""
    with contextlib.suppress(OSError):
        while connection.recv(65_536):
            pass


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The answer that a request gets instead of the true one.

    `silence` is what the server does on a connection that stays open without a further word.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/vnd.api+json"
    headers: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery = Delivery.WHOLE
    silence: Callable[[socket.socket], None] = wait_for_hang_up


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Requests whose path matches the regular expression `path` get `answer`: the next `times` of them, or all.

    The first `after` of them are spared. What is given of `method` and `body` has to match, too: the latter is a
    regular expression that is found in the request's body.
    """

    path: str
    answer: Answer
    times: int | None = None
    after: int = 0
    method: str | None = None
    body: str = ""

    def meets(self, method: str, path: str, body: str) -> bool:
        """True of a request that it is for."""
        is_of_method = self.method in {None, method}
        return is_of_method and bool(re.search(self.path, path)) and bool(re.search(self.body, body))


# HCP Terraform API docs, "Rate limiting": the status is an integer here, and the header counts seconds as a float.
RATE_LIMITED = Answer(
    status=429,
    body=b'{"errors":[{"detail":"You have exceeded the API\'s rate limit.","status":429,"title":"Too many requests"}]}',
    headers={"X-RateLimit-Reset": "0.75"},
)
BAD_GATEWAY_PAGE = Answer(
    status=502, body=b"<html><body><h1>502 Bad Gateway</h1></body></html>", content_type="text/html"
)
PLAIN_TEXT_ERROR = Answer(status=400, body=b'{"errors":["the include parameter is wrong"]}')
TERRAFORM_TOO_OLD = Answer(status=422, body=b'{"errors":[{"status":"422","title":"unsupported terraform version"}]}')
TRUNCATED = Answer(body=b'{"format_version":', content_type="application/json", headers={"Content-Length": "1000"})
CUT = Answer(delivery=Delivery.CUT)


class Faults:
    """Counts the faults down. Several servers may share it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._lock = threading.Lock()
        self.begin(faults)

    def begin(self, faults: Sequence[Fault]) -> None:
        """From now on there are these, and no others."""
        with self._lock:
            self._left = [(fault, fault.times) for fault in faults]
            self._spared = [fault.after for fault in faults]

    def answer(self, request: Request) -> Response | None:
        """The answer of the first fault that this request meets, or None if nothing goes wrong."""
        answer = self._take(request)
        if answer is None:
            return None
        response = Response(answer.body, status=answer.status, content_type=answer.content_type)
        response.automatically_set_content_length = "Content-Length" not in answer.headers
        response.autocorrect_location_header = False
        response.headers.update(answer.headers)
        return response if answer.delivery is Delivery.WHOLE else _Broken.of(response, answer)

    def _take(self, request: Request) -> Answer | None:
        with self._lock:
            for index, (fault, left) in enumerate(self._left):
                if left == 0 or not fault.meets(request.method, request.path, _body(request) if fault.body else ""):
                    continue
                if self._spared[index]:
                    self._spared[index] -= 1
                else:
                    self._left[index] = (fault, None if left is None else left - 1)
                    return fault.answer
        return None


def _body(request: Request) -> str:
    return request.get_data(cache=True).decode(errors="replace")


class _Broken(Response):
    """An answer that does not arrive as a whole: it goes to the socket past werkzeug, which hears that it is gone."""

    delivery: Delivery
    silence: Callable[[socket.socket], None]

    @classmethod
    def of(cls, response: Response, answer: Answer) -> "_Broken":
        """The answer that breaks as it is told to."""
        broken = cls(response.get_data(), status=response.status, headers=response.headers)
        broken.delivery, broken.silence = answer.delivery, answer.silence
        return broken

    def __call__(self, environ: "WSGIEnvironment", _: "StartResponse") -> Iterable[bytes]:
        connection: socket.socket = environ["werkzeug.socket"]
        if self.delivery not in {Delivery.CUT, Delivery.RESET, Delivery.SILENT}:
            connection.sendall(self._begin())
        if self.delivery in {Delivery.SILENT, Delivery.ENDLESS_HEAD, Delivery.SILENT_IN_BODY, Delivery.ENDLESS}:
            self.silence(connection)
        if self.delivery in {Delivery.RESET, Delivery.RESET_IN_BODY}:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            os.close(connection.detach())  # what reads from it would keep it open
        else:
            with contextlib.suppress(OSError):  # the client may have hung up
                connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError

    def _begin(self) -> bytes:
        """The head, or its beginning, and as much of the body as comes."""
        status = f"HTTP/1.1 {self.status_code} {HTTPStatus(self.status_code).phrase}\r\n"
        if self.delivery is Delivery.ENDLESS_HEAD:
            return f"{status}X-Slow: ".encode()
        body = self.get_data()
        if self.delivery is not Delivery.ENDLESS:
            self.headers.setdefault("Content-Length", str(len(body)))
            body = body[: len(body) // 2]
        else:
            self.headers.pop("Content-Length", None)
        headers = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        return f"{status}{headers}\r\n".encode() + body
