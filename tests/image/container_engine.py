"""The container engine of this machine: Docker where its engine answers, as on GitHub's runners, and elsewhere podman.

Both take the same words. podman keeps its images apart from the user's, in `.images`: it has to build on a stand-in for
the base (`stand_in_base.py`), which bears the base's name and which nobody else shall meet.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STORE = ROOT / ".images"
IMAGE = "tfc-plan-comment:local"
BASE = "docker.io/library/python:3.13-slim"
"""What FROM names, as an engine knows it by its full name."""


class CannotUseContainersError(Exception):
    """There is no engine, or what it was asked for failed; the message is a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """An engine's command, with the options that it takes on this machine."""

    name: str
    command: tuple[str, ...]
    build_options: tuple[str, ...]
    run_options: tuple[str, ...]
    is_stand_in: bool
    """The base is not the official one."""
    sets_times: bool
    """It gives each file of a layer the same time, so that two builds can have the same bytes."""

    def build(self, image: str, *, cache: bool = True) -> None:
        """Build the Dockerfile; without `cache` everything is done again."""
        options = [*self.build_options, *([] if cache else ["--no-cache"])]
        self.ask("build", *options, "--tag", image, str(ROOT))

    def save(self, image: str, archive: Path) -> None:
        """Write the image into a file, in the form of `docker save`."""
        archive.unlink(missing_ok=True)  # podman adds to what is there
        self.ask("save", "--output", str(archive), image)

    def inspect(self, image: str) -> dict[str, Any]:
        """What the engine knows of an image; `RootFS.Layers` and `Config` are the same in both engines."""
        found: list[dict[str, Any]] = json.loads(self.ask("image", "inspect", image))
        return found[0]

    def has(self, image: str) -> bool:
        """True if the image is there already."""
        return self._run("image", "inspect", image).returncode == 0

    def run_command(self, image: str, *options: str, arguments: tuple[str, ...] = ()) -> list[str]:
        """The command that runs a container. The network is the machine's own: the sandbox listens on loopback only."""
        return [*self.command, "run", *self.run_options, "--network", "host", "--rm", *options, image, *arguments]

    def python(self, image: str, code: str) -> str:
        """What the image's Python prints."""
        command = self.run_command(image, "--entrypoint", "/opt/venv/bin/python", arguments=("-I", "-c", code))
        return _answer(subprocess.run(command, check=False, capture_output=True, text=True))  # noqa: S603 - our own image

    def ask(self, *arguments: str) -> str:
        """Run the engine; returns what it prints. Raises CannotUseContainersError with what it says, if it fails."""
        return _answer(self._run(*arguments))

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the engine, with arguments of ours
            [*self.command, *arguments], check=False, capture_output=True, text=True
        )


def engine() -> Engine:
    """The engine of this machine. Raises CannotUseContainersError if there is none."""
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "info"], check=False, capture_output=True).returncode == 0:  # noqa: S603 - ours
        return Engine(
            name="Docker",
            command=(docker,),
            build_options=("--build-arg", "SOURCE_DATE_EPOCH=0"),
            run_options=(),
            is_stand_in=False,
            sets_times=False,  # its own builder leaves them as they are
        )
    podman, runc = shutil.which("podman"), shutil.which("runc")
    if podman is None or runc is None or shutil.which("debootstrap") is None:
        raise CannotUseContainersError(
            "Cannot build the image: no Docker engine answers, and podman, runc or debootstrap is not on the PATH. "
            "Start Docker, or install Debian's packages debian-archive-keyring, debootstrap, podman and runc."
        )
    if os.geteuid() != 0:
        raise CannotUseContainersError(
            "Cannot build the image: no Docker engine answers, and debootstrap needs root. "
            "Start Docker, or run this as root."
        )
    places = "--root", str(STORE / "storage"), "--runroot", str(STORE / "run"), "--storage-driver", "overlay"
    return Engine(
        name="podman",
        # There may be no systemd to ask for a cgroup, and no journal to tell of what happens.
        command=(podman, *places, "--cgroup-manager", "cgroupfs", "--events-backend", "none"),
        build_options=("--isolation", "chroot", "--pull=never", "--timestamp", "0"),
        # podman would raise the limits of the container, for which not even root has the right everywhere.
        run_options=(
            "--runtime",
            runc,
            "--ulimit",
            "nofile=20000:20000",
            "--ulimit",
            "nproc=1000:1000",
            "--pull=never",
        ),
        is_stand_in=True,
        sets_times=True,
    )


def _answer(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode != 0:
        raise CannotUseContainersError(
            f"Cannot run {' '.join(done.args)}: it ended with {done.returncode}. It said:\n{done.stdout}{done.stderr}"
        )
    return done.stdout
