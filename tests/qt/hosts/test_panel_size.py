"""The size of a panel: never too small to use, and kept over moves between areas and floats."""

from __future__ import annotations

import pytest

from auroraview_qt import WebView, hosts
from auroraview_qt.qt.support.binding import QtCore, QtWidgets

pytestmark = pytest.mark.usefixtures("fresh_hosts")


@pytest.fixture
def roomy(window, wait_until):
    """A window with room for a panel on each side."""
    window.setCentralWidget(QtWidgets.QTextEdit())
    window.resize(1000, 800)
    wait_until(lambda: window.width() == 1000)
    return window


@pytest.fixture
def dock(window, wait_until):
    def dock(make=lambda: WebView(html="<p>"), **keywords):
        panel = hosts.dock(make, title="T", object_name="test.size", window=window, **keywords)
        wait_until(lambda: panel.is_visible)
        return panel

    return dock


def frame_of(window):
    return window.findChild(QtWidgets.QDockWidget, "test.size")


def resize_to(window, width=None, height=None):
    """Size the docked panel as an artist does with the separator."""
    orientation = QtCore.Qt.Orientation.Vertical if width is None else QtCore.Qt.Orientation.Horizontal
    window.resizeDocks([frame_of(window)], [width or height], orientation)


def test_panel_size_in_an_area_is_kept_over_moves(dock, roomy, wait_until):
    panel = dock(area="right", size=(250, 220))
    frame = frame_of(roomy)
    wait_until(lambda: frame.width() == 250)
    resize_to(roomy, width=310)
    wait_until(lambda: frame.width() == 310)
    panel.area = "bottom"
    wait_until(lambda: frame.height() == 220, "the height it was given")
    resize_to(roomy, height=260)
    wait_until(lambda: frame.height() == 260)
    panel.area = "left"
    wait_until(lambda: frame.width() == 310, "the width it had")
    panel.float()
    wait_until(lambda: panel.is_floating)
    panel.area = "bottom"
    wait_until(lambda: frame.height() == 260, "the height it had")


def test_panel_floats_as_large_as_it_was_given_and_later_as_it_was_left(dock, roomy, wait_until):
    panel = dock(area="bottom", size=(300, 320))
    frame = frame_of(roomy)
    resize_to(roomy, height=150)
    wait_until(lambda: frame.height() == 150)
    panel.float()
    wait_until(lambda: panel.is_floating and frame.height() == 320)
    assert panel.is_visible
    frame.resize(330, 290)
    wait_until(lambda: (frame.width(), frame.height()) == (330, 290))
    panel.float(False)
    wait_until(lambda: frame.height() == 150, "the height it had in the dock")
    panel.float()
    wait_until(lambda: (frame.width(), frame.height()) == (330, 290), "the size it had as a window")


def test_panel_squeezed_in_its_dock_floats_as_large_as_it_was_given(dock, window, wait_until):
    window.centralWidget().setMinimumSize(500, 380)
    neighbour = QtWidgets.QDockWidget("Timeline", window)
    neighbour.setWidget(QtWidgets.QTextEdit())
    window.addDockWidget(QtCore.Qt.DockWidgetArea.BottomDockWidgetArea, neighbour)
    panel = dock(size=(360, 480))
    panel.area = "bottom"
    wait_until(lambda: panel.is_visible and panel.widget.height() < 200)
    panel.float()
    wait_until(lambda: panel.is_floating and panel.widget.height() > 400)


def test_panel_that_the_layout_floats_has_the_layouts_size(dock, roomy, wait_until):
    panel = dock(size=(300, 320))
    frame = frame_of(roomy)
    panel.float()
    frame.resize(200, 190)
    wait_until(lambda: (frame.width(), frame.height()) == (200, 190))
    state = roomy.saveState()
    panel.destroy()
    wait_until(lambda: frame_of(roomy) is None)
    panel = dock(size=(300, 320))
    roomy.restoreState(state)
    frame = frame_of(roomy)
    wait_until(lambda: panel.is_floating and (frame.width(), frame.height()) == (200, 190))


def test_panel_that_joins_an_area_leaves_its_neighbour_as_large_as_it_was(dock, roomy, wait_until):
    neighbour = QtWidgets.QDockWidget("Timeline", roomy)
    neighbour.setObjectName("timeline")
    neighbour.setWidget(QtWidgets.QTextEdit())
    roomy.addDockWidget(QtCore.Qt.DockWidgetArea.BottomDockWidgetArea, neighbour)
    roomy.resizeDocks([neighbour], [170], QtCore.Qt.Orientation.Vertical)
    wait_until(lambda: neighbour.height() == 170)
    panel = dock(size=(300, 420))
    panel.area = "bottom"
    wait_until(lambda: frame_of(roomy).height() == 170)
    assert neighbour.height() == 170


def test_view_in_a_panel_cannot_be_squeezed_to_nothing(dock, roomy, wait_until):
    panel = dock(size=(300, 320))
    wait_until(lambda: frame_of(roomy).width() == 300)
    resize_to(roomy, width=1)
    wait_until(lambda: panel.widget.width() == 160)
    panel.area = "bottom"
    wait_until(lambda: frame_of(roomy).height() == 320)
    resize_to(roomy, height=1)
    wait_until(lambda: panel.widget.height() == 120)


@pytest.mark.parametrize("kind", ["minimum", "maximum", "first size"])
def test_panel_may_be_smaller_than_the_least_if_it_asks_for_it(dock, kind):
    def make():
        view = WebView(html="<p>")
        if kind == "minimum":
            view.setMinimumSize(30, 20)
        elif kind == "maximum":
            view.setMaximumSize(30, 20)
        return view

    widget = dock(make, size=(30, 20) if kind == "first size" else (300, 320)).widget
    assert (widget.minimumWidth(), widget.minimumHeight()) == (30, 20)
