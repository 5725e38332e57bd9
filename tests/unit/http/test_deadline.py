"""The deadline: one moment, whoever looks at it."""

import math

import pytest

from tfc_plan_comment.http.deadline import Deadline, say_about, say_seconds
from tfc_sandbox.clock import Clock


def test_what_is_left() -> None:
    """It counts down to 0, and stays there."""
    clock = Clock()
    deadline = Deadline.after(60, clock)

    assert (deadline.left, deadline.is_over) == (60, False)
    clock.sleep(59)
    assert (deadline.left, deadline.is_over) == (1, False)
    clock.sleep(1)
    assert (deadline.left, deadline.is_over) == (0, True)
    clock.sleep(1000)
    assert (deadline.left, deadline.is_over) == (0, True)


def test_the_sooner_one() -> None:
    """A part of the work may get less time than there is, and never more."""
    clock = Clock()
    deadline = Deadline.after(60, clock)

    assert deadline.within(10).left == 10
    assert deadline.within(100).left == 60
    clock.sleep(61)
    assert deadline.within(10).is_over


def test_never() -> None:
    """An infinite one is never over."""
    clock = Clock()
    deadline = Deadline.after(math.inf, clock)
    clock.sleep(1e9)

    assert deadline.left == math.inf
    assert not deadline.is_over


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 seconds"),
        (1, "1 second"),
        (59.9, "59 seconds"),
        (60, "1 minute"),
        (90, "90 seconds"),
        (120, "2 minutes"),
        (150, "2 minutes 30 seconds"),
        (1800, "30 minutes"),
        (3600, "1 hour"),
        (5400, "1 hour 30 minutes"),
        (86_400, "24 hours"),
        (7261, "2 hours 1 minute 1 second"),
    ],
)
def test_seconds_in_words(seconds: float, words: str) -> None:
    """As people say it, and not a second too many."""
    assert say_seconds(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(44, "44 seconds"), (45, "1 minute"), (89, "1 minute"), (91, "2 minutes"), (0, "0 seconds")]
)
def test_about(seconds: float, words: str) -> None:
    """Nobody waits for the seconds of a minute."""
    assert say_about(seconds) == words
