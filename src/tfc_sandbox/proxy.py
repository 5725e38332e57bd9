"""An HTTP proxy on a loopback port, which leads to the hosts of a network that nobody else reaches."""

import base64
import contextlib
import socket
import socketserver
import threading
from collections.abc import Mapping
from http import HTTPStatus

from tfc_sandbox.serving import Serving

USER, PASSWORD = "runner", "Zx7-hYq2.LmT9"


class Proxy(Serving):
    """Opens tunnels (CONNECT) for as long as a `with` lasts, to whoever knows its user and password.

    `hosts` are the names that it knows, each with the loopback port where it really is. `asked` are the hosts and ports
    that it was asked for, and `heads` all that it was told in the clear.
    """

    def __init__(self, hosts: Mapping[str, int]) -> None:
        """Listen on a free port; answer no one yet."""
        self.asked: list[str] = []
        self.heads: list[str] = []
        self._hosts = hosts
        proxy = self

        class Tunnel(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                proxy._handle(self)

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Tunnel)
        server.daemon_threads = True
        super().__init__(server)
        self._port = server.server_address[1]

    def url(self, password: str = PASSWORD) -> str:
        """What HTTPS_PROXY says."""
        return f"http://{USER}:{password}@127.0.0.1:{self._port}"

    def _handle(self, client: socketserver.StreamRequestHandler) -> None:
        head = []
        while line := client.rfile.readline(65_536).decode().strip():
            head.append(line)
        method, target, _ = head[0].split(" ")
        host = target.rpartition(":")[0]
        self.heads.append("\n".join(head))
        self.asked.append(target)
        if f"Proxy-Authorization: Basic {credentials()}" not in head:
            status = HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
        elif method != "CONNECT" or host not in self._hosts:
            status = HTTPStatus.BAD_GATEWAY
        else:
            status = HTTPStatus.OK
        client.wfile.write(f"HTTP/1.1 {status.value} {status.phrase}\r\n\r\n".encode())
        if status is HTTPStatus.OK:
            with socket.create_connection(("127.0.0.1", self._hosts[host])) as server:
                back = threading.Thread(target=_copy, args=(server, client.connection), daemon=True)
                back.start()
                _copy(client.connection, server)
                back.join()


def credentials(password: str = PASSWORD) -> str:
    """User and password as they go to the proxy (RFC 7617)."""
    return base64.b64encode(f"{USER}:{password}".encode()).decode()


def _copy(source: socket.socket, to: socket.socket) -> None:
    """Carry on what comes, until no more does."""
    with contextlib.suppress(OSError):  # either of them may hang up
        while piece := source.recv(65_536):
            to.sendall(piece)
        to.shutdown(socket.SHUT_WR)
