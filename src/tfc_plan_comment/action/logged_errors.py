"""The story of the errors of a failed plan or apply: its log is read, and only they are taken out of it, masked."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ActionError, sentence
from tfc_plan_comment.findings.apply import Apply, ApplyStatus
from tfc_plan_comment.findings.diagnostics import Diagnostics, read_diagnostics
from tfc_plan_comment.findings.said import NOT_ASKED, Known, Said, Unknown
from tfc_plan_comment.hcp_terraform.logs import Logged, read_log
from tfc_plan_comment.hcp_terraform.plans import PlanState
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.diagnostics import hide_secrets, say_in_one_line, without_details

LONGEST = 60.0
"""Seconds in which the log has to come: the comment waits for it."""


def read_errors(session: Session, plan: PlanState, *, to: Path, mask: Mask, world: World) -> Said[Diagnostics]:
    """The errors in the log of a final plan, without a secret in them; never an exception.

    The log is written to `to` meanwhile.
    """
    if not plan.facts.has_errors:
        return NOT_ASKED
    read = partial(read_log, _in_time(session), plan.id, to=to, of=Logged.PLAN)
    return _read(read, mask, world, "why the plan failed", to)


def with_errors(said: Said[Apply], session: Session, *, to: Path, summary: PlanSummary, world: World) -> Said[Apply]:
    """The apply with its errors, if it failed; never an exception.

    A redacted plan does not tell its secrets: then what Terraform says of an error in detail is left out.
    """
    if not isinstance(said, Known) or ApplyStatus(said.value.status) is not ApplyStatus.ERRORED:
        return said
    read = partial(read_log, _in_time(session), said.value.id, to=to, of=Logged.APPLY)
    errors = _read(read, summary.mask, world, "why the apply failed", to)
    if isinstance(errors, Known) and summary.plan.is_redacted:
        errors = Known(without_details(errors.value))
    return Known(replace(said.value, errors=errors))


def first_error(errors: Said[Diagnostics]) -> str:
    """The first of the errors in one line of the log, and how many more there are; nothing if none is known."""
    return say_in_one_line(errors.value) if isinstance(errors, Known) else ""


def _in_time(session: Session) -> Session:
    return session.until(session.deadline.within(LONGEST))


def _read(read: Callable[[], str], mask: Mask, world: World, what: str, to: Path) -> Said[Diagnostics]:
    try:
        return Known(hide_secrets(read_diagnostics(read()), mask))
    except ActionError as error:
        world.commands.notice(f"The comment does not say {what}. {error}")
        return Unknown(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the user the comment
        world.commands.warning(sentence(error))
        return Unknown(error)
    finally:
        to.unlink(missing_ok=True)
