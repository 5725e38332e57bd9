"""The one place that has the token: authorization, retries, rate limit, and redirects to where it must not go.

Sources: HCP Terraform API docs, "API overview" (authentication, rate limiting) and "Plans" (temporary URLs).
"""

import math
import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from copy import copy
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urljoin, urlsplit

import msgspec
import requests

from tfc_plan_comment.errors import UnexpectedAnswer
from tfc_plan_comment.hcp_terraform import failures
from tfc_plan_comment.http.connection import (
    PASSING,
    TIMEOUTS,
    Connection,
    check_ca_bundle,
    is_loopback,
    is_metadata_address,
    may_pass,
)
from tfc_plan_comment.http.deadline import Deadline
from tfc_plan_comment.http.repeat import Growth, repeat

Document = TypeVar("Document")

# The docs say 307 for plan JSON and 302 for plan exports; other implementations of the API send others.
REDIRECTS = (301, 302, 303, 307, 308)
MAX_REDIRECTS = 5
# go-tfe asks again after it (hashicorp/go-tfe, v2/middleware).
TOO_EARLY = 425
# With the waits between them, a request is given up after about half a minute of failing.
TRIES = 6
BACKOFF = Growth(longest=15.0, jitter=(1.0, 1.2))
LIMITED = Growth(first=2.0, longest=32.0, jitter=(1.0, 1.1))
# Seconds; the limits of HCP Terraform are counted per second, and per minute for the lists of runs.
MAX_RATE_LIMIT_WAIT = 60.0
# A Content-Type is required even where there is no body: without it HCP Terraform answers POST and DELETE with 415.
API_HEADERS = {"Accept": "application/vnd.api+json", "Content-Type": "application/vnd.api+json"}


def origin_of(hostname: str) -> str:
    """The scheme and host of an HCP Terraform, as the input hostname names it: `https://app.terraform.io`."""
    return hostname if hostname.startswith("http://") else f"https://{hostname}"


