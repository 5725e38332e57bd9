"""The session: what it sends, what it sends again, where the token goes, and where it does not."""

import socket
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from msgspec import Struct

from tfc_plan_comment import __version__
from tfc_plan_comment.errors import (
    DeadlineExceeded,
    DownloadFailed,
    HcpTerraformError,
    NotVisible,
    Unauthorized,
    UnexpectedAnswer,
    Unreachable,
)
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import BAD_GATEWAY_PAGE, CUT, PLAIN_TEXT_ERROR, RATE_LIMITED, Answer, Fault
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, EXPIRED_TOKEN, HcpTerraformSandbox, Storage
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]

FINISHED = Script(plan_statuses=("finished",))
LOGIN = "Check the input hostname, and that there is no login page or proxy in between."


class Document(Struct):
    """Any JSON:API document."""

    data: dict[str, Any]


def read(session: Session, server: HcpTerraformSandbox) -> Document:
    """Read the server's plan."""
    return session.read(f"plans/{server.plan_id}", Document, what=f"read plan {server.plan_id}")


def _answer_once(listener: socket.socket, answer: bytes) -> None:
    """Say what no server of ours would send."""
    connection, _ = listener.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(answer)


def blob(session: Session, server: HcpTerraformSandbox) -> bytes:
    """Read the server's plan JSON."""
    read(session, server)
    with session.open(f"plans/{server.plan_id}/json-output", what="read the JSON") as response:
        return response.content


def test_says_who_it_is_and_what_it_takes(serve: Serve, connect: Connect) -> None:
    """Every request carries the token, our name and version, and the media types that the API demands."""
    server = serve()

    read(connect(server.url), server)

    headers = server.requests[0].headers
    assert {
        "Authorization": f"Bearer {ADMIN_TOKEN}",
        "User-Agent": f"tfc-plan-comment/{__version__}",
        "Accept": "application/vnd.api+json",
        "Content-Type": "application/vnd.api+json",
    }.items() <= headers.items()


def test_post_without_a_body_has_its_content_type(serve: Serve, connect: Connect) -> None:
    """A POST or DELETE never meets the 415 that a missing Content-Type gives, with a body or without."""
    server = serve()
    session = connect(server.url)

    statuses = [
        session.request(method, "plan-exports/pe-1", what="delete it").status_code for method in ("POST", "DELETE")
    ]
    with_body = session.request("POST", "plan-exports", what="export it", body=b"{}").status_code

    assert [*statuses, with_body] == [404, 404, 422]


def test_masks_the_token_first(connect: Connect, masked: list[str]) -> None:
    """The log is told to mask the token before any request is sent."""
    connect("http://127.0.0.1:9")

    assert masked == [ADMIN_TOKEN]


@pytest.mark.parametrize("hostname", ["http://app.terraform.io", "http://127.0.0.1.example.com", "http://10.0.0.1:80"])
def test_no_unencrypted_token(connect: Connect, hostname: str) -> None:
    """Http is for loopback addresses; anything else is our bug, whatever the settings let through."""
    with pytest.raises(ValueError, match="the token must not travel unencrypted"):
        connect(hostname)


@pytest.mark.parametrize(
    ("hostname", "origin", "host"),
    [
        ("app.terraform.io", "https://app.terraform.io", "app.terraform.io"),
        ("tfe.example.com:8443", "https://tfe.example.com:8443", "tfe.example.com:8443"),
        ("http://localhost:80", "http://localhost:80", "localhost:80"),
        ("http://[::1]:80", "http://[::1]:80", "[::1]:80"),
    ],
)
def test_origin(connect: Connect, hostname: str, origin: str, host: str) -> None:
    """A bare host means https."""
    session = connect(hostname)

    assert (origin, host) == (session.origin, session.host)


