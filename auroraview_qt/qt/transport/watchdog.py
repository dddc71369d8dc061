"""Watchdog: notices a page that hangs. A timer that runs only while an answer is outstanding. GUI thread."""

from __future__ import annotations

import math
import time
from typing import Callable

from auroraview_qt.qt.support.binding import QtCore
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer

#: Milliseconds after the time is up in which the host reads arrived messages, because the host itself may have been busy.
_GRACE_MS = 250


class Watchdog:
    """Reports an overdue answer, and a late answer.

    Thread: GUI.

    Parameters
    ----------
    owner : QObject
        The owner; the watchdog is deleted with it.
    timeout_s : float
        Seconds in which the page has to answer; 0 for no limit.
    expired, recovered : callable
        Called when the page has not answered for so long, and when it answers again, or is gone.
    """

    def __init__(
        self, owner: QtCore.QObject, timeout_s: float, expired: Callable[[], object], recovered: Callable[[], object]
    ) -> None:
        self._expired = expired
        self._recovered = recovered
        self._timeout_ms = int(timeout_s * 1000)
        self._in_grace = False
        self._barking = False
        self._since_s = 0.0  # when the page has answered, or the wait began
        self._timer = LazyTimer(owner, self._on_timeout)

    @property
    def has_expired(self) -> bool:
        """Return whether the page hangs."""
        return self._barking

    def update(self, *, waiting: bool, answered: bool) -> None:
        """Update the state: whether an answer is outstanding, and whether an answer has come."""
        if answered and self._barking:
            self._barking = False
            self._recovered()
        if not waiting:
            self._timer.cancel()
        elif self._timeout_ms and not self._barking:
            is_set = self._timer.is_set()
            if answered or not is_set:
                self._in_grace = False
                self._since_s = time.monotonic()
            if not is_set:
                self._timer.set(self._timeout_ms)

    @guarded("a page that hangs was not reported")
    def _on_timeout(self) -> None:
        # The timer is not set again for each answer: that would cost more than all else here.
        left_ms = math.ceil((self._since_s - time.monotonic()) * 1000) + self._timeout_ms
        if not self._in_grace:
            self._in_grace = left_ms <= 0
            self._timer.set(max(left_ms, _GRACE_MS))
            return
        self._barking = True
        self._expired()
