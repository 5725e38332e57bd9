"""A step starts at once: it compiles nothing, and imports little before it says something."""

import re
from collections.abc import Callable
from time import monotonic

import pytest

from container_engine import Engine
from container_step import ContainerStep
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox

pytestmark = pytest.mark.image

Serve = Callable[..., HcpTerraformSandbox]
Inputs = Callable[..., dict[str, str]]
Step = Callable[..., ContainerStep]

PYTHON = ("--entrypoint", "/opt/venv/bin/python")
MOST_IMPORTS = 180
LATE = {"cryptography", "github", "jinja2", "jwt", "nacl", "requests", "tenacity", "urllib3"}
"""What takes long to import, and is for later."""


def test_all_bytecode_is_in_the_image(serve: Serve, inputs: Inputs, step: Step) -> None:
    """Nothing that a step imports is compiled, from its start to its end: not even of Python's own library."""
    verbose = ("-I", "-v", "-m", "tfc_plan_comment")

    done = step(inputs(serve()), options=PYTHON, arguments=verbose).run()

    code = re.findall(r"^# code object from '?(.+?)'?$", done.log, flags=re.MULTILINE)
    assert done.exit_code == 0
    assert len(code) > 300
    assert [path for path in code if not path.endswith(".pyc")] == []


def test_nothing_is_left_to_be_made(container_engine: Engine, serve: Serve, inputs: Inputs, step: Step) -> None:
    """A step that comments and writes the report adds nothing to our files or Python's: no bytecode, no template."""
    kept = step(inputs(serve(), report="true", report_artifact=""), options=("--rm=false",))

    done = kept.run()

    changes = container_engine.ask("diff", kept.name).splitlines()
    container_engine.ask("rm", kept.name)
    assert done.exit_code == 0
    assert changes
    assert [line for line in changes if re.match(r"\w /(?:opt|usr)\b", line)] == []


def test_little_is_imported_before_the_first_line(
    serve: Serve, inputs: Inputs, step: Step, say: Callable[[str], None]
) -> None:
    """What reads the inputs and says something of them; the seconds, which are the machine's, are only printed."""
    given = inputs(serve())
    verbose = ("-I", "-v", "-m", "tfc_plan_comment")

    log = step(given, options=PYTHON, arguments=verbose).run().log

    before, line, _ = log.partition("\n::")
    imported = re.findall(r"^import '(.+?)'", before, flags=re.MULTILINE)
    assert line
    assert len(imported) <= MOST_IMPORTS
    assert {name.partition(".")[0] for name in imported} & LATE == set()
    bare = first_line(step(given, options=PYTHON, arguments=("-I", "-c", "print()")))
    ours = first_line(step(given))
    say(
        f"{len(imported)} modules are imported before the first line; "
        f"it came after {ours:.2f} s, and that of a bare Python after {bare:.2f} s"
    )


def first_line(step: ContainerStep) -> float:
    """The seconds until the first line."""
    started = monotonic()
    with step.start() as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = monotonic() - started
        process.communicate()
    return seconds
