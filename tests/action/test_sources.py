"""Where the plan comes from, and what is kept of it: plan-id, cloud-plan, plan-json, files in the workspace."""

import codecs
import json
import stat
from collections.abc import Callable

import pytest

from tfc_plan_comment.comment_marker import marker
from tfc_sandbox.faults import TRUNCATED, Answer, Fault, Faults
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult

Golden = Callable[[str], bytes]
Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

SENTENCE = "Plan: 4 to add, 6 to change, 3 to destroy."
NO_WORKSPACE = (
    "::notice::Nothing says which workspace the plan belongs to, so its comment belongs to this step of the workflow. "
    "Set the input comment-key, above all if a matrix runs this step for several workspaces."
)
BOOKMARK = {"remote_plan_format": 1, "run_id": "run-1", "hostname": "app.terraform.io"}


class TestPlanId:
    """The input plan-id."""

    def test_reads_the_plan_alone(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """The run is never asked for; its outputs are empty, and the comment belongs to the step."""
        server = serve()
        done = step(server, run_id="", plan_id=server.plan_id)
        assert (done.exit_code, done.outputs["plan-summary"]) == (0, SENTENCE)
        assert (done.outputs["run-id"], done.outputs["run-url"]) == ("", "")
        assert done.outputs["plan-id"] == server.plan_id
        assert not [request for request in server.requests if "/runs/" in request.path]
        assert github.comments[0].body.startswith(marker("Terraform/plan/plan-comment") + "\n")
        assert NO_WORKSPACE in done.log.splitlines()

    def test_comment_key_says_which_comment(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """With comment-key the comment is found again by it, and nothing is missing."""
        server = serve()
        done = step(server, run_id="", plan_id=server.plan_id, comment_key="acme/web-app")
        assert github.comments[0].body.startswith(marker("acme/web-app") + "\n")
        assert "::notice" not in done.log

    def test_without_a_comment_no_key_is_missing(self, serve: Serve, step: Step) -> None:
        """With comment: none nobody is told to set a comment-key."""
        server = serve()
        assert "::notice" not in step(server, run_id="", plan_id=server.plan_id, comment="none").log


class TestRunId:
    """The input run-id."""

    def test_of_nobody_knows_which_workspace(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """Where HCP Terraform does not say whose run it is, it is like a plan alone: the comment is the step's."""
        server = serve()
        run = {
            "id": server.run_id,
            "type": "runs",
            "attributes": {"status": "planning"},
            "relationships": {"plan": {"data": {"id": server.plan_id, "type": "plans"}}},
        }
        server._faults = Faults([Fault(path="/runs/", answer=Answer(body=json.dumps({"data": run}).encode()))])
        done = step(server)
        assert (done.exit_code, done.outputs["run-id"], done.outputs["run-url"]) == (0, server.run_id, "")
        assert {f"Run {server.run_id}", NO_WORKSPACE} <= set(done.log.splitlines())
        assert github.comments[0].body.startswith(marker("Terraform/plan/plan-comment") + "\n")


class TestCloudPlan:
    """The input cloud-plan."""

    def bookmark(self, runner: Runner, **fields: object) -> str:
        """A saved cloud plan in the workspace."""
        (runner.workspace / "tfplan").write_text(json.dumps(BOOKMARK | fields), encoding="utf-8")
        return "tfplan"

    def test_names_the_run(self, serve: Serve, step: Step, runner: Runner) -> None:
        """The run of the bookmark is shown when the bookmark is for the host that the token is for."""
        server = serve()
        path = self.bookmark(runner, run_id=server.run_id, hostname=server.url.removeprefix("http://"))
        done = step(server, run_id="", cloud_plan=path)
        assert (done.exit_code, done.outputs["run-id"]) == (0, server.run_id)
        assert done.outputs["plan-summary"] == SENTENCE

    def test_of_another_host_sends_nothing(
        self, serve: Serve, step: Step, runner: Runner, github: GitHubSandbox
    ) -> None:
        """The token goes to no host that only a file names, and no request is sent at all."""
        server = serve()
        path = self.bookmark(runner, run_id=server.run_id)
        done = step(server, run_id="", cloud_plan=path)
        sentence = (
            f"Cannot use the saved plan {runner.workspace}/tfplan: it belongs to app.terraform.io, and the input"
            f" hostname is {server.url}. Set hostname: app.terraform.io, if that is where the token may go."
        )
        assert done.exit_code == 1
        assert f"::error::{sentence}" in done.log.splitlines()
        assert [*server.requests, *github.requests] == []

    def test_that_is_no_bookmark(self, serve: Serve, step: Step, runner: Runner) -> None:
        """A file that is something else is an error that says so, and no request is sent."""
        server = serve()
        (runner.workspace / "tfplan").write_text("{}", encoding="utf-8")
        done = step(server, run_id="", cloud_plan="tfplan")
        assert done.exit_code == 1
        assert "it is not the JSON with remote_plan_format, run_id and hostname" in done.log
        assert server.requests == []


class TestPlanJson:
    """The input plan-json."""

    @pytest.mark.parametrize("encode", [bytes, codecs.BOM_UTF8.__add__, lambda plan: plan.decode().encode("utf-16")])
    def test_asks_no_server(
        self,
        step: Step,
        runner: Runner,
        github: GitHubSandbox,
        golden: Golden,
        encode: Callable[[bytes], bytes],
    ) -> None:
        """A plan on disk needs no token, in whatever encoding a shell wrote it."""
        (runner.workspace / "plan.json").write_bytes(encode(golden("mixed-update")))
        done = step(plan_json="plan.json", hostname="unreachable.invalid")
        assert (done.exit_code, done.outputs["plan-summary"]) == (0, SENTENCE)
        assert [done.outputs[name] for name in ("run-id", "run-url", "plan-id", "plan-status")] == ["", "", "", ""]
        assert SENTENCE in github.comments[0].body
        assert NO_WORKSPACE in done.log.splitlines()

    def test_that_is_no_plan(self, step: Step, runner: Runner, github: GitHubSandbox) -> None:
        """A file that is no plan is an error, in the comment as well; there are no counts then."""
        (runner.workspace / "plan.json").write_text("[]", encoding="utf-8")
        done = step(plan_json="plan.json")
        sentence = (
            f"Cannot read the plan {runner.workspace}/plan.json: its JSON is not a plan (Expected `object`, got"
            " `array`). Make one with: terraform show -json PLANFILE > plan.json."
        )
        assert done.exit_code == 1
        assert f"::error::{sentence}" in done.log.splitlines()
        assert "its JSON is not a plan" in github.comments[0].body
        assert done.summary.count("its JSON is not a plan") == 1
        assert "to-add" not in done.outputs


class TestKeptFiles:
    """The inputs plan-json-path and summary-json-path."""

    def test_are_for_the_next_step(self, serve: Serve, step: Step, runner: Runner, golden: Golden) -> None:
        """Both files are whole, readable by everybody, and named relative to the workspace."""
        done = step(serve(), plan_json_path="out/plan.json", summary_json_path="./out/deep/summary.json")
        assert done.outputs["plan-json-path"] == "out/plan.json"
        assert done.outputs["summary-json-path"] == "out/deep/summary.json"
        plan, summary = (runner.workspace / done.outputs[f"{name}-json-path"] for name in ("plan", "summary"))
        assert plan.read_bytes() == golden("mixed-update")
        assert json.loads(summary.read_bytes())["plan_summary"] == SENTENCE
        assert [stat.S_IMODE(path.stat().st_mode) for path in (plan, summary)] == [0o644, 0o644]
        assert self.files(runner) == ["out/deep/summary.json", "out/plan.json"]

    def test_nothing_is_kept_by_default(self, serve: Serve, step: Step, runner: Runner) -> None:
        """Without those inputs nothing is left in the workspace, and the outputs are not set."""
        done = step(serve())
        assert self.files(runner) == []
        assert "plan-json-path" not in done.outputs
        assert "summary-json-path" not in done.outputs

    def test_nothing_half_written_is_left(self, serve: Serve, step: Step, runner: Runner) -> None:
        """When the download breaks off for good, there is no plan, and the summary says so."""
        server = serve(faults=[Fault(path="/object/", answer=TRUNCATED)])
        done = step(server, plan_json_path="plan.json", summary_json_path="summary.json")
        assert done.exit_code == 1
        assert self.files(runner) == ["summary.json"]
        summary = json.loads((runner.workspace / "summary.json").read_text())
        assert (summary["has_changes"], summary["changes"], summary["errored"]) == (None, [], True)
        assert "plan-json-path" not in done.outputs

    def test_no_plan_is_not_kept(self, serve: Serve, step: Step, runner: Runner) -> None:
        """What turns out not to be a plan is not kept either."""
        assert step(serve(b"{}"), plan_json_path="plan.json").exit_code == 1
        assert self.files(runner) == []

    def test_that_cannot_be_written(self, serve: Serve, step: Step, runner: Runner, github: GitHubSandbox) -> None:
        """The plan is shown all the same, the sentence says what is missing, and the other file's output stands."""
        long_name = "n" * 250  # with what a temporary file adds to it, too long for a file system
        done = step(serve(), plan_json_path="plan.json", summary_json_path=long_name)
        sentence = f"Cannot write {runner.workspace}/{long_name}: File name too long. Check the path and the disk."
        assert done.exit_code == 1
        assert f"::error::{sentence}" in done.log.splitlines()
        assert "File name too long" in github.comments[0].body
        assert SENTENCE in github.comments[0].body
        assert done.outputs["plan-json-path"] == "plan.json"
        assert "summary-json-path" not in done.outputs
        assert self.files(runner) == ["plan.json"]

    def test_of_an_errored_plan(self, step: Step, runner: Runner, golden: Golden) -> None:
        """The files of a plan that failed half-way are kept as well."""
        (runner.workspace / "given.json").write_bytes(golden("errored"))
        done = step(plan_json="given.json", summary_json_path="summary.json")
        assert done.outputs["summary-json-path"] == "summary.json"
        assert json.loads((runner.workspace / "summary.json").read_bytes())["errored"] is True

    @staticmethod
    def files(runner: Runner) -> list[str]:
        """What the workspace holds."""
        found = (path for path in runner.workspace.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(runner.workspace)) for path in found)
