"""bandit and pip-audit know no weakness of our code, and of what the image installs."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

pytestmark = [pytest.mark.peers, pytest.mark.timeout(120)]  # pip-audit asks a service for each package

Run = Callable[..., CompletedProcess[str]]

SKIPPED = {"B404": "to import subprocess does nothing; B603 looks at what is started"}
"""What bandit need not look at, and why. Whatever else it names has its reason where it stands."""


def weaknesses(run_tool: Run, *arguments: str | Path) -> list[tuple[str, int, str]]:
    """The path, the line and the rule of each weakness that bandit sees."""
    done = run_tool("bandit", "--quiet", "--format", "json", "--skip", ",".join(SKIPPED), *arguments)
    return [(each["filename"], each["line_number"], each["test_id"]) for each in json.loads(done.stdout)["results"]]


def test_each_weakness_is_none(run_tool: Run, root: Path, texts: dict[str, str]) -> None:
    """Whatever bandit names in `src` has ruff's rule of the same number switched off beside it, and the reason."""
    ruff = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    of_the_sandbox = {each for each in ruff["per-file-ignores"]["src/tfc_sandbox/**"] if each.startswith("S")}
    found = weaknesses(run_tool, "--recursive", "src", "--ignore-nosec")

    def has_reason(path: str, number: int, rule: str) -> bool:
        name = rule.replace("B", "S")
        line = texts[path].splitlines()[number - 1]
        return bool(re.search(rf"# noqa: (?:\w+, )*{name}\b[^-(]*[-(] ?\w", line)) or (
            path.startswith("src/tfc_sandbox/") and name in of_the_sandbox
        )

    assert found
    assert [place for place in found if not has_reason(*place)] == []


def test_bandit_notices_what_is_wrong(run_tool: Run, tmp_path: Path) -> None:
    """So that its silence means something."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text("eval(input())\n", encoding="utf-8")

    assert weaknesses(run_tool, wrong) == [(str(wrong), 1, "B307")]


@pytest.mark.parametrize("lock", ["runtime", "build"])
def test_nothing_is_known_against_what_the_image_installs(run_tool: Run, root: Path, lock: str) -> None:
    """No package of the lock has a vulnerability that is published, as long as the package index tells of those."""
    done = run_tool(
        "pip-audit", "--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json",
        "--requirement", root / f"requirements/{lock}.txt",
    )  # fmt: skip
    if not done.stdout:
        pytest.skip(f"the package index tells of no vulnerabilities: {done.stderr.strip().splitlines()[-1]}")
    packages = json.loads(done.stdout)["dependencies"]
    unknown = [each["skip_reason"] for each in packages if "skip_reason" in each]
    if len(unknown) == len(packages):
        pytest.skip(f"the package index tells of no vulnerabilities: {unknown[0]}")

    assert unknown == []
    assert {each["name"]: each["vulns"] for each in packages if each["vulns"]} == {}
