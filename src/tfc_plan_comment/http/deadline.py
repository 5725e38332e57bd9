"""The end of the time that there is for something: made once, and handed to whoever waits on the way there."""

import math
from collections.abc import Callable
from typing import Self

import msgspec


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """The moment when `clock`, which counts seconds, says `end`; that is `seconds` after it was made."""

    clock: Callable[[], float]
    seconds: float
    end: float

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float]) -> Self:
        """The deadline in so many seconds. An infinite one never asks the clock."""
        return cls(clock=clock, seconds=seconds, end=clock() + seconds if seconds < math.inf else math.inf)

    @property
    def left(self) -> float:
        """Seconds; 0 when the time is up."""
        return max(0.0, self.end - self.clock()) if self.end < math.inf else math.inf

    @property
    def is_over(self) -> bool:
        """True when the time is up."""
        return self.left <= 0

    def within(self, seconds: float) -> Self:
        """This deadline, or the one in so many seconds if that is sooner."""
        return self.after(min(self.left, seconds), self.clock)


def say_seconds(seconds: float) -> str:
    """The time in words: `1 second`, `90 seconds`, `5 minutes`, `1 hour 30 minutes`; what is less than one is none."""
    whole = int(seconds)
    if (whole < 120 and whole % 60) or not whole:
        return _count(whole, "second")
    units = ((whole // 3600, "hour"), (whole // 60 % 60, "minute"), (whole % 60, "second"))
    return " ".join(_count(number, unit) for number, unit in units if number)


def say_about(seconds: float) -> str:
    """The time in words, to the minute where it is nearly one or more."""
    return say_seconds(round(seconds / 60) * 60 if seconds >= 45 else seconds)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
