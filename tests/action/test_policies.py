"""Did the policies pass? The second question of a reviewer, answered where the run knows it."""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask import Response, request

from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import CUT, RATE_LIMITED, Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Golden = Callable[[str], bytes]

SENTENCE = "Plan: 4 to add, 6 to change, 3 to destroy."
FINISHED = Script(plan_statuses=("finished",))
NOT_FOUND = Answer(status=404, body=b'{"errors":[{"status":"404","title":"not found"}]}')
RUN = re.compile(r"^<a href=[^>]+>Run</a>", re.MULTILINE)
ON_POLICIES = "/(policy-checks|task-stages|policy-evaluations|policy-set-outcomes)$"


def results(*policies: Policy, statuses: tuple[str, ...] = ("passed",)) -> PolicyResults:
    """A policy check or evaluation of one set."""
    return PolicyResults(statuses=statuses, policy_sets=(PolicySet(name="security", policies=policies),))


def failed(level: str, **more: Any) -> Policy:
    """A policy that failed."""
    return Policy(name="no-open-ports", status="failed", enforcement_level=level, **more)


PASSED = results(Policy(name="one"), Policy(name="two"))


def asked(server: HcpTerraformSandbox) -> int:
    """How many requests were for policies."""
    kinds = ("/policy-checks", "/task-stages/", "/policy-evaluations", "/policy-set-outcomes")
    return sum(any(kind in request.path.partition("?")[0] for kind in kinds) for request in server.requests)


def facts(markdown: str) -> str:
    """What stands behind the link to the run: how it stands, and its policies."""
    return markdown[next(RUN.finditer(markdown)).end() :].partition("\n")[0]


