"""FullScreen: shows an element of the page on the full screen, and the panel as before at its end. GUI thread."""

from __future__ import annotations

from typing import Any, cast

from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.page.window_requests import window_of_panel
from auroraview_qt.qt.support.binding import BINDING, QtCore, QtGui, QtWidgets, QWebEnginePage, QWebEngineSettings, is_alive
from auroraview_qt.qt.support.deferred import DeferredLog, run_later
from auroraview_qt.qt.support.event_filter import EventFilter
from auroraview_qt.qt.support.guard import guarded

_log = DeferredLog(__name__)
_type = QtCore.QEvent.Type


class FullScreen(QtCore.QObject):
    """Answers the requests of a page for the full screen.

    The panel's own window or dock gets the full screen; a dock floats meanwhile. If the panel is a part of a window of the
    host, the element fills the panel.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Owns this object. Its parent is the view.
    """

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._keys = EventFilter(self, self._on_key_event)
        self._window: Any = None
        self._before: Any = None  # the state of the window, and whether the dock floated
        # WORKAROUND(no report is known): PySide2 crashes when it passes the request to a slot.
        if BINDING[0] == "pyside2":
            _log.warning("Policy(fullscreen=True) has no effect with PySide2")
            return
        page.settings().setAttribute(QWebEngineSettings.WebAttribute.FullScreenSupportEnabled, True)
        page.fullScreenRequested.connect(self._on_requested)

    @guarded("the full screen was refused")
    def _on_requested(self, request: Any) -> None:
        is_entering = bool(request.toggleOn())
        if is_entering and not self._page.has_trusted_document():
            request.reject()
            self._page.refusals.tell("full screen for", self._page.document_url(), "the page is not trusted")
            return
        request.accept()
        run_later(self._enter if is_entering else self._leave)

    def _enter(self) -> None:
        if not is_alive(self) or self._window is not None:
            return
        view = cast(QtWidgets.QWidget, self._page.parent())
        window: Any = window_of_panel(view)  # a window, or a dock
        if window is not None:
            is_dock = isinstance(window, QtWidgets.QDockWidget)
            floats = not is_dock or window.isFloating()
            if not floats:
                window.setFloating(True)
            self._window, self._before = window, (window.windowState(), floats)
            window.showFullScreen()
        self._keys.move_to(view.focusProxy())

    def _leave(self) -> None:
        if not is_alive(self):
            return
        self._keys.move_to(None)
        window, self._window = self._window, None
        if window is not None and is_alive(window):
            state, floats = self._before
            window.setWindowState(state)
            if not floats:
                window.setFloating(False)

    def _on_key_event(self, event: QtCore.QEvent) -> bool:
        """End the full screen at Escape, also before a shortcut of the host takes the key."""
        if event.type() not in (_type.ShortcutOverride, _type.KeyPress):
            return False
        if cast(QtGui.QKeyEvent, event).key() != QtCore.Qt.Key.Key_Escape:
            return False
        event.accept()
        if event.type() == _type.KeyPress:
            run_later(self._end)
        return True

    def _end(self) -> None:
        if is_alive(self):
            self._page.triggerAction(QWebEnginePage.WebAction.ExitFullScreen)
