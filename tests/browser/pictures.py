"""Renews the pictures in docs/: runs the demo, and photographs its comment. Started by `make pictures`."""

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


def main(folder: Path) -> None:
    """Write the pictures into the folder."""
    chromium, node = (shutil.which(name) or name for name in ("chromium", "node"))
    with tempfile.TemporaryDirectory() as temporary:
        demo, html = Path(temporary), Path(temporary) / "parsed.html"
        _run(sys.executable, "-m", "tfc_sandbox", "--out", demo)
        comment = re.sub(r"\brun-\w+", RUN_ID, (demo / "comment.md").read_text(encoding="utf-8"))
        html.write_text(parse(comment), encoding="utf-8")
        _run(node, HERE / "pictures.mjs", chromium, html, folder)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own programs, by their own paths


if __name__ == "__main__":
    main(Path(sys.argv[1]))
