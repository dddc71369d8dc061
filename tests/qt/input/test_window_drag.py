"""auroraview.startDrag(): the window moves with the mouse, by the system or by hand."""

from __future__ import annotations

import pytest

from auroraview_qt.qt.input import window_drag
from auroraview_qt.qt.input.window_drag import WindowDrag
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets


class Mouse:
    """A mouse without a hand."""

    def __init__(self):
        self.held, self.at = True, QtCore.QPoint(100, 100)


@pytest.fixture
def mouse(monkeypatch):
    mouse = Mouse()
    monkeypatch.setattr(window_drag, "is_held", lambda: mouse.held)
    monkeypatch.setattr(QtGui.QCursor, "pos", lambda: mouse.at)
    return mouse


@pytest.fixture
def panel(qapp):
    """A window with a widget inside that starts drags."""
    window = QtWidgets.QWidget()
    inner = QtWidgets.QWidget(window)
    window.move(40, 30)
    window.show()
    yield WindowDrag(inner), window
    window.deleteLater()


def test_window_follows_the_mouse_until_the_button_is_released(panel, mouse, monkeypatch, wait_until):
    drag, window = panel
    monkeypatch.setattr(window_drag, "_moved_by_system", lambda handle: False)
    start = window.pos()
    drag.start()
    mouse.at = QtCore.QPoint(130, 90)
    wait_until(lambda: window.pos() == start + QtCore.QPoint(30, -10))
    assert drag._timer.isActive()
    mouse.held = False
    wait_until(lambda: not drag._timer.isActive())
    mouse.at = QtCore.QPoint(500, 500)
    assert window.pos() == start + QtCore.QPoint(30, -10)


def test_window_the_system_moves_is_left_to_it(panel, mouse, monkeypatch):
    drag, window = panel
    asked = []
    monkeypatch.setattr(window_drag, "_moved_by_system", lambda handle: asked.append(handle) or True)
    drag.start()
    assert asked == [window.windowHandle()]
    assert not drag._timer.isActive()


def test_window_without_a_handle_or_a_button_held_does_not_move(panel, mouse, monkeypatch):
    drag, _ = panel
    assert window_drag._moved_by_system(None) is False
    mouse.held = False
    monkeypatch.setattr(window_drag, "_moved_by_system", lambda handle: pytest.fail("asked"))
    drag.start()
    assert not drag._timer.isActive()


def test_page_that_asks_starts_the_drag(make_view, js, mouse, monkeypatch, wait_until):
    view, asked = make_view("<p>"), []
    monkeypatch.setattr(window_drag, "_moved_by_system", lambda handle: asked.append(handle) or True)
    js(view, "(auroraview.startDrag(), 1)")
    wait_until(lambda: asked)
