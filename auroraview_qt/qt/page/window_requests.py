"""WindowRequests: closes the panel if its page calls window.close(). GUI thread."""

from __future__ import annotations

from typing import Any, cast

from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive
from auroraview_qt.qt.support.deferred import DeferredLog, run_later
from auroraview_qt.qt.support.guard import guarded

_log = DeferredLog(__name__)


class WindowRequests(QtCore.QObject):
    """Answers for the view what a page asks of its window.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Owns this object. Its parent is the view.
    """

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        page.windowCloseRequested.connect(self._on_close_requested)

    @guarded("the panel was not closed")
    def _on_close_requested(self) -> None:
        run_later(self._close)

    def _close(self) -> None:
        """Close the dock that holds the view, or the view if it is a window. Never close a window of the host."""
        if not is_alive(self):
            return
        view = cast(QtWidgets.QWidget, self._page.parent())
        holder: Any = view
        while holder is not None and not isinstance(holder, QtWidgets.QDockWidget) and not holder.isWindow():
            holder = holder.parentWidget()
        if holder is view or isinstance(holder, QtWidgets.QDockWidget):
            holder.close()
        else:
            _log.warning("window.close(): the view is a part of a window, so nothing was closed")
