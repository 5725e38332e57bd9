"""The run tasks that ended a run: why a run is errored though its plan is good and its policies hold.

Source: HCP Terraform docs, "Run States and Stages": if a mandatory task fails, the run skips to completion.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedTask:
    """A mandatory run task that did not pass; `message` is what its service says, and may hold anything of the plan."""

    name: str
    status: str
    message: str = field(default="", repr=False)
