"""The runs of the commit are found in the organization: which of them, how long they are waited for, what it costs."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.hcp_terraform.run_search import OPERATIONS
from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import RATE_LIMITED, Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import EXPIRED_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Golden = Callable[[str], bytes]
Find = Callable[..., StepResult]

HEAD = "a" * 40  # of the pull request #7
OTHER = "b" * 40
OURS = Script(
    plan_statuses=("finished",), commit_sha=HEAD, pull_request_number=7, identifier="acme/infra", workspace="prod"
)
WHY = (
    "HCP Terraform starts none if the workspace's triggers leave the change out, and none for a fork. A run that was"
    " started through the API or the CLI carries no commit: name it in the input run-id."
)
NONE = f"no run of commit {HEAD[:7]} was found that this token may read. {WHY}"
NONE_AT_ALL = f"none was found that this token may read. {WHY}"


@pytest.fixture
def find(step: Step, runner: Runner) -> Find:
    """Runs a step that looks in acme: `find(server, workspaces=...)`; the event is a push to the pull request #7."""
    pushed = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": HEAD}}}, sha="f" * 40)

    def find(server: HcpTerraformSandbox, *, at: Runner = pushed, sha: str = HEAD, **inputs: Any) -> StepResult:
        at = replace(at, event={"pull_request": {"number": 7, "head": {"sha": sha}}}) if sha != HEAD else at
        return step(server, at=at, **{"run_id": "", "organization": "acme", "comment_mode": "each", **inputs})

    return find


def of(workspace: str, **more: Any) -> Script:
    """A run of ours in another workspace."""
    return replace(OURS, workspace=workspace, **more)


def lists(server: HcpTerraformSandbox) -> list[str]:
    """The requests for the list of runs, without the query."""
    paths = (received.path.partition("?")[0] for received in server.requests)
    return [path for path in paths if path == "/api/v2/organizations/acme/runs"]


def keys(github: GitHubSandbox) -> list[str]:
    """The first lines of all comments, sorted."""
    return sorted(comment.body.partition("\n")[0] for comment in github.comments)


def test_the_run_of_the_commit(serve: Serve, find: Find, github: GitHubSandbox) -> None:
    """A token and an organization are enough."""
    server = serve(script=OURS)

    done = find(server)

    assert (done.exit_code, done.outputs["run-id"]) == (0, server.run_id)
    assert keys(github) == [marker("acme/prod")]
    assert f"Run {server.run_id} of acme/prod: {server.url}/app/acme/workspaces/prod/runs/{server.run_id}" in done.log
    assert "This plan is of" not in github.comments[0].body


def test_every_workspace_with_a_run(serve: Serve, find: Find, github: GitHubSandbox, golden: Golden) -> None:
    """Each has its comment, in the order of their names."""
    server = serve("drift", script=of("prod"))
    server.add_run(golden("tags-only"), script=of("dev"))
    server.add_run(golden("no-changes"), script=of("other", commit_sha=OTHER))

    done = find(server)

    assert done.exit_code == 0
    assert [comment.body.partition("\n")[0] for comment in github.comments] == [
        marker("acme/dev"),
        marker("acme/prod"),
    ]
    assert f"Found the runs of commit {HEAD[:7]} in 2 workspaces of acme.\n" in done.log


def test_what_is_asked(serve: Serve, find: Find) -> None:
    """The list is asked for all operations, for it leaves out plan-only runs otherwise, and for what comes along."""
    server = serve(script=OURS)

    find(server, workspaces="prod")

    assert server.requests[0].path == (
        f"/api/v2/organizations/acme/runs?search%5Bcommit%5D={HEAD}"
        f"&filter%5Boperation%5D={OPERATIONS.replace(',', '%2C')}&page%5Bsize%5D=100&page%5Bnumber%5D=1"
        "&include=workspace,configuration_version.ingress_attributes"
    )


