"""When a life cycle invokes an action."""

import pytest

from tfc_plan_comment.report.events import tell_when


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("BeforeCreate", " before t.n is created"),
        ("AfterCreate", " after t.n is created"),
        ("BeforeUpdate", " before t.n is updated"),
        ("AfterUpdate", " after t.n is updated"),
        ("BeforeDestroy", " before t.n is destroyed"),
        ("AfterDestroy", " after t.n is destroyed"),
        ("before_create", " before t.n is created"),
        ("DuringLunch\x1b", " for t.n, on the event DuringLunch\\x1b"),
        ("", " for t.n"),
    ],
)
def test_the_moment_is_said_in_words(event: str, words: str) -> None:
    """Before or after what; an event that we have never heard of stands as it is, and is inert."""
    assert tell_when(event, "t.n") == words
