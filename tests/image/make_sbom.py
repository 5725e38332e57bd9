"""Writes the SPDX document of what is in an image, Debian's packages and Python's: `make sbom`.

Anchore's syft looks through the image, and SPDX's own tools check what it wrote. Both are installed in an environment
of their own.

    python tests/image/make_sbom.py OUTPUT
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from container_engine import IMAGE, ROOT, CannotUseContainersError, Engine, engine
from tfc_plan_comment import __version__

TOOLS = ROOT / "build" / "sbom" / "bin"
SETTINGS = {"SYFT_CHECK_FOR_APP_UPDATE": "false"}


def make_sbom(with_engine: Engine, output: Path) -> None:
    """Write what syft finds in the image. Raises CannotUseContainersError with what a tool says, if it fails."""
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "image.tar"
        with_engine.save(IMAGE, archive)
        _run(
            *(TOOLS / "syft", "scan", f"docker-archive:{archive}", "--quiet", "--output", f"spdx-json={output}"),
            *("--source-name", "tfc-plan-comment", "--source-version", __version__),
        )
    _run(TOOLS / "pyspdxtools", "--infile", output)


def _run(*command: str | Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own tools, by their own path
        command, check=False, capture_output=True, text=True, env={**os.environ, **SETTINGS}
    )
    if done.returncode != 0:
        tool = Path(command[0]).name
        raise CannotUseContainersError(
            f"Cannot make the SBOM: {tool} ended with {done.returncode}. It said:\n{done.stdout}{done.stderr}"
        )


if __name__ == "__main__":
    try:
        make_sbom(engine(), Path(sys.argv[1]))
    except CannotUseContainersError as error:
        sys.exit(str(error))
