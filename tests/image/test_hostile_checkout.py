"""Nothing of the user's checkout, home or environment is executed, or read without being named by an input.

Whoever opens a pull request decides what is in the checkout, and an earlier step may have left anything at home. Each
file there is a trap: what is executed leaves a mark, and what is read has a time to show for it.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from container_engine import IMAGE, Engine
from container_step import ContainerStep
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner

pytestmark = pytest.mark.image

Serve = Callable[..., HcpTerraformSandbox]
Inputs = Callable[..., dict[str, str]]
Step = Callable[..., ContainerStep]

WORKSPACE = "/github/workspace"
PROGRAMS = ("cc", "file", "gcc", "git", "ldconfig", "ld", "lsb_release", "objdump", "python", "python3", "sh", "uname")
CONFIGURATION = {
    ".netrc": "machine 127.0.0.1 login somebody password else\n",
    "_netrc": "machine 127.0.0.1 login somebody password else\n",
    "pip.conf": "[global]\nindex-url = http://127.0.0.1:9\n",
    ".config/pip/pip.conf": "[global]\nindex-url = http://127.0.0.1:9\n",
    ".pip/pip.conf": "[global]\nindex-url = http://127.0.0.1:9\n",
    ".env": "HTTPS_PROXY=http://127.0.0.1:9\n",
    ".gitconfig": "[core]\n  fsmonitor = false\n",
    ".terraformrc": 'credentials "127.0.0.1" { token = "another" }\n',
    "pyproject.toml": "[project]\nname = 'tfc-plan-comment'\n",
    "setup.cfg": "[metadata]\nname = tfc-plan-comment\n",
    "pyvenv.cfg": f"home = {WORKSPACE}/python/bin\n",
    "openssl.cnf": "nonsense",
    "comment.md.j2": "mark",
    "heading.md.j2": "mark",
}
ENVIRONMENT = {
    "PYTHONPATH": WORKSPACE,
    "PYTHONSTARTUP": f"{WORKSPACE}/sitecustomize/__init__.py",
    "PYTHONUSERBASE": "/github/home/.local",
    "PYTHONPYCACHEPREFIX": WORKSPACE,
    "PYTHONINSPECT": "1",
    "PYTHONWARNINGS": "error",
    "PYTHONOPTIMIZE": "2",
    "NETRC": f"{WORKSPACE}/.netrc",
    "PIP_CONFIG_FILE": f"{WORKSPACE}/pip.conf",
}
PYTHON_HOME = {"PYTHONHOME": f"{WORKSPACE}/python"}
PATH = f"{WORKSPACE}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LONG_AGO = 1
MODULES = """
import importlib, pkgutil, sys, tfc_plan_comment as ours
for each in pkgutil.walk_packages(ours.__path__, ours.__name__ + "."):
    importlib.import_module(each.name)
print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.fixture
def trapped(runner: Runner, container_engine: Engine) -> Runner:
    """A runner with a trap for every module that the action imports, and for what else Python or a tool looks for."""
    modules = {*container_engine.python(IMAGE, MODULES).split(), "sitecustomize", "usercustomize"}
    assert {"requests", "github", "jinja2", "json", "os"} < modules
    workspace, home = runner.workspace, Path(runner.prepare("home", {})["HOME"])
    for name in modules:
        write(workspace / name / "__init__.py", trap(f"imported-{name}"))
        write(workspace / name / "__main__.py", trap(f"ran-{name}"))
    write(workspace / "python/lib/python3.13/encodings/__init__.py", trap("python-home"))
    packages = home / ".local/lib/python3.13/site-packages"
    write(packages / "usercustomize.py", trap("user-site"))
    for folder in (workspace, packages):
        write(folder / "trap.pth", f"import posix; posix.mkdir('{WORKSPACE}/marks/pth')\n")
    for name in PROGRAMS:
        write(workspace / "bin" / name, f"#!/bin/sh\nmkdir {WORKSPACE}/marks/program-{name}\n").chmod(0o755)
    for name, content in CONFIGURATION.items():
        write(workspace / name, content)
        write(home / name, content)
    write(workspace / "ours.j2", '{% extends "comment.md.j2" %}')
    (workspace / "marks").mkdir()
    return runner


def write(path: Path, content: str) -> Path:
    """Write the file, and the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def trap(name: str) -> str:
    """Python that leaves a mark, and needs nothing for it that could be a trap itself."""
    return f"import posix\nposix.mkdir('{WORKSPACE}/marks/{name}')\nraise SystemExit('{name}')\n"


def files(runner: Runner) -> Iterator[Path]:
    """What is in the checkout and at home."""
    for folder in (runner.workspace, runner.folder / "_temp/_github_home"):
        yield from (path for path in folder.rglob("*") if path.is_file())


def marks(runner: Runner) -> list[str]:
    """What was executed."""
    return sorted(path.name for path in (runner.workspace / "marks").iterdir())


def test_nothing_is_executed_or_read(
    serve: Serve, trapped: Runner, inputs: Inputs, step: Step, github: GitHubSandbox
) -> None:
    """Only the template is read, which an input names, and the tokens that are sent are those of the inputs."""
    before = {path: path.read_bytes() for path in files(trapped)}
    for path in before:
        os.utime(path, (LONG_AGO, path.stat().st_mtime))
    environ = {**ENVIRONMENT, **PYTHON_HOME}

    done = step(inputs(serve(), template="ours.j2"), environ=environ, options=("-e", f"PATH={PATH}")).run()

    read = [str(path.relative_to(trapped.folder)) for path in before if path.stat().st_atime != LONG_AGO]
    assert (done.exit_code, done.outputs["comment-result"]) == (0, "created"), done.log
    assert marks(trapped) == []
    assert read == ["repo/ours.j2"], "where this is empty, the disk does not note when a file is read (noatime)"
    assert {path: path.read_bytes() for path in files(trapped)} == before
    assert "Plan: 4 to add, 6 to change, 3 to destroy." in github.comments[0].body


STEP = ("-m", "tfc_plan_comment")
UNAME = ("-I", "-c", "import subprocess; subprocess.run(['uname'])")


@pytest.mark.parametrize(
    ("environ", "arguments", "mark"),
    [
        ({}, STEP, "imported-importlib"),
        ({"PYTHONPATH": WORKSPACE}, STEP, "imported-encodings"),
        (PYTHON_HOME, STEP, "python-home"),
        ({}, UNAME, "program-uname"),
    ],
    ids=["the working directory", "PYTHONPATH", "PYTHONHOME", "PATH"],
)
def test_the_traps_are_traps(
    trapped: Runner, step: Step, environ: dict[str, str], arguments: tuple[str, ...], mark: str
) -> None:
    """Without `-I`, and for whoever looks for a program, they close: the test above can fail."""
    options = ("--entrypoint", "/opt/venv/bin/python", "-e", f"PATH={PATH}")

    done = step({}, environ=environ, options=options, arguments=arguments).run()

    assert mark in marks(trapped), done.log
