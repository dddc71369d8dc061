"""WorkScheduler: WHEN to work. A timer that runs only while there is work, and the wake-up from other threads.

It is independent of queues and pages. It calls a function on the GUI thread until the function reports that it is done.
"""

from __future__ import annotations

import logging
import math
import time
from typing import Callable

from auroraview_qt.qt.support.binding import QtCore, Signal
from auroraview_qt.qt.support.guard import contain, guarded

_log = logging.getLogger(__name__)


class WorkScheduler(QtCore.QObject):
    """Calls `work` at the next turn of the event loop after `wake`, and again while it returns True.

    The wake-up is a posted event. Work that only sends runs in it at once. Work that calls the program waits for the timer.
    A dialog's event loop nested inside a posted event may keep the engine from running. On Qt 5.15.2 the page stood still in
    half of the tries, on 6.5.3 in a fifth. From a timer it never did. The timer also continues the work, so that the host's
    own events come in between.

    Parameters
    ----------
    work : callable
        Does a limited piece of work; returns whether more can be done at once.
    is_due : callable
        Returns whether there is work.
    runs_user_code : callable
        Returns whether the work calls the program, which may open a dialog.
    is_closed : callable
        Returns whether its owner is gone, and so the scheduler itself.
    parent : QObject
        Owner.
    interval_ms : int
        Least time between two pieces of work; 0 for the next turn of the event loop. The first piece after a quiet time
        never waits.

    Notes
    -----
    Thread: GUI, but for `wake`.
    """

    _woken = Signal()

    def __init__(
        self,
        work: Callable[[], bool],
        is_due: Callable[[], bool],
        runs_user_code: Callable[[], bool],
        is_closed: Callable[[], bool],
        parent: QtCore.QObject,
        *,
        interval_ms: int = 0,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._is_due = is_due
        self._runs_user_code = runs_user_code
        self._interval_s = interval_ms / 1000
        self._last_s = 0.0
        self._posted = False
        self._is_closed = is_closed
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._run)
        self._woken.connect(self._on_woken, QtCore.Qt.ConnectionType.QueuedConnection)

    def wake(self) -> None:
        """Ask for work from any thread.

        Several requests count as a single request; after its death nothing happens. Thread: any.
        """
        if self._posted:
            return
        self._posted = True
        try:
            self._woken.emit()
        except RuntimeError:  # the C++ side is gone: the view was closed while a worker still emits
            _log.debug("woken after deletion")

    def schedule(self) -> None:
        """Ask for work that calls the program, without a posted event. Thread: GUI."""
        if not self._timer.isActive():
            self._timer.start(self._rest_ms() if self._interval_s else 0)

    def is_idle(self) -> bool:
        """Return whether there is no work: no timer runs, and no wake-up is on its way. Thread: GUI."""
        return not self._posted and not self._timer.isActive()

    def _rest_ms(self) -> int:
        """Return the rest of the interval since the last piece."""
        return max(0, math.ceil((self._last_s + self._interval_s - time.monotonic()) * 1000))

    @guarded("the work that is due was not begun")
    def _on_woken(self) -> None:
        self._posted = False
        if self._timer.isActive():
            return
        if self._runs_user_code() or (self._interval_s and self._rest_ms()):
            self.schedule()
        else:
            self._do_piece()

    def _run(self) -> None:
        try:
            # Start the timer first: a callback may open a dialog, in whose event loop the other work has to go on.
            self._timer.start(int(self._interval_s * 1000))
            self._do_piece()
        except BaseException as error:
            contain(_log, error, "the work that is due was not begun", self)

    def _do_piece(self) -> None:
        if self._interval_s:
            self._last_s = time.monotonic()
        self._posted = True  # requests from the work itself need no wake-up
        try:
            more = self._work()
        except BaseException as error:
            contain(_log, error, "a flush failed", self)
            more = False
        self._posted = False
        if self._is_closed():  # a callback deleted the view
            return
        if not (more or self._is_due()):
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start(int(self._interval_s * 1000))
