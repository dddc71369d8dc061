"""Provide a single-shot timer that is made at first use; most timers of a view never start. GUI thread."""

from __future__ import annotations

from typing import Callable

from auroraview_qt.qt.support.widgets_only import QtCore


class LazyTimer:
    """Calls a function once, some time from now.

    Thread: GUI.

    Parameters
    ----------
    owner : QObject
        The owner; a running timer ends with it.
    callback : callable
        Called from the timer; must not raise.
    """

    def __init__(self, owner: QtCore.QObject, callback: Callable[[], object]) -> None:
        self._owner = owner
        self._callback = callback
        self._timer: QtCore.QTimer | None = None

    def set(self, delay_ms: int) -> None:
        """Ring so many milliseconds from now, and not when it would have rung before."""
        if self._timer is None:
            self._timer = QtCore.QTimer(self._owner)
            self._timer.setSingleShot(True)
            self._timer.timeout.connect(self._callback)
        self._timer.start(delay_ms)

    def cancel(self) -> None:
        """Do not ring."""
        if self._timer is not None:
            self._timer.stop()

    def is_set(self) -> bool:
        """Return whether the timer is running."""
        return self._timer is not None and self._timer.isActive()
