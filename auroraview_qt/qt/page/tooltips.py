"""Tooltips: the ``title`` attributes of a page in the host's tooltips, as short plain text. GUI thread.

WORKAROUND(no report is known): Qt 6.5 to 6.12. The engine passes the attribute on unchanged. A megabyte of it stops the GUI
thread for seconds. Its markup is drawn by the host: ``<img src="file:///…">`` shows a picture from disk. Qt 5.15 escapes it.
"""

from __future__ import annotations

import html
from typing import cast

from auroraview_qt.qt.support.binding import BINDING, QtCore, QtWidgets
from auroraview_qt.qt.support.event_filter import EventFilter
from auroraview_qt.qt.support.shown_text import label_text

MAX_CHARS, MAX_LINES = 1_000, 20

_ENGINE_ESCAPES = BINDING[1].startswith("5.")


class Tooltips(QtCore.QObject):
    """Shortens and escapes each tooltip that the engine gives a view.

    Thread: GUI.

    Parameters
    ----------
    view : QWidget
        Owner.
    """

    def __init__(self, view: QtWidgets.QWidget) -> None:
        super().__init__(view)
        self._shown = ""
        if not _ENGINE_ESCAPES:
            self._filter = EventFilter(self, self._view_event)
            self._filter.move_to(view)

    def _view_event(self, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.ToolTipChange:
            view = cast(QtWidgets.QWidget, self.parent())
            text = view.toolTip()
            if text and text != self._shown:
                escaped = html.escape(label_text(text, MAX_CHARS, MAX_LINES), quote=False)
                self._shown = f'<p style="white-space:pre-wrap">{escaped}</p>'
                view.setToolTip(self._shown)
        return False
