"""The applies that the loopback HCP Terraform serves.

Sources: HCP Terraform API docs, "Applies"; go-tfe's OpenAPI file for what they leave out.
"""

from dataclasses import dataclass

_TIME = "2026-03-01T10:05:{second:02}+00:00"
_ENDS = {"finished", "errored", "canceled"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Apply:
    """An apply: its status, what it has done (imported, added, changed, destroyed), and its log, if it has one."""

    status: str = "finished"
    done: tuple[int, int, int, int] | None = (0, 1, 2, 3)
    log: bytes | None = None
    times: bool = True  # it says when it ended


def apply_document(apply_id: str, apply: Apply, *, log_url: str | None) -> dict[str, object]:
    """`GET /applies/:id`. `log-read-url` is a secret, as the real one's is."""
    imported, added, changed, destroyed = apply.done or (None, None, None, None)
    times = {"queued-at": _TIME.format(second=0), "started-at": _TIME.format(second=2)}
    if apply.status in _ENDS:
        times[f"{apply.status}-at"] = _TIME.format(second=40)
    return {
        "data": {
            "id": apply_id,
            "type": "applies",
            "attributes": {
                "status": apply.status,
                "execution-details": {"mode": "remote"},
                "log-read-url": log_url,
                "resource-additions": added,
                "resource-changes": changed,
                "resource-destructions": destroyed,
                "resource-imports": imported,
                "action-invocations": None,
                "action-failures": None,
                "status-timestamps": times if apply.times and apply.status != "unreachable" else {},
            },
            "relationships": {"state-versions": {"data": []}},
            "links": {"self": f"/api/v2/applies/{apply_id}"},
        }
    }
