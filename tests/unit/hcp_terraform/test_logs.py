"""The log of a plan: behind a signed URL, of any length, perhaps not all there yet."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tfc_plan_comment.errors import DeadlineExceeded, DownloadFailed, HcpTerraformError, UnexpectedAnswer
from tfc_plan_comment.hcp_terraform import logs
from tfc_plan_comment.hcp_terraform.logs import read_log
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import TRUNCATED, Answer, Fault
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox, Storage
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]

LOG = b"\x02first\nlast\n\x03"


def errored(*logs: bytes | None) -> Script:
    """A run whose plan has failed, with that log."""
    return Script(plan_statuses=("errored",), logs=logs)


@pytest.fixture
def to(tmp_path: Path) -> Path:
    """The file for the log."""
    return tmp_path / "plan.log"


@pytest.mark.parametrize("storage", list(Storage))
def test_reading(serve: Serve, connect: Connect, masked: list[str], to: Path, storage: Storage) -> None:
    """Whoever may read the run may read it. The address is masked before it is asked, and gets nothing of ours."""
    server = serve(script=errored(LOG), storage=storage)
    assert read_log(connect(server.url, token=READ_TOKEN), server.plan_id, to=to) == LOG.decode()
    (received,) = server.archivist.requests
    assert received.path in masked
    assert server.archivist.leaks == []
    assert "Authorization" not in received.headers


@pytest.mark.parametrize("log", [b"first\nlast\n", LOG, LOG + b"\n", b""])
def test_what_is_whole_is_read_once(serve: Serve, connect: Connect, clock: Clock, to: Path, log: bytes) -> None:
    """An older host frames nothing."""
    server = serve(script=errored(log))
    assert read_log(connect(server.url), server.plan_id, to=to) == log.decode()
    assert clock.sleeps == []


def test_what_is_still_written(serve: Serve, connect: Connect, clock: Clock, to: Path) -> None:
    """It is asked for three times, and then taken as it is."""
    server = serve(script=errored(LOG[:3], LOG[:8]))
    assert read_log(connect(server.url), server.plan_id, to=to) == LOG[:8].decode()
    assert clock.sleeps == [1, 2]


def test_only_the_end(serve: Serve, connect: Connect, to: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long one is read, and its end is what counts."""
    monkeypatch.setattr(logs, "TAIL", 6)
    server = serve(script=errored(LOG))
    assert read_log(connect(server.url), server.plan_id, to=to) == "last\n\x03"


def test_no_bytes_break_it(serve: Serve, connect: Connect, to: Path) -> None:
    """What is no UTF-8 is shown as such."""
    server = serve(script=errored(b"\xff\xfe"))
    assert read_log(connect(server.url), server.plan_id, to=to) == "\ufffd\ufffd"


@pytest.mark.parametrize(
    ("log", "answer", "error", "why"),
    [
        (
            None,
            None,
            UnexpectedAnswer,
            r"Cannot read the log of plan plan-\w+: HOST has none\. Look at the run in HCP Terraform\.",
        ),
        (LOG, Answer(status=403), DownloadFailed, r"Cannot read the log of plan plan-\w+: BLOBS answered 403\. "),
        (LOG, TRUNCATED, DownloadFailed, r"Cannot read the log of plan plan-\w+: BLOBS broke off "),
        (
            LOG,
            Answer(headers={"Content-Length": "100000001"}),
            UnexpectedAnswer,
            r"Cannot read the log of plan plan-\w+: it has 100,000,001 bytes, and the limit is 100,000,000\.",
        ),
        (
            LOG,
            Answer(status=302, headers={"Location": "http://evil.example/"}),
            UnexpectedAnswer,
            r"Cannot read the log of plan plan-\w+: BLOBS answered 302 without an https address to go to\.",
        ),
    ],
)
def test_what_cannot_be_read(  # noqa: PLR0917 (what a case consists of)
    serve: Serve,
    connect: Connect,
    to: Path,
    log: bytes | None,
    answer: Answer | None,
    error: type[HcpTerraformError],
    why: str,
) -> None:
    """The error names the host and never the address."""
    server = serve(script=errored(log), faults=[Fault(path="/object/log-", answer=answer)] if answer else [])
    host, blobs = (url.removeprefix("http://") for url in (server.url, server._blob_url))
    with pytest.raises(error, match=why.replace("HOST", host).replace("BLOBS", blobs)) as caught:
        read_log(connect(server.url), server.plan_id, to=to)
    assert "/object/" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://evil.example/v1/object/abc", "ftp://evil.example/v1/object/abc", "https://[broken"]
)
def test_an_address_that_is_none(serve: Serve, connect: Connect, to: Path, masked: list[str], url: str) -> None:
    """Nothing is asked at an address that is not https, nor shown of it."""
    body = b'{"data":{"id":"plan-1","attributes":{"status":"errored","log-read-url":"%s"}}}' % url.encode()
    server = serve(faults=[Fault(path="/plans/", answer=Answer(body=body))])
    with pytest.raises(UnexpectedAnswer, match="without an https address to go to") as caught:
        read_log(connect(server.url), "plan-1", to=to)
    assert "evil" not in str(caught.value)
    assert url in masked


def test_within_the_time(serve: Serve, connect: Connect, clock: Clock, to: Path) -> None:
    """It is not waited for any longer than there is time."""
    server = serve(script=errored(LOG[:3]))
    start = clock()
    with pytest.raises(DeadlineExceeded):
        read_log(connect(server.url, seconds=1.5), server.plan_id, to=to)
    assert clock() - start <= 1.5
