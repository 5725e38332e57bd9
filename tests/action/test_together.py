"""One comment tells of several workspaces: what is in it, which comment it is, and what it costs."""

import errno
import html
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tfc_plan_comment.action import gather
from tfc_plan_comment.action.together import AT_ONCE
from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.comment_memory import drop_memory
from tfc_plan_comment.disk import temporary_folder
from tfc_plan_comment.report.summaries import VERSION
from tfc_sandbox.clock import ClockOfEachThread
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Golden = Callable[[str], bytes]
Find = Callable[..., StepResult]

HEAD = "a" * 40  # of the pull request #7


def of(workspace: str, **more: Any) -> Script:
    """A finished run of the commit in a workspace."""
    run = Script(plan_statuses=("finished",), commit_sha=HEAD, pull_request_number=7, identifier="acme/infra")
    return replace(run, workspace=workspace, **more)


@pytest.fixture
def find(step: Step, runner: Runner) -> Find:
    """Runs a step that looks in acme for the runs of the pull request's head."""
    pushed = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": HEAD}}}, sha="f" * 40)

    def find(server: HcpTerraformSandbox, **inputs: Any) -> StepResult:
        return step(server, at=pushed, **{"run_id": "", "organization": "acme", **inputs})

    return find


@pytest.fixture
def estate(serve: Serve, golden: Golden) -> HcpTerraformSandbox:
    """Four workspaces: one that loses data, one that could not be planned, one with noise, one without changes."""
    server = serve("mixed-update", script=of("prod"))
    server.add_run(golden("tags-only"), script=of("dev"))
    server.add_run(golden("no-changes"), script=of("dns"))
    server.add_run(golden("errored"), script=of("billing", plan_statuses=("errored",)))
    return server


def test_what_it_says(estate: HcpTerraformSandbox, find: Find, github: GitHubSandbox) -> None:
    """The worst stands in the title, each line of the alerts names its workspace, and folds have the worst first."""
    done = find(estate)

    (comment,) = github.comments
    lines = drop_memory(comment.body).splitlines()
    assert lines[0] == marker("acme/*")
    assert lines[1] == (
        "## Terraform, 4 workspaces: <code>prod</code> destroys 2 resources with data,"
        " <code>billing</code>: planning failed"
    )
    assert "> <b>2 resources that hold data are destroyed</b>" in lines
    assert any(line.startswith("> <b>prod</b> <code>aws_dynamodb_table.locks</code>: replaced") for line in lines)
    assert any(line.startswith("> <b>billing</b>: planning failed: ") for line in lines)
    assert any(line.startswith("> <b>prod</b> <code>aws_security_group.web</code> opens port 22") for line in lines)
    folds = [line for line in lines if line.startswith("<details")]
    assert [re.sub("<.*?>", "", fold).split(":")[0] for fold in folds] == ["🔴 prod", "❌ billing", "⚪ dev"]
    assert [fold.startswith("<details open>") for fold in folds] == [True, True, False]
    assert "✅ <b>dns</b>: no changes" in lines
    assert done.exit_code == 1  # billing has no plan that could be applied


def test_all_of_it_is_in_the_step_summary(estate: HcpTerraformSandbox, find: Find, github: GitHubSandbox) -> None:
    """It is the same edition: with room for everything it says the same."""
    done = find(estate)
    assert done.summary.splitlines()[:20] == drop_memory(github.comments[0].body).splitlines()[:20]


def test_outputs(estate: HcpTerraformSandbox, find: Find) -> None:
    """Counts are sums, each workspace stands in `workspaces`, and the comment is the one of all."""
    outputs = find(estate).outputs
    assert (outputs["to-replace"], outputs["has-changes"]) == ("2", "true")
    assert [each["name"] for each in json.loads(outputs["workspaces"])] == ["billing", "dev", "dns", "prod"]
    assert outputs["comment-result"] == "created"
    assert "run-id" not in outputs


