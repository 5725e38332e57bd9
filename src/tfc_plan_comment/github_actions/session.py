"""PyGithub as we use it: nothing fetched that nobody asked for, and one policy for what is asked again.

PyGithub's own policy repeats a POST that was carried out but answered 502, and so posts a comment several times.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import requests
from github import Auth, BadAttributeException, GithubException

from tfc_plan_comment import __version__
from tfc_plan_comment.errors import SettingsError
from tfc_plan_comment.github_actions.connection import UnfitAnswer, github_over
from tfc_plan_comment.github_actions.refusals import Failure
from tfc_plan_comment.http.body import TooLong
from tfc_plan_comment.http.connection import Connection
from tfc_plan_comment.http.proxies import name_socks_proxy
from tfc_plan_comment.http.repeat import Growth, repeat

ATTEMPTS = 4
TIMEOUTS = (10.0, 15.0)
"""Seconds to connect, and between two pieces of an answer: GitHub gives up after 10 itself (REST API docs, "Best
practices")."""
BACKOFF = Growth()
LONGEST_WAIT = 60.0
"""Seconds; a rate limit that lasts longer is reported instead."""

SHAPELESS = (
    BadAttributeException,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Raised by PyGithub, which believes in the shape of GitHub's answers, where one has another; one may be no JSON."""
UNFIT = (UnfitAnswer, TooLong, requests.exceptions.ContentDecodingError)
"""Raised by the connection for what came and cannot be used."""

_T = TypeVar("_T")
# The errors of a GraphQL answer, which is mostly a 200, as the statuses that the REST API gives for the same. The rate
# limit has changed its name (yanyongyu/githubkit#271).
_GRAPHQL_STATUSES = {
    "NOT_FOUND": 404,
    "FORBIDDEN": 403,
    "INSUFFICIENT_SCOPES": 403,
    "RATE_LIMIT": 429,
    "RATE_LIMITED": 429,
}


class RequestFailed(Exception):
    """Raised when a request failed for good, or too often."""

    def __init__(self, failure: Failure) -> None:
        """Hold what is known of it."""
        super().__init__(failure)
        self.failure = failure


class Session:
    """GitHub's API as one token sees it."""

    def __init__(
        self,
        api_url: str,
        token: str,
        *,
        sleep: Callable[[float], None],
        now: Callable[[], float],
        clock: Callable[[], float],
    ) -> None:
        """Open no connection yet. `sleep` takes seconds, `clock` counts them, `now` gives those since 1970."""
        self._api_url = api_url
        self._sleep = sleep
        self._now = now
        self._connection = Connection(token=None, ca_bundle=None, timeouts=TIMEOUTS)  # PyGithub adds the token
        self.github = github_over(
            self._connection,
            api_url,
            clock=clock,
            auth=Auth.Token(token),
            user_agent=f"tfc-plan-comment/{__version__}",
            lazy=True,
            per_page=100,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )

    def close(self) -> None:
        """Close the connection."""
        self.github.close()
        self._connection.close()

    def ask(self, request: Callable[[], _T]) -> _T:
        """Make a request that may be made twice: on a rate limit, a server's error or a lost answer, ask again."""
        return self._attempt(request, repeatable=True)

    def ask_once(self, request: Callable[[], _T]) -> _T:
        """Make a request that must not be carried out twice: ask again only if a rate limit turned it away."""
        return self._attempt(request, repeatable=False)

    def graphql(self, query: str, variables: Mapping[str, object]) -> object:
        """The `data` of a GraphQL answer. For queries, and for mutations that may be made twice."""

        def asked() -> object:
            _, answer = self.github.requester.graphql_query(query, dict(variables))
            return answer.get("data")

        return self._attempt(asked, repeatable=True, is_graphql=True)

    def send(self, method: str, url: str, document: object = None) -> object:
        """The JSON that GitHub answers, for `ask`, where PyGithub would not look at it."""
        _, answer = self.github.requester.requestJsonAndCheck(method, url, input=document)
        return answer

    def _attempt(self, request: Callable[[], _T], *, repeatable: bool, is_graphql: bool = False) -> _T:
        def once() -> _T | Failure:
            try:
                return request()
            except (GithubException, requests.RequestException, SettingsError) as error:
                return self._failure(error, is_graphql=is_graphql)
            except SHAPELESS as error:
                return Failure(status=None, message=_why_unfit(error), is_unfit=True)

        def may_help(outcome: _T | Failure) -> bool:
            if not isinstance(outcome, Failure):
                return False
            if outcome.rate_limited_for is not None:
                return outcome.rate_limited_for <= LONGEST_WAIT
            return outcome.maybe_done and repeatable

        outcome, _ = repeat(once, tries=ATTEMPTS, again=may_help, pause=_pause, sleep=self._sleep)
        if isinstance(outcome, Failure):
            # Outside of `except`, so without its context: PyGithub's exceptions carry whole answers.
            raise RequestFailed(outcome)
        return outcome

    def _failure(
        self, error: GithubException | requests.RequestException | SettingsError, *, is_graphql: bool
    ) -> Failure:
        if not isinstance(error, GithubException):
            if socks := name_socks_proxy(error, self._api_url):
                return Failure(status=None, message="", socks_variable=socks)
            if isinstance(error, UNFIT):
                return Failure(status=None, message=_why_unfit(error), is_unfit=True)
            return Failure(status=None, message=_why_no_answer(error))
        document = error.data if isinstance(error.data, dict) else {}
        headers = error.headers or {}
        status, message = error.status, str(document.get("message") or error.message or "")
        errors = document.get("errors")
        # PyGithub calls them a 400, or a 404; an error need not have `data` beside it.
        if isinstance(errors, list) and is_graphql and status in (400, 404):
            status, message = _graphql_failure(errors, 500 if status == 400 else status)
        elif isinstance(errors, list):
            message = "; ".join(filter(None, [message, *_details(errors)]))
        return Failure(
            status=status,
            message=message,
            accepted_permissions=headers.get("x-accepted-github-permissions"),
            rate_limited_for=self._rate_limited_for(status, message, headers),
        )

    def _rate_limited_for(self, status: int, message: str, headers: Mapping[str, str]) -> float | None:
        """Seconds to wait, or None if this is no rate limit (docs.github.com, "Rate limits for the REST API")."""
        if status not in (403, 429):
            return None
        retry_after, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
        if retry_after.isdecimal():
            return float(retry_after)
        if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
            return max(0.0, float(reset) - self._now()) + 1  # nobody says when in that second
        if status == 429 or "rate limit" in message.lower():
            return LONGEST_WAIT
        return None


def _pause(outcome: object, tries: int) -> float:
    """Seconds until the next try: as many as the rate limit says, otherwise 1, 2 and 4."""
    limited = outcome.rate_limited_for if isinstance(outcome, Failure) else None
    return BACKOFF.after(tries) if limited is None else limited


def _graphql_failure(errors: list[Any], otherwise: int) -> tuple[int, str]:
    """The status and the words of GraphQL errors; one without a known type is GitHub's own trouble, like a 5xx.

    One that says where the query is wrong is none: asked again, it is as wrong. It is the 200 that it came with.
    """
    first = errors[0] if errors and isinstance(errors[0], dict) else {}
    status = 200 if "extensions" in first else otherwise
    return _GRAPHQL_STATUSES.get(str(first.get("type")), status), str(first.get("message", ""))


def _details(errors: list[Any]) -> list[str]:
    """The reasons that a 422 gives, one for each field."""
    return [str(error.get("message") or error.get("code") or "") for error in errors if isinstance(error, dict)]


def _why_unfit(error: Exception) -> str:
    match error:
        case UnfitAnswer():
            return error.why
        case TooLong():
            return "it has no end"
        case requests.exceptions.ContentDecodingError():
            return "it cannot be decompressed"
        case json.JSONDecodeError():
            return "it is not JSON, or not all of it"
        case _:
            return "it has another form"


def _why_no_answer(error: requests.RequestException | SettingsError) -> str:
    """In our own words, because the exception's may hold a proxy's password."""
    match error:
        case SettingsError():
            return error.why
        case requests.exceptions.SSLError():
            return "no TLS connection that can be trusted"
        case requests.exceptions.ProxyError():
            return "the proxy does not let us through"
        case requests.Timeout():
            return "it timed out"
        case _:
            return "the connection was refused or cut"
