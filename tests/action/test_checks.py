"""What the run says beside its plan: run tasks and cost, and how long the comment waits for these and for policies."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from tfc_sandbox.clock import Clock
from tfc_sandbox.cost_estimates import CostEstimate
from tfc_sandbox.faults import CUT, RATE_LIMITED, Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script
from tfc_sandbox.task_stages import TaskResult

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

SECRET = "Zq7vW9kPxw2mLmQx"
FINISHED = Script(plan_statuses=("finished",))
NOT_FOUND = Answer(status=404)
PASSED = PolicyResults(policy_sets=(PolicySet(name="a", policies=(Policy(name="one"), Policy(name="two"))),))
SNYK = TaskResult(
    name="Snyk",
    status="failed",
    enforcement_level="advisory",
    message="1 high and 1 medium issue",
    url="https://snyk.example/r/1?a=1&b=2",
)
COST = "<b>+<span>$</span>132.10 a month</b> (<span>$</span>4,812.44 → <span>$</span>4,944.54)"
WHOSE = "Costs are HCP Terraform's estimate."
OLD_INCLUDES = ("workspace", "configuration_version.ingress_attributes")
"""Those of a host that knows nothing of task stages and cost."""
RUN = re.compile(r"^<a href=[^>]+>Run</a>", re.MULTILINE)


def facts(markdown: str) -> str:
    """What stands behind the link to the run."""
    return markdown[next(RUN.finditer(markdown)).end() :].partition("\n")[0]


def plan_with_secret() -> bytes:
    """A plan in which a text is marked as sensitive."""
    change = {"actions": ["create"], "before": None, "after": SECRET, "after_sensitive": True}
    plan = {"format_version": "1.2", "terraform_version": "1.13.4", "output_changes": {"password": change}}
    return json.dumps(plan).encode()


class TestCost:
    """The cost estimate."""

    def test_it_stands_on_the_runs_line(self, serve: Serve, step: Step, github: GitHubSandbox, runner: Runner) -> None:
        """After the policies, and the last line says whose estimate it is; a token that reads runs is enough."""
        server = serve(script=replace(FINISHED, policy_evaluations=(PASSED,), cost_estimate=CostEstimate()))

        done = step(server, token=READ_TOKEN, report="true")

        for place in (github.comments[0].body, done.summary):
            assert facts(place) == f" · Policies: 2 passed · {COST}"
            assert place.rstrip().endswith(f" {WHOSE}</sub>")
        assert "\n+$132.10 a month ($4,812.44 → $4,944.54)\n" in done.log
        html = (runner.workspace / "tfc-plan-report.html").read_text(encoding="utf-8")
        assert f"<li>{COST}</li>" in html
        assert WHOSE in unescape(html)
        assert not any("cost-estimates" in request.path for request in server.requests)

    def test_not_all_resources_have_a_price(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """How many have one is said."""
        step(serve(script=replace(FINISHED, cost_estimate=CostEstimate(matched=3, unmatched=1))))

        assert facts(github.comments[0].body) == f" · {COST}, 3 of 4 resources estimated"

    def test_it_is_off(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """Nothing is said of it."""
        done = step(serve(script=FINISHED))

        assert "ost" not in facts(github.comments[0].body)
        assert WHOSE not in github.comments[0].body + done.summary
        assert "Cost" not in done.log

    @pytest.mark.parametrize(
        ("estimate", "run_status", "words"),
        [
            (
                CostEstimate(statuses=("skipped_due_to_targeting",)),
                None,
                "not estimated: the plan is limited to targets",
            ),
            (CostEstimate(statuses=("canceled",)), None, "not estimated (canceled)"),
            (
                CostEstimate(statuses=("errored",), error="no price list"),
                None,
                "not estimated (errored): “no price list”",
            ),
            (CostEstimate(statuses=("unreachable",)), "errored", "skipped: the run ended"),
            (CostEstimate(statuses=("pending",)), "errored", "skipped: the run ended"),
            (CostEstimate(statuses=("queued",)), "canceled", "skipped: the run ended"),
            (CostEstimate(matched=0, unmatched=2, delta="0.0"), None, "none of 2 resources estimated"),
            (CostEstimate(prior=None, proposed=None, delta=None), None, "not known, see the run"),
            (CostEstimate(prior="1", proposed="NaN", delta="1E+1000000"), None, "not known, see the run"),
        ],
    )
    def test_there_is_no_estimate(  # noqa: PLR0917 - fixtures are arguments
        self,
        serve: Serve,
        step: Step,
        github: GitHubSandbox,
        clock: Clock,
        estimate: CostEstimate,
        run_status: str | None,
        words: str,
    ) -> None:
        """A few words say why, and nothing is waited for."""
        start = clock()
        done = step(serve(script=replace(FINISHED, run_status=run_status, cost_estimate=estimate)))

        assert (done.exit_code, clock()) == (0, start)
        assert facts(github.comments[0].body).endswith(f" · Cost: {words}")
        assert WHOSE not in github.comments[0].body

    def test_it_is_waited_for(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """It is asked for with the run, until it is there."""
        estimate = CostEstimate(statuses=("pending", "queued", "queued", "finished"))
        server = serve(script=Script(cost_estimate=estimate, run_status="cost_estimating"))

        step(server)

        assert facts(github.comments[0].body) == f" · {COST}"
        assert not any("cost-estimates" in request.path for request in server.requests)

    @pytest.mark.parametrize("is_list", [False, True])
    def test_a_host_that_includes_nothing(
        self, serve: Serve, step: Step, github: GitHubSandbox, *, is_list: bool
    ) -> None:
        """It is read by itself, whether the answer is one or, as the docs have it, a list of one."""
        server = serve(script=replace(FINISHED, includes=OLD_INCLUDES, cost_estimate=CostEstimate()))
        if is_list:
            document = {"data": [{"id": "ce", "attributes": {"status": "finished", "delta-monthly-cost": "-3"}}]}
            answer = Answer(body=json.dumps(document).encode())
            server.misbehave([Fault(path="/cost-estimates/", answer=answer)])

        step(server)

        said = "<b>-<span>$</span>3.00 a month</b>" if is_list else COST
        assert facts(github.comments[0].body) == f" · {said}"

    @pytest.mark.parametrize(
        ("answer", "word"),
        [
            (NOT_FOUND, "404"),
            (Answer(status=503), "503"),
            (Answer(body=b'{"data":[]}'), "an answer that makes no sense"),
            (Answer(body=b'{"data":{"attributes":{"delta-monthly-cost":"a lot"}}}'), "an answer that makes no sense"),
            (CUT, "no answer"),
        ],
    )
    def test_it_could_not_be_read(
        self, serve: Serve, step: Step, github: GitHubSandbox, answer: Answer, word: str
    ) -> None:
        """That is not told like "it is off", and the log says why."""
        script = replace(FINISHED, includes=OLD_INCLUDES, cost_estimate=CostEstimate())

        done = step(serve(script=script, faults=[Fault(path="/cost-estimates/", answer=answer)]))

        assert done.exit_code == 0
        assert facts(github.comments[0].body) == f" · Cost: could not be read ({word}), see the run"
        assert "::notice::The comment does not say what it costs. Cannot read the cost estimate of run " in done.log

    def test_one_that_makes_no_sense_costs_nothing_else(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """Amounts that are none hide neither the run nor its policies."""
        estimate = CostEstimate(delta="</details> @octocat", prior={"a": 1})
        done = step(serve(script=replace(FINISHED, policy_evaluations=(PASSED,), cost_estimate=estimate)))

        assert done.exit_code == 0
        said = " · Policies: 2 passed · Cost: could not be read (an answer that makes no sense), see the run"
        assert facts(github.comments[0].body) == said


class TestTasks:
    """The run tasks."""

    def test_those_that_passed_are_counted(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """On the run's line, after the policies; where no service says anything there is no more to see."""
        tasks = (TaskResult(name="a"), TaskResult(name="b", stage="pre_plan"), TaskResult(name="c", message=None))
        done = step(serve(script=replace(FINISHED, policy_evaluations=(PASSED,), task_results=tasks)))

        for place in (github.comments[0].body, done.summary):
            assert facts(place) == " · Policies: 2 passed · Run tasks: 3 passed"
            assert "<summary>Run tasks" not in place
        assert "\nRun tasks: 3 passed\n" in done.log

    def test_an_advisory_one_that_failed(self, serve: Serve, step: Step, github: GitHubSandbox, runner: Runner) -> None:
        """A warning names it, with what its service says and its page; the section has all of them by their stages."""
        fine = TaskResult(name="fine", stage="pre_plan", message="all well")
        done = step(serve(script=replace(FINISHED, task_results=(SNYK, fine))), report="true")

        details = '<a href="https://snyk.example/r/1?a=1&amp;b=2">details</a>'
        line = f"Run task <b>Snyk</b> (advisory) failed: “1 high and 1 medium issue”, {details}"
        for place in (github.comments[0].body, done.summary):
            assert f"> [!WARNING]\n> {line}\n" in place
            assert facts(place) == " · Run tasks: 1 passed, 1 failed (advisory)"
            assert (
                "<details><summary>Run tasks: 1 passed, 1 failed (advisory)</summary>\n\n```diff\n"
                "  fine: passed (mandatory), before the plan\n  │ all well\n"
                "! Snyk: failed (advisory), after the plan\n  │ 1 high and 1 medium issue\n"
                "  │ https://snyk.example/r/1?a=1&b=2\n```"
            ) in place
        html = (runner.workspace / "tfc-plan-report.html").read_text(encoding="utf-8")
        assert line in html
        assert "<li>Run tasks: 1 passed, 1 failed (advisory)</li>" in html
        page = "details (https://snyk.example/r/1?a=1&b=2)"
        plain = f"Run task Snyk (advisory) failed: “1 high and 1 medium issue”, {page}"
        assert f"\n{plain}\n" in done.log
        assert re.search(rf"::warning [^\n]*::{re.escape(plain)}\. ", done.log)
        assert "hook.internal" not in github.comments[0].body + done.summary + done.log + html

    def test_a_mandatory_one_that_somebody_may_override(
        self, serve: Serve, step: Step, github: GitHubSandbox, runner: Runner
    ) -> None:
        """A caution names it, and says that the run waits for a decision."""
        task = replace(SNYK, enforcement_level="mandatory", status="errored", message="", url=None)
        script = replace(FINISHED, run_status="post_plan_awaiting_decision", stage_status="awaiting_override")
        step(serve(script=replace(script, task_results=(task,))), report="true")

        body = github.comments[0].body
        html = (runner.workspace / "tfc-plan-report.html").read_text(encoding="utf-8")
        assert "</a>, waiting for a decision on its post-plan tasks</li>" in html
        alert = "> [!CAUTION]\n> Run task <b>Snyk</b> (mandatory) errored<br>The run waits for somebody to decide: "
        assert f"{alert}this can be overridden.\n" in body
        assert facts(body) == (", waiting for a decision on its post-plan tasks · Run tasks: 1 errored (mandatory)")

    @pytest.mark.parametrize(
        ("stage", "status", "counts"),
        [("pre_apply", "pending", False), ("post_apply", "unreachable", False), ("pre_apply", "failed", True)],
    )
    def test_tasks_of_the_apply(  # noqa: PLR0917 - fixtures are arguments
        self, serve: Serve, step: Step, github: GitHubSandbox, clock: Clock, stage: str, status: str, *, counts: bool
    ) -> None:
        """They count once the run has come to them; before that nothing is asked of them, nor waited for."""
        server = serve(script=replace(FINISHED, task_results=(TaskResult(name="later", status=status, stage=stage),)))
        start = clock()

        step(server)

        assert clock() == start
        assert ("Run tasks: 1 failed (mandatory)" in github.comments[0].body) is counts
        assert any("/task-stages/" in request.path for request in server.requests) is counts

    @pytest.mark.parametrize(
        "url",
        [
            "http://snyk.example/r",
            "javascript:alert(1)",
            "https://snyk.example@evil.example/",
            "https://evil.example\\@snyk.example/",
            "https:///r",
            "https://[::1",
            "//snyk.example/r",
            f"https://snyk.example/?token={SECRET}",
            "https://snyk.example/" + "x" * 1_000,
            "https://snyk.example/\u202er",
        ],
    )
    def test_links_that_are_left_out(self, serve: Serve, step: Step, github: GitHubSandbox, url: str) -> None:
        """Only what leads to a web page by https, without a credential or a secret in it, is a link."""
        done = step(serve(plan_with_secret(), script=replace(FINISHED, task_results=(replace(SNYK, url=url),))))

        body = github.comments[0].body
        assert "(advisory) failed: “1 high and 1 medium issue”\n" in body
        assert "details</a>" not in body
        assert SECRET not in body + done.summary + done.log

    @pytest.mark.parametrize("stage_includes", [(), ("task_results",)])
    @pytest.mark.parametrize("includes", [OLD_INCLUDES, Script().includes])
    def test_a_host_that_includes_less(
        self,
        serve: Serve,
        step: Step,
        github: GitHubSandbox,
        includes: tuple[str, ...],
        stage_includes: tuple[str, ...],
    ) -> None:
        """What does not come along is read by itself: the stages, each result, and the evaluations."""
        script = replace(FINISHED, task_results=(SNYK,), policy_evaluations=(PASSED,))
        step(serve(script=replace(script, includes=includes, stage_includes=stage_includes)))

        assert facts(github.comments[0].body) == " · Policies: 2 passed · Run tasks: 1 failed (advisory)"

    def test_an_evaluation_that_comes_later(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """A stage that runs may say that it has no policies yet."""
        server = serve(
            script=Script(run_status="post_plan_running", policy_evaluations=(PASSED,), task_results=(SNYK,))
        )
        results = [{"id": "taskrs-1", "type": "task-results", "attributes": {"task-name": "Snyk", "status": "passed"}}]
        document = {
            "data": {
                "id": "ts-1",
                "attributes": {"stage": "post_plan", "status": "running"},
                "relationships": {"task-results": {"data": [{"id": "taskrs-1"}]}, "policy-evaluations": {"data": []}},
            },
            "included": results,
        }
        answer = Answer(body=json.dumps(document).encode())
        server.misbehave([Fault(path="/task-stages/", answer=answer, times=2)])

        step(server)

        assert facts(github.comments[0].body) == " · Policies: 2 passed · Run tasks: 1 failed (advisory)"

    def test_what_a_service_says_is_masked(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """It sees the whole plan; with the redacted one its words and its page are left out."""
        task = replace(SNYK, name=f"of {SECRET}", message=f"it is {SECRET}")
        server = serve(plan_with_secret(), script=replace(FINISHED, task_results=(task,)))

        done = step(server)
        assert "Run task <b>of (hidden: equals a sensitive value, no. 1)</b> (advisory)" in github.comments[0].body
        assert SECRET not in github.comments[0].body + done.summary + done.log

        step(server, token=READ_TOKEN)
        assert "it is" not in github.comments[0].body.partition("[!WARNING]")[2].partition("</details>")[0]
        assert "snyk.example" not in github.comments[0].body


class TestWaiting:
    """The input wait-for."""

    SLOW = TaskResult(name="slow", earlier=("pending", *["running"] * 60), message="all well")

    @pytest.mark.parametrize(
        ("inputs", "waits", "said"),
        [
            ({"wait-for": "plan"}, 0, "1 not started when this was written, see the run"),
            ({}, 60, "1 still running when this was written, see the run"),
            ({"timeout": "20s"}, 20, "1 still running when this was written, see the run"),
            ({"wait-for": "checks", "timeout": "3m"}, 180, "1 still running when this was written, see the run"),
        ],
    )
    def test_how_long(  # noqa: PLR0917 - fixtures are arguments
        self,
        serve: Serve,
        step: Step,
        github: GitHubSandbox,
        clock: Clock,
        inputs: dict[str, str],
        waits: float,
        said: str,
    ) -> None:
        """Not at all, for a minute, or until the time is over; the comment says what was not decided then."""
        server = serve(script=replace(FINISHED, task_results=(self.SLOW,)))
        start = clock()

        done = step(server, **inputs)

        assert done.exit_code == 0
        assert clock() - start == pytest.approx(waits)
        assert facts(github.comments[0].body) == f" · Run tasks: {said}"

    def test_until_all_is_decided(self, serve: Serve, step: Step, github: GitHubSandbox, clock: Clock) -> None:
        """A task may take its ten minutes, and policies come after it; the log says once a minute what it waits for."""
        server = serve(
            script=replace(FINISHED, run_status="post_plan_running", task_results=(self.SLOW,), stage_status=None)
        )
        start = clock()

        done = step(server, wait_for="checks")

        assert 300 < clock() - start < 700
        assert facts(github.comments[0].body) == " · Run tasks: 1 passed"
        lines = [line for line in done.log.splitlines() if line.startswith("Still waiting for ")]
        assert 4 <= len(lines) <= 12
        assert lines[0] == "Still waiting for run tasks after 1 minute. 29 minutes left."

    def test_plan_still_tells_what_is_known(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """What is decided when the plan is ready costs no waiting."""
        script = replace(FINISHED, policy_evaluations=(PASSED,), task_results=(SNYK,), cost_estimate=CostEstimate())
        step(serve(script=script), wait_for="plan")

        assert facts(github.comments[0].body) == f" · Policies: 2 passed · Run tasks: 1 failed (advisory) · {COST}"

    def test_a_busy_minute(self, serve: Serve, step: Step, github: GitHubSandbox) -> None:
        """The rate limit is waited for."""
        busy = replace(RATE_LIMITED, headers={"X-RateLimit-Reset": "12.5"})
        server = serve(script=replace(FINISHED, task_results=(SNYK,), cost_estimate=CostEstimate()))
        server.misbehave([Fault(path="/(task-stages/|run-events)", answer=busy, times=3)])

        step(server)

        assert facts(github.comments[0].body) == f" · Run tasks: 1 failed (advisory) · {COST}"


def test_the_summary_json(serve: Serve, step: Step, runner: Runner) -> None:
    """It has what the run says for programs; of a plan alone nobody knows it."""
    script = replace(FINISHED, policy_evaluations=(PASSED,), task_results=(SNYK,), cost_estimate=CostEstimate())
    server = serve(script=script)
    step(server, summary_json_path="summary.json")
    run = json.loads((runner.workspace / "summary.json").read_text(encoding="utf-8"))["run"]
    assert (run["policies"]["passed"], run["tasks"]["tasks"][0]["name"], run["cost"]["delta"]) == (2, "Snyk", "132.10")

    step(server, run_id="", plan_id=server.plan_id, summary_json_path="summary.json")
    assert json.loads((runner.workspace / "summary.json").read_text(encoding="utf-8"))["run"] is None


def test_an_unknown_word(serve: Serve, step: Step) -> None:
    """The input names those that there are."""
    done = step(serve(script=FINISHED), wait_for="everything")

    assert done.exit_code == 1
    assert "Input wait-for: 'everything' is not a valid value. Use plan, checks or apply." in done.log
