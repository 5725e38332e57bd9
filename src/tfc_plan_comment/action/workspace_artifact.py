"""A file in the workspace becomes an artifact of the workflow run; else the log shows how it can."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tfc_plan_comment.action.outcome import World
from tfc_plan_comment.errors import ArtifactError
from tfc_plan_comment.github_actions.artifacts import Artifact, ArtifactService, FileType


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkspaceFile:
    """A file to upload: what to call it in a sentence, where it is and what, its SHA-256, and its artifact's name.

    `named_by` is the input by which the user names the artifact; `days` is how long GitHub is to keep it.
    """

    what: str
    path: Path
    file_type: FileType
    sha256: str
    name: str
    named_by: str
    days: int


def upload(
    file: WorkspaceFile, world: World, *, sleep: Callable[[float], None], longest: float = math.inf
) -> Artifact | None:
    """The artifact; None where its name is empty, or the runner offers no artifact service.

    `sleep` takes seconds; after `longest` seconds it is given up.

    Raises:
        ArtifactError: there is none, though there is a service.
    """
    environment = world.environment
    if not file.name:
        return None
    if not environment.results_url or not environment.runtime_token:
        _show_step(file, world)
        return None
    try:
        with ArtifactService(
            results_url=environment.results_url,
            token=environment.runtime_token,
            sleep=sleep,
            now=world.now,
            mask=world.commands.mask,
            clock=world.clock,
            until=world.clock() + longest,
        ) as service:
            artifact = service.upload(
                file.path,
                name=file.name,
                named_by=file.named_by,
                file_type=file.file_type,
                sha256=file.sha256,
                retention=timedelta(days=min(file.days, environment.retention_days or 90)),
            )
    except ArtifactError:
        _show_step(file, world)
        raise
    world.commands.info(f"Artifact {artifact.name} uploaded: {artifact_url(artifact, world) or artifact.id}")
    return artifact


def artifact_url(artifact: Artifact, world: World) -> str | None:
    """The address of an artifact, for everyone who may read the repository; None outside a runner."""
    run = world.environment.workflow_run_url
    return f"{run}/artifacts/{artifact.id}" if run else None


def in_workspace(path: Path, world: World) -> str:
    """Relative to the workspace: the next step, on the host, has it elsewhere than we in the container."""
    workspace = (world.environment.workspace or Path()).resolve()
    return path.relative_to(workspace).as_posix()


def _show_step(file: WorkspaceFile, world: World) -> None:
    """What to add to the workflow where we cannot upload ourselves."""
    for line in (
        f"To keep {file.what} as an artifact, add this step (on GitHub Enterprise Server with @v3):",
        "      - uses: actions/upload-artifact@v7",
        "        with:",
        f"          name: {file.name}",
        f"          path: {in_workspace(file.path, world)}",
        f"          retention-days: {file.days}",
    ):
        world.commands.info(line)
