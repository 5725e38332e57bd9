"""What a step does before the first answer, and beside it: no answer waits for what could be done meanwhile."""

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from flask import Response, request

from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.policies import PolicyResults
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Golden = Callable[[str], bytes]

FINISHED = Script(plan_statuses=("finished",))
WITH_POLICIES = replace(FINISHED, policy_checks=(PolicyResults(statuses=("passed",)),))
TIME_LIMIT = 60.0
"""Seconds after which something is never going to happen."""


def python(code: str) -> str:
    """What a new Python prints that runs the code."""
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", timeout=TIME_LIMIT)  # noqa: S603 - ours
    return done.stdout


def test_little_is_imported_before_anything_is_asked_for() -> None:
    """What reads plans, writes reports and speaks to GitHub is not, nor are the packages that only they need."""
    story = "tfc_plan_comment.__main__, tfc_plan_comment.action.story"
    loaded = python(f"import sys, {story}; print(*sys.modules)").split()
    ours = [name for name in loaded if name.startswith("tfc_plan_comment.")]
    late = ("jinja2", "github", "tfc_plan_comment.report.groups", "tfc_plan_comment.plan.knowledge")
    assert [name for name in loaded if name in late] == []
    assert len(ours) <= 60


HELD_ANSWER = """
import sys, threading, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from tfc_plan_comment.__main__ import main

WANTED = {"jinja2", "github", "tfc_plan_comment.action.apart", "tfc_plan_comment.report.write.comment"}

class Held(BaseHTTPRequestHandler):
    def do_GET(self):
        while not WANTED <= sys.modules.keys():
            time.sleep(0.01)
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Held)
threading.Thread(target=server.serve_forever, daemon=True).start()
host = f"http://127.0.0.1:{server.server_port}"
main({"INPUT_TOKEN": "t", "INPUT_RUN-ID": "run-1", "INPUT_HOSTNAME": host, "INPUT_GITHUB-TOKEN": "g"})
"""


def test_the_rest_is_imported_while_the_server_is_asked() -> None:
    """The first answer comes only when everything is imported, and it does come."""
    assert "::error::Cannot read run run-1: " in python(HELD_ANSWER)


COLLECTIONS = """
import atexit, gc, runpy, sys
collected = []
gc.callbacks.append(lambda *_: collected.append("tfc_plan_comment.action.apart" in sys.modules))
atexit.register(lambda: print("collected", sum(collected)))
sys.argv = ["tfc_plan_comment"]
runpy.run_module("tfc_plan_comment", run_name="__main__", alter_sys=True)
"""


def test_no_garbage_is_looked_for(serve: Serve, runner: Runner) -> None:
    """Of one plan there is little, and Python would look through all that was imported, again and again."""
    server = serve(script=FINISHED)
    inputs = {**server.inputs, "github-token": JOB_TOKEN}
    done = subprocess.run(  # noqa: S603 - our own entry point
        [sys.executable, "-I", "-c", COLLECTIONS],
        env=runner.prepare("step", inputs),
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=TIME_LIMIT,
    )
    assert done.stdout.splitlines()[-1] == "collected 0"


class Gate:
    """Holds the first request to each of its paths until there is one to all of them."""

    def __init__(self, *paths: str) -> None:
        self._to_come, self._barrier = [*paths], threading.Barrier(len(paths))
        self.is_broken = False

    def wait(self) -> None:
        """Hold the current request, if it is one of those."""
        for path in self._to_come:
            if path in request.path:
                self._to_come.remove(path)
                try:
                    self._barrier.wait(TIME_LIMIT / 2)
                except threading.BrokenBarrierError:
                    self.is_broken = True
                return


def test_what_can_be_asked_for_at_once_is(stack: ExitStack, runner: Runner, step: Step, golden: Golden) -> None:
    """The plan's JSON, the run's policies, its warnings and our earlier comment: none waits for another's answer."""
    gate = Gate("/json-output", "/policy-checks", "/run-events", "/graphql")

    class HcpTerraform(HcpTerraformSandbox):
        """Answers what the gate lets through."""

        def _receive(self) -> Response | None:
            gate.wait()
            return super()._receive()

    class GitHub(GitHubSandbox):
        """The same."""

        def _receive(self) -> Response | None:
            gate.wait()
            return super()._receive()

    server = stack.enter_context(HcpTerraform(golden("drift"), script=WITH_POLICIES))
    github = stack.enter_context(GitHub([PullRequest(number=7, head_sha="a" * 40)]))

    done = step(server, at=replace(runner, api_url=github.api_url))

    assert not gate.is_broken
    assert done.outputs["comment-result"] == "created"
