"""The faults that happen, and how often: a script that a test or the demo can read out loud."""

import re
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Request, Response


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The answer that a request gets instead of the true one. `cut` closes the connection without a word."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/vnd.api+json"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Requests whose path matches the regular expression `path` get `answer`: the next `times` of them, or all.

    The first `after` of them are spared.
    """

    path: str
    answer: Answer
    times: int | None = None
    after: int = 0


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
CUT = Answer(cut=True)


class Faults:
    """Counts the faults down. Several servers may share it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._left = [(fault, fault.times) for fault in faults]
        self._spared = [fault.after for fault in faults]
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Response | None:
        """The answer of the first fault that this request meets, or None if nothing goes wrong."""
        answer = self._take(request.path)
        if answer is None:
            return None
        if answer.cut:
            connection: socket.socket = request.environ["werkzeug.socket"]
            connection.shutdown(socket.SHUT_RDWR)
        response = Response(answer.body, status=answer.status, content_type=answer.content_type)
        response.automatically_set_content_length = "Content-Length" not in answer.headers
        response.headers.update(answer.headers)
        return response

    def _take(self, path: str) -> Answer | None:
        with self._lock:
            for index, (fault, left) in enumerate(self._left):
                if left == 0 or not re.search(fault.path, path):
                    continue
                if self._spared[index]:
                    self._spared[index] -= 1
                else:
                    self._left[index] = (fault, None if left is None else left - 1)
                    return fault.answer
        return None
