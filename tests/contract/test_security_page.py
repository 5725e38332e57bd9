"""SECURITY.md names, for each threat, a test; and the table of what looks like a secret names whose forms are known."""

import ast
import re
from pathlib import Path

import pytest

from tfc_plan_comment.plan.knowledge.secret_forms import SECRET_FORMS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
MODEL = PAGE.partition("## Threat model\n")[2].partition("\n## ")[0]
THREATS = [line for line in MODEL.splitlines() if line.startswith("| ")][1:]


def names_of_tests(folder: Path) -> set[str]:
    """The names of all tests."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in folder.rglob("test_*.py"))
    return {
        node.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_each_threat_has_an_answer_and_a_test_that_exists() -> None:
    """A row whose test was renamed or removed claims what nobody checks."""
    known = names_of_tests(ROOT / "tests")

    assert len(THREATS) > 20
    for threat in THREATS:
        _, who, what, answer, tests, _ = re.split(r"(?<!\\)\|", threat)
        named = re.findall(r"`(\w+)`", tests)
        assert all([what.strip(), answer.strip(), named]), threat
        assert [name for name in named if name not in known] == [], threat
        assert who.strip() or threat is not THREATS[0]


@pytest.mark.parametrize(
    "who",
    [
        *("plan", "branch", "Comments", "template", "Artifacts", "workflow_run", "Summaries", "redirects", "message"),
        *("policies", "base image", "Package indexes", "network"),
    ],
)
def test_the_model_is_whole(who: str) -> None:
    """Whatever somebody else controls is in it."""
    assert who in "\n".join(THREATS)


def test_what_nobody_defends_against_is_said() -> None:
    """A model without an end would promise everything."""
    assert "We do not defend against:\n\n- " in MODEL


def test_each_vendor_of_a_form_is_known() -> None:
    """The page names the vendors that most people have secrets of."""
    row = next(line for line in PAGE.splitlines() if "with a published form" in line)
    kinds = " ".join(form.kind for form in SECRET_FORMS)
    named = re.split(r", | and ", row.partition("published form: of ")[2].partition(" and others")[0])

    assert len(named) > 15
    assert [name for name in named if name.removesuffix(" Cloud") not in kinds] == []
