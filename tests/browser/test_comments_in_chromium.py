"""Comments on a phone: whatever is no code block fits the width, so that nothing is out of sight at the right."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.write.comment import render
from tfc_sandbox.preview import parse

GOLDEN = Path(__file__).parents[1] / "golden"
COMMENTS = sorted(path.parent.name for path in GOLDEN.glob("*/comment.md"))
LONG = "60 characters"
LONGEST_ADDRESS = 60

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]  # all of them are looked at in one go


def long_addresses() -> str:
    """The comment on a plan in which every action has an address that is as long as people make them."""
    values = {"before": {"name": "old", "input": "a"}, "after": {"name": "new", "input": "b"}}
    resources = [
        _resource("update", actions=["update"], **values),
        _resource("create", actions=["create"], after=values["after"]),
        _resource("delete", actions=["delete"], before=values["before"]),
        _resource("replace", actions=["delete", "create"], replace_paths=[["input"]], **values),
        _resource("forget", actions=["forget"], before=values["before"]),
        _resource("import", actions=["no-op"], importing={"id": _address("id")}, **values),
        {**_resource("move", actions=["no-op"], **values), "previous_address": _address("moved")},
    ]
    plan = {"format_version": "1.2", "terraform_version": "1.12.0", "resource_changes": resources}
    return render(Report(key="", summary=summarize(parse_plan(json.dumps(plan).encode(), name="plan"))))


def _resource(name: str, **change: object) -> dict[str, object]:
    return {"address": _address(name), "type": "aws_sqs_queue", "name": name, "change": change}


def _address(name: str) -> str:
    return f"module.network.aws_sqs_queue.{name}".ljust(LONGEST_ADDRESS, "x")


@pytest.fixture(scope="session")
def too_wide(
    browse: Callable[[str, Path], CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, list[str]]]:
    """The elements of each comment that do not fit 400 pixels, while its details are folded and while they are open."""
    folder = tmp_path_factory.mktemp("comments")
    comments = {name: (GOLDEN / name / "comment.md").read_text(encoding="utf-8") for name in COMMENTS}
    for name, comment in {**comments, LONG: long_addresses()}.items():
        (folder / f"{name}.html").write_text(parse(comment), encoding="utf-8")
    done = browse("comment-widths.mjs", folder)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, list[str]]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", [*COMMENTS, LONG])
@pytest.mark.parametrize("state", ["folded", "open"])
def test_nothing_but_code_is_wider_than_its_box(
    too_wide: dict[str, dict[str, list[str]]], name: str, state: str
) -> None:
    """At 400 pixels nobody has to scroll to the side to see what changes, or to which address."""
    assert too_wide[name][state] == []
