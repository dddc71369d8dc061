"""Show a context menu that has the entries for editing, and none of a browser. GUI thread."""

from __future__ import annotations

from typing import Any

from auroraview_qt.policy import ContextMenu
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, QWebEnginePage, QWebEngineView

_actions = QWebEnginePage.WebAction
#: Entries that a page of a tool needs.
_EDITING = (
    _actions.Undo,
    _actions.Redo,
    _actions.Cut,
    _actions.Copy,
    _actions.Paste,
    _actions.PasteAndMatchStyle,
    _actions.SelectAll,
)


def show_context_menu(view: QWebEngineView, position: QtCore.QPoint, kind: ContextMenu, *, inspects: bool) -> None:
    """Show the menu at a global position, unless no entry can be used.

    Thread: GUI.

    Parameters
    ----------
    view : QWebEngineView
        The view that was clicked.
    position : QPoint
        Where, in global coordinates.
    kind : {"edit", "none", "browser"} or callable
        The menu, as ``Policy.context_menu`` has it.
    inspects : bool
        Whether the menu offers the developer tools.
    """
    if kind == "none":
        return
    maker: Any = view if hasattr(view, "createStandardContextMenu") else view.page()  # the page's in Qt 5
    menu: QtWidgets.QMenu = maker.createStandardContextMenu()
    menu.setParent(view, menu.windowFlags())  # PyQt gives the menu to Python, where it would end with this function
    if kind != "browser":
        kept = (*_EDITING, _actions.InspectElement) if inspects else _EDITING
        shown = [view.pageAction(action) for action in kept]
        for action in menu.actions():
            if action not in shown:
                menu.removeAction(action)
    if callable(kind):
        kind(menu)
    if any(action.isEnabled() for action in menu.actions() if not action.isSeparator()):
        menu.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)
    else:
        menu.deleteLater()
