"""A loopback artifact service, and the blob store behind it, as a job on GitHub's runner has them.

Source: actions/toolkit, packages/artifact (npm @actions/artifact 6.2.1), whose client the tests hold it to.
"""

import base64
import hashlib
import json
import re
import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from flask import Flask, Response, jsonify, request

from tfc_sandbox.archivist import Received
from tfc_sandbox.faults import Fault, Faults
from tfc_sandbox.server import LoopbackServer

RUN_ID, JOB_ID = "ce7f54c7-61c7-4aae-887f-30da475f5f1a", "ca395085-040a-526b-2ce8-bdc85f692774"
_BAD_NAME = re.compile(r'["<>|*?:\r\n\\/]')
_V4_FIELDS = {"workflow_run_backend_id", "workflow_job_run_backend_id", "name", "expires_at", "version"}


def runtime_token(run_id: str = RUN_ID, job_id: str = JOB_ID) -> str:
    """A token as the runner gives it; nobody but the service checks its signature."""
    claims = {"scp": f"Actions.GenericRead:x Actions.Results:{run_id}:{job_id}"}
    parts = [{"alg": "none"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, "sandbox-signature"])


@dataclass(kw_only=True, slots=True)
class StoredArtifact:
    """An artifact. Its blob is complete when `finalized`; `expires_at` and `mime_type` are as they were sent."""

    id: int
    name: str
    job_id: str
    key: str
    version: int
    mime_type: str
    expires_at: str | None
    size: int = 0
    digest: str | None = None
    finalized: bool = False
    blocks: dict[str, bytes] = field(default_factory=dict)
    content: bytes = b""


