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
PLANS = ("mixed-update", "nested-modules-odd-keys", "hostile-values", "sensitive-nested", "no-changes")


def fan_out(times: int) -> bytes:
    """A real plan of 300 changes, as if so many modules held each of them."""
    plan = json.loads((GOLDEN / "fan-out-300" / "plan.json").read_bytes())
    copies = [
        {**change, "address": f"module.copy{copy}.{change['address']}", "module_address": f"module.copy{copy}"}
        for copy in range(times)
        for change in plan["resource_changes"]
    ]
    return json.dumps({**plan, "resource_changes": copies}).encode()


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
    plans["fan-out"] = parse_plan(fan_out(67), name="fan-out")
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
