"""What is installed is what is locked, and whatever installs takes the lock's word for it."""

import re
import sys
import sysconfig
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

INSTALLERS = ["Makefile", "Dockerfile", "CONTRIBUTING.md", ".ci/run"]
# What venv puts into an environment, where pip installs.
BROUGHT_BY_VENV = {"pip"} if sys.version_info >= (3, 12) else {"pip", "setuptools"}


def locked(root: Path, name: str) -> dict[str, str]:
    """The packages that a lock has for this Python on this system, by name, each with its version."""
    lines = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line.removesuffix("\\")) for line in lines if re.match(r"\w", line)]
    return {
        canonicalize_name(each.name): str(each.specifier).removeprefix("==")
        for each in requirements
        if each.marker is None or each.marker.evaluate()
    }


def commands(text: str) -> list[str]:
    """The commands of pip and uv that install, each in one line; comments are left out."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*$", "", text, flags=re.MULTILINE))
    return re.findall(r"\bpip\b[^\n&]*?\b(?:install|sync|download|wheel)\b[ )][^\n&;]*", joined)


def test_what_is_installed_is_what_is_locked() -> None:
    """Name by name and version by version, and there is nothing else but the project, and what venv brings along."""
    root = Path(__file__).parents[2]
    folders = {sysconfig.get_path(name) for name in ("purelib", "platlib")}

    installed = sorted((canonicalize_name(each.name), each.version) for each in distributions(path=sorted(folders)))

    ours = [pair for pair in installed if pair[0] not in BROUGHT_BY_VENV | {"tfc-plan-comment"}]
    assert ours == sorted(locked(root, "dev").items())


@pytest.fixture(scope="session")
def installers(root: Path) -> dict[str, str]:
    """The files that install, or tell a person how to."""
    workflows = [f".github/workflows/{path.name}" for path in (root / ".github/workflows").iterdir()]
    return {name: (root / name).read_text(encoding="utf-8") for name in [*INSTALLERS, *workflows]}


def test_no_resolver_takes_part(installers: dict[str, str]) -> None:
    """Whatever installs does it without dependencies: `--no-deps`, or `uv pip sync`, which looks at none."""
    installing = [f"{name}: {command}" for name, text in installers.items() for command in commands(text)]

    assert len(installing) > 5
    assert [line for line in installing if "--no-deps" not in line and ",sync)" not in line] == []


def test_whatever_is_not_ours_is_checked_by_hash(installers: dict[str, str]) -> None:
    """Each command has `--require-hashes`, or installs what this repository builds, and may look nothing up."""
    installing = [command for text in installers.values() for command in commands(text)]
    allowed = "--require-hashes", "--no-index", "--no-build-isolation"

    assert [line for line in installing if not any(option in line for option in allowed)] == []


def test_pip_check_has_the_last_word(root: Path) -> None:
    """No resolver looks whether something is missing, so each environment is checked after the last install into it."""
    make = (root / "Makefile").read_text(encoding="utf-8").replace("$(call shown,", "$(call pip,check ")
    image = (root / "Dockerfile").read_text(encoding="utf-8")

    filled = set(re.findall(r"\$\(call fill,([a-z/.]+),", make))
    assert filled == {".venv", "build/peers", "build/sbom", "build/twine", "build/wheel", "build/sdist", "build/fuzz"}
    for folder in filled:
        last = re.findall(rf"\$\(call (?:fill|pip),(?:check )?{folder}[,)].*", make)[-1]
        assert "check" in last
    assert re.findall(r"-m pip (?:--python \S+ )?(install|check)", image) == [
        "install",
        "check",
        "install",
        "install",
        "check",
    ]
