"""`make bench`: what it costs to render plans of growing size, beside other readers of JSON. A report, not a test.

    python tests/benchmarks/bench.py [MEGABYTES ...]

The plans are a real one, multiplied. Each row is one whole process: seconds on the clock, seconds of CPU, and the
most memory that it held, of which a mapped file is a part.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import ENTRY_POINT, Runner
from tfc_sandbox.runs import Script

GOLDEN = Path(__file__).parent.parent / "golden"
SIZES = (1, 10, 100, 1_000)
COMMAND = Path(sys.executable).with_name("tfc-plan-comment")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What one process cost."""

    seconds: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        """As cells of a Markdown table."""
        return f"{self.seconds:.2f} s | {self.cpu:.2f} s | {self.megabytes:,.0f} MB"


def multiplied(source: Path, target: Path, size: int) -> None:
    """Write a plan of about `size` bytes: the source's changes again and again, each in a module of its own."""
    plan = json.loads(source.read_bytes())
    changes = plan.pop("resource_changes")
    with target.open("w", encoding="utf-8") as file:
        file.write(json.dumps(plan, separators=(",", ":"))[:-1] + ',"resource_changes":[')
        written, number = 0, 0
        while written < size:
            for change in changes:
                module = f"module.m{number}"
                copy = {**change, "address": f"{module}.{change['address']}", "module_address": module}
                written += file.write(("," if written else "") + json.dumps(copy, separators=(",", ":")))
            number += 1
        file.write("]}")


def measured(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Cost | None:
    """What the command cost; None if it failed."""
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - commands of our own
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        return None
    return Cost(seconds=seconds, cpu=usage.ru_utime + usage.ru_stime, megabytes=usage.ru_maxrss / 1024)


def rendering(folder: Path, sizes: Sequence[int]) -> Iterator[str]:
    """A row for each size and reader."""
    yield "| Plan | Reader | Clock | CPU | Peak memory | Clock, json.load = 1 |"
    yield "|--:|:--|--:|--:|--:|--:|"
    for megabytes in sizes:
        plan = folder / f"{megabytes}.json"
        multiplied(GOLDEN / "mixed-update" / "plan.json", plan, megabytes * 1_000_000)
        readers: dict[str, Sequence[str | Path]] = {
            "json.load": (sys.executable, "-c", f"import json; json.load(open({str(plan)!r}))"),
            "**tfc-plan-comment render**": (COMMAND, "render", plan, "-o", folder / "comment.md"),
        }
        if jq := shutil.which("jq"):
            readers["jq, counting actions"] = (
                jq,
                "[.resource_changes[].change.actions[0]] | group_by(.) | length",
                plan,
            )
        base = None
        for name, command in readers.items():
            cost = measured(command)
            base = base or cost
            ratio = f"{cost.seconds / base.seconds:.2f}" if cost and base else ""
            yield f"| {megabytes:,} MB | {name} | {cost or 'failed | | '} | {ratio} |"
        plan.unlink()


def startup(folder: Path) -> Iterator[str]:
    """A row for what a small plan costs, by the command line and as the action, and how many requests that takes."""
    yield "| Small plan | Clock | CPU | Peak memory | Requests |"
    yield "|:--|--:|--:|--:|--:|"
    small = GOLDEN / "builtin-only" / "plan.json"
    yield f"| render ({small.stat().st_size / 1000:.0f} KB) | {measured((COMMAND, 'render', small))} | 0 |"
    for latency in (0, 0.1):
        yield from _end_to_end(folder, small.read_bytes(), latency)


def _end_to_end(folder: Path, plan: bytes, latency: float) -> Iterator[str]:
    """The same run three times; every answer of both servers takes so many seconds."""
    script = Script(plan_statuses=("finished",), workspace="prod")
    with (
        HcpTerraformSandbox(plan, script=script, latency=latency) as hcp_terraform,
        GitHubSandbox([PullRequest(number=7, head_sha="0" * 40)], latency=latency) as github,
    ):
        runner = Runner(folder=folder, api_url=github.api_url, event={"pull_request": {"number": 7}})
        inputs = {"token": ADMIN_TOKEN, "hostname": hcp_terraform.url, "github-token": JOB_TOKEN}
        for name in ("new comment", "unchanged comment", "changed comment"):
            if name == "changed comment":
                hcp_terraform.add_run(plan, script=script)
            environment = runner.prepare(name, {**inputs, "run-id": hcp_terraform.run_id})
            before = _requests(hcp_terraform, github)
            cost = measured(ENTRY_POINT, environment)
            where = f"{latency * 1000:.0f} ms away" if latency else "on loopback"
            requests = _requests(hcp_terraform, github) - before
            yield f"| run to {name}, servers {where} | {cost or 'failed | | '} | {requests} |"


def _requests(hcp_terraform: HcpTerraformSandbox, github: GitHubSandbox) -> int:
    return len(hcp_terraform.requests) + len(hcp_terraform.archivist.requests) + len(github.requests)


def main() -> None:
    """Print the tables."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as folder:
        for line in (*rendering(Path(folder), sizes), "", *startup(Path(folder))):
            print(line, flush=True)


if __name__ == "__main__":
    main()
