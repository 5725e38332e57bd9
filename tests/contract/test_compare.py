"""What the README says of our lines beside Terraform's holds, and no plan takes more lines than it did."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

MOST = {
    "builtin-only": 10,
    "checks": 3,
    "data-sources-deferred": 15,
    "drift": 21,
    "errored": 3,
    "fan-out-300": 93,
    "hostile-values": 336,
    "mixed-update": 50,
    "moved-import-forget": 17,
    "nested-modules-odd-keys": 24,
    "replace-kinds": 40,
    "sensitive-nested": 64,
    "tags-only": 15,
    "unmarked-secrets": 23,
}
"""By plan, the lines of its updates and replacements. Raise one only for lines that say what was not said before."""


_ROW = re.compile(r"^\| ([\w-]+) \|.* \| (\d+) \| [\d.]+ \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def table(root: Path) -> str:
    """What `make compare` prints."""
    script = root / "tests" / "benchmarks" / "compare.py"
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)  # noqa: S603 (ours)
    return run.stdout.strip()


def test_no_plan_takes_more_lines_than_it_did(table: str) -> None:
    """Of each plan that Terraform's text is there of, all lines are counted."""
    ours = {name: int(lines) for name, lines in _ROW.findall(table)}

    assert ours.keys() == MOST.keys()
    assert {name: lines for name, lines in ours.items() if lines > MOST[name]} == {}


def test_the_readme_has_the_table(table: str, root: Path) -> None:
    """As `make compare` prints it, with the sentence below it."""
    assert table in (root / "README.md").read_text(encoding="utf-8")
