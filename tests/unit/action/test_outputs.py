"""The outputs of several workspaces: counts are added up, and what belongs to one is in the list of workspaces."""

import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest

from tfc_plan_comment.action.outputs import OUTPUTS, outputs_of
from tfc_plan_comment.action.report_of import facts_of
from tfc_plan_comment.action.results import NoPlan, Planned, Result
from tfc_plan_comment.action.subjects import Subject
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ActionError
from tfc_plan_comment.github_actions.commands import Commands
from tfc_plan_comment.github_actions.environment import GitHubEnvironment
from tfc_plan_comment.github_actions.written import CommentResult, Written
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize

GOLDEN = Path(__file__).parents[2] / "golden"
ENVIRONMENT = GitHubEnvironment(event={})
WORLD = World(
    commands=Commands(stdout=StringIO(), output_file=None, summary_file=None),
    environment=ENVIRONMENT,
    sleep=lambda _: None,
    clock=lambda: 0,
    now=lambda: 0,
)
WRITTEN = Written(result=CommentResult.CREATED, id=1, url="https://github.com/acme/infra/pull/7#issuecomment-1")


def planned(name: str, plan: str) -> Planned:
    document = (GOLDEN / plan / "plan.json").read_bytes()
    subject = Subject(key=name, workspace=name, run_id=f"run-{name}", plan_id=f"plan-{name}")
    return Planned(subject=subject, plan_status="finished", summary=summarize(parse_plan(document, name=name)))


PROD, DEV, IDLE = planned("prod", "mixed-update"), planned("dev", "moved-import-forget"), planned("idle", "no-changes")
BILLING = NoPlan(
    subject=Subject(key="billing", workspace="billing", run_id="run-billing"),
    failure=ActionError("It failed"),
    plan_status="errored",
)


def outputs(*results: Result, written: Sequence[Written] = ()) -> dict[str, str]:
    facts = [facts_of(result, WORLD) for result in results]
    alone = results[0] if len(results) == 1 else None
    return dict(outputs_of(facts, alone, written[0] if len(written) == 1 else None, ENVIRONMENT))


def test_counts_are_those_of_all_together() -> None:
    """Each is the sum; rules are named once; Terraform's sentence stands for each workspace."""
    both, prod, dev = outputs(PROD, DEV, BILLING), outputs(PROD), outputs(DEV)
    counts = [name for name in OUTPUTS if name.startswith("to-") or name == "attention"]
    assert {name: int(both[name]) for name in counts} == {name: int(prod[name]) + int(dev[name]) for name in counts}
    assert both["attention-rules"] == "aws-open-port,iam-condition-gone"
    assert both["plan-summary"].splitlines() == [
        "prod: Plan: 4 to add, 6 to change, 3 to destroy.",
        "dev: Plan: 5 to import, 2 to add, 3 to change, 3 to destroy.",
    ]


@pytest.mark.parametrize(
    ("results", "has_changes"),
    [([IDLE, PROD], "true"), ([BILLING, PROD], "true"), ([IDLE], "false"), ([IDLE, BILLING], None), ([BILLING], None)],
)
def test_one_with_changes_is_enough(results: list[Result], has_changes: str | None) -> None:
    """has-changes is true if any of the plans changes anything, and nothing is claimed of one that is not known."""
    assert outputs(*results).get("has-changes") == has_changes


def test_what_belongs_to_one_is_in_no_output_of_several() -> None:
    """Nobody can take one workspace's run or comment for another's."""
    alone, several = outputs(PROD, written=[WRITTEN]), outputs(PROD, DEV, written=[WRITTEN, WRITTEN])
    assert alone.keys() - several.keys() == {
        "run-id",
        "run-url",
        "run-status",
        "plan-id",
        "plan-status",
        "comment-id",
        "comment-url",
        "comment-result",
    }
    assert (alone["run-id"], alone["comment-id"]) == ("run-prod", "1")


def test_the_one_comment_of_several_is_an_output() -> None:
    """A comment that tells of all of them is no single workspace's."""
    assert outputs(PROD, DEV, written=[WRITTEN])["comment-id"] == "1"


def test_the_list_of_workspaces() -> None:
    """Each has its object, in their order; of one without a plan nothing is claimed."""
    prod, idle, billing = json.loads(outputs(PROD, IDLE, BILLING)["workspaces"])
    counts = prod.pop("counts")
    assert prod == {
        "name": "prod",
        "run-id": "run-prod",
        "run-url": "",
        "status": "finished",
        "run-status": "",
        "asked": None,
        "has-changes": True,
        "worst": "data-loss",
    }
    assert (counts["to-add"], counts["to-change"], counts["to-destroy"]) == (4, 6, 3)
    assert (idle["has-changes"], idle["worst"], set(idle["counts"].values())) == (False, "no-changes", {0})
    assert (billing["status"], billing["has-changes"], billing["counts"]) == ("errored", None, None)
    assert billing["worst"] == "failed"
