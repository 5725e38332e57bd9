"""What the README claims has a command that shows it: docs/claims.md says which, and says nothing that is not there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROW = re.compile(r"^\| (?!the README says|-)(.+?) \| `(make [a-z-]+)` \| (.+) \|$", re.MULTILINE)
_LEAD = re.compile(r"^(?:- )?\*\*(.+?)\*\*", re.MULTILINE)
_MESSAGE = re.compile(r"^\| (`.*?) \| .+ \| .+ \|$", re.MULTILINE)
_SHOWN = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def plain(markdown: str) -> str:
    """The text in one line, without links and emphasis."""
    return re.sub(r"\s+", " ", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown).replace("**", ""))


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    """The README's text."""
    return (root / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows(root: Path) -> list[tuple[str, str, str]]:
    """Claim, command, and what shows it, of each row of docs/claims.md."""
    return _ROW.findall((root / "docs" / "claims.md").read_text(encoding="utf-8"))


def texts_of(tests: Path) -> Iterator[str]:
    """Every text that stands in a test's source, put together as Python does; of one with values in it, its parts."""
    for path in tests.rglob("*.py"):
        if path.name != Path(__file__).name:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def test_every_row_is_read(root: Path, rows: list[tuple[str, str, str]]) -> None:
    """No row of the page is left out for the way that it is written."""
    lines = (root / "docs" / "claims.md").read_text(encoding="utf-8").splitlines()

    assert len(rows) == sum(line.startswith("| ") for line in lines) - lines.count(
        "| the README says | command | what shows it |"
    )


def test_every_claim_is_the_readmes(readme: str, rows: list[tuple[str, str, str]]) -> None:
    """The page quotes the README word for word."""
    assert [claim for claim, _, _ in rows if claim not in plain(readme)] == []


def test_no_claim_that_the_readme_leads_with_is_forgotten(readme: str, rows: list[tuple[str, str, str]]) -> None:
    """Whatever the README says in bold, at the beginning of a point or of a recipe, has its row."""
    leads = [lead.rstrip(":") for lead in _LEAD.findall(readme)]

    assert len(leads) > 20
    assert sorted(set(leads) - {claim for claim, _, _ in rows}) == []


def test_every_section_has_a_claim(readme: str, rows: list[tuple[str, str, str]]) -> None:
    """No section of the README is left out, but those that claim nothing."""
    sections = {part.partition("\n")[0]: plain(part) for part in readme.split("\n## ")[1:]}

    unbacked = [name for name, text in sections.items() if not any(claim in text for claim, _, _ in rows)]

    assert unbacked == ["License"]


def test_every_command_is_in_contributing(root: Path, rows: list[tuple[str, str, str]]) -> None:
    """Whoever doubts a claim finds the command where developers look for it."""
    contributing = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")

    assert [command for _, command, _ in rows if f"| `{command}` |" not in contributing] == []


def test_what_shows_a_claim_is_there(root: Path, rows: list[tuple[str, str, str]]) -> None:
    """Each file and each test that the page names exists."""
    named = [(claim, *_SHOWN.findall(shown)) for claim, _, shown in rows]

    assert [claim for claim, *shown in named if not shown] == []
    missing = [
        f"{path}::{test}"
        for _, *shown in named
        for path, test in shown
        if not (root / path).is_file() or (test and f"def {test}(" not in (root / path).read_text(encoding="utf-8"))
    ]
    assert missing == []


def test_every_message_of_the_troubleshooting_is_a_tested_one(readme: str, root: Path) -> None:
    """What the README says of a message is found by whoever has it: a test holds that it is said in these words."""
    section = readme.partition("\n## Troubleshooting\n")[2].partition("\n## ")[0]
    cells = _MESSAGE.findall(section)
    quotes = [
        quote.strip()
        for cell in cells
        for quote in re.findall(r"``(.+?)``|(?<!`)`([^`]+)`(?!`)", cell)
        for quote in quote
        if quote
    ]
    parts = [part.strip() for quote in quotes for part in quote.split("…") if part.strip()]
    said = "\0".join(texts_of(root / "tests"))

    assert len(cells) > 15
    assert [part for part in parts if part not in said] == []