def test_no_cookie_is_kept(serve: Serve, connect: Connect) -> None:
    """A session cookie would override the token, so the one that every answer sets never comes back."""
    server = serve()
    session = connect(server.url)

    read(session, server)
    read(session, server)

    assert ["Cookie" in received.headers for received in server.requests] == [False, False]


LATER = {"X-RateLimit-Reset": "?", "Retry-After": "20"}


class TestRetries:
    """Asking again."""

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_server_errors_pass(self, serve: Serve, connect: Connect, clock: Clock, status: int) -> None:
        """A GET survives five server errors, waiting about twice as long after each."""
        server = serve(faults=[Fault(path="/plans/", answer=Answer(status=status), times=5)])

        read(connect(server.url), server)

        assert len(server.requests) == 6
        for shortest, waited in zip([1, 2, 4, 8, 15], clock.sleeps, strict=True):
            assert shortest <= waited <= 1.2 * shortest

    def test_cut_connections_pass(self, serve: Serve, connect: Connect) -> None:
        """A GET survives a connection that is cut before the answer."""
        server = serve(faults=[Fault(path="/plans/", answer=CUT, times=2)])

        read(connect(server.url), server)

        assert len(server.requests) == 3

    def test_truncated_answers_pass(self, serve: Serve, connect: Connect) -> None:
        """A GET survives an answer that is shorter than its Content-Length."""
        half = Answer(body=b'{"data":', headers={"Content-Length": "500"})
        server = serve(faults=[Fault(path="/plans/", answer=half, times=1)])

        read(connect(server.url), server)

        assert len(server.requests) == 2

    def test_rate_limit(self, serve: Serve, connect: Connect, clock: Clock) -> None:
        """After 429 it waits the seconds, a float, that X-RateLimit-Reset says, and a little more."""
        server = serve(faults=[Fault(path="/plans/", answer=RATE_LIMITED, times=1)])

        read(connect(server.url), server)

        assert len(server.requests) == 2
        assert 0.75 <= clock.sleeps[0] <= 1.05

    @pytest.mark.parametrize(
        ("reset", "between"),
        [
            ("0.0", (0.1, 0.4)),
            ("-3", (0.1, 0.4)),
            ("86400", (60, 60.3)),
            ("nan", (1, 2)),
            ("inf", (1, 2)),
            ("?", (1, 2)),
        ],
    )
    def test_odd_rate_limits(
        self, serve: Serve, connect: Connect, clock: Clock, reset: str, between: tuple[float, float]
    ) -> None:
        """What X-RateLimit-Reset says is taken within limits, and the usual wait where it says nothing sensible."""
        answer = Answer(status=429, headers={"X-RateLimit-Reset": reset})
        server = serve(faults=[Fault(path="/ping", answer=answer, times=1)])

        connect(server.url).request("GET", "ping", what="ping")

        assert between[0] <= clock.sleeps[0] <= between[1]

    @pytest.mark.parametrize(
        ("headers", "first"),
        [({"X-RateLimit-Reset": "0.0"}, 0.1), ({"X-RateLimit-Reset": "?"}, 1), (LATER, 20)],
        ids=["at once", "nothing", "Retry-After"],
    )
    def test_a_limit_of_a_minute_is_outlived(
        self, serve: Serve, connect: Connect, clock: Clock, headers: dict[str, str], first: float
    ) -> None:
        """The lists of runs are limited by the minute, and nobody has written what the headers say then."""
        server = serve(faults=[Fault(path="/ping", answer=Answer(status=429, headers=headers), times=5)])

        assert connect(server.url).request("GET", "ping", what="ping").status_code == 204
        assert first <= clock.sleeps[0] <= first + 1
        assert sum(clock.sleeps) > 60

    def test_rate_limit_for_ever(self, serve: Serve, connect: Connect) -> None:
        """After six times 429 it gives up."""
        server = serve(faults=[Fault(path="/plans/", answer=RATE_LIMITED)])
        session = connect(server.url)

        with pytest.raises(UnexpectedAnswer) as caught:
            read(session, server)

        assert len(server.requests) == 6
        assert (
            f"Cannot read plan {server.plan_id}: {session.host} answered 429 (Too many requests: You have exceeded the"
            " API's rate limit) after 6 tries. The limit is per user and not per token: run fewer jobs at a time"
            " that use this user or team."
        ) == str(caught.value)

    def test_server_errors_for_ever(self, serve: Serve, connect: Connect) -> None:
        """After six server errors it gives up; an HTML page is not quoted."""
        server = serve(faults=[Fault(path="/plans/", answer=BAD_GATEWAY_PAGE)])
        session = connect(server.url)

        with pytest.raises(UnexpectedAnswer) as caught:
            read(session, server)

        assert (
            f"Cannot read plan {server.plan_id}: {session.host} answered 502 (a web page) after 6 tries."
            " Try again later."
        ) == str(caught.value)

    def test_only_while_there_is_time(self, serve: Serve, connect: Connect, clock: Clock) -> None:
        """What there is no time for is not waited for: it is given up at once, and a new request not even sent."""
        answer = Answer(status=429, headers={"X-RateLimit-Reset": "60"})
        server = serve(faults=[Fault(path="/plans/", answer=answer)])
        session = connect(server.url, seconds=100)

        sentence = (
            f"Cannot read plan {server.plan_id}: there was no answer from {session.host} in time. Look at the run, or"
        )
        for requests in (2, 2):
            with pytest.raises(DeadlineExceeded) as caught:
                read(session, server)
            assert str(caught.value) == f"{sentence} run the job again."
            assert len(server.requests) == requests
            assert len(clock.sleeps) == 1
            clock.sleep(50)
            clock.sleeps.pop()

    @pytest.mark.parametrize("answer", [Answer(status=502), Answer(status=500), CUT], ids=["502", "500", "cut"])
    def test_a_post_is_not_repeated(self, serve: Serve, connect: Connect, answer: Answer) -> None:
        """A POST whose fate is unknown is sent once: it may have been done."""
        server = serve(faults=[Fault(path="/plan-exports", answer=answer)])
        session = connect(server.url)

        with suppress(Unreachable):
            session.request("POST", "plan-exports", what="create a plan export", body=b"{}")

        assert len(server.requests) == 1

    def test_a_post_is_repeated_after_429(self, serve: Serve, connect: Connect) -> None:
        """A POST that met the rate limit was not done, so it is sent again."""
        server = serve(faults=[Fault(path="/plan-exports", answer=RATE_LIMITED, times=1)])

        connect(server.url).request("POST", "plan-exports", what="create a plan export", body=b"{}")

        assert [received.method for received in server.requests] == ["POST", "POST"]


