"""The lists of runs that the loopback HCP Terraform serves: of a workspace, and of an organization.

Sources: HCP Terraform API docs, "Runs" (lists, and their 30 requests a minute) and "API overview" (rate limiting).
What the docs do not say is as hard for a client as it may be: both lists leave out plan-only runs where no operation is
named, the search finds prefixes, and the oldest run comes first.
"""

from collections.abc import Callable, Mapping, Sequence

from flask import Response

from tfc_sandbox.faults import RATE_LIMITED
from tfc_sandbox.policies import page_document
from tfc_sandbox.run_documents import included_resources, run_resource
from tfc_sandbox.runs import Run

MOST_A_MINUTE = 30
DEFAULT_OPERATIONS = {"plan_and_apply", "save_plan", "refresh_only", "destroy", "empty_apply"}


class MinuteLimit:
    """Counts the requests for lists, of all users together: the sandbox has only one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._times: list[float] = []

    def refusal(self) -> Response | None:
        """The 429 for a request that is too much within a minute; how long to wait, it says as the API does elsewhere.

        Whether `X-RateLimit-Reset` counts up to this limit's end is not documented.
        """
        now = self._clock()
        self._times = [each for each in self._times if each > now - 60]
        if len(self._times) < MOST_A_MINUTE:
            self._times.append(now)
            return None
        response = Response(RATE_LIMITED.body, status=RATE_LIMITED.status, content_type=RATE_LIMITED.content_type)
        response.headers["X-RateLimit-Limit"] = str(MOST_A_MINUTE)
        response.headers["X-RateLimit-Reset"] = f"{self._times[0] + 60 - now:.3f}"
        return response


def listed(runs: Sequence[Run], query: Mapping[str, str]) -> list[Run]:
    """Those that the query asks for."""

    def values(name: str) -> set[str]:
        return set(query[name].split(",")) if query.get(name) else set()

    operations = values("filter[operation]") or DEFAULT_OPERATIONS
    statuses, names = values("filter[status]"), values("filter[workspace_names]")
    return [
        run
        for run in runs
        if run.script.operation in operations
        and (run.script.commit_sha or "").startswith(query.get("search[commit]", ""))
        and (not statuses or run.status in statuses)
        and (not names or run.script.workspace in names)
    ]


def runs_document(
    runs: Sequence[Run], includes: Sequence[str], *, page: tuple[int, int], path: str, has_totals: bool
) -> dict[str, object]:
    """One page, its number and size, of a list; that of an organization has no totals, no link to the first or last."""
    number, size = page
    document = page_document(runs, number=number, size=size)
    pagination = document["meta"]["pagination"]
    numbers = {"self": number, "prev": pagination["prev-page"], "next": pagination["next-page"]}
    if has_totals:
        numbers |= {"first": 1, "last": pagination["total-pages"]}
    else:
        del pagination["total-pages"], pagination["total-count"]
    links = {
        name: f"{path}?page%5Bnumber%5D={each}&page%5Bsize%5D={size}" if each else None
        for name, each in numbers.items()
    }
    return {
        "data": [run_resource(run) for run in document["data"]],
        "included": included_resources(document["data"], includes),
        "links": links,
        "meta": document["meta"],
    }
