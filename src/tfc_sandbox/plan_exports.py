"""The exports of plans as HCP Terraform has them: one at a time for each plan, for an hour, then a new one.

Sources: HCP Terraform API docs, "Plan Exports", and go-tfe's OpenAPI file for the states.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tfc_sandbox.mock_bundle import mock_bundle
from tfc_sandbox.runs import Run

LIFETIME = 3600.0
DATA_TYPE = "sentinel-mock-bundle-v0"
_STARTED = 1_790_000_000.0  # what the time was when the clock stood at 0


@dataclass(kw_only=True, slots=True)
class PlanExport:
    """An export. Each time it is read it takes the next of its run's `export_statuses`, and stays at the last one."""

    run: Run
    id: str = field(default_factory=lambda: f"pe-{secrets.token_hex(8)}")
    times_read: int = 0
    finished_at: float | None = None
    expired: bool = False

    @property
    def status(self) -> str:
        """The status now."""
        if self.expired:
            return "expired"
        statuses = self.run.script.export_statuses
        return statuses[min(self.times_read, len(statuses) - 1)]


class PlanExports:
    """All exports, and what may be done with them. `created` counts, and `deleted` has the ids."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.created = 0
        self.deleted: list[str] = []
        self._clock = clock
        self._exports: dict[str, PlanExport] = {}
        self._lock = threading.Lock()

    def ids_of(self, run: Run) -> list[str]:
        """The ids of the exports of a run's plan, the expired ones too."""
        return [export.id for export in self._exports.values() if export.run is run]

    def create(self, run: Run) -> PlanExport | None:
        """A new export; None while the plan has one that is pending or can be downloaded."""
        with self._lock:
            for export in self._exports.values():
                self._tick(export)
                if export.run is run and export.status not in ("expired", "errored", "canceled"):
                    return None
            export = PlanExport(run=run)
            self._tick(export)
            self._exports[export.id] = export
            self.created += 1
            return export

    def get(self, export_id: str) -> PlanExport | None:
        """The export as it is now."""
        export = self._exports.get(export_id)
        if export is not None:
            self._tick(export)
        return export

    def delete(self, export_id: str) -> bool:
        """Delete an export; returns True if there was one."""
        if self._exports.pop(export_id, None) is None:
            return False
        self.deleted.append(export_id)
        return True

    def content(self, export: PlanExport) -> bytes:
        """The bytes of a download: none before the export is finished."""
        if export.status != "finished":
            return b""
        return mock_bundle(export.run.plan, run_id=export.run.id, workspace=export.run.script.workspace)

    def document(self, export: PlanExport) -> dict[str, object]:
        """`GET /plan-exports/:id`. A finished export says already when it will expire."""
        path = f"/api/v2/plan-exports/{export.id}"
        timestamps = {"queued-at": _timestamp(self._clock())}
        links = {"self": path}
        if export.finished_at is not None:
            timestamps["finished-at"] = _timestamp(export.finished_at)
            timestamps["expired-at"] = _timestamp(export.finished_at + LIFETIME)
        if export.status == "finished":
            links["download"] = f"{path}/download"
        attributes: dict[str, object] = {
            "data-type": DATA_TYPE,
            "status": export.status,
            "status-timestamps": timestamps,
            "error-message": export.run.script.export_error if export.status == "errored" else None,
        }
        plan = {"data": {"id": export.run.plan_id, "type": "plans"}}
        return {
            "data": {
                "id": export.id,
                "type": "plan-exports",
                "attributes": attributes,
                "relationships": {"plan": plan},
                "links": links,
            }
        }

    def _tick(self, export: PlanExport) -> None:
        if export.finished_at is None and export.status == "finished":
            export.finished_at = self._clock()
        export.expired |= export.finished_at is not None and self._clock() >= export.finished_at + LIFETIME


def _timestamp(clock: float) -> str:
    return datetime.fromtimestamp(_STARTED + clock, UTC).isoformat(timespec="seconds")
