"""Name the callbacks, commands, factories and flushes that hold the GUI thread too long: stalls. No Qt.

The GUI thread measures each piece of its work, so no stall is missed. While a piece runs, a watchdog thread looks at the
stack. The thread sleeps for good when nothing has run for some time; the next piece wakes it.
"""

from __future__ import annotations

import itertools
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

#: Default of `stall_warning_ms`.
STALL_MS = 100
#: Looks without a running piece after which the watchdog sleeps.
_QUIET_LOOKS = 20
#: Least seconds between two looks.
_LEAST_POLL_S = 0.005

_log = logging.getLogger("auroraview_qt.stalls")

T = TypeVar("T")


class _Piece:
    """A piece of work that runs."""

    __slots__ = ("has_loop", "limit_s", "outer", "stack", "start_s", "thread")

    def __init__(self, start_s: float, limit_s: float, outer: _Piece | None) -> None:
        self.start_s = start_s
        self.limit_s = limit_s
        self.outer = outer
        self.thread = threading.get_ident()
        self.has_loop = False  # an event loop inside, such as a dialog's, kept the host alive
        self.stack = ""


class StallWatch:
    """Measures pieces of work on the GUI thread.

    Thread: GUI, but for the watchdog's `look`.

    Parameters
    ----------
    clock : callable
        Seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._running: _Piece | None = None
        self._poll_s = STALL_MS / 2000
        self._wake = threading.Event()
        self._sleeps = True
        self._thread: threading.Thread | None = None

    def run(self, work: Callable[[], T], limit_ms: float, name: Callable[[], str]) -> T:
        """Run a piece of work, and log a warning if it holds the thread longer than the limit.

        Parameters
        ----------
        work : callable
            The work. If it runs an event loop, it is not reported, because the host goes on meanwhile.
        limit_ms : float
            The limit in milliseconds; 0 for none.
        name : callable
            Returns the name of the work; called afterwards.
        """
        if not limit_ms:
            return work()
        outer = self._running
        if outer is not None:
            outer.has_loop = True
        piece = self._running = _Piece(self._clock(), limit_ms / 1000, outer)
        if self._sleeps:
            self._start(piece.limit_s)
        try:
            return work()
        finally:
            self._running = outer
            elapsed_s = self._clock() - piece.start_s
            if elapsed_s >= piece.limit_s and not piece.has_loop:
                stack = f":\n{piece.stack}" if piece.stack else "; it left no moment to look at its stack"
                _log.warning("%s has held the GUI thread for %d ms%s", name(), elapsed_s * 1000, stack.rstrip())

    def note_event_loop(self) -> None:
        """Note that an event loop runs inside the running piece."""
        if self._running is not None:
            self._running.has_loop = True

    # The watchdog

    def _start(self, limit_s: float) -> None:
        """Let the watchdog look."""
        self._poll_s = max(_LEAST_POLL_S, limit_s / 2)
        self._sleeps = False
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="auroraview-stalls", daemon=True)
            self._thread.start()
        self._wake.set()

    def _serve(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            quiet = 0
            while quiet < _QUIET_LOOKS:
                time.sleep(self._poll_s)
                quiet = 0 if self.look() else quiet + 1
            self._sleeps = True
            if self._running is not None:  # it began before it could see that nobody looks
                self._wake.set()

    def look(self) -> bool:
        """Keep the stack of a piece that has run for half its limit; return whether a piece runs. Thread: the watchdog's."""
        piece = self._running
        if piece is None:
            return False
        if not piece.stack and self._clock() - piece.start_s >= piece.limit_s / 2:
            frame = sys._current_frames().get(piece.thread)
            stack = "" if frame is None else _stack_of(frame)
            if self._running is piece:  # otherwise it is another piece's
                piece.stack = stack
        return True


def _stack_of(frame: FrameType) -> str:
    """Return the stack below the call of the piece."""
    run = StallWatch.run.__code__
    frames = itertools.takewhile(lambda each: each[0].f_code is not run, traceback.walk_stack(frame))
    return "".join(traceback.StackSummary.extract(iter(list(frames)[::-1])).format())


#: The watch of the process, which has a single GUI thread.
WATCH = StallWatch()
