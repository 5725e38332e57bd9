"""The connection: what the machine's own configuration may do to a request, and what it may not."""

import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from tfc_plan_comment.errors import SettingsError, Unreachable
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.http.connection import is_loopback
from tfc_sandbox.clock import Clock
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox, Storage
from tfc_sandbox.private_authority import PrivateAuthority
from tfc_sandbox.runs import Script
from tfc_sandbox.server import LoopbackServer

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]

VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine that runs the tests may have its own."""
    for name in (*VARIABLES, "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "NETRC"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("storage", list(Storage))
def test_netrc_is_not_read(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, storage: Storage
) -> None:
    """A netrc entry for the host neither replaces the token nor goes with the request for the blob."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login intruder password secret\ndefault login intruder password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server = serve(script=Script(plan_statuses=("finished",)), storage=storage)
    session = connect(server.url)

    session.request("GET", f"plans/{server.plan_id}", what="read the plan")
    with session.open(f"plans/{server.plan_id}/json-output", what="read the JSON") as response:
        assert response.content

    assert {f"Bearer {ADMIN_TOKEN}"} == {received.headers["Authorization"] for received in server.requests}
    assert server.archivist.leaks == []


class TestProxies:
    """Proxy variables."""

    def test_proxy_is_used(self, connect: Connect, monkeypatch: pytest.MonkeyPatch, stack: ExitStack) -> None:
        """HTTPS_PROXY gets a CONNECT for the host, without the token; its refusal is a sentence."""
        heard: list[bytes] = []
        proxy = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        thread = threading.Thread(target=_refuse, args=(proxy, heard), daemon=True)
        thread.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:password@127.0.0.1:{proxy.getsockname()[1]}")
        session = connect("tfe.example.test")

        with pytest.raises(Unreachable) as caught:
            session.request("POST", "ping", what="read run run-1")
        thread.join()

        assert heard[0].startswith(b"CONNECT tfe.example.test:443 ")
        assert b"Bearer" not in heard[0]
        assert str(caught.value) == (
            "Cannot read run run-1: the proxy refuses the connection to tfe.example.test (Tunnel connection failed:"
            " 403 Forbidden). Check HTTPS_PROXY and NO_PROXY."
        )

    def test_no_proxy_for_loopback(self, serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
        """A proxy never hears of a request to loopback."""
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
        server = serve()

        assert connect(server.url).request("GET", "ping", what="ping").status_code == 204

    @pytest.mark.parametrize(
        ("proxy", "error"), [("http:///", "InvalidProxyURL"), ("http://user:password@proxy:port", "InvalidURL")]
    )
    def test_malformed_proxy(self, connect: Connect, monkeypatch: pytest.MonkeyPatch, proxy: str, error: str) -> None:
        """A proxy variable that is no URL is a sentence, without the password that may stand in it."""
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        session = connect("tfe.example.test")

        with pytest.raises(Unreachable) as caught:
            session.request("GET", "ping", what="read run run-1")

        assert str(caught.value) == (
            f"Cannot read run run-1: the request to tfe.example.test could not be sent ({error}). Check the"
            " input hostname and, if the runner needs a proxy, HTTPS_PROXY and NO_PROXY."
        )


class TestCertificates:
    """Which certificates are trusted."""

    def test_unknown_ca(self, connect: Connect, tls_server: LoopbackServer, clock: Clock) -> None:
        """A certificate from an unknown CA is refused at once, with a hint to the input."""
        host = tls_server.url.removeprefix("https://")

        with pytest.raises(Unreachable) as caught:
            connect(host).request("GET", "ping", what="read run run-1")

        assert (
            f"Cannot read run run-1: TLS with {host} failed (unable to get local issuer certificate). If its"
            f" certificate is from a private CA, set the input ca-bundle to the CA's PEM file."
        ) == str(caught.value)
        assert clock.sleeps == []

    def test_ca_bundle(self, connect: Connect, tls_server: LoopbackServer, certificate: Path) -> None:
        """The input ca-bundle is trusted."""
        session = connect(tls_server.url.removeprefix("https://"), ca_bundle=certificate)

        assert session.request("GET", "ping", what="ping").status_code == 204

    @pytest.mark.parametrize("variable", VARIABLES)
    def test_variables(
        self,
        connect: Connect,
        tls_server: LoopbackServer,
        certificate: Path,
        monkeypatch: pytest.MonkeyPatch,
        variable: str,
    ) -> None:
        """So are the variables that other tools have."""
        monkeypatch.setenv(variable, str(certificate))
        session = connect(tls_server.url.removeprefix("https://"))

        assert session.request("GET", "ping", what="ping").status_code == 204

    def test_the_input_wins(
        self,
        connect: Connect,
        tls_server: LoopbackServer,
        certificate: Path,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        """What the user says wins over what the machine says."""
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "another.pem"))
        session = connect(tls_server.url.removeprefix("https://"), ca_bundle=certificate)

        assert session.request("GET", "ping", what="ping").status_code == 204

    @pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
    def test_variable_without_a_file(self, connect: Connect, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
        """A variable of the runner that names a file of the runner is an error that says so."""
        monkeypatch.setenv(variable, "/etc/ssl/runner/ca.pem")

        with pytest.raises(SettingsError) as caught:
            connect("127.0.0.1:9").request("GET", "ping", what="ping")

        assert str(caught.value) == (
            "Environment: REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names a file that is not in the action's container."
            " Unset it, or give a file of the workspace in the input ca-bundle."
        )

    def test_no_tls(self, connect: Connect, serve: Serve) -> None:
        """A server that does not speak TLS is said to fail at it; the request is not sent to it in the clear."""
        server = serve()
        host = server.url.removeprefix("http://")

        with pytest.raises(Unreachable, match=rf"Cannot ping: TLS with {host} failed \([A-Z_]+\)\. If its"):
            connect(host).request("GET", "ping", what="ping")

        assert server.requests == []

    @pytest.mark.parametrize("content", [None, "", "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n"])
    def test_no_bundle(self, connect: Connect, tmp_path: Path, content: str | None) -> None:
        """A file that holds no certificate is an error before any request is sent."""
        path = tmp_path / "ca.pem"
        if content is not None:
            path.write_text(content)

        with pytest.raises(SettingsError) as caught:
            connect("tfe.example.test", ca_bundle=path)

        assert (
            f"Input ca-bundle: {str(path)!r} cannot be read as PEM certificates. Use a file with one or more blocks"
            " that start with -----BEGIN CERTIFICATE-----."
        ) == str(caught.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:80/", True),
        ("http://127.8.9.10/", True),
        ("http://[::1]:80/", True),
        ("http://localhost.example.com/", False),
        ("http://127.0.0.1.example.com/", False),
        ("http://user@example.com:80/127.0.0.1", False),
        ("http://127.0.0.1@example.com/", False),
        ("http:///", False),
    ],
)
def test_is_loopback(url: str, *, expected: bool) -> None:
    """Loopback is the host, wherever else its address may stand."""
    assert expected == is_loopback(url)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> PrivateAuthority:
    """Who has signed the server's certificate."""
    return PrivateAuthority(tmp_path_factory.mktemp("tls") / "authority")


@pytest.fixture
def certificate(authority: PrivateAuthority) -> Path:
    """The authority's own."""
    return authority.certificate


@pytest.fixture
def tls_server(authority: PrivateAuthority, stack: ExitStack) -> LoopbackServer:
    """Answers 204 to a ping, over TLS."""
    application = Flask(__name__, static_folder=None)
    application.get("/api/v2/ping")(lambda: ("", 204))
    return stack.enter_context(LoopbackServer(application, ssl_context=authority.server_context("127.0.0.1")))


def _refuse(proxy: socket.socket, heard: list[bytes]) -> None:
    """Be a proxy that lets nothing through."""
    connection, _ = proxy.accept()
    with connection:
        heard.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