def test_what_it_costs(serve: Serve, find: Find, golden: Golden) -> None:
    """Named workspaces are found with one request; no run is read again for that, nor is the list asked again."""
    script = of("prod", plan_statuses=("pending", "running", "running", "finished"))
    server = serve("drift", script=script)
    server.add_run(golden("tags-only"), script=replace(script, workspace="dev"))

    find(server, workspaces="prod\ndev")

    counted = Counter(re.sub(r"-[0-9a-f]{16}", "", received.path.partition("?")[0]) for received in server.requests)
    assert counted["/api/v2/organizations/acme/runs"] == 1
    assert counted["/api/v2/runs/run"] == 2 + 2  # each while its plan takes long, and after it


def test_two_looks_that_agree(serve: Serve, find: Find, clock: Clock) -> None:
    """Where not all names are known, one more look is needed, five seconds later."""
    server = serve(script=OURS)

    find(server)

    assert len(lists(server)) == 2
    assert 4 <= sum(clock.sleeps) <= 5


@pytest.mark.parametrize("workspaces", ["", "*", "prod*", "prod\nprod-*"])
def test_a_run_that_comes_between_two_looks(
    serve: Serve, find: Find, github: GitHubSandbox, golden: Golden, workspaces: str
) -> None:
    """HCP Terraform makes the runs of a push one after the other."""
    server = serve("drift", script=of("prod"))
    server.add_run(golden("tags-only"), script=of("prod-eu", appears_after=3))

    find(server, workspaces=workspaces)

    assert keys(github) == [marker("acme/prod"), marker("acme/prod-eu")]
    assert len(lists(server)) == 3


@pytest.mark.parametrize("workspaces", ["", "prod"])
def test_a_run_that_is_not_there_yet(
    serve: Serve, find: Find, github: GitHubSandbox, clock: Clock, workspaces: str
) -> None:
    """The workflow may be faster than the webhook; the longer nothing comes, the less often is it asked."""
    server = serve(script=replace(OURS, appears_after=50))

    done = find(server, workspaces=workspaces)

    assert done.exit_code == 0
    assert f"Found no run of commit {HEAD[:7]} in acme yet. Waiting for up to 3 minutes.\n" in done.log
    assert f"Found the runs of commit {HEAD[:7]} in 1 workspace of acme.\n" in done.log
    waits = clock.sleeps[:4]
    assert waits == sorted(waits)
    assert 24 <= waits[-1] <= 30
    assert keys(github) == [marker("acme/prod")]


def test_nothing_is_found(serve: Serve, find: Find, github: GitHubSandbox, clock: Clock) -> None:
    """That is an error, after three minutes; it does not say that there is none."""
    server = serve(script=replace(OURS, commit_sha=OTHER))

    done = find(server)

    assert done.exit_code == 1
    assert f"::error::Cannot find the runs of commit {HEAD[:7]} in acme: {NONE_AT_ALL}\n" in done.log
    assert 150 <= sum(clock.sleeps) <= 181
    assert len(lists(server)) < 10
    assert github.comments == []


def test_the_timeout_holds(serve: Serve, find: Find, clock: Clock) -> None:
    """Nobody waits longer than is allowed."""
    find(serve(script=replace(OURS, commit_sha=OTHER)), timeout="20s")

    assert sum(clock.sleeps) <= 21


def test_a_workspace_without_a_run(serve: Serve, find: Find, github: GitHubSandbox) -> None:
    """Its comment says so, and what may be the reason; the others are shown, and the step fails."""
    server = serve("drift", script=of("prod"))

    done = find(server, workspaces="prod\nstaging")

    assert done.exit_code == 1
    assert keys(github) == [marker("acme/prod"), marker("acme/staging")]
    staging = next(each.body for each in github.comments if each.body.startswith(marker("acme/staging")))
    assert "## Terraform plan for <code>staging</code>: no run found" in staging.splitlines()
    assert "was found that this token may read" in staging
    assert f"Cannot find a run of acme/staging: {NONE}" in done.log
    assert (
        f"Found the runs of commit {HEAD[:7]} in 1 workspace of acme; none yet of staging. Waiting for up to"
        in done.log
    )


