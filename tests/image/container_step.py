"""Runs a step in a container, with the arguments, mounts and environment of GitHub's runner.

Source: actions/runner, ContainerActionHandler.cs and DockerCommandManager.cs. Where this differs, it says why.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from container_engine import Engine
from tfc_sandbox.runner import INHERITED, Runner, StepResult, step_result

# A folder in another one comes before it, as its path is to be told by itself.
MOUNTS = {
    "_temp/_github_home": "/github/home",
    "_temp/_github_workflow": "/github/workflow",
    "_temp/_runner_file_commands": "/github/file_commands",
    "_temp": "/github/runner_temp",
    "repo": "/github/workspace",
}
"""The folders of the runner, and where a container has them."""
MODES = {"/github/workflow": ":ro"}
"""The runner lets a step write there as well; we have nothing to write beside the event's file."""
DOCKER_SOCKET = Path("/var/run/docker.sock")


@dataclass(frozen=True, kw_only=True, slots=True)
class ContainerStep:
    """One step, which has its files; `environment` is as the runner has it, with the machine's own paths."""

    engine: Engine
    image: str
    runner: Runner
    name: str
    environment: Mapping[str, str]
    options: tuple[str, ...] = ()
    """Of the run command, behind those of the runner: the last word is theirs."""
    arguments: tuple[str, ...] = ()

    def run(self) -> StepResult:
        """Run it to its end."""
        with self.start() as process:
            log, _ = process.communicate()
        return step_result(self.environment, process.returncode, log)

    @contextmanager
    def start(self) -> Iterator["subprocess.Popen[str]"]:
        """The running container's command, whose output is the log. At the end the container is gone."""
        inside = self._inside()
        names = [option for name in inside for option in ("-e", name)]
        mounts = [f"{self.runner.folder / folder}:{path}{MODES.get(path, '')}" for folder, path in MOUNTS.items()]
        if not self.engine.is_stand_in and DOCKER_SOCKET.exists():
            mounts.append(f"{DOCKER_SOCKET}:{DOCKER_SOCKET}")
        options = [
            *("--name", self.name, "--label", "tfc-plan-comment", "--workdir", "/github/workspace"),
            *(*names, "-e", "GITHUB_ACTIONS=true"),
            *(option for mount in mounts for option in ("-v", mount)),
        ]
        with subprocess.Popen(  # noqa: S603 - our own image
            self.engine.run_command(self.image, *options, *self.options, arguments=self.arguments),
            env={**os.environ, **inside},  # the engine hands on by their names what it has itself
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        ) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    self.engine.ask("kill", self.name)

    def _inside(self) -> dict[str, str]:
        """The environment, without what is this machine's own, and with the container's paths."""
        return {name: self._path_inside(value) for name, value in self.environment.items() if name not in INHERITED}

    def _path_inside(self, value: str) -> str:
        """A value that is a path of the runner's, as the container has it; a path within a longer text stays."""
        for folder, path in MOUNTS.items():
            outside = str(self.runner.folder / folder)
            if value == outside or value.startswith(f"{outside}/"):
                return path + value.removeprefix(outside)
        return value
