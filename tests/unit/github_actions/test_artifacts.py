"""One file becomes an artifact, whatever gets in between; and no signature or token is shown."""

import hashlib
import io
import json
import math
import os
import re
import socket
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from tfc_plan_comment.errors import ArtifactError, NoArtifactService
from tfc_plan_comment.github_actions.artifacts import BLOCK, HTML, TAR_GZ, Artifact, ArtifactService, FileType
from tfc_plan_comment.http.deadline import Deadline
from tfc_sandbox.artifacts import ArtifactsSandbox, StoredArtifact, runtime_token
from tfc_sandbox.faults import CUT, Answer, Fault

NOW = datetime(2026, 11, 22, 2, 54, tzinfo=UTC)
CREATE, FINALIZE, BLOB = "/CreateArtifact$", "/FinalizeArtifact$", "^/blobs/"

UNUSUAL = "GitHub's artifact service answered 200, but not as it should. Upload the file with actions/upload-artifact."

Serve = Callable[..., ArtifactsSandbox]
Upload = Callable[..., Artifact]


@pytest.fixture
def serve(stack: ExitStack) -> Serve:
    """Starts a loopback artifact service: `serve(strict=..., faults=...)`."""
    return lambda **how: stack.enter_context(ArtifactsSandbox(**how))


@pytest.fixture
def sleeps() -> list[float]:
    """The seconds that the client wanted to sleep."""
    return []


@pytest.fixture
def masked() -> list[str]:
    """Every secret that the log was told to mask."""
    return []


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A file to upload."""
    path = tmp_path / "mocks.tar.gz"
    path.write_bytes(b"\x1f\x8b" + os.urandom(5000))
    return path


@pytest.fixture
def upload(stack: ExitStack, sleeps: list[float], masked: list[str], bundle: Path) -> Upload:
    """Uploads the bundle: `upload(service, name=...)`."""

    def upload(
        server: ArtifactsSandbox,
        *,
        name: str = "mocks",
        file_type: FileType = TAR_GZ,
        token: str | None = None,
        sha256: str | None = None,
        until: float = math.inf,
    ) -> Artifact:
        service = ArtifactService(
            results_url=server.results_url,
            token=token or server.token,
            sleep=sleeps.append,
            now=NOW.timestamp,
            mask=masked.append,
            deadline=Deadline.after(until, lambda: sum(sleeps)),
        )
        sha256 = sha256 or hashlib.sha256(bundle.read_bytes()).hexdigest()
        return stack.enter_context(service).upload(
            bundle,
            name=name,
            named_by="sentinel-mocks-artifact",
            file_type=file_type,
            sha256=sha256,
            retention=timedelta(days=2),
        )

    return upload


def asked(server: ArtifactsSandbox) -> list[str]:
    """What the service was asked, with `*` for the keys of blobs."""
    return [re.sub(r"[0-9a-f]{32}", "*", line) for line in server.requests]


def only(server: ArtifactsSandbox) -> StoredArtifact:
    """The one artifact that there is, complete."""
    (artifact,) = server.artifacts
    assert artifact.finalized
    return artifact


def refused(upload: Upload, server: ArtifactsSandbox, **how: object) -> str:
    """The sentence of the error that an upload gives."""
    with pytest.raises(ArtifactError) as caught:
        upload(server, **how)
    return str(caught.value)


def test_a_raw_file(serve: Serve, upload: Upload, bundle: Path) -> None:
    """It goes up as it is, under a name that says what it is, until the day that was asked for."""
    server = serve()

    uploaded = upload(server)

    assert uploaded == Artifact(id=101, name="mocks.tar.gz", expires_at=NOW + timedelta(days=2))
    stored = only(server)
    assert stored.content == bundle.read_bytes()
    assert (stored.mime_type, stored.version) == ("application/gzip", 7)
    assert stored.expires_at == "2026-11-24T02:54:00.000Z"
    assert stored.digest == f"sha256:{hashlib.sha256(bundle.read_bytes()).hexdigest()}"
    assert asked(server) == [
        "POST CreateArtifact",
        "PUT * block",
        "PUT * blocklist",
        "POST FinalizeArtifact",
    ]


def test_the_suffix_is_not_doubled(serve: Serve, upload: Upload) -> None:
    """A name that ends in it already is left alone."""
    server = serve()

    assert upload(server, name="mocks.tar.gz").name == "mocks.tar.gz"


def test_a_page(serve: Serve, upload: Upload) -> None:
    """An HTML file is told as one, so that a browser shows it."""
    server = serve()

    assert upload(server, name="report", file_type=HTML).name == "report.html"
    assert only(server).mime_type == "text/html"


def test_in_blocks(serve: Serve, upload: Upload, bundle: Path) -> None:
    """A large file goes up in pieces, in order, and is whole at the other end."""
    server = serve()
    bundle.write_bytes(os.urandom(2 * BLOCK + 1))

    upload(server)

    assert asked(server).count("PUT * block") == 3
    assert only(server).content == bundle.read_bytes()


def test_a_service_that_takes_zips_only(serve: Serve, upload: Upload, bundle: Path) -> None:
    """nektos/act and Gitea refuse a raw file; then it goes up in a zip, and their spelling is read."""
    server = serve(strict=True)

    uploaded = upload(server)

    assert (uploaded.id, uploaded.name) == (101, "mocks")
    stored = only(server)
    assert stored.version == 4
    with zipfile.ZipFile(io.BytesIO(stored.content)) as archive:
        assert archive.namelist() == ["mocks.tar.gz"]
        assert archive.read("mocks.tar.gz") == bundle.read_bytes()


def test_a_rerun_replaces_the_artifact(serve: Serve, upload: Upload, bundle: Path) -> None:
    """A name that is taken makes room, whichever job of the run has taken it."""
    server = serve()
    upload(server)
    server.artifacts[0].job_id = "another-job"
    bundle.write_bytes(b"\x1f\x8bnew")

    uploaded = upload(server)

    assert uploaded.id == 102
    assert only(server).content == b"\x1f\x8bnew"
    assert asked(server)[4:8] == [
        "POST CreateArtifact",
        "POST ListArtifacts",
        "POST DeleteArtifact",
        "POST CreateArtifact",
    ]


def test_a_lost_answer(serve: Serve, upload: Upload) -> None:
    """An artifact that was created without our knowing is in nobody's way."""
    server = serve(lost_answers=[Fault(path=CREATE, answer=CUT, times=1)])

    assert upload(server).id == 102
    assert only(server).id == 102


