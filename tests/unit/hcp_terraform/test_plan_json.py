"""The plan JSON: which one, what is tried again, and what is never left behind."""

import gzip
import json
import os
import resource
import subprocess
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest
from flask import Response

from tfc_plan_comment.errors import (
    ActionError,
    DeadlineExceeded,
    DownloadFailed,
    PlanJsonRefused,
    PlanJsonUnsupported,
    UnexpectedAnswer,
)
from tfc_plan_comment.hcp_terraform.plan_json import Output, download
from tfc_plan_comment.hcp_terraform.plans import read_plan
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.http.deadline import Deadline
from tfc_sandbox.archivist import Received
from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import CUT, PLAIN_TEXT_ERROR, TERRAFORM_TOO_OLD, TRUNCATED, Answer, Fault
from tfc_sandbox.hcp_terraform import (
    ADMIN_TOKEN,
    ORGANIZATION_TOKEN,
    READ_TOKEN,
    WRITE_TOKEN,
    HcpTerraformSandbox,
    Storage,
)
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]

BOTH = (Output.FULL, Output.REDACTED)
FINISHED = Script(plan_statuses=("finished",))
ERRORED = Script(plan_statuses=("errored",))
JSON_OUTPUT = "/json-output$"
BLOB = "/v1/object/"


def raw_deflate(content: bytes) -> bytes:
    """Deflate without the zlib format around it, which some servers send as deflate (RFC 9110, section 8.4.1.2)."""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(content) + compressor.flush()


COMPRESSED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "another name for gzip": ("X-GZip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "gzip twice": ("gzip, gzip", lambda content: gzip.compress(gzip.compress(content))),
    "gzip, then deflate": ("gzip, deflate", lambda content: zlib.compress(gzip.compress(content))),
}
"""Content-Encoding, and what makes the body, by what it is called here."""


class Fetch(Protocol):
    """Reads the server's plan, then its JSON."""

    def __call__(
        self,
        server: HcpTerraformSandbox,
        *,
        token: str = ...,
        outputs: Sequence[Output] = ...,
        max_bytes: int = ...,
        seconds: int = ...,
    ) -> Output | None:
        """What `download` returns."""


@pytest.fixture
def notes() -> list[str]:
    """What the user was told."""
    return []


@pytest.fixture
def to(tmp_path: Path) -> Path:
    """Where the plan JSON goes: alone in its directory, so that what is left behind can be seen."""
    (tmp_path / "download").mkdir()
    return tmp_path / "download" / "plan.json"


@pytest.fixture
def fetch(connect: Connect, to: Path, notes: list[str]) -> Fetch:
    """Downloads, within a minute unless it is told otherwise."""

    def fetch(
        server: HcpTerraformSandbox,
        *,
        token: str = ADMIN_TOKEN,
        outputs: Sequence[Output] = BOTH,
        max_bytes: int = 10_000,
        seconds: int = 60,
    ) -> Output | None:
        session = connect(server.url, token=token)
        plan = read_plan(session, server.plan_id)
        return download(
            session.until(Deadline.after(seconds, session.clock)),
            plan,
            outputs=outputs,
            to=to,
            note=notes.append,
            progress=notes.append,
            max_bytes=max_bytes,
        )

    return fetch


def asked_for(server: HcpTerraformSandbox) -> list[str]:
    """The last parts of the paths that were asked for after the plan itself."""
    return [_last_part(received) for received in server.requests[1:]]


def _last_part(received: Received) -> str:
    return received.path.rpartition("/")[2]


