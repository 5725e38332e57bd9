"""A plan that goes well: outputs, log, and the one comment of a workspace."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import yaml

from tfc_plan_comment.comment_marker import marker
from tfc_sandbox.github import USER_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Golden = Callable[[str], bytes]
Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

SENTENCE = "Plan: 4 to add, 6 to change, 3 to destroy."
NO_CHANGES = "No changes. Your infrastructure matches the configuration."


def writes(github: GitHubSandbox) -> list[str]:
    """The requests that changed something: what they are, without their numbers."""
    rest = [re.sub(r"\d+", "N", request) for request in github.requests if request.startswith(("POST /r", "PATCH"))]
    return rest + ["hide" for query in github.graphql_queries if "minimizeComment" in query]


class TestOutputs:
    """What later steps get."""

    def test_each_has_its_value(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """Every output has the value that action.yml promises, and there is no other one."""
        server = serve()
        done = step(server)
        (comment,) = github.comments
        assert done.exit_code == 0
        (workspace,) = json.loads(done.outputs.pop("workspaces"))
        assert workspace["run-id"] == server.run_id
        assert done.outputs == {
            "run-id": server.run_id,
            "run-url": f"{server.url}/app/acme/workspaces/web-app/runs/{server.run_id}",
            "run-status": "planned_and_finished",
            "plan-id": server.plan_id,
            "plan-status": "finished",
            "has-changes": "true",
            "plan-summary": SENTENCE,
            "to-import": "0",
            "to-add": "4",
            "to-change": "6",
            "to-destroy": "3",
            "to-replace": "2",
            "to-move": "0",
            "to-forget": "0",
            "attention": "2",
            "attention-rules": "aws-open-port,iam-condition-gone",
            "comment-result": "created",
            "comment-id": str(comment.id),
            "comment-url": f"https://github.com/acme/infra/pull/7#issuecomment-{comment.id}",
        }

    def test_they_are_those_of_action_yml(self, serve: Serve, step: Step) -> None:
        """No output is written that action.yml does not declare: a workflow could not read it."""
        done = step(serve(), plan_json_path="plan.json", summary_json_path="summary.json")
        action = yaml.safe_load((Path(__file__).parents[2] / "action.yml").read_text(encoding="utf-8"))
        assert done.outputs.keys() <= action["outputs"].keys()

    def test_every_count_is_an_output(self, serve: Serve, step: Step) -> None:
        """Imports, moves and forgotten resources are counted as well."""
        outputs = step(serve("moved-import-forget")).outputs
        counts = {name: int(outputs[name]) for name in outputs if name.startswith("to-")}
        assert outputs["plan-summary"] == "Plan: 5 to import, 2 to add, 3 to change, 3 to destroy."
        assert (counts["to-import"], counts["to-add"], counts["to-change"], counts["to-destroy"]) == (5, 2, 3, 3)
        assert counts["to-move"] > 0
        assert counts["to-forget"] > 0

    def test_of_a_plan_without_changes(self, serve: Serve, step: Step) -> None:
        """A plan without changes says so in has-changes and in Terraform's words."""
        outputs = step(serve("no-changes")).outputs
        assert outputs["has-changes"] == "false"
        assert outputs["plan-summary"] == NO_CHANGES


EXPLAINED = f"{SENTENCE} That is 2 replaced (add and destroy), 1 destroyed, 6 changed, 2 created."
WITH_DATA = "aws_dynamodb_table.locks (replaced), aws_cloudwatch_log_group.legacy (destroyed)"
LOOKS = (
    'aws_iam_policy.deploy no longer requires MFA in statement "Deploy"',
    "aws_security_group.web opens port 22 to the whole internet (0.0.0.0/0)",
)


