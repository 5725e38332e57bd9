"""One subject -> its result: wait for the plan, download it, read it, and ask for what stands beside it."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import msgspec

from tfc_plan_comment.action.files import copy_whole, read_plan
from tfc_plan_comment.action.findings import FindingsInBackground
from tfc_plan_comment.action.logged_errors import first_error, read_errors, with_errors
from tfc_plan_comment.action.pull_request_comment import PullRequestComment
from tfc_plan_comment.action.results import NoPlan, Planned, Result
from tfc_plan_comment.action.sentinel_mocks import MocksInBackground
from tfc_plan_comment.action.subjects import Subject
from tfc_plan_comment.action.waiting import Waiting
from tfc_plan_comment.action.world import World
from tfc_plan_comment.disk import temporary_folder
from tfc_plan_comment.errors import ActionError, PlanDocumentError, UnexpectedAnswer
from tfc_plan_comment.findings.diagnostics import Diagnostics
from tfc_plan_comment.findings.said import NOT_ASKED, Said
from tfc_plan_comment.findings.tasks import Tasks
from tfc_plan_comment.hcp_terraform.checks import wait_for_checks
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.plan_json import NO_JSON, Output, download
from tfc_plan_comment.hcp_terraform.plans import PlanState, plan_failed, wait_for_plan
from tfc_plan_comment.hcp_terraform.runs import read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.statuses import PlanStatus
from tfc_plan_comment.http.deadline import Deadline
from tfc_plan_comment.plan.attention_settings import AttentionSettings
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.secrets.revealing import Reveal
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.settings.settings import PlanAccess, Settings
from tfc_plan_comment.settings.source import PlanFile

EMPTY = b"{}\r\n"
"""The longest document without anything in it."""

MOST_TASKS = 5
"""At most this many run tasks are named."""

OUTPUTS = {
    PlanAccess.AUTO: (Output.FULL, Output.REDACTED),
    PlanAccess.FULL: (Output.FULL,),
    PlanAccess.REDACTED: (Output.REDACTED,),
}
"""The documents that may be read of a plan, the better one first."""


class Beside:
    """The work that goes on beside one subject's story, each piece in a thread. Leaving the `with` stops it."""

    def __init__(self, settings: Settings, world: World) -> None:
        """Begin nothing yet."""
        self.settings, self.world = settings, world
        self.mocks = MocksInBackground(settings, world)
        self.findings = FindingsInBackground(settings, world)
        self.comment = PullRequestComment(settings, world)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for each in (self.mocks, self.findings, self.comment):
            self._stack.enter_context(each)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def gather(session: Session, subject: Subject, beside: Beside, *, deadline: Deadline | None = None) -> Result:
    """All that can be known of the subject; never an exception: what goes wrong is part of the result.

    Without a `deadline` the timeout begins now.
    """
    settings, world = beside.settings, beside.world
    statuses: list[str] = []
    try:
        deadline = deadline or Deadline.after(settings.timeout.total_seconds(), world.clock)
        with temporary_folder() as folder:  # what is mapped of a file in it stays when it is gone
            path = folder / "plan.json"
            return _Gathering(session.until(deadline), subject, beside, settings, world, path, statuses).result()
    except Exception as error:  # noqa: BLE001 - whatever it is, an earlier plan must not stand in the comment still
        return NoPlan(subject=subject, plan_status=statuses[-1] if statuses else None, failure=error)


