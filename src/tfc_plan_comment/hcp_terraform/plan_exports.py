"""The export of a plan, a bundle of Sentinel mocks: create or find it, wait, download, delete.

A plan has at most one export that is pending or can be downloaded, whoever made it, and for one hour. So two jobs may
meet at the same export; ours to delete is only the one that a 201 told us we have created.
Source: HCP Terraform API docs, "Plan Exports", and go-tfe's OpenAPI file for the states.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import requests
from msgspec import Struct

from tfc_plan_comment.errors import (
    DeadlineExceeded,
    DownloadFailed,
    HcpTerraformError,
    NotVisible,
    PlanExportFailed,
    PlanExportRefused,
    UnexpectedAnswer,
    Unreachable,
)
from tfc_plan_comment.hcp_terraform import failures
from tfc_plan_comment.hcp_terraform.download import save
from tfc_plan_comment.hcp_terraform.json_api import One, Resource, Unread, path_of
from tfc_plan_comment.hcp_terraform.mock_bundle import Incomplete, MockBundle, NotABundle, inspect
from tfc_plan_comment.hcp_terraform.plans import LOOKS, PlanState, read_plan
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.statuses import ExportFacts, ExportStatus
from tfc_plan_comment.http.deadline import Deadline

SENTINEL_MOCKS = "sentinel-mock-bundle-v0"
"""The only data type that there is."""
TIMEOUT = 600.0
"""Seconds for an export; it takes some, and go-tfe's own tests give it as long."""
EXPORTS = 3
"""At most this many exports are tried: one that expires, or that another job deletes meanwhile, is created anew."""
POSTS = 4
"""At most this many times an export is asked for when the answers are lost."""
FRESH_URLS = 5
MAX_BYTES = 512 * 1024**2


class _Gone(Exception):
    """Raised when an export has expired, or somebody has deleted it."""


class _Attributes(Struct, rename="kebab"):
    status: str
    data_type: str | None = None
    error_message: str | None = None


class PlanExport(msgspec.Struct, frozen=True, kw_only=True):
    """An export. `ours` says that we have created it, so that nobody else waits for it to stay."""

    id: str
    status: str
    data_type: str | None
    error_message: str | None
    ours: bool

    @property
    def facts(self) -> ExportFacts:
        """The facts on its status."""
        return ExportStatus.of(self.status).facts


def export_mocks(  # noqa: PLR0913 (what, where to, for how long, what to leave behind, and whom to tell)
    session: Session,
    plan: PlanState,
    *,
    to: Path,
    keep: bool,
    progress: Callable[[str], None],
    timeout: float = TIMEOUT,
) -> MockBundle:
    """Write the Sentinel mocks of a finished plan to `to`, as HCP Terraform bundles them, and say what they hold.

    An export that we have created is deleted afterwards, whatever happens, unless `keep`. `progress` hears what it is
    waiting for. `timeout` is in seconds.

    Raises:
        PlanExportRefused: the plan cannot be exported, or not by this token.
        PlanExportFailed: there is no bundle at the end of it.
        DeadlineExceeded: not within `timeout`.
        HcpTerraformError: no usable answer.
        ActionError: the file cannot be written.
    """
    _check_exportable(session, plan)
    exporting = _Exporting(session, plan, to, keep, progress, Deadline.after(timeout, session.clock))
    for _ in range(EXPORTS):
        try:
            return exporting.once()
        except _Gone as gone:
            progress(f"{gone}; asking for another one")
    raise PlanExportFailed(
        f"Cannot export plan {plan.id}",
        f"{EXPORTS} exports, one after the other, were gone before they could be downloaded",
        "Run fewer jobs at a time that export the same plan",
    )


def _check_exportable(session: Session, plan: PlanState) -> None:
    """Raise PlanExportRefused for what the plan itself says already. What it leaves out is for the API to say."""
    failed = f"Cannot export plan {plan.id}"
    if not plan.facts.finished:
        raise PlanExportRefused(failed, f"it is {plan.status}, and only a finished plan has mocks", "Start a new run")
    if plan.can_export is False:
        raise PlanExportRefused(failed, *_not_permitted(session))
    if plan.is_exportable is False:
        raise PlanExportRefused(
            failed,
            "HCP Terraform says that it is not exportable: its data is too old, or was deleted",
            "Start a new run",
        )