def test_all_passed(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """The log, the comment and the step summary say it in a line; the token need only read runs."""
    server = serve(script=replace(FINISHED, policy_checks=(PASSED,), policy_evaluations=(PASSED,)))

    done = step(server, token=READ_TOKEN)

    assert done.exit_code == 0
    assert "Policies: 4 passed\n" in done.log
    for place in (github.comments[0].body, done.summary):
        assert facts(place) == " · Policies: 4 passed"
        assert "olicy failed" not in place


def test_a_run_without_policies(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """A run that has ended is not read again; its events cost one request; nothing is said."""
    server = serve(script=FINISHED)

    done = step(server)

    assert asked(server) == 0
    assert sum("/runs/" in request.path for request in server.requests) == 2
    assert "olicies" not in done.log + done.summary + github.comments[0].body


@pytest.mark.parametrize(
    ("level", "status", "alert"),
    [
        ("soft-mandatory", "soft_failed", "> [!CAUTION]\n> 1 mandatory policy failed: no-open-ports (“22 is open”).\n"),
        ("hard-mandatory", "hard_failed", "> [!CAUTION]\n> 1 mandatory policy failed: no-open-ports (“22 is open”).\n"),
        ("advisory", "passed", "> [!WARNING]\n> 1 advisory policy failed: no-open-ports.\n"),
    ],
)
def test_a_policy_check_that_failed(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, step: Step, github: GitHubSandbox, level: str, status: str, alert: str
) -> None:
    """An alert by its enforcement level, and a section with what it says. The step succeeds: the run has the say."""
    policy = failed(level, description="Ports are closed.", output="22 is open\n")
    server = serve(script=replace(FINISHED, policy_checks=(results(Policy(name="one"), policy, statuses=(status,)),)))

    done = step(server)

    body = github.comments[0].body
    assert done.exit_code == 0
    assert facts(body) == f" · Policies: 1 passed, 1 failed ({level})"
    assert alert in body
    assert (
        f"<details open><summary>Policies: 1 passed, 1 failed ({level})</summary>\n\n```diff\n"
        f"! no-open-ports: failed ({level}), in the policy set security\n  # Ports are closed.\n  │ 22 is open\n```"
    ) in body


def test_a_policy_evaluation_that_failed(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """The same for OPA, and for Sentinel in agents; the run itself has errored then, after a good plan."""
    evaluation = results(failed("mandatory", output=["22 is open"]), statuses=("running", "failed"))
    script = Script(policy_evaluations=(evaluation,), run_status="post_plan_running")
    server = serve(script=replace(script, later_run_status="errored"))

    done = step(server)

    assert (done.exit_code, done.outputs["plan-status"]) == (0, "finished")
    assert facts(github.comments[0].body) == ", stopped by a policy · Policies: 1 failed (mandatory)"
    assert "  │ 22 is open\n" in github.comments[0].body


def test_they_are_waited_for(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Policies are decided seconds after the plan: the comment is written once, with what they say."""
    pending = results(Policy(name="one"), statuses=("pending", "queued", "running", "passed"))
    server = serve(script=replace(FINISHED, policy_evaluations=(pending,)))

    done = step(server)

    assert facts(github.comments[0].body) == " · Policies: 1 passed"
    assert sum(request.startswith(("PATCH", "POST /repos")) for request in github.requests) == 1
    assert done.outputs["comment-result"] == "created"


@pytest.mark.parametrize(("timeout", "waits"), [("30m", 60), ("10s", 10)])
def test_not_for_long(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, step: Step, github: GitHubSandbox, clock: Clock, timeout: str, waits: float
) -> None:
    """After a minute, or when the time for the plan is over, the comment says that they are not decided."""
    server = serve(script=replace(FINISHED, policy_checks=(results(statuses=("queued",)), PASSED)))
    start = clock()

    done = step(server, timeout=timeout)

    assert done.exit_code == 0
    assert clock() - start == pytest.approx(waits)
    said = " · Policies: 2 passed, some not started when this was written, see the run"
    assert facts(github.comments[0].body) == said


@pytest.mark.parametrize("answer", [Answer(status=429, headers={"X-RateLimit-Reset": "60"}), Answer(status=503)])
def test_no_retry_takes_longer(serve: Serve, step: Step, github: GitHubSandbox, clock: Clock, answer: Answer) -> None:
    """A server that refuses to answer is not asked beyond that time, or not much; the comment is written."""
    server = serve(script=replace(FINISHED, policy_checks=(PASSED,)), faults=[Fault(path=ON_POLICIES, answer=answer)])
    start = clock()

    done = step(server, timeout="10s")

    assert done.exit_code == 0
    assert clock() - start <= 15
    assert (
        "::notice::The comment does not say whether the policies passed. Cannot read the policies of run"
        f" {server.run_id}: there was no answer from {server.url.removeprefix('http://')} in time. Look at the run,"
        f" or run the job again.\n"
    ) in done.log
    assert SENTENCE in github.comments[0].body


def test_a_server_that_says_nothing(step: Step, github: GitHubSandbox, clock: Clock, golden: Golden) -> None:
    """It is not waited for as long as a request may take: the comment is written without the policies."""
    asked, gate = threading.Event(), threading.Event()

    class Silent(HcpTerraformSandbox):
        """Says of policies nothing before the gate opens."""

        def _receive(self) -> Response | None:
            received = super()._receive()
            if request.path.endswith("/policy-checks"):
                asked.set()
                gate.wait()
            return received

    def sleep(seconds: float) -> None:  # until the plan JSON is ready
        asked.wait()
        clock.sleep(max(seconds, 66))

    script = replace(FINISHED, not_yet=1, policy_checks=(PASSED,))
    with Silent(golden("mixed-update"), script=script, clock=clock) as server:
        done = step(server, sleep=sleep)
        gate.set()

        assert done.exit_code == 0
        assert "::notice::The comment does not say whether the policies passed. " in done.log
        assert " in time. Look at the run" in done.log
        assert SENTENCE in github.comments[0].body
        while any(thread.name.endswith("(_work)") for thread in threading.enumerate()):
            time.sleep(0.01)


def test_a_status_that_we_do_not_know(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """It is shown as it is, inert."""
    server = serve(script=replace(FINISHED, policy_checks=(results(statuses=("odd <b>@octocat",)),)))

    step(server)

    said = facts(github.comments[0].body)
    assert unescape(re.sub("<wbr>|</?code>", "", said)) == (
        " · Policies: still running when this was written (odd <b>@octocat), see the run"
    )
    assert "<b>@" not in github.comments[0].body


@pytest.mark.parametrize("answer", [NOT_FOUND, Answer(status=403), Answer(body=b"garbage")])
def test_what_is_refused_or_makes_no_sense(serve: Serve, step: Step, github: GitHubSandbox, answer: Answer) -> None:
    """The comment says that they could not be read, and the log why; it is no failure."""
    server = serve(script=replace(FINISHED, policy_checks=(PASSED,)), faults=[Fault(path=ON_POLICIES, answer=answer)])

    done = step(server)

    (notice,) = (line for line in done.log.splitlines() if line.startswith("::notice"))
    assert done.exit_code == 0
    assert notice.startswith(
        "::notice::The comment does not say whether the policies passed. Cannot read the policies of run"
        f" {server.run_id}: "
    )
    status = str(answer.status) if answer.status != 200 else "an answer that makes no sense"
    for place in (github.comments[0].body, done.summary):
        assert f"Policies: could not be read ({status}), see the run\n" in place
    assert f"Policies: could not be read ({status}), see the run\n" in done.log
    assert SENTENCE in github.comments[0].body


@pytest.mark.parametrize("answer", [NOT_FOUND, CUT, Answer(status=503), Answer(body=b"garbage")])
def test_a_failed_policy_stands_without_its_details(
    serve: Serve, step: Step, github: GitHubSandbox, answer: Answer
) -> None:
    """The evaluation has said that it failed: what cannot be read beyond that never makes it vanish."""
    evaluation = results(failed("mandatory"), Policy(name="one"), statuses=("failed",))
    server = serve(
        script=replace(FINISHED, policy_evaluations=(evaluation,)),
        faults=[Fault(path="/policy-set-outcomes$", answer=answer)],
    )

    done = step(server)

    for place in (github.comments[0].body, done.summary):
        assert "Policies: 1 passed, 1 failed (mandatory)\n" in place
        assert "> [!CAUTION]\n> 1 mandatory policy failed; the run shows which.\n" in place
    assert "::notice::The comment does not say everything of the policies. Cannot read the policies of run" in done.log


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/task-stages/[^/]+$", "2 passed, some could not be read (404), see the run"),
        ("/policy-checks$", "1 failed (mandatory), some could not be read (404), see the run"),
        ("/(policy-checks|task-stages/[^/]+)$", "could not be read (404), see the run"),
        ("/runs/[^/]+$", "could not be read (404), see the run"),
    ],
)
def test_one_part_that_cannot_be_read_hides_no_other(
    serve: Serve, step: Step, github: GitHubSandbox, path: str, said: str
) -> None:
    """Each part of a run is told by itself; "could not be read" is never told like "none"."""
    evaluation = results(failed("mandatory"), statuses=("failed",))
    script = Script(plan_statuses=("running", "finished"), policy_evaluations=(evaluation,), policy_checks=(PASSED,))
    server = serve(script=script)
    server.misbehave([Fault(path=path, answer=NOT_FOUND, after=int("/runs" in path))])

    done = step(server)

    assert done.exit_code == 0
    assert facts(github.comments[0].body).endswith(f"Policies: {said}")


@pytest.mark.parametrize("policies", ["policy_checks", "policy_evaluations", "terraform_policies"])
@pytest.mark.parametrize("run_status", ["errored", "canceled", "force_canceled", "discarded"])
def test_what_will_never_come_is_skipped(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, step: Step, github: GitHubSandbox, clock: Clock, policies: str, run_status: str
) -> None:
    """What is pending where the run has ended is not waited for, nor called undecided."""
    pending: Any = {policies: (results(statuses=("pending",)),)}
    server = serve(script=replace(FINISHED, run_status=run_status, **pending))
    start = clock()

    done = step(server)

    assert (done.exit_code, clock() - start) == (0, 0)
    assert facts(github.comments[0].body).endswith("Policies: skipped: the run ended")
    assert "> Policies were skipped: the run ended before them.\n" in github.comments[0].body


@pytest.mark.parametrize("stage_status", ["passed", "failed", "errored", "canceled", "unreachable"])
def test_what_is_pending_in_a_stage_that_has_ended(
    serve: Serve, step: Step, github: GitHubSandbox, clock: Clock, stage_status: str
) -> None:
    """The same, though the run goes on; what the stage did evaluate stands."""
    evaluations = (PASSED, results(statuses=("running",)))
    script = replace(FINISHED, run_status="post_plan_running", policy_evaluations=evaluations)
    start = clock()

    step(serve(script=replace(script, stage_status=stage_status)))

    assert clock() == start
    assert facts(github.comments[0].body).endswith("Policies: 2 passed, skipped: the run ended")


def test_a_run_that_ends_while_its_policies_are_waited_for(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """It is noticed at the next look."""
    script = Script(policy_checks=(results(statuses=("pending",)),), run_status="policy_checking")
    server = serve(script=replace(script, later_run_status="canceled"))

    step(server)

    assert asked(server) == 2
    assert facts(github.comments[0].body).endswith(", canceled · Policies: skipped: the run ended")


def test_terraform_policies(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Those that failed are an alert as others are; what is known only after apply has neither passed nor failed."""
    evaluation = results(failed("mandatory"), Policy(name="one"), Policy(name="later", status="unknown"))
    of_apply = replace(results(failed("mandatory"), statuses=("pending",)), stage_type="Apply")
    server = serve(
        script=replace(FINISHED, terraform_policies=(replace(evaluation, statuses=("failed",)), of_apply)),
    )

    step(server)

    body = github.comments[0].body
    assert facts(body).endswith("Policies: 1 passed, 1 failed (mandatory), 1 not known before apply")
    assert "> [!CAUTION]\n> 1 mandatory policy failed: no-open-ports.\n" in body
    assert "! later: unknown (mandatory), in the policy set security\n" in body


def test_warnings_and_what_can_be_overridden(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """A reviewer knows a dead end from what somebody may decide, and what the policy sets say of themselves."""
    policy_set = PolicySet(
        name="security", policies=(failed("mandatory"),), overridable=True, warnings=("OPA 0.4 is old, @octocat",)
    )
    evaluation = PolicyResults(policy_sets=(policy_set,), statuses=("failed",))

    step(serve(script=replace(FINISHED, policy_evaluations=(evaluation,))))

    body = github.comments[0].body
    assert "! no-open-ports: failed (mandatory), can be overridden, in the policy set security\n" in body
    assert "! a policy set warns\n  │ security: OPA 0.4 is old, @octocat\n" in body
    assert "Policy sets warn: “security: OPA 0.4 is old, " in body
    assert "> 1 mandatory policy failed: no-open-ports.\n\n" in body
    assert "> [!WARNING]\n> Policy sets" in body


def test_a_bug_in_reading_them_is_said_to_be_one(serve: Serve, step: Step, clock: Clock, github: GitHubSandbox) -> None:
    """It costs nothing but the policies."""
    server = serve(
        script=replace(FINISHED, policy_checks=(PASSED,)), faults=[Fault(path="/policy-checks$", answer=RATE_LIMITED)]
    )

    def sleep(seconds: float) -> None:
        clock.sleep(1 / 0 if seconds else 0)

    done = step(server, sleep=sleep)

    sentence = "tfc-plan-comment failed: ZeroDivisionError, which is a bug. Report it with the traceback."
    assert done.exit_code == 0
    assert f"::warning::{sentence}\n" in done.log
    assert SENTENCE in github.comments[0].body


def test_of_a_plan_whose_run_is_not_known(serve: Serve, step: Step) -> None:
    """There is nothing to ask."""
    server = serve(script=replace(FINISHED, policy_checks=(PASSED,)))

    done = step(server, run_id="", plan_id=server.plan_id)

    assert (done.exit_code, asked(server)) == (0, 0)
    assert "olicies" not in done.summary


def test_of_a_plan_that_failed(serve: Serve, step: Step) -> None:
    """It has none."""
    server = serve(script=Script(plan_statuses=("errored",), policy_evaluations=(PASSED,)))

    assert step(server).exit_code == 1
    assert asked(server) == 0


def test_secrets_are_masked(serve: Serve, step: Step, github: GitHubSandbox, runner: Runner) -> None:
    """A policy sees the whole plan. What of it is sensitive is shown in nothing that the policy says."""
    secret = "Zq7vW9kPxw2mLmQx"
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.13.4",
        "variables": {},
        "output_changes": {
            "password": {"actions": ["create"], "before": None, "after": secret, "after_sensitive": True}
        },
    }
    policy = failed("advisory", description=f"of {secret}", output=[f"it is {secret}", {"value": secret}])
    check = failed("hard-mandatory", output=f"print: {secret}\n")
    script = replace(
        FINISHED,
        policy_evaluations=(results(policy, statuses=("failed",)),),
        policy_checks=(results(check, statuses=("hard_failed",)),),
    )

    done = step(serve(json.dumps(plan).encode(), script=script), summary_json_path="summary.json")

    kept = (runner.workspace / "summary.json").read_text(encoding="utf-8")
    for place in (github.comments[0].body, done.summary, done.log, kept):
        assert secret not in place
    assert "  │ it is (hidden: equals a sensitive value, no. 1)\n" in github.comments[0].body


def test_with_the_redacted_plan_nothing_that_they_put_out_is_shown(
    serve: Serve, step: Step, github: GitHubSandbox
) -> None:
    """Nobody can tell there what in it is sensitive."""
    evaluation = results(failed("mandatory", output=["it is correct-horse"]), statuses=("failed",))

    done = step(serve(script=replace(FINISHED, policy_evaluations=(evaluation,))), token=READ_TOKEN)

    assert "correct-horse" not in github.comments[0].body + done.summary + done.log
    assert "no-open-ports: failed (mandatory)" in github.comments[0].body
    assert "(not shown: the redacted plan does not say which values are sensitive)" in github.comments[0].body
