"""The story of a failed plan's errors: its log is read, and nothing but the errors is taken out of it, masked."""

from pathlib import Path

from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ActionError, bug
from tfc_plan_comment.findings.diagnostics import Diagnostics, read_diagnostics
from tfc_plan_comment.findings.said import NOT_ASKED, Known, Said, Unknown
from tfc_plan_comment.hcp_terraform.plan_log import read_log
from tfc_plan_comment.hcp_terraform.plans import PlanState
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.report.diagnostics import hide_secrets, say_in_one_line

LONGEST = 60.0
"""Seconds in which the log has to come: the comment waits for it."""


def read_errors(session: Session, plan: PlanState, *, to: Path, mask: Mask, world: World) -> Said[Diagnostics]:
    """The errors in the log of a final plan, without a secret in them; never an exception.

    The log is written to `to` meanwhile.
    """
    if not plan.facts.has_errors:
        return NOT_ASKED
    try:
        log = read_log(session.until(session.deadline.within(LONGEST)), plan.id, to=to)
        return Known(hide_secrets(read_diagnostics(log), mask))
    except ActionError as error:
        world.commands.notice(f"The comment does not say why the plan failed. {error}")
        return Unknown(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the user the comment
        world.commands.warning(str(bug(error)))
        return Unknown(error)
    finally:
        to.unlink(missing_ok=True)


def first_error(errors: Said[Diagnostics]) -> str:
    """The first of the errors in one line of the log, and how many more there are; nothing if none is known."""
    return say_in_one_line(errors.value) if isinstance(errors, Known) else ""
