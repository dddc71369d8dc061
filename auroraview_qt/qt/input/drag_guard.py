"""Keep files that the program did not allow out of a page's own drags. GUI thread.

QtWebEngine lets every page, of any origin, put the ``file:`` URL of any file into a drag (seen on Qt 5.15 and 6). An
apparent thumbnail could be a script, dropped into a host that runs it.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Callable, cast

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import AuroraViewError
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets, QWebEngineView
from auroraview_qt.qt.support.event_filter import EventFilter
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer

_URLS = "text/uri-list"

_log = logging.getLogger(__name__)


class DragGuard(QtCore.QObject):
    """Takes files out of the drags that the engine starts for a page.

    The engine makes its QDrag a child of the view, and runs it at once. A timer checks it first in the drag's own loop,
    before a target gets it.

    Thread: GUI.

    Parameters
    ----------
    view : QWebEngineView
        Whose drags are looked at; owns this object.
    scopes : callable
        Returns the folders whose files may be dragged.
    """

    def __init__(self, view: QWebEngineView, scopes: Callable[[], Scopes]) -> None:
        super().__init__(view)
        self._scopes = scopes
        self._soon = LazyTimer(self, self._look)
        self._filter = EventFilter(self, self._seen)
        self._filter.move_to(cast(QtWidgets.QWidget, view))

    def _seen(self, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.ChildAdded:  # the child is not made yet, and may not be touched
            self._soon.set(0)
        return False

    @guarded("a drag of the page was not looked at")
    def _look(self) -> None:
        for drag in cast(QtWidgets.QWidget, self.parent()).findChildren(QtGui.QDrag):
            mime = drag.mimeData()
            if mime is not None:
                self._check(mime)

    def _check(self, mime: QtCore.QMimeData) -> None:
        files = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        refused = [file for file in files if not self._may_go(file)]
        if refused:
            mime.removeFormat(_URLS)
            _log.warning('a page was kept from dragging %s: enable("drag", roots=…) allows it', ", ".join(refused))

    def _may_go(self, file: str) -> bool:
        path = Path(file)
        if is_of_the_engine(path):
            return True
        try:
            self._scopes().existing(file)
        except AuroraViewError:
            return False
        return True


def is_of_the_engine(path: Path) -> bool:
    """Return whether the engine has written a file for a dragged picture into a new folder.

    Thread: any.

    Parameters
    ----------
    path : Path
        The path of the file.
    """
    program = re.escape(QtCore.QCoreApplication.applicationName() or "qt_temp")
    in_temp = path.parent.parent == Path(QtCore.QDir.tempPath())
    return in_temp and re.fullmatch(program + "-[A-Za-z0-9]{6}", path.parent.name) is not None
