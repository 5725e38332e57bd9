"""The scenarios of the demo: what is pushed, what HCP Terraform makes of it, and what the action is told.

Each is a value. `play` lets it happen on the loopback servers, and runs the action after each push.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

from tfc_sandbox.applies import Apply
from tfc_sandbox.cost_estimates import CostEstimate
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import ORGANIZATION, Script
from tfc_sandbox.task_stages import TaskResult

PULL_REQUEST = 7
OPENED = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334"
PUSHED = "b2c3d4e5f60718293a4b5c6d7e8f900112233445"
MERGED = "c3d4e5f60718293a4b5c6d7e8f90011223344556"
MAIN = "refs/heads/main"


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A run: its course, and the name of its plan in the folder `plans`; a plan that fails has none."""

    script: Script
    plan: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Push:
    """What happens: a push, and the runs that HCP Terraform begins for it. Then the action runs, and may fail.

    If it `merges`, it is a push to the main branch.
    """

    says: str
    commit: str
    runs: tuple[Planned, ...]
    exit_code: int = 0
    merges: bool = False

    def at(self, runner: Runner) -> Runner:
        """The runner for this push; GITHUB_SHA is no commit of the pull request before it is merged."""
        if self.merges:
            return replace(runner, event_name="push", event={"ref": MAIN}, ref=MAIN, sha=self.commit)
        event = {"pull_request": {"number": PULL_REQUEST, "head": {"sha": self.commit}}}
        return replace(runner, event=event, sha="f" * 40)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """Pushes to the pull request, and the inputs of the action beside its tokens and the host."""

    shows: str
    pushes: tuple[Push, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)


def play(
    scenario: Scenario,
    hcp_terraform: HcpTerraformSandbox,
    github: GitHubSandbox,
    run_step: Callable[[Push, Mapping[str, str]], StepResult],
    *,
    plan: bytes | None = None,
) -> list[StepResult]:
    """Let it happen; returns what each step left. `plan` is shown in the place of every plan of the scenario.

    `run_step` runs the action for a push with these inputs.
    """
    inputs = {"token": ADMIN_TOKEN, "hostname": hcp_terraform.url, "github-token": JOB_TOKEN, **scenario.inputs}
    done = []
    for push in scenario.pushes:
        if push.merges:
            github.merge(PULL_REQUEST, push.commit)
        else:
            github.push(PULL_REQUEST, push.commit)
        for planned in push.runs:
            content = read_plan(planned.plan) if planned.plan else b""
            hcp_terraform.add_run(plan or content, script=replace(planned.script, commit_sha=push.commit))
        done.append(run_step(push, inputs))
    return done


def read_plan(name: str) -> bytes:
    """A plan, or the log of one that failed, in the folder `plans`."""
    return (files("tfc_sandbox") / "plans" / name).read_bytes()


def _log(name: str) -> bytes:
    """The log of a plan as HCP Terraform keeps it: STX and ETX frame it (go-tfe, logreader.go)."""
    return b"\x02Terraform v1.11.4\non linux_amd64\nInitializing plugins and modules...\n" + read_plan(name) + b"\x03"


def _run(workspace: str, **more: Any) -> Script:
    """A run of the pull request in that workspace."""
    run = Script(
        plan_statuses=("finished",),
        workspace=workspace,
        terraform_version="1.11.4",
        pull_request_number=PULL_REQUEST,
        identifier="acme/infra",
        created_at="2026-03-01T10:00:00.000Z",
    )
    return replace(run, **more)


def _later(script: Script, **more: Any) -> Script:
    """The run of the next push."""
    return replace(script, created_at="2026-03-01T11:30:00.000Z", **more)


def _evaluated(*policies: Policy, status: str = "passed", **more: Any) -> PolicyResults:
    """The policy evaluation of the policy set `baseline`."""
    return PolicyResults(
        policy_sets=(replace(PolicySet(name="baseline", policies=policies), **more),), statuses=(status,)
    )


SOME = tuple(Policy(name=name) for name in ("require-owner", "encrypt-at-rest", "approved-regions", "no-root-keys"))
RETAIN = Policy(name="retain-logs", enforcement_level="advisory")
RETAIN_FAILED = replace(RETAIN, status="failed", output=["Keep logs for 90 days."])
INGRESS = Policy(name="restrict-ingress")
INGRESS_FAILED = replace(INGRESS, status="failed", output=["port 22 is open to 0.0.0.0/0"])
ALL_PASS = _evaluated(*SOME, INGRESS, RETAIN)

PROD = _run("prod", plan_statuses=("pending", "running", "finished"))
STAGING = _run(
    "staging",
    policy_evaluations=(ALL_PASS,),
    task_results=(
        TaskResult(
            name="Snyk",
            status="failed",
            enforcement_level="advisory",
            message="1 high and 1 medium issue",
            url="https://app.snyk.io/org/acme",
        ),
    ),
    cost_estimate=CostEstimate(prior="312.40", proposed="320.42", delta="8.02"),
)
QUIET = {"policy_evaluations": (ALL_PASS,), "cost_estimate": CostEstimate(prior="0.0", proposed="0.0", delta="0.0")}
BILLING, DEV, NETWORK, DNS = (_run(name, **QUIET) for name in ("billing", "dev", "network", "dns"))