class _Gathering(msgspec.Struct, frozen=True):
    """One subject's story, and how far it has come."""

    session: Session
    subject: Subject
    beside: Beside
    settings: Settings
    world: World
    path: Path
    statuses: list[str]
    """All that the plan was seen to have so far."""

    def result(self) -> Result:
        """The result. Raises what keeps us from showing the plan."""
        if self.subject.problem:
            raise self.subject.problem
        if isinstance(self.settings.source, PlanFile):
            self.beside.comment.begin(self.subject.key)
            return self._planned(self._read(self.settings.source.path), self.settings.source.path)
        plan = self._wait()
        self.beside.mocks.begin(plan, self.subject.name_for_files)
        if not plan.facts.finished:
            return self._failed(plan)
        self.beside.comment.begin(self.subject.key)
        if self.subject.run:
            self.beside.findings.begin(self.subject.run, self.session.deadline)
        self._download(plan)
        return self._planned(self._read(self.path), self.path)

    def _failed(self, plan: PlanState) -> Result:
        """A plan that failed: why, and what was planned before that, as far as either can be read."""
        summary = self._read_failed(plan)
        mask = summary.mask if summary else Mask(redact=self.settings.redact)
        log = self.path.with_name("plan.log")
        errors = read_errors(self.session, plan, to=log, mask=mask, world=self.world)
        failure = plan_failed(plan, why=first_error(errors) or self._why_not_planned(plan))
        if summary is None:
            return NoPlan(subject=self.subject, plan_status=plan.status, failure=failure, errors=errors)
        return self._planned(summary, self.path, failure, errors)

    def _why_not_planned(self, plan: PlanState) -> str:
        """The run task that ended the run before its plan, if it was one; what cannot be read is a notice."""
        run = self.subject.run
        if plan.status != PlanStatus.UNREACHABLE or run is None or not run.task_stage_ids:
            return ""
        over = Deadline.after(0, self.world.clock)
        try:
            tasks = wait_for_checks(self.session, read_run(self.session, run.id), until=over).tasks
        except ActionError as error:
            tasks = Tasks(unread=(error,))
        for problem in tasks.unread:
            self.world.commands.notice(f"The comment does not say which run tasks failed. {problem}")
        failed = tasks.stopping
        mask = Mask(redact=self.settings.redact)
        names = ", ".join(one_line(mask.text(task.name)) for task in failed[:MOST_TASKS])
        more = f" and {len(failed) - MOST_TASKS:,} more" if len(failed) > MOST_TASKS else ""
        return f"mandatory run tasks failed ({names}{more})" if failed else ""

    def _read_failed(self, plan: PlanState) -> PlanSummary | None:
        """The part that Terraform planned before it failed; what goes wrong with that is a warning."""
        try:
            if not self._download(plan):
                return None
            # hashicorp/terraform, internal/cloud/testdata/plan-json-error/plan-redacted.json
            if self.path.stat().st_size <= len(EMPTY) and self.path.read_bytes().strip() == b"{}":
                self.world.commands.info(NO_JSON)
                return None
            return self._read(self.path, is_errored=True)
        except ActionError as error:
            self.world.commands.warning(str(error))
            return None

    def _wait(self) -> PlanState:
        """Wait until the plan is final. Raises ActionError."""
        plan_id, run_id = self.subject.plan_id, self.subject.run_id
        if not plan_id:
            raise UnexpectedAnswer(f"The run {run_id} has no plan", what_to_do="Start a new run")
        with Waiting(self.world, self.session.deadline, self.statuses) as waiting:
            return wait_for_plan(self.session, plan_id, run_id=run_id, on_look=waiting.look)

    def _download(self, plan: PlanState) -> bool:
        """Download the plan's JSON; a failed plan may have none. Raises ActionError."""
        downloaded = download(
            self.session,
            plan,
            outputs=OUTPUTS[self.settings.plan_access],
            to=self.path,
            note=self.world.commands.notice,
            progress=self.world.commands.info,
            max_bytes=self.settings.max_plan_size,
        )
        if downloaded is None:
            return False
        redacted = ", redacted" if downloaded is Output.REDACTED else ""
        self.world.commands.info(f"Plan JSON: {self.path.stat().st_size:,} bytes{redacted}")
        return True

    def _read(self, path: Path, *, is_errored: bool = False) -> PlanSummary:
        """The plan in the file, understood; one of an older format does not say itself that it is errored.

        Raises ActionError.
        """
        try:
            plan = read_plan(path, name=self.subject.plan_id, max_bytes=self.settings.max_plan_size)
        except PlanDocumentError as error:
            if path != self.path:
                raise
            # It is HCP Terraform's, and nobody can make another one by hand.
            raise PlanDocumentError(error.what_failed, error.why, "Run the job again, or start a new run") from None
        if is_errored:
            plan = msgspec.structs.replace(plan, errored=True)
        run = self.subject.run
        is_asked = run is not None and run.is_asked_to_destroy_all
        attention = AttentionSettings(off=not self.settings.attention, ignored=self.settings.attention_ignore)
        reveal = Reveal(self.settings.reveal)
        return summarize(plan, self.settings.redact, reveal=reveal, is_asked_to_destroy=is_asked, attention=attention)

    def _planned(
        self,
        summary: PlanSummary,
        path: Path,
        failure: ActionError | None = None,
        errors: Said[Diagnostics] = NOT_ASKED,
    ) -> Planned:
        """The plan with what the user wants to keep of it, and with what stands beside it."""
        kept, problem = _keep(path, self.settings)
        if problem and failure:
            self.world.commands.warning(str(problem))
        findings = self.beside.findings.result()
        log = self.path.with_name("apply.log")
        apply = with_errors(findings.apply, self.session, to=log, summary=summary, world=self.world)
        return Planned(
            subject=self.subject,
            plan_status=self.statuses[-1] if self.statuses else None,
            summary=summary,
            failure=failure or problem,
            findings=msgspec.structs.replace(findings, diagnostics=errors, apply=apply),
            run=self.beside.findings.run or self.subject.run,
            kept=kept,
        )


def _keep(path: Path, settings: Settings) -> tuple[Mapping[str, Path], ActionError | None]:
    """The files that were written into the workspace, by their outputs, and why there are no more."""
    kept: dict[str, Path] = {}
    try:
        if settings.plan_json_path:
            copy_whole(path, settings.plan_json_path)
            kept["plan-json-path"] = settings.plan_json_path
    except ActionError as error:
        return kept, error
    return kept, None
