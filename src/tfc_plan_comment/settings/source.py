"""The source of the plan: exactly one of these."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunId:
    """The run whose plan it is."""

    id: str


@dataclass(frozen=True, slots=True)
class PlanId:
    """The plan itself; nothing is known of its run."""

    id: str


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """The bookmark that `terraform plan -out=FILE` writes for a run in HCP Terraform."""

    path: Path


@dataclass(frozen=True, slots=True)
class PlanFile:
    """The plan's JSON on disk. No server is asked."""

    path: Path


Source = RunId | PlanId | SavedPlan | PlanFile
