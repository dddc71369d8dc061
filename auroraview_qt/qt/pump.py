"""Pump: WHEN to work. A timer that runs only while there is something to do, and the wake-up from other threads.

Knows nothing of queues and pages: it calls one function, on the GUI thread, until that says it is done.
"""

from __future__ import annotations

import logging
from typing import Callable

from auroraview_qt.qt.binding import QtCore, Signal, isalive

_log = logging.getLogger(__name__)


class Pump(QtCore.QObject):
    """Calls `work` at the next turn of the event loop after `wake` or `schedule`, and again while it returns True.

    Parameters
    ----------
    work : callable
        Does one bounded piece of work; returns whether more can be done at once.
    parent : QObject
        Owner.
    interval_ms : int
        Least time between two pieces; 0 for the next turn of the event loop.

    Notes
    -----
    Thread: GUI, but for `wake`.
    """

    _woken = Signal()

    def __init__(self, work: Callable[[], bool], parent: QtCore.QObject, *, interval_ms: int = 0) -> None:
        super().__init__(parent)
        self._work = work
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._run)
        self._woken.connect(self.schedule, QtCore.Qt.ConnectionType.QueuedConnection)

    def wake(self) -> None:
        """Ask for work from any thread; after the pump's death nothing happens. Thread: any."""
        try:
            self._woken.emit()
        except RuntimeError:  # the C++ side is gone: the view was closed while a worker still emits
            _log.debug("woken after deletion")

    def schedule(self) -> None:
        """Ask for work on the GUI thread; asking twice is asking once. Thread: GUI."""
        if not self._timer.isActive():
            self._timer.start()

    def is_idle(self) -> bool:
        """Whether no timer runs. Thread: GUI."""
        return not self._timer.isActive()

    def _run(self) -> None:
        # Armed first: a callback may open a dialog, and in its event loop the rest has to go on.
        self._timer.start()
        try:
            more = self._work()
        except Exception:  # nothing may leave a slot: PyQt would abort the host
            _log.exception("a flush failed")
            more = False
        if not more and isalive(self):  # a callback may have deleted the view
            self._timer.stop()
