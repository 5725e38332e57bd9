"""Jobs that run at the same time: no example and no workflow of ours cancels jobs of its own matrix.

Of a group there is one job that runs and one that waits; any other that waits is canceled (GitHub's docs, "Control the
concurrency of workflows and jobs"). So jobs of a matrix must not share one.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def workflows() -> Iterator[Any]:
    """Each workflow, or part of one, in the pages and in this repository."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = page.read_text(encoding="utf-8")
        for number, example in enumerate(re.findall(r"^ *```yaml\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE), 1):
            yield pytest.param(yaml.safe_load(example), id=f"{page.name}-{number}")
    for workflow in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        yield pytest.param(yaml.safe_load(workflow.read_text(encoding="utf-8")), id=workflow.name)


def shared_by_a_matrix(content: object) -> list[str]:
    """The jobs of a matrix whose group lacks a value of it."""
    jobs = content.get("jobs") or {} if isinstance(content, dict) else {}
    found = []
    for name, job in jobs.items():
        matrix, concurrency = job.get("strategy", {}).get("matrix", {}), job.get("concurrency")
        group = concurrency.get("group", "") if isinstance(concurrency, dict) else concurrency
        keys = [key for key in matrix if key not in {"include", "exclude"}] if isinstance(matrix, dict) else [""]
        if matrix and group and not all(re.search(rf"\bmatrix\.{re.escape(key)}", group) for key in keys):
            found.append(name)
    return found


@pytest.mark.parametrize("content", [*workflows()])
def test_a_matrix_has_a_group_for_each_job(content: object) -> None:
    """The value of the matrix is in the name of the group."""
    assert not shared_by_a_matrix(content)


@pytest.mark.parametrize(
    ("concurrency", "is_shared"),
    [
        ("plan-${{ github.ref }}", True),
        ({"group": "plan-${{ github.ref }}"}, True),
        ("plan-${{ github.ref }}-${{ matrix.workspace }}", False),
        ({"group": "plan-${{ matrix.workspace }}"}, False),
        (None, False),
    ],
)
def test_what_is_found(concurrency: object, *, is_shared: bool) -> None:
    """A group without the value, in either form."""
    job = {"strategy": {"matrix": {"workspace": ["prod", "staging"]}}, "concurrency": concurrency}
    assert shared_by_a_matrix({"jobs": {"plan": job}}) == (["plan"] if is_shared else [])