class TestAccess:
    """Full, redacted, or what the token may read."""

    @pytest.mark.parametrize("outputs", [BOTH, [Output.FULL]])
    @pytest.mark.parametrize("storage", list(Storage))
    def test_full(self, serve: Serve, fetch: Fetch, to: Path, outputs: Sequence[Output], storage: Storage) -> None:
        """With admin access the full plan JSON lands in the file, byte for byte, wherever it is stored."""
        plan = json.dumps({"format_version": "1.2", "resource_changes": ["ä" * 3000]}).encode()
        server = serve(plan, script=FINISHED, storage=storage)

        assert fetch(server, outputs=outputs, max_bytes=len(plan)) == Output.FULL
        assert plan == to.read_bytes()
        assert [to] == list(to.parent.iterdir())
        assert to.stat().st_mode & 0o777 == 0o600

    def test_nothing_to_say(self, serve: Serve, fetch: Fetch, notes: list[str]) -> None:
        """Nothing is said where nothing is unusual, and one request finds the JSON."""
        server = serve(script=FINISHED)

        fetch(server)

        assert notes == []
        assert asked_for(server) == ["json-output"]

    @pytest.mark.parametrize("token", [WRITE_TOKEN, READ_TOKEN, ORGANIZATION_TOKEN])
    def test_falls_back(self, serve: Serve, fetch: Fetch, to: Path, notes: list[str], token: str) -> None:
        """Without admin access, auto reads the redacted one and says so."""
        server = serve(script=FINISHED)

        assert fetch(server, token=token) == Output.REDACTED
        assert "plan_format_version" in json.loads(to.read_bytes())
        (note,) = notes
        assert (
            f"Reading the redacted plan JSON, because the token may not read the full one: {server.url[7:]} answered"
            " 404 (not found). The token can read the plan, but the full plan JSON needs a user or team token with"
            " admin access to the workspace."
        ) == note

    @pytest.mark.parametrize("status", [401, 403, 404])
    def test_any_refusal_falls_back(self, serve: Serve, fetch: Fetch, status: int) -> None:
        """Whatever status the refusal has: the same token could read the plan a moment ago."""
        server = serve(script=FINISHED, faults=[Fault(path=JSON_OUTPUT, answer=Answer(status=status))])

        downloaded = fetch(server)

        assert downloaded is not None
        assert downloaded is Output.REDACTED

    def test_redacted(self, serve: Serve, fetch: Fetch) -> None:
        """Redacted asks for nothing else."""
        server = serve(script=FINISHED)

        assert fetch(server, outputs=[Output.REDACTED]) == Output.REDACTED
        assert asked_for(server) == ["json-output-redacted"]

    def test_full_refused(self, serve: Serve, fetch: Fetch, to: Path) -> None:
        """Full that is refused says which right is missing and which input helps."""
        server = serve(script=FINISHED)

        with pytest.raises(PlanJsonRefused) as caught:
            fetch(server, token=READ_TOKEN, outputs=[Output.FULL])

        assert (
            f"Cannot read the JSON of plan {server.plan_id}: {server.url.removeprefix('http://')} answered 404"
            " (not found). The token can read the plan, but the full plan JSON needs a user or team token with admin"
            " access to the workspace. Use such a token, or set plan-access: redacted."
        ) == str(caught.value)
        assert list(to.parent.iterdir()) == []

    def test_both_refused(self, serve: Serve, fetch: Fetch) -> None:
        """A server without a redacted plan JSON leaves only the full one."""
        server = serve(script=FINISHED, faults=[Fault(path="/json-output-redacted$", answer=Answer(status=404))])

        with pytest.raises(PlanJsonRefused) as caught:
            fetch(server, token=READ_TOKEN)

        assert (
            f"Cannot read the JSON of plan {server.plan_id}: {server.url.removeprefix('http://')} answered 404 to the"
            " request for the redacted plan JSON, though the token can read the plan. Use a token with admin access"
            " to the workspace, and set plan-access: full."
        ) == str(caught.value)

    @pytest.mark.parametrize(("outputs", "oldest"), [([Output.FULL], "0.12"), ([Output.REDACTED], "0.15.2")])
    def test_too_old(self, serve: Serve, fetch: Fetch, outputs: Sequence[Output], oldest: str) -> None:
        """A Terraform that is too old for the JSON is named as the reason."""
        server = serve(script=FINISHED, faults=[Fault(path="/json-output", answer=TERRAFORM_TOO_OLD)])

        with pytest.raises(PlanJsonUnsupported) as caught:
            fetch(server, outputs=outputs)

        assert (
            f"Cannot read the JSON of plan {server.plan_id}: {server.url.removeprefix('http://')} answered 422"
            " (unsupported"
            f" terraform version): the workspace's Terraform is older than {oldest}. Use a newer Terraform in"
            " the workspace."
        ) == str(caught.value)

    def test_other_refusals(self, serve: Serve, fetch: Fetch) -> None:
        """Any other status ends it with what the server said."""
        server = serve(script=FINISHED, faults=[Fault(path="/json-output", answer=PLAIN_TEXT_ERROR)])

        with pytest.raises(UnexpectedAnswer, match=r"answered 400 \(the include parameter is wrong\)\."):
            fetch(server)


