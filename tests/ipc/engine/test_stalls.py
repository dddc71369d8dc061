"""Stalls are named by the thread that stalls, and their stack is seen by the watchdog."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from auroraview_qt.ipc.engine import stalls
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.engine.stalls import StallWatch
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire import protocol


class Clock:
    """Seconds that pass only on demand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Watch(StallWatch):
    """A watch whose looks a test makes itself."""

    def __init__(self) -> None:
        self.clock = Clock()
        super().__init__(self.clock)

        self._watched_thread = threading.get_ident()

    def _start(self, limit_s: float) -> None: ...


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """The warnings since the last question."""

    def take() -> list[str]:
        texts = [record.getMessage() for record in caplog.records if record.name == "auroraview_qt.stalls"]
        caplog.clear()
        return texts

    return take


def test_work_within_the_limit_is_not_told(watch: Watch, told: Callable[[], list[str]]) -> None:
    def work() -> int:
        watch.clock.now += 0.099
        return 7

    assert watch.run(work, 0.1, lambda: "a callback") == 7
    assert told() == []


def test_stall_is_told_with_name_duration_and_stack(watch: Watch, told: Callable[[], list[str]]) -> None:
    def slow_callback() -> None:
        watch.clock.now += 0.25
        assert watch.look()

    watch.run(slow_callback, 0.1, lambda: "a callback of event 'x'")
    (text,) = told()
    assert text.startswith("a callback of event 'x' has held the GUI thread for 250 ms:\n")
    assert "in slow_callback" in text
    assert "in test_" not in text


def test_stack_is_the_newest_before_the_limit(watch: Watch, told: Callable[[], list[str]]) -> None:
    def early() -> None:
        watch.clock.now += 0.03
        assert watch.look()

    def late() -> None:
        watch.clock.now += 0.06
        assert watch.look()

    def too_late() -> None:
        watch.clock.now += 1
        assert watch.look()

    def work() -> None:
        early()
        late()
        too_late()

    watch.run(work, 0.1, lambda: "a command")
    (text,) = told()
    assert "in late" in text
    assert "early" not in text
    assert "too_late" not in text


def test_piece_that_has_just_begun_is_not_looked_at(watch: Watch) -> None:
    def work() -> str:
        watch.clock.now += 0.02
        assert watch.look()
        assert watch._running is not None
        return str(watch._running[stalls._STACK])

    assert watch.run(work, 0.1, lambda: "x") == ""


def test_stall_without_a_look_is_named(watch: Watch, told: Callable[[], list[str]]) -> None:
    def work() -> None:
        watch.clock.now += 0.1

    watch.run(work, 0.1, lambda: "command 'bake'")
    assert told() == ["command 'bake' has held the GUI thread for 100 ms; it left no moment to look at its stack"]


def test_stall_that_raises_is_named(watch: Watch, told: Callable[[], list[str]]) -> None:
    def work() -> None:
        watch.clock.now += 1
        raise KeyError("x")

    with pytest.raises(KeyError):
        watch.run(work, 0.1, lambda: "command 'bake'")
    assert len(told()) == 1
    assert not watch.look()


def test_limit_of_zero_measures_nothing(watch: Watch, told: Callable[[], list[str]]) -> None:
    def work() -> bool:
        watch.clock.now += 9
        return watch.look()

    assert watch.run(work, 0, lambda: "x") is False
    assert told() == []


def test_event_loop_inside_is_no_stall(watch: Watch, told: Callable[[], list[str]]) -> None:
    def dialog() -> None:
        watch.clock.now += 5
        watch.run(lambda: None, 0.1, lambda: "inner")
        watch.clock.now += 5

    def other_dialog() -> None:
        watch.clock.now += 5
        watch.note_event_loop()

    watch.run(dialog, 0.1, lambda: "outer")
    watch.run(other_dialog, 0.1, lambda: "outer")
    watch.note_event_loop()
    assert told() == []


def test_stall_inside_an_event_loop_is_told(watch: Watch, told: Callable[[], list[str]]) -> None:
    def inner() -> None:
        watch.clock.now += 0.2

    watch.run(lambda: watch.run(inner, 0.1, lambda: "inner"), 0.1, lambda: "outer")
    assert [text.split()[0] for text in told()] == ["inner"]