def test_a_pattern_without_a_run(serve: Serve, find: Find, github: GitHubSandbox) -> None:
    """It fails the step, and the step summary names it; there is no workspace whose comment it could be."""
    server = serve("drift", script=of("prod"))

    done = find(server, workspaces="prod\nstaging-*")

    assert done.exit_code == 1
    assert keys(github) == [marker("acme/prod")]
    assert f"::error::Cannot find a run of acme/staging-*: {NONE}\n" in done.log
    assert "staging-" in done.summary


def test_patterns_without_any_run(serve: Serve, find: Find, github: GitHubSandbox) -> None:
    """They are named in one sentence."""
    done = find(serve(script=OURS), workspaces="app-*\n*-eu")

    assert done.exit_code == 1
    assert f"::error::Cannot find the runs of commit {HEAD[:7]} in acme for app-*, *-eu: {NONE_AT_ALL}\n" in done.log
    assert github.comments == []


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"pull_request_number": 8}, "it is of pull request 8, and this is 7"),
        ({"identifier": "acme/mirror"}, "it is of acme/mirror, and this is acme/infra"),
    ],
)
def test_the_same_commit_elsewhere(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, find: Find, github: GitHubSandbox, golden: Golden, other: dict[str, Any], reason: str
) -> None:
    """Its run is not ours, and the log says why."""
    server = serve("drift", script=of("prod"))
    left_out = server.add_run(golden("tags-only"), script=of("dev", **other))

    done = find(server)

    assert keys(github) == [marker("acme/prod")]
    assert f"Run {left_out} of acme/dev is left out: {reason}.\n" in done.log


@pytest.mark.parametrize(
    ("workspaces", "what"), [("dev", "a run of acme/dev"), ("d*", "the runs of commit"), ("", "the")]
)
def test_only_the_same_commit_elsewhere(serve: Serve, find: Find, workspaces: str, what: str) -> None:
    """Then the error does not say that there is no run."""
    server = serve(script=of("dev", pull_request_number=8))

    done = find(server, workspaces=workspaces)

    assert f"::error::Cannot find {what}" in done.log
    assert (
        f": run {server.run_id} of this commit is left out, because it is of pull request 8, and this is 7. If it is"
        " the one to show, name it in the input run-id.\n"
    ) in done.log


@pytest.mark.parametrize(
    "more",
    [{"pull_request_number": None, "identifier": None}, {"identifier": "Acme/Infra"}],
    ids=["unknown", "in other letters"],
)
def test_what_is_not_known_is_no_difference(serve: Serve, find: Find, more: dict[str, Any]) -> None:
    """A run that does not say its repository or its pull request is taken by its commit."""
    assert find(serve(script=replace(OURS, **more))).exit_code == 0


def test_a_commit_that_only_begins_like_ours(serve: Serve, find: Find) -> None:
    """Nobody says whether the search takes prefixes."""
    assert (
        "no run found" in find(serve(script=replace(OURS, commit_sha=f"{HEAD}{'a' * 24}")), workspaces="prod").summary
    )


@pytest.mark.parametrize(
    ("first", "second", "is_second"),
    [
        ({"created_at": "2026-03-01T10:00:00.000Z"}, {"created_at": "2026-03-01T10:00:00.001Z"}, True),
        ({"created_at": "2026-03-01T10:00:01.000Z"}, {"created_at": "2026-03-01T10:00:00.000Z"}, False),
        ({"created_at": "2026-03-01T10:00:00+00:00"}, {"created_at": "2026-03-01T10:00:00.500Z"}, True),
        ({"created_at": None}, {"created_at": "2026-03-01T10:00:00.000Z"}, True),
        ({"created_at": "soon"}, {"created_at": "2026-03-01T10:00:00"}, True),
        ({}, {"run_status": "canceled", "created_at": "2026-03-01T11:00:00.000Z"}, False),
        ({"run_status": "force_canceled", "created_at": "2026-03-01T11:00:00.000Z"}, {}, True),
        ({}, {"run_status": "errored", "created_at": "2026-03-01T11:00:00.000Z"}, True),
    ],
)
def test_the_newest_run_of_a_workspace(
    serve: Serve, find: Find, golden: Golden, first: dict[str, Any], second: dict[str, Any], *, is_second: bool
) -> None:
    """By when it was made, for the order of the list is not documented; a canceled one only where there is no other."""
    server = serve("drift", script=replace(OURS, **first))
    older = server.run_id
    newer = server.add_run(golden("tags-only"), script=replace(OURS, **second))

    done = find(server)

    assert done.outputs["run-id"] == (newer if is_second else older)


