"""codespell knows every word, or a reason for it."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

pytestmark = pytest.mark.peers

Run = Callable[..., CompletedProcess[str]]

REASONS = {
    "applyable": "the key of a plan's JSON",
    "archiv": "the stem of words",
    "egistry": "a registry, of which a plan that is malformed has lost the first letter",
    "nd": "the category Nd of Unicode",
    "paeth": "Alan Paeth, whose filter PNG has",
    "schedul": "the stem of words",
    "secur": "the stem of words",
    "sensitiv": "the stem of words",
    "timeot": "an input that somebody misspells",
    "timout": "an input that somebody misspells",
    "occured": "a mistake that codespell has to notice",
    "recieved": "the same",
    "ue": "a syllable",
}
"""Of each word that it takes for another one: what it is."""


def misspelled(run_tool: Run, *arguments: str | Path) -> dict[str, list[str]]:
    """The places of each word that codespell would write in another way."""
    found: dict[str, list[str]] = {}
    for line in run_tool("codespell", "--disable-colors", *arguments).stdout.splitlines():
        place, _, word = line.partition(" ==> ")[0].rpartition(": ")
        found.setdefault(word.lower(), []).append(place)
    return found


def test_codespell_is_content(run_tool: Run, texts: dict[str, str]) -> None:
    """Each word that it names has a reason, and no reason is left of a word that is gone."""
    paths = [path for path in texts if not path.endswith("package-lock.json")]  # npm wrote those

    found = misspelled(run_tool, "--check-hidden", "--check-filenames", *paths)

    assert {word: places for word, places in found.items() if word not in REASONS} == {}
    assert REASONS.keys() - found.keys() == set()


def test_codespell_notices_what_is_wrong(run_tool: Run, tmp_path: Path) -> None:
    """In what a file says, and in its name."""
    wrong = tmp_path / "recieved.md"
    wrong.write_text("an occured fault\n", encoding="utf-8")

    assert misspelled(run_tool, "--check-filenames", wrong).keys() == {"recieved", "occured"}
