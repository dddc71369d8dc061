"""Play an animation: a worker thread that reports the current frame.

Owns: the thread, its pace and its end. Frames follow the wall clock: a late tick skips frames instead of slowing down.
Deadlines are computed from the start of playing, so errors do not add up.
Thread: its own; the methods may be called from any thread, the callback always runs on the worker. May not
import Qt.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

_log = logging.getLogger(__name__)

FrameCallback = Callable[[int, bool], None]


class PlaybackClock:
    """Counts `start`..`end` round and round at `fps` while playing.

    Thread: any.

    Parameters
    ----------
    on_frame
        Called on the worker thread as `on_frame(frame, playing)` after every tick, seek, play and pause: the only source of
        frames, so they arrive in order. Called with the frame; it must not block.
    start, end
        The first and the last frame, both included.
    fps
        Frames, and calls, per second.
    """

    def __init__(self, on_frame: FrameCallback, *, start: int = 0, end: int = 240, fps: float = 60.0) -> None:
        self._on_frame = on_frame
        self._start, self._end, self._fps = start, max(start, end), fps
        self._frame = start
        self._playing = False
        self._began_at_s = 0.0
        self._began_frame = start
        self._said_ticks = 0
        self._changed = False
        self._stopping = False
        self._condition = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="auroraview-demo-playback", daemon=True)
        self._thread.start()

    @property
    def frame(self) -> int:
        """Return the last reported or sought frame."""
        with self._condition:
            return self._frame

    @property
    def playing(self) -> bool:
        """Return whether frames are running."""
        with self._condition:
            return self._playing

    def play(self) -> None:
        """Run on from the current frame."""
        self._set(playing=True)

    def pause(self) -> None:
        """Stay at the current frame."""
        self._set(playing=False)

    def seek(self, frame: int) -> None:
        """Go to a frame, clamped to the range; playing goes on from there."""
        self._set(frame=frame)

    def set_range(self, start: int, end: int) -> None:
        """Take another range, and pause at its start.

        Parameters
        ----------
        start, end
            The first and the last frame.
        """
        with self._condition:
            self._start, self._end = start, max(start, end)
            self._set(frame=start, playing=False)

    def stop(self, timeout_s: float = 2.0) -> bool:
        """End the thread and wait for it.

        Parameters
        ----------
        timeout_s
            The timeout.

        Returns
        -------
        bool
            Whether the thread has ended. Do not call this from the callback.

        Notes
        -----
        Thread: any but the worker
        """
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _set(self, *, frame: int | None = None, playing: bool | None = None) -> None:
        with self._condition:
            if frame is not None:
                self._frame = min(self._end, max(self._start, frame))
            if playing is not None:
                self._playing = playing
            self._began_at_s = time.monotonic()
            self._began_frame = self._frame
            self._said_ticks = 0
            self._changed = True
            self._condition.notify_all()

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._stopping and not self._changed:
                    wait_s = self._until_next_s() if self._playing else None
                    if wait_s is not None and wait_s <= 0:
                        break
                    self._condition.wait(wait_s)
                if self._stopping:
                    return
                if not self._changed:
                    self._advance()
                self._changed = False
                frame, playing = self._frame, self._playing
            try:
                self._on_frame(frame, playing)
            except Exception:
                _log.exception("the frame callback failed at frame %d", frame)

    def _ticks(self) -> int:
        """Whole ticks since playing began."""
        return int((time.monotonic() - self._began_at_s) * self._fps)

    def _until_next_s(self) -> float:
        return self._began_at_s + (self._said_ticks + 1) / self._fps - time.monotonic()

    def _advance(self) -> None:
        self._said_ticks = max(self._ticks(), self._said_ticks + 1)
        length = self._end - self._start + 1
        self._frame = self._start + (self._began_frame - self._start + self._said_ticks) % length