def test_a_run_that_was_only_canceled(serve: Serve, find: Find) -> None:
    """It is shown where there is no other: somebody wants to know."""
    done = find(serve(script=replace(OURS, plan_statuses=("canceled",), run_status="canceled")))

    assert done.exit_code == 1
    assert "The plan was canceled" in done.summary


def test_all_pages_are_read(serve: Serve, find: Find, golden: Golden, github: GitHubSandbox) -> None:
    """A list has at most 100 runs on a page, and that of an organization does not say how many pages there are."""
    server = serve("no-changes", script=of("prod"))
    for _ in range(100):
        server.add_run(b"{}", script=of("prod"))
    server.add_run(golden("no-changes"), script=of("last"))

    find(server, workspaces="last")

    assert len(lists(server)) == 2
    assert keys(github) == [marker("acme/last")]


def test_a_list_without_end(serve: Serve, find: Find) -> None:
    """A host that does not know the search lists all runs of a year; they are not looked through."""
    server = serve(script=OURS)
    endless = Answer(body=b'{"data":[],"meta":{"pagination":{"next-page":1}}}')
    server.misbehave([Fault(path="/organizations/", answer=endless)])

    done = find(server)

    assert done.exit_code == 1
    assert (
        f"::error::Cannot find the runs of commit {HEAD[:7]} in acme: {server.url.removeprefix('http://')} lists more"
        " than 1,000 for this commit. Name the runs in the input run-id.\n"
    ) in done.log
    assert len(server.requests) == 10


def test_a_list_that_tells_less(serve: Serve, find: Find, golden: Golden, github: GitHubSandbox) -> None:
    """Each run is read by itself, once, where a host knows nothing to come along with a list."""
    server = serve("drift", script=of("prod"), lists_include=False)
    server.add_run(golden("tags-only"), script=of("dev", commit_sha=HEAD, pull_request_number=8))

    done = find(server)

    assert done.exit_code == 0
    assert keys(github) == [marker("acme/prod")]
    read = [received.path for received in server.requests if "/runs/run-" in received.path]
    assert len([path for path in read if "?include=workspace" in path]) == 2  # those that have ended are not read again


@pytest.mark.parametrize("busy", [RATE_LIMITED, replace(RATE_LIMITED, headers={"X-RateLimit-Reset": "41.5"})])
def test_a_busy_minute(serve: Serve, find: Find, busy: Answer) -> None:
    """The limit of 30 a minute is everybody's: it is waited for."""
    server = serve(script=OURS)
    server.misbehave([Fault(path="/organizations/", answer=busy, times=3)])

    assert find(server, workspaces="prod").exit_code == 0


def test_a_busy_minute_of_the_list(serve: Serve, find: Find) -> None:
    """The sandbox counts as HCP Terraform does, and a step comes through."""
    server = serve(script=OURS)
    for _ in range(30):
        server._minute.refusal()

    assert find(server, workspaces="prod").exit_code == 0


def test_no_answer_in_time_after_the_first(serve: Serve, find: Find, github: GitHubSandbox) -> None:
    """What was found is shown, and a warning says that there may be more."""
    server = serve(script=OURS)
    busy = replace(RATE_LIMITED, headers={"X-RateLimit-Reset": "59"})
    server.misbehave([Fault(path="/organizations/", answer=busy, after=1)])

    done = find(server, timeout="30s")

    assert done.exit_code == 0
    assert keys(github) == [marker("acme/prod")]
    assert (
        f"::warning::The search for the runs of commit {HEAD[:7]} in acme ended before two looks found the same. Runs"
        " that come later are not shown.\n"
    ) in done.log


