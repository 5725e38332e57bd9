"""Terraform itself shows the plan of a run in the loopback HCP Terraform, and says of it what our comment says."""

import io
import json
import os
import re
import shutil
import subprocess
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from tfc_plan_comment.__main__ import main
from tfc_sandbox.clock import Clock
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import Runner
from tfc_sandbox.runs import Script

pytestmark = [pytest.mark.peers, pytest.mark.timeout(120)]

PLAN = Path(__file__).parents[1] / "golden" / "builtin-only" / "plan.json"  # its provider is part of Terraform


@dataclass(frozen=True)
class Terraform:
    """The CLI, with the services of the host that is a loopback HCP Terraform, so that none is asked for them."""

    program: str
    folder: Path
    host: str = ""
    api: str = ""

    def __call__(self, *arguments: str) -> str:
        """What it prints; raises CalledProcessError."""
        settings = self.folder / "cli.tfrc"
        settings.write_text(
            f'credentials "{self.host}" {{ token = "{ADMIN_TOKEN}" }}\n'
            f'host "{self.host}" {{ services = {{ "tfe.v2" = "{self.api}" }} }}\n'
            if self.host
            else "",
            encoding="utf-8",
        )
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TF_CLI_CONFIG_FILE": str(settings),
            "CHECKPOINT_DISABLE": "1",  # it would ask whether there is a newer Terraform
        }
        done = subprocess.run(  # noqa: S603 - found on the PATH
            [self.program, *arguments],
            cwd=self.folder,
            env=environment,
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        return done.stdout


@pytest.fixture
def program() -> str:
    """The path of Terraform, of a version that can show a saved cloud plan."""
    path = shutil.which("terraform")
    if path is None:
        pytest.skip("needs Terraform on the PATH")
    version = subprocess.run([path, "version", "-json"], check=True, capture_output=True).stdout  # noqa: S603
    if [int(part) for part in json.loads(version)["terraform_version"].split("-")[0].split(".")] < [1, 6, 0]:
        pytest.skip("needs Terraform 1.6 or newer, which shows saved cloud plans")
    return path


def plan_with_schemas(program: str, folder: Path) -> bytes:
    """The plan with the schemas of its provider: without them Terraform cannot show it."""
    folder.mkdir()
    (folder / "main.tf").write_text('resource "terraform_data" "any" {}\n', encoding="utf-8")
    terraform = Terraform(program, folder)
    terraform("init")
    schemas = json.loads(terraform("providers", "schema", "-json"))["provider_schemas"]
    return json.dumps(json.loads(PLAN.read_bytes()) | {"provider_schemas": schemas}).encode()


def test_a_saved_cloud_plan(program: str, tmp_path: Path) -> None:
    """`terraform show` of a bookmark prints the sentence that stands in the comment on the same bookmark."""
    script = Script(plan_statuses=("finished",), workspace="prod")
    plan = plan_with_schemas(program, tmp_path / "schemas")
    clock = Clock()
    with (
        # Terraform takes its token along to the temporary URL of the plan.
        HcpTerraformSandbox(plan, script=script, lenient_archivist=True, clock=clock) as server,
        GitHubSandbox([PullRequest(number=7, head_sha="a" * 40)]) as github,
    ):
        runner = Runner(folder=tmp_path, api_url=github.api_url, event={"pull_request": {"number": 7}})
        inputs = {"token": ADMIN_TOKEN, "hostname": server.url, "github-token": JOB_TOKEN, "cloud-plan": "tfplan"}
        environment = runner.prepare("step", inputs)
        host = server.url.removeprefix("http://")
        configuration = f'hostname = "{host}"\norganization = "acme"\nworkspaces {{ name = "prod" }}'
        (runner.workspace / "main.tf").write_text(
            f"terraform {{\ncloud {{\n{configuration}\n}}\n}}\n", encoding="utf-8"
        )
        bookmark = {"remote_plan_format": 1, "run_id": server.run_id, "hostname": host}
        (runner.workspace / "tfplan").write_text(json.dumps(bookmark), encoding="utf-8")
        log = io.StringIO()
        with redirect_stdout(log):
            assert main(environment, sleep=clock.sleep, clock=clock) == 0

        terraform = Terraform(program, runner.workspace, host, f"{server.url}/api/v2/")
        terraform("init")
        shown = terraform("show", "-no-color", "tfplan")

        (sentence,) = re.findall(r"^Plan: .*\.$", shown, flags=re.MULTILINE)
        (comment,) = github.comments
        assert f"**{sentence}**" in comment.body
