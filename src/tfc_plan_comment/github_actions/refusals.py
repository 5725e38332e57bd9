"""Explains what GitHub refuses, in a sentence that says what to do. Pure.

Nothing here ends the action: the report stands in the step summary whatever GitHub says.
"""

import re

import msgspec

from tfc_plan_comment.errors import GitHubError
from tfc_plan_comment.expression import expression
from tfc_plan_comment.github_actions.event import ReadOnlyToken
from tfc_plan_comment.http.proxies import USE_HTTP

_LONGEST_QUOTE = 300
_INVALID = {
    "comment": "If you set the input template, check what it writes",
    "label": "Look at the labels of the pull request: GitHub allows no more than 100",
}
"""What to do about a 422, by what was to be written."""

_HAS_TOO_MANY_COMMENTS = expression(r"more than 2,?500 comments", re.IGNORECASE)
"""GitHub's words: "Commenting is disabled on issues with more than 2500 comments"; a pull request is an issue, too."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """The facts that are known of a request that failed."""

    status: int | None
    """None if no answer came."""
    message: str
    """GitHub's words, or ours if no answer came."""
    accepted_permissions: str | None = None
    """The header X-Accepted-GitHub-Permissions."""
    rate_limited_for: float | None = None
    """Seconds; None if no rate limit turned the request away."""
    is_unfit: bool = False
    """An answer came, and is none of GitHub's; `message` says why."""
    socks_variable: str | None = None
    """The environment variable with a SOCKS proxy, for which the request was never sent."""

    @property
    def maybe_done(self) -> bool:
        """True if the request may have been carried out all the same."""
        return not self.socks_variable and (self.status is None or self.status >= 500)


def explain(
    what_failed: str,
    failure: Failure,
    *,
    api_url: str,
    read_only: ReadOnlyToken | None = None,
    what: str = "comment",
) -> GitHubError:
    """The error to show. `read_only` is why the job's own token can only read, if the event says so.

    `what` is what was to be written.
    """
    why, what_to_do = _reason(failure, api_url, read_only, what)
    return GitHubError(what_failed, why, what_to_do)


def _reason(failure: Failure, api_url: str, read_only: ReadOnlyToken | None, what: str) -> tuple[str, str]:
    said = _quote(failure)
    if failure.rate_limited_for is not None:
        return f"GitHub's rate limit is used up for {failure.rate_limited_for:.0f} s {said}", "Run the job again later"
    if failure.socks_variable:
        return f"the variable {failure.socks_variable} names a SOCKS proxy, which is not supported", USE_HTTP
    if _HAS_TOO_MANY_COMMENTS.search(failure.message):
        return (
            f"the pull request has as many comments as GitHub allows {said}",
            "Open a new pull request, or set the input comment: none; the step summary has the report",
        )
    match failure.status:
        case None:
            return _without_answer(failure, api_url)
        case 401:
            return (
                f"GitHub does not accept the token {said}",
                "Leave out the input github-token to use the job's own token, or set it to one that is valid",
            )
        case 403:
            return _forbidden(failure, said, read_only)
        case 404:
            return (
                f"GitHub does not find it, or hides it from the token {said}",
                "Check the input pr-number, and that the job has the permission pull-requests: write",
            )
        case 422:
            return f"GitHub refuses the {what} {said}", _INVALID[what]
        case status if status >= 500:
            return f"GitHub keeps failing {said}", "Run the job again later"
        case _:
            return f"GitHub refuses {said}", "Look for the reason in GitHub's words, or run the job again later"


def _forbidden(failure: Failure, said: str, read_only: ReadOnlyToken | None) -> tuple[str, str]:
    message = failure.message.lower()
    if "locked" in message:
        return (
            f"the conversation is locked {said}",
            "Unlock it, or set the input github-token to the token of a collaborator",
        )
    if "resource not accessible" not in message:
        return f"GitHub refuses {said}", "Check what the token of the input github-token may do"
    if "personal access token" in message:
        return (
            f"the token lacks a permission {said}{_accepted(failure)}",
            "Give the token read and write access to pull requests of this repository",
        )
    if read_only is ReadOnlyToken.FORK:
        return (
            f"the job's token can only read, because {read_only} {said}",
            "To comment on pull requests from forks, run this action in a workflow on the event workflow_run",
        )
    because = f", because {read_only}" if read_only else ""
    return (
        f"the job's token may not write to pull requests{because} {said}{_accepted(failure)}",
        "Give the job the permission pull-requests: write",
    )


def _accepted(failure: Failure) -> str:
    return f"; GitHub would accept {failure.accepted_permissions}" if failure.accepted_permissions else ""


def _without_answer(failure: Failure, api_url: str) -> tuple[str, str]:
    if failure.is_unfit:
        remedy = "Check the variable GITHUB_API_URL, and that there is no login page or proxy in between"
        return f"what {api_url} answers is not GitHub's ({failure.message})", remedy
    remedy = "Check that the runner can reach it, and the variables HTTPS_PROXY and NO_PROXY"
    if "TLS" in failure.message:
        remedy = "Set the environment variable REQUESTS_CA_BUNDLE to the PEM file of its certificate authority"
    return f"no answer from {api_url} ({failure.message})", remedy


def _quote(failure: Failure) -> str:
    """`(403: Resource not accessible by integration)`, on one line, cut where it gets long."""
    words = " ".join(failure.message.split()).rstrip(".")
    if len(words) > _LONGEST_QUOTE:
        words = words[:_LONGEST_QUOTE] + "…"
    return f"({failure.status}: {words})" if words else f"({failure.status})"
