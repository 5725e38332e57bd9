"""The HTML report in a real browser: what `report.test.mjs` claims of it."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.write.html import write_html

GOLDEN = Path(__file__).parents[1] / "golden"
PLANS = (
    "mixed-update",
    "nested-modules-odd-keys",
    "hostile-values",
    "sensitive-nested",
    "no-changes",
    "fan-out-300",
    "web-app-create",
)


def twice() -> bytes:
    """A real plan, as if a module held each of its changes once more: more than are read without a search."""
    plan = json.loads((GOLDEN / "mixed-update" / "plan.json").read_bytes())
    changes = plan["resource_changes"]
    again = [
        {**each, "address": f"module.other.{each['address']}", "module_address": "module.other"} for each in changes
    ]
    return json.dumps({**plan, "resource_changes": [*changes, *again]}).encode()


def many(count: int) -> bytes:
    """So many changes, a hundred in each module, of which no two are alike; then 1,200 that are."""
    plan = {"format_version": "1.2", "terraform_version": "1.12.0"}
    different = [
        _update(f"module.m{n // 100}", "terraform_data", f"x{n}", {f"a{n}": "old"}, {f"a{n}": "new"})
        for n in range(count)
    ]
    alike = [_update("module.alike", "t", f"same[{n}]", {"size": "small"}, {"size": "large"}) for n in range(1_200)]
    return json.dumps({**plan, "resource_changes": [*different, *alike]}).encode()


def _update(module: str, type_: str, name: str, before: dict[str, str], after: dict[str, str]) -> dict[str, object]:
    change = {"actions": ["update"], "before": before, "after": after}
    return {
        "address": f"{module}.{type_}.{name}",
        "module_address": module,
        "type": type_,
        "name": name,
        "change": change,
    }


def long() -> bytes:
    """A plan with one text of 10,000 lines."""
    change = {"actions": ["create"], "after": {"text": "line\n" * 10_000}}
    resource = {"address": "terraform_data.long", "change": change}
    return json.dumps({"format_version": "1.2", "resource_changes": [resource]}).encode()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the reports of all plans that the tests look at."""
    folder = tmp_path_factory.mktemp("reports")
    plans = {name: read_plan(GOLDEN / name / "plan.json") for name in PLANS}
    plans["twice"] = parse_plan(twice(), name="twice")
    plans["many"] = parse_plan(many(5_000), name="many")
    plans["long"] = parse_plan(long(), name="long")
    for name, plan in plans.items():
        report = "".join(write_html(Report(key="", summary=summarize(plan))))
        (folder / f"{name}.html").write_text(report, encoding="utf-8")
    return folder


@pytest.mark.peers
@pytest.mark.timeout(300)
def test_the_report_works_in_chromium(browse: Callable[[str, Path], CompletedProcess[str]], reports: Path) -> None:
    """Each claim in `report.test.mjs` holds; screenshots of both themes lie beside the reports."""
    done = browse("report.test.mjs", reports)

    print(done.stdout, done.stderr)  # noqa: T201 - with `-s`, and when it fails, the browser's own account
    assert done.returncode == 0
