"""action.yml, `Settings` and the README say the same of inputs and outputs."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields

from tfc_plan_comment.__main__ import SECRETS
from tfc_plan_comment.action.outputs import OUTPUTS
from tfc_plan_comment.settings import inputs
from tfc_plan_comment.settings.settings import (
    CommentMode,
    CommentWhen,
    PlanAccess,
    SentinelMocks,
    Settings,
    WaitFor,
    readers,
)
from tfc_plan_comment.settings.source import MORE_OF_SOURCE, SOURCES, RunIds

CHOICES = {
    "plan-access": PlanAccess,
    "comment": CommentMode,
    "comment-when": CommentWhen,
    "sentinel-mocks": SentinelMocks,
    "wait-for": WaitFor,
}


@pytest.fixture(scope="session")
def readme(root: Path) -> str:
    """The README's text."""
    return (root / "README.md").read_text(encoding="utf-8")


def table(readme: str, heading: str) -> dict[str, list[str]]:
    """The rows of the table below `## heading`, `| `name` | cell | cell |`, by name and in order; the rest is cells."""
    section = readme.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z-]+)` \|(.*)\|$", section, flags=re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split("|")] for name, rest in rows}


def test_the_inputs_have_the_same_names_in_the_same_order(action: dict[str, Any], readme: str) -> None:
    """No input is forgotten in one of the three places."""
    names = list(action["inputs"])

    assert list(readers(Path(), None)) == names
    assert list(table(readme, "Inputs")) == names


def test_every_input_has_its_field() -> None:
    """An input that is read ends up in `Settings`: in a field of its name, or in the source that it names."""
    names = [
        name.replace("-", "_") for name in readers(Path(), None) if name not in {*SOURCES, *MORE_OF_SOURCE.values()}
    ]

    assert [field.name for field in fields(Settings)] == ["source", *names]


def test_every_token_is_masked() -> None:
    """An input that is a token is a secret of the entry point."""
    tokens = {f"INPUT_{name.upper()}" for name, read in readers(Path(), None).items() if read is inputs.token}

    assert tokens == {secret for secret in SECRETS if secret.startswith("INPUT_")}


def test_the_defaults_of_action_yml_are_those_of_settings(action: dict[str, Any], tmp_path: Path) -> None:
    """What the runner hands in for an input that is left out is what the code takes for it."""
    given = {"INPUT_RUN-ID": "run-1", "INPUT_TOKEN": "t"}
    defaults = {f"INPUT_{name.upper()}": definition["default"] for name, definition in action["inputs"].items()}
    assert defaults.pop("INPUT_GITHUB-TOKEN") == "${{ github.token }}"  # the one default that the runner works out

    settings = Settings.from_inputs(defaults | given, workspace=tmp_path, runner_temp=None)

    assert settings == Settings(source=RunIds(("run-1",)), token="t")


def test_the_defaults_of_action_yml_are_those_of_the_readme(action: dict[str, Any], readme: str) -> None:
    """A default stands there as code; words instead of code describe what an empty input means."""
    defaults = {name: definition["default"] for name, definition in action["inputs"].items()}

    shown = {name: cells[0] for name, cells in table(readme, "Inputs").items()}
    assert {name: cell[1:-1] if cell.startswith("`") else "" for name, cell in shown.items()} == defaults


@pytest.mark.parametrize("name", CHOICES)
def test_every_choice_is_described(action: dict[str, Any], readme: str, name: str) -> None:
    """Each value that an input can have is named in action.yml and in the README."""
    choices: type[StrEnum] = CHOICES[name]

    for text in (action["inputs"][name]["description"], table(readme, "Inputs")[name][-1]):
        assert [choice for choice in choices if f"`{choice}`" not in text] == []


def test_the_outputs_have_the_same_names_in_the_same_order(action: dict[str, Any], readme: str) -> None:
    """No output is forgotten in one of the three places."""
    names = list(action["outputs"])

    assert list(OUTPUTS) == names
    assert list(table(readme, "Outputs")) == names


def test_everything_is_described(action: dict[str, Any], readme: str) -> None:
    """No input or output goes without a sentence."""
    definitions = action["inputs"] | action["outputs"]

    assert [name for name, definition in definitions.items() if not definition["description"].endswith(".")] == []
    assert [
        name for heading in ("Inputs", "Outputs") for name, cells in table(readme, heading).items() if not cells[-1]
    ] == []
