"""The apply of a run: waiting until it has ended or a person is needed, and what it has done.

The raw state that an apply may leave behind when it fails (`errored-state`) is never asked for.
Source: HCP Terraform API docs, "Applies" and "Run States".
"""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from tfc_plan_comment.errors import HcpTerraformError
from tfc_plan_comment.findings.apply import Apply, Done, Phase
from tfc_plan_comment.findings.said import NOT_ASKED, Known, Said, Unknown
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import One, Unread, path_of
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.http.deadline import Deadline
from tfc_plan_comment.http.repeat import Growth

LOOKS = Growth(first=2.0, factor=1.5, longest=10.0, jitter=(0.8, 1.0))
"""Seconds between looks at a run."""


class _Timestamps(Struct, rename="kebab"):
    finished_at: str | None = None
    errored_at: str | None = None
    canceled_at: str | None = None
    force_canceled_at: str | None = None


class _Attributes(Struct, rename="kebab"):
    """All but the log's address, which is a secret: only `logs` decodes it."""

    status: str
    resource_additions: int | None = None
    resource_changes: int | None = None
    resource_destructions: int | None = None
    resource_imports: int | None = None
    status_timestamps: _Timestamps | None = None


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it was last read, and why it was not looked at any further, if that is an error."""

    run: Run
    problem: HcpTerraformError | None = None


def wait_for_end(session: Session, run: Run, *, until: Deadline, on_look: Callable[[Run], None]) -> Ending:
    """The run once it has ended, or goes on only if a person decides; or as it is when `until` is over.

    `on_look` hears of every look. The run's plan is final.
    """
    looks = 0
    while True:
        on_look(run)
        if not run.moves_on or until.is_over or session.deadline.is_over:
            return Ending(run=run)
        looks += 1
        try:
            session.sleep(min(LOOKS.after(looks), until.left))
            run = read_run(session, run.id)
        except HcpTerraformError as error:
            return Ending(run=run, problem=error)


def read_outcome(session: Session, run: Run) -> Said[Apply]:
    """The apply, if the run is one whose apply has ended or may have; what cannot be read is unknown."""
    if run.apply_id is None or run.phase not in {Phase.APPLIED, Phase.CANCELED, Phase.ERRORED}:
        return NOT_ASKED
    try:
        return Known(read_apply(session, run.apply_id))
    except HcpTerraformError as error:
        return Unknown(error)


def read_apply(session: Session, apply_id: str) -> Apply:
    """The apply as it is now.

    Raises:
        NotVisible: there is no such apply, or the token may not read it.
        HcpTerraformError: no usable answer.
    """
    data = session.read(path_of("applies", apply_id), One[_Attributes, Unread], what=to_read_apply(apply_id)).data
    attributes, times = data.attributes, data.attributes.status_timestamps or _Timestamps()
    ended = times.finished_at or times.errored_at or times.force_canceled_at or times.canceled_at
    return Apply(
        id=apply_id,
        status=one_line(attributes.status),
        done=Done(
            added=_count(attributes.resource_additions),
            changed=_count(attributes.resource_changes),
            destroyed=_count(attributes.resource_destructions),
            imported=_count(attributes.resource_imports),
        ),
        ended=_moment(ended),
    )


def to_read_apply(apply_id: str) -> str:
    """The work that fails, in messages: it follows "Cannot"."""
    return f"read apply {apply_id}"


def _count(count: int | None) -> int | None:
    return count if count is not None and count >= 0 else None


def _moment(text: str | None) -> datetime | None:
    """The time in UTC; None where it cannot be told."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
