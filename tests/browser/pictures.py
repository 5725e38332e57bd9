"""Renews the pictures in docs/: runs scenarios of the demo, photographs their comments. Started by `make pictures`."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tfc_sandbox.preview import parse

HERE = Path(__file__).parent
RUN_ID = "run-e7Qx4mPz9bTfKc2d"
"""Each run of the demo has another one, which would be another picture."""
SCENARIOS = ("push", "many", "failed", "policies", "applied")


def main(folder: Path) -> None:
    """Write the pictures into the folder."""
    chromium, node = (shutil.which(name) or name for name in ("chromium", "node"))
    with tempfile.TemporaryDirectory() as temporary:
        parsed = Path(temporary)
        for scenario in SCENARIOS:
            demo = parsed / scenario
            _run(sys.executable, "-m", "tfc_sandbox", "--scenario", scenario, "--out", demo)
            comment = re.sub(r"\brun-\w+", RUN_ID, (demo / "comment.md").read_text(encoding="utf-8"))
            (parsed / f"{scenario}.html").write_text(parse(comment), encoding="utf-8")
        _run(node, HERE / "pictures.mjs", chromium, parsed, folder)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own programs, by their own paths


if __name__ == "__main__":
    main(Path(sys.argv[1]))
