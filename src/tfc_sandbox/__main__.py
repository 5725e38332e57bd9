"""The demo: the action, started as GitHub's runner starts it, against a loopback HCP Terraform and GitHub.

    python -m tfc_sandbox [--plan PLAN.json] [--mocks] [--out FOLDER]

It comments on a pull request, then once more after a "push", and says where everything is to be seen. With --mocks each
step also exports the Sentinel mocks of its run, and uploads them to a loopback artifact service.
"""

import argparse
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from tfc_sandbox.artifacts import ArtifactsSandbox
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.preview import preview
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

HEAD_SHA = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334"
NEXT_SHA = "b2c3d4e5f60718293a4b5c6d7e8f900112233445"

POLICIES = [Policy(name=name) for name in ("require-owner", "no-public-ssh", "encrypt-at-rest", "approved-regions")]
FAILED = Policy(name="retain-logs", status="failed", enforcement_level="advisory", output=["Keep logs for 90 days."])
PASSED = Policy(name="retain-logs", enforcement_level="advisory")

OPENED = Script(
    plan_statuses=("pending", "running", "finished"),
    not_yet=2,
    workspace="prod",
    commit_sha=HEAD_SHA,
    policy_evaluations=(PolicyResults(policy_sets=(PolicySet(name="acme", policies=(*POLICIES, FAILED)),)),),
)
PUSHED = Script(
    plan_statuses=("running", "finished"),
    not_yet=1,
    workspace="prod",
    commit_sha=NEXT_SHA,
    policy_evaluations=(PolicyResults(policy_sets=(PolicySet(name="acme", policies=(*POLICIES, PASSED)),)),),
)


def main() -> int:
    """Run the demo; returns 0 if the comment was created, and updated after the push."""
    parser = argparse.ArgumentParser(prog="python -m tfc_sandbox", description="Shows the action at work.")
    parser.add_argument("--plan", type=Path, help="a plan's JSON of your own")
    parser.add_argument("--mocks", action="store_true", help="with the Sentinel mocks of the run")
    parser.add_argument("--out", type=Path, help="the folder for what comes out")
    given = parser.parse_args()
    folder = given.out or Path(tempfile.mkdtemp(prefix="tfc-plan-comment-demo-"))
    try:
        first, second = _plans(given.plan)
    except OSError as error:
        parser.error(f"Cannot read the plan {given.plan}: {error.strerror}.")
    with (
        HcpTerraformSandbox(first, script=OPENED) as hcp_terraform,
        GitHubSandbox([PullRequest(number=7, head_sha=HEAD_SHA)]) as github,
        ArtifactsSandbox() as artifacts,
    ):
        runner = Runner(
            folder=folder,
            api_url=github.api_url,
            event={"pull_request": {"number": 7}},
            results_url=artifacts.results_url,
            runtime_token=artifacts.token,
        )
        inputs = {"token": ADMIN_TOKEN, "hostname": hcp_terraform.url, "github-token": JOB_TOKEN}
        inputs |= {"sentinel-mocks": "required"} if given.mocks else {}
        print("A pull request is opened, and its run begins:")
        created = runner.run("opened", {**inputs, "run-id": hcp_terraform.run_id}, echo=True)
        print("\nSomebody pushes, and the next run begins:")
        github.push(7, NEXT_SHA)
        hcp_terraform.add_run(second, script=PUSHED)
        updated = runner.run("pushed", {**inputs, "run-id": hcp_terraform.run_id}, echo=True)
        comments = [comment.body for comment in github.comments]
    _show(folder, comments, updated)
    for artifact in artifacts.artifacts:
        (folder / artifact.name).write_bytes(artifact.content)
        print(f"{'An artifact:':<26}{folder / artifact.name}")
    print("\nBoth servers are gone by now, so the links in the comment lead nowhere.")
    steps = [(step.exit_code, step.outputs.get("comment-result")) for step in (created, updated)]
    return 0 if steps == [(0, "created"), (0, "updated")] and len(comments) == 1 else 1


def _plans(own: Path | None) -> tuple[bytes, bytes]:
    """The plan of the opened pull request, and that after the push."""
    if own is not None:
        return own.read_bytes(), own.read_bytes()
    plans = files("tfc_sandbox") / "plans"
    return (plans / "opened.json").read_bytes(), (plans / "pushed.json").read_bytes()


def _show(folder: Path, comments: list[str], step: StepResult) -> None:
    outputs = "".join(f"{name}={value}\n" for name, value in step.outputs.items())
    shown = {
        "comment.md": ("The comment", comments[-1] if comments else ""),
        "comment.html": ("The comment in a browser", preview(comments[-1] if comments else "")),
        "step-summary.md": ("The step summary", step.summary),
        "outputs.txt": ("The outputs", outputs),
    }
    print()
    for name, (what, content) in shown.items():
        (folder / name).write_text(content, encoding="utf-8")
        print(f"{what + ':':<26}{folder / name}")


if __name__ == "__main__":
    sys.exit(main())