@pytest.mark.parametrize("path", [CREATE, BLOB, FINALIZE])
@pytest.mark.parametrize(
    "answer", [CUT, Answer(status=429), Answer(status=500), Answer(status=502), Answer(status=503), Answer(status=504)]
)
def test_troubles_that_pass(serve: Serve, upload: Upload, sleeps: list[float], path: str, answer: Answer) -> None:
    """A cut connection, a rate limit and a server's error are tried again, with longer and longer waits."""
    server = serve(faults=[Fault(path=path, answer=answer, times=4)])

    upload(server)

    assert only(server).content
    assert [3 * 1.5**attempt <= wait <= 3.6 * 1.5**attempt for attempt, wait in enumerate(sleeps)] == [True] * 4


TOO_LATE = "Cannot upload the artifact mocks: GitHub's artifact service did not take it in time. Run the job again."


@pytest.mark.parametrize("path", [CREATE, BLOB, FINALIZE])
def test_troubles_that_take_too_long(serve: Serve, upload: Upload, sleeps: list[float], path: str) -> None:
    """Who does not wait for ever does not wait for another try that would come too late."""
    server = serve(faults=[Fault(path=path, answer=Answer(status=503))])
    assert refused(upload, server, until=7.0) == TOO_LATE
    assert len(sleeps) == 1


def test_no_time_at_all(serve: Serve, upload: Upload) -> None:
    """Then nothing is asked."""
    server = serve()
    assert refused(upload, server, until=0.0) == TOO_LATE
    assert server.requests == []


def test_a_service_that_says_nothing(serve: Serve, upload: Upload) -> None:
    """It is not waited for longer than there is time."""
    server = serve()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server.results_url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert refused(upload, server, until=0.01) == TOO_LATE


