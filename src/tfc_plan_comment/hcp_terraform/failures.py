"""Turns a request that went wrong into one of our errors: each a sentence that says what to do."""

import ssl
from http.client import IncompleteRead, RemoteDisconnected
from urllib.parse import urlsplit

import msgspec
import requests

from tfc_plan_comment.errors import (
    DeadlineExceeded,
    DownloadFailed,
    HcpTerraformError,
    NotVisible,
    Unauthorized,
    UnexpectedAnswer,
    Unreachable,
)
from tfc_plan_comment.http.body import MOST_BYTES, TooLong
from tfc_plan_comment.http.proxies import USE_HTTP, name_socks_proxy

# Characters of a server's own words that a message takes over.
MAX_WORDS = 200


class _ErrorObject(msgspec.Struct):
    """A JSON:API error. Its `status`, which the HTTP status repeats, is a string here and a number there."""

    title: str | None = None
    detail: str | None = None


class _Errors(msgspec.Struct):
    """An error document. Some endpoints send bare strings (go-tfe's decodeErrorPayload reads both)."""

    errors: list[_ErrorObject | str]


def refused(response: requests.Response, *, what: str, tries: int = 1) -> HcpTerraformError:
    """The error for an answer that is not the one asked for.

    `what` follows the word "Cannot", such as `read run run-1`; `tries` is how often it was asked.
    """
    return _refused(response, what=what, tries=tries).with_status(response.status_code)


def _refused(response: requests.Response, *, what: str, tries: int) -> HcpTerraformError:
    host = host_of(response.url)
    why = answered(response) + (f" after {tries} tries" if tries > 1 else "")
    match response.status_code:
        case 401:
            return Unauthorized(
                f"Cannot {what}",
                f"{why}: it does not accept the token",
                f"Set the input token to a user or team token of {host} that has not expired",
            )
        case 403 | 404:
            return NotVisible(
                f"Cannot {what}",
                f"{why}: it does not exist, it is on another host, or the token may not read the runs of its workspace",
                "Check the id, the input hostname, and that the token's user or team can read the workspace",
            )
        case 429:
            advice = "The limit is per user and not per token: run fewer jobs at a time that use this user or team"
        case status if status in range(300, 400):
            advice = "Check the input hostname, and that there is no login page or proxy in between"
        case status if status >= 500:
            advice = "Try again later"
        case _:
            advice = "Check that the input hostname names an HCP Terraform or Terraform Enterprise host"
    return UnexpectedAnswer(f"Cannot {what}", why, advice)


def unreadable(response: requests.Response, *, what: str) -> HcpTerraformError:
    """The error for a successful answer that is not what HCP Terraform says in such a case."""
    answer = "a web page" if _is_web_page(response) else "something else"
    return UnexpectedAnswer(
        f"Cannot {what}",
        f"{host_of(response.url)} answered with {answer} instead of HCP Terraform's JSON",
        "Check the input hostname, and that there is no login page or proxy in between",
    )


def unreachable(error: requests.RequestException, *, url: str, what: str, tries: int = 1) -> HcpTerraformError:
    """The error for a request that got no answer that can be read. `error`'s own text is not used: it holds the URL."""
    host, words = host_of(url), reason(error)
    after = f" after {tries} tries" if tries > 1 else ""
    if isinstance(error, TooLong | requests.exceptions.ContentDecodingError):
        size = f"more than {MOST_BYTES:,} bytes"
        came = size if isinstance(error, TooLong) else "something that cannot be decompressed"
        between = "Check the input hostname, and that there is no login page or proxy in between"
        return UnexpectedAnswer(f"Cannot {what}", f"{host} answered with {came}{after}", between)
    proxy = "Check the input hostname and, if the runner needs a proxy, HTTPS_PROXY and NO_PROXY"
    socks = name_socks_proxy(error, url)
    match error:
        case _ if socks:
            why, advice = f"the variable {socks} names a SOCKS proxy, which is not supported", USE_HTTP
        case requests.exceptions.SSLError():
            why = f"TLS with {host} failed ({words})"
            advice = "If its certificate is from a private CA, set the input ca-bundle to the CA's PEM file"
        case requests.exceptions.ProxyError():
            why, advice = f"the proxy refuses the connection to {host} ({words})", "Check HTTPS_PROXY and NO_PROXY"
        case requests.exceptions.Timeout():
            why, advice = f"{host} did not answer in time{after}", proxy
        case requests.exceptions.ConnectionError() | requests.exceptions.ChunkedEncodingError():
            why, advice = f"the connection to {host} failed ({words}){after}", proxy
        case _:
            why, advice = f"the request to {host} could not be sent ({words})", proxy
    return Unreachable(f"Cannot {what}", why, advice)


def out_of_time(host: str, *, what: str) -> DeadlineExceeded:
    """The error for what there was no time to ask, or to ask again."""
    return DeadlineExceeded(
        f"Cannot {what}", f"there was no answer from {host} in time", "Look at the run, or run the job again"
    )


def download_failed(url: str, why: str, *, what: str) -> DownloadFailed:
    """The error for a temporary URL; `why` says what its host did. Only the host is named: the URL is a secret."""
    host = host_of(url)
    return DownloadFailed(
        f"Cannot {what}",
        f"{host} {why}",
        f"If the runner is behind a firewall or proxy, allow access to {host}; otherwise try again later",
    )


def answered(response: requests.Response) -> str:
    """`HOST answered 404 (not found)`: the status and, in the server's own words, why."""
    said = "a web page" if _is_web_page(response) else _errors(response)
    return f"{host_of(response.url)} answered {response.status_code}" + (f" ({said})" if said else "")


def host_of(url: str) -> str:
    """The host (and port) of a URL: the only part of it that may be shown."""
    return urlsplit(url).netloc.rpartition("@")[2]


def one_line(text: str) -> str:
    """Somebody else's text, fit for a sentence of ours: one line of at most 200 characters, none of them a control."""
    words = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return words.rstrip(". ") if len(words) <= MAX_WORDS else f"{words[: MAX_WORDS - 1]}…"


def _is_web_page(response: requests.Response) -> bool:
    return response.headers.get("Content-Type", "").lower().startswith("text/html")


def _errors(response: requests.Response) -> str:
    """The errors that the body names, or nothing if it has another form or cannot be read."""
    try:
        errors = msgspec.json.decode(response.content, type=_Errors).errors
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, requests.RequestException):
        return ""
    said = [e if isinstance(e, str) else ": ".join(filter(None, (e.title, e.detail))) for e in errors]
    token = response.request.headers.get("Authorization", "").removeprefix("Bearer ")
    text = "; ".join(said)
    return one_line(text.replace(token, "***") if token else text)


def reason(error: BaseException) -> str:
    """The innermost cause in the operating system's or OpenSSL's own words, or the name of the error."""
    cause, words = error, type(error).__name__
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
        match cause:
            case ssl.SSLCertVerificationError():
                words = cause.verify_message
            case ssl.SSLError():
                words = cause.reason or words
            case RemoteDisconnected() | IncompleteRead():
                words = "it was closed too early"
            case OSError(strerror=str(text)):
                words = text
            case OSError(args=(str(text),)) if type(cause) is OSError:  # http.client's word on a proxy
                words = text
    return one_line(words)
