"""The steps that the suite runs: between them they make every request that the action can make."""

import io
import itertools
import json
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from spy import PrivateTime
from tfc_plan_comment.__main__ import main
from tfc_plan_comment.comment_marker import marker
from tfc_sandbox.applies import Apply
from tfc_sandbox.artifacts import ArtifactsSandbox
from tfc_sandbox.cost_estimates import CostEstimate
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox
from tfc_sandbox.plan_exports import PlanExports
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.run_lists import MinuteLimit
from tfc_sandbox.runner import Runner, StepResult, step_result
from tfc_sandbox.runs import Script
from tfc_sandbox.task_stages import TaskResult

SECRET = "Zq7vW9kPxw2mLmQxT4sJ"
"""The value that the plan marks as sensitive."""
PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.13.4",
    "resource_changes": [
        {
            "address": "aws_ssm_parameter.token",
            "type": "aws_ssm_parameter",
            "name": "token",
            "change": {
                "actions": ["create"],
                "before": None,
                "after": {"name": "token", "value": SECRET},
                "after_unknown": {},
                "before_sensitive": False,
                "after_sensitive": {"value": True},
            },
        }
    ],
}
HEAD = "a" * 40
FIRST_COMMENT = 4_100_000_001
KEY = "acme/web-app"
THE_PLAN = "<plan>"
"""Stands in an input for the plan's id."""

_POLICIES = (Policy(name="no-open-ports"), Policy(name="tags", status="failed", enforcement_level="advisory"))
_RESULTS = PolicyResults(policy_sets=(PolicySet(name="baseline", policies=_POLICIES),), statuses=("passed",))
_TASKS = (TaskResult(name="scanner"),)
_ERROR = {"@level": "error", "type": "diagnostic", "diagnostic": {"severity": "error", "summary": "no such bucket"}}
_LOG = b"\x02Terraform v1.13.4\n" + json.dumps(_ERROR).encode() + b"\n\x03"

