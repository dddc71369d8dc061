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
from typing import Any, TypeVar

#: Default of `stall_warning_ms`.
STALL_MS = 100
#: Looks without a running piece after which the watchdog sleeps.
_QUIET_LOOKS = 20
#: Least seconds between two looks.
_LEAST_POLL_S = 0.005

_log = logging.getLogger("auroraview_qt.stalls")

T = TypeVar("T")


#: A piece of work that runs: a list, which is made eight times faster than an object. It has the start and the limit in
#: seconds, whether an event loop inside has kept the host alive, and the stack.
_Piece = list[Any]
_START, _LIMIT, _LOOP, _STACK = range(4)


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
        self._watched_thread = 0

    def run(self, work: Callable[[], T], limit_s: float, name: Callable[[], str]) -> T:
        """Run a piece of work, and log a warning if it holds the thread longer than the limit.

        Parameters
        ----------
        work : callable
            The work. If it runs an event loop, it is not reported, because the host goes on meanwhile.
        limit_s : float
            The limit in seconds; 0 for none.
        name : callable
            Returns the name of the work; called afterwards.
        """
        if not limit_s:
            return work()
        outer, clock = self._running, self._clock
        if outer is not None:
            outer[_LOOP] = True
        piece: _Piece = [clock(), limit_s, False, ""]
        self._running = piece
        if self._sleeps:
            self._start(limit_s)
        try:
            return work()
        finally:
            self._running = outer
            elapsed_s = clock() - piece[_START]
            if elapsed_s >= limit_s and not piece[_LOOP]:
                stack = f":\n{piece[_STACK]}" if piece[_STACK] else "; it left no moment to look at its stack"
                _log.warning("%s has held the GUI thread for %d ms%s", name(), elapsed_s * 1000, stack.rstrip())

    def note_event_loop(self) -> None:
        """Note that an event loop runs inside the running piece."""
        if self._running is not None:
            self._running[_LOOP] = True

    # The watchdog

    def _start(self, limit_s: float) -> None:
        """Let the watchdog look."""
        self._poll_s = max(_LEAST_POLL_S, limit_s / 2)
        self._watched_thread = threading.get_ident()
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
        """Keep the stack of a piece from a quarter of its limit on, the newest up to the limit; return whether a piece runs.

        Thread: the watchdog's.
        """
        piece = self._running
        if piece is None:
            return False
        elapsed_s, limit_s = self._clock() - piece[_START], piece[_LIMIT]
        if elapsed_s >= limit_s / 4 and (elapsed_s < limit_s or not piece[_STACK]):
            frame = sys._current_frames().get(self._watched_thread)
            stack = "" if frame is None else _stack_of(frame)
            if self._running is piece:  # otherwise it is another piece's
                piece[_STACK] = stack
        return True


def _stack_of(frame: FrameType) -> str:
    """Return the stack below the call of the piece."""
    run = StallWatch.run.__code__
    frames = itertools.takewhile(lambda each: each[0].f_code is not run, traceback.walk_stack(frame))
    return "".join(traceback.StackSummary.extract(iter(list(frames)[::-1])).format())


#: The watch of the process, which has a single GUI thread.
WATCH = StallWatch()
