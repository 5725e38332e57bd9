"""What the action acts upon, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tfc_plan_comment.errors import ActionError
from tfc_plan_comment.github_actions.artifacts import Artifact
from tfc_plan_comment.github_actions.commands import Commands
from tfc_plan_comment.github_actions.environment import GitHubEnvironment
from tfc_plan_comment.hcp_terraform.mock_bundle import MockBundle
from tfc_plan_comment.hcp_terraform.runs import Run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.view import PoliciesView
from tfc_plan_comment.settings.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """What the action acts upon: the runner, GitHub's facts about the step, and time in seconds.

    `clock` only counts; `now` is the time since 1970, which GitHub's rate limits speak of.
    """

    commands: Commands
    environment: GitHubEnvironment
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    now: Callable[[], float]

    def hcp_terraform(
        self, settings: Settings, *, sleep: Callable[[float], None] | None = None, until: float | None = None
    ) -> Session:
        """A new session with the HCP Terraform of the settings: each thread has its own, and its own `sleep`."""
        return Session(
            hostname=settings.hostname,
            token=settings.token,
            ca_bundle=settings.ca_bundle,
            sleep=sleep or self.sleep,
            clock=self.clock,
            mask=self.commands.mask,
            until=until,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Mocks:
    """What came of the Sentinel mocks. They may be in the workspace though their artifact failed."""

    bundle: MockBundle | None = None
    path: Path | None = None
    artifact: Artifact | None = None
    failure: Exception | None = None


MOCKS_PENDING = Mocks()
"""Nothing has come of them yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HtmlReport:
    """What came of the HTML report. It may be in the workspace though its artifact failed."""

    path: Path | None = None
    artifact: Artifact | None = None
    failure: Exception | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of the plan: what to show, or why there is nothing to show, or both for one that failed half-way."""

    key: str
    run_id: str | None = None
    run: Run | None = None
    plan_id: str | None = None
    status: str | None = None
    summary: PlanSummary | None = None
    failure: ActionError | None = None
    policies: PoliciesView | None = None
    mocks: Mocks | None = None
    html_report: HtmlReport | None = None
    kept: Mapping[str, Path] = field(default_factory=dict)
    """The files in the workspace that later steps may use, each by the output that names it."""