RUN = Script(plan_statuses=("running", "finished"), commit_sha=HEAD)
CHECKED = replace(
    RUN,
    policy_checks=(_RESULTS,),
    policy_evaluations=(_RESULTS,),
    terraform_policies=(_RESULTS,),
    task_results=_TASKS,
    cost_estimate=CostEstimate(),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of a workflow: the run that it is about, its inputs, its event, and what stands there before it."""

    script: Script = RUN
    inputs: Mapping[str, str] = field(default_factory=dict)
    event_name: str = "pull_request"
    event: Mapping[str, object] = field(default_factory=lambda: {"pull_request": {"number": 7, "head": {"sha": HEAD}}})
    sha: str = HEAD
    lists_include: bool = True
    before: "Callable[[Stage], None]" = lambda _: None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """The servers of one step, and its runner."""

    clock: PrivateTime
    hcp_terraform: HcpTerraformSandbox
    github: GitHubSandbox
    artifacts: ArtifactsSandbox
    runner: Runner

    def run(self, step: Step) -> "Ended":
        """Run the step, as GitHub's runner does."""
        plan_id = self.hcp_terraform.plan_id
        given = {
            "token": ADMIN_TOKEN,
            "hostname": self.hcp_terraform.url,
            "github-token": JOB_TOKEN,
            "run-id": self.hcp_terraform.run_id,
            "timeout": "30m",
            "wait-for": "checks",
            "max-plan-size": "1MB",
            **{name: value.replace(THE_PLAN, plan_id) for name, value in step.inputs.items()},
        }
        environment = self.runner.prepare("step", given)
        log, errors = io.StringIO(), io.StringIO()
        with redirect_stdout(log), redirect_stderr(errors):
            exit_code = main(environment, sleep=self.clock.sleep, clock=self.clock)
        result = step_result(environment, exit_code, log.getvalue())
        return Ended(result=result, stderr=errors.getvalue(), seconds=self.clock.longest)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """A step that has ended, and how long it has taken."""

    result: StepResult
    stderr: str
    seconds: float

    def said(self, kind: str) -> list[str]:
        """The annotations of a kind: `error`, `warning`, `notice`."""
        found = re.findall(rf"(?m)^::{kind}(?: [^:]*)?::(.*)$", self.result.log)
        return [each.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%") for each in found]


class Servers:
    """The servers of all steps, one step after the other: nothing of one is left for the next."""

    def __init__(self, clock: PrivateTime) -> None:
        self.clock = clock
        self.hcp_terraform = HcpTerraformSandbox(clock=clock)
        self.github = GitHubSandbox([])
        self.artifacts = ArtifactsSandbox()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for server in (self.hcp_terraform, self.github, self.artifacts):
            self._stack.enter_context(server)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def stage(self, step: Step, folder: Path) -> Stage:
        """What the step finds; `folder` is the runner's, and is empty."""
        self.clock.begin()
        hcp_terraform, github, artifacts = self.hcp_terraform, self.github, self.artifacts
        hcp_terraform.misbehave([])
        github.misbehave()
        artifacts.misbehave()
        for seen in (hcp_terraform._runs, hcp_terraform.archivist.requests, github.comments, artifacts.artifacts):
            seen.clear()
        hcp_terraform.plan_exports = PlanExports(self.clock)
        hcp_terraform._minute = MinuteLimit(self.clock)
        hcp_terraform._lists_include = step.lists_include
        hcp_terraform.add_run(json.dumps(PLAN).encode(), script=step.script)
        github.pull_requests = [PullRequest(number=7, head_sha=HEAD)]
        github.labels = {7: []}
        github._ids = itertools.count(FIRST_COMMENT)
        artifacts._next_id = 101
        artifacts.signatures.clear()
        runner = Runner(
            folder=folder,
            api_url=github.api_url,
            event_name=step.event_name,
            event=step.event,
            sha=step.sha,
            results_url=artifacts.results_url,
            runtime_token=artifacts.token,
        )
        stage = Stage(clock=self.clock, hcp_terraform=hcp_terraform, github=github, artifacts=artifacts, runner=runner)
        step.before(stage)
        return stage


def _commented(stage: Stage) -> None:
    stage.github.write(7, f"{marker(KEY)}\n## Terraform plan: an earlier one\n")


def _labeled(stage: Stage) -> None:
    _commented(stage)
    stage.github.labels[7] = ["bug", "terraform: no changes"]


def _exported(stage: Stage) -> None:
    """Somebody else's export of the plan is under way."""
    stage.hcp_terraform.plan_exports.create(stage.hcp_terraform._runs[-1])


def _uploaded(stage: Stage) -> None:
    """An earlier attempt of the job has made the artifact."""
    earlier = Step(inputs={"report": "true", "report-artifact": "tfc-plan-report", "comment": "none"})
    assert stage.run(earlier).result.exit_code == 0


_SEARCH = {"run-id": "", "organization": "acme", "workspaces": "web-app"}
_WORKFLOW_RUN = {
    "workflow_run": {
        "head_branch": "change",
        "head_sha": HEAD,
        "head_repository": {"owner": {"login": "acme"}},
        "pull_requests": [],
    }
}

STEPS: Mapping[str, Step] = {
    "comment": Step(before=_commented),
    "comment seen early": Step(before=_commented, inputs={"report": "true", "report-artifact": ""}),
    "first comment": Step(),
    "first comment late": Step(inputs={"report": "true", "report-artifact": ""}),
    "recreated comment": Step(before=_commented, inputs={"comment": "recreate"}),
    "labels": Step(before=_labeled, inputs={"labels": "true"}),
    "push": Step(event_name="push", event={}),
    "workflow_run": Step(event_name="workflow_run", event=_WORKFLOW_RUN),
    "checks": Step(script=CHECKED),
    "older host": Step(script=replace(CHECKED, includes=(), stage_includes=())),
    "half an older host": Step(
        script=replace(CHECKED, includes=("workspace", "configuration_version.ingress_attributes"))
    ),
    "redacted": Step(inputs={"plan-access": "redacted"}),
    "plan": Step(inputs={"run-id": "", "plan-id": THE_PLAN}),
    "search": Step(script=replace(RUN, identifier="acme/infra"), inputs=_SEARCH),
    "search of an older host": Step(script=replace(RUN, identifier="acme/infra"), inputs=_SEARCH, lists_include=False),
    "search by number": Step(
        script=replace(RUN, identifier="acme/infra"),
        inputs={**_SEARCH, "pr-number": "7"},
        event_name="workflow_dispatch",
        event={},
        sha="f" * 40,
    ),
    "failed plan": Step(script=replace(RUN, plan_statuses=("running", "errored"), logs=(_LOG,))),
    "unplanned": Step(
        script=replace(
            RUN,
            plan_statuses=("unreachable",),
            run_status="errored",
            stage_status="failed",
            task_results=(TaskResult(name="gate", status="failed", stage="pre_plan"),),
        )
    ),
    "apply": Step(
        script=replace(
            RUN,
            is_plan_only=False,
            run_statuses=("applying", "errored"),
            apply=Apply(status="errored", done=(0, 1, 0, 0), log=_LOG),
        ),
        inputs={"wait-for": "apply"},
    ),
    "mocks": Step(inputs={"sentinel-mocks": "true", "sentinel-mocks-artifact": ""}),
    "mocks of somebody else": Step(inputs={"sentinel-mocks": "true", "sentinel-mocks-artifact": ""}, before=_exported),
    "artifact": Step(inputs={"report": "true", "report-artifact": "tfc-plan-report"}),
    "artifact again": Step(inputs={"report": "true", "report-artifact": "tfc-plan-report"}, before=_uploaded),
}
