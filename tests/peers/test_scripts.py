"""ShellCheck has nothing against any shell script: in files and workflows, on the pages, and in make's recipes."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml

pytestmark = pytest.mark.peers

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="session")
def scripts(root: Path, texts: dict[str, str]) -> dict[str, str]:
    """Every script by its place; one that has no line of its own for it is a script of bash."""
    found = {path: text for path, text in texts.items() if re.match(r"#!.*\b(?:ba)?sh\b", text)}
    assert ".ci/run" in found
    for path, text in texts.items():
        if path.startswith(".github/workflows/"):
            found |= {f"{path}: {name}": f"#!/bin/bash\n{run}\n" for name, run in runs(text)}
        elif path.endswith(".md") and not path.startswith("tests/"):
            examples = re.findall(r"^```(?:sh|bash|shell)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
            found |= {f"{path}: {number}": f"#!/bin/bash\n{each}" for number, each in enumerate(examples, 1)}
    return found | {f"make UV={uv}": f"#!/bin/sh\n{recipes(root, texts['Makefile'], uv)}" for uv in ("", "uv")}


def recipes(root: Path, makefile: str, uv: str) -> str:
    """All that make would run, with uv or with pip."""
    (targets,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    command = ["make", "--silent", "--dry-run", "--always-make", f"UV={uv}", *targets.split()]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ours


def runs(workflow: str) -> Iterator[tuple[str, str]]:
    """What each step of a workflow runs, with the job and the number of the step."""
    for name, job in yaml.safe_load(workflow)["jobs"].items():
        yield from ((f"{name} {number}", step["run"]) for number, step in enumerate(job["steps"], 1) if "run" in step)


def problems(run_tool: Run, script: str) -> str:
    """What ShellCheck says against a script, its hints on style included."""
    return run_tool("shellcheck", "--norc", "--severity=style", "--format=gcc", "-", given=script).stdout


def test_shellcheck_is_content(run_tool: Run, scripts: dict[str, str]) -> None:
    """No quotation mark is missing, no exit code is lost."""
    assert len(scripts) > 20
    assert {place: found for place, script in scripts.items() if (found := problems(run_tool, script))} == {}


def test_no_expression_stands_in_a_script(scripts: dict[str, str]) -> None:
    """GitHub would put its value into the script, where ShellCheck sees none of it and anybody's text is code."""
    assert [place for place, script in scripts.items() if "${{" in script] == []


def test_what_is_switched_off_has_a_reason(scripts: dict[str, str]) -> None:
    """Beside it, on the same line."""
    off = [f"{place}: {line}" for place, text in scripts.items() for line in re.findall("# shellcheck .*", text)]

    assert [line for line in off if not re.search(r"disable=SC\d+ # \w", line)] == []


def test_shellcheck_notices_what_is_wrong(run_tool: Run) -> None:
    """So that its silence means something."""
    assert "[SC2086]" in problems(run_tool, "#!/bin/bash\nrm $1\n")