def test_a_socks_proxy(serve: Serve, upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named by its variable, without what stands in it."""
    for name in ("HTTPS_PROXY", "https_proxy", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", "socks5://user:s3cret@127.0.0.1:1080")
    server = serve()
    server.results_url = "https://results.example.com/"

    assert refused(upload, server) == (
        "Cannot upload the artifact mocks: the variable ALL_PROXY names a SOCKS proxy, which is not supported. "
        "Name an http:// or https:// proxy in it, or except the host in NO_PROXY."
    )


def test_cut_in_the_middle(serve: Serve, upload: Upload, bundle: Path) -> None:
    """A block whose answer is lost is sent again, and is in the file once."""
    server = serve(lost_answers=[Fault(path=BLOB, answer=CUT, times=2)])
    bundle.write_bytes(os.urandom(2 * BLOCK + 1))

    upload(server)

    assert asked(server).count("PUT * block") == 5
    assert only(server).content == bundle.read_bytes()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            Fault(path=CREATE, answer=Answer(status=403, body=b'{"code":"permission_denied","msg":"no"}')),
            "GitHub's artifact service answered 403: the runner's token is not valid (any more). Run the job again.",
        ),
        (
            Fault(path=CREATE, answer=Answer(status=404, body=b'{"code":"bad_route","msg":"no"}')),
            "GitHub's artifact service answered 404: it is not there. Upload the file with actions/upload-artifact.",
        ),
        (
            Fault(path=CREATE, answer=Answer(status=403, body=b'{"msg":"insufficient usage to create artifact"}')),
            (
                "GitHub's artifact service answered 403: the storage for artifacts is used up. "
                "Delete artifacts, or buy storage."
            ),
        ),
        (
            Fault(path=CREATE, answer=Answer(status=409, body=b'{"code":"already_exists"}')),
            (
                "GitHub's artifact service answered 409: there is an artifact of that name, and it could not be "
                "replaced. Set the input sentinel-mocks-artifact to another name."
            ),
        ),
        (
            Fault(path=CREATE, answer=Answer(status=503)),
            "GitHub's artifact service answered 503. Run the job again later.",
        ),
        (
            Fault(path=CREATE, answer=Answer(status=200, body=b"<html>")),
            UNUSUAL,
        ),
        (
            Fault(path=CREATE, answer=Answer(status=200, body=b'{"ok":false}')),
            UNUSUAL,
        ),
        (
            Fault(path=CREATE, answer=Answer(status=200, body=b'{"ok":true,"signed_upload_url":"ftp://x/?sig=abcd"}')),
            UNUSUAL,
        ),
        (
            Fault(path=BLOB, answer=Answer(status=403, body=b"AuthenticationFailed")),
            "the storage behind GitHub's artifact service answered 403. Run the job again.",
        ),
        (
            Fault(path=FINALIZE, answer=CUT),
            (
                "GitHub's artifact service does not answer (ConnectionError). "
                "Check that the runner can reach it, or run the job again later."
            ),
        ),
    ],
)
def test_what_is_refused(serve: Serve, upload: Upload, fault: Fault, sentence: str) -> None:
    """Each refusal says what to do, and repeats no text of the service."""
    server = serve(faults=[fault])

    assert refused(upload, server) == f"Cannot upload the artifact mocks: {sentence}"


def test_a_name_that_cannot_be_freed(serve: Serve, upload: Upload) -> None:
    """Where the earlier artifact cannot be deleted, another name helps."""
    answer = Answer(status=404, body=b'{"code":"not_found","msg":"no"}')
    server = serve(faults=[Fault(path="/DeleteArtifact$", answer=answer)])
    upload(server)

    assert "there is an artifact of that name, and it could not be replaced" in refused(upload, server)


@pytest.mark.parametrize(
    "token",
    [
        "opaque",
        "a.e30.c",
        "a.%%%.c",
        "a.W10.c",
        "a.eyJzY3AiOjF9.c",
        runtime_token("a:b", "c"),
        "a.eyJzY3AiOiJBY3Rpb25zLkdlbmVyaWNSZWFkOjEyIn0.c",
    ],
)
def test_a_token_for_no_job(serve: Serve, upload: Upload, token: str) -> None:
    """A token that says nothing of a job is none of an artifact service, and nothing is asked for."""
    server = serve()

    with pytest.raises(NoArtifactService) as raised:
        upload(server, token=token)

    assert str(raised.value) == (
        "Cannot upload the artifact mocks: there is no artifact service, for the runner's token does not say for which "
        "job it is. Upload the file with actions/upload-artifact."
    )
    assert server.requests == []


@pytest.mark.parametrize("body", [b"<html>Not Found</html>", b"", b"{}", b"404"])
def test_a_server_without_the_service(serve: Serve, upload: Upload, body: bytes) -> None:
    """A page that is not there is no answer of Twirp's, which has an error in JSON for what it does not know."""
    server = serve(faults=[Fault(path=CREATE, answer=Answer(status=404, body=body))])

    with pytest.raises(NoArtifactService) as raised:
        upload(server)

    assert str(raised.value) == (
        "Cannot upload the artifact mocks: there is no artifact service, for what the runner names as such answered "
        "404. Upload the file with actions/upload-artifact."
    )


@pytest.mark.parametrize("how", [{}, {"strict": True}], ids=["raw", "zipped"])
def test_a_file_that_changes(serve: Serve, upload: Upload, how: dict[str, bool]) -> None:
    """What is uploaded is what was looked at, or nothing."""
    server = serve(**how)

    assert refused(upload, server, sha256="0" * 64) == (
        "Cannot upload the artifact mocks: the file has changed since it was looked at. Run the job again."
    )
    assert not any(artifact.finalized for artifact in server.artifacts)


def test_a_file_that_is_gone(serve: Serve, upload: Upload, bundle: Path) -> None:
    """A file that cannot be read is a sentence too."""
    server = serve()
    sha256 = hashlib.sha256(bundle.read_bytes()).hexdigest()
    bundle.unlink()

    assert refused(upload, server, sha256=sha256) == (
        "Cannot upload the artifact mocks: the file cannot be read (No such file or directory). Check the disk."
    )


def test_secrets(serve: Serve, upload: Upload, masked: list[str]) -> None:
    """The token is masked first, then the signature as it is and as it stands in the URL; no token goes to the blob."""
    server = serve()

    upload(server)

    assert masked[0] == server.token
    assert server.signatures[0] in masked
    assert quote(server.signatures[0], safe="") in masked
    assert server.leaks == []


def test_no_netrc(serve: Serve, upload: Upload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A netrc entry for the host replaces no token of ours, and follows us nowhere."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = serve()

    upload(server)

    assert only(server).content
    assert server.leaks == []


def test_a_ca_bundle_that_is_not_there(serve: Serve, upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said of the environment's variables, not of the file to upload."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file.pem")
    server = serve()
    server.results_url = server.results_url.replace("http://", "https://")

    assert refused(upload, server) == (
        "Cannot upload the artifact mocks: REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names a file that is not in the"
        " action's container. Unset it, or give a file of the workspace in the input ca-bundle."
    )


def test_the_loopback_service_is_strict(serve: Serve) -> None:
    """It refuses what the real one refuses, so that a test can fail."""
    server = serve()
    service = f"{server.results_url.removesuffix('/ignored/')}/twirp/github.actions.results.api.v1.ArtifactService"
    ids = {"workflow_run_backend_id": "ce7f54c7-61c7-4aae-887f-30da475f5f1a", "workflow_job_run_backend_id": "j"}

    def call(method: str, token: str = server.token, **fields: object) -> int:
        return requests.post(
            f"{service}/{method}",
            data=json.dumps({**ids, **fields}),
            headers={"Authorization": f"Bearer {token}"},
            timeout=5,
        ).status_code

    assert call("CreateArtifact", token="other", name="a", version=7) == 401
    assert call("CreateArtifact", name="a/b", version=7) == 400
    assert call("CreateArtifact", name="a", version=7, workflow_run_backend_id="other") == 403
    assert call("NoSuchMethod") == 404
    assert call("CreateArtifact", name="a", version=7) == 200
    assert call("CreateArtifact", name="a", version=7) == 409
    assert call("FinalizeArtifact", name="a", size="1", hash="sha256:0") == 400
    assert call("FinalizeArtifact", name="b", size="1") == 404
    assert call("GetSignedArtifactURL", name="b") == 404
    blob = f"{server.results_url.removesuffix('/ignored/')}/blobs/{server.artifacts[0].key}"
    assert requests.put(f"{blob}?sig=forged&comp=block&blockid=a", timeout=5).status_code == 403
    assert requests.get(f"{blob}?sig=forged", timeout=5).status_code == 403
    signed = {"sig": server.signatures[0]}
    headers = {"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}
    block = {**signed, "comp": "block", "blockid": "a"}
    assert requests.put(blob, params=block, data=b"x", headers=headers, timeout=5).status_code == 400
    unknown = b"<BlockList><Latest>b</Latest></BlockList>"
    assert requests.put(blob, params={**signed, "comp": "blocklist"}, data=unknown, timeout=5).status_code == 400
    assert requests.put(blob, params=signed, data=b"whole", timeout=5).status_code == 201
    assert server.artifacts[0].content == b"whole"
