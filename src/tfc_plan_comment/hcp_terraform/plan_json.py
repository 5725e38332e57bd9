"""The plan JSON of a plan that is final: the full one, the redacted one, or what the token may read.

Source: HCP Terraform API docs, "Plans": JSON execution plan; go-tfe's OpenAPI file for json-output-redacted.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec
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

# The JSON may appear a little after the status says that the plan is finished; then 204 is worth a few more tries.
GRACE = 3
# A temporary URL lives for a minute: what went wrong with one may go well with a fresh one.
FRESH_URLS = 5


NO_JSON = "HCP Terraform gave no plan JSON of the failed plan."


class _NoneYet(UnexpectedAnswer):
    """Raised when the answer stays 204."""


class Output(StrEnum):
    """The two documents that there are of a plan, of two different shapes, as their paths end."""

    FULL = "json-output"
    REDACTED = "json-output-redacted"


def download(  # noqa: PLR0913 (what, where to, how much, and whom to tell)
    session: Session,
    plan: PlanState,
    *,
    outputs: Sequence[Output],
    to: Path,
    note: Callable[[str], None],
    progress: Callable[[str], None],
    max_bytes: int,
) -> Output | None:
    """Write the JSON of a final plan to `to`: the first of the outputs that the token may read, which is returned.

    It may have `max_bytes` after decompression; a larger one is not kept.

    An errored plan may still have one: the first of the outputs gets one attempt, and where there is none, `progress`
    hears it and None is returned. Nothing is said of the token's access then, for nobody knows whether that is why. A
    canceled or unreachable one has none. `note` hears that the redacted one is read because the full one is refused,
    and `progress` why it takes longer.

    Raises:
        PlanJsonRefused: the plan can be seen, but this JSON of it cannot.
        PlanJsonUnsupported: made by a Terraform that is too old.
        DownloadFailed, DeadlineExceeded, UnexpectedAnswer and others: no plan JSON of a finished plan.
    """
    if not plan.facts.may_have_json:
        return None
    source = _Source(session, plan, to, progress, max_bytes)
    if plan.facts.finished:
        return source.fetch_first(outputs, note)
    try:
        source.fetch(outputs[0])
    except HcpTerraformError as error:
        is_absent = isinstance(error, PlanJsonRefused | _NoneYet)
        progress(NO_JSON if is_absent else f"{NO_JSON} {error}")
        return None
    return outputs[0]


class _Source(msgspec.Struct, frozen=True):
    """One plan's JSON documents, and what bounds reading them."""

    session: Session
    plan: PlanState
    to: Path
    progress: Callable[[str], None]
    max_bytes: int

    def fetch_first(self, outputs: Sequence[Output], note: Callable[[str], None]) -> Output:
        """Write the first of the outputs that is not refused."""
        *others, last = outputs
        for output in others:
            try:
                self.fetch(output)
            except PlanJsonRefused as refusal:
                note(f"Reading the redacted plan JSON, because the token may not read the full one: {refusal.why}.")
            else:
                return output
        self.fetch(last)
        return last

    def fetch(self, output: Output) -> None:
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
                            out_of_time=lambda: self.session.deadline.is_over,
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
            pause = not_yet + broken
            if self.session.deadline.left <= pause:
                raise DeadlineExceeded(f"Cannot {self.what}", "there is no time left", "Raise the input timeout")
            self.session.sleep(pause)

    @property
    def what(self) -> str:
        """The work that fails, in messages: it follows "Cannot"."""
        return f"read the JSON of plan {self.plan.id}"

    def _missing(self, *, tries: int) -> HcpTerraformError:
        return _NoneYet(
            f"Cannot {self.what}",
            f"the plan is {self.plan.status}, but {self.session.host} still has no JSON of it after {tries} tries"
            " (204)",
            "Try again later, or start a new run",
        )

    def _refusal(self, answer: requests.Response, output: Output) -> HcpTerraformError:
        """The plan itself could be read a moment ago, with this token: so these statuses speak of its JSON."""
        said = failures.answered(answer)
        match answer.status_code, output:
            case 401 | 403 | 404, Output.FULL:
                return PlanJsonRefused(
                    f"Cannot {self.what}",
                    f"{said}. The token can read the plan, but the full plan JSON needs a user or team token with"
                    " admin access to the workspace",
                    "Use such a token, or set plan-access: redacted",
                )
            case 401 | 403 | 404, _:
                return PlanJsonRefused(
                    f"Cannot {self.what}",
                    f"{said} to the request for the redacted plan JSON, though the token can read the plan",
                    "Use a token with admin access to the workspace, and set plan-access: full",
                )
            case 422, _:
                oldest = "0.12" if output is Output.FULL else "0.15.2"
                return PlanJsonUnsupported(
                    f"Cannot {self.what}",
                    f"{said}: the workspace's Terraform is older than {oldest}",
                    "Use a newer Terraform in the workspace",
                )
        return failures.refused(answer, what=self.what)