def test_the_gate_names_the_workspace(estate: HcpTerraformSandbox, find: Find) -> None:
    """Why it fails stands in the log with the workspace in front, and the comment is there before that."""
    done = find(estate, fail_on="data-loss")
    assert "prod destroys 2 resources with data" in done.log
    assert done.outputs["gate"] == "failed"


def test_the_same_comment_is_edited(estate: HcpTerraformSandbox, find: Find, github: GitHubSandbox) -> None:
    """Also where the next push has a run in one of the workspaces only: its key is that of the set."""
    find(estate)
    (before,) = github.comments
    find(estate)
    assert [comment.id for comment in github.comments] == [before.id]


def test_one_run_of_many(serve: Serve, find: Find, github: GitHubSandbox) -> None:
    """The comment has the form of one workspace, and the key of all."""
    find(serve("mixed-update", script=of("prod")))
    body = drop_memory(github.comments[0].body)
    assert body.startswith(f"{marker('acme/*')}\n## Terraform plan for <code>prod</code>: ")


@pytest.mark.parametrize(
    ("inputs", "key"),
    [
        ({"workspaces": "prod\ndev"}, "acme/dev,prod"),
        ({"workspaces": "d*"}, "acme/d*"),
        ({"comment_key": "plans"}, "plans"),
    ],
)
def test_the_key(
    estate: HcpTerraformSandbox, find: Find, github: GitHubSandbox, inputs: dict[str, str], key: str
) -> None:
    """It is comment-key, or the organization and what was looked for."""
    find(estate, **inputs)
    assert github.comments[0].body.startswith(f"{marker(key)}\n")


def test_runs_by_their_ids(serve: Serve, step: Step, golden: Golden, github: GitHubSandbox) -> None:
    """The key is made of the workspaces that they belong to, and one that cannot be read is told of with the others."""
    server = serve("tags-only", script=of("prod"))
    ids = [server.run_id, server.add_run(golden("no-changes"), script=of("dev"))]
    assert step(server, run_id="\n".join(ids)).exit_code == 0
    body = drop_memory(github.comments[0].body)
    assert body.startswith(f"{marker('acme/dev,prod')}\n## Terraform, 2 workspaces: 1 with changes\n")

    done = step(server, run_id="\n".join([*ids, "run-unknown"]), comment_key="plans")
    assert done.exit_code == 1
    body = github.comments[1].body
    assert "> <b>run-unknown</b>: no plan to show: Cannot read run run-unknown: " in body


def test_a_workspace_without_a_run(estate: HcpTerraformSandbox, find: Find, github: GitHubSandbox) -> None:
    """It has a fold that says why that may be, and the others are shown."""
    done = find(estate, workspaces="prod\nstaging")
    body = github.comments[0].body
    assert "<b>staging</b>" in body
    assert "no run of commit <code>aaaaaaa</code> was found that this token may read" in body
    assert "<b>prod</b>" in body
    assert done.exit_code == 1


def test_a_template_is_for_one_workspace(
    estate: HcpTerraformSandbox, find: Find, github: GitHubSandbox, runner: Runner
) -> None:
    """With a template each workspace has its own comment."""
    (runner.workspace / "own.md.j2").write_text("{{ marker }}\n{{ headline }}\n")
    find(estate, template="own.md.j2", workspaces="prod\ndev")
    assert sorted(comment.body.splitlines()[0] for comment in github.comments) == [
        marker("acme/dev"),
        marker("acme/prod"),
    ]


def test_two_hundred_workspaces(serve: Serve, find: Find, golden: Golden, github: GitHubSandbox) -> None:
    """All of them fit in one comment, with at most four requests each beside the search and the looks while waiting."""
    plans = [golden(name) for name in ("tags-only", "no-changes", "mixed-update", "outputs-only")]
    server = serve("mixed-update", script=of("ws-000"))
    for number in range(1, 200):
        server.add_run(plans[number % 4 if number < 20 else 1], script=of(f"ws-{number:03}"))

    done = find(server)

    assert done.exit_code == 0
    (comment,) = github.comments
    assert len(comment.body.encode()) <= 65_536
    assert comment.body.splitlines()[2].startswith("## Terraform, 200 workspaces: ")
    assert all(f"ws-{number:03}" in comment.body for number in range(200))
    paths = [received.path for received in server.requests if "/organizations/" not in received.path]
    assert len(paths) <= 200 * 4
    of_one = Counter(path.partition("?")[0] for path in paths)
    assert max(of_one.values()) <= 2


