"""Our artifact client, GitHub's official one, and Microsoft's blob server understand each other.

The loopback artifact service stands between them, so it is held to the official client as well.
"""

import base64
import hashlib
import json
import math
import os
import re
import secrets
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tfc_plan_comment.github_actions.artifacts import BLOCK, TAR_GZ, Artifact, ArtifactService
from tfc_plan_comment.http.deadline import Deadline
from tfc_sandbox.artifacts import ArtifactsSandbox
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.mock_bundle import mock_bundle

pytestmark = [pytest.mark.peers, pytest.mark.timeout(120)]

Official = Callable[..., dict[str, Any]]
Ours = Callable[..., Artifact]

SMALL = mock_bundle(b'{"terraform_version":"1.13.4"}', run_id="run-1", workspace="prod")
LARGE = b"\x1f\x8b" + bytes(range(256)) * (2 * BLOCK // 256) + b"the end"


@dataclass(frozen=True, kw_only=True, slots=True)
class Azurite:
    """Microsoft's blob server, running."""

    endpoint: str
    account: str
    key: str
    script: Path

    def sign(self, blob: str, permissions: str) -> str:
        """A signed URL of a blob, made by Microsoft's library."""
        command = ["node", str(self.script), self.endpoint, self.account, blob, permissions]
        environment = {**os.environ, "ACCOUNT_KEY": self.key}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own script
        return done.stdout.strip()


@pytest.fixture(scope="session")
def azurite(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    """An Azurite with an account of its own, in memory."""
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    options = "--blobHost 127.0.0.1 --blobPort 0 --inMemoryPersistence --disableTelemetry --skipApiVersionCheck"
    process = subprocess.Popen(  # noqa: S603 - our own command
        [str(node_modules / ".bin/azurite-blob"), *options.split()],
        cwd=tmp_path_factory.mktemp("azurite"),
        env={**os.environ, "AZURITE_ACCOUNTS": f"sandbox:{key}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            assert process.stdout
            found = (re.search(r"successfully listens on (\S+)", line) for line in process.stdout)
            endpoint = next(each[1] for each in found if each)
            script = node_modules.parent / "sign-blob-url.mjs"
            yield Azurite(endpoint=endpoint, account="sandbox", key=key, script=script)
        finally:
            process.terminate()


@pytest.fixture(params=["our own blobs", "azurite"])
def service(request: pytest.FixtureRequest) -> Iterator[ArtifactsSandbox]:
    """The loopback service, with its own blob store and with Microsoft's."""
    sign = request.getfixturevalue("azurite").sign if request.param == "azurite" else None
    with ArtifactsSandbox(sign=sign) as sandbox:
        yield sandbox


@pytest.fixture
def official(node_modules: Path, service: ArtifactsSandbox, tmp_path: Path) -> Official:
    """GitHub's official client: `official("upload", path, "mocks", "raw")`."""

    def official(*arguments: object) -> dict[str, Any]:
        environment = {
            **os.environ,
            "ACTIONS_RESULTS_URL": service.results_url,
            "ACTIONS_RUNTIME_TOKEN": service.token,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_WORKSPACE": str(tmp_path),
        }
        command = ["node", str(node_modules.parent / "artifact-client.mjs"), *map(str, arguments)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own script
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    return official


@pytest.fixture
def ours(service: ArtifactsSandbox) -> Iterator[Ours]:
    """Our client: `ours(path, name="mocks")`."""
    with ExitStack() as stack:

        def ours(path: Path, name: str = "mocks") -> Artifact:
            client = ArtifactService(
                results_url=service.results_url,
                token=service.token,
                sleep=lambda _: None,
                now=lambda: 1_790_000_000.0,
                mask=lambda _: None,
                deadline=Deadline.after(math.inf, lambda: 0.0),
            )
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            return stack.enter_context(client).upload(
                path,
                name=name,
                named_by="sentinel-mocks-artifact",
                file_type=TAR_GZ,
                sha256=sha256,
                retention=timedelta(days=1),
            )

        yield ours


def digest(content: bytes) -> str:
    """As the service has it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["one block", "three blocks"])
def test_the_official_client_downloads_what_we_upload(
    official: Official, ours: Ours, tmp_path: Path, content: bytes
) -> None:
    """Byte for byte, with the digest that we have given; it lists it by its name and size."""
    (tmp_path / "mocks.tar.gz").write_bytes(content)

    uploaded = ours(tmp_path / "mocks.tar.gz")
    downloaded = official("download", uploaded.id, tmp_path / "down", digest(content))

    assert downloaded["digestMismatch"] is False
    (file,) = (tmp_path / "down").iterdir()
    assert file.read_bytes() == content
    (listed,) = official("list")["artifacts"]
    assert (listed["name"], listed["size"], listed["digest"]) == ("mocks.tar.gz", len(content), digest(content))


def test_the_official_client_downloads_our_zip(
    official: Official, ours: Ours, service: ArtifactsSandbox, tmp_path: Path
) -> None:
    """Where a service takes zips only, the official client unpacks ours."""
    service.misbehave(faults=[Fault(path="/CreateArtifact$", answer=Answer(status=400, body=b"{}"), times=1)])
    (tmp_path / "mocks.tar.gz").write_bytes(SMALL)

    uploaded = ours(tmp_path / "mocks.tar.gz")
    downloaded = official("download", uploaded.id, tmp_path / "down", service.artifacts[0].digest)

    assert downloaded["digestMismatch"] is False
    assert (tmp_path / "down" / "mocks.tar.gz").read_bytes() == SMALL


@pytest.mark.parametrize("how", ["raw", "zip"])
def test_the_official_client_keeps_to_our_service(
    official: Official, service: ArtifactsSandbox, tmp_path: Path, how: str
) -> None:
    """What it uploads it can download and delete: so the service is what it takes it for."""
    (tmp_path / "mocks.tar.gz").write_bytes(SMALL)

    uploaded = official("upload", tmp_path / "mocks.tar.gz", "mocks", how)
    downloaded = official("download", uploaded["id"], tmp_path / "down", f"sha256:{uploaded['digest']}")

    assert downloaded["digestMismatch"] is False
    assert [path.read_bytes() for path in (tmp_path / "down").iterdir()] == [SMALL]
    assert official("delete", service.artifacts[0].name) == {"id": uploaded["id"]}
    assert service.artifacts == []


def test_both_clients_ask_the_same(official: Official, ours: Ours, service: ArtifactsSandbox, tmp_path: Path) -> None:
    """For a raw file they send the same requests, and leave the same artifact behind."""
    (tmp_path / "mocks.tar.gz").write_bytes(SMALL)
    seen = []
    for upload in (ours, lambda path: official("upload", path, "mocks", "raw")):
        service.requests.clear()
        upload(tmp_path / "mocks.tar.gz")
        (artifact,) = service.artifacts
        twirp = [line for line in service.requests if line.startswith("POST")]
        seen.append((twirp, artifact.name, artifact.mime_type, artifact.version, artifact.size, artifact.digest))
        service.artifacts.clear()

    assert seen[0] == seen[1]


def test_we_replace_an_artifact_of_the_official_client(
    official: Official, ours: Ours, service: ArtifactsSandbox, tmp_path: Path
) -> None:
    """A name that is taken makes room, as with overwrite: true."""
    (tmp_path / "mocks.tar.gz").write_bytes(SMALL)
    first = official("upload", tmp_path / "mocks.tar.gz", "mocks", "raw")

    second = ours(tmp_path / "mocks.tar.gz")

    assert second.id != first["id"]
    assert [artifact.id for artifact in service.artifacts] == [second.id]
