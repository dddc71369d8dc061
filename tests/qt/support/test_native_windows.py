"""The native window of a host is the same before and after its first panel, if `prewarm` came before it was shown."""

from __future__ import annotations

import pytest

import auroraview_qt
from auroraview_qt import WebView, hosts
from auroraview_qt.qt.support.binding import BINDING, QtWidgets, is_alive
from auroraview_qt.qt.support.native_windows import KEEPER, prepare_windows

pytestmark = pytest.mark.usefixtures("fresh_hosts")

QT6 = not BINDING[1].startswith("5.")


@pytest.fixture
def hidden_window(make_view, wait_until):
    """A host's main window that was not shown yet."""
    window = QtWidgets.QMainWindow()
    window.setCentralWidget(QtWidgets.QTextEdit())
    window.resize(700, 400)
    yield window
    for panel in hosts.panels().values():
        panel.destroy()
    window.deleteLater()
    wait_until(lambda: not is_alive(window))


def test_prewarm_before_a_window_is_shown_keeps_its_native_window(hidden_window, wait_until):
    assert auroraview_qt.prewarm()
    hidden_window.show()
    before = int(hidden_window.winId())
    panel = hosts.dock(lambda: WebView(html="<p>"), title="T", object_name="test.native", window=hidden_window)
    wait_until(lambda: panel.view.is_ready and panel.is_visible)
    assert int(hidden_window.winId()) == before


def test_windows_are_prepared_once_and_before_they_are_shown(hidden_window, wait_until):
    prepared = prepare_windows()
    assert (prepared >= 1) == QT6
    assert prepare_windows() == 0
    assert len(hidden_window.findChildren(QtWidgets.QWidget, KEEPER)) == int(QT6)
    shown = QtWidgets.QMainWindow()
    shown.show()
    assert prepare_windows() == 0
    shown.deleteLater()
    wait_until(lambda: not is_alive(shown))
