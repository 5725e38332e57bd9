"""hadolint has nothing against any Dockerfile."""

from collections.abc import Callable
from pathlib import PurePath
from subprocess import CompletedProcess

import pytest

pytestmark = pytest.mark.peers

Run = Callable[..., CompletedProcess[str]]


def problems(run_tool: Run, dockerfile: str) -> list[str]:
    """What hadolint, with its ShellCheck, says against a Dockerfile, its hints on style included."""
    return run_tool("hadolint", "--no-color", "--config", "/dev/null", "-", given=dockerfile).stdout.splitlines()


def test_hadolint_is_content(run_tool: Run, texts: dict[str, str]) -> None:
    """It knows none of its mistakes in what builds the image, or what tries it."""
    dockerfiles = {path: text for path, text in texts.items() if "Dockerfile" in PurePath(path).name}

    assert "Dockerfile" in dockerfiles
    assert {path: found for path, text in dockerfiles.items() if (found := problems(run_tool, text))} == {}


def test_hadolint_notices_what_is_wrong(run_tool: Run) -> None:
    """In what is installed, and in the shell."""
    found = problems(run_tool, "FROM python:3.13-slim\nRUN pip install requests && rm $1\n")

    assert [each.split()[1] for each in found] == ["DL3013", "DL3042", "SC2086"]
