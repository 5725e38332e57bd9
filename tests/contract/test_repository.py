"""What holds for the repository's files: locks, image, changelog, and what must stand in none of them."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tfc_plan_comment import __version__

REGISTRY = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com|debian\.org)\b")
MACHINE = re.compile(r"(?<![\w+/.~-])/(?:root|tmp|work/main|work/shared)/|\.\./shared\b")


@pytest.fixture(scope="session")
def texts(root: Path) -> dict[str, str]:
    """Every text file that is in git, or would be after `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(  # noqa: S603 (a fixed command)
        command, cwd=root, check=True, capture_output=True, text=True
    )
    names = listing.stdout.split("\0")
    contents = {name: (root / name).read_bytes() for name in names if (root / name).is_file()}
    return {name: content.decode(errors="replace") for name, content in contents.items() if b"\0" not in content}


def places(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """Where the pattern matches, `file: match`."""
    return [f"{name}: {match[0]}" for name, text in texts.items() for match in pattern.finditer(text)]


def pinned(lock: str) -> Iterator[tuple[str, str]]:
    """`name==version` and what follows it, for each requirement in a lock."""
    for line in lock.replace("\\\n", " ").splitlines():
        if line and not line.lstrip().startswith("#"):
            requirement, _, rest = line.partition(" ")
            yield requirement, rest


def test_no_file_names_a_package_registry(texts: dict[str, str]) -> None:
    """Where packages come from is for the machine that installs them to say."""
    assert places(REGISTRY, texts) == []


def test_no_file_names_a_path_of_one_machine(texts: dict[str, str]) -> None:
    """The project lies in any folder."""
    assert places(MACHINE, texts) == []


@pytest.mark.parametrize("name", ["runtime", "build", "dev", "image", "peers", "release", "fuzz"])
def test_every_requirement_is_locked_by_hash(root: Path, name: str) -> None:
    """A lock holds one version of each package, what it may weigh, and no option."""
    lock = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")

    assert [line for line in pinned(lock) if not re.fullmatch(r"[a-z0-9.-]+==\S+", line[0])] == []
    assert [requirement for requirement, rest in pinned(lock) if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize("name", ["runtime", "build"])
def test_what_is_shipped_is_what_is_tested(root: Path, name: str) -> None:
    """The image's packages are those that the tests run with, version for version."""
    tested = {requirement for requirement, _ in pinned((root / "requirements/dev.txt").read_text(encoding="utf-8"))}
    shipped = {
        requirement for requirement, _ in pinned((root / f"requirements/{name}.txt").read_text(encoding="utf-8"))
    }

    assert shipped - tested == set()


def test_the_image_starts_python_in_isolation(root: Path) -> None:
    """In exec form, by its absolute path, and with -I: a file in the user's checkout shadows none of our packages."""
    dockerfile = (root / "Dockerfile").read_text(encoding="utf-8")

    entry_points = [json.loads(line) for line in re.findall(r"^ENTRYPOINT (.*)$", dockerfile, flags=re.MULTILINE)]
    assert entry_points == [["/opt/venv/bin/python", "-I", "-m", "tfc_plan_comment"]]


def test_the_image_runs_as_root(root: Path) -> None:
    """GitHub's runner demands it (GitHub Docs, "Dockerfile support for GitHub Actions"): there is no USER."""
    dockerfile = (root / "Dockerfile").read_text(encoding="utf-8")

    assert re.search(r"^\s*USER\b", dockerfile, flags=re.MULTILINE) is None


def test_whatever_the_image_installs_is_locked(root: Path) -> None:
    """No resolver takes part, and hashes are checked but for our own wheel; at the end pip checks what is there."""
    dockerfile = (root / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    commands = re.findall(r"-m pip .*?(?=&&|$)", dockerfile, flags=re.MULTILINE)

    installs = [line for line in commands if " check" not in line]
    assert len(installs) == 4
    assert commands[-1].split()[-1] == "check"
    assert [line for line in installs if "--no-deps" not in line] == []
    assert [line for line in installs if "-r requirements/" in line and "--require-hashes" not in line] == []


def test_a_release_pins_the_base_that_the_dockerfile_names(root: Path) -> None:
    """A build context that bears another name than FROM would pin nothing, and say nothing."""
    bases = set(re.findall(r"^FROM (\S+)", (root / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    release = (root / ".github/workflows/release.yml").read_text(encoding="utf-8")

    assert bases == set(re.findall(r'--build-context "(\S+?)=docker-image://', release))


def test_the_base_is_all_that_a_build_fetches_from_a_registry(root: Path) -> None:
    """There is one base, and neither a frontend nor another image takes part."""
    dockerfile = (root / "Dockerfile").read_text(encoding="utf-8")

    assert set(re.findall(r"^FROM (\S+)", dockerfile, flags=re.MULTILINE)) == {"python:3.13-slim"}
    assert re.findall(r"--from=(\S+)", dockerfile) == ["build"]
    assert re.search(r"^# *syntax *=", dockerfile, flags=re.MULTILINE | re.IGNORECASE) is None


def test_only_what_the_image_needs_gets_into_its_build(root: Path) -> None:
    """All is shut out but what is named, and the sandbox and the tests are not."""
    rules = [line for line in (root / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]

    assert rules[0] == "*"
    assert sorted(rule[1:] for rule in rules if rule.startswith("!")) == [
        "LICENSE",
        "README.md",
        "pyproject.toml",
        "requirements/build.txt",
        "requirements/runtime.txt",
        "src/tfc_plan_comment",
    ]


def test_the_changelog_tells_of_this_version(root: Path) -> None:
    """The newest version in it is the package's, or is still to come under Unreleased."""
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+?)\]", changelog, flags=re.MULTILINE)

    assert headings[0] == "Unreleased"
    assert headings[1:2] in ([], [__version__])


def test_every_runtime_dependency_has_a_reason(root: Path) -> None:
    """CONTRIBUTING.md says of each package in requirements/runtime.in why it is there."""
    contributing = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = (root / "requirements/runtime.in").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not line.startswith("#") and f"- `{line}`: " not in contributing] == []