class TestNotYet:
    """204."""

    def test_a_short_grace(self, serve: Serve, fetch: Fetch, clock: Clock) -> None:
        """The JSON may lag behind the status for three tries."""
        server = serve(script=Script(plan_statuses=("finished",), not_yet=3))

        assert fetch(server) == Output.FULL
        assert clock.sleeps == [1, 2, 3]

    def test_for_ever(self, serve: Serve, fetch: Fetch, to: Path) -> None:
        """204 after that is no "not yet" any more: the plan cannot become more finished."""
        server = serve(script=Script(plan_statuses=("finished",), not_yet=1000))

        with pytest.raises(UnexpectedAnswer) as caught:
            fetch(server)

        assert (
            f"Cannot read the JSON of plan {server.plan_id}: the plan is finished, but"
            f" {server.url.removeprefix('http://')}"
            " still has no JSON of it after 4 tries (204). Try again later, or start a new run."
        ) == str(caught.value)
        assert list(to.parent.iterdir()) == []


class TestPlanThatFailed:
    """Errored, canceled, unreachable."""

    @pytest.mark.parametrize("status", ["canceled", "unreachable"])
    def test_no_attempt(self, serve: Serve, fetch: Fetch, status: str) -> None:
        """A plan that never ran to its end has no JSON, and none is asked for."""
        server = serve(script=Script(plan_statuses=(status,)))

        assert fetch(server) is None
        assert asked_for(server) == []

    def test_errored_with_json(self, serve: Serve, fetch: Fetch, to: Path) -> None:
        """An errored plan may have a JSON all the same."""
        answer = Answer(body=b'{"errored":true}', content_type="application/json")
        server = serve(script=ERRORED, faults=[Fault(path=JSON_OUTPUT, answer=answer)])

        assert fetch(server) == Output.FULL
        assert to.read_bytes() == b'{"errored":true}'

    @pytest.mark.parametrize("answer", [Answer(status=404), Answer(status=403), Answer(status=204)])
    @pytest.mark.parametrize("outputs", [BOTH, [Output.FULL], [Output.REDACTED]])
    def test_errored_without(
        self, serve: Serve, fetch: Fetch, notes: list[str], answer: Answer, outputs: Sequence[Output]
    ) -> None:
        """One without a JSON is no further error: one document is asked for, and nothing is said of the token."""
        server = serve(script=ERRORED, faults=[Fault(path="/json-output", answer=answer)])

        assert fetch(server, outputs=outputs) is None
        assert asked_for(server) == [outputs[0]]
        assert notes == ["HCP Terraform gave no plan JSON of the failed plan."]

    def test_errored_of_an_old_terraform(self, serve: Serve, fetch: Fetch, notes: list[str]) -> None:
        """Where the server says more, so do we."""
        server = serve(script=ERRORED, faults=[Fault(path="/json-output", answer=TERRAFORM_TOO_OLD)])

        assert fetch(server) is None
        assert notes[-1].startswith(
            "HCP Terraform gave no plan JSON of the failed plan. Cannot read the JSON of plan plan-"
        )


