"""A run that errored after a good plan: nobody can apply it, and the comment must not look as if somebody could."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.runner import StepResult
from tfc_sandbox.runs import Script
from tfc_sandbox.task_stages import TaskResult

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

ERRORED = Script(plan_statuses=("finished",), run_status="errored", stage_status="failed")
SCANNER = TaskResult(name="scanner", status="failed", message="2 critical\nfindings")
SENTENCE = "The run errored after its plan, which cannot be applied"


def asked(server: HcpTerraformSandbox) -> int:
    """How many requests were for task stages."""
    return sum("task-stages" in request.path for request in server.requests)


def test_a_mandatory_task_that_failed(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """It is named with what it says, above what is lost; an advisory one only warns."""
    tasks = (SCANNER, TaskResult(name="fine"), replace(SCANNER, name="mild", enforcement_level="advisory"))
    server = serve(script=replace(ERRORED, task_results=tasks))

    done = step(server)

    assert done.exit_code == 0
    line = "Run task <b>scanner</b> (mandatory) failed: “2 critical findings”"
    alert = f"> [!CAUTION]\n> {SENTENCE}.<br>{line}\n"
    for place in (github.comments[0].body, done.summary):
        assert alert in place
        assert place.index(alert) < place.index("hold data")
        assert "> [!WARNING]\n> Run task <b>mild</b> (advisory) failed: “2 critical findings”\n" in place
        assert "Run tasks: 1 passed, 1 failed (mandatory), 1 failed (advisory)\n" in place
    assert "hook.internal" not in github.comments[0].body + done.summary + done.log
    assert asked(server) == 1


def test_what_was_pending_behind_it(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Policies and tasks that the run never came to are not waited for."""
    pending = PolicyResults(statuses=("pending",))
    tasks = (SCANNER, TaskResult(name="later", status="pending"))
    step(serve(script=replace(ERRORED, task_results=tasks, policy_evaluations=(pending,))))

    body = github.comments[0].body
    assert "Policies: skipped: the run ended · Run tasks: 1 failed (mandatory), 1 skipped\n" in body
    assert "> Run task <b>later</b>" not in body
    assert "! later: skipped: the run ended (mandatory), after the plan\n" in body


@pytest.mark.parametrize("tasks", [(), (TaskResult(name="fine"),)])
def test_another_reason(serve: Serve, step: Step, github: GitHubSandbox, tasks: tuple[TaskResult, ...]) -> None:
    """That it has errored is said, though nobody knows why."""
    step(serve(script=replace(ERRORED, task_results=tasks)))

    assert f"> [!CAUTION]\n> {SENTENCE}; the run shows why.\n" in github.comments[0].body


def test_a_policy_is_the_reason(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Then its alert says it."""
    policy_set = PolicySet(name="a", policies=(Policy(name="b", status="failed"),))
    failed = PolicyResults(policy_sets=(policy_set,), statuses=("failed",))

    step(serve(script=replace(ERRORED, policy_evaluations=(failed,))))

    assert SENTENCE not in github.comments[0].body
    assert "> 1 mandatory policy failed: b.\n" in github.comments[0].body


@pytest.mark.parametrize(
    ("answer", "word"), [(Answer(status=404), "404"), (Answer(body=b"1"), "an answer that makes no sense")]
)
@pytest.mark.parametrize("includes", [("workspace",), Script().includes])
def test_tasks_that_could_not_be_read(  # noqa: PLR0917 - fixtures are arguments
    serve: Serve, step: Step, github: GitHubSandbox, answer: Answer, word: str, includes: tuple[str, ...]
) -> None:
    """That is not told like "none": the comment says it, and the log why."""
    script = replace(ERRORED, task_results=(SCANNER,), includes=includes)
    server = serve(script=script, faults=[Fault(path="/task-stages", answer=answer)])

    done = step(server)

    assert done.exit_code == 0
    alert = f"> [!CAUTION]\n> {SENTENCE}. Its run tasks could not be read ({word}), see the run.\n"
    assert alert in github.comments[0].body
    assert f"Run tasks: could not be read ({word}), see the run\n" in github.comments[0].body
    assert "::notice::The comment does not say whether the run tasks passed. Cannot read the " in done.log


def test_secrets_are_masked(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """A task sees the whole plan; with the redacted one its words are left out."""
    secret = "Zq7vW9kPxw2mLmQx"
    change = {"actions": ["create"], "before": None, "after": secret, "after_sensitive": True}
    plan = {"format_version": "1.2", "terraform_version": "1.13.4", "output_changes": {"password": change}}
    task = TaskResult(name=f"of {secret}", status="errored", message=f"@octocat {secret} <b>")
    server = serve(json.dumps(plan).encode(), script=replace(ERRORED, task_results=(task,)))

    done = step(server)
    assert secret not in github.comments[0].body + done.summary + done.log
    assert "&lt;b>" in github.comments[0].body.split("[!CAUTION]")[1]

    step(server, token=READ_TOKEN)
    assert "octocat" not in github.comments[0].body


def test_many_tasks(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Some are named, the rest is counted; what is long is cut."""
    tasks = tuple(TaskResult(name=f"task {n}", status="failed", message="x" * 999) for n in range(9))
    step(serve(script=replace(ERRORED, task_results=tasks)))

    body = github.comments[0].body
    assert f"{SENTENCE}.<br>Run task <b>task 0</b> (mandatory) failed: “" in body
    assert "<br>and 4 more, see below\n" in body
    assert body.count("Run task <b>") == 5
    assert "x" * 241 not in body


def test_a_plan_that_errored_itself(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Its own alert says so."""
    server = serve(script=Script(plan_statuses=("errored",), task_results=(SCANNER,)))
    step(server)

    assert SENTENCE not in github.comments[0].body
    assert asked(server) == 0


@pytest.mark.parametrize(
    ("tasks", "why"),
    [
        ((SCANNER, TaskResult(name="fine")), ": mandatory run tasks failed (scanner)"),
        ((TaskResult(name="fine"),), ""),
        ((), ""),
    ],
)
def test_a_task_before_the_plan(
    serve: Serve, step: Step, github: GitHubSandbox, tasks: tuple[TaskResult, ...], why: str
) -> None:
    """A run that ended before its plan says which task it was."""
    done = step(serve(script=replace(ERRORED, plan_statuses=("unreachable",), task_results=tasks)))

    assert done.exit_code == 1
    assert f"> The run ended before its plan was made{why}. Start a new run." in github.comments[0].body


def test_the_name_of_a_task_before_the_plan(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """What `redact` matches in it is masked, in the comment and in the log."""
    script = replace(ERRORED, plan_statuses=("unreachable",), task_results=(replace(SCANNER, name="scan AKIA1234"),))
    done = step(serve(script=script), redact="AKIA[0-9]+")

    assert "mandatory run tasks failed (scan " in github.comments[0].body
    assert "AKIA" not in github.comments[0].body + done.log + done.summary + str(done.outputs)


def test_a_task_before_the_plan_that_could_not_be_read(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """The log says why it is not named."""
    script = replace(ERRORED, plan_statuses=("unreachable",), task_results=(SCANNER,))
    done = step(serve(script=script, faults=[Fault(path="/task-stages/", answer=Answer(status=404))]))

    assert "> The run ended before its plan was made. Start a new run." in github.comments[0].body
    assert "::notice::The comment does not say which run tasks failed. Cannot read the run tasks of run " in done.log
