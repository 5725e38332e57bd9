"""The blob store that plan JSON and mocks are downloaded from: temporary URLs that need no token and want none."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from flask import Blueprint, Request, Response, request

from tfc_sandbox.faults import Faults

# HCP Terraform API docs, "Plans": the temporary URL of a plan's JSON lives for one minute.
LIFETIME = 60.0
# HCP Terraform API docs, "API overview": other temporary URLs live for 25 hours.
LIFETIME_OF_LOG = 25 * 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A request as it came in; `path` with its query, undecoded."""

    method: str
    path: str
    headers: dict[str, str]

    @classmethod
    def of(cls, request: Request) -> Self:
        """The request that Flask hands over."""
        return cls(method=request.method, path=request.environ["RAW_URI"], headers=dict(request.headers))


class Archivist:
    """Keeps blobs behind unguessable paths for a minute of `clock`, and every request for them in `requests`.

    A request that brings an Authorization or a Cookie is refused with 400 and kept in `leaks`: that a token must not
    come here is the point. What the real one answers to it, and after the minute, is not documented.
    A `lenient` one only keeps it. Every answer takes `latency` seconds.
    """

    def __init__(self, clock: Callable[[], float], *, lenient: bool = False, latency: float = 0) -> None:
        self.requests: list[Received] = []
        self.leaks: list[Received] = []
        self._clock, self._lenient, self._latency = clock, lenient, latency
        self._blobs: dict[str, tuple[float, bytes, str]] = {}
        self._lock = threading.Lock()

    def keep(self, content: bytes, content_type: str = "application/json", *, kind: str = "plan") -> str:
        """The path, `/v1/object/plan-...`, under which `content` can be read for the next minute."""
        return self._keep(f"{kind}-{secrets.token_urlsafe(60)}", content, content_type, LIFETIME)

    def keep_log(self, content: bytes) -> str:
        """The path, `/v1/object/log-...`, under which a log can be read for the next day."""
        return self._keep(f"log-{secrets.token_urlsafe(60)}", content, "text/plain", LIFETIME_OF_LOG)

    def _keep(self, key: str, content: bytes, content_type: str, lifetime: float) -> str:
        with self._lock:
            self._blobs[key] = (self._clock() + lifetime, content, content_type)
        return f"/v1/object/{key}"

    def blueprint(self, faults: Faults) -> Blueprint:
        """The route of the blobs, for the store's own application or for one that it shares with the API."""
        blueprint = Blueprint("archivist", __name__)

        @blueprint.before_request
        def receive() -> Response | None:
            received = Received.of(request)
            self.requests.append(received)
            time.sleep(self._latency)
            if "Authorization" in request.headers or "Cookie" in request.headers:
                self.leaks.append(received)
                if not self._lenient:
                    return Response("no credentials here", status=400)
            return faults.answer(request)

        @blueprint.get("/v1/object/<key>")
        def read(key: str) -> Response:
            expires, content, content_type = self._blobs.get(key, (0.0, b"", ""))
            if self._clock() >= expires:
                return Response("expired", status=403)
            return Response(content, content_type=content_type)

        return blueprint
