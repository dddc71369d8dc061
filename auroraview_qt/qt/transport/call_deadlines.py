"""CallDeadlines: ends the calls of Python that the page has not answered in time. GUI thread."""

from __future__ import annotations

import math
import time
from typing import Callable

from auroraview_qt.ipc.calls.page_calls import PageCalls
from auroraview_qt.qt.support.binding import QtCore
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer

#: Maximum of a timer, in milliseconds.
_MAX_TIMER_MS = 2**31 - 1


class CallDeadlines:
    """A timer for the call with the next deadline; it runs only while there is such a call.

    Thread: GUI.

    Parameters
    ----------
    owner : QObject
        The owner; a running timer ends with it.
    page_calls : PageCalls
        The calls.
    run : callable
        Runs a function that calls the program.
    """

    def __init__(self, owner: QtCore.QObject, page_calls: PageCalls, run: Callable[[Callable[[], None]], object]) -> None:
        self._timer = LazyTimer(owner, self._on_deadline)
        self._page_calls = page_calls
        self._run = run
        self._watched_s = math.inf  # when it rings

    def update(self) -> None:
        """Set the timer if the next deadline has changed."""
        deadline_s = self._page_calls.next_deadline_s()
        if deadline_s == self._watched_s:
            return
        self._watched_s = deadline_s
        if deadline_s == math.inf:
            self._timer.cancel()
        else:
            left_ms = math.ceil((deadline_s - time.perf_counter()) * 1000)
            self._timer.set(max(0, min(left_ms, _MAX_TIMER_MS)))

    @guarded("calls past their deadline were not ended")
    def _on_deadline(self) -> None:
        self._run(self._page_calls.expire)
        self._watched_s = math.inf  # the timer has stopped, perhaps a little early
        if not self._page_calls.is_closed():
            self.update()
