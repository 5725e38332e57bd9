"""The story of the Sentinel mocks: export, check, keep in the workspace, upload, beside the story of the comment.

Mocks hold what the plan and the state hold: of a bundle nothing is shown but its size, digest and file names.
"""

from typing import Self

from tfc_plan_comment.action.background import Background
from tfc_plan_comment.action.files import copy_whole
from tfc_plan_comment.action.products import Product, WorkspaceFile, upload
from tfc_plan_comment.action.world import World
from tfc_plan_comment.disk import temporary_folder
from tfc_plan_comment.errors import is_bug
from tfc_plan_comment.github_actions.artifacts import TAR_GZ
from tfc_plan_comment.hcp_terraform.plan_exports import export_mocks
from tfc_plan_comment.hcp_terraform.plans import PlanState
from tfc_plan_comment.settings.inputs import RUN_ID
from tfc_plan_comment.settings.settings import SentinelMocks, Settings

SECONDS_TO_STOP = 5.0
"""Time for cleaning up: GitHub's runner kills a canceled step 10 s after it has asked it to end."""


class MocksInBackground:
    """Makes the mocks in a thread. Leaving the `with` before they are there stops it, and deletes the export."""

    def __init__(self, settings: Settings, world: World) -> None:
        """Ask for nothing yet."""
        self._settings, self._world = settings, world
        self._background: Background[Product] = Background(world.sleep)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._background.stop(SECONDS_TO_STOP)

    def begin(self, plan: PlanState, name_for_files: str) -> None:
        """Begin, if the user wants mocks. The plan is final."""
        if self._settings.sentinel_mocks is not SentinelMocks.FALSE:
            self._background.begin(lambda: self._make(plan, name_for_files))

    def so_far(self) -> Product | None:
        """The mocks as they are now; None if nobody wants any."""
        return Product(pending=True) if self._background.is_running else self.result()

    def result(self) -> Product | None:
        """The mocks, once it is known what came of them; None if nobody wants any."""
        try:
            return self._background.result()
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the user the comment
            return Product(failure=error)

    def _make(self, plan: PlanState, name_for_files: str) -> Product:
        settings, world = self._settings, self._world
        path = settings.sentinel_mocks_path
        with (
            world.hcp_terraform(settings, sleep=self._background.sleep) as session,
            temporary_folder() as folder,
        ):
            temporary = folder / path.name
            keep = settings.sentinel_mocks_keep
            bundle = export_mocks(session, plan, to=temporary, keep=keep, progress=world.commands.info)
            copy_whole(temporary, path)
        world.commands.info(f"Sentinel mocks: {len(bundle.files)} files, {bundle.size:,} bytes, in {path.name}")
        file = WorkspaceFile(
            what="the mocks",
            path=path,
            file_type=TAR_GZ,
            sha256=bundle.sha256,
            name=settings.sentinel_mocks_artifact.replace(RUN_ID, name_for_files),
            named_by="sentinel-mocks-artifact",
            days=settings.artifact_retention_days,
        )
        return upload(file, world, sleep=self._background.sleep, bundle=bundle)


def why_it_fails(mocks: Product | None, settings: Settings) -> Exception | None:
    """The reason for the step to fail because of the mocks: they are required and not there, or there is a bug."""
    if mocks is None or mocks.failure is None:
        return None
    required = settings.sentinel_mocks is SentinelMocks.REQUIRED
    return mocks.failure if required or is_bug(mocks.failure) else None
