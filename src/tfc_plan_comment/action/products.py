"""A file that the step makes beside the comment: kept in the workspace, and uploaded as an artifact where that goes."""

import math
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec

from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ArtifactError, NoArtifactService
from tfc_plan_comment.github_actions.artifacts import Artifact, ArtifactService, FileType
from tfc_plan_comment.hcp_terraform.mock_bundle import MockBundle
from tfc_plan_comment.http.deadline import Deadline


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome for one file. It may be in the workspace though its artifact failed.

    One that is `pending` is still being made, and nothing else is known of it. `bundle` is what Sentinel mocks hold.
    """

    pending: bool = False
    path: Path | None = None
    artifact: Artifact | None = None
    failure: Exception | None = None
    bundle: MockBundle | None = None


class WorkspaceFile(msgspec.Struct, frozen=True, kw_only=True):
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
    file: WorkspaceFile,
    world: World,
    *,
    sleep: Callable[[float], None],
    longest: float = math.inf,
    bundle: MockBundle | None = None,
) -> Product:
    """The product with its artifact, or with why there is none.

    Without either, its name is empty, or there is no artifact service; the log then shows the step that uploads the
    file. GitHub Enterprise Server has none, whatever its runner names: what it refuses is no failure.
    `sleep` takes seconds; after `longest` seconds the upload is given up.
    """
    environment = world.environment
    kept = Product(path=file.path, bundle=bundle)
    if not file.name:
        return kept
    if not environment.results_url or not environment.runtime_token:
        _show_step(file, world)
        return kept
    try:
        with ArtifactService(
            results_url=environment.results_url,
            token=environment.runtime_token,
            sleep=sleep,
            now=world.now,
            mask=world.commands.mask,
            deadline=Deadline.after(longest, world.clock),
        ) as service:
            artifact = service.upload(
                file.path,
                name=file.name,
                named_by=file.named_by,
                file_type=file.file_type,
                sha256=file.sha256,
                retention=timedelta(days=min(file.days, environment.retention_days or 90)),
            )
    except ArtifactError as error:
        _show_step(file, world)
        if isinstance(error, NoArtifactService) or environment.is_enterprise_server:
            world.commands.notice(str(error))
            return kept
        return Product(path=file.path, bundle=bundle, failure=error)
    world.commands.info(f"Artifact {artifact.name} uploaded: {environment.artifact_url(artifact.id) or artifact.id}")
    return Product(path=file.path, bundle=bundle, artifact=artifact)


def _show_step(file: WorkspaceFile, world: World) -> None:
    """Log what to add to the workflow where we cannot upload ourselves."""
    for line in (
        f"To keep {file.what} as an artifact, add this step (on GitHub Enterprise Server with @v3):",
        "      - uses: actions/upload-artifact@v7",
        "        with:",
        f"          name: {file.name}",
        f"          path: {world.environment.in_workspace(file.path)}",
        f"          retention-days: {file.days}",
    ):
        world.commands.info(line)