class TestLog:
    """What somebody who waits for the step reads."""

    def test_one_line_for_each_thing_that_happens(
        self, serve: Serve, step: Step, github: GitHubSandbox, golden: Golden
    ) -> None:
        """The run, each status and after how long, the plan JSON, what is said of it, and the comment."""
        server = serve(script=Script(not_yet=2))
        log = step(server).log
        run = server.run_id
        lines = [line for line in log.splitlines() if not line.startswith("::add-mask::")]
        assert [re.sub(r"after \d+ seconds?\.$", "after so long.", line) for line in lines] == [
            f"Run {run} of acme/web-app: {server.url}/app/acme/workspaces/web-app/runs/{run}",
            "::group::Waiting for the plan",
            "The plan is pending. Waiting for up to 30 minutes.",
            "The plan is queued, after so long.",
            "The plan is running, after so long.",
            "The plan is finished, after so long.",
            "::endgroup::",
            "The plan JSON is not ready yet",
            f"Plan JSON: {len(golden('mixed-update')):,} bytes",
            "Terraform plan for web-app: destroys 2 resources with data, 2 changes deserve a look",
            EXPLAINED,
            "2 resources that hold data are destroyed:",
            '  aws_dynamodb_table.locks: replaced, destroyed first, because hash_key "LockID" → "LockKey"',
            '  aws_cloudwatch_log_group.legacy "/prod/legacy-cron": no longer in the configuration',
            "Also replaced:",
            '  aws_subnet.app["b"]: destroyed first, because cidr_block "10.0.2.0/24" → "10.0.12.0/24"',
            "2 changes deserve a look:",
            *(f"  {look}" for look in LOOKS),
            (
                f"::warning title=Terraform plan for web-app::Destroys 2 resources with data: {WITH_DATA}."
                f" 2 changes deserve a look: {'; '.join(LOOKS)}."
            ),
            (
                f"Comment on pull request #7 created:"
                f" https://github.com/acme/infra/pull/7#issuecomment-{github.comments[0].id}"
            ),
        ]

    def test_secrets_are_masked_first(self, serve: Serve, step: Step) -> None:
        """Both tokens are masked before anything else is said, and the temporary URL before it is asked."""
        server = serve()
        lines = step(server).log.splitlines()
        assert lines[:2] == ["::add-mask::sandbox-admin-token", "::add-mask::sandbox-job-token"]
        (blob,) = server.archivist.requests
        masked = [line.removeprefix("::add-mask::") for line in lines if line.startswith("::add-mask::")]
        assert blob.path in masked
        assert sum(blob.path in line for line in lines) == sum(blob.path in line for line in masked) == 2


