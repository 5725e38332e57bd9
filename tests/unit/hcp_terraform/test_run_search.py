"""The runs of a commit in a list: each with what belongs to it, and of each workspace one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tfc_plan_comment.errors import DeadlineExceeded, NotVisible
from tfc_plan_comment.hcp_terraform.run_search import FoundRuns, Wanted, find_runs
from tfc_plan_comment.hcp_terraform.runs import read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_sandbox.faults import RATE_LIMITED, Answer, Fault
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]

OURS, OTHER = "a" * 40, "b" * 40
NAMES = st.text(alphabet="abc-", min_size=1, max_size=8)


def wanted(*patterns: str, **more: Any) -> Wanted:
    """Those of our commit in acme."""
    about = {"commit": OURS, "repository": "acme/infra", "pull_request_number": 7, **more}
    return Wanted(organization="acme", patterns=patterns, **about)


def document(*runs: tuple[str, str, str | None]) -> bytes:
    """A list of runs, each with its workspace and the commit of its configuration, or none."""
    data: list[dict[str, Any]] = []
    included: list[dict[str, Any]] = []
    for number, (run_id, workspace, commit) in enumerate(runs):
        ingress = {"id": f"ia-{number}", "type": "ingress-attributes"}
        configuration = {"id": f"cv-{number}", "type": "configuration-versions"}
        related = {
            "workspace": {"data": {"id": f"ws-{workspace}", "type": "workspaces"}},
            "configuration-version": {"data": configuration},
        }
        data.append({"id": run_id, "type": "runs", "attributes": {"status": "planned"}, "relationships": related})
        organization = {"organization": {"data": {"id": "acme", "type": "organizations"}}}
        included += [
            {
                "id": f"ws-{workspace}",
                "type": "workspaces",
                "attributes": {"name": workspace},
                "relationships": organization,
            },
            configuration | {"relationships": {"ingress-attributes": {"data": ingress if commit else None}}},
            *([ingress | {"attributes": {"commit-sha": commit}}] if commit else []),
        ]
    return json.dumps({"data": data, "included": included[::-1]}).encode()


def test_a_run_is_one_that_read_run_gives(serve: Serve, connect: Connect) -> None:
    """All of it stands in the list, with read access."""
    server = serve(script=Script(commit_sha=OURS, pull_request_number=7, workspace="web-app", message="Add a bucket"))

    session = connect(server.url, token=READ_TOKEN)

    found = find_runs(session, wanted("web-app"), lambda _: None)

    assert len(server.requests) == 1
    assert found == FoundRuns(runs=(read_run(session, server.run_id),), missing=(), is_settled=True)
    assert found.runs[0].commit_sha == OURS
    assert found.runs[0].url == f"{server.url}/app/acme/workspaces/web-app/runs/{server.run_id}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.dictionaries(NAMES, st.sampled_from([OURS, OTHER, None]), max_size=6))
def test_each_run_has_its_own_commit(serve: Serve, connect: Connect, commits: dict[str, str | None]) -> None:
    """However many come along in whatever order; one without a commit never gets that of another."""
    body = document(*((f"run-{name}", name, commit) for name, commit in commits.items()))
    server = serve(faults=[Fault(path="/organizations/", answer=Answer(body=body))])

    found = find_runs(connect(server.url, seconds=12), wanted(), lambda _: None)

    assert [run.workspace for run in found.runs] == sorted(name for name, commit in commits.items() if commit == OURS)


def test_the_first_in_the_list_is_the_newest(serve: Serve, connect: Connect) -> None:
    """Where nothing says when they were made."""
    body = document(("run-2", "prod", OURS), ("run-1", "prod", OURS))
    server = serve(faults=[Fault(path="/organizations/", answer=Answer(body=body))])

    found = find_runs(connect(server.url), wanted("prod"), lambda _: None)

    assert [run.id for run in found.runs] == ["run-2"]


@pytest.mark.parametrize("lost", ["workspaces", "configuration-versions", "ingress-attributes"])
def test_what_does_not_come_along(serve: Serve, connect: Connect, lost: str) -> None:
    """Then the run is read by itself, once for all looks."""
    server = serve(script=Script(commit_sha=OURS, workspace="prod"))
    listed = json.loads(document((server.run_id, "prod", OURS)))
    listed["included"] = [each for each in listed["included"] if each["type"] != lost]
    server.misbehave([Fault(path="/organizations/", answer=Answer(body=json.dumps(listed).encode()))])

    found = find_runs(connect(server.url), wanted(), lambda _: None)

    assert [run.workspace for run in found.runs] == ["prod"]
    assert len([received for received in server.requests if f"/runs/{server.run_id}?" in received.path]) == 1


def test_no_answer_in_time(serve: Serve, connect: Connect) -> None:
    """To the first look: then nobody knows whether there is any."""
    server = serve(faults=[Fault(path="/organizations/", answer=RATE_LIMITED)])

    with pytest.raises(DeadlineExceeded, match="Cannot find the runs of commit aaaaaaa in acme: there was no answer"):
        find_runs(connect(server.url, seconds=2), wanted(), lambda _: None)


def test_a_run_that_cannot_be_read_by_itself(serve: Serve, connect: Connect) -> None:
    """That is no matter of the organization."""
    server = serve(script=Script(commit_sha=OURS), lists_include=False)
    server.misbehave([Fault(path=f"/runs/{server.run_id}", answer=Answer(status=404))])

    with pytest.raises(NotVisible, match=f"Cannot read run {server.run_id}: "):
        find_runs(connect(server.url), wanted(), lambda _: None)


def test_every_look_is_told(serve: Serve, connect: Connect) -> None:
    """What was found so far, and what is missing still."""
    server = serve(script=Script(commit_sha=OURS, workspace="prod"))
    server.add_run(b"{}", script=Script(commit_sha=OURS, workspace="dev", appears_after=7))
    looks: list[tuple[int, tuple[str, ...]]] = []

    find_runs(connect(server.url), wanted("prod", "d*"), lambda found: looks.append((len(found.runs), found.missing)))

    assert looks == [(1, ("d*",)), (1, ("d*",)), (2, ()), (2, ())]


@given(NAMES, NAMES)
def test_a_name_means_itself(name: str, other: str) -> None:
    """And no other workspace; without any name every one is meant."""
    assert wanted(name).means(other) is (name == other)
    assert wanted().means(other)
    assert wanted(name, "*").means(other)


@given(NAMES, st.integers(0, 8), st.integers(0, 8))
def test_a_wildcard_means_any_text(name: str, start: int, end: int) -> None:
    """Also none."""
    start, end = sorted((start, end))

    assert wanted(f"{name[:start]}*{name[end:]}").means(name)
    assert wanted(f"*{name}*").means(name)
    assert not wanted(f"{name}*x").means(name)


def test_wildcards_without_end_take_no_time() -> None:
    """However many there are in a pattern."""
    assert not wanted("*a" * 50 + "b").means("a" * 100)
