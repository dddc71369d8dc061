"""The main window of a plain Qt program, and the deletion of a panel's window."""

from __future__ import annotations

import pytest

from auroraview_qt import WebView, hosts
from auroraview_qt.hosts.base import QtHost
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive

pytestmark = pytest.mark.usefixtures("fresh_hosts")


@pytest.fixture
def main(window):
    """The program's main window."""
    window.setCentralWidget(QtWidgets.QTextEdit())
    window.menuBar().addMenu("File")
    return window


def open_window(kind, main):
    """Open a second QMainWindow of a kind, larger than the first, and make it the active window."""
    parent = main if kind in ("owned", "owned by a dialog") else None
    if kind == "owned by a dialog":
        parent = QtWidgets.QDialog(main)
    second = QtWidgets.QMainWindow(parent)
    if kind == "dialog":
        second.setWindowFlags(QtCore.Qt.WindowType.Dialog)
    elif kind == "tool":
        second.setWindowFlags(QtCore.Qt.WindowType.Tool)
    elif kind == "modal":
        second.setWindowModality(QtCore.Qt.WindowModality.ApplicationModal)
    second.setCentralWidget(QtWidgets.QTextEdit())
    if kind != "without a menu":
        second.menuBar().addMenu("Edit")
    if kind == "deleted when it is closed":
        second.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    second.resize(main.width() + 200, main.height() + 200)
    if kind != "hidden":
        second.show()
        second.activateWindow()
    return second


def end(window, wait_until):
    window.deleteLater()
    wait_until(lambda: not is_alive(window))


@pytest.mark.parametrize(
    "kind",
    [
        *("owned", "owned by a dialog", "dialog", "tool", "modal", "without a menu", "deleted when it is closed"),
        "hidden",
    ],
)
def test_main_window_is_not_an_auxiliary_one_that_is_active(main, wait_until, kind):
    second = open_window(kind, main)
    try:
        if kind != "hidden":
            wait_until(second.isActiveWindow)
        assert QtHost().main_window() is main
    finally:
        end(second, wait_until)


def test_main_window_of_two_alike_is_the_active_one(main, wait_until):
    second = open_window("alike", main)
    second.resize(main.size())
    try:
        wait_until(second.isActiveWindow)
        assert QtHost().main_window() is second
        main.activateWindow()
        wait_until(main.isActiveWindow)
        assert QtHost().main_window() is main
    finally:
        end(second, wait_until)


@pytest.mark.parametrize("shown", [True, False])
def test_panel_in_a_window_that_is_deleted_comes_to_the_main_window(main, wait_until, js, shown):
    second = open_window("alike", main)
    wait_until(second.isActiveWindow)
    panel = hosts.dock(lambda: WebView(html="<p>"), title="T", object_name="test.follow")
    view = panel.view
    wait_until(lambda: view.is_ready)
    assert view.window() is second
    js(view, "window.n = 3")
    if not shown:
        panel.hide()
    end(second, wait_until)
    wait_until(lambda: not panel.is_lost, "docked again")
    panel.show() if not shown else wait_until(lambda: panel.is_visible)
    assert view.window() is main
    assert js(view, "n") == 3
    panel.destroy()


def test_panel_in_a_window_that_the_program_chose_stays_lost_with_it(main, wait_until):
    second = open_window("alike", main)
    panel = hosts.dock(lambda: WebView(html="<p>"), title="T", object_name="test.chosen", window=second)
    wait_until(lambda: panel.view.is_ready)
    end(second, wait_until)
    assert panel.is_lost
    passed = []
    QtCore.QTimer.singleShot(0, lambda: passed.append(True))
    wait_until(lambda: bool(passed), "a round of the event loop")
    assert panel.is_lost
    panel.destroy()
