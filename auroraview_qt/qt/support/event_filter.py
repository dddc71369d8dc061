"""EventFilter: an event filter on one object at a time, out of which nothing is raised. GUI thread."""

from __future__ import annotations

import logging
import weakref
from typing import Callable

from auroraview_qt._noop import noop
from auroraview_qt.qt.support.guard import contain
from auroraview_qt.qt.support.widgets_only import QtCore

_log = logging.getLogger(__name__)


class EventFilter(QtCore.QObject):
    """Sees the events of one object before the object does.

    The object is not kept alive: it may own the watch.

    Parameters
    ----------
    parent : QObject
        Owner.
    seen : callable
        Gets each event; returns whether that is the end of it.

    Notes
    -----
    Thread: GUI
    """

    def __init__(self, parent: QtCore.QObject, seen: Callable[[QtCore.QEvent], bool]) -> None:
        super().__init__(parent)
        self._seen = seen
        self._filter: _Filter | None = None
        self._target: Callable[[], QtCore.QObject | None] = noop

    def move_to(self, target: QtCore.QObject | None) -> bool:
        """Look at `target` from now on; return whether it is another one than before. Thread: GUI."""
        if target is self._target() and (target is None) == (self._filter is None):
            return False
        if self._filter is not None:
            # With its filter goes what is known of the object, whose Python part may be gone while the object lives.
            self._filter.end()
        self._filter = None if target is None else _Filter(self, self._seen)
        self._target = noop if target is None else weakref.ref(target)
        if target is not None and self._filter is not None:
            target.installEventFilter(self._filter)
        return True


class _Filter(QtCore.QObject):
    """The filter on one object."""

    def __init__(self, parent: QtCore.QObject, seen: Callable[[QtCore.QEvent], bool]) -> None:
        super().__init__(parent)
        self._seen: Callable[[QtCore.QEvent], bool] | None = seen

    def end(self) -> None:
        """See nothing any more, and go; it may be in the midst of an event. Thread: GUI."""
        self._seen = None
        self.deleteLater()

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Show the event to the owner's function."""
        try:
            return self._seen is not None and self._seen(event)
        except BaseException as error:
            contain(_log, error, "an event was not looked at", self)
            return False
