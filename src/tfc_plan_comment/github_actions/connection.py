"""The connection that PyGithub is given: ours, which keeps the token at home, and neither waits nor reads for ever.

PyGithub's own follows some redirects, raises RuntimeError at others and takes the rest for answers, asks again without
end after a 202, and reads bodies of any length.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from github import Github
from github.Requester import Requester, RequestsResponse

from tfc_plan_comment.http.connection import LONGEST, Connection
from tfc_plan_comment.http.deadline import Deadline

REDIRECTS = (301, 302, 307, 308)
"""GitHub REST API docs, "Best practices": each of them is to be followed with the same request."""
MAX_REDIRECTS = 5

_MAKING = threading.Lock()
"""PyGithub keeps the classes of its connections in one place for all."""


class UnfitAnswer(requests.RequestException):
    """Raised for an answer that is none of GitHub's; its argument is why, a clause about the server."""

    def __init__(self, why: str) -> None:
        """Hold why."""
        super().__init__(why)
        self.why = why


class _Answer(RequestsResponse):
    """The answer as PyGithub wants it: read, and no redirect."""

    def __init__(self, answer: requests.Response, origin: str) -> None:
        if answer.status_code == 202 or 300 <= answer.status_code < 400:
            raise UnfitAnswer(f"it is a {answer.status_code}")
        if any(origin_of(link.get("url", "")) != origin for link in answer.links.values()):
            raise UnfitAnswer("it goes on at another address")
        if answer.status_code in (200, 201) and not answer.content:
            raise UnfitAnswer("it is empty")
        super().__init__(answer)


class _Connection:
    """What PyGithub takes for a connection to one host. PyGithub makes it, so what we give it stands in the class."""

    connection: Connection
    origin: str
    clock: Callable[[], float]

    def __init__(self, host: str, port: int | None = None, **_: Any) -> None:
        self.host, self.port = host, port  # PyGithub compares them

    def request(self, verb: str, url: str, body: str | None, headers: Mapping[str, str], *_: object) -> None:
        self._asked = (verb, url, body, headers)

    def getresponse(self) -> RequestsResponse:
        verb, path, text, headers = self._asked
        body = None if text is None else text.encode()
        url = f"{self.origin}{path}"
        for _ in range(1 + MAX_REDIRECTS):
            until = Deadline.after(LONGEST, self.clock)
            answer = self.connection.send(verb, url, body=body, headers=headers, until=until)
            if answer.status_code not in REDIRECTS:
                return _Answer(answer, self.origin)
            url = self._location(answer)
        raise UnfitAnswer(f"it redirects more than {MAX_REDIRECTS} times")

    def _location(self, answer: requests.Response) -> str:
        """Where a redirect leads: with the token, and so to nowhere but the same origin."""
        try:
            url = urljoin(answer.url, answer.headers.get("Location", ""))
            is_here = "Location" in answer.headers and origin_of(url) == self.origin
        except ValueError:
            is_here = False
        if not is_here:
            raise UnfitAnswer("it redirects to another address, where the token must not go")
        return url

    def close(self) -> None:
        """Nothing: the connection is closed by whoever has opened it."""


def origin_of(url: str) -> str:
    """The scheme, host and port of a URL. Raises ValueError for what is none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def github_over(connection: Connection, api_url: str, *, clock: Callable[[], float], **how: Any) -> Github:
    """A client of GitHub's API that asks over this connection; `how` is what PyGithub is told besides."""
    shared = {"connection": connection, "origin": origin_of(api_url), "clock": staticmethod(clock)}
    ours: Any = type("OurConnection", (_Connection,), shared)
    with _MAKING:
        Requester.injectConnectionClasses(ours, ours)
        try:
            return Github(base_url=api_url, **how)
        finally:
            Requester.resetConnectionClasses()