class TestErrors:
    """Every refusal is a sentence."""

    def test_401(self, serve: Serve, connect: Connect) -> None:
        """401 speaks of the token."""
        server = serve()
        session = connect(server.url, token=EXPIRED_TOKEN)

        with pytest.raises(Unauthorized) as caught:
            read(session, server)

        assert (
            f"Cannot read plan {server.plan_id}: {session.host} answered 401 (unauthorized): it does not accept the"
            f" token. Set the input token to a user or team token of {session.host} that has not expired."
        ) == str(caught.value)

    @pytest.mark.parametrize("status", [403, 404])
    def test_404(self, serve: Serve, connect: Connect, status: int) -> None:
        """404 and 403 name the three things that they can mean."""
        server = serve(faults=[Fault(path="/plans/", answer=Answer(status=status))])
        session = connect(server.url)

        with pytest.raises(NotVisible) as caught:
            read(session, server)

        assert (
            f"Cannot read plan {server.plan_id}: {session.host} answered {status}: it does not exist, it is on"
            f" another host, or the token may not read the runs of its workspace. Check the id, the input hostname,"
            f" and that the token's user or team can read the workspace."
        ) == str(caught.value)

    def test_bare_strings(self, serve: Serve, connect: Connect) -> None:
        """An error document of bare strings is read as well; only what may pass is asked for again."""
        server = serve(faults=[Fault(path="/plans/", answer=PLAIN_TEXT_ERROR)])
        session = connect(server.url)

        with pytest.raises(UnexpectedAnswer) as caught:
            read(session, server)

        assert (
            f"Cannot read plan {server.plan_id}: {session.host} answered 400 (the include parameter is wrong)."
            " Check that the input hostname names an HCP Terraform or Terraform Enterprise host."
        ) == str(caught.value)
        assert len(server.requests) == 1

    def test_redirected_document(self, serve: Serve, connect: Connect) -> None:
        """A document is never read from where the API redirects to: the token would go there."""
        elsewhere = Answer(status=302, headers={"Location": "https://login.example.com/"})
        server = serve(faults=[Fault(path="/plans/", answer=elsewhere)])
        session = connect(server.url)

        with pytest.raises(UnexpectedAnswer) as caught:
            read(session, server)

        assert (
            f"Cannot read plan {server.plan_id}: {session.host} answered 302. Check the input hostname, and that"
            f" there is no login page or proxy in between."
        ) == str(caught.value)

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (Answer(body=b"<html>Sign in</html>", content_type="text/html; charset=utf-8"), "a web page"),
            (Answer(body=b'{"data":'), "something else"),
            (Answer(body=b"[]"), "something else"),
            (Answer(body=b'{"data":"\xff"}'), "something else"),
        ],
        ids=["HTML", "half a JSON", "another JSON", "no UTF-8"],
    )
    def test_not_hcp_terraform(self, serve: Serve, connect: Connect, answer: Answer, said: str) -> None:
        """A 200 that is no document of the API is not taken for one."""
        server = serve(faults=[Fault(path="/plans/", answer=answer)])
        session = connect(server.url)

        with pytest.raises(UnexpectedAnswer) as caught:
            read(session, server)

        assert (
            f"Cannot read plan {server.plan_id}: {session.host} answered with {said} instead of HCP"
            " Terraform's JSON."
            " Check the input hostname, and that there is no login page or proxy in between."
        ) == str(caught.value)

    def test_connection_refused(self, connect: Connect, clock: Clock) -> None:
        """A host where nobody listens is named, after six tries."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        session = connect(f"http://127.0.0.1:{port}")

        with pytest.raises(Unreachable) as caught:
            session.request("GET", "ping", what="read run run-1")

        assert (
            f"Cannot read run run-1: the connection to 127.0.0.1:{port} failed (Connection refused) after 6 tries."
            " Check the input hostname and, if the runner needs a proxy, HTTPS_PROXY and NO_PROXY."
        ) == str(caught.value)
        assert len(clock.sleeps) == 5

    @pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
    def test_a_socks_proxy(
        self, variable: str, connect: Connect, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """At once, with the variable and without what stands in it."""
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(variable, "socks5://user:s3cret@127.0.0.1:1080")

        with pytest.raises(Unreachable) as caught:
            connect("https://tfe.example.com").request("GET", "ping", what="read run run-1")

        assert (
            f"Cannot read run run-1: the variable {variable.upper()} names a SOCKS proxy, which is not supported."
            " Name an http:// or https:// proxy in it, or except the host in NO_PROXY."
        ) == str(caught.value)
        assert clock.sleeps == []

    def test_timeout(self, connect: Connect) -> None:
        """A host that accepts a connection and then says nothing is not waited for for ever."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            session = connect(f"http://127.0.0.1:{port}", timeouts=(5.0, 0.01))

            with pytest.raises(Unreachable) as caught:
                session.request("GET", "ping", what="read run run-1")

        assert (
            f"Cannot read run run-1: 127.0.0.1:{port} did not answer in time after 6 tries."
            " Check the input hostname and, if the runner needs a proxy, HTTPS_PROXY and NO_PROXY."
        ) == str(caught.value)

    def test_the_token_is_not_quoted(self, serve: Serve, connect: Connect) -> None:
        """A server that says the token back does not get it into our message."""
        echo = Answer(status=400, body=f'{{"errors":["bad token {ADMIN_TOKEN} here"]}}'.encode())
        server = serve(faults=[Fault(path="/plans/", answer=echo)])

        with pytest.raises(HcpTerraformError, match=r"\(bad token \*\*\* here\)") as caught:
            read(connect(server.url), server)

        assert ADMIN_TOKEN not in str(caught.value)