class Session:
    """Asks one HCP Terraform host, with one token. Use it in a `with`, which closes its connections.

    `hostname` is what the input gives: `host` or `host:port`, or `http://` and a loopback address. `sleep` and `clock`
    count seconds. `mask` is told every secret, the token and each temporary URL, before anything is done with it.
    `timeouts` are the seconds to connect and between two pieces of an answer. After the `deadline`, if there is one,
    nothing is asked any more, nor waited for until it may be asked again.
    """

    def __init__(  # noqa: PLR0913 (what the world outside consists of)
        self,
        *,
        hostname: str,
        token: str,
        ca_bundle: Path | None,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        mask: Callable[[str], None],
        timeouts: tuple[float, float] = TIMEOUTS,
        deadline: Deadline | None = None,
    ) -> None:
        self.origin = origin_of(hostname)
        if self.origin.startswith("http://") and not is_loopback(self.origin):
            raise ValueError("the token must not travel unencrypted")
        self.sleep, self.clock, self._mask = sleep, clock, mask
        self.deadline = deadline or Deadline.after(math.inf, clock)
        mask(token)
        if ca_bundle is not None:
            check_ca_bundle(ca_bundle)
        self._ca_bundle, self._timeouts = ca_bundle, timeouts
        self._api = Connection(token=token, ca_bundle=ca_bundle, headers=API_HEADERS, timeouts=timeouts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._api.close()

    @property
    def host(self) -> str:
        """The host (and port) as messages name it."""
        return failures.host_of(self.origin)

    def until(self, deadline: Deadline) -> Self:
        """This session, with its connections, for what has to be done by then."""
        session = copy(self)
        session.deadline = deadline
        return session

    def read(self, path: str, document: type[Document], *, what: str) -> Document:
        """The answer to `GET /api/v2/PATH`, as a `document`; `what` follows "Cannot" in messages (`read run run-1`).

        Raises:
            HcpTerraformError: there is no such answer; which of its kinds says why.
        """
        with self.request("GET", path, what=what) as response:
            if response.status_code != 200:
                raise failures.refused(response, what=what)
            try:
                return msgspec.json.decode(response.content, type=document)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                raise failures.unreadable(response, what=what) from None

    @contextmanager
    def open(self, path: str, *, what: str) -> Iterator[requests.Response]:
        """The end of `GET /api/v2/PATH`, its body still to be read: a temporary URL's 200, or the API's own answer.

        The temporary URL gets no Authorization, no cookie and no netrc entry, on whatever origin it lies: on Terraform
        Enterprise it lies on the API's own. It lives for a minute, so follow at once and never keep it.

        Raises:
            HcpTerraformError: the API does not answer, keeps failing, or redirects to where we do not go.
            DownloadFailed: the temporary URL did not work; a fresh one may.
        """
        with self.request("GET", path, what=what, stream=True) as response:
            if response.status_code not in REDIRECTS:
                yield response
                return
            url = self._location(response, what=what)
        with self._follow(url, what=what) as response:
            yield response

    @contextmanager
    def open_signed(self, url: str, *, what: str) -> Iterator[requests.Response]:
        """The 200 of a temporary URL that a document of the API names, its body still to be read.

        It is masked first, and gets no more of us than one that the API redirects to. Raises as `open` does.
        """
        base = f"{self.origin}/api/v2/"
        address = self._address(url, base=base, from_what=f"{self.host} answered", what=what)
        with self._follow(address, what=what) as response:
            yield response

    @contextmanager
    def _follow(self, url: str, *, what: str) -> Iterator[requests.Response]:
        """The 200 at the end of a temporary URL, and of the redirects from it."""
        fresh = Connection(token=None, ca_bundle=self._ca_bundle, timeouts=self._timeouts)
        with closing(fresh) as connection:
            for _ in range(MAX_REDIRECTS):
                with self._get(connection, url, what=what) as response:
                    if response.status_code == 200:
                        yield response
                        return
                    if response.status_code not in REDIRECTS:
                        raise failures.download_failed(url, f"answered {response.status_code}", what=what)
                    url = self._location(response, what=what)
        raise UnexpectedAnswer(
            f"Cannot {what}",
            f"{self.host} redirects more than {MAX_REDIRECTS} times",
            "Check the input hostname, and that there is no login page or proxy in between",
        )

    def request(
        self, method: str, path: str, *, what: str, body: bytes | None = None, stream: bool = False
    ) -> requests.Response:
        """The answer to a request to `/api/v2/PATH`, whatever its status, unless asking again may help.

        After 429 (which says that nothing was done) every request is repeated; a GET also after 500, 502, 503, 504 and
        when the connection fails. Anything else could be done twice.

        Raises:
            Unreachable: no answer.
            UnexpectedAnswer: 429, or a server's error, to the last try.
            DeadlineExceeded: the clock says that there is no time for it, or not for asking again.
        """
        url = f"{self.origin}/api/v2/{path}"
        again = (*PASSING, TOO_EARLY) if method == "GET" else (429,)

        def send() -> requests.Response | requests.RequestException:
            self._check_time(0, what=what)
            try:
                return self._api.send(method, url, body=body, stream=stream, until=self.deadline)
            except requests.RequestException as error:
                return error

        def may_help(outcome: requests.Response | requests.RequestException) -> bool:
            if isinstance(outcome, requests.Response):
                return outcome.status_code in again
            return method == "GET" and may_pass(outcome)

        def sleep(seconds: float) -> None:
            self._check_time(seconds, what=what)
            self.sleep(seconds)

        outcome, tries = repeat(send, tries=TRIES, again=may_help, pause=_pause, sleep=sleep)
        if isinstance(outcome, requests.RequestException):
            raise failures.unreachable(outcome, url=url, what=what, tries=tries) from None
        if outcome.status_code in again:
            with outcome:
                raise failures.refused(outcome, what=what, tries=tries)
        return outcome

    def _check_time(self, seconds: float, *, what: str) -> None:
        """Raise DeadlineExceeded if there are not more than so many seconds left."""
        if self.deadline.left <= seconds:
            raise failures.out_of_time(self.host, what=what)

    def _get(self, connection: Connection, url: str, *, what: str) -> requests.Response:
        self._check_time(0, what=what)
        try:
            return connection.send("GET", url, stream=True, until=self.deadline)
        except (requests.exceptions.InvalidSchema, requests.exceptions.SSLError) as error:  # before it is sent
            raise failures.unreachable(error, url=url, what=what) from None
        except requests.RequestException as error:
            raise failures.download_failed(url, f"did not answer ({failures.reason(error)})", what=what) from None

    def _location(self, response: requests.Response, *, what: str) -> str:
        """The URL that a redirect leads to."""
        said = f"{failures.host_of(response.url)} answered {response.status_code}"
        return self._address(response.headers.get("Location", ""), base=response.url, from_what=said, what=what)

    def _address(self, location: str, *, base: str, from_what: str, what: str) -> str:
        """The temporary URL, masked: https, or http from one loopback address to another.

        A private address is as good as any: a Terraform Enterprise has its storage there. One of a cloud's metadata is
        not, for there a cloud tells its machines their credentials.
        """
        try:
            url = urljoin(base, location)
            parts = urlsplit(url)
            _ = parts.port  # which is read only here
        except ValueError:
            self._mask(location)
            url, parts = "", urlsplit("")
        secret = parts._replace(scheme="", netloc="").geturl()
        if len(secret) > len("/api/v2/"):  # "/" alone is no secret, and would mask half of the log
            self._mask(url)
            self._mask(secret)
        loopback = parts.scheme == "http" and is_loopback(url) and self.origin.startswith("http://")
        is_safe = loopback or (parts.scheme == "https" and not is_metadata_address(url))
        if not location or not is_safe or not parts.hostname:
            raise UnexpectedAnswer(
                f"Cannot {what}",
                f"{from_what} without an https address to go to",
                "Check the input hostname, and that there is no login page or proxy in between",
            )
        return url


def _pause(outcome: requests.Response | requests.RequestException, tries: int) -> float:
    """Seconds until the next try: as many as the rate limit says, otherwise 1, 2, 4, 8 and 15, more or less.

    A limit that says nothing, or that is reached again at once, may be that of a minute: then it is waited for so long.
    The answer is closed, which gives its connection back: nobody will read it.
    """
    if not isinstance(outcome, requests.Response):
        return BACKOFF.after(tries)
    outcome.close()
    if outcome.status_code != 429:
        return BACKOFF.after(tries)
    least = LIMITED.after(tries) if tries > 1 else 0.0
    said = _seconds(outcome, "X-RateLimit-Reset")
    said = _seconds(outcome, "Retry-After") if said is None else said
    if said is None:
        return max(BACKOFF.after(tries), least)
    # Not before the limit is reset, and not all jobs at the same moment (go-tfe waits so as well).
    return min(max(said, least, 0.1), MAX_RATE_LIMIT_WAIT) + random.uniform(0, 0.3)  # noqa: S311 (jitter is no secret)


def _seconds(answer: requests.Response, header: str) -> float | None:
    try:
        seconds = float(answer.headers.get(header, "nan"))
    except ValueError:  # such as a date, which Retry-After may be
        return None
    return seconds if math.isfinite(seconds) else None
