"""Keep the native windows of a host as they are when its first web view comes.  Thread: GUI."""

from __future__ import annotations

import importlib

from auroraview_qt.qt.support.widgets_only import BINDING, QtWidgets

#: The name of the widget that is put into a window.
KEEPER = "auroraview.native_window"


def prepare_windows() -> int:
    """Put a hidden Quick widget into each main window that was not shown yet; return how many there are.

    Qt 6 decides how it draws a window when the window is shown, by the widgets in it. A later web view changes that:
    Qt makes the native window anew. So handles change, and Qt 6.5 loses the maximised state under X11. A hidden web
    view does not prevent it. Qt 5 draws all windows in one way.
    """
    if BINDING[1].startswith("5."):
        return 0
    windows = [
        window
        for window in QtWidgets.QApplication.topLevelWidgets()
        if isinstance(window, QtWidgets.QMainWindow) and not window.isVisible() and _keeper(window) is None
    ]
    for window in windows:
        keeper = importlib.import_module("qtpy.QtQuickWidgets").QQuickWidget(window)
        keeper.setObjectName(KEEPER)
        keeper.setFixedSize(1, 1)
        keeper.hide()
    return len(windows)


def _keeper(window: QtWidgets.QMainWindow) -> QtWidgets.QWidget | None:
    found: QtWidgets.QWidget | None = window.findChild(QtWidgets.QWidget, KEEPER)
    return found
