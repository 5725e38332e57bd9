"""The comment of every real plan, as a reviewer gets it."""

import re
import textwrap
from pathlib import Path

import pytest

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.view import RunView
from tfc_plan_comment.report.write.comment import render

GOLDEN = Path(__file__).parent
DOCS = (GOLDEN.parents[1] / "docs" / "reading-the-comment.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"<!-- ([\w-]+): ([\w.]+) -->\n```\w+\n(.*?)\n```", DOCS, re.DOTALL)
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


@pytest.mark.parametrize("name", sorted(path.parent.name for path in GOLDEN.glob("*/secrets")))
def test_no_secret_is_in_the_comment(name: str) -> None:
    """Each is in the plan; in the comment none is, whether Terraform would show it or not."""
    plan, comment = ((GOLDEN / name / file).read_text(encoding="utf-8") for file in ("plan.json", "comment.md"))
    secrets = (GOLDEN / name / "secrets").read_text(encoding="utf-8").split()

    assert secrets
    assert [secret for secret in secrets if secret not in plan or secret in comment] == []


@pytest.mark.parametrize("name", PLANS)
def test_no_comment_has_two_empty_lines_together(name: str) -> None:
    """Nor punctuation that belongs to words which are not there."""
    comment = (GOLDEN / name / "comment.md").read_text(encoding="utf-8")
    summaries = "\n".join(re.findall(r"<summary>.*</summary>", comment))

    assert "\n\n\n" not in re.sub(r"^(`{3,}).*?^\1$", "x", comment, flags=re.DOTALL | re.MULTILINE)
    assert not re.search(r": :|, [,;]|; [,;]|\(\)|: <|  ", re.sub(r"<code>.*?</code>", "x", summaries))


@pytest.mark.parametrize(("name", "file", "example"), EXAMPLES)
def test_the_documented_examples_are_real(name: str, file: str, example: str) -> None:
    """Whatever docs/reading-the-comment.md shows stands like that in the plan's comment or in Terraform's text."""
    content = (GOLDEN / name / file).read_text(encoding="utf-8")
    depths = range(12 if file == "human.txt" else 1)

    assert any(textwrap.indent(example, " " * depth) in content for depth in depths) or all(
        line in content.splitlines() for line in example.splitlines()
    )


def test_every_fenced_example_of_the_page_is_tested() -> None:
    """No block of code on the page is without its source."""
    assert DOCS.count("\n```\n") == len(EXAMPLES) >= 20
