"""A clock that stands still until somebody sleeps."""


class Clock:
    """Counts seconds: `clock()` says how many, `clock.sleep(n)` lets them pass at once, `sleeps` lists them."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sleeps: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let the time pass without waiting for it."""
        self.sleeps.append(seconds)
        self.now += seconds
