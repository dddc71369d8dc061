"""WindowRequests: answers a page that closes its window, or prints. GUI thread."""

from __future__ import annotations

from typing import Any, cast

from auroraview_qt.host.protocol import MARK
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
        page.printRequested.connect(self._on_print_requested)

    @guarded("the panel was not closed")
    def _on_close_requested(self) -> None:
        run_later(self._close)

    @guarded("window.print() had no effect")
    def _on_print_requested(self) -> None:
        """Say that nothing is printed, unless the program listens, too."""
        try:
            listeners = self._page.receivers(self._page.printRequested)  # type: ignore[arg-type]  # PyQt
        except TypeError:
            listeners = self._page.receivers(QtCore.SIGNAL("printRequested()"))
        if listeners < 2:
            why = "the program prints: connect view.page().printRequested"
            self._page.refusals.tell("window.print() of", self._page.document_url(), why)

    def _close(self) -> None:
        """Close the dock that holds the view, or the view if it is a window. Never close a window of the host."""
        if not is_alive(self):
            return
        window = window_of_panel(cast(QtWidgets.QWidget, self._page.parent()))
        if window is not None:
            window.close()
        else:
            _log.warning("window.close(): the view is a part of a window, so nothing was closed")


def window_of_panel(view: QtWidgets.QWidget) -> QtWidgets.QWidget | None:
    """Return the dock or window that holds only a view; None if the view is a part of another window. Thread: GUI."""
    holder: Any = view
    while holder is not None and not isinstance(holder, QtWidgets.QDockWidget) and not holder.isWindow():
        holder = holder.parentWidget()
    is_own = holder is view or isinstance(holder, QtWidgets.QDockWidget) or (holder is not None and holder.property(MARK))
    return holder if is_own else None
