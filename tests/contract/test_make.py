"""What make says, before it does anything, of what is missing on a machine."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAKE = shutil.which("make") or "make"


@pytest.fixture
def machine(tmp_path: Path, root: Path) -> Path:
    """A fresh clone as far as make knows, and a PATH with nothing on it yet: `bin`."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(root / name, tmp_path)
    shutil.copytree(root / "requirements", tmp_path / "requirements")
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(machine: Path, name: str, script: str) -> None:
    """Put a program on the PATH, given as a script of the shell."""
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def python(machine: Path, change: str) -> None:
    """Put a `python3` on the PATH that evaluates what it is given after `-c`, with a change made to it."""
    code = f"import sys; {change}; exec(sys.argv[2])"
    program(machine, "python3", f'exec {shlex.quote(sys.executable)} -I -c {shlex.quote(code)} "$@"')


def make(machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make where only what is in `bin` is on the PATH."""
    return subprocess.run(  # noqa: S603 (make, by its path)
        [MAKE, *arguments],
        cwd=machine,
        env={"PATH": str(machine / "bin"), "LC_ALL": "C"},
        check=False,
        capture_output=True,
        text=True,
    )


def said(machine: Path, *arguments: str) -> str:
    """The one sentence that make says when it refuses; it has done nothing before."""
    done = make(machine, *arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    assert not (machine / ".venv").exists()
    sentence, rest = done.stderr.split("\n", 1)
    assert rest.startswith("make: *** ")
    return sentence


@pytest.mark.parametrize("target", ["install", "test", "demo"])
@pytest.mark.parametrize("version", [(2, 7), (3, 10)])
def test_an_old_python_is_told_so(machine: Path, target: str, version: tuple[int, int]) -> None:
    """Before anything else, in a sentence that names the Python, its version, and what to do."""
    python(machine, f"sys.version_info = ({version[0]}, {version[1]}, 18, 'final', 0)")

    assert said(machine, target) == (
        f"Cannot make .venv: python3 is Python {version[0]}.{version[1]}, and 3.11 or newer is needed. "
        "Install one, and name it: make PYTHON=python3.13."
    )


def test_no_python_at_all(machine: Path) -> None:
    """A Python that is not there is named as it was given."""
    assert said(machine, "install", "PYTHON=python3.99") == (
        "Cannot make .venv: python3.99 is not on the PATH. "
        "Install Python 3.11 or newer, and name it: make PYTHON=python3.13."
    )


def test_debians_python_without_venv(machine: Path) -> None:
    """Debian has ensurepip, without which venv makes no pip, in a package of its own, which the sentence names."""
    python(machine, "sys.version_info = (3, 11, 2, 'final', 0); sys.modules['ensurepip'] = None")

    assert said(machine, "install") == (
        "Cannot make .venv: python3 has no module ensurepip. On Debian and Ubuntu, install the package python3.11-venv."
    )


def test_uv_needs_no_ensurepip(machine: Path) -> None:
    """With uv on the PATH an environment gets no pip, so only venv itself must be there."""
    program(machine, "uv", "exit 1")
    python(machine, "sys.version_info = (3, 11, 2, 'final', 0); sys.modules['ensurepip'] = sys.modules['venv'] = None")

    assert said(machine, "install") == (
        "Cannot make .venv: python3 has no module venv. On Debian and Ubuntu, install the package python3.11-venv."
    )


@pytest.mark.parametrize("target", ["test-peers", "test-browser", "pictures"])
def test_without_npm(machine: Path, target: str) -> None:
    """What takes npm says so before anything is installed."""
    assert said(machine, target) == (
        "Cannot run npm: it is not on the PATH. Install Node.js, which brings it; Debian's package is npm."
    )


def test_without_chromium(machine: Path) -> None:
    """The browser's test says which browser."""
    program(machine, "npm", "exit 1")

    assert said(machine, "test-browser") == (
        "Cannot run chromium: it is not on the PATH. Install it; Debian's package is chromium."
    )


def test_without_uv(machine: Path) -> None:
    """Locking anew takes uv."""
    assert said(machine, "lock") == (
        "Cannot run uv: it is not on the PATH. Install it, for example with pipx install uv."
    )


def test_the_image_is_no_part_of_the_tests(machine: Path) -> None:
    """`make test` needs no container engine; `make test-image` runs what it leaves out, and needs the SBOM's tools."""
    program(machine, "uv", "exit 1")

    test, image = (make(machine, "--dry-run", target).stdout for target in ("test", "test-image"))

    assert '-m "not peers and not image"' in test
    assert "-m image tests/image" in image
    assert "requirements/image.txt" in image


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            [],
            "/uv pip sync --python .venv/bin/python --quiet --require-hashes --only-binary :all: requirements/dev.txt",
        ),
        (["UV="], "-m pip --disable-pip-version-check --python .venv/bin/python install --quiet --no-compile"),
    ],
)
def test_uv_installs_where_it_is(machine: Path, arguments: list[str], expected: str) -> None:
    """It is taken from the PATH, and can be refused: a private index may be known to pip alone."""
    program(machine, "uv", "exit 1")

    assert expected in make(machine, "--dry-run", "install", *arguments).stdout


def test_pip_is_there_wherever_it_is_used(machine: Path, root: Path) -> None:
    """Where uv made .venv, without a pip, and is gone since, each target that installs sees to pip before it does."""
    (machine / ".venv").mkdir()
    for name in ("locked", "installed"):
        (machine / ".venv" / name).touch()
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    rules = re.findall(r"^([\w./-]+):(?!=).*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    installing = {target for target, recipe in rules if re.search(r"\$\(call (fill|pip),", recipe)}

    assert installing >= {".venv/locked", ".venv/installed", "build/peers/installed", "fuzz", "dist"}
    for target in installing - {".venv/locked", ".venv/installed"}:  # which are made with a pip, or are there already
        before, pip, _ = make(machine, "--dry-run", target).stdout.partition("-m pip ")
        assert (target, pip) == (target, "-m pip ")
        assert "python3 -m venv .venv; }" in before, target


def test_pip_is_made_once(machine: Path) -> None:
    """It is made of the Python that made .venv, which keeps all that is installed; then there is nothing to do."""
    (machine / ".venv/bin").mkdir(parents=True)
    for name in ("locked", "installed"):
        (machine / ".venv" / name).touch()
    program(machine, "python3", 'case "$*" in "-m venv .venv") : > .venv/bin/pip; echo made ;; esac')

    first, second = make(machine, "install"), make(machine, "install")

    assert (first.returncode, first.stdout) == (0, "made\n")
    assert (second.returncode, second.stdout) == (0, "make: Nothing to be done for 'install'.\n")


def test_distributions_remove_nothing_of_others(machine: Path) -> None:
    """What `make fuzz` has learned stands in build, beside the environments that `make dist` makes anew."""
    program(machine, "uv", "exit 1")

    commands = make(machine, "--dry-run", "dist").stdout.splitlines()

    assert [each for each in commands if each.startswith("rm ")] == ["rm -rf dist"]
    made = [each for each in commands if "-m venv" in each and "build/" in each]
    assert len(made) == 3
    assert all("--clear" in each for each in made)
