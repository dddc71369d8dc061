"""Watchdog: notices a page that hangs. A timer that runs only while the page owes an answer. GUI thread."""

from __future__ import annotations

from typing import Callable

from auroraview_qt.qt.support.binding import QtCore
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer

#: After the time is up the host gets this long to read what has come meanwhile: it may have been the one that was busy.
_GRACE_MS = 250


class Watchdog:
    """Tells when an answer is overdue, and when one comes after all.

    Parameters
    ----------
    owner : QObject
        With it the watch ends.
    timeout_s : float
        How long the page may owe an answer; 0 never minds.
    expired, recovered : callable
        Called when the page has not answered for so long, and when it answers again, or is gone.

    Notes
    -----
    Thread: GUI
    """

    def __init__(
        self, owner: QtCore.QObject, timeout_s: float, expired: Callable[[], object], recovered: Callable[[], object]
    ) -> None:
        self._expired = expired
        self._recovered = recovered
        self._timeout_ms = int(timeout_s * 1000)
        self._in_grace = False
        self._barking = False
        self._timer = LazyTimer(owner, self._on_timeout)

    @property
    def has_expired(self) -> bool:
        """Whether the page hangs, as far as is known. Thread: GUI."""
        return self._barking

    def update(self, *, waiting: bool, answered: bool) -> None:
        """Take note of how things stand: whether the page owes an answer, and whether one has come. Thread: GUI."""
        if answered and self._barking:
            self._barking = False
            self._recovered()
        if not waiting:
            self._timer.cancel()
        elif self._timeout_ms and not self._barking and (answered or not self._timer.is_set()):
            self._in_grace = False
            self._timer.set(self._timeout_ms)

    @guarded("a page that hangs was not told of")
    def _on_timeout(self) -> None:
        if not self._in_grace:
            self._in_grace = True
            self._timer.set(_GRACE_MS)
            return
        self._barking = True
        self._expired()
