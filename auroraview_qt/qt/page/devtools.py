"""Chromium's developer tools for a page, in a window. GUI thread."""

from __future__ import annotations

from auroraview_qt.qt.support.binding import QtCore, QWebEnginePage, QWebEngineView
from auroraview_qt.qt.support.shown_text import title_text

#: Pixels of the window when it is shown for the first time.
_SIZE_PX = (1000, 640)


def make_devtools(view: QWebEngineView) -> QWebEngineView:
    """Make the window with the developer tools of a view's page; the view owns it."""
    tools = QWebEngineView(view)
    tools.setWindowFlag(QtCore.Qt.WindowType.Window)
    tools.setWindowTitle(f"Developer tools - {title_text(view.windowTitle() or view.page().title())}")
    tools.setPage(QWebEnginePage(view.page().profile(), tools))
    tools.resize(*_SIZE_PX)
    view.page().setDevToolsPage(tools.page())
    return tools
