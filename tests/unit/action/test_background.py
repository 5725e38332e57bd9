"""Work beside the story: its result or its error comes to whoever waits, and it ends with the action."""

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from tfc_plan_comment.action.background import Background, StillRunning


@pytest.fixture
def interrupts() -> Iterator[signal.Signals]:
    """A signal that raises InterruptedError in the main thread."""

    def interrupt(*_: object) -> None:
        raise InterruptedError

    before = signal.signal(signal.SIGUSR1, interrupt)
    yield signal.SIGUSR1
    signal.signal(signal.SIGUSR1, before)


def test_the_result_comes_to_who_waits() -> None:
    """Work that has begun is running until it is done; then there is what it returned."""
    gate = threading.Event()
    background: Background[str] = Background(lambda _: None)

    def work() -> str:
        gate.wait()
        return "done"

    running = [background.is_running]
    background.begin(work)
    running.append(background.is_running)
    gate.set()
    assert background.result() == "done"
    assert [*running, background.is_running] == [False, True, False]


def test_the_error_comes_to_who_waits() -> None:
    """What the work raises is raised where it is waited for, each time with the same traceback."""
    background: Background[None] = Background(lambda _: None)

    def work() -> None:
        raise ZeroDivisionError

    background.begin(work)
    tracebacks = []
    for _ in range(2):
        with pytest.raises(ZeroDivisionError) as raised:
            background.result()
        tracebacks.append([entry.name for entry in raised.traceback])
    assert tracebacks[0] == tracebacks[1]
    assert tracebacks[0][-1] == "work"


def test_nothing_was_begun() -> None:
    """Then there is nothing to wait for, and nothing to stop."""
    background: Background[str] = Background(lambda _: None)
    background.stop(1)
    assert background.result() is None


def test_who_waits_may_give_up() -> None:
    """Work that takes longer goes on, and its result is there for who waits again."""
    gate = threading.Event()
    background: Background[bool] = Background(lambda _: None)
    background.begin(gate.wait)
    with pytest.raises(StillRunning):
        background.result(0)
    gate.set()
    assert background.result() is True


def test_it_sleeps_as_long_as_it_is_told() -> None:
    """In pieces so short that it notices the end of the action in time."""
    slept: list[float] = []
    background: Background[None] = Background(slept.append)
    background.begin(lambda: background.sleep(1.1))
    background.result()
    assert sum(slept) == pytest.approx(1.2, abs=0.11)
    assert max(slept) <= 0.2


def test_a_signal_while_it_is_waited_for(interrupts: signal.Signals) -> None:
    """Who is interrupted while waiting, as by a canceled workflow, can still stop the work, and waits for its end."""
    main = threading.get_ident()
    cleaned_up: list[bool] = []
    background: Background[None] = Background(time.sleep)

    def work() -> None:
        try:
            background.sleep(0.2)
            signal.pthread_kill(main, interrupts)
            background.sleep(3600)
        finally:
            time.sleep(0.05)
            cleaned_up.append(True)

    def begin_and_wait() -> None:
        background.begin(work)
        background.result()

    with pytest.raises(InterruptedError):
        begin_and_wait()
    assert background.is_running
    background.stop(60)
    assert cleaned_up == [True]
    assert not background.is_running


def test_it_stops_at_its_next_sleep() -> None:
    """Work that would sleep for hours ends when the action does, and that is no error."""
    asleep = threading.Event()
    background: Background[str] = Background(lambda _: asleep.set())

    def work() -> str:
        while True:
            background.sleep(3600)

    background.begin(work)
    asleep.wait()
    background.stop(60)
    assert not background.is_running
    assert background.result() is None


def test_where_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with too little memory: whoever waits for the work gets the error, and nobody waits for ever."""

    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    background: Background[str] = Background(lambda _: None)
    background.begin(lambda: "done")
    assert not background.is_running
    with pytest.raises(RuntimeError, match=r"^can't start new thread$"):
        background.result()
    background.stop(60)
