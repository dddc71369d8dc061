"""Filter the events of a single object at a time, without raising. GUI thread."""

from __future__ import annotations

import logging
import weakref
from typing import Callable

from auroraview_qt._noop import noop
from auroraview_qt.qt.support.guard import contain
from auroraview_qt.qt.support.widgets_only import QtCore

_log = logging.getLogger(__name__)


class EventFilter(QtCore.QObject):
    """Gets the events of an object before the object does.

    The filter does not keep the object alive, because the object may own it.

    Thread: GUI.

    Parameters
    ----------
    parent : QObject
        Owner.
    seen : callable
        Gets each event; returns whether that is the end of it.
    """

    def __init__(self, parent: QtCore.QObject, seen: Callable[[QtCore.QEvent], bool]) -> None:
        super().__init__(parent)
        self._seen = seen
        self._filter: _Filter | None = None
        self._target: Callable[[], QtCore.QObject | None] = noop

    def move_to(self, target: QtCore.QObject | None) -> bool:
        """Filter `target` from now on; return whether it is a new target."""
        if target is self._target() and (target is None) == (self._filter is None):
            return False
        if self._filter is not None:
            # When its filter dies, the record of the object ends; the object's Python part may die before the object.
            self._filter.end()
        self._filter = None if target is None else _Filter(self, self._seen)
        self._target = noop if target is None else weakref.ref(target)
        if target is not None and self._filter is not None:
            target.installEventFilter(self._filter)
        return True


class _Filter(QtCore.QObject):
    """The filter on an object."""

    def __init__(self, parent: QtCore.QObject, seen: Callable[[QtCore.QEvent], bool]) -> None:
        super().__init__(parent)
        self._seen: Callable[[QtCore.QEvent], bool] | None = seen

    def end(self) -> None:
        """Stop filtering, and delete the filter soon; it may be in the middle of an event. Thread: GUI."""
        self._seen = None
        self.deleteLater()

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Show the event to the owner's function."""
        try:
            return self._seen is not None and self._seen(event)
        except BaseException as error:
            contain(_log, error, "an event was not looked at", self)
            return False