PUSH = Scenario(
    shows="two pushes; the comment says what is new since the first",
    pushes=(
        Push(
            says="A pull request is opened, and its run begins",
            commit=OPENED,
            runs=(
                Planned(
                    plan="opened.json",
                    script=replace(PROD, not_yet=2, policy_evaluations=(_evaluated(*SOME, RETAIN_FAILED),)),
                ),
            ),
        ),
        Push(
            says="Somebody pushes, and the next run begins",
            commit=PUSHED,
            runs=(
                Planned(
                    plan="pushed.json",
                    script=_later(
                        PROD,
                        plan_statuses=("running", "finished"),
                        not_yet=1,
                        policy_evaluations=(_evaluated(*SOME, RETAIN),),
                    ),
                ),
            ),
        ),
    ),
    inputs={"organization": ORGANIZATION, "workspaces": "prod"},
)

MANY = Scenario(
    shows="six workspaces in one comment",
    pushes=(
        Push(
            says="A pull request is opened, and a run begins in each of six workspaces",
            commit=OPENED,
            runs=(
                Planned(
                    plan="opened.json",
                    script=_run(
                        "prod",
                        policy_evaluations=(ALL_PASS,),
                        cost_estimate=CostEstimate(prior="4500.04", proposed="4500.04", delta="0.0"),
                    ),
                ),
                Planned(plan="worker.json", script=STAGING),
                Planned(plan="unchanged.json", script=BILLING),
                Planned(plan="tags.json", script=DEV),
                Planned(plan="unchanged.json", script=NETWORK),
                Planned(plan="unchanged.json", script=DNS),
            ),
        ),
        Push(
            says="Somebody pushes, and the next runs begin",
            commit=PUSHED,
            runs=(
                Planned(
                    plan="pushed.json",
                    script=_later(
                        PROD,
                        policy_evaluations=(_evaluated(*SOME, INGRESS_FAILED, RETAIN, status="failed"),),
                        cost_estimate=CostEstimate(prior="4500.04", proposed="4624.12", delta="124.08"),
                    ),
                ),
                Planned(plan="worker.json", script=_later(STAGING)),
                Planned(
                    script=_later(
                        _run("billing"),
                        plan_statuses=("errored",),
                        logs=(_log("invalid.log"),),
                        working_directory="billing",
                    )
                ),
                Planned(plan="tags.json", script=_later(DEV)),
                Planned(plan="unchanged.json", script=_later(NETWORK)),
                Planned(plan="unchanged.json", script=_later(DNS)),
            ),
            exit_code=1,  # billing has no plan
        ),
    ),
    inputs={"organization": ORGANIZATION},
)

FAILED = Scenario(
    shows="a plan that failed, and why",
    pushes=(
        Push(
            says="A pull request is opened, and its plan fails",
            commit=OPENED,
            runs=(
                Planned(
                    script=_run("prod", plan_statuses=("running", "errored"), logs=(_log("failed.log"),)),
                ),
            ),
            exit_code=1,
        ),
    ),
    inputs={"organization": ORGANIZATION, "workspaces": "prod"},
)

POLICIES = Scenario(
    shows="what policies, run tasks and the cost estimate say",
    pushes=(
        Push(
            says="A pull request is opened, and HCP Terraform checks its run",
            commit=OPENED,
            runs=(
                Planned(
                    plan="opened.json",
                    script=_run(
                        "prod",
                        policy_evaluations=(
                            _evaluated(
                                *SOME,
                                INGRESS_FAILED,
                                RETAIN_FAILED,
                                status="failed",
                                warnings=("OPA 0.44 is deprecated. Choose 0.54 or newer.",),
                            ),
                        ),
                        policy_checks=(
                            PolicyResults(
                                policy_sets=(
                                    PolicySet(
                                        name="cost",
                                        policies=(
                                            Policy(
                                                name="limit-monthly-cost",
                                                status="failed",
                                                enforcement_level="soft-mandatory",
                                                output="The month becomes dearer by more than $100.",
                                            ),
                                        ),
                                    ),
                                ),
                                kind="sentinel",
                                statuses=("overridden",),
                            ),
                        ),
                        task_results=(
                            *STAGING.task_results,
                            TaskResult(
                                name="Infracost", message="+$132.10 a month", url="https://dashboard.infracost.io"
                            ),
                        ),
                        cost_estimate=CostEstimate(unmatched=2),
                        events=(
                            ("created", "Run created"),
                            (
                                "ignored_policy_sets",
                                "The policy set 'legacy' was ignored because the policy set limit was exceeded.",
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
    inputs={"organization": ORGANIZATION, "workspaces": "prod"},
)

REVIEWED = replace(PUSH.pushes[1].runs[0].script, created_at="2026-03-01T09:00:00.000Z")
APPLIED = Scenario(
    shows="the pull request is merged, and the comment says that its plan was applied",
    pushes=(
        Push(
            says="A pull request is opened, and its run begins",
            commit=OPENED,
            runs=(Planned(plan="pushed.json", script=REVIEWED),),
        ),
        Push(
            says="Somebody merges the pull request, and the next run is applied",
            commit=MERGED,
            runs=(
                Planned(
                    plan="pushed.json",
                    script=replace(
                        REVIEWED,
                        is_plan_only=False,
                        is_auto_apply=True,
                        run_statuses=("applying", "applying", "applied"),
                        apply=Apply(done=(0, 4, 6, 3)),
                        created_at="2026-03-01T10:00:00.000Z",
                        pull_request_number=None,
                    ),
                ),
            ),
            merges=True,
        ),
    ),
    inputs={**PUSH.inputs, "wait-for": "apply"},
)

SCENARIOS = {"push": PUSH, "many": MANY, "failed": FAILED, "policies": POLICIES, "applied": APPLIED}
"""By the names that `make demo SCENARIO=` takes; the first is the one where it names none."""
