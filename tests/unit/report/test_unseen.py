"""What nobody sees in a text is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.report.unseen import visible

CHARACTERS = st.characters(codec=None, exclude_categories=())


@pytest.mark.parametrize(
    ("unseen", "escape"),
    [
        ("\x00", r"\x00"),
        ("\a\b\f\v\r\n\t", r"\a\b\f\v\r\n\t"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\x7f\x85\x9f\xa0", r"\x7f\u0085\u009f\u00a0"),
        ("\xad\u034f\u061c\u180e", r"\u00ad\u034f\u061c\u180e"),
        ("\u200b\u200c\u200d\u200e\u200f", r"\u200b\u200c\u200d\u200e\u200f"),
        ("\u2028\u2029\u202a\u202e\u202f", r"\u2028\u2029\u202a\u202e\u202f"),
        ("\u2060\u2066\u2069\ufeff", r"\u2060\u2066\u2069\ufeff"),
        ("\ud800\udfff", r"\ud800\udfff"),
        ("\ufe0f\ufff9\uffff", r"\ufe0f\ufff9\uffff"),
        ("\U000e0001\U000e0041\U000e01ef", r"\U000e0001\U000e0041\U000e01ef"),
    ],
)
def test_characters_that_nobody_sees_are_shown_as_escapes(unseen: str, escape: str) -> None:
    """Controls, bidirectional and zero-width characters, separators, surrogates, tags: written as Go's `%q` does."""
    assert visible(f"a{unseen}z") == f"a{escape}z"


def test_letters_of_every_script_stay_as_they_are() -> None:
    """Right-to-left letters, ideographs, combining accents and emoji are visible already."""
    letters = "\u05e9\u05dc\u05d5\u05dd \u0627\u0644 \u6f22\u5b57 \u3042\u3000\u30a2 e\u0301 \U0001f680 \xe9\\n"
    assert visible(letters) == letters


def test_lines_are_kept_on_request() -> None:
    """With `keep_lines`, line feeds and tabs stay; a carriage return would still move the cursor, and is shown."""
    assert visible("a\tb\r\nc\u2028", keep_lines=True) == "a\tb\\r\nc\\u2028"


@given(st.text(CHARACTERS), st.booleans())
def test_visible_text_can_be_encoded_and_is_stable(hostile: str, keep_lines: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """What comes out is UTF-8 and has nothing more to escape."""
    shown = visible(hostile, keep_lines=keep_lines)
    assert visible(shown.encode().decode(), keep_lines=keep_lines) == shown
