"""`labels: true`: the pull request has the label that says the worst of its plans."""

import json
from collections.abc import Callable, Collection

import pytest

from tfc_plan_comment.action.labels import LABELS, label_of
from tfc_plan_comment.report.worst import Worst
from tfc_sandbox.github import FORK_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

DESTROY, REPLACE, CHANGES, NO_CHANGES = (
    "terraform: destroy",
    "terraform: replace",
    "terraform: changes",
    "terraform: no changes",
)


def on_labels(github: GitHubSandbox) -> list[str]:
    """The methods of the requests for labels."""
    return [request.partition(" ")[0] for request in github.requests if "/labels" in request]


def replacing() -> bytes:
    """A plan that replaces something without data."""
    change = {"actions": ["delete", "create"], "before": {"a": 1}, "after": {"a": 2}}
    resource = {"address": "t.n", "type": "t", "name": "n", "mode": "managed", "change": change}
    return json.dumps({"format_version": "1.2", "resource_changes": [resource], "planned_values": {}}).encode()


def test_the_label_follows_the_plan(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """From push to push it is the right one; a label of somebody else stays."""
    github.labels[7] = ["bug"]
    for plan, label in (
        ("mixed-update", DESTROY),
        (replacing(), REPLACE),
        ("tags-only", CHANGES),
        ("outputs-only", CHANGES),
        ("no-changes", NO_CHANGES),
    ):
        done = step(serve(plan), labels="true")
        assert github.labels[7] == ["bug", label]
        assert f" has the label {label}\n" in done.log
        assert done.exit_code == 0


def test_one_that_is_right_costs_one_request(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """And nobody is told of a change where there is none; without the input no label is asked for."""
    server = serve()
    assert f"Pull request #7 now has the label {DESTROY}\n" in step(server, labels="true").log
    github.requests.clear()
    done = step(server, labels="true")
    assert on_labels(github) == ["GET"]
    assert f"Pull request #7 has the label {DESTROY}\n" in done.log
    github.requests.clear()
    step(server)
    assert on_labels(github) == []


def test_a_failed_plan_has_no_label(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """That of an earlier push does not hold any more."""
    github.labels[7] = [NO_CHANGES, "bug"]
    done = step(serve(script=Script(plan_statuses=("errored",))), labels="true")
    assert github.labels[7] == ["bug"]
    assert "Pull request #7 now has no label of this action\n" in done.log


def test_a_superseded_plan_leaves_the_label_alone(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """It is that of the newer push, like the comment."""
    github.labels[7] = [DESTROY]
    step(serve(script=Script(plan_statuses=("canceled",), commit_sha="c" * 40, identifier="acme/infra")), labels="true")
    assert github.labels[7] == [DESTROY]
    assert on_labels(github) == []


def test_no_comment_and_a_label(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """The label does not need the comment."""
    step(serve(), comment="none", labels="true")
    assert (github.labels[7], github.comments) == ([DESTROY], [])


def test_the_gate_comes_after_the_label(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """A failed gate is no reason to leave the label as it was."""
    assert step(serve(), labels="true", fail_on="destroy").exit_code == 1
    assert github.labels[7] == [DESTROY]


def test_without_the_right_there_is_a_warning(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """The step goes on without the label."""
    done = step(serve(), labels="true", github_token=FORK_TOKEN)
    assert done.exit_code == 0
    assert github.labels[7] == []
    assert (
        "::warning title=No label was set::Label pull request #7 of acme/infra: the job's token may not write to pull"
        " requests (403: Resource not accessible by integration)" in done.log
    )


def test_without_a_pull_request_there_is_a_notice(runner: Runner, serve: Serve, step: Step) -> None:
    """And no label."""
    runner = Runner(folder=runner.folder, api_url=runner.api_url, event_name="schedule", ref="refs/tags/v1")
    done = step(serve(), at=runner, labels="true")
    assert "::notice::No label was set: the workflow did not run for a branch.\n" in done.log
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("plans", "label"),
    [
        ([Worst.CHANGES, Worst.REPLACE, Worst.NO_CHANGES], REPLACE),
        ([Worst.REPLACE, Worst.DATA_LOSS], DESTROY),
        ([Worst.FAILED, Worst.CHANGES], CHANGES),
        ([Worst.FAILED, Worst.NO_CHANGES], None),
        ([Worst.FAILED], None),
        ([], None),
    ],
)
def test_of_several_plans_the_worst_counts(plans: Collection[Worst], label: str | None) -> None:
    """Beside a plan that failed nobody claims that nothing changes."""
    assert label_of(plans) == label


def test_every_word_has_its_label() -> None:
    """None is forgotten."""
    assert LABELS.keys() == {*Worst}
