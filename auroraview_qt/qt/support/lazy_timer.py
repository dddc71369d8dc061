"""LazyTimer: a single-shot timer that is made when it is first needed; most alarms of a view never ring. GUI thread."""

from __future__ import annotations

from typing import Callable

from auroraview_qt.qt.support.widgets_only import QtCore


class LazyTimer:
    """Calls a function once, some time from now.

    Parameters
    ----------
    owner : QObject
        With it the timer goes, and an alarm that is set.
    callback : callable
        Called from the timer; nothing may be raised out of it.

    Notes
    -----
    Thread: GUI
    """

    def __init__(self, owner: QtCore.QObject, callback: Callable[[], object]) -> None:
        self._owner = owner
        self._callback = callback
        self._timer: QtCore.QTimer | None = None

    def set(self, delay_ms: int) -> None:
        """Ring so many milliseconds from now, and not when it would have rung before. Thread: GUI."""
        if self._timer is None:
            self._timer = QtCore.QTimer(self._owner)
            self._timer.setSingleShot(True)
            self._timer.timeout.connect(self._callback)
        self._timer.start(delay_ms)

    def cancel(self) -> None:
        """Do not ring. Thread: GUI."""
        if self._timer is not None:
            self._timer.stop()

    def is_set(self) -> bool:
        """Whether it is going to ring. Thread: GUI."""
        return self._timer is not None and self._timer.isActive()
