"""The demo: the action, started as GitHub's runner starts it, against a loopback HCP Terraform and GitHub.

    python -m tfc_sandbox [--scenario NAME] [--plan PLAN.json] [--mocks] [--out FOLDER]

It comments on a pull request, in most scenarios once more after a push, and says where everything is to be seen. With
--mocks each step also exports the Sentinel mocks of its run, and uploads them to a loopback artifact service.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from tfc_sandbox.artifacts import ArtifactsSandbox
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.preview import preview
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.scenarios import OPENED, PULL_REQUEST, SCENARIOS, Push, play

FIRST_LINES, LONGEST_LINE = 14, 150
"""So much of the comment is printed."""


def main() -> int:
    """Run the demo; returns 0 if each step ended as it has to, and there is one comment."""
    parser = argparse.ArgumentParser(prog="python -m tfc_sandbox", description="Shows the action at work.")
    shows = "; ".join(f"{name}: {scenario.shows}" for name, scenario in SCENARIOS.items())
    parser.add_argument("--scenario", choices=SCENARIOS, default=next(iter(SCENARIOS)), help=shows)
    parser.add_argument("--plan", type=Path, help="a plan's JSON of your own")
    parser.add_argument("--mocks", action="store_true", help="with the Sentinel mocks of the run")
    parser.add_argument("--out", type=Path, help="the folder for what comes out")
    given = parser.parse_args()
    folder = given.out or Path(tempfile.mkdtemp(prefix="tfc-plan-comment-demo-"))
    try:
        plan = given.plan.read_bytes() if given.plan else None
    except OSError as error:
        parser.error(f"Cannot read the plan {given.plan}: {error.strerror}.")
    scenario = SCENARIOS[given.scenario]
    if given.mocks:
        scenario = replace(scenario, inputs={**scenario.inputs, "sentinel-mocks": "required"})
    with (
        HcpTerraformSandbox() as hcp_terraform,
        GitHubSandbox([PullRequest(number=PULL_REQUEST, head_sha=OPENED)]) as github,
        ArtifactsSandbox() as artifacts,
    ):
        runner = Runner(
            folder=folder, api_url=github.api_url, results_url=artifacts.results_url, runtime_token=artifacts.token
        )
        steps = play(scenario, hcp_terraform, github, partial(_run, runner), plan=plan)
        comments = [comment.body for comment in github.comments]
    _show(folder, comments, steps[-1])
    for artifact in artifacts.artifacts:
        (folder / artifact.name).write_bytes(artifact.content)
        print(f"{'An artifact:':<26}{folder / artifact.name}")
    print("\nBoth servers are gone by now, so the links in the comment lead nowhere.")
    expected = [push.exit_code for push in scenario.pushes]
    return 0 if [step.exit_code for step in steps] == expected and len(comments) == 1 else 1


def _run(runner: Runner, push: Push, inputs: Mapping[str, str]) -> StepResult:
    print(f"{push.says}:")
    done = push.at(runner).run(push.commit[:7], inputs, echo=True)
    print()
    return done


def _show(folder: Path, comments: list[str], step: StepResult) -> None:
    outputs = "".join(f"{name}={value}\n" for name, value in step.outputs.items())
    shown = {
        "comment.md": ("The comment", comments[-1] if comments else ""),
        "comment.html": ("The comment in a browser", preview(comments[-1] if comments else "")),
        "step-summary.md": ("The step summary", step.summary),
        "outputs.txt": ("The outputs", outputs),
    }
    print("The comment begins:")
    for line in _begin(comments[-1] if comments else ""):
        print(f"  {line}")
    print()
    for name, (what, content) in shown.items():
        (folder / name).write_text(content, encoding="utf-8")
        print(f"{what + ':':<26}{folder / name}")


def _begin(comment: str) -> list[str]:
    """Its first lines as Markdown, without what is hidden in it."""
    lines = [line for line in comment.splitlines() if not line.startswith("<!--")]
    return [line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…" for line in lines[:FIRST_LINES]]


if __name__ == "__main__":
    sys.exit(main())
