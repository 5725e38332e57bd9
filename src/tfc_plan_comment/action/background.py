"""One piece of work that goes on beside the story, in a thread."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

Result = TypeVar("Result")

NAP = 0.2
"""Seconds that pass at most until a thread that sleeps notices that it should stop."""


class _Stopped(Exception):
    """Raised in the thread when the action ends before its work is done."""


class StillRunning(Exception):
    """Raised where the work is waited for, and takes longer."""


class Background(Generic[Result]):
    """Does one piece of work in a thread, once."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        """Begin nothing yet. `sleep` takes seconds."""
        self._sleep = sleep
        self._begun = False
        self._stopping = threading.Event()
        # Not Thread.join: a signal that arrives while Python 3.11 joins makes it take the thread for done, and one that
        # arrives while any Python starts it makes join fail.
        self._done = threading.Event()
        self._result: Result | None = None
        self._failure: Exception | None = None
        self._traceback: TracebackType | None = None

    @property
    def is_running(self) -> bool:
        """True if the work has begun and is not done."""
        return self._begun and not self._done.is_set()

    def begin(self, work: Callable[[], Result]) -> None:
        """Begin the work, which sleeps by the method `sleep`."""
        self._begun = True
        # A daemon, so that a server that does not answer cannot keep the step from ending.
        thread = threading.Thread(target=self._work, args=(work,), daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # where there is no memory for a thread, nobody shall wait for it
            self._failure = error
            self._done.set()

    def result(self, longest: float | None = None) -> Result | None:
        """The result of the work, once it is done; None if none was begun. Raises what the work raised.

        Raises StillRunning after `longest` seconds that really have passed, if that is given.
        """
        if self._begun and not self._done.wait(longest):
            raise StillRunning
        if self._failure is not None:
            # Each `raise` adds lines to the traceback that the error has; it begins anew with those of the work.
            raise self._failure.with_traceback(self._traceback)
        return self._result

    def stop(self, seconds: float) -> None:
        """Let the work end at its next sleep, and wait for that for so many seconds."""
        self._stopping.set()
        if self._begun:
            self._done.wait(seconds)

    def sleep(self, seconds: float) -> None:
        """For the work: sleep in short pieces, and not when the action ends."""
        while seconds > 0 and not self._stopping.is_set():
            self._sleep(min(seconds, NAP))
            seconds -= NAP
        if self._stopping.is_set():
            raise _Stopped

    def _work(self, work: Callable[[], Result]) -> None:
        try:
            self._result = work()
        except _Stopped:
            pass
        except Exception as error:  # noqa: BLE001 - whoever waits for the work gets it
            self._failure, self._traceback = error, error.__traceback__
        finally:
            self._done.set()