class TestBrokenDownloads:
    """A fresh temporary URL for each try."""

    @pytest.mark.parametrize(
        "answer", [TRUNCATED, CUT, Answer(status=403), Answer(status=500)], ids=["truncated", "cut", "403", "500"]
    )
    def test_fresh_urls(self, serve: Serve, fetch: Fetch, to: Path, masked: list[str], answer: Answer) -> None:
        """A download that breaks is tried five times more, each time with a URL of its own, all of them masked."""
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=answer, times=5)])

        assert fetch(server) == Output.FULL
        assert to.read_bytes()[:17] == b'{"format_version"'
        urls = [received.path for received in server.archivist.requests]
        assert len(set(urls)) == 6
        assert set(urls) <= set(masked)
        assert [to] == list(to.parent.iterdir())

    def test_expired(self, serve: Serve, connect: Connect, to: Path, clock: Clock) -> None:
        """A URL that has expired before it is used is replaced by a fresh one."""
        server = serve(script=FINISHED)
        slow = [61.0]

        def mask(secret: str) -> None:
            if "/v1/object/" in secret and slow:  # the moment between the redirect and the request for the blob
                clock.sleep(slow.pop())

        session = connect(server.url, mask=mask)
        plan = read_plan(session, server.plan_id)
        download(
            session,
            plan,
            outputs=[Output.FULL],
            to=to,
            note=print,
            progress=print,
            max_bytes=10_000,
        )

        assert to.exists()
        assert len(server.archivist.requests) == 2

    @pytest.mark.parametrize(
        ("answer", "did"),
        [
            (TRUNCATED, r"broke off \([\w ]+\)"),
            (CUT, r"did not answer \([\w ]+\)"),
            (Answer(status=403), "answered 403"),
        ],
        ids=["truncated", "cut", "403"],
    )
    def test_for_ever(self, serve: Serve, fetch: Fetch, to: Path, answer: Answer, did: str) -> None:
        """The sixth URL that breaks is the last one; no half of a plan is left, and no URL is in the message."""
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=answer)])

        with pytest.raises(
            DownloadFailed, match=rf"^Cannot read the JSON of plan {server.plan_id}: \S+ {did}\. If the"
        ):
            fetch(server)

        assert len(server.archivist.requests) == 6
        assert list(to.parent.iterdir()) == []

    def test_truncated_inline(self, serve: Serve, fetch: Fetch, to: Path) -> None:
        """What the API sends itself is checked in the same way."""
        server = serve(
            script=FINISHED, storage=Storage.INLINE, faults=[Fault(path=JSON_OUTPUT, answer=TRUNCATED, times=1)]
        )

        assert fetch(server) == Output.FULL
        assert to.read_bytes()[:23] == b'{"format_version":"1.2"'

    def test_deadline(self, serve: Serve, fetch: Fetch) -> None:
        """Trying again ends with the time that is left."""
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=Answer(status=500))])

        with pytest.raises(DeadlineExceeded) as caught:
            fetch(server, seconds=2)

        assert (
            f"Cannot read the JSON of plan {server.plan_id}: there is no time left. Raise the input timeout."
        ) == str(caught.value)
        assert len(server.archivist.requests) == 2

    def test_deadline_within_the_body(self, fetch: Fetch, to: Path, clock: Clock) -> None:
        """So does a download that goes on and on."""

        class Slow(HcpTerraformSandbox):
            """Takes two minutes for the JSON."""

            def _receive(self) -> Response | None:
                received = super()._receive()
                if self.requests[-1].path.endswith("/json-output"):
                    clock.sleep(120)
                return received

        with Slow(b"{}" + b" " * 73, script=FINISHED, storage=Storage.INLINE, clock=clock) as server:
            with pytest.raises(DeadlineExceeded) as caught:
                fetch(server)

            assert str(caught.value) == (
                f"Cannot read the JSON of plan {server.plan_id}: the time is up after 75 bytes. Raise the input"
                " timeout."
            )
        assert list(to.parent.iterdir()) == []

    def test_a_body_that_trickles(self, fetch: Fetch, to: Path, clock: Clock) -> None:
        """It is given up on time, however little of it has come."""
        given_up = threading.Event()

        class Slow(HcpTerraformSandbox):
            """Sends two bytes of the JSON in two minutes, and then none before the client gives up."""

            def _receive(self) -> Response | None:
                received = super()._receive()
                if not self.requests[-1].path.endswith("/json-output"):
                    return received
                return Response(self._trickle(), headers={"Content-Length": "1000"})

            def _trickle(self) -> Iterator[bytes]:
                yield b"{"
                clock.sleep(120)
                yield b" "
                given_up.wait(20)

        with Slow(b"{}", script=FINISHED, storage=Storage.INLINE, clock=clock) as server:
            with pytest.raises(DeadlineExceeded, match=r"the time is up after [12] bytes\. Raise the input timeout"):
                fetch(server)
            given_up.set()

        assert list(to.parent.iterdir()) == []


