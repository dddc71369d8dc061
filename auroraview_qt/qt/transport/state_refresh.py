"""StateRefresh: keeps the state in the injected script fresh, so that a new page has it before its first script. GUI thread.

Handing the script over costs the GUI thread about as much as a flush, so it does not happen at each write. It happens at
once when a navigation begins. Otherwise it happens some time after a change, for pages that begin without a report of Qt. A
large state costs more than a flush may, so it is handed over only when a navigation waits for it.
"""

from __future__ import annotations

import time
from typing import Callable

from auroraview_qt.ipc.engine.pacer import FLUSH_BUDGET_S
from auroraview_qt.ipc.state.state_store import StateStore
from auroraview_qt.qt.support.binding import QtCore
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer

#: Least time between two refreshes, and the factor for the pause after a refresh: at most 5 % of GUI time.
_PAUSE_MS = 100
_PAUSE_FACTOR = 19


class StateRefresh(QtCore.QObject):
    """When the script is handed over again because of the state.

    Thread: GUI.

    Parameters
    ----------
    parent : QObject
        Owner.
    store : StateStore
        The state.
    hand_over : callable
        Hands the script over; calls `text` meanwhile.
    """

    def __init__(self, parent: QtCore.QObject, store: StateStore, hand_over: Callable[[], object]) -> None:
        super().__init__(parent)
        self._store = store
        self._hand_over = hand_over
        self._version = 0  # the state in the script
        self._cost_s = 0.0
        self._timer = LazyTimer(self, self.refresh)

    def text(self) -> str:
        """Return the state for the script, which has it from now on."""
        self._version, text = self._store.text()
        return text

    def update(self) -> None:
        """Refresh later, if the state has changed and is not too large."""
        if self._store.version == self._version or self._timer.is_set():
            return
        if self._cost_s <= FLUSH_BUDGET_S:
            self._timer.set(max(_PAUSE_MS, int(self._cost_s * 1000 * _PAUSE_FACTOR)))

    @guarded("the next page may begin with an old state")
    def refresh(self) -> None:
        """Refresh now, if the state has changed."""
        if self._store.version == self._version:
            return
        self._timer.cancel()
        began_s = time.perf_counter()
        self._hand_over()
        self._cost_s = time.perf_counter() - began_s
