"""The source of the plans: exactly one of these."""

from collections.abc import Mapping
from pathlib import Path

import msgspec


class RunsOfCommit(msgspec.Struct, frozen=True):
    """The runs that an organization has for the commit of the event, one for each workspace.

    The workspaces are those that a pattern fits, in which `*` stands for any text; all of them where there is none.
    """

    organization: str
    patterns: tuple[str, ...] = ()


class RunIds(msgspec.Struct, frozen=True):
    """The runs whose plans they are; there is at least one."""

    ids: tuple[str, ...]


class PlanId(msgspec.Struct, frozen=True):
    """The plan itself; nothing is known of its run."""

    id: str


class SavedPlan(msgspec.Struct, frozen=True):
    """The bookmark that `terraform plan -out=FILE` writes for a run in HCP Terraform."""

    path: Path


class PlanFile(msgspec.Struct, frozen=True):
    """The plan's JSON on disk. No server is asked."""

    path: Path


class Summaries(msgspec.Struct, frozen=True):
    """The summary JSON files of other jobs, out of which one comment is made. No server is asked."""

    paths: tuple[Path, ...]


Source = RunsOfCommit | RunIds | PlanId | SavedPlan | PlanFile | Summaries

SOURCES: Mapping[str, type[Source]] = {
    "organization": RunsOfCommit,
    "run-id": RunIds,
    "plan-id": PlanId,
    "cloud-plan": SavedPlan,
    "plan-json": PlanFile,
    "summaries": Summaries,
}
"""The inputs that name the plans to show."""
LOCAL = ("plan-json", "summaries")
"""Those that need no server."""
MORE_OF_SOURCE = {"organization": "workspaces"}
"""The input that says more of such a one, and is no field of its own."""
