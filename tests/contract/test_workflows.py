"""The workflows, action.yml and dependabot.yml pass their linters, and ours."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ZIZMOR = ("zizmor", "--offline", "--pedantic", "--no-config", "--no-progress", "--color=never")
WRONG = """
on: issues
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: echo "${{ github.event.issue.title }}"
"""
WORKFLOWS = ["ci.yml", "release.yml", "self-test.yml"]


def run(*command: str, root: Path) -> subprocess.CompletedProcess[str]:
    """Run one of the tools that are installed beside this Python."""
    tool = Path(sys.executable).with_name(command[0])
    return subprocess.run(  # noqa: S603 (our own tools, by their own path)
        [tool, *command[1:]], cwd=root, check=False, capture_output=True, text=True
    )


def assert_content(*command: str, root: Path) -> None:
    """One of the tools must be content; else this shows what it said."""
    result = run(*command, root=root)

    assert result.returncode == 0, result.stdout + result.stderr


def jobs(root: Path, name: str) -> dict[str, Any]:
    """The jobs of a workflow."""
    content: dict[str, Any] = yaml.safe_load((root / ".github/workflows" / name).read_text(encoding="utf-8"))
    found: dict[str, Any] = content["jobs"]
    return found


def test_zizmor_finds_nothing(root: Path) -> None:
    """No workflow has one of the weaknesses, or bad habits, that zizmor knows without the network."""
    assert_content(*ZIZMOR, ".", root=root)


def test_zizmor_notices_what_is_wrong(tmp_path: Path) -> None:
    """So that its silence means something."""
    workflow = tmp_path / ".github/workflows/wrong.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(WRONG, encoding="utf-8")

    said = run(*ZIZMOR, ".", root=tmp_path).stdout

    assert {"template-injection", "unpinned-uses", "excessive-permissions"} <= {*re.findall(r"\[([a-z-]+)\]:", said)}


def test_what_zizmor_is_not_to_say_has_a_reason(root: Path) -> None:
    """Beside it, on the same line; a file of settings is not read."""
    files = [*(root / ".github").rglob("*.yml"), root / "action.yml"]
    ignored = re.findall(r"zizmor: ignore.*", "\n".join(path.read_text(encoding="utf-8") for path in files))

    assert ignored
    assert [line for line in ignored if not re.fullmatch(r"zizmor: ignore\[[a-z-]+\] \w.*", line)] == []


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", [f".github/workflows/{name}" for name in WORKFLOWS]),
        ("github-actions", ["action.yml"]),
        ("dependabot", [".github/dependabot.yml"]),
    ],
)
def test_the_schemas_hold(root: Path, schema: str, files: list[str]) -> None:
    """Each file has the form that GitHub reads."""
    assert_content("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files, root=root)


@pytest.mark.parametrize("schema", ["github-workflows", "github-actions", "dependabot"])
def test_the_schemas_notice_what_is_wrong(tmp_path: Path, schema: str) -> None:
    """So that their silence means something."""
    (tmp_path / "wrong.yml").write_text("absent: true\n", encoding="utf-8")

    assert run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", "wrong.yml", root=tmp_path).returncode == 1


def test_every_workflow_is_looked_at(root: Path) -> None:
    """A new workflow has to be added to the list above."""
    assert sorted(path.name for path in (root / ".github/workflows").iterdir()) == WORKFLOWS


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_by_commit(root: Path, name: str) -> None:
    """With the version in a comment, so that Dependabot keeps both up to date; or it is this action itself."""
    text = (root / ".github/workflows" / name).read_text(encoding="utf-8")
    uses = re.findall(r"^\s*-? ?uses: (.*)$", text, flags=re.MULTILINE)

    assert uses
    assert [use for use in uses if not re.fullmatch(r"\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./( #.*)?", use)] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_permission_has_a_reason(root: Path, name: str) -> None:
    """Nothing is granted to the whole workflow, and what is granted to a job says why."""
    lines = (root / ".github/workflows" / name).read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith("permissions:")] == [
        "permissions: {} # each job asks for what it needs"
    ]
    assert [line for line in lines if re.search(r": (read|write)\b(?! # \w)", line)] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_job_ends(root: Path, name: str) -> None:
    """Each has a timeout; without one it is six hours."""
    assert [job for job, content in jobs(root, name).items() if "timeout-minutes" not in content] == []


def test_the_gate_waits_for_every_job(root: Path) -> None:
    """A job that the gate forgets could fail unnoticed."""
    found = jobs(root, "ci.yml")

    assert sorted(found["passed"]["needs"]) == sorted(found.keys() - {"passed"})


def platforms(job: dict[str, Any]) -> set[tuple[str, str]]:
    """The platforms of a job, each with its runner."""
    return {(each["platform"], each["runner"]) for each in job["strategy"]["matrix"]["include"]}


def test_the_image_is_tried_where_it_is_released(root: Path) -> None:
    """On a runner of each platform, by the command that everybody has."""
    image = jobs(root, "ci.yml")["image"]
    released = {runner for _, runner in platforms(jobs(root, "release.yml")["build"])}

    assert set(image["strategy"]["matrix"]["runner"]) == released
    assert image["steps"][-1]["run"] == "make test-image PYTHON=python"


def test_what_is_in_each_image_is_attested(root: Path) -> None:
    """For each platform that is built there is an SBOM, made of what was pushed and attested with its digest."""
    release = jobs(root, "release.yml")
    built = platforms(release["build"])

    assert platforms(release["sbom"]) == built
    assert {(each["platform"], each["digest"]) for each in release["sbom"]["strategy"]["matrix"]["include"]} == {
        (name, f"${{{{ needs.build.outputs.{name} }}}}") for name, _ in built
    }
    assert {
        (each["with"]["subject-digest"], each["with"]["sbom-path"])
        for each in release["draft"]["steps"]
        if "sbom-path" in each.get("with", {})
    } == {(f"${{{{ needs.build.outputs.{name} }}}}", f"sboms/sbom-{name}/sbom.spdx.json") for name, _ in built}


def test_whoever_lists_what_is_in_an_image_cannot_write_one(root: Path) -> None:
    """The tools for it come from others; neither they nor any other package run where an image can be pushed."""
    release = jobs(root, "release.yml")
    pushing = [name for name, job in release.items() if job["permissions"].get("packages") == "write"]

    assert sorted(pushing) == ["build", "draft"]
    runs = "".join(step.get("run", "") for name in pushing for step in release[name]["steps"])
    assert re.search(r"\b(?:make|pip|npm|python)\b", runs.replace("python:3.13-slim", "")) is None


def test_the_self_test_uses_what_there_is(root: Path, action: dict[str, Any]) -> None:
    """Its inputs, outputs and files exist: it runs on GitHub only, where a slip would be found late."""
    steps = jobs(root, "self-test.yml")["self-test"]["steps"]
    ours = [step for step in steps if step.get("uses") == "./"]
    text = (root / ".github/workflows/self-test.yml").read_text(encoding="utf-8")

    assert {name for step in ours for name in step["with"]} - action["inputs"].keys() == set()
    for step in ours:
        used = set(re.findall(rf"steps\.{step['id']}\.outputs\.([a-z-]+)", text))
        assert used - action["outputs"].keys() == set()
    assert [path for path in re.findall(r"\btests/\S+\.\w+", text) if not (root / path).is_file()] == []
