"""Trying again: how often, and after how long. What may be tried again is for whoever asks to say."""

import random
from collections.abc import Callable
from typing import TypeVar

import msgspec
from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_attempt

Outcome = TypeVar("Outcome")


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds to wait: `first`, then each time `factor` as many, up to `longest`.

    They are multiplied with a random number of `jitter`, so that jobs that wait for the same do not ask at once.
    """

    first: float = 1.0
    factor: float = 2.0
    longest: float = 60.0
    jitter: tuple[float, float] = (1.0, 1.0)

    def after(self, tries: int) -> float:
        """The seconds to wait after that many tries."""
        seconds = self.first * self.factor ** min(tries - 1, 50)  # which is beyond any `longest`, and no overflow
        return min(seconds, self.longest) * random.uniform(*self.jitter)  # noqa: S311 (jitter is no secret)


def repeat(
    once: Callable[[], Outcome],
    *,
    tries: int,
    again: Callable[[Outcome], bool],
    pause: Callable[[Outcome, int], float],
    sleep: Callable[[float], None],
) -> tuple[Outcome, int]:
    """The first outcome that is not to be tried `again`, or the last of so many tries; and how many there were.

    `pause` says from an outcome and the number of tries how many seconds to wait. An exception ends it.
    """

    def outcome_of(state: RetryCallState) -> Outcome:
        assert state.outcome is not None  # noqa: S101 (tenacity asks after a try)
        outcome: Outcome = state.outcome.result()
        return outcome

    retrying = Retrying(
        sleep=sleep,
        stop=stop_after_attempt(tries),
        retry=retry_if_result(again),
        wait=lambda state: pause(outcome_of(state), state.attempt_number),
        retry_error_callback=outcome_of,
    )
    outcome = retrying(once)
    return outcome, retrying.statistics["attempt_number"]
