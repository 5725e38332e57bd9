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


class ClockOfEachThread(Clock):
    """One on which a thread's sleep takes no time of another's, so that it does not matter how they take turns."""

    def __init__(self) -> None:
        super().__init__()
        self._slept = threading.local()

    def __call__(self) -> float:
        return self.now + self._own

    def sleep(self, seconds: float) -> None:
        """Let the time of this thread pass."""
        self.sleeps.append(seconds)
        self._slept.seconds = self._own + seconds

    @property
    def _own(self) -> float:
        seconds: float = getattr(self._slept, "seconds", 0.0)
        return seconds