def test_nobody_waits_for_what_is_there(serve: Serve, find: Find, golden: Golden, github: GitHubSandbox) -> None:
    """However many plans are not made in time, those that are made are told of, and the log says what is waited for."""
    server = serve("no-changes", script=of("a0", plan_statuses=("pending",)))
    for number in range(1, AT_ONCE + 1):
        server.add_run(golden("no-changes"), script=of(f"a{number}", plan_statuses=("pending",)))
    server.add_run(golden("tags-only"), script=of("z0"))
    server.add_run(golden("tags-only"), script=of("z1", plan_statuses=("pending",) * 20 + ("finished",)))

    own = ClockOfEachThread()
    done = find(server, timeout="2m", clock=own, sleep=own.sleep)

    (comment,) = github.comments
    assert "<b>z0</b>: 22 changed" in comment.body
    assert "<b>z1</b>: 22 changed" in comment.body
    late = "The plan did not finish within 2 minutes; "
    assert comment.body.count(f": not finished in time: {late}") == AT_ONCE + 1
    assert "no answer" not in comment.body
    assert "a0: The plan is still pending after 1 minute" in done.log


def test_a_run_that_ends_while_others_are_waited_for(
    serve: Serve, find: Find, golden: Golden, github: GitHubSandbox
) -> None:
    """It is told of as it is alone: its plan will never be made, and nobody waits for it until the time is up."""
    server = serve("no-changes", script=of("a0", plan_statuses=("pending",), run_status="discarded"))
    for number in range(1, 2 * AT_ONCE):
        server.add_run(golden("no-changes"), script=of(f"a{number}", plan_statuses=("pending",)))
    find(server, timeout="10m")
    assert "<b>a0</b>: discarded: The run was discarded before its plan was made." in github.comments[0].body


