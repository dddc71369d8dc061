"""The playback clock: order, range, pace, end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Callable

import pytest
from outliner.playback import PlaybackClock

TIMEOUT_S = 20.0


class Heard:
    """Keeps frames, and waits for them."""

    def __init__(self) -> None:
        self.frames: list[tuple[int, bool]] = []
        self.threads: set[str] = set()
        self._changed = threading.Condition()

    def __call__(self, frame: int, playing: bool) -> None:
        with self._changed:
            self.frames.append((frame, playing))
            self.threads.add(threading.current_thread().name)
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, TIMEOUT_S), self.frames[-5:]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def clock(heard: Heard) -> Iterator[PlaybackClock]:
    made = PlaybackClock(heard, start=0, end=9, fps=500.0)
    yield made
    assert made.stop()


def test_play_counts_up_and_round_the_range(clock: PlaybackClock, heard: Heard) -> None:
    clock.play()
    heard.wait_for(lambda: len(heard.frames) >= 40)
    frames = [frame for frame, _ in heard.frames]
    assert set(frames) <= set(range(10))
    assert any(late < early for early, late in zip(frames, frames[1:]))
    assert heard.threads == {"auroraview-demo-playback"}


def test_pause_says_so_and_nothing_after(clock: PlaybackClock, heard: Heard) -> None:
    clock.play()
    heard.wait_for(lambda: len(heard.frames) >= 3)
    clock.pause()
    heard.wait_for(lambda: heard.frames[-1][1] is False)
    assert not clock.playing
    assert clock.frame == heard.frames[-1][0]


@pytest.mark.parametrize(("wanted", "expected"), [(4, 4), (-3, 0), (99, 9)])
def test_seek_while_paused_says_the_clamped_frame(clock: PlaybackClock, heard: Heard, wanted: int, expected: int) -> None:
    clock.seek(wanted)
    heard.wait_for(lambda: heard.frames == [(expected, False)])


def test_set_range_pauses_at_its_start(clock: PlaybackClock, heard: Heard) -> None:
    clock.play()
    heard.wait_for(lambda: len(heard.frames) >= 3)
    clock.set_range(100, 200)
    heard.wait_for(lambda: heard.frames[-1] == (100, False))


def test_callback_that_raises_is_logged_and_the_clock_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    heard = Heard()

    def broken(frame: int, playing: bool) -> None:
        heard(frame, playing)
        raise RuntimeError("broken callback")

    clock = PlaybackClock(broken, end=5, fps=500.0)
    clock.play()
    heard.wait_for(lambda: len(heard.frames) >= 3)
    assert clock.stop()
    assert "broken callback" in caplog.text
    caplog.clear()


def test_stop_while_playing_ends_the_thread() -> None:
    clock = PlaybackClock(lambda frame, playing: None, fps=500.0)
    clock.play()
    assert clock.stop()
    assert "auroraview-demo-playback" not in {thread.name for thread in threading.enumerate()}