class TestSize:
    """What is too large for us."""

    def test_too_large(self, serve: Serve, fetch: Fetch, to: Path) -> None:
        """A body that says that it is beyond the limit is not read, nor tried again, nor kept."""
        size = {"Content-Length": "3000000000"}  # to read so much of the short body would fail in another way
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=Answer(body=b"{}", headers=size))])

        with pytest.raises(UnexpectedAnswer) as caught:
            fetch(server, max_bytes=2_000_000_000)

        assert str(caught.value) == (
            f"Cannot read the JSON of plan {server.plan_id}: it has 3,000,000,000 bytes, and the limit is"
            " 2,000,000,000. Raise the input max-plan-size."
        )
        assert len(server.archivist.requests) == 1
        assert list(to.parent.iterdir()) == []

    def test_just_fits(self, serve: Serve, fetch: Fetch, to: Path) -> None:
        """The limit itself is allowed."""
        server = serve(b"x" * 2000, script=FINISHED)

        fetch(server, max_bytes=2000)

        assert to.stat().st_size == 2000

    @pytest.mark.parametrize("name", COMPRESSED)
    def test_compressed(self, serve: Serve, fetch: Fetch, to: Path, name: str) -> None:
        """A compressed body is decompressed, whatever its name for it is, and once for each time."""
        encoding, compress = COMPRESSED[name]
        answer = Answer(body=compress(b'{"a":1}'), headers={"Content-Encoding": encoding})
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=answer)])

        assert fetch(server) == Output.FULL
        assert to.read_bytes() == b'{"a":1}'

    @pytest.mark.parametrize("name", COMPRESSED)
    def test_bomb(self, serve: Serve, fetch: Fetch, to: Path, name: str) -> None:
        """A small body that becomes a large one meets the same limit, and never stands in memory as a whole."""
        encoding, compress = COMPRESSED[name]
        answer = Answer(body=compress(bytes(50_000_000)), headers={"Content-Encoding": encoding})
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=answer)])

        tracemalloc.start()
        try:
            with pytest.raises(UnexpectedAnswer) as caught:
                fetch(server, max_bytes=40_000_000)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

        assert str(caught.value) == (
            f"Cannot read the JSON of plan {server.plan_id}: it has more than 40,000,000 bytes, which is the limit."
            " Raise the input max-plan-size."
        )
        assert most < 20_000_000  # of which the connection takes about half
        assert list(to.parent.iterdir()) == []

    def test_bomb_within_bombs(self, serve: Serve, fetch: Fetch, to: Path) -> None:
        """What is compressed more often than anybody would is a broken download."""
        answer = Answer(body=b"", headers={"Content-Encoding": ", ".join(["gzip"] * 100)})
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=answer)])

        with pytest.raises(DownloadFailed, match=r"broke off \(DecodeError\)"):
            fetch(server)

        assert list(to.parent.iterdir()) == []

    @pytest.mark.parametrize(("encoding", "named"), [("br", "br"), ("zstd", "zstd"), ("gzip, BR", "br")])
    def test_compressed_unasked(self, serve: Serve, fetch: Fetch, to: Path, encoding: str, named: str) -> None:
        """What we did not say that we can decompress is not taken for the plan as it is."""
        answer = Answer(body=b"\x8b\x01\x80{}\x03", headers={"Content-Encoding": encoding})
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=answer)])

        with pytest.raises(UnexpectedAnswer) as caught:
            fetch(server)

        host = server._blob_url.removeprefix("http://")
        assert str(caught.value) == (
            f"Cannot read the JSON of plan {server.plan_id}: {host} compressed it as {named}, unasked."
            " Check that no proxy in between compresses what it lets through."
        )
        assert server.archivist.requests[0].headers["Accept-Encoding"] == "gzip, deflate"
        assert list(to.parent.iterdir()) == []

    def test_rubbish(self, serve: Serve, fetch: Fetch) -> None:
        """A body that is not what its Content-Encoding says is a broken download."""
        answer = Answer(body=b"not gzip", headers={"Content-Encoding": "gzip"})
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=answer)])

        with pytest.raises(DownloadFailed, match=r"broke off \(\w+\)"):
            fetch(server)