class TestOneComment:
    """One comment for each workspace, and nobody else's."""

    def test_it_is_created(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """The comment starts with the workspace's marker; it and the step summary have the sentence and the run."""
        server = serve()
        done = step(server)
        body = github.comments[0].body
        assert body.startswith(marker("acme/web-app") + "\n")
        for report in (body, done.summary):
            assert f"**{SENTENCE}**" in report
            assert server.run_id in report

    def test_the_same_run_again_changes_nothing(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """Running again for the same run sends no request that writes."""
        server = serve()
        created = step(server)
        again = step(server)
        assert (again.exit_code, again.outputs["comment-result"]) == (0, "unchanged")
        assert again.outputs["comment-id"] == created.outputs["comment-id"]
        assert again.outputs["comment-url"] == created.outputs["comment-url"]
        assert writes(github) == ["POST /repos/acme/infra/issues/N/comments"]
        assert "Comment on pull request #7 unchanged: https://github.com/" in again.log

    def test_the_next_run_updates_it(self, serve: Serve, step: Step, github: GitHubSandbox, golden: Golden) -> None:
        """The run of the next push edits the same comment."""
        server = serve("no-changes")
        created = step(server)
        server.add_run(golden("tags-only"))
        updated = step(server)
        assert updated.outputs["comment-result"] == "updated"
        assert updated.outputs["comment-id"] == created.outputs["comment-id"]
        (comment,) = github.comments
        assert "Plan: 0 to add, 22 to change, 0 to destroy." in comment.body
        assert NO_CHANGES not in comment.body

    def test_each_workspace_has_its_own(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """Two workspaces have two comments, and a second run of the first one finds the right one."""
        first, second = serve(script=Script(workspace="prod")), serve(script=Script(workspace="staging"))
        created = step(first)
        assert step(second).outputs["comment-result"] == "created"
        again = step(first)
        assert again.outputs["comment-result"] == "unchanged"
        assert again.outputs["comment-id"] == created.outputs["comment-id"]
        assert [comment.body.partition("\n")[0] for comment in github.comments] == [
            marker("acme/prod"),
            marker("acme/staging"),
        ]

    def test_comment_key_tells_comments_apart(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """With the input comment-key, two steps for the same workspace keep a comment each."""
        server = serve()
        step(server, comment_key="plan of the day")
        assert step(server).outputs["comment-result"] == "created"
        assert github.comments[0].body.startswith(marker("plan of the day"))

    def test_somebody_elses_is_never_touched(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """A comment with our marker that somebody else wrote stays as it is, and is not taken for ours."""
        theirs = github.write(7, f"{marker('acme/web-app')}\nNothing to see here.", token=USER_TOKEN)
        assert step(serve()).outputs["comment-result"] == "created"
        assert theirs.body == f"{marker('acme/web-app')}\nNothing to see here."
        assert not theirs.minimized
        assert len(github.comments) == 2


class TestModes:
    """The inputs comment and comment-when."""

    def test_recreate_hides_the_old_one(self, serve: Serve, step: Step, github: GitHubSandbox, golden: Golden) -> None:
        """A new comment is posted, and the earlier one is hidden after that."""
        server = serve("no-changes")
        step(server, comment="recreate")
        server.add_run(golden("tags-only"))
        done = step(server, comment="recreate")
        old, new = github.comments
        assert done.outputs["comment-result"] == "created"
        assert done.outputs["comment-id"] == str(new.id)
        assert (old.minimized, new.minimized) == (True, False)

    def test_recreate_leaves_alone_what_is_unchanged(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """The same report is not posted a second time."""
        server = serve()
        step(server, comment="recreate")
        assert step(server, comment="recreate").outputs["comment-result"] == "unchanged"
        assert len(github.comments) == 1

    def test_none_asks_github_nothing(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """Without a comment there are outputs and a step summary, and GitHub gets no request at all."""
        done = step(serve(), comment="none")
        assert (done.exit_code, done.outputs["comment-result"], done.outputs["comment-id"]) == (0, "skipped", "")
        assert SENTENCE in done.summary
        assert github.requests == []
        assert "::notice" not in done.log

    def test_changes_posts_nothing_without_changes(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """With comment-when: changes, a plan without changes gets no comment, and the log says why."""
        done = step(serve("no-changes"), comment_when="changes")
        assert (done.exit_code, done.outputs["comment-result"], done.outputs["comment-url"]) == (0, "skipped", "")
        assert "No comment on pull request #7: the plan changes nothing\n" in done.log
        assert NO_CHANGES in done.summary
        assert github.comments == []

    def test_changes_posts_changes(self, serve: Serve, step: Step) -> None:
        """With comment-when: changes, a plan with changes gets its comment."""
        assert step(serve(), comment_when="changes").outputs["comment-result"] == "created"

    def test_changes_keeps_a_comment_up_to_date(
        self, serve: Serve, step: Step, github: GitHubSandbox, golden: Golden
    ) -> None:
        """With comment-when: changes, a comment that is there already learns that the plan changes nothing any more."""
        server = serve()
        step(server, comment_when="changes")
        server.add_run(golden("no-changes"))
        assert step(server, comment_when="changes").outputs["comment-result"] == "updated"
        assert NO_CHANGES in github.comments[0].body

    def test_changes_posts_a_failure(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """With comment-when: changes, a plan that failed gets a comment: it is no plan without changes."""
        done = step(serve(script=Script(plan_statuses=("canceled",))), comment_when="changes")
        assert (done.exit_code, done.outputs["comment-result"]) == (1, "created")
        assert "The plan was canceled." in github.comments[0].body


def test_pr_number_overrides_the_event(serve: Serve, step: Step, github: GitHubSandbox, runner: Runner) -> None:
    """The input pr-number says where to comment, also where the event belongs to no pull request."""
    done = step(serve(), pr_number="7", at=replace(runner, event_name="schedule", event={}))
    assert done.outputs["comment-result"] == "created"
    assert github.comments[0].number == 7
