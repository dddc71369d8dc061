"""Chromium's developer tools for a page, in a window. GUI thread."""

from __future__ import annotations

from typing import cast

from auroraview_qt.errors import DevtoolsDisabledError
from auroraview_qt.qt.page.scheme import SharedProfile
from auroraview_qt.qt.support.binding import QtCore, QWebEnginePage, QWebEngineView
from auroraview_qt.qt.support.shown_text import title_text

#: Pixels of the window when it is shown for the first time.
_SIZE_PX = (1000, 640)


def show_devtools(view: QWebEngineView, window: QWebEngineView | None, *, enabled: bool) -> QWebEngineView:
    """Show the window with the developer tools of a view's page, made at the first call; the view owns it.

    Raises
    ------
    DevtoolsDisabledError
        The view was made without ``devtools=True``.
    """
    if not enabled:
        raise DevtoolsDisabledError("developer tools are off: make the view with WebView(devtools=True)")
    if window is None:
        window = QWebEngineView(view)
        window.setWindowFlag(QtCore.Qt.WindowType.Window)
        window.setWindowTitle(f"Developer tools - {title_text(view.windowTitle() or view.page().title())}")
        page = QWebEnginePage(view.page().profile(), window)
        cast(SharedProfile, page.profile()).adopt(page)
        window.setPage(page)
        window.resize(*_SIZE_PX)
        view.page().setDevToolsPage(window.page())
    window.show()
    window.raise_()
    return window
