"""Elements on the full screen: of a window, of a dock, in a part of a host's window, and not without the policy."""

from __future__ import annotations

import pytest
from qtpy.QtTest import QTest

from auroraview_qt import hosts
from auroraview_qt.policy import Policy
from auroraview_qt.qt.support.binding import BINDING, QtCore, QtWidgets, is_alive
from tests.servers import serving

PAGE = """<title>page</title><button id=full onclick="video.requestFullscreen().then(() => told.push('shown'),
    (error) => told.push(error.name))">full</button><div id=video>video</div><script>window.told = [];</script>"""
ALLOWED = Policy(fullscreen=True)
IS_ON = "!!document.fullscreenElement"

without_full_screen = pytest.mark.skipif(BINDING[0] == "pyside2", reason="PySide2 has no full screen for pages")


def is_full(window):
    return bool(window.windowState() & QtCore.Qt.WindowState.WindowFullScreen)


def escape(view, key=QtCore.Qt.Key.Key_Escape):
    QTest.keyClick(view.focusProxy(), key)


@without_full_screen
@pytest.mark.parametrize("maximised", [False, True])
def test_window_of_a_panel_gets_the_full_screen_until_escape(make_view, js, click, wait_until, maximised):
    view = make_view(PAGE, policy=ALLOWED)
    if maximised:
        view.showMaximized()
    before = view.windowState()
    for _ in range(2):
        click(view, "#full")
        wait_until(lambda: is_full(view) and js(view, IS_ON))
        escape(view, QtCore.Qt.Key.Key_A)
        escape(view)
        wait_until(lambda: not is_full(view) and not js(view, IS_ON))
        assert view.windowState() == before
    assert js(view, "told") == ["shown", "shown"]


@without_full_screen
def test_dock_floats_for_the_full_screen_and_docks_again(make_view, js, click, wait_until, qapp):
    view, window = make_view(PAGE, policy=ALLOWED), QtWidgets.QMainWindow()
    dock = QtWidgets.QDockWidget(window)
    dock.setWidget(view)
    window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.resize(800, 500)
    window.show()
    click(view, "#full")
    wait_until(lambda: is_full(dock) and js(view, IS_ON))
    assert not is_full(window)
    js(view, "(document.exitFullscreen(), 1)")
    wait_until(lambda: not dock.isFloating() and not is_full(dock))
    assert window.dockWidgetArea(dock) == QtCore.Qt.DockWidgetArea.RightDockWidgetArea
    view.setParent(None)
    window.deleteLater()


@without_full_screen
def test_window_of_a_panel_without_a_host_gets_the_full_screen(make_view, click, wait_until, fresh_hosts, expect_log):
    expect_log("the renderer of")
    panel = hosts.dock(lambda: make_view(PAGE, policy=ALLOWED), title="Tool", object_name="studio.tool")
    wait_until(lambda: panel.view.is_ready)
    click(panel.view, "#full")
    wait_until(lambda: is_full(panel.view.window()))
    panel.view.terminate_page()
    wait_until(lambda: not is_full(panel.view.window()))


@without_full_screen
def test_window_of_a_host_does_not_get_the_full_screen(make_view, js, click, wait_until, qapp):
    window = QtWidgets.QWidget()
    layout = QtWidgets.QVBoxLayout(window)
    view = make_view(PAGE, parent=window, policy=ALLOWED)
    layout.addWidget(view)
    window.show()
    click(view, "#full")
    wait_until(lambda: js(view, IS_ON))
    assert not is_full(window)
    escape(view)
    wait_until(lambda: not js(view, IS_ON))
    window.deleteLater()


@without_full_screen
def test_page_that_leaves_or_dies_gives_the_screen_back(make_view, click, wait_until, expect_log):
    expect_log("the renderer of")
    view = make_view(PAGE, policy=ALLOWED)
    click(view, "#full")
    wait_until(lambda: is_full(view))
    view.load_html(PAGE)
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready and not is_full(view))
    click(view, "#full")
    wait_until(lambda: is_full(view))
    view.terminate_page()
    wait_until(lambda: not is_full(view))


@without_full_screen
def test_page_that_is_not_trusted_gets_no_full_screen(make_view, js, click, wait_until, expect_log):
    expect_log("full screen for")
    with serving({"/": PAGE.replace("page", "login", 1)}) as server:
        view = make_view(policy=ALLOWED)
        view.load_url(server.url)
        wait_until(lambda: view.title() == "login")
        click(view, "#full")
        wait_until(lambda: js(view, "told") == ["TypeError"] or not js(view, IS_ON))
        assert not is_full(view)


def test_full_screen_is_off_and_the_log_names_the_argument(make_view, js, click, wait_until, expect_log, caplog):
    expect_log("full screen for")
    view = make_view(PAGE)
    assert js(view, "document.fullscreenEnabled") is False
    for _ in range(2):
        click(view, "#full")
    wait_until(lambda: js(view, "told") == ["TypeError"] * 2 and "Policy(fullscreen=True) allows it" in caplog.text)
    assert caplog.text.count("Policy(fullscreen=True)") == 1


def test_binding_without_the_full_screen_says_so(make_view, js, expect_log, caplog, wait_until):
    expect_log("has no effect with PySide2")
    view = make_view(PAGE, policy=ALLOWED)
    lacks_it = BINDING[0] == "pyside2"
    wait_until(lambda: ("has no effect with PySide2" in caplog.text) == lacks_it)
    assert js(view, "document.fullscreenEnabled") is not lacks_it


@without_full_screen
@pytest.mark.parametrize("ended", ["view", "window"])
def test_panel_that_is_deleted_on_the_full_screen_takes_nothing_along(make_view, js, click, wait_until, qapp, ended):
    window = QtWidgets.QMainWindow()
    dock = QtWidgets.QDockWidget(window)
    view = make_view(PAGE, parent=dock, policy=ALLOWED)
    dock.setWidget(view)
    window.addDockWidget(QtCore.Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.show()
    click(view, "#full")
    wait_until(lambda: is_full(dock) and js(view, IS_ON))
    {"view": view, "window": window}[ended].deleteLater()
    wait_until(lambda: not is_alive(view))
    if ended == "view":
        window.deleteLater()
    wait_until(lambda: not is_alive(window))
