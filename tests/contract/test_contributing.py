"""CONTRIBUTING.md leaves out no command, no folder of tests and no list of packages."""

import re
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    """The page's text."""
    return (root / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_command_has_a_row(root: Path, page: str) -> None:
    """Whoever looks for what make can do finds all of it in the table, and nothing that is not there."""
    (targets,) = re.findall(r"^\.PHONY: (.*)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    rows = re.findall(r"^\| `make ([a-z-]+)", page, re.MULTILINE)

    assert {*rows} == {each for each in targets.split() if not each.startswith("needs-")}


def test_every_folder_of_tests_has_a_row(root: Path, page: str) -> None:
    """It says what is in each, of those that are there."""
    folders = {each.parent.relative_to(root).parts[1] for each in (root / "tests").glob("*/*.py")}
    rows = re.findall(r"^\| `tests/(\w+)` \|", page, re.MULTILINE)

    assert {*rows} == folders


def test_every_list_of_packages_is_named(root: Path, page: str) -> None:
    """With what it is for."""
    names = {each.name for each in (root / "requirements").glob("*.in")}
    section = page.partition("\n## Dependencies\n")[2].partition("\n## ")[0]

    assert {each.rpartition("/")[2] for each in re.findall(r"`([\w/]+\.in)`", section)} >= names