class TestRedirects:
    """To the temporary URL, without the token."""

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize("storage", [Storage.ARCHIVIST, Storage.SAME_ORIGIN])
    def test_no_credentials_for_the_blob(
        self, serve: Serve, connect: Connect, masked: list[str], status: int, storage: Storage
    ) -> None:
        """Whatever the redirect and wherever it leads, the blob gets no token and no cookie, and its URL is masked."""
        server = serve(script=FINISHED, storage=storage, redirect_status=status)

        content = blob(connect(server.url), server)

        assert content.startswith(b'{"format_version"')
        (received,) = server.archivist.requests
        assert not {"Authorization", "Cookie", "Content-Type"} & received.headers.keys()
        assert server.archivist.leaks == []
        assert f"http://{received.headers['Host']}{received.path}" in masked
        assert received.path in masked

    def test_relative_location(self, serve: Serve, connect: Connect) -> None:
        """A Location without an origin is resolved against the request's, and the token stays away from it as well."""
        server = serve(script=FINISHED, storage=Storage.SAME_ORIGIN, relative_location=True)

        assert blob(connect(server.url), server)
        assert server.archivist.leaks == []

    def test_credentials_in_the_location(self, serve: Serve, connect: Connect) -> None:
        """A user and password in a Location are not sent on."""
        server = serve(script=FINISHED)
        target = serve()
        location = target.url.replace("http://", "http://user:password@") + "/api/v2/ping"
        server = serve(script=FINISHED, faults=[Fault(path="/json-output$", answer=_redirect(location))])

        with pytest.raises(DownloadFailed):
            blob(connect(server.url), server)

        assert "Authorization" not in target.requests[0].headers

    def test_inline(self, serve: Serve, connect: Connect) -> None:
        """An API that answers 200 itself is read as it is."""
        server = serve(script=FINISHED, storage=Storage.INLINE)

        assert blob(connect(server.url), server).startswith(b'{"format_version"')

    @pytest.mark.parametrize(
        "location",
        ["http://archivist.example.com/v1/object/1", "ftp://127.0.0.1/x", "file:///etc/passwd", "https:///x"],
    )
    def test_only_https(self, serve: Serve, connect: Connect, location: str) -> None:
        """A redirect to anything that is neither https nor, from loopback, loopback again, is not followed."""
        server = serve(faults=[Fault(path="/json-output$", answer=_redirect(location))])
        session = connect(server.url)

        with pytest.raises(UnexpectedAnswer) as caught:
            blob(session, server)

        assert (
            f"Cannot read the JSON: {session.host} answered 307 without an https address to go to. Check the input"
            " hostname, and that there is no login page or proxy in between."
        ) == str(caught.value)

    def test_no_location(self, serve: Serve, connect: Connect) -> None:
        """A redirect to nowhere is an error."""
        server = serve(faults=[Fault(path="/json-output$", answer=Answer(status=307))])

        with pytest.raises(UnexpectedAnswer, match="answered 307 without an https address to go to"):
            blob(connect(server.url), server)

    @pytest.mark.parametrize("location", ["https://[x/v1/object/1", "https://archivist.example.com:99999/v1/object/1"])
    def test_no_address(self, connect: Connect, masked: list[str], location: str) -> None:
        """A redirect to what cannot be read as an address is an error like any other, and is not shown."""
        answer = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor() as threads:
            threads.submit(_answer_once, listener, answer.encode())
            session = connect(f"http://127.0.0.1:{listener.getsockname()[1]}")
            with (
                pytest.raises(UnexpectedAnswer, match="answered 307 without an https address to go to"),
                session.open("plans/plan-1/json-output", what="read the JSON"),
            ):
                pass

        assert location in masked

    def test_a_short_path_is_no_secret(self, serve: Serve, connect: Connect, masked: list[str]) -> None:
        """A redirect to `/` does not mask every slash of the log."""
        server = serve(faults=[Fault(path="/json-output$", answer=_redirect("/"))])

        with pytest.raises(HcpTerraformError):
            blob(connect(server.url), server)

        assert masked == [ADMIN_TOKEN]

    def test_too_many(self, serve: Serve, connect: Connect) -> None:
        """Five redirects are followed, no more; each URL is masked, and none gets the token."""
        around = [
            Fault(path="/json-output$", answer=_redirect("/_archivist/v1/object/0")),
            Fault(path="/v1/object/", answer=_redirect("/_archivist/v1/object/1")),
        ]
        server = serve(storage=Storage.SAME_ORIGIN, faults=around)
        session = connect(server.url)

        with pytest.raises(UnexpectedAnswer) as caught:
            blob(session, server)

        assert f"Cannot read the JSON: {session.host} redirects more than 5 times. {LOGIN}" == str(caught.value)
        assert len(server.archivist.requests) == 5
        assert server.archivist.leaks == []

    def test_refused_blob(self, serve: Serve, connect: Connect) -> None:
        """A blob host that refuses is named, without the URL, and the firewall is thought of."""
        server = serve(script=FINISHED, faults=[Fault(path="/v1/object/", answer=Answer(status=403, body=b"<Error/>"))])

        with pytest.raises(DownloadFailed) as caught:
            blob(connect(server.url), server)

        host = server.archivist.requests[0].headers["Host"]
        assert (
            f"Cannot read the JSON: {host} answered 403. If the runner is behind a firewall or proxy, allow access to"
            f" {host}; otherwise try again later."
        ) == str(caught.value)

    def test_unreachable_blob(self, serve: Serve, connect: Connect) -> None:
        """A blob host that nobody answers at is named, and the URL, which requests' own error holds, is not."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            host = f"127.0.0.1:{free.getsockname()[1]}"
        server = serve(faults=[Fault(path="/json-output$", answer=_redirect(f"http://{host}/v1/object/secret"))])

        with pytest.raises(DownloadFailed) as caught:
            blob(connect(server.url), server)

        assert (
            f"Cannot read the JSON: {host} did not answer (Connection refused). If the runner is behind a firewall or"
            f" proxy, allow access to {host}; otherwise try again later."
        ) == str(caught.value)
        assert "object/secret" not in "".join(traceback.format_exception(caught.value))

    def test_a_socks_proxy_before_the_blob(
        self, serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The variable is named, and neither the URL nor what stands in the variable."""
        for name in ("HTTPS_PROXY", "https_proxy", "all_proxy", "NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("ALL_PROXY", "socks5://user:s3cret@127.0.0.1:1080")
        elsewhere = _redirect("https://archivist.example.com/v1/object/secret")
        server = serve(faults=[Fault(path="/json-output$", answer=elsewhere)])

        with pytest.raises(Unreachable) as caught:
            blob(connect(server.url), server)

        assert str(caught.value) == (
            "Cannot read the JSON: the variable ALL_PROXY names a SOCKS proxy, which is not supported."
            " Name an http:// or https:// proxy in it, or except the host in NO_PROXY."
        )


def _redirect(location: str) -> Answer:
    return Answer(status=307, headers={"Location": location})
