"""Watch: an event filter on one object at a time, out of which nothing is raised. GUI thread."""

from __future__ import annotations

import logging
from typing import Callable

from auroraview_qt.qt.support.guard import contain
from auroraview_qt.qt.support.widgets_only import QtCore, isalive

_log = logging.getLogger(__name__)


class Watch(QtCore.QObject):
    """Sees the events of one object before the object does.

    Parameters
    ----------
    parent : QObject
        Owner.
    seen : callable
        Gets each event; returns whether that is the end of it.

    Attributes
    ----------
    target : QObject or None
        Whose events are seen.

    Notes
    -----
    Thread: GUI
    """

    def __init__(self, parent: QtCore.QObject, seen: Callable[[QtCore.QEvent], bool]) -> None:
        super().__init__(parent)
        self._seen = seen
        self.target: QtCore.QObject | None = None

    def move_to(self, target: QtCore.QObject | None) -> bool:
        """Look at `target` from now on; return whether it is another one than before. Thread: GUI."""
        if target is self.target:
            return False
        if self.target is not None and isalive(self.target):
            self.target.removeEventFilter(self)
        self.target = target
        if target is not None:
            target.installEventFilter(self)
        return True

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Show the event to the owner's function."""
        try:
            return self._seen(event)
        except BaseException as error:
            contain(_log, error, "an event was not looked at", self)
            return False
