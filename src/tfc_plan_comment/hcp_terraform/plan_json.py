"""The plan JSON of a plan that is final: the full one, the redacted one, or what the token may read.

Source: HCP Terraform API docs, "Plans": JSON execution plan; go-tfe's OpenAPI file for json-output-redacted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import requests

from tfc_plan_comment.errors import (
    DeadlineExceeded,
    DownloadFailed,
    HcpTerraformError,
    PlanJsonRefused,
    PlanJsonUnsupported,
    UnexpectedAnswer,
)
from tfc_plan_comment.hcp_terraform import failures
from tfc_plan_comment.hcp_terraform.download import save
from tfc_plan_comment.hcp_terraform.json_api import path_of
from tfc_plan_comment.hcp_terraform.plans import PlanState
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.settings.settings import PlanAccess

FULL, REDACTED = "json-output", "json-output-redacted"
# The JSON may appear a little after the status says that the plan is finished; then 204 is worth a few more tries.
GRACE = 3
# A temporary URL lives for a minute: what went wrong with one may go well with a fresh one.
FRESH_URLS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Downloaded:
    """A plan JSON on disk. Full and redacted ones are documents of two different shapes."""

    path: Path
    redacted: bool


def download(  # noqa: PLR0913 (what, how, where to, how long, how much, and whom to tell)
    session: Session,
    plan: PlanState,
    *,
    access: PlanAccess,
    to: Path,
    timeout: timedelta,
    note: Callable[[str], None],
    progress: Callable[[str], None],
    max_bytes: int,
) -> Downloaded | None:
    """Write the plan JSON of a final plan to `to`, or return None if a failed plan has none.

    It may have `max_bytes` after decompression; a larger one is not kept.

    An errored plan may still have one, so it gets one attempt, and `note` hears why there is none. A canceled or
    unreachable one has none. `note` also hears that the redacted one is read because the full one is refused, and
    `progress` why it takes longer.

    Raises:
        PlanJsonRefused: the plan can be seen, but this JSON of it cannot.
        PlanJsonUnsupported: made by a Terraform that is too old.
        DownloadFailed, DeadlineExceeded, UnexpectedAnswer and others: no plan JSON of a finished plan.
    """
    if not plan.facts.may_have_json:
        return None
    source = _Source(session, plan, to, session.clock() + timeout.total_seconds(), progress, max_bytes)
    try:
        if access is not PlanAccess.REDACTED:
            try:
                source.fetch(FULL)
                return Downloaded(path=to, redacted=False)
            except PlanJsonRefused as refusal:
                if access is PlanAccess.FULL:
                    raise
                note(f"Reading the redacted plan JSON, because the token may not read the full one: {refusal.why}.")
        source.fetch(REDACTED)
        return Downloaded(path=to, redacted=True)
    except HcpTerraformError as error:
        if plan.facts.finished:
            raise
        note(f"The plan is {plan.status} and there is no plan JSON of it to show. {error}")
        return None


@dataclass(frozen=True, slots=True)
class _Source:
    """One plan's JSON documents, and what bounds reading them."""

    session: Session
    plan: PlanState
    to: Path
    deadline: float
    progress: Callable[[str], None]
    max_bytes: int

    def fetch(self, output: str) -> None:
        """Write one of the two documents, asking again where that can help."""
        path = path_of("plans", self.plan.id, output)
        not_yet = broken = 0
        while True:
            try:
                with self.session.open(path, what=self.what) as answer:
                    if answer.status_code == 200:
                        save(
                            answer,
                            self.to,
                            max_bytes=self.max_bytes,
                            out_of_time=self._out_of_time,
                            what=self.what,
                            if_too_large="Raise the input max-plan-size",
                        )
                        return
                    if answer.status_code != 204:
                        raise self._refusal(answer, output)
                not_yet += 1
                if not_yet > GRACE or not self.plan.facts.finished:
                    raise self._missing(tries=not_yet)
                if not_yet == 1:
                    self.progress("The plan JSON is not ready yet")
            except DownloadFailed as error:
                broken += 1
                if broken > FRESH_URLS:
                    raise
                self.progress(f"{error.what_failed}: {error.why}; asking for a fresh URL")
            if self._out_of_time():
                raise DeadlineExceeded(f"Cannot {self.what}", "the time is up", "Raise the input timeout")
            self.session.sleep(not_yet + broken)

    @property
    def what(self) -> str:
        """What fails, after "Cannot"."""
        return f"read the JSON of plan {self.plan.id}"

    def _out_of_time(self) -> bool:
        return self.session.clock() >= self.deadline

    def _missing(self, *, tries: int) -> HcpTerraformError:
        return UnexpectedAnswer(
            f"Cannot {self.what}",
            f"the plan is {self.plan.status}, but {self.session.host} has no JSON of it (204 to {tries} tries)",
            "Try again later, or start a new run",
        )

    def _refusal(self, answer: requests.Response, output: str) -> HcpTerraformError:
        """The plan itself could be read a moment ago, with this token: so these statuses speak of its JSON."""
        said = failures.answered(answer)
        match answer.status_code, output:
            case 401 | 403 | 404, "json-output":
                return PlanJsonRefused(
                    f"Cannot {self.what}",
                    f"{said}, though the plan itself can be read: the full plan JSON takes a user or team token with"
                    " admin access to the workspace",
                    "Give such a token, or set plan-access: redacted",
                )
            case 401 | 403 | 404, _:
                return PlanJsonRefused(
                    f"Cannot {self.what}",
                    f"{said} to the request for the redacted plan JSON, though the plan itself can be read",
                    "Give a token with admin access to the workspace and set plan-access: full",
                )
            case 422, _:
                oldest = "0.12" if output == FULL else "0.15.2"
                return PlanJsonUnsupported(
                    f"Cannot {self.what}",
                    f"{said}: the workspace's Terraform is older than {oldest}",
                    "Use a newer Terraform in the workspace",
                )
        return failures.refused(answer, what=self.what)
