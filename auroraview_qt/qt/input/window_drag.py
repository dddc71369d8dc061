"""Move a view's window while the mouse button is held, for ``auroraview.startDrag()``. Thread: GUI."""

from __future__ import annotations

import logging
from typing import cast

from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets
from auroraview_qt.qt.support.guard import guarded

#: The event when the page's title bar is grabbed.
START_EVENT = "__auroraview_start_drag"

_STEP_MS = 16

_log = logging.getLogger(__name__)


class WindowDrag(QtCore.QObject):
    """Lets the system move the window, or moves it itself if the system cannot.

    Parameters
    ----------
    view : QWidget
        Owner; its window is moved.
    """

    def __init__(self, view: QtWidgets.QWidget) -> None:
        super().__init__(view)
        self._offset = QtCore.QPoint()
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._step)

    def start(self, request: object = None) -> None:
        """Begin, if the left button is still down when the page's request arrives.

        A drag region of the page moves only a window of the view's own: the request is ``{"region": true}``.
        """
        if isinstance(request, dict) and request.get("region") and not self._has_own_window():
            return
        if not is_held():
            _log.debug("startDrag() without a button held moves nothing")
            return
        window = self._window()
        if _moved_by_system(window.windowHandle()):
            return
        self._offset = window.pos() - QtGui.QCursor.pos()
        self._timer.start()

    def _has_own_window(self) -> bool:
        """Return whether the window exists only for the view, as a float or a dialog, and is not a host's main window."""
        view, window = cast(QtWidgets.QWidget, self.parent()), self._window()
        if not isinstance(window, QtWidgets.QMainWindow):
            return True
        return window.centralWidget() in (view, view.parentWidget())

    def _window(self) -> QtWidgets.QWidget:
        return cast(QtWidgets.QWidget, self.parent()).window()

    @guarded("a window was not moved")
    def _step(self) -> None:
        if is_held():
            self._window().move(QtGui.QCursor.pos() + self._offset)
        else:
            self._timer.stop()


def _moved_by_system(handle: QtGui.QWindow | None) -> bool:
    return handle is not None and handle.startSystemMove()


def is_held() -> bool:
    """Return whether the left mouse button is down."""
    left = QtCore.Qt.MouseButton.LeftButton
    return (QtWidgets.QApplication.mouseButtons() & left) == left
