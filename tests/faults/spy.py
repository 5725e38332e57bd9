"""A spy at the socket: it sees every byte that leaves the process, and whereto, and it lets no time pass while we wait.

It stands in the place of nothing: connections are real, and lead to the loopback servers of the sandbox. It only says
what a socket says when nobody listens, when a certificate is wrong, or when a server stays silent for as long as we
are ready to wait; that time passes on the clock of the test. Whatever is not loopback gets no connection.
"""

import errno
import ipaddress
import re
import socket
import ssl
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import pytest
import urllib3.connectionpool

from tfc_sandbox.clock import Clock

DRIP = 30.0
"""Seconds between two bytes of a body without end: less than we wait for a single one."""
MOST_DRIPS = 2_000
"""After so many, nobody would believe that the waiting ends."""
MOST_BYTES = 2_000_000_000
START = 1000.0

Peer = tuple[str, int]


class PrivateTime(Clock):
    """A clock on which each thread has its own time: what one waits for makes no other late, however they are run."""

    def __init__(self) -> None:
        super().__init__()
        self.begin()

    def begin(self) -> None:
        """From now on no time has passed."""
        self._own = threading.local()
        self.longest = 0.0
        """Seconds that have passed for the thread that has waited longest."""

    def __call__(self) -> float:
        return START + getattr(self._own, "passed", 0.0)

    def pass_by(self, seconds: float) -> None:
        """For the thread that waits."""
        self._own.passed = getattr(self._own, "passed", 0.0) + seconds
        self.longest = max(self.longest, self._own.passed)


@dataclass(slots=True)
class Conversation:
    """All that was said over one connection, by us: whereto, and the bytes. The server's words are only counted."""

    peer: Peer
    sent: bytearray = field(default_factory=bytearray)
    received: int = 0
    drips: int = 0


class Ending(Enum):
    """What a server does on a connection that stays open, once all that it said has been read."""

    SILENT = auto()
    DRIPPING = auto()
    FLOODING = auto()


SILENT, DRIPPING, FLOODING = Ending


@dataclass(frozen=True, kw_only=True, slots=True)
class NoConnection:
    """The request that gets no connection, and why; `is_met` is asked with its method, its path and its body."""

    is_met: Callable[[str, str, str], bool]
    after: int = 0
    port: int
    why: Callable[[], OSError]


def refused() -> OSError:
    """What connect(2) says where nobody listens."""
    return ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")


