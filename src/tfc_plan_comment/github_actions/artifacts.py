"""Uploads one file as an artifact of the workflow run, over the protocol of `actions/upload-artifact` from v4 on.

GitHub documents it nowhere, so all of it is in this module, and when it is not there, or changes, nothing else breaks.
Sources: actions/toolkit, packages/artifact (npm @actions/artifact 6.2.1): artifact-twirp-client, upload-artifact,
blob-upload, delete-artifact, retention, util; for the blob Microsoft, "Put Block" and "Put Block List".
"""

import base64
import binascii
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, quote, urlsplit

import msgspec
import requests

from tfc_plan_comment.disk import temporary_folder
from tfc_plan_comment.errors import ArtifactError, NoArtifactService, SettingsError
from tfc_plan_comment.http.connection import PASSING, Connection, may_pass
from tfc_plan_comment.http.deadline import Deadline
from tfc_plan_comment.http.proxies import USE_HTTP, name_socks_proxy
from tfc_plan_comment.http.repeat import Growth, repeat

SERVICE = "github.actions.results.api.v1.ArtifactService"
BLOCK = 8 * 1024 * 1024
"""Bytes that are sent at a time: the most of the file that is in memory."""
TRIES = 5
BACKOFF = Growth(first=3.0, factor=1.5, jitter=(1.0, 1.2))
"""After 3, 4.5, 7 and 10 seconds or so."""
TIMEOUTS = (10.0, 120.0)
JSON = {"Content-Type": "application/json"}
REFUSES_RAW = (400, 415, 422, 500, 501)
"""Statuses of a service that is strict about JSON and does not know `mime_type` (nektos/act, Gitea)."""


class FileType(msgspec.Struct, frozen=True):
    """The type of a file: the end of its name, by which a browser goes, and its media type."""

    suffix: str
    media_type: str


TAR_GZ = FileType(".tar.gz", "application/gzip")
HTML = FileType(".html", "text/html")


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """An uploaded artifact: its id, its name, and the time until which GitHub keeps it."""

    id: int
    name: str
    expires_at: datetime