def test_what_goes_wrong_with_one_is_told_beside_the_others(
    estate: HcpTerraformSandbox, find: Find, github: GitHubSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is not the plan: here the machine has no room for it."""
    rooms = itertools.count()

    def no_room(*_: Any, **__: Any) -> Any:
        if next(rooms):
            raise OSError(errno.ENOSPC, "No space left on device")
        return temporary_folder()

    monkeypatch.setattr(gather, "temporary_folder", no_room)
    done = find(estate, workspaces="dns\ndev")
    assert len(re.findall("no changes|22 changed", github.comments[0].body)) == 1
    assert "❌" in github.comments[0].body
    assert done.exit_code == 2


def test_two_steps_with_one_comment(estate: HcpTerraformSandbox, find: Find, github: GitHubSandbox) -> None:
    """Whoever writes last says which workspaces of the same commit the comment tells of no more."""
    find(estate, workspaces="prod\ndns", comment_key="plans")
    find(estate, workspaces="dev\ndns", comment_key="plans")
    body = github.comments[0].body
    assert (
        "> <b>No longer here:</b> <code>acme/prod</code>, of which this comment told before at the same commit. "
        "If another step writes of them, give each step a comment-key, or merge their summaries."
    ) in body
    find(estate, workspaces="prod\ndev\ndns", comment_key="plans")
    assert "No longer here" not in github.comments[0].body


def test_reports_and_mocks_are_linked(
    serve: Serve, step: Step, hosted: Runner, github: GitHubSandbox, golden: Golden
) -> None:
    """Each workspace has its own, in its fold."""
    server = serve("mixed-update", script=of("prod"))
    server.add_run(golden("tags-only"), script=of("dev"))
    at = replace(hosted, event={"pull_request": {"number": 7, "head": {"sha": HEAD}}})
    done = step(server, at=at, run_id="", organization="acme", report="true", sentinel_mocks="true")
    assert done.exit_code == 0
    body = github.comments[0].body
    assert body.count(">full report</a> (until ") == 2
    assert body.count("**Sentinel mocks:** <a href=") == 2


def shown(body: str) -> str:
    """The comment as it is read: what comes out of a file is escaped once more than it need be."""
    return html.unescape(body.replace("<wbr>", ""))


class TestSummaries:
    """Jobs on different machines write a summary each, and one step merges them."""

    @pytest.fixture
    def merge(self, step: Step, runner: Runner) -> Callable[..., StepResult]:
        """Runs the step that merges."""
        pushed = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": HEAD}}})
        return lambda **inputs: step(at=pushed, **{"summaries": "parts/*.json", "comment_key": "all", **inputs})

    def test_says_the_same_as_one_step(
        self, estate: HcpTerraformSandbox, find: Find, merge: Any, github: GitHubSandbox
    ) -> None:
        """The comment, the outputs and the verdict are those of a step that asks for all of them itself."""
        done = find(estate, comment_key="all", summary_json_path="parts/summary.json")
        before = github.comments[0].body

        merged = merge(hostname=estate.url)

        (comment,) = github.comments
        assert shown(comment.body) == shown(before)
        assert merged.outputs["workspaces"] == done.outputs["workspaces"]
        assert merged.outputs["to-replace"] == done.outputs["to-replace"]

    def test_the_gate_of_the_last_job(self, estate: HcpTerraformSandbox, find: Find, merge: Any) -> None:
        """What it names is in the summaries, whatever the jobs that wrote them were told to fail on."""
        find(estate, workspaces="prod\ndev", summary_json_path="parts/summary.json")
        assert merge().exit_code == 0
        done = merge(fail_on="data-loss")
        assert done.exit_code == 1
        assert "prod destroys 2 resources with data" in done.log

    def test_one_workspace_writes_it_as_well(self, serve: Serve, find: Find, merge: Any, github: GitHubSandbox) -> None:
        """A matrix has a job for each."""
        find(serve("mixed-update", script=of("prod")), comment="none", summary_json_path="parts/prod.json")
        merge()
        title = drop_memory(github.comments[0].body).splitlines()[1]
        assert title.startswith("## Terraform, 1 workspace: <code>prod</code> destroys")

    def test_a_plan_that_could_not_be_made(self, serve: Serve, find: Find, merge: Any, github: GitHubSandbox) -> None:
        """Its summary says so."""
        find(serve(script=of("prod", plan_statuses=("canceled",))), summary_json_path="parts/prod.json")
        merge()
        assert "❌ <b>prod</b>: canceled" in github.comments[-1].body

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            ("{", "Input data was truncated"),
            ('{"format_version": "1.0"}', "it has no part that a comment can be written from"),
            ('{"comment": {"version": 1}}', "another version of the action wrote it"),
            (
                f'{{"comment": {{"version": {VERSION}, "facts": {{"name": 7}}, "report": {{}}}}}}',
                "Expected `str`, got `int`",
            ),
        ],
    )
    def test_a_file_that_cannot_be_read(
        self, merge: Any, runner: Runner, github: GitHubSandbox, content: str, why: str
    ) -> None:
        """It is told of like a workspace that could not be planned, and the step fails."""
        (runner.workspace / "parts").mkdir()
        (runner.workspace / "parts" / "prod.json").write_text(content)
        done = merge()
        assert done.exit_code == 1
        assert f"Cannot read the summary prod.json: {why}" in done.log
        assert "❌ <b>prod.json</b>: no summary to show" in github.comments[0].body

    def test_two_organizations(
        self, estate: HcpTerraformSandbox, find: Find, merge: Any, runner: Runner, github: GitHubSandbox
    ) -> None:
        """Workspaces with one name are called by that of their organization as well, and of all others alone."""
        find(estate, workspaces="prod\ndev\ndns", summary_json_path="parts/summary.json")
        prod, _, dns = sorted(
            (runner.workspace / "parts").glob("*"), key=lambda path: '"name":"prod"' in path.read_text()
        )[::-1]
        dns.write_text(prod.read_text().replace('"organization":"acme"', '"organization":"other"'))
        done = merge(fail_on="data-loss")
        assert "acme/prod" in drop_memory(github.comments[-1].body).splitlines()[1]
        names = [each["name"] for each in json.loads(done.outputs["workspaces"])]
        assert {"acme/prod", "other/prod"} < set(names)
        assert len(names) == 3
        assert "other/prod destroys 2 resources with data" in done.log

    def test_two_summaries_of_one_workspace(
        self, estate: HcpTerraformSandbox, find: Find, merge: Any, runner: Runner
    ) -> None:
        """That of the newest run is merged, whatever the files are called, and a notice says so."""
        find(estate, workspaces="prod\ndev", summary_json_path="parts/summary.json")
        files = sorted((runner.workspace / "parts").glob("*"))
        for path in files:
            content = json.loads(path.read_text())
            content["comment"]["report"]["memory"][2] -= 1_000
            content["comment"]["report"]["run"]["id"] = content["comment"]["facts"]["run_id"] = "run-older"
            path.with_name(f"z-{path.name}").write_text(json.dumps(content))
        done = merge()
        found = json.loads(done.outputs["workspaces"])
        assert [each["name"] for each in found] == ["dev", "prod"]
        assert "run-older" not in [each["run-id"] for each in found]
        assert "There are several summaries of prod (run-" in done.log
        assert "That of the newest run is merged." in done.log

    def test_plans_of_which_nothing_says_whose_they_are(
        self, step: Step, merge: Any, runner: Runner, golden: Golden, github: GitHubSandbox
    ) -> None:
        """Each has its fold, and none is ever compared with another one."""
        pushed = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": HEAD}}})
        for name in ("tags-only", "mixed-update"):
            (runner.workspace / f"{name}.json").write_bytes(golden(name))
            step(at=pushed, comment="none", plan_json=f"{name}.json", summary_json_path=f"parts/{name}.json")
        merge()
        newer = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": "e" * 40}}})
        for name in ("tags-only", "mixed-update"):
            step(at=newer, comment="none", plan_json=f"{name}.json", summary_json_path=f"parts/{name}.json")
        merge()
        body = github.comments[-1].body
        assert body.startswith(marker("all"))
        assert "2 workspaces: " in body
        assert "ince the plan" not in body
        assert "No longer here" not in body

    def test_no_room_for_all(
        self, estate: HcpTerraformSandbox, find: Find, merge: Any, runner: Runner, github: GitHubSandbox
    ) -> None:
        """The comment says so instead of an earlier report, the outputs are set, and the step fails."""
        find(estate, workspaces="prod\ndev", comment_key="all", summary_json_path="parts/summary.json")
        path = next(iter((runner.workspace / "parts").glob("*")))
        content = json.loads(path.read_text())
        content["comment"]["report"]["worst"] = "@ " * 50_000
        path.write_text(json.dumps(content))
        done = merge(fail_on="data-loss")
        assert done.exit_code == 1
        (comment,) = github.comments
        assert comment.body.startswith(marker("all"))
        assert "too many reports for one comment" in comment.body
        assert "Cannot write one comment for all workspaces: the reports on 2 workspaces take" in comment.body
        assert "holds data" not in comment.body
        assert (done.outputs["to-replace"], done.outputs["gate"]) == ("2", "failed")
        assert "::error::Cannot write one comment for all workspaces: " in done.log

    def test_no_file(self, merge: Any, github: GitHubSandbox) -> None:
        """Nothing is merged, and nothing is written."""
        done = merge()
        assert done.exit_code == 1
        assert "Input summaries: 'parts/*.json' matches no file. Use a pattern that matches the files" in done.log
        assert github.comments == []