@pytest.mark.parametrize(("workspaces", "exit_code"), [("", 0), ("prod\nstaging", 1)])
def test_an_error_after_the_first_look(
    serve: Serve, find: Find, github: GitHubSandbox, workspaces: str, exit_code: int
) -> None:
    """What was found is shown; of the rest the error is said, and not that there is none."""
    server = serve(script=OURS)
    server.misbehave([Fault(path="/organizations/", answer=Answer(status=502), after=1)])

    done = find(server, workspaces=workspaces)

    assert done.exit_code == exit_code
    assert "Plan: 4 to add, 6 to change, 3 to destroy." in github.comments[0].body
    error = f"Cannot find the runs of commit {HEAD[:7]} in acme: {server.url.removeprefix('http://')} answered 502"
    assert f"::warning::Some runs may be missing. {error}" in done.log
    assert all(error in comment.body.replace("<code>", "").replace("</code>", "") for comment in github.comments[1:])
    assert len(github.comments) == 1 + bool(workspaces)


class TestErrors:
    """What keeps us from finding anything."""

    def test_no_such_organization(self, serve: Serve, find: Find) -> None:
        """Or none that the token may read."""
        server = serve(script=OURS)
        done = find(server, organization="acme-eu")
        assert done.exit_code == 1
        assert (
            f"::error::Cannot find the runs of commit {HEAD[:7]} in acme-eu: {server.url.removeprefix('http://')}"
            " answered 404: there is no such organization there, the token may not read it, or the host is too old to"
            " list the runs of an organization. Check the inputs organization and hostname, and that the token's user"
            " or team belongs to the organization; or name the run in the input run-id.\n"
        ) in done.log

    def test_of_named_workspaces(self, serve: Serve, find: Find, github: GitHubSandbox) -> None:
        """Their comments say it: nobody shall take the plan of an earlier push for the newest."""
        done = find(serve(script=OURS), token=EXPIRED_TOKEN, workspaces="prod\nstaging\nx-*")
        assert done.exit_code == 1
        assert keys(github) == [marker("acme/prod"), marker("acme/staging")]
        assert all("401" in comment.body for comment in github.comments)

    def test_no_answer_at_all(self, serve: Serve, find: Find) -> None:
        """An error of the list is one of the step."""
        server = serve(script=OURS)
        server.misbehave([Fault(path="/organizations/", answer=Answer(status=500))])
        done = find(server)
        assert done.exit_code == 1
        assert f"Cannot find the runs of commit {HEAD[:7]} in acme" in done.log


class TestTogether:
    """The comment of all workspaces is known before any run is found."""

    @pytest.mark.parametrize("workspaces", ["", "prod*"])
    @pytest.mark.parametrize("fault", [[], [Fault(path="/organizations/", answer=Answer(status=404))]])
    def test_nothing_is_found(
        self, serve: Serve, find: Find, github: GitHubSandbox, workspaces: str, fault: list[Fault]
    ) -> None:
        """It says so: an earlier plan must not stand in it still."""
        server = serve(script=OURS)
        find(server, workspaces=workspaces, comment_mode="together")
        assert "Plan: 4 to add, 6 to change, 3 to destroy." in github.comments[0].body
        server.misbehave(fault)
        github.push(7, OTHER)
        done = find(server, workspaces=workspaces, comment_mode="together", sha=OTHER)
        assert (done.exit_code, done.outputs["comment-result"]) == (1, "updated")
        assert len(github.comments) == 1
        assert "Plan:" not in github.comments[0].body
        assert f"Cannot find the runs of commit {OTHER[:7]} in acme" in done.log

    def test_a_name_has_no_run(self, serve: Serve, find: Find, github: GitHubSandbox) -> None:
        """The same comment names it, beside those that have one."""
        done = find(serve("drift", script=OURS), workspaces="prod\nstaging\nx-*", comment_mode="together")
        assert done.exit_code == 1
        body = github.comments[0].body
        assert len(github.comments) == 1
        assert "Plan: 1 to add, 4 to change, 0 to destroy." in body
        assert "<b>staging</b>" in body
        assert "no run found" in body