class _File(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it goes over the wire. From version 7 on an artifact need not be a zip."""

    path: Path
    sha256: str
    name: str
    mime_type: str | None
    version: int


class _Absent(Exception):
    """Raised when nothing there takes artifacts of this kind; its argument is how that shows."""


class _Refused(Exception):
    """Raised when the service says no."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status, self.message = status, message


class ArtifactService:
    """The artifact service, for one job. Use it in a `with`, which closes its connections.

    `results_url` and `token` are the runner's ACTIONS_RESULTS_URL and ACTIONS_RUNTIME_TOKEN. `sleep` takes seconds,
    `now` gives seconds since 1970, `mask` is told every secret before anything is done with it. After the
    `deadline` the service is not asked any more: who waits for the upload may have something better to do.
    """

    def __init__(  # noqa: PLR0913 (what the world outside consists of)
        self,
        *,
        results_url: str,
        token: str,
        sleep: Callable[[float], None],
        now: Callable[[], float],
        mask: Callable[[str], None],
        deadline: Deadline,
    ) -> None:
        """Open no connection yet."""
        mask(token)
        parts = urlsplit(results_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"  # its path is not used (shared/config)
        self._token, self._sleep, self._now, self._mask = token, sleep, now, mask
        self._deadline = deadline
        self._service = Connection(token=token, ca_bundle=None, timeouts=TIMEOUTS)
        self._storage = Connection(token=None, ca_bundle=None, timeouts=TIMEOUTS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._service.close()
        self._storage.close()

    def upload(  # noqa: PLR0913 (what, as what, and until when)
        self, path: Path, *, name: str, named_by: str, file_type: FileType, sha256: str, retention: timedelta
    ) -> Artifact:
        """Upload a file whose SHA-256 is known: as it is, named with its suffix, or in a zip, named `name`.

        An artifact of that name, as the re-run of a job may find, is replaced: `overwrite: true` of
        `actions/upload-artifact` does the same. `named_by` is the input by which the user gives it another name.

        Raises:
            NoArtifactService: nothing there takes artifacts of this kind.
            ArtifactError: there is no such artifact afterwards.
        """
        what = f"Cannot upload the artifact {name}"
        # The suffix is what a browser goes by: a raw artifact is downloaded under its own name.
        raw_name = f"{name.removesuffix(file_type.suffix)}{file_type.suffix}"
        raw = _File(path=path, sha256=sha256, name=raw_name, mime_type=file_type.media_type, version=7)
        expires_at = datetime.fromtimestamp(self._now(), UTC) + retention
        try:
            try:
                url = self._create(raw, expires_at)
            except _Refused as refusal:
                if refusal.status not in REFUSES_RAW:
                    raise
                with _zipped(raw, name) as zipped:
                    return self._upload(zipped, self._create(zipped, expires_at), expires_at)
            return self._upload(raw, url, expires_at)
        except _Absent as absent:
            remedy = "Upload the file with actions/upload-artifact"
            raise NoArtifactService(what, f"there is no artifact service, {absent}", remedy) from None
        except _Refused as refusal:
            raise _error(what, refusal, named_by) from None
        except SettingsError as error:  # of the environment
            raise ArtifactError(what, error.why, error.what_to_do) from None
        except requests.RequestException as error:
            if socks := name_socks_proxy(error, self._origin):
                why = f"the variable {socks} names a SOCKS proxy, which is not supported"
                raise ArtifactError(what, why, USE_HTTP) from None
            why = f"GitHub's artifact service does not answer ({type(error).__name__})"
            raise ArtifactError(what, why, "Check that the runner can reach it, or run the job again later") from None
        except OSError as error:
            raise ArtifactError(what, f"the file cannot be read ({error.strerror})", "Check the disk") from None

    def _create(self, file: _File, expires_at: datetime) -> str:
        """The signed URL to upload the file to; an artifact of its name makes room for it."""
        fields = {**self._job(), "name": file.name, "version": file.version, "expires_at": _timestamp(expires_at)}
        if file.mime_type:
            fields["mime_type"] = file.mime_type
        try:
            created = self._call("CreateArtifact", fields)
        except _Refused as refusal:
            if refusal.status != 409:
                raise
            try:
                self._delete(file.name)
            except _Refused:
                raise refusal from None
            created = self._call("CreateArtifact", fields)
        url = str(_field(created, "signed_upload_url") or "")
        self._mask(url)
        try:
            parts = urlsplit(url)
        except ValueError:
            raise _Refused(200, "without an address to upload to") from None
        for signature in (*parse_qs(parts.query).get("sig", ()), *re.findall(r"(?:^|&)sig=([^&]+)", parts.query)):
            self._mask(signature)
        if parts.scheme not in ("https", urlsplit(self._origin).scheme) or not parts.hostname:
            raise _Refused(200, "without an address to upload to")
        return url

    def _upload(self, file: _File, url: str, expires_at: datetime) -> Artifact:
        blocks: list[str] = []
        size = 0
        for block in _blocks(file):
            blocks.append(base64.b64encode(f"{len(blocks):032d}".encode()).decode())
            size += len(block)
            self._put(f"{url}&comp=block&blockid={quote(blocks[-1], safe='')}", block, _content_md5(block))
        ids = "".join(f"<Latest>{block}</Latest>" for block in blocks)
        self._put(
            f"{url}&comp=blocklist",
            f'<?xml version="1.0" encoding="utf-8"?><BlockList>{ids}</BlockList>'.encode(),
            {"x-ms-blob-content-type": file.mime_type or "application/zip", "Content-Type": "application/xml"},
        )
        fields = {**self._job(), "name": file.name, "size": str(size), "hash": f"sha256:{file.sha256}"}
        finalized = self._call("FinalizeArtifact", fields)
        artifact_id = _number(_field(finalized, "artifact_id"))
        if not artifact_id:
            raise _Refused(200, "without the artifact's id")
        return Artifact(id=artifact_id, name=file.name, expires_at=expires_at)

    def _delete(self, name: str) -> None:
        """Delete the newest artifact of that name, whichever job of the run has made it."""
        listed = _field(self._call("ListArtifacts", {**self._job(), "name_filter": name}), "artifacts")
        found = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        newest = max(found, key=lambda artifact: _number(_field(artifact, "database_id")), default={})
        owner = {key: _field(newest, key) or value for key, value in self._job().items()}
        self._call("DeleteArtifact", {**owner, "name": name})

    def _job(self) -> dict[str, object]:
        """The ids of run and job, read from the token, whose signature is the service's own affair (shared/util).

        Raises _Absent if they are not in it.
        """
        try:
            payload = self._token.split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
            scopes = [scope.split(":") for scope in claims["scp"].split(" ")]
            run, job = next(scope[1:] for scope in scopes if scope[0] == "Actions.Results")
        except (IndexError, KeyError, TypeError, ValueError, AttributeError, StopIteration, binascii.Error):
            # On GitHub Enterprise Server the token has been seen without (docker/actions-toolkit#382).
            raise _Absent("for the runner's token does not say for which job it is") from None
        return {"workflow_run_backend_id": run, "workflow_job_run_backend_id": job}

    def _call(self, method: str, fields: Mapping[str, object]) -> Mapping[str, Any]:
        """The answer of a method of the service. Raises _Refused, and _Absent where a page says that nothing is there.

        Twirp's own errors are JSON, also that of a method that it does not know (Twirp specification, "Errors").
        """
        url = f"{self._origin}/twirp/{SERVICE}/{method}"
        answer = self._send(self._service, "POST", url, json.dumps(fields).encode(), JSON)
        try:
            document = msgspec.json.decode(answer.content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            document = None
        if answer.status_code == 404 and not (isinstance(document, dict) and "code" in document):
            raise _Absent("for what the runner names as such answered 404")
        if not isinstance(document, dict):
            raise _Refused(answer.status_code, "not in JSON")
        if answer.status_code != 200 or document.get("ok") is False:
            raise _Refused(answer.status_code, str(document.get("msg") or document.get("code") or ""))
        return document

    def _put(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Write to the blob store, which gets no token of ours: the URL is signed. Raises _Refused."""
        answer = self._send(self._storage, "PUT", url, body, headers)
        if answer.status_code != 201:
            raise _Refused(0, f"the storage behind GitHub's artifact service answered {answer.status_code}")

    def _send(
        self, connection: Connection, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> requests.Response:
        """The answer, asked for again as the official client does. Raises _Refused when there is no time for that."""

        def send() -> requests.Response | requests.RequestException:
            self._check_time()
            try:
                return connection.send(method, url, body=body, headers=headers, until=self._deadline)
            except requests.RequestException as error:
                return error

        def may_help(outcome: requests.Response | requests.RequestException) -> bool:
            return outcome.status_code in PASSING if isinstance(outcome, requests.Response) else may_pass(outcome)

        def sleep(seconds: float) -> None:
            self._check_time(seconds)
            self._sleep(seconds)

        outcome, _ = repeat(
            send,
            tries=TRIES,
            again=may_help,
            pause=lambda _, tries: BACKOFF.after(tries),
            sleep=sleep,
        )
        if isinstance(outcome, requests.RequestException):
            raise outcome
        return outcome

    def _check_time(self, seconds: float = 0) -> None:
        """Raise _Refused if there are not more than so many seconds left."""
        if self._deadline.left <= seconds:
            raise _Refused(0, "GitHub's artifact service did not take it in time")


@contextmanager
def _zipped(raw: _File, name: str) -> Iterator[_File]:
    """The file in a zip, which does not try to compress it any more, for as long as the `with` lasts.

    Raises ArtifactError if it cannot be made.
    """
    with temporary_folder() as folder:
        path = folder / "artifact.zip"
        try:
            with zipfile.ZipFile(path, "w") as archive, archive.open(raw.path.name, "w", force_zip64=True) as member:
                for block in _blocks(raw):
                    member.write(block)
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            why = f"the zip that it takes cannot be made ({error.strerror})"
            raise ArtifactError(f"Cannot upload the artifact {name}", why, "Check the disk") from None
        yield _File(path=path, sha256=sha256, name=name, mime_type=None, version=4)


def _blocks(file: _File) -> Iterator[bytes]:
    """The file in pieces of BLOCK bytes. Raises _Refused at the end if it is not what it should be."""
    digest = hashlib.sha256()
    with file.path.open("rb") as content:
        while block := content.read(BLOCK):
            digest.update(block)
            yield block
    if digest.hexdigest() != file.sha256:
        raise _Refused(0, "the file has changed since it was looked at")


def _content_md5(block: bytes) -> dict[str, str]:
    """The header by which the blob store notices that a block was damaged on its way."""
    digest = hashlib.md5(block, usedforsecurity=False).digest()
    return {"Content-MD5": base64.b64encode(digest).decode(), "Content-Type": "application/octet-stream"}


def _field(document: Mapping[str, Any], name: str) -> Any:
    """A field of an answer, in the spelling of GitHub (`signed_url`) or of nektos/act and Gitea (`signedUrl`)."""
    camel = re.sub(r"_(.)", lambda match: match[1].upper(), name)
    return document.get(name, document.get(camel))


def _number(field: object) -> int:
    """An id, which comes as a number or as its digits; 0 for anything else."""
    return int(str(field)) if str(field).isdecimal() else 0


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _error(what: str, refusal: _Refused, named_by: str) -> ArtifactError:
    """A sentence for what the service said. Its own words are not shown unless we know them: they may hold anything."""
    if not refusal.status:
        return ArtifactError(what, refusal.message, "Run the job again")
    why = f"GitHub's artifact service answered {refusal.status}"
    if "insufficient usage" in refusal.message:
        return ArtifactError(what, f"{why}: the storage for artifacts is used up", "Delete artifacts, or buy storage")
    match refusal.status:
        case 401 | 403:
            return ArtifactError(what, f"{why}: the runner's token is not valid (any more)", "Run the job again")
        case 404:
            return ArtifactError(what, f"{why}: it is not there", "Upload the file with actions/upload-artifact")
        case 409:
            why = f"{why}: there is an artifact of that name, and it could not be replaced"
            return ArtifactError(what, why, f"Set the input {named_by} to another name")
        case 200 | 201:
            return ArtifactError(what, f"{why}, but not as it should", "Upload the file with actions/upload-artifact")
    return ArtifactError(what, why, "Run the job again later")
