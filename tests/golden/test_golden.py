"""The comment of every real plan, as a reviewer gets it."""

from pathlib import Path

import pytest

from tfc_plan_comment.files import read_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.render import Report, render
from tfc_plan_comment.report.view import RunView

GOLDEN = Path(__file__).parent
PLANS = sorted(path.parent.name for path in GOLDEN.glob("*/plan.json"))
RUN = RunView(
    id="run-CZcmD7eagjhyX0vN",
    url="https://app.terraform.io/app/acme/workspaces/prod/runs/run-CZcmD7eagjhyX0vN",
    organization="acme",
    workspace="prod",
    commit="a1b2c3d4e5f60718293a4b5c6d7e8f9012345678",
    message="Grow",
)


@pytest.mark.parametrize("name", PLANS)
def test_the_comment_is_the_golden_one(name: str, request: pytest.FixtureRequest) -> None:
    """Every real plan gives exactly the comment that was read by eye and put beside it."""
    golden = GOLDEN / name / "comment.md"
    summary = summarize(read_plan(GOLDEN / name / "plan.json"))

    comment = render(Report(key="acme/prod", summary=summary, workspace="prod", run=RUN))

    if request.config.getoption("--regenerate-golden"):
        golden.write_text(comment, encoding="utf-8")
    assert comment == golden.read_text(encoding="utf-8")
