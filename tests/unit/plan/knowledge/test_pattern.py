"""Patterns as in a shell."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.knowledge.pattern import fits_pattern

LETTERS = st.text("aA*?[!]-_\n", max_size=8)


@given(text=LETTERS, pattern=LETTERS)
def test_a_pattern_fits_what_fits_it_in_python(text: str, pattern: str) -> None:
    """The short ways to tell say what `fnmatch` says of any text and any pattern."""
    assert fits_pattern(text, pattern) == fnmatchcase(text, pattern)


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("aws_iam_*", True),
        ("aws_iam_role", True),
        ("aws_iam", False),
        ("*", True),
        ("*_role", True),
        ("aws_?am_*", True),
    ],
)
def test_a_pattern_fits_the_whole_text(pattern: str, fits: bool) -> None:  # noqa: FBT001 - what is expected
    """A word is the text itself, and a star stands for the rest of it, wherever it stands."""
    assert fits_pattern("aws_iam_role", pattern) is fits