class ArtifactsSandbox:
    """Serves one workflow run for as long as the `with` lasts.

    `results_url` and `token` are what the runner gives a job, `artifacts` all that there are, `requests` what was
    asked, without the queries, which hold signatures; `leaks` those that brought a token to the blob store. A `strict`
    one is like nektos/act and Gitea: camelCase, and it refuses what it does not know. `sign(key, permissions)` gives
    the signed URLs of another blob store.
    """

    def __init__(
        self,
        *,
        strict: bool = False,
        faults: Sequence[Fault] = (),
        lost_answers: Sequence[Fault] = (),
        sign: Callable[[str, str], str] | None = None,
    ) -> None:
        self.token = runtime_token()
        self.artifacts: list[StoredArtifact] = []
        self.requests: list[str] = []
        self.leaks: list[Received] = []
        self.signatures: list[str] = []
        self._strict = strict
        self.misbehave(faults=faults, lost_answers=lost_answers)
        self._signed: dict[tuple[str, str], str] = {}
        self._next_id = 101
        self._lock = threading.Lock()
        self._sign = sign or self._own_url
        self._external = sign is not None
        application = Flask(__name__, static_folder=None)
        application.before_request(self._receive)
        application.after_request(lambda response: self._lost_answers.answer(request) or response)
        application.post("/twirp/github.actions.results.api.v1.ArtifactService/<method>")(self._twirp)
        application.put("/blobs/<key>")(self._put)
        application.get("/blobs/<key>")(self._get)
        self._server = LoopbackServer(application)
        self.results_url = f"{self._server.url}/ignored/"
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(self._server)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def misbehave(self, *, faults: Sequence[Fault] = (), lost_answers: Sequence[Fault] = ()) -> None:
        """From now on: `faults` happen instead of what was asked, `lost_answers` after it was done."""
        self._faults, self._lost_answers = Faults(faults), Faults(lost_answers)

    def _receive(self) -> Response | None:
        self.requests.append(
            f"{request.method} {request.path.rpartition('/')[2]} {request.args.get('comp', '')}".strip()
        )
        if request.path.startswith("/blobs/") and ("Authorization" in request.headers or "Cookie" in request.headers):
            self.leaks.append(Received.of(request))
        return self._faults.answer(request)

    def _twirp(self, method: str) -> Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return _error(401, "unauthenticated", "invalid token")
        methods = {
            "CreateArtifact": self._create,
            "FinalizeArtifact": self._finalize,
            "ListArtifacts": self._list,
            "GetSignedArtifactURL": self._signed_url,
            "DeleteArtifact": self._delete,
        }
        fields = request.get_json(force=True, silent=True)
        if method not in methods or not isinstance(fields, dict):
            return _error(404, "bad_route", "no such method")
        if fields.get("workflow_run_backend_id") != RUN_ID:
            return _error(403, "permission_denied", "another run")
        with self._lock:
            return methods[method](fields)

    def _create(self, fields: dict[str, Any]) -> Response:
        if self._strict and fields.keys() - _V4_FIELDS:
            return Response("proto: unknown field", status=500)
        name = fields.get("name", "")
        if not name or _BAD_NAME.search(name):
            return _error(400, "invalid_argument", "the artifact name is not valid")
        if self._named(name):
            return _error(409, "already_exists", "an artifact with this name already exists on the workflow run")
        artifact = StoredArtifact(
            id=self._next_id,
            name=name,
            job_id=fields["workflow_job_run_backend_id"],
            key=secrets.token_hex(16),
            version=fields["version"],
            mime_type=fields.get("mime_type") or "application/zip",
            expires_at=fields.get("expires_at"),
        )
        self._next_id += 1
        self.artifacts.append(artifact)
        return self._answer(ok=True, signed_upload_url=self._sign(artifact.key, "cw"))

    def _finalize(self, fields: dict[str, Any]) -> Response:
        artifact = self._named(fields.get("name", ""))
        if artifact is None or artifact.job_id != fields["workflow_job_run_backend_id"]:
            return _error(404, "not_found", "no such artifact")
        digest = f"sha256:{hashlib.sha256(artifact.content).hexdigest()}"
        size, claimed = int(fields["size"]), fields.get("hash") or digest
        if not self._external and (size, claimed) != (len(artifact.content), digest):
            return _error(400, "invalid_argument", "size or hash are not those of the blob")
        artifact.size, artifact.digest, artifact.finalized = size, claimed, True
        return self._answer(ok=True, artifact_id=str(artifact.id))

    def _list(self, fields: dict[str, Any]) -> Response:
        listed = [
            {
                "workflow_run_backend_id": RUN_ID,
                "workflow_job_run_backend_id": artifact.job_id,
                "database_id": str(artifact.id),
                "name": artifact.name,
                "size": str(artifact.size),
                "created_at": "2026-11-22T00:00:00Z",
                "digest": artifact.digest,
            }
            for artifact in self.artifacts
            if artifact.finalized
            and fields.get("name_filter") in {None, artifact.name}
            and fields.get("id_filter") in {None, str(artifact.id)}
        ]
        return self._answer(artifacts=listed)

    def _signed_url(self, fields: dict[str, Any]) -> Response:
        artifact = self._named(fields.get("name", ""))
        if artifact is None:
            return _error(404, "not_found", "no such artifact")
        return self._answer(signed_url=self._sign(artifact.key, "r"))

    def _delete(self, fields: dict[str, Any]) -> Response:
        artifact = self._named(fields.get("name", ""))
        if artifact is None or artifact.job_id != fields["workflow_job_run_backend_id"]:
            return _error(404, "not_found", "no such artifact")
        self.artifacts.remove(artifact)
        return self._answer(ok=True, artifact_id=str(artifact.id))

    def _named(self, name: str) -> StoredArtifact | None:
        return next((artifact for artifact in self.artifacts if artifact.name == name), None)

    def _own_url(self, key: str, permissions: str) -> str:
        signature = f"{secrets.token_urlsafe(16)}+/="
        self._signed[key, permissions] = signature
        self.signatures.append(signature)
        return f"{self._server.url}/blobs/{key}?sp={permissions}&sig={quote(signature, safe='')}"

    def _blob(self, key: str, permissions: str) -> StoredArtifact | None:
        """The artifact of a blob, if the URL's signature is for this."""
        if request.args.get("sig", "") != self._signed.get((key, permissions)):
            return None
        return next((artifact for artifact in self.artifacts if artifact.key == key), None)

    def _put(self, key: str) -> Response:
        artifact = self._blob(key, "cw")
        if artifact is None:
            return Response("AuthenticationFailed", status=403)
        body = request.get_data()
        expected = request.headers.get("Content-MD5")
        if expected and base64.b64decode(expected) != hashlib.md5(body, usedforsecurity=False).digest():
            return Response("Md5Mismatch", status=400)
        match request.args.get("comp"):
            case "block":
                artifact.blocks[request.args["blockid"]] = body
            case "blocklist":
                wanted = re.findall(r"<(?:Latest|Uncommitted)>([^<]+)<", body.decode())
                if any(block not in artifact.blocks for block in wanted):
                    return Response("InvalidBlockList", status=400)
                artifact.content = b"".join(artifact.blocks[block] for block in wanted)
            case _ if self._strict:
                pass  # act and Gitea take a blob in one piece, and forget it
            case _:
                artifact.content = body
        return Response(status=201, headers={"x-ms-request-server-encrypted": "true"})

    def _get(self, key: str) -> Response:
        artifact = self._blob(key, "r")
        if artifact is None:
            return Response("AuthenticationFailed", status=403)
        zipped = artifact.mime_type == "application/zip"
        disposition = f'attachment; filename="{artifact.name}{".zip" if zipped else ""}"'
        return Response(artifact.content, content_type=artifact.mime_type, headers={"Content-Disposition": disposition})

    def _answer(self, **fields: object) -> Response:
        if self._strict:
            fields = {re.sub(r"_(.)", lambda match: match[1].upper(), name): value for name, value in fields.items()}
        return jsonify(fields)


def _error(status: int, code: str, message: str) -> Response:
    """An error as Twirp has it."""
    response = jsonify({"code": code, "msg": message})
    response.status_code = status
    return response
