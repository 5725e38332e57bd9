"""What is in the image: what is locked and what is ours, on the base, and nothing that was only needed to build it."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from container_engine import BASE, IMAGE, ROOT, Engine
from image_layers import Entry, Layer, our_layers
from make_sbom import make_sbom
from tfc_plan_comment import __version__

pytestmark = pytest.mark.image

MOST_MEGABYTES = 26
OURS = re.compile(
    r"opt/venv/(?:bin/|lib/|lib64$|pyvenv\.cfg$|\.gitignore$)|usr/(?:local/)?lib/python3\.\d+/(?:.+/)?__pycache__/"
)
AGAIN = "tfc-plan-comment:again"
DISTRIBUTIONS = """
import json, pathlib
from importlib.metadata import Distribution
found = [Distribution.at(path) for top in {tops} for path in pathlib.Path(top).rglob('*.dist-info')]
print(json.dumps([[each.name, each.version] for each in found]))
"""


@pytest.fixture(scope="module")
def layers(container_engine: Engine) -> list[Layer]:
    """The layers above the base."""
    return our_layers(container_engine, IMAGE)


def entries(layers: list[Layer]) -> dict[str, Entry]:
    """All that is in them."""
    return {path: entry for layer in layers for path, entry in layer.entries.items()}


def distributions(engine: Engine, *tops: str) -> list[tuple[str, str]]:
    """The Python packages below these folders, with their versions, as their own metadata tells."""
    found = json.loads(engine.python(IMAGE, DISTRIBUTIONS.format(tops=tops)))
    return sorted((canonicalize_name(name), version) for name, version in found)


def locked(name: str, environment: dict[str, str]) -> list[tuple[str, str]]:
    """The packages of a lock, with their versions, for this Python."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line.removesuffix("\\")) for line in lines if re.match(r"\w", line)]
    return [
        (canonicalize_name(each.name), str(each.specifier).removeprefix("=="))
        for each in requirements
        if each.marker is None or each.marker.evaluate(environment)
    ]


def test_the_packages_are_the_locked_ones(container_engine: Engine) -> None:
    """Name by name and version by version, and ours; there is no pip, no setuptools and no build backend."""
    code = "import json, sys; print(json.dumps('%d.%d' % sys.version_info[:2]))"
    python = json.loads(container_engine.python(IMAGE, code))
    environment = {"python_version": python, "python_full_version": f"{python}.0"}

    found = distributions(container_engine, "/opt/venv")

    assert found == sorted([*locked("runtime", environment), ("tfc-plan-comment", __version__)])


def test_nothing_else_is_added_to_the_base(layers: list[Layer]) -> None:
    """Files are in our environment, or bytecode of Python's library; nothing of the build is left."""
    files = [path for path, entry in entries(layers).items() if entry.kind != b"5"]

    assert len(files) > 1000
    assert [path for path in files if not OURS.match(path)] == []
    assert [path for path in files if path.endswith((".whl", ".gz", "direct_url.json"))] == []
    assert [path for path in files if "tfc_sandbox" in path or re.search(r"/_?(?:pytest|pip|setuptools)/", path)] == []


def test_everything_is_roots_and_nobody_elses(layers: list[Layer]) -> None:
    """No file can be changed by another user, and none gives its user another one's rights."""
    found = {path: entry for path, entry in entries(layers).items() if entry.kind != b"2"}

    assert [path for path, entry in found.items() if entry.owner != (0, 0) or entry.mode & 0o6022] == []


def test_it_stays_small(layers: list[Layer], say: Callable[[str], None]) -> None:
    """The largest part is GitHub's client; what it would sign with is left out."""
    size = sum(entry.size for entry in entries(layers).values()) / 1e6

    say(f"{size:.1f} MB of at most {MOST_MEGABYTES} MB above the base")
    assert size < MOST_MEGABYTES


def test_another_build_has_the_same_bytes(container_engine: Engine, layers: list[Layer]) -> None:
    """Everything is done again, nothing is taken from a cache, and each layer has the same digest.

    Docker's own builder, unlike podman, leaves the time of the build on the files, so there these are not compared.
    """
    container_engine.build(AGAIN, cache=False)
    again = our_layers(container_engine, AGAIN)
    container_engine.ask("rmi", AGAIN)

    first, second = entries(layers), entries(again)
    assert sorted(path for path in first.keys() | second.keys() if first.get(path) != second.get(path)) == []
    if container_engine.sets_times:
        assert [layer.digest for layer in again] == [layer.digest for layer in layers]


def test_the_labels_say_what_it_is(container_engine: Engine) -> None:
    """In the words of the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    prefix = "org.opencontainers.image."

    labels = container_engine.inspect(IMAGE)["Config"]["Labels"]
    theirs = container_engine.inspect(BASE)["Config"].get("Labels") or {}

    ours = {name: value for name, value in labels.items() if name not in theirs and name.startswith(prefix)}
    assert ours == {
        f"{prefix}title": project["name"],
        f"{prefix}description": project["description"],
        f"{prefix}licenses": project["license"],
    }


def test_the_sbom_names_what_is_there(container_engine: Engine, tmp_path: Path) -> None:
    """Exactly the Python packages that have metadata, and the packages that dpkg knows, the base's as well as ours."""
    make_sbom(container_engine, tmp_path / "sbom.json")

    document = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    named: dict[str, list[tuple[str, str]]] = {"pypi": [], "deb": []}
    for package in document["packages"]:
        for reference in package.get("externalRefs", []):
            if kind := re.match(r"pkg:(pypi|deb)/", reference["referenceLocator"]):
                named[kind[1]].append((package["name"], package["versionInfo"]))
    query = container_engine.run_command(
        IMAGE, "--entrypoint", "dpkg-query", arguments=("-W", "-f", "${Package} ${Version}\n")
    )
    debian = container_engine.ask(*query[len(container_engine.command) :])
    python = sorted((canonicalize_name(name), version) for name, version in named["pypi"])
    assert document["spdxVersion"] == "SPDX-2.3"
    assert document["name"] == "tfc-plan-comment"
    assert python == distributions(container_engine, "/opt", "/usr")
    assert sorted(named["deb"]) == sorted((line.split()[0], line.split()[1]) for line in debian.splitlines())
