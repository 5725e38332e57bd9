"""The flags of our own tests, and what holds for all of them."""

import hypothesis
import pytest

# No test depends on the machine's speed.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that writes the golden comments anew; `git diff` shows what became of them."""
    parser.addoption("--regenerate-golden", action="store_true", help="write tests/golden/*/comment.md anew")