class TestWhichCommit:
    """The head of the pull request, and never the merge that GitHub tests."""

    @pytest.mark.parametrize(
        ("name", "event", "inputs"),
        [
            ("pull_request_target", {"pull_request": {"number": 7, "head": {"sha": HEAD}}}, {}),
            ("workflow_run", {"workflow_run": {"head_sha": HEAD, "pull_requests": []}}, {}),
            ("check_suite", {"check_suite": {"head_sha": HEAD, "pull_requests": []}}, {}),
            ("status", {"sha": HEAD}, {}),
            ("issue_comment", {"issue": {"number": 7, "pull_request": {}}}, {}),
            ("workflow_dispatch", {}, {"pr_number": "7"}),
            ("pull_request", {"pull_request": {"number": 7}}, {}),
        ],
    )
    def test_of_an_event(  # noqa: PLR0917 - fixtures are arguments
        self, serve: Serve, find: Find, runner: Runner, name: str, event: dict[str, Any], inputs: dict[str, str]
    ) -> None:
        """As the event says, or GitHub where it does not."""
        at = replace(runner, event_name=name, event=event, sha="f" * 40, ref="refs/heads/main")
        assert find(serve(script=OURS), at=at, workspaces="prod", **inputs).outputs["run-id"]

    @pytest.mark.parametrize("name", ["push", "workflow_dispatch", "schedule", "release"])
    def test_of_another_event(self, serve: Serve, find: Find, runner: Runner, name: str) -> None:
        """GITHUB_SHA."""
        at = replace(runner, event_name=name, event={}, sha=HEAD, ref="refs/heads/main")
        assert find(serve(script=OURS), at=at, workspaces="prod").outputs["run-id"]

    def test_that_nobody_says(self, serve: Serve, find: Find, runner: Runner) -> None:
        """Outside of a workflow."""
        done = find(serve(script=OURS), at=replace(runner, event_name="", event={}, sha=""))
        assert done.exit_code == 1
        assert (
            "::error::Cannot tell which commit's runs to find: neither GITHUB_SHA nor the event says it. Name the runs"
            " in the input run-id.\n"
        ) in done.log

    def test_that_github_does_not_say(self, serve: Serve, find: Find, runner: Runner) -> None:
        """Then nothing is looked for: any other commit would be a wrong one."""
        server = serve(script=OURS)
        done = find(server, at=replace(runner, api_url="http://127.0.0.1:9", event={"pull_request": {"number": 7}}))
        assert done.exit_code == 1
        assert "::error::Find the head of pull request #7 of acme/infra: " in done.log
        assert server.requests == []

    def test_of_an_event_that_cannot_be_read(self, serve: Serve, step: Step, runner: Runner) -> None:
        """GITHUB_SHA may be the merge then."""
        at = replace(runner, sha=HEAD)
        path = at.folder / "nowhere.json"
        done = step(serve(script=OURS), at=at, environ={"GITHUB_EVENT_PATH": str(path)}, run_id="", organization="acme")
        assert done.exit_code == 1
        assert (
            f"::error::Cannot tell which commit's runs to find: the event's file {path} cannot be read (No such file or"
            " directory). Name the runs in the input run-id.\n"
        ) in done.log


