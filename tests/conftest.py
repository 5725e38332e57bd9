"""The flags of our own tests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that writes the golden comments anew; `git diff` shows what became of them."""
    parser.addoption("--regenerate-golden", action="store_true", help="write tests/golden/*/comment.md anew")
