"""The world that the action acts upon: the runner, GitHub's facts about the step, and time."""

from collections.abc import Callable

import msgspec

from tfc_plan_comment.github_actions.commands import Commands
from tfc_plan_comment.github_actions.environment import GitHubEnvironment
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.http.deadline import Deadline
from tfc_plan_comment.settings.settings import Settings


class World(msgspec.Struct, frozen=True, kw_only=True):
    """The runner, GitHub's facts about the step, and time in seconds.

    `clock` only counts; `now` is the time since 1970, which GitHub's rate limits speak of.
    """

    commands: Commands
    environment: GitHubEnvironment
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    now: Callable[[], float]

    def hcp_terraform(
        self, settings: Settings, *, sleep: Callable[[float], None] | None = None, deadline: Deadline | None = None
    ) -> Session:
        """A new session with the HCP Terraform of the settings: each thread has its own, and its own `sleep`."""
        return Session(
            hostname=settings.hostname,
            token=settings.token,
            ca_bundle=settings.ca_bundle,
            sleep=sleep or self.sleep,
            clock=self.clock,
            mask=self.commands.mask,
            deadline=deadline,
        )