def test_look_keeps_no_stack_of_other_work(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[Any] = []

    def ended(frame: object) -> str:
        watch._running = None
        return "a stack of other work"

    def work() -> None:
        pieces.append(watch._running)
        watch.clock.now += 1
        watch.look()

    monkeypatch.setattr(stalls, "_stack_of", ended)
    watch.run(work, 5, lambda: "x")
    watch.run(work, 1, lambda: "x")
    assert [piece[stalls._STACK] for piece in pieces] == ["", ""]


def test_look_at_a_thread_that_has_ended_keeps_no_stack(watch: Watch, told: Callable[[], list[str]]) -> None:
    def work() -> None:
        watch._watched_thread = 0
        watch.clock.now += 1
        watch.look()

    watch.run(work, 0.1, lambda: "x")
    assert "no moment" in told()[0]


@pytest.fixture
def real() -> StallWatch:
    return StallWatch()


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_watchdog_looks_while_work_runs_and_sleeps_afterwards(
    real: StallWatch, told: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stalls, "_QUIET_LOOKS", 2)
    threads = set()

    def work() -> None:
        wait_until(lambda: real._running is not None and real._running[stalls._STACK])
        time.sleep(0.01)

    for _ in range(3):
        real.run(work, 0.01, lambda: "work")
        (text,) = told()
        assert "in wait_until" in text
        wait_until(lambda: real._sleeps)
        threads.add(real._thread)
    assert len(threads) == 1


def test_watchdog_does_not_oversleep_work_that_has_begun(real: StallWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stalls, "_QUIET_LOOKS", 2)
    looks: list[int] = []

    def look() -> bool:
        looks.append(1)
        return False

    monkeypatch.setattr(real, "look", look)
    real.run(lambda: wait_until(lambda: len(looks) > 6), 0.01, lambda: "work")


def test_hundred_stalls_are_named_a_hundred_times(real: StallWatch, told: Callable[[], list[str]]) -> None:
    for number in range(100):
        real.run(lambda: time.sleep(0.005), 0.004, lambda number=number: f"stall {number}")  # type: ignore[misc]
    texts = told()
    assert [text.partition(" has held")[0] for text in texts] == [f"stall {number}" for number in range(100)]


# Titles of the dispatcher


class SlowClock(Clock):
    """Each question takes a second."""

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ([0, "export", 1], "a callback of event 'export'"),
        ([1, "c1", "bake"], "command 'bake'"),
        ([6, "c1", "frames", 5], "command 'frames'"),
        ([4, 1, 0, ["a"], 1], "a callback of the shared state"),
        ([8, "p1", 1], "a callback of an answer of the page"),
        ([3, '{"type": "event", "event": "x"}'], "a callback of a message of ipc.postMessage"),
        ([2, {"type": "ready", "timestamp": 1, "url": ""}], "a callback of ready"),
        ([[1]], "a callback of the page"),
        ([], "a callback of the page"),
    ],
)
def test_dispatcher_has_a_title_for_a_long_message(
    message: list[object], title: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    engine = Engine(TrustPolicy("http://app"), clock=SlowClock())
    engine.dispatcher.enqueue("doc", [message])
    engine.work(0.5)
    assert engine.dispatcher.title == title
    engine.work(0.5)
    assert engine.dispatcher.title == ""


def test_dispatcher_names_the_steps_of_streams_and_of_the_page() -> None:
    engine = Engine(TrustPolicy("http://app"), clock=SlowClock())
    engine.handler.register_command("frames", lambda: (yield 1))
    hello = {"type": "hello", "protocol": protocol.PROTOCOL_VERSION}
    engine.receive(engine.secret + json.dumps(["doc", 0, 0, [[2, hello], [6, "c1", "frames", 5]]]), "http://app/")
    for _ in range(3):
        engine.work(0.5)
    assert engine.dispatcher.title == "command 'frames'"
    engine.dispatcher.clear()
    engine.dispatcher.enqueue_step("doc", lambda: threading.get_ident())
    engine.work(0.5)
    assert engine.dispatcher.title == "a step of the page's life"
