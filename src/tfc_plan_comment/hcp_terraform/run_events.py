"""The events of a run by which HCP Terraform says that it has set policies aside, or weakened their enforcement.

Without them "5 passed" is not the truth, and Terraform prints them as warnings. No page of the docs has the list; its
sources are hashicorp/terraform, internal/cloud/backend_run_warning.go, and go-tfe, run_event.go.
"""

from msgspec import Struct

from tfc_plan_comment.errors import NotVisible
from tfc_plan_comment.hcp_terraform.json_api import Many, Unread, path_of
from tfc_plan_comment.hcp_terraform.session import Session

WARNINGS = {"changed_policy_enforcements", "changed_task_enforcements", "ignored_policy_sets"}
"""The actions whose description is a warning."""


class _Attributes(Struct, frozen=True):
    action: str | None = None
    description: str | None = None


def read_warnings(session: Session, run_id: str) -> tuple[str, ...]:
    """The warnings, in HCP Terraform's own words, by one request: the list has no pages.

    There are none where there is no such list: a host may be too old for it. Raises HcpTerraformError.
    """
    try:
        events = session.read(path_of("runs", run_id, "run-events"), Many[_Attributes, Unread], what=to_read(run_id))
    except NotVisible:
        return ()
    found = (each.attributes for each in events.data if each.attributes.action in WARNINGS)
    return tuple(dict.fromkeys(each.description for each in found if each.description))


def to_read(run_id: str) -> str:
    """The work that fails, in messages: it follows "Cannot"."""
    return f"read the events of run {run_id}"
