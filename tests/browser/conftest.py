"""Node and a headless Chromium, as `make test-browser` finds them."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def browse() -> Callable[[str, Path], subprocess.CompletedProcess[str]]:
    """Runs a script of this folder, with one browser for all that is in the folder it is given."""
    node, chromium = shutil.which("node"), shutil.which("chromium")
    if not node or not chromium or not (HERE / "node_modules").is_dir():
        pytest.skip("needs node, chromium, and the npm packages of this folder: run `make test-browser`")

    def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        command = [node, str(HERE / script), chromium, str(folder)]
        return subprocess.run(  # noqa: S603 (a fixed command)
            command, check=False, capture_output=True, text=True
        )

    return run
