"""Reads what GitHub's runner tells a step: environment variables and the event's file, as one typed value.

Sources: docs.github.com, "Variables reference", default environment variables; for ACTIONS_* actions/runner
ContainerActionHandler.cs. Outside a runner all of it is absent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True, slots=True)
class GitHubEnvironment:
    """The facts of one step. Its one secret, `runtime_token`, is in no repr.

    This is a dataclass, for it is made before the first line is said, and msgspec takes longer to import than it saves.
    """

    event_name: str = ""
    event: Mapping[str, object]
    event_problem: str | None = None
    """Why `event` is empty when it should not be; a clause without its full stop."""
    repository: str | None = None
    """`owner/name`"""
    sha: str = ""
    ref: str = ""
    api_url: str = "https://api.github.com"
    server_url: str = "https://github.com"
    run_id: str | None = None
    step: str = "local"
    """Workflow, job and step by their names: the same in every run of the workflow, and in every job of a matrix."""
    workspace: Path = Path()
    """The user's checkout, outside of a runner the working directory. The host has it elsewhere than a container."""
    runner_temp: Path | None = None
    output_file: Path | None = None
    summary_file: Path | None = None
    results_url: str | None = None
    """The artifact service. Together with `runtime_token` the runner gives it to actions, not to `run:`."""
    runtime_token: str = field(default="", repr=False)
    retention_days: int | None = None
    """The longest that artifacts may be kept."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables and the event's file. A variable that is missing or empty leaves its default."""
        event, event_problem = _read_event(_path(environ, "GITHUB_EVENT_PATH"))
        names = [environ.get(name, "") for name in ("GITHUB_WORKFLOW", "GITHUB_JOB", "GITHUB_ACTION")]
        return cls(
            event_name=environ.get("GITHUB_EVENT_NAME", ""),
            event=event,
            event_problem=event_problem,
            repository=environ.get("GITHUB_REPOSITORY") or None,
            sha=environ.get("GITHUB_SHA", ""),
            ref=environ.get("GITHUB_REF", ""),
            api_url=(environ.get("GITHUB_API_URL") or "https://api.github.com").rstrip("/"),
            server_url=(environ.get("GITHUB_SERVER_URL") or "https://github.com").rstrip("/"),
            run_id=environ.get("GITHUB_RUN_ID") or None,
            step="/".join(names) if any(names) else "local",
            workspace=_path(environ, "GITHUB_WORKSPACE") or Path(),
            runner_temp=_path(environ, "RUNNER_TEMP"),
            output_file=_path(environ, "GITHUB_OUTPUT"),
            summary_file=_path(environ, "GITHUB_STEP_SUMMARY"),
            results_url=environ.get("ACTIONS_RESULTS_URL") or None,
            runtime_token=environ.get("ACTIONS_RUNTIME_TOKEN", ""),
            retention_days=int(days) if (days := environ.get("GITHUB_RETENTION_DAYS", "")).isdecimal() else None,
        )

    @property
    def is_enterprise_server(self) -> bool:
        """True on a GitHub Enterprise Server, by its address, as GitHub's clients do (actions/toolkit, `isGhes`)."""
        host = (urlsplit(self.server_url).hostname or "").lower()
        return host != "github.com" and not host.endswith((".ghe.com", ".localhost"))

    @property
    def workflow_run_url(self) -> str | None:
        """The page of this workflow run, where its step summaries are; None outside a runner."""
        if self.repository is None or self.run_id is None:
            return None
        return f"{self.server_url}/{self.repository}/actions/runs/{self.run_id}"

    def artifact_url(self, artifact_id: int) -> str:
        """The address of an artifact, for everyone who may read the repository; empty outside a runner."""
        return f"{self.workflow_run_url}/artifacts/{artifact_id}" if self.workflow_run_url else ""

    def in_workspace(self, path: Path) -> str:
        """The path from the workspace on: the next step, on the host, has it elsewhere than we in the container."""
        return path.relative_to(self.workspace.resolve()).as_posix()


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name)
    return Path(value) if value else None


def _read_event(path: Path | None) -> tuple[Mapping[str, object], str | None]:
    if path is None:
        return {}, None
    try:
        event = json.loads(path.read_bytes())
    except OSError as error:
        return {}, f"the event's file {path} cannot be read ({error.strerror})"
    except (ValueError, RecursionError):
        return {}, f"the event's file {path} is not JSON"
    if not isinstance(event, dict):
        return {}, f"the event's file {path} holds no JSON object"
    return event, None
