"""Simulate an artist's hands: send mouse and key events of Qt to the widget that receives them for a page. GUI thread.

Mouse moves are sent as events: ``QTest.mouseMove`` calls processEvents.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets, QWebEngineView
from auroraview_qt.qt.support.for_tests import QTest
from auroraview_qt.testing import keys

_Button, _Type = QtCore.Qt.MouseButton, QtCore.QEvent.Type
_BUTTONS = {"left": _Button.LeftButton, "right": _Button.RightButton, "middle": _Button.MiddleButton}

Point = tuple[float, float]


def button_of(name: str) -> QtCore.Qt.MouseButton:
    """Return a mouse button by name; ValueError for any but left, right and middle."""
    if name not in _BUTTONS:
        raise ValueError(f"button={name!r}: use 'left', 'right' or 'middle'")
    return _BUTTONS[name]


class Hands:
    """Sends events to a view.

    Thread: GUI.

    Parameters
    ----------
    view : QWebEngineView
        Points are in its page's CSS pixels.
    """

    def __init__(self, view: QWebEngineView) -> None:
        self._view = view

    @property
    def _widget(self) -> QtWidgets.QWidget:
        """Return the widget that receives the page's events; Qt replaces it when the page gets a new process."""
        return self._view.focusProxy() or self._view

    def _place(self, point: Point) -> QtCore.QPointF:
        zoom = self._view.zoomFactor()
        inside = QtCore.QPoint(round(point[0] * zoom), round(point[1] * zoom))
        return QtCore.QPointF(self._widget.mapFrom(self._view, inside) if self._widget is not self._view else inside)

    # Mouse

    def _send_mouse(
        self,
        kind: QtCore.QEvent.Type,
        point: Point,
        button: QtCore.Qt.MouseButton = _Button.NoButton,
        held: QtCore.Qt.MouseButton = _Button.NoButton,
        modifiers: Sequence[str] = (),
    ) -> None:
        widget, place = self._widget, self._place(point)
        window_place = QtCore.QPointF(widget.mapTo(widget.window(), place.toPoint()))
        screen_place = QtCore.QPointF(widget.mapToGlobal(place.toPoint()))
        event = QtGui.QMouseEvent(kind, place, window_place, screen_place, button, held, keys.modifiers_of(list(modifiers)))
        QtWidgets.QApplication.sendEvent(widget, event)

    def move(self, point: Point, *, held: QtCore.Qt.MouseButton = _Button.NoButton, modifiers: Sequence[str] = ()) -> None:
        """Move the mouse to a point."""
        self._send_mouse(_Type.MouseMove, point, held=held, modifiers=modifiers)

    def press(self, point: Point, button: str, modifiers: Sequence[str] = ()) -> None:
        """Press a button."""
        QTest.mousePress(self._widget, button_of(button), keys.modifiers_of(list(modifiers)), self._whole(point))

    def release(self, point: Point, button: str, modifiers: Sequence[str] = ()) -> None:
        """Release a button."""
        QTest.mouseRelease(self._widget, button_of(button), keys.modifiers_of(list(modifiers)), self._whole(point))

    def click(self, point: Point, button: str, modifiers: Sequence[str] = ()) -> None:
        """Click once; however soon it follows another click, it is no half of a double click: QTest's clock sees to that."""
        self.press(point, button, modifiers)
        self.release(point, button, modifiers)

    def double_click(self, point: Point) -> None:
        """Click twice in a row."""
        none = QtCore.Qt.KeyboardModifier.NoModifier
        # After this press QTest's clock stands still, so that the next press belongs to it.
        QTest.mouseDClick(self._widget, _Button.LeftButton, none, self._whole(point))
        self._send_mouse(_Type.MouseButtonRelease, point, _Button.LeftButton)
        self.click(point, "left")

    def _whole(self, point: Point) -> QtCore.QPoint:
        """Return a place for QTest, which uses the middle of the widget instead of its corner."""
        place = self._place(point).toPoint()
        return QtCore.QPoint(1, 0) if place.isNull() else place

    # Keys

    def key(self, text: str) -> None:
        """Press and release a key, with the modifiers that are named before it."""
        pressed = keys.key_of(text)
        widget = self._widget
        if pressed.character is None:
            QTest.keyClick(widget, pressed.key, pressed.modifiers)
        elif pressed.character.isascii():
            QTest.keyClicks(widget, pressed.character, pressed.modifiers)
        else:  # QTest supports Latin characters only
            for kind in (_Type.KeyPress, _Type.KeyRelease):
                event = QtGui.QKeyEvent(kind, pressed.key, pressed.modifiers, pressed.character)
                QtWidgets.QApplication.sendEvent(widget, event)

    def commit(self, text: str) -> None:
        """Type a text of any script, as an input method does."""
        event = QtGui.QInputMethodEvent("", [])
        event.setCommitString(text)
        QtWidgets.QApplication.sendEvent(self._widget, event)

    # Files that are dragged in

    def drag_data(self, paths: Sequence[str | Path]) -> QtCore.QMimeData:
        """Return the data that a file manager drags; the caller keeps the object until the drop."""
        data = QtCore.QMimeData()
        data.setUrls([QtCore.QUrl.fromLocalFile(str(path)) for path in paths])
        return data

    def drag_files(self, kind: type[QtGui.QDropEvent], point: Point, data: QtCore.QMimeData) -> None:
        """Send an event of a drag with files."""
        zoom = self._view.zoomFactor()
        place = QtCore.QPointF(point[0] * zoom, point[1] * zoom)
        takes_whole = kind is not QtGui.QDropEvent and not _DRAGS_TAKE_FLOATS
        event = kind(
            place.toPoint() if takes_whole else place,
            QtCore.Qt.DropAction.CopyAction,
            data,
            _Button.LeftButton,
            QtCore.Qt.KeyboardModifier.NoModifier,
        )
        QtWidgets.QApplication.sendEvent(self._view, event)


_DRAGS_TAKE_FLOATS = tuple(map(int, QtCore.qVersion().split(".")[:2])) >= (6, 12)
