"""Panels that are docked, floated, shown and hidden again; docs/guides/compatibility.md names the test of each row."""

from __future__ import annotations

from concurrent.futures import Future

from auroraview_qt import QtWebView
from auroraview_qt.qt.support.binding import QtCore, QtWidgets


def test_result_of_long_work_arrives_though_the_panel_moved_meanwhile(qapp, make_view, js, wait_until):
    view, future = make_view("<script>got = null</script>"), Future()
    view.command("bake", lambda: future)
    js(view, "(auroraview.call('bake').then((r) => { got = r }), 1)")
    wait_until(lambda: view.stats()["received"] == 3)
    window, dock = QtWidgets.QMainWindow(), QtWidgets.QDockWidget()
    window.addDockWidget(QtCore.Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    dock.setWidget(view)
    window.show()
    for floating in (True, False):
        dock.setFloating(floating)
        window.resize(500 + 50 * floating, 400)
    future.set_result("baked")
    wait_until(lambda: js(view, "got") == "baked")
    assert view.stats()["pages"] == 1
    window.deleteLater()


def test_panel_shown_and_hidden_again_and_again_lives(make_view, js, wait_until):
    view, got = make_view("<script>n = 0; auroraview.on('tick', () => auroraview.send_event('tock', n += 1))</script>"), []
    view.on("tock", got.append)
    for turn in range(30):
        view.hide() if turn % 3 else view.close()
        view.emit("tick")
        view.show()
        view.resize(300 + turn, 200 + turn)
    wait_until(lambda: len(got) == 30)
    assert got == list(range(1, 31))
    assert view.stats()["pages"] == 1


def test_transparent_panel_shows_what_is_behind_it(qapp, wait_until):
    window = QtWidgets.QWidget()
    window.setStyleSheet("background: rgb(200, 30, 40)")
    window.resize(200, 200)
    view = QtWebView(window, transparent=True, width=200, height=200, html="<body style='margin: 0'>")
    opaque = QtWebView(background_color="#102030")
    window.show()
    assert view.page().backgroundColor().alpha() == 0
    assert view.testAttribute(QtCore.Qt.WidgetAttribute.WA_TranslucentBackground)
    assert opaque.page().backgroundColor().name() == "#102030"

    def color():
        return window.grab().toImage().pixelColor(100, 100).getRgb()[:3]

    wait_until(lambda: view.is_ready)
    wait_until(lambda: color() == (200, 30, 40), "the colour behind the page")
    window.deleteLater()
    opaque.deleteLater()
