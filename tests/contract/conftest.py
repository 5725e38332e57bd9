"""What the contract tests read: the repository itself."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def action(root: Path) -> dict[str, Any]:
    """action.yml, read."""
    content: dict[str, Any] = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    return content