def _not_permitted(session: Session) -> tuple[str, str]:
    """Why, and what to do. Source: HCP Terraform docs, "Permissions": download Sentinel mocks."""
    advice = (
        f"Use a user or team token of {session.host} with write or admin access to the workspace, or with the custom"
        " permission to download Sentinel mocks"
    )
    return "the token may not download Sentinel mocks", advice


class _Exporting(msgspec.Struct, frozen=True):
    """One plan's export, and what bounds it."""

    session: Session
    plan: PlanState
    to: Path
    keep: bool
    progress: Callable[[str], None]
    deadline: Deadline

    @property
    def what(self) -> str:
        """The work that fails, in messages: it follows "Cannot"."""
        return f"export plan {self.plan.id}"

    def once(self) -> MockBundle:
        """The bundle of one export, our own or the one that is there. Raises _Gone when it is gone meanwhile."""
        export = self._create_or_find()
        try:
            self._wait(export)
            return self._download(export)
        finally:
            if export.ours and not self.keep:
                self._delete(export)

    def _create_or_find(self) -> PlanExport:
        """An export of our own, or the one that is there already: another job's, or ours if the answer was lost."""
        plan = {"id": self.plan.id, "type": "plans"}
        attributes, relationships = {"data-type": SENTINEL_MOCKS}, {"plan": {"data": plan}}
        document = {"data": {"type": "plan-exports", "attributes": attributes, "relationships": relationships}}
        body, attempt = msgspec.json.encode(document), 0
        while True:
            attempt += 1
            try:
                with self.session.request("POST", "plan-exports", what=self.what, body=body) as answer:
                    if 200 <= answer.status_code < 300:
                        return self._created(answer)
                    refusal = self._refused(answer, tries=attempt)
                    if answer.status_code < 500 and answer.status_code != 422:
                        raise refusal
                    # The export that a 422 speaks of may have been deleted in this moment: then asking again helps.
                    final = attempt == (2 if answer.status_code == 422 else POSTS)
            except (Unreachable, UnexpectedAnswer) as error:
                if error.brief.isdecimal():  # what was refused was not done
                    raise
                refusal, final = error, attempt == POSTS
            if found := self._find():
                return found
            if final:
                raise refusal
            self.progress(f"{refusal.what_failed}: {refusal.why}; asking again")
            self.session.sleep(2.0**attempt)

    def _created(self, answer: requests.Response) -> PlanExport:
        try:
            data = msgspec.json.decode(answer.content, type=One[_Attributes, Unread]).data
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise failures.unreadable(answer, what=self.what) from None
        return _export(data, ours=True)

    def _find(self) -> PlanExport | None:
        """The export of the plan that is pending or can be downloaded. It may be somebody else's, so it is not ours."""
        for export_id in read_plan(self.session, self.plan.id).export_ids:
            try:
                export = self._read(export_id, ours=False)
            except _Gone:
                continue
            if export.data_type in (SENTINEL_MOCKS, None) and not export.facts.dead:
                return export
        return None

    def _read(self, export_id: str, *, ours: bool) -> PlanExport:
        try:
            data = self.session.read(
                path_of("plan-exports", export_id), One[_Attributes, Unread], what=f"read plan export {export_id}"
            ).data
        except NotVisible:
            raise _Gone(f"Plan export {export_id} is gone") from None
        return _export(data, ours=ours)

    def _wait(self, export: PlanExport) -> None:
        """Until it is finished."""
        what, polls = f"Plan export {export.id}", 0
        self.progress(f"{what} is {export.status}" + ("" if export.ours else ", and somebody else's"))
        while not export.facts.ready:
            if export.status == ExportStatus.EXPIRED or (export.facts.dead and not export.ours):
                raise _Gone(f"{what} is {export.status}")
            if export.facts.dead:
                said = f": {failures.one_line(export.error_message)}" if export.error_message else ""
                raise PlanExportFailed(
                    f"Cannot {self.what}", f"its export {export.id} is {export.status}{said}", "Run the job again"
                )
            if self.deadline.is_over:
                raise self._too_late(f"its export {export.id} is still {export.status}")
            polls += 1
            self.session.sleep(LOOKS.after(polls))
            earlier, export = export.status, self._read(export.id, ours=export.ours)
            if export.status != earlier:
                self.progress(f"{what} is {export.status}")

    def _download(self, export: PlanExport) -> MockBundle:
        """The bundle, asked for again where that can help: one that is downloaded too early is empty."""
        what = f"download the Sentinel mocks of plan {self.plan.id}"
        attempt = 0
        while True:
            attempt += 1
            try:
                with self.session.open(path_of("plan-exports", export.id, "download"), what=what) as answer:
                    if answer.status_code == 404:
                        raise _Gone(f"Plan export {export.id} is gone")
                    if answer.status_code != 200:
                        raise failures.refused(answer, what=what)
                    save(
                        answer,
                        self.to,
                        max_bytes=MAX_BYTES,
                        out_of_time=self._check_time,
                        what=what,
                        if_too_large="Look at the run in HCP Terraform",
                    )
                return inspect(self.to)
            except (DownloadFailed, Incomplete) as error:
                why = error.why if isinstance(error, DownloadFailed) else f"the bundle cannot be used, {error}"
                if attempt > FRESH_URLS:
                    raise PlanExportFailed(f"Cannot {what}", f"{why} ({attempt} tries)", "Run the job again") from None
                self.progress(f"Cannot {what}: {why}; asking for a fresh URL")
            except NotABundle as error:
                raise PlanExportFailed(
                    f"Cannot {what}", f"what came is not a bundle of mocks, {error}", "Look at the run in HCP Terraform"
                ) from None
            self._check_time()
            self.session.sleep(float(attempt))

    def _delete(self, export: PlanExport) -> None:
        """Leave nothing of ours behind. What cannot be deleted expires within the hour, so that is no error."""
        try:
            with self.session.request(
                "DELETE", path_of("plan-exports", export.id), what=f"delete plan export {export.id}"
            ) as answer:
                if answer.status_code not in (204, 404):
                    raise failures.refused(answer, what=f"delete plan export {export.id}")
            self.progress(f"Plan export {export.id} is deleted")
        except HcpTerraformError as error:
            self.progress(f"{error} It expires by itself within an hour.")

    def _refused(self, answer: requests.Response, *, tries: int) -> HcpTerraformError:
        """The plan could be read a moment ago, with this token: so a 404 speaks of the permission to export."""
        said = failures.answered(answer)
        match answer.status_code:
            case 403 | 404:
                why, advice = _not_permitted(self.session)
                return PlanExportRefused(
                    f"Cannot {self.what}", f"{said}, though the plan itself can be read: {why}", advice
                )
            case 422:
                # The docs name two reasons: a malformed body, and an export that is pending or can be downloaded.
                advice = "There may be an export of this plan that the token cannot see: run the job again in an hour"
                return PlanExportRefused(f"Cannot {self.what}", said, advice)
        return failures.refused(answer, what=self.what, tries=tries)

    def _check_time(self) -> bool:
        """False, or DeadlineExceeded."""
        if self.deadline.is_over:
            raise self._too_late("its download is not done")
        return False

    def _too_late(self, how_far: str) -> DeadlineExceeded:
        return DeadlineExceeded(
            f"Cannot {self.what}", f"after {self.deadline.seconds:g} s {how_far}", "Run the job again later"
        )


def _export(data: Resource[_Attributes, Unread], *, ours: bool) -> PlanExport:
    attributes = data.attributes
    return PlanExport(
        id=failures.one_line(data.id),
        status=failures.one_line(attributes.status),
        data_type=attributes.data_type,
        error_message=attributes.error_message,
        ours=ours,
    )
