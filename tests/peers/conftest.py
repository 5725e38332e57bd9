"""What others made, from npm: GitHub's payloads, OpenAPI description, GraphQL schema and artifact client; Azurite."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The installed packages; `make test-peers` installs them."""
    folder = Path(__file__).parent / "node_modules"
    if not folder.is_dir():
        pytest.skip("needs npm packages: run `make test-peers`")
    return folder
