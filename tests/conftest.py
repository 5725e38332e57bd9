"""The flags of our own tests, and what holds for all of them."""

import hypothesis
import pytest

# No test depends on the machine's speed.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that writes the golden comments and the schema anew; `git diff` shows what became of them."""
    help_ = "write tests/golden/*/comment.md and docs/summary.schema.json anew"
    parser.addoption("--regenerate-golden", action="store_true", help=help_)