def untrusted() -> OSError:
    """What OpenSSL says of a certificate that nobody has signed whom we trust."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed certificate")
    error.verify_message = "self-signed certificate"
    return error


class Spy:
    """Watches the sockets of this process while it is installed."""

    def __init__(self, clock: Clock) -> None:
        self.conversations: list[Conversation] = []
        self.strangers: list[Peer] = []
        """Addresses that are not loopback, to which somebody wanted to connect."""
        self.is_endless = False
        """True if somebody would have waited, or read, without end."""
        self._clock = clock
        self._of: weakref.WeakKeyDictionary[socket.socket, Conversation] = weakref.WeakKeyDictionary()
        self._endings: dict[Peer, Ending] = {}
        self._no_connections: list[list[Any]] = []
        self._lock = threading.Lock()
        self._asked = threading.local()

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """See every connection that is made from now on."""
        spy, plain, pool = self, socket.socket, urllib3.connectionpool.HTTPConnectionPool
        make_request, validate, connect, send = pool._make_request, pool._validate_conn, plain.connect, plain.send
        sendall, recv, recv_into = plain.sendall, plain.recv, plain.recv_into

        def spied_make_request(pool: Any, conn: Any, method: str, url: str, body: Any = None, **how: Any) -> Any:
            text = body.decode(errors="replace") if isinstance(body, bytes) else str(body or "")
            spy._asked.now = (conn.port, method, url.partition("?")[0], text)
            return make_request(pool, conn, method, url, body=body, **how)

        def spied_validate(pool: Any, conn: Any) -> None:
            validate(pool, conn)
            spy._check_asked(untrusted)

        def spied_connect(sock: socket.socket, address: Any) -> None:
            self._check(address)
            self._check_asked(refused)
            connect(sock, address)
            with self._lock:
                conversation = Conversation((str(address[0]), int(address[1])))
                self.conversations.append(conversation)
                self._of[sock] = conversation
                self._endings.pop(sock.getsockname(), None)

        def spied_send(sock: socket.socket, data: Any, *flags: Any) -> int:
            sent = send(sock, data, *flags)
            self._heard(sock, bytes(data)[:sent])
            return sent

        def spied_sendall(sock: socket.socket, data: Any, *flags: Any) -> None:
            self._heard(sock, bytes(data))
            sendall(sock, data, *flags)

        def spied_recv(sock: socket.socket, size: int, *flags: Any) -> bytes:
            received = recv(sock, size, *flags)
            return received or self._after_the_end(sock, size)

        def spied_recv_into(sock: socket.socket, buffer: Any, size: int = 0, *flags: Any) -> int:
            count = recv_into(sock, buffer, size, *flags)
            if count:
                return count
            more = self._after_the_end(sock, size or len(buffer))
            memoryview(buffer)[: len(more)] = more
            return len(more)

        for name, spied in (
            ("connect", spied_connect),
            ("send", spied_send),
            ("sendall", spied_sendall),
            ("recv", spied_recv),
            ("recv_into", spied_recv_into),
        ):
            monkeypatch.setattr(plain, name, spied, raising=False)
        monkeypatch.setattr(pool, "_make_request", spied_make_request)
        monkeypatch.setattr(pool, "_validate_conn", spied_validate)

    def ends(self, ending: Ending) -> Callable[[socket.socket], None]:
        """For a server: what follows on this connection, once all that was said has been read."""

        def tell(connection: socket.socket) -> None:
            self._endings[connection.getpeername()] = ending

        return tell

    def give_no_connection(self, given: NoConnection, *, times: int | None) -> None:
        """For the next `times` requests that it is for, or for all of them."""
        self._no_connections.append([given, times, given.after])

    def _check(self, address: Any) -> None:
        host, port = str(address[0]), int(address[1])
        if not ipaddress.ip_address(host).is_loopback:
            self.strangers.append((host, port))
            raise refused()

    def _check_asked(self, why: Callable[[], OSError]) -> None:
        """Whoever asks, which no server knows before it is connected, may get no connection."""
        port, *asked = getattr(self._asked, "now", (0, "", "", ""))
        with self._lock:
            for each in self._no_connections:
                given, left, spared = each
                if given.why is not why or given.port != port or left == 0 or not given.is_met(*asked):
                    continue
                if spared:
                    each[2] -= 1
                else:
                    each[1] = None if left is None else left - 1
                    raise why()

    def _heard(self, sock: socket.socket, data: bytes) -> None:
        if (conversation := self._of.get(sock)) is not None and sock.fileno() != -1:
            conversation.sent += data

    def _after_the_end(self, sock: socket.socket, size: int) -> bytes:
        """What a server says that has told the spy what it does in the place of closing the connection."""
        conversation = self._of.get(sock)
        ending = self._endings.get(sock.getsockname()) if conversation else None
        if conversation is None or ending is None:
            return b""
        if ending is SILENT:
            seconds = sock.gettimeout()
            if seconds is None:  # which is for ever
                self.is_endless = True
                return b""
            self._clock.pass_by(seconds)
            raise TimeoutError("timed out")
        conversation.drips += 1
        piece = b" " if ending is DRIPPING else b" " * min(size, 1 << 20)
        conversation.received += len(piece)
        if ending is DRIPPING:
            self._clock.pass_by(DRIP)
        if (conversation.drips > MOST_DRIPS and ending is DRIPPING) or conversation.received > MOST_BYTES:
            self.is_endless = True
            return b""
        return piece


def requests_in(sent: bytes) -> list[tuple[str, str]]:
    """The method and the path of each request among these bytes."""
    found = re.findall(rb"(?m)^(GET|POST|PATCH|PUT|DELETE) (\S+) HTTP/1\.1\r$", sent)
    return [(method.decode(), path.decode()) for method, path in found]
