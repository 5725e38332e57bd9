"""A clock that stands still until somebody sleeps."""

import threading


class Clock:
    """Counts seconds: `clock()` says how many, `clock.sleep(n)` lets them pass at once, `sleeps` lists them."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sleeps: list[float] = []
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let the time pass without waiting for it."""
        self.sleeps.append(seconds)
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        """The same for time that passes while somebody waits for something else."""
        with self._lock:
            self.now += seconds