class TestSeveral:
    """Several runs by their ids, and what each of several workspaces has of its own."""

    def test_runs(self, serve: Serve, step: Step, github: GitHubSandbox, golden: Golden) -> None:
        """In their order."""
        server = serve("drift", script=of("prod"))
        first = server.run_id
        second = server.add_run(golden("tags-only"), script=of("dev"))
        done = step(server, run_id=f"{second}\n{first}\n", comment_mode="each")
        assert done.exit_code == 0
        assert [comment.body.partition("\n")[0] for comment in github.comments] == [
            marker("acme/dev"),
            marker("acme/prod"),
        ]
        assert lists(server) == []

    def test_runs_of_which_one_cannot_be_read(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """The others are shown; nothing says whose comment it would be, so the log and the step summary say it."""
        server = serve("drift", script=of("prod"))
        done = step(server, run_id=f"run-unknown\n{server.run_id}", comment_mode="each")
        assert done.exit_code == 1
        assert keys(github) == [marker("acme/prod")]
        assert "::error::Cannot read run run-unknown: " in done.log
        assert "Cannot read run run-unknown" in done.summary

    def test_runs_of_which_one_says_no_workspace(
        self, serve: Serve, step: Step, github: GitHubSandbox, golden: Golden
    ) -> None:
        """It has no comment of its own; the step summary has its plan."""
        server = serve("drift", script=of("prod"))
        first = server.run_id
        second = server.add_run(golden("mixed-update"), script=of("dev"))
        run = {
            "id": second,
            "type": "runs",
            "attributes": {"status": "planned"},
            "relationships": {"plan": {"data": {"id": server.plan_id, "type": "plans"}}},
        }
        server.misbehave([Fault(path=f"/runs/{second}", answer=Answer(body=json.dumps({"data": run}).encode()))])
        done = step(server, run_id=f"{first}\n{second}", comment_mode="each")
        assert done.exit_code == 0
        assert keys(github) == [marker("acme/prod")]
        assert "Plan: 4 to add, 6 to change, 3 to destroy." in done.summary

    def test_runs_of_one_workspace(self, serve: Serve, step: Step, golden: Golden, github: GitHubSandbox) -> None:
        """It has one comment, and nobody knows which of them is meant."""
        server = serve("drift", script=of("prod"))
        first = server.run_id
        second = server.add_run(golden("tags-only"), script=of("prod"))
        done = step(server, run_id=f"{first}\n{second}")
        assert done.exit_code == 1
        assert (
            f"::error::Input run-id: {first} and {second}: both are runs of acme/prod, and a workspace has one comment."
            " Name one of them.\n"
        ) in done.log
        assert github.comments == []

    @pytest.mark.parametrize("by", ["organization", "run-id"])
    def test_comment_key(self, serve: Serve, find: Find, github: GitHubSandbox, golden: Golden, by: str) -> None:
        """It stands in front of each workspace's own."""
        server = serve("drift", script=of("prod"))
        ids = [server.run_id, server.add_run(golden("tags-only"), script=of("dev"))]
        named = {} if by == "organization" else {"organization": "", "run_id": "\n".join(ids)}
        find(server, comment_key="plans", **named)
        assert keys(github) == [marker("plans/acme/dev"), marker("plans/acme/prod")]

    def test_comment_key_of_one_that_was_found(self, serve: Serve, find: Find, github: GitHubSandbox) -> None:
        """How many there are may change with the next push, and the key of a workspace must not."""
        find(serve(script=OURS), comment_key="plans")
        assert keys(github) == [marker("plans/acme/prod")]

    def test_files(self, serve: Serve, find: Find, golden: Golden, hosted: Runner, artifacts: Any) -> None:
        """Each workspace has files and artifacts of its own: none overwrites another's."""
        server = serve("drift", script=of("prod"))
        ids = [server.run_id, server.add_run(golden("tags-only"), script=of("dev"))]
        at = replace(hosted, event={"pull_request": {"number": 7, "head": {"sha": HEAD}}})
        done = find(
            server,
            at=at,
            workspaces="prod\ndev",
            plan_json_path="out/plan.json",
            report="true",
            report_artifact="report",
            sentinel_mocks="required",
        )
        assert done.exit_code == 0
        files = {str(path.relative_to(at.workspace)) for path in at.workspace.rglob("*") if path.is_file()}
        assert files == {
            each
            for run_id in ids
            for each in (
                f"out/plan-{run_id}.json",
                f"tfc-plan-report-{run_id}.html",
                f"sentinel-mocks-{run_id}.tar.gz",
            )
        }
        assert {artifact.name for artifact in artifacts.artifacts} == {
            each for run_id in ids for each in (f"report-{run_id}.html", f"sentinel-mocks-{run_id}.tar.gz")
        }
