"""The story of the Sentinel mocks: export, check, keep in the workspace, upload, beside the story of the comment.

Mocks hold what the plan and the state hold: of a bundle nothing is shown but its size, digest and file names.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from tfc_plan_comment.action.background import Background
from tfc_plan_comment.action.files import copy_whole
from tfc_plan_comment.action.outcome import MOCKS_PENDING, Mocks, World
from tfc_plan_comment.action.workspace_artifact import WorkspaceFile, upload
from tfc_plan_comment.errors import ActionError, ArtifactError
from tfc_plan_comment.github_actions.artifacts import TAR_GZ
from tfc_plan_comment.hcp_terraform.plan_exports import export_mocks
from tfc_plan_comment.hcp_terraform.plans import PlanState
from tfc_plan_comment.settings.inputs import RUN_ID
from tfc_plan_comment.settings.settings import MOCKS_PATH, SentinelMocks, Settings

SECONDS_TO_STOP = 5.0
"""What is left for cleaning up: GitHub's runner kills a canceled step 10 s after it has asked it to end."""


class MocksInBackground:
    """Makes the mocks in a thread. Leaving the `with` before they are there stops it, and deletes the export."""

    def __init__(self, settings: Settings, world: World) -> None:
        """Ask for nothing yet."""
        self._settings, self._world = settings, world
        self._background: Background[Mocks] = Background(world.sleep)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._background.stop(SECONDS_TO_STOP)

    def start(self, plan: PlanState, run_id: str | None) -> None:
        """Begin, if the user wants mocks. The plan is final."""
        if self._settings.sentinel_mocks is not SentinelMocks.FALSE:
            self._background.start(lambda: self._make(plan, run_id))

    def so_far(self) -> Mocks | None:
        """What has come of them, MOCKS_PENDING while nothing has, or None if nobody wants any."""
        return MOCKS_PENDING if self._background.is_running else self.wait()

    def wait(self) -> Mocks | None:
        """What came of them, once it is known; None if nobody wants any."""
        try:
            return self._background.wait()
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the user the comment
            return Mocks(failure=error)

    def _make(self, plan: PlanState, run_id: str | None) -> Mocks:
        settings, world = self._settings, self._world
        path = settings.sentinel_mocks_path or (world.environment.workspace or Path()).resolve() / MOCKS_PATH
        with (
            world.hcp_terraform(settings, sleep=self._background.sleep) as session,
            TemporaryDirectory(prefix="tfc-plan-comment-") as folder,
        ):
            temporary = Path(folder) / MOCKS_PATH
            keep = settings.sentinel_mocks_keep
            bundle = export_mocks(session, plan, to=temporary, keep=keep, progress=world.commands.info)
            copy_whole(temporary, path)
        world.commands.info(f"Sentinel mocks: {len(bundle.files)} files, {bundle.size:,} bytes, in {path.name}")
        file = WorkspaceFile(
            what="the mocks",
            path=path,
            file_type=TAR_GZ,
            sha256=bundle.sha256,
            name=settings.sentinel_mocks_artifact.replace(RUN_ID, run_id or plan.id),
            named_by="sentinel-mocks-artifact",
            days=settings.artifact_retention_days,
        )
        try:
            artifact = upload(file, world, sleep=self._background.sleep)
        except ArtifactError as error:
            return Mocks(bundle=bundle, path=path, failure=error)
        return Mocks(bundle=bundle, path=path, artifact=artifact)


def why_it_fails(mocks: Mocks | None, settings: Settings) -> Exception | None:
    """Why the step fails because of the mocks: they are required and not there, or there is a bug."""
    if mocks is None or mocks.failure is None:
        return None
    required = settings.sentinel_mocks is SentinelMocks.REQUIRED
    return mocks.failure if required or not isinstance(mocks.failure, ActionError) else None
