"""What 200 workspaces in one comment cost the machine: counted in a process of its own, over real sockets."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import Runner
from tfc_sandbox.runs import Script

pytestmark = [pytest.mark.cost, pytest.mark.no_cover, pytest.mark.timeout(300)]

HEAD = "a" * 40  # of the pull request #7
WORKSPACES = 200
PLANS = ("mixed-update", "tags-only", "web-app-create", "no-changes")
MOST_MEGABYTES = 200
REQUESTS_EACH = 4

# The most memory that the process ever had (proc_pid_status(5)); getrusage would tell of this process as well, of which
# that one is a copy before it begins.
MEASURED = """
import os, pathlib, sys
from tfc_plan_comment.__main__ import main
exit_code = main(dict(os.environ))
(peak,) = (line for line in pathlib.Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
print(exit_code, peak.split()[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells what a process used at most")
def test_two_hundred_workspaces(
    serve: Callable[..., HcpTerraformSandbox], golden: Callable[[str], bytes], github: GitHubSandbox, runner: Runner
) -> None:
    """They take less than 200 MB, for little is kept of each, and at most four requests each beside the search."""
    script = Script(plan_statuses=("finished",), commit_sha=HEAD, pull_request_number=7, identifier="acme/infra")
    plans = [golden(name) for name in PLANS]
    server = serve(plans[0], script=replace(script, workspace="ws-000"))
    for number in range(1, WORKSPACES):
        server.add_run(plans[number % len(plans)], script=replace(script, workspace=f"ws-{number:03}"))
    pushed = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": HEAD}}})
    inputs = {
        "token": ADMIN_TOKEN,
        "hostname": server.url,
        "github-token": JOB_TOKEN,
        "organization": "acme",
    }

    done = subprocess.run(  # noqa: S603 - our own entry point
        [sys.executable, "-I", "-c", MEASURED],
        env={**pushed.prepare("step", inputs), "PATH": os.environ["PATH"]},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )

    exit_code, kilobytes = done.stdout.splitlines()[-1].split()
    assert exit_code == "0"
    assert int(kilobytes) * 1024 < MOST_MEGABYTES * 1_000_000
    (comment,) = github.comments
    assert f"Terraform, {WORKSPACES} workspaces: " in comment.body
    of_runs = [received.path for received in server.requests if "/organizations/" not in received.path]
    assert len(of_runs) <= WORKSPACES * REQUESTS_EACH
