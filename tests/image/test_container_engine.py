"""Which engine builds and runs the image, and what is said where that cannot be done."""

import os
from pathlib import Path

import pytest

from container_engine import CannotUseContainersError, Engine, engine
from make_sbom import make_sbom
from stand_in_base import make_base


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of programs on the PATH, in which nothing is yet, and root."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


def program(machine: Path, name: str, script: str = "") -> None:
    """Put a program on the PATH, given as a script of the shell."""
    (machine / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (machine / name).chmod(0o755)


def refusal(of: Engine | None = None) -> str:
    """What is said instead of naming an engine, or of using one."""
    with pytest.raises(CannotUseContainersError) as refused:
        engine() if of is None else of.ask("build", ".")
    return str(refused.value)


def test_docker_is_taken_where_its_engine_answers(machine: Path) -> None:
    """Whatever else there is."""
    for name in ("docker", "podman", "runc", "debootstrap"):
        program(machine, name)

    assert (engine().name, engine().is_stand_in) == ("Docker", False)


def test_without_dockers_engine_podman_is_taken(machine: Path) -> None:
    """The command alone is on many machines."""
    program(machine, "docker", "exit 1")
    for name in ("podman", "runc", "debootstrap"):
        program(machine, name)

    assert (engine().name, engine().is_stand_in) == ("podman", True)


@pytest.mark.parametrize("missing", ["podman", "runc", "debootstrap"])
def test_without_any_engine(machine: Path, missing: str) -> None:
    """The sentence says what to install."""
    for name in {"podman", "runc", "debootstrap"} - {missing}:
        program(machine, name)

    assert refusal() == (
        "Cannot build the image: no Docker engine answers, and podman, runc or debootstrap is not on the PATH. "
        "Start Docker, or install Debian's packages debian-archive-keyring, debootstrap, podman and runc."
    )


def test_without_docker_it_takes_root(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in for the base has devices and files of root's."""
    for name in ("podman", "runc", "debootstrap"):
        program(machine, name)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert refusal() == (
        "Cannot build the image: no Docker engine answers, and debootstrap needs root. "
        "Start Docker, or run this as root."
    )


def test_what_an_engine_says_is_shown(machine: Path) -> None:
    """With the command that it was asked by."""
    program(machine, "docker", '[ "$1" = info ] || { echo "no space left"; exit 125; }')

    assert refusal(engine()) == f"Cannot run {machine}/docker build .: it ended with 125. It said:\nno space left\n"


def test_what_debootstrap_says_is_shown(machine: Path) -> None:
    """It is asked for signed packages, and no image is made where it fails."""
    for name in ("podman", "runc"):
        program(machine, name, "exit 99")
    program(machine, "debootstrap", 'echo "E: $1"; exit 1')

    with pytest.raises(CannotUseContainersError) as refused:
        make_base(engine())

    assert str(refused.value) == (
        "Cannot make the stand-in for the base image: debootstrap ended with 1. It said:\nE: --force-check-gpg\n"
    )


def test_what_the_tools_of_the_sbom_say_is_shown(
    machine: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Which of them it was, too."""
    program(machine, "docker")
    program(machine, "syft", "echo no such image >&2; exit 1")
    monkeypatch.setattr("make_sbom.TOOLS", machine)

    with pytest.raises(CannotUseContainersError) as refused:
        make_sbom(engine(), tmp_path / "sbom.json")

    assert str(refused.value) == "Cannot make the SBOM: syft ended with 1. It said:\nno such image\n"
