"""Runs a step as GitHub's runner does: environment, event file, file commands, the workspace as working directory.

Sources: actions/runner ContainerActionHandler.cs and FileCommandManager.cs.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ENTRY_POINT = (sys.executable, "-I", "-m", "tfc_plan_comment")
"""The command of the image's ENTRYPOINT."""

INHERITED = ("PATH", "LANG", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")

_COMMAND = re.compile(r"::(?P<name>[a-z-]+)(?: [^:]*)?::(?P<data>.*)")
_SHOWN = {"group": "▾ ", "notice": "Notice: ", "warning": "Warning: ", "error": "Error: "}


@dataclass(frozen=True, kw_only=True, slots=True)
class StepResult:
    """The traces that a step left: exit code, log, outputs and summary."""

    exit_code: int
    log: str
    outputs: dict[str, str]
    summary: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Runner:
    """A runner's folder, and the job that it runs. Each step gets file commands of its own."""

    folder: Path
    api_url: str = "http://127.0.0.1:9"
    event_name: str = "pull_request"
    event: Mapping[str, object] = field(default_factory=dict)
    repository: str = "acme/infra"
    sha: str = "0" * 40
    ref: str = "refs/pull/1/merge"
    results_url: str = ""
    runtime_token: str = ""

    @property
    def workspace(self) -> Path:
        """The user's checkout."""
        return self.folder / "repo"

    def prepare(self, name: str, inputs: Mapping[str, str]) -> dict[str, str]:
        """Lay out the step's files; returns its environment."""
        temp = self.folder / "_temp"
        files, home, workflow = temp / "_runner_file_commands" / name, temp / "_github_home", temp / "_github_workflow"
        for folder in (files, home, workflow, self.workspace):
            folder.mkdir(parents=True, exist_ok=True)
        event = workflow / "event.json"
        event.write_text(json.dumps(self.event), encoding="utf-8")
        for file in ("output", "summary"):
            (files / file).touch()
        return {
            **{key: os.environ[key] for key in INHERITED if key in os.environ},
            # Dashes stay as they are (actions/runner, ActionRunner.cs and Handler.cs).
            **{f"INPUT_{key.upper().replace(' ', '_')}": value for key, value in inputs.items()},
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION": "plan-comment",
            "GITHUB_JOB": "plan",
            "GITHUB_WORKFLOW": "Terraform",
            "GITHUB_API_URL": self.api_url,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_EVENT_NAME": self.event_name,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_RUN_ID": "4711",
            "GITHUB_SHA": self.sha,
            "GITHUB_REF": self.ref,
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(files / "output"),
            "GITHUB_STEP_SUMMARY": str(files / "summary"),
            "RUNNER_TEMP": str(temp),
            "HOME": str(home),
            "ACTIONS_RESULTS_URL": self.results_url,
            "ACTIONS_RUNTIME_TOKEN": self.runtime_token,
        }

    def run(self, name: str, inputs: Mapping[str, str], *, echo: bool = False) -> StepResult:
        """Run the step; with `echo` its log is shown while it grows, as the runner shows it."""
        environment = self.prepare(name, inputs)
        log: list[str] = []
        process = subprocess.Popen(  # noqa: S603 - our own entry point
            ENTRY_POINT,
            cwd=self.workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        with process:
            for line in process.stdout or ():
                log.append(line)
                if echo and (shown := as_shown(line)):
                    print(f"  {shown}", end="", flush=True)
        return step_result(environment, process.returncode, "".join(log))


def step_result(environment: Mapping[str, str], exit_code: int, log: str) -> StepResult:
    """The result of the step with this environment, read from its files."""
    return StepResult(
        exit_code=exit_code,
        log=log,
        outputs=read_outputs(Path(environment["GITHUB_OUTPUT"]).read_text(encoding="utf-8")),
        summary=Path(environment["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8"),
    )


def as_shown(line: str) -> str | None:
    """The line of a log as the runner shows it; None for a command that it only carries out."""
    command = _COMMAND.match(line)
    if command is None:
        return line
    shown = _SHOWN.get(command["name"])
    data = command["data"].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    return None if shown is None else f"{shown}{data}\n"


def read_outputs(text: str) -> dict[str, str]:
    """The outputs in a file of `NAME<<DELIMITER` blocks, as the runner reads them. Raises ValueError for a bad file."""
    outputs: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, separator, delimiter = line.partition("<<")
        if not separator:
            raise ValueError(f"not an output: {line!r}")
        value: list[str] = []
        for each in lines:
            if each == delimiter:
                break
            value.append(each)
        else:
            raise ValueError(f"the output {name} does not end")
        outputs[name] = "\n".join(value)
    return outputs
