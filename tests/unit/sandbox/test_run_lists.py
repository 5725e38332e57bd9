"""The lists of runs of the loopback HCP Terraform, which are as hard for a client as the real ones may be."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tfc_sandbox.clock import Clock
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runs import Script

HEADERS = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
ORGANIZATION = "organizations/acme/runs"


@pytest.fixture
def clock() -> Clock:
    """The server's time."""
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[HcpTerraformSandbox]:
    """A server with a plan-only run of the workspace prod, for a commit."""
    with HcpTerraformSandbox(b"{}", script=Script(workspace="prod", commit_sha="a" * 40), clock=clock) as server:
        yield server


def get(server: HcpTerraformSandbox, path: str, **query: str) -> requests.Response:
    """The answer to a request for a list."""
    return requests.get(f"{server.url}/api/v2/{path}", params=query, headers=HEADERS, timeout=5)


def ids(server: HcpTerraformSandbox, path: str = ORGANIZATION, **query: str) -> list[str]:
    """The runs that a list has."""
    return [run["id"] for run in get(server, path, **query).json()["data"]]


@pytest.mark.parametrize("of", ["organization", "workspace"])
def test_plan_only_runs_are_left_out(server: HcpTerraformSandbox, of: str) -> None:
    """Unless they are asked for."""
    workspace = get(server, f"runs/{server.run_id}").json()["data"]["relationships"]["workspace"]["data"]["id"]
    path = ORGANIZATION if of == "organization" else f"workspaces/{workspace}/runs"

    assert ids(server, path) == []
    assert ids(server, path, **{"filter[operation]": "plan_only,destroy"}) == [server.run_id]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"search[commit]": "a" * 40}, ["prod"]),
        ({"search[commit]": "a" * 7}, ["prod"]),
        ({"search[commit]": "b" * 40}, []),
        ({"filter[workspace_names]": "dev,prod"}, ["prod", "dev"]),
        ({"filter[workspace_names]": "dev"}, ["dev"]),
        ({"filter[status]": "pending"}, ["prod"]),
        ({"filter[operation]": "destroy"}, ["dev"]),
    ],
)
def test_what_is_searched(server: HcpTerraformSandbox, query: dict[str, str], expected: list[str]) -> None:
    """By commit, workspace, status and operation."""
    by_id = {server.run_id: "prod"}
    dev = Script(workspace="dev", is_plan_only=False, is_destroy=True, run_status="planned")
    by_id[server.add_run(b"{}", script=dev)] = "dev"

    assert [by_id[each] for each in ids(server, **{"filter[operation]": "plan_only,destroy", **query})] == expected


def test_both_forms_of_pages(server: HcpTerraformSandbox) -> None:
    """An organization's list has no totals, and no link to the first and the last page."""
    for _ in range(4):
        server.add_run(b"{}", script=Script(workspace="prod"))
    workspace = get(server, f"runs/{server.run_id}").json()["data"]["relationships"]["workspace"]["data"]["id"]
    second = {"filter[operation]": "plan_only", "page[size]": "2", "page[number]": "2"}

    of_organization: dict[str, Any] = get(server, ORGANIZATION, **second).json()
    of_workspace: dict[str, Any] = get(server, f"workspaces/{workspace}/runs", **second).json()

    pages = {"current-page": 2, "page-size": 2, "prev-page": 1, "next-page": 3}
    assert of_organization["meta"]["pagination"] == pages
    assert of_workspace["meta"]["pagination"] == pages | {"total-pages": 3, "total-count": 5}
    assert {*of_organization["links"]} == {"self", "prev", "next"}
    assert {*of_workspace["links"]} == {"self", "prev", "next", "first", "last"}
    assert len(of_organization["data"]) == len(of_workspace["data"]) == 2


def test_a_run_appears_later(server: HcpTerraformSandbox, clock: Clock) -> None:
    """As the webhook is slower than the workflow."""
    run_id = server.add_run(b"{}", script=Script(workspace="dev", appears_after=10))

    assert run_id not in ids(server, **{"filter[operation]": "plan_only"})
    clock.sleep(10)
    assert run_id in ids(server, **{"filter[operation]": "plan_only"})


def test_thirty_a_minute(server: HcpTerraformSandbox, clock: Clock) -> None:
    """Then lists are refused, in the form that the docs show, until the minute is over; a run can still be read."""
    clock.sleep(1)
    assert [get(server, ORGANIZATION).status_code for _ in range(31)] == [200] * 30 + [429]
    clock.sleep(59.5)

    refused = get(server, ORGANIZATION)
    assert refused.status_code == 429
    assert (refused.headers["X-RateLimit-Limit"], refused.headers["X-RateLimit-Reset"]) == ("30", "0.500")
    assert refused.json()["errors"][0]["status"] == 429
    assert get(server, f"runs/{server.run_id}").status_code == 200
    clock.sleep(0.5)
    assert get(server, ORGANIZATION).status_code == 200


def test_what_is_not_there(server: HcpTerraformSandbox) -> None:
    """Another organization, an unknown workspace, an unknown include."""
    assert get(server, "organizations/other/runs").status_code == 404
    assert get(server, "workspaces/ws-1/runs").status_code == 404
    assert get(server, ORGANIZATION, include="teams").status_code == 400
