"""`.ci/run` brings the browser, the html-pipeline and the containers that it needs, or it says what to do."""

import shutil
import subprocess
from pathlib import Path

import pytest

BASH = shutil.which("bash") or "bash"
PACKAGES = "chromium fonts-liberation fonts-noto-color-emoji ruby-html-pipeline ruby-commonmarker ruby-sanitize strace"
CONTAINERS = "debian-archive-keyring debootstrap podman runc"
CANNOT = (
    "Cannot install what the tests need: apt-get did not do it, or is not here. "
    f"Install Debian's packages {PACKAGES} {CONTAINERS}, or their like.\n"
)
UPDATED = "apt-get update --quiet=2\n"
INSTALLED = f"{UPDATED}apt-get install --quiet=2 --yes --no-install-recommends {PACKAGES} {CONTAINERS}\n"
MADE = "make test test-peers test-browser test-image dist\n"
PROGRAMS = ("chromium", "ruby", "strace", "debootstrap", "podman", "runc")


@pytest.fixture
def machine(tmp_path: Path, root: Path) -> Path:
    """A clone, and a PATH on which stand what every machine has, and a make that only says how it was called."""
    (tmp_path / ".ci").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(root / ".ci/run", tmp_path / ".ci")
    for name in ("dirname", "env", "sh"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    program(tmp_path, "make")
    program(tmp_path, "id", "echo 0")
    return tmp_path


def program(machine: Path, name: str, script: str = 'echo "${0##*/} $*"') -> None:
    """Put a program on the PATH, given as a script of the shell; without one it says how it was called."""
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def run(machine: Path) -> subprocess.CompletedProcess[str]:
    """Run `.ci/run` where only what is in `bin` is on the PATH."""
    return subprocess.run(  # noqa: S603 (bash, by its path)
        [BASH, machine / ".ci/run"], env={"PATH": str(machine / "bin")}, check=False, capture_output=True, text=True
    )


def test_what_is_there_is_taken(machine: Path) -> None:
    """Nothing is installed on a machine that has all it takes."""
    program(machine, "apt-get")
    for name in PROGRAMS:
        program(machine, name, "exit 0")

    assert run(machine).stdout == MADE


@pytest.mark.parametrize("missing", [*((name,) for name in PROGRAMS), PROGRAMS], ids=" ".join)
def test_what_is_missing_is_installed(machine: Path, missing: tuple[str, ...]) -> None:
    """By root, as in a container, whichever it is."""
    program(machine, "apt-get")
    for name in PROGRAMS:
        if name not in missing:
            program(machine, name, "exit 0")

    assert run(machine).stdout == INSTALLED + MADE


def test_a_bare_ruby_is_not_enough(machine: Path) -> None:
    """It is its html-pipeline that is asked."""
    program(machine, "apt-get")
    for name in PROGRAMS:
        program(machine, name, "exit 1" if name == "ruby" else "exit 0")

    assert run(machine).stdout == INSTALLED + MADE


def test_where_docker_answers_no_other_engine_is_installed(machine: Path) -> None:
    """As on a runner of GitHub's; a Docker without its engine does not answer."""
    program(machine, "apt-get")
    program(machine, "docker", '[ "$*" = info ]')

    assert run(machine).stdout == INSTALLED.replace(f" {CONTAINERS}", "") + MADE


def test_who_is_not_root_installs_with_sudo(machine: Path) -> None:
    """As on a runner of GitHub's."""
    program(machine, "id", "echo 1001")
    program(machine, "apt-get")
    program(machine, "sudo", 'echo sudo; "$@"')

    first, second = INSTALLED.splitlines(keepends=True)
    assert run(machine).stdout == f"sudo\n{first}sudo\n{second}{MADE}"


@pytest.mark.parametrize("apt_get", [None, "exit 100"], ids=["no apt-get", "apt-get fails"])
def test_where_it_cannot_be_installed(machine: Path, apt_get: str | None) -> None:
    """Before anything is made, in a sentence that says what to do."""
    if apt_get:
        program(machine, "apt-get", apt_get)

    done = run(machine)

    assert (done.returncode, done.stdout, done.stderr) == (1, "", CANNOT)


def test_without_sudo(machine: Path) -> None:
    """Who is not root, and has no sudo, is told the same."""
    program(machine, "id", "echo 1001")
    program(machine, "apt-get")

    done = run(machine)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.endswith(CANNOT)