class TestFile:
    """The file itself."""

    def test_no_directory(self, serve: Serve, fetch: Fetch, to: Path) -> None:
        """A directory that is not there is a sentence."""
        to.parent.rmdir()
        server = serve(script=FINISHED)

        with pytest.raises(ActionError) as caught:
            fetch(server)

        assert (
            f"Cannot read the JSON of plan {server.plan_id}: {str(to)!r} cannot be written (No such file or directory)."
            " Check the disk and the directory."
        ) == str(caught.value)

    def test_the_disk_is_full(self, serve: Serve, fetch: Fetch, to: Path) -> None:
        """On a file system without room for the plan the error says so, and the room is given back."""
        mounted = subprocess.run(  # noqa: S603 (a fixed command)
            ["/bin/mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(to.parent)], check=False, capture_output=True
        )
        if mounted.returncode:
            pytest.skip("only root may mount a small tmpfs")
        try:
            server = serve(b"x" * 1_000_000, script=FINISHED)
            with pytest.raises(ActionError) as caught:
                fetch(server, max_bytes=2_000_000)
            assert list(to.parent.iterdir()) == []
        finally:
            subprocess.run(["/bin/umount", str(to.parent)], check=True)  # noqa: S603 (a fixed command)

        assert str(caught.value) == (
            f"Cannot read the JSON of plan {server.plan_id}: {str(to)!r} cannot be written (No space left on device)."
            " Check the disk and the directory."
        )
        assert len(server.archivist.requests) == 1

    def test_no_file_may_be_so_large(self, serve: Serve, fetch: Fetch, to: Path) -> None:
        """The same where only the process is limited, which everybody can try."""
        server = serve(os.urandom(1_000_000), script=FINISHED)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))  # Python ignores SIGXFSZ and raises OSError
        try:
            with pytest.raises(ActionError) as caught:
                fetch(server, max_bytes=2_000_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

        assert str(caught.value).endswith("cannot be written (File too large). Check the disk and the directory.")
        assert list(to.parent.iterdir()) == []

    def test_replaces(self, serve: Serve, fetch: Fetch, to: Path) -> None:
        """What an earlier run has left is replaced as a whole."""
        to.write_bytes(b"x" * 9000)
        server = serve(script=FINISHED)

        assert fetch(server) == Output.FULL
        assert to.read_bytes()[:17] == b'{"format_version"'
