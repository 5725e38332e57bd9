"""The loopback HCP Terraform is as strict as the real one where a client can go wrong, so that tests can fail."""

import json
from collections.abc import Iterator

import pytest
import requests

from tfc_sandbox.clock import Clock
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, EXPIRED_TOKEN, READ_TOKEN, HcpTerraformSandbox, Storage
from tfc_sandbox.redacted_plan import redacted
from tfc_sandbox.runs import Script

HEADERS = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
FINISHED = Script(plan_statuses=("finished",))


@pytest.fixture
def clock() -> Clock:
    """The server's time."""
    return Clock()


@pytest.fixture(params=[Storage.ARCHIVIST, Storage.SAME_ORIGIN])
def server(request: pytest.FixtureRequest, clock: Clock) -> Iterator[HcpTerraformSandbox]:
    """A server with a finished plan, in both places for its JSON."""
    with HcpTerraformSandbox(b"{}", script=FINISHED, storage=request.param, clock=clock) as server:
        yield server


def get(url: str, headers: dict[str, str] = HEADERS) -> requests.Response:
    """The answer itself, with nothing followed."""
    return requests.get(url, headers=headers, allow_redirects=False, timeout=5)


def test_a_naive_client_is_caught(server: HcpTerraformSandbox) -> None:
    """requests, left to itself, takes the cookie along, and on the same origin the token: the blob refuses both."""
    with requests.Session() as naive:
        naive.get(f"{server.url}/api/v2/plans/{server.plan_id}", headers=HEADERS, timeout=5)
        naive.cookies.clear()
        response = naive.get(f"{server.url}/api/v2/plans/{server.plan_id}/json-output", headers=HEADERS, timeout=5)

    assert response.status_code == 400
    assert server.archivist.requests == server.archivist.leaks


def test_a_cookie_overrides_the_token(server: HcpTerraformSandbox) -> None:
    """A client that keeps cookies is not let in a second time."""
    with requests.Session() as naive:
        statuses = [naive.get(f"{server.url}/api/v2/ping", headers=HEADERS, timeout=5).status_code for _ in range(2)]

    assert statuses == [204, 401]


def test_a_url_lives_for_a_minute(server: HcpTerraformSandbox, clock: Clock) -> None:
    """A temporary URL works for a minute, and then no more."""
    get(f"{server.url}/api/v2/plans/{server.plan_id}")
    redirect = get(f"{server.url}/api/v2/plans/{server.plan_id}/json-output")
    location = redirect.headers["Location"]

    assert redirect.status_code == 307
    clock.sleep(59.9)
    assert get(location, {}).content == b"{}"
    clock.sleep(0.1)
    assert get(location, {}).status_code == 403


def test_content_type_is_required(server: HcpTerraformSandbox) -> None:
    """A POST or DELETE without the media type of JSON:API is answered with 415, body or not."""
    statuses = [
        requests.request(method, f"{server.url}/api/v2/plan-exports", headers=HEADERS, timeout=5).status_code
        for method in ("POST", "DELETE")
    ]

    assert statuses == [415, 415]


@pytest.mark.parametrize(
    ("token", "path", "status"),
    [
        (ADMIN_TOKEN, "/json-output", 307),
        (READ_TOKEN, "/json-output", 404),
        (READ_TOKEN, "/json-output-redacted", 307),
        (EXPIRED_TOKEN, "", 401),
        (ADMIN_TOKEN, "-unknown", 404),
        (ADMIN_TOKEN, "-unknown/json-output", 404),
    ],
)
def test_tokens(server: HcpTerraformSandbox, token: str, path: str, status: int) -> None:
    """What a token may not see is not there."""
    get(f"{server.url}/api/v2/plans/{server.plan_id}")

    url = f"{server.url}/api/v2/plans/{server.plan_id}{path}"
    assert status == get(url, {"Authorization": f"Bearer {token}"}).status_code


def test_a_push_makes_another_run(server: HcpTerraformSandbox) -> None:
    """A further run has a plan of its own, and the earlier one stays."""
    first = server.run_id
    second = server.add_run(b'{"second":true}', script=FINISHED)

    assert [get(f"{server.url}/api/v2/runs/{run_id}").status_code for run_id in (first, second)] == [200, 200]
    assert second == server.run_id


def test_redacted() -> None:
    """The redacted plan has another shape, and a string for each sensitive value."""
    change = {
        "actions": ["update"],
        "before": {"password": "hunter2", "size": 1, "rules": [{"key": 1, "id": 2}, {"key": 3}], "none": None},
        "after": {"password": 7, "size": 2, "rules": [{"key": 5}]},
        "before_sensitive": {"password": True, "rules": [{"key": True}], "none": True},
        "after_sensitive": {"password": True, "rules": True},
    }
    plan = {
        "format_version": "1.2",
        "configuration": {"secret": "hunter2"},
        "resource_changes": [{"address": "a.b", "change": change}],
        "output_changes": {"o": {"actions": ["create"], "before": None, "after": "hunter2", "after_sensitive": True}},
    }

    document = json.loads(redacted(json.dumps(plan).encode()))

    assert "hunter2" not in json.dumps(document)
    assert "format_version" not in document
    assert document["resource_changes"][0]["change"]["before"] == {
        "password": "REDACTED",
        "size": 1,
        "rules": [{"key": "REDACTED", "id": 2}, {"key": 3}],
        "none": None,
    }
    assert document["resource_changes"][0]["change"]["after"] == {
        "password": "REDACTED",
        "size": 2,
        "rules": "REDACTED",
    }
    assert document["output_changes"]["o"]["after"] == "REDACTED"
