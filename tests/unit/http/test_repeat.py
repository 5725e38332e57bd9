"""Trying again: how often, after how long, and with which outcome in the end."""

import pytest

from tfc_plan_comment.http.repeat import Growth, repeat
from tfc_sandbox.clock import Clock

SLOW = Growth(first=3, factor=2, longest=20)


def test_growth() -> None:
    """It grows up to its limit, and stays there for ever."""
    assert [SLOW.after(tries) for tries in (1, 2, 3, 4, 5, 10_000)] == [3, 6, 12, 20, 20, 20]


def test_jitter() -> None:
    """It is never shorter nor longer than it may be, and not the same for everybody."""
    waits = {Growth(first=10, jitter=(0.8, 1)).after(1) for _ in range(100)}

    assert len(waits) > 1
    assert all(8 <= wait <= 10 for wait in waits)


@pytest.mark.parametrize(("bad", "outcome", "tries"), [(0, "good", 1), (3, "good", 4), (4, "bad", 4), (9, "bad", 4)])
def test_outcome(bad: int, outcome: str, tries: int) -> None:
    """The first good outcome ends it, or the last of the tries does."""
    clock = Clock()
    outcomes = iter(["bad"] * bad + ["good"])

    found = repeat(
        lambda: next(outcomes),
        tries=4,
        again=lambda outcome: outcome == "bad",
        pause=lambda outcome, tries: len(outcome) + tries,
        sleep=clock.sleep,
    )

    assert found == (outcome, tries)
    assert clock.sleeps == [4, 5, 6][: tries - 1]


def test_an_exception_ends_it() -> None:
    """What is raised is raised at once: whoever wants another try makes it an outcome."""
    tried: list[float] = []

    def once() -> int:
        tried.append(1)
        raise OSError

    with pytest.raises(OSError, match=r"^$"):
        repeat(once, tries=4, again=lambda _: True, pause=lambda *_: 1, sleep=tried.append)
    assert tried == [1]
