"""Panels in a plain QMainWindow: docked once, made late, kept through all changes of the window around them."""

from __future__ import annotations

import contextlib
import gc
import threading
import weakref
from typing import ClassVar

import pytest

from auroraview_qt import WebView, hosts
from auroraview_qt.host import detection
from auroraview_qt.hosts.base import QtHost
from auroraview_qt.hosts.frames.dock import DockFrame
from auroraview_qt.hosts.standalone.adapter import StandaloneHost
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive

pytestmark = pytest.mark.usefixtures("fresh_hosts")

COUNTER = "<script>window.n = 0; auroraview.on('t', () => { n += 1; })</script><input>"


@pytest.fixture
def dock(window, wait_until):
    """Dock a panel with a page that counts, and wait for the page."""

    def dock(object_name="test.panel", **keywords):
        keywords.setdefault("title", "Test")
        keywords.setdefault("window", window)
        panel = hosts.dock(lambda: WebView(html=COUNTER), object_name=object_name, **keywords)
        if panel.widget is not None:
            wait_until(lambda: panel.view.is_ready)
        return panel

    return dock


def test_dock_shows_the_page_at_the_side_of_the_window(dock, window, wait_until, js):
    panel = dock(area="left", size=(250, 300))
    wait_until(lambda: panel.is_visible)
    assert (panel.area, panel.is_floating) == ("left", False)
    assert panel.view.window() is window
    wait_until(lambda: abs(panel.widget.width() - 250) < 30, "the first width")
    assert js(panel.view, "n") == 0


def test_dock_without_show_makes_nothing_until_the_host_shows_it(dock, window, wait_until):
    panel = dock(show=False)
    assert panel.widget is None
    assert not panel.is_visible
    window.findChild(QtWidgets.QDockWidget, "test.panel").toggleViewAction().trigger()
    wait_until(lambda: panel.widget is not None, "the factory called")
    wait_until(lambda: panel.view.is_ready)


def test_dock_called_twice_gives_the_same_panel_and_shows_it(dock, wait_until):
    panel = dock()
    panel.hide()
    wait_until(lambda: not panel.is_visible)
    assert dock() is panel
    wait_until(lambda: panel.is_visible)


def test_two_panels_are_docked_beside_each_other(dock, wait_until):
    first, second = dock("test.one"), dock("test.two", area="left")
    wait_until(lambda: first.is_visible and second.is_visible)
    assert (first.area, second.area) == ("right", "left")
    assert set(hosts.panels()) == {"test.one", "test.two"}


def test_thirty_cycles_of_docking_keep_the_page(dock, wait_until, js):
    panel = dock()
    view = panel.view
    areas = ("left", "bottom", "right", "top")
    for i in range(30):
        panel.float()
        wait_until(lambda: panel.is_floating)
        view.emit("t")
        panel.float(False)
        panel.area = areas[i % 4]
        panel.hide()
        view.emit("t")
        panel.show()
        assert panel.area == areas[i % 4]
    wait_until(lambda: js(view, "n") == 60, "all events counted by one page")
    assert panel.view is view
    assert view.stats()["pages"] == 1


def test_closing_a_panel_hides_it_and_keeps_the_page(dock, window, wait_until, js):
    panel = dock()
    js(panel.view, "n = 7")
    window.findChild(QtWidgets.QDockWidget, "test.panel").close()
    wait_until(lambda: not panel.is_visible)
    panel.show()
    assert js(panel.view, "n") == 7


def test_closing_a_panel_that_is_to_be_destroyed_ends_it(dock, window, wait_until):
    panel = dock(on_close="destroy")
    view = panel.view
    window.findChild(QtWidgets.QDockWidget, "test.panel").close()
    wait_until(lambda: not is_alive(view), "the page deleted")
    assert panel.is_destroyed
    assert window.findChildren(QtWidgets.QDockWidget) == []
    assert hosts.panels() == {}
    assert dock() is not panel


def test_destroyed_panel_says_so(dock):
    panel = dock()
    panel.destroy()
    panel.destroy()
    for use in (panel.show, panel.hide, panel.float, panel.reattach):
        with pytest.raises(RuntimeError, match="destroyed"):
            use()


class Owner:
    """The minimal owner of a frame."""

    object_name, title, first_area, size, on_close = "test.owner", "Test", "right", (200, 200), "hide"

    def frame_shown(self, frame):
        pass

    def frame_dying(self, frame):
        pass


def test_dock_of_the_host_keeps_nothing_of_a_panel_that_has_left_it(window, wait_until):
    dock = QtWidgets.QDockWidget("Docker", window)
    owner, frame, label = Owner(), None, QtWidgets.QLabel("page")
    frame = DockFrame(owner, dock=dock)
    frame.put(label)
    refs = [weakref.ref(owner), weakref.ref(frame), weakref.ref(label)]
    frame.let_go()
    wait_until(lambda: not is_alive(refs[1]()))
    label.deleteLater()
    wait_until(lambda: not is_alive(refs[2]()))
    del owner, frame, label
    wait_until(lambda: gc.collect() >= 0 and [ref() for ref in refs] == [None, None, None], "all of it collected")
    assert is_alive(dock)


@pytest.mark.parametrize("victim", ["window", "dock"])
def test_page_outlives_the_frame_the_host_deletes(dock, window, wait_until, js, victim):
    panel = dock()
    view = panel.view
    future = view.eval_js("new Promise((done) => { window.answer = done; })")
    js(view, "n = 5")
    frame = window.findChild(QtWidgets.QDockWidget, "test.panel")
    dying = window if victim == "window" else frame
    dying.deleteLater()
    wait_until(lambda: not is_alive(dying))
    assert is_alive(view)
    assert panel.is_lost
    with pytest.raises(RuntimeError, match="reattach"):
        panel.show()
    other = QtWidgets.QMainWindow()
    other.show()
    try:
        assert dock(window=other) is panel
        wait_until(lambda: panel.is_visible)
        assert view.window() is other
        assert js(view, "n") == 5
        js(view, "answer('kept')")
        wait_until(future.done)
        assert future.result() == "kept"
    finally:
        panel.destroy()
        other.deleteLater()
        wait_until(lambda: not is_alive(other))


def test_layout_of_the_host_brings_the_panel_back_where_it_was(dock, window, wait_until):
    panel = dock(area="right")
    panel.area = "left"
    state = window.saveState()
    panel.destroy()
    wait_until(lambda: not window.findChildren(QtWidgets.QDockWidget))
    window.restoreState(state)
    again = dock(area="right", show=False)
    assert again.area == "left"
    wait_until(lambda: again.is_visible, "shown, as it was when the layout was saved")
    wait_until(lambda: again.widget is not None and again.view.is_ready)


def test_layout_restored_after_docking_moves_the_panel(dock, window, wait_until):
    panel = dock(area="right")
    panel.area = "bottom"
    state = window.saveState()
    panel.area = "right"
    window.restoreState(state)
    assert panel.area == "bottom"


def test_dock_left_behind_by_a_reloaded_module_is_replaced(dock, window, wait_until):
    panel = dock()
    stale = window.findChild(QtWidgets.QDockWidget, "test.panel")
    hosts._panels.clear()  # importlib.reload does this
    fresh = dock()
    wait_until(lambda: not is_alive(stale), "the stale dock deleted")
    assert [d.objectName() for d in window.findChildren(QtWidgets.QDockWidget)] == ["test.panel"]
    assert fresh is not panel
    assert fresh.view.is_ready
    panel.destroy()


def test_object_name_of_the_hosts_own_dock_is_refused(dock, window):
    QtWidgets.QDockWidget("Outliner", window).setObjectName("test.panel")
    with pytest.raises(ValueError, match="taken by a dock of the host"):
        dock()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"area": "middle"}, "area='middle'"), ({"on_close": "burn"}, "on_close='burn'"), ({"object_name": ""}, "object_name")],
)
def test_dock_refuses_words_it_does_not_know(dock, wrong, message):
    with pytest.raises(ValueError, match=message):
        dock(**wrong)


def test_factory_that_fails_in_a_call_raises_there(window):
    def factory():
        raise LookupError("no such project")

    with pytest.raises(LookupError, match="no such project"):
        hosts.dock(factory, title="T", object_name="test.bad", window=window)


def test_factory_that_fails_when_the_host_shows_it_leaves_a_reason(window, wait_until, expect_log):
    expect_log("could not be made")

    def factory():
        raise LookupError("no such project")

    panel = hosts.dock(factory, title="T", object_name="test.bad", window=window, show=False)
    frame = window.findChild(QtWidgets.QDockWidget, "test.bad")
    frame.toggleViewAction().trigger()
    wait_until(lambda: frame.widget() is not None)
    texts = [label.text() for label in frame.widget().findChildren(QtWidgets.QLabel)]
    assert texts == ["T could not be opened", "no such project"]
    assert panel.widget is None


def test_view_of_a_panel_with_another_widget_is_refused(window):
    panel = hosts.dock(QtWidgets.QLabel, title="T", object_name="test.label", window=window)
    with pytest.raises(TypeError, match="no WebView"):
        _ = panel.view


def test_standalone_panel_is_a_window_that_keeps_its_page(make_view, wait_until, js, monkeypatch):
    monkeypatch.setattr(detection, "_load_built_in", lambda: (StandaloneHost,))
    panel = hosts.dock(lambda: WebView(html=COUNTER), title="Alone", object_name="test.alone", size=(300, 200))
    view = panel.view
    wait_until(lambda: view.is_ready and panel.is_visible)
    assert view.window().windowTitle() == "Alone"
    assert (panel.is_floating, panel.area) == (True, None)
    js(view, "n = 3")
    view.window().close()
    assert not panel.is_visible
    panel.show()
    assert js(view, "n") == 3


def test_standalone_panel_to_be_destroyed_ends_when_its_window_is_closed(make_view, wait_until, monkeypatch):
    monkeypatch.setattr(detection, "_load_built_in", lambda: (StandaloneHost,))
    panel = hosts.dock(QtWidgets.QLabel, title="Alone", object_name="test.alone", on_close="destroy")
    panel.widget.window().close()
    wait_until(lambda: panel.is_destroyed)


def test_run_on_main_thread_runs_there_and_gives_the_result(window, wait_until):
    host = hosts.current()
    futures = []

    def ask():
        futures.append(host.run_on_main_thread(threading.get_ident))
        futures.append(host.run_on_main_thread(lambda: 1 / 0))

    worker = threading.Thread(target=ask)
    worker.start()
    worker.join()
    wait_until(lambda: all(future.done() for future in futures))
    assert futures[0].result() == threading.get_ident()
    assert isinstance(futures[1].exception(), ZeroDivisionError)


def test_run_on_main_thread_from_the_main_thread_is_done_at_once(window):
    assert hosts.current().run_on_main_thread(lambda: 42).result(timeout=0) == 42


def test_run_on_main_thread_that_is_cancelled_in_time_is_not_run(window, wait_until):
    host, ran, futures = hosts.current(), [], []

    def ask():
        futures.append(host.run_on_main_thread(lambda: ran.append("cancelled one")))
        futures[0].cancel()
        futures.append(host.run_on_main_thread(lambda: ran.append("next")))

    worker = threading.Thread(target=ask)
    worker.start()
    worker.join()
    wait_until(futures[1].done)
    assert ran == ["next"]


class UndoHost(QtHost):
    """A host with an undo list."""

    steps: ClassVar[list[str]] = []

    @classmethod
    def detect(cls):
        return True

    @contextlib.contextmanager
    def undo_block(self, name):
        self.steps.append(f"begin {name}")
        try:
            yield
        finally:
            self.steps.append("end")


def test_command_with_undo_is_one_step_of_the_host(make_view, js, wait_until, monkeypatch):
    monkeypatch.setattr(UndoHost, "steps", [])
    hosts.register(UndoHost)
    view = make_view("<p>")

    @view.command(undo="Rename")
    def rename(name: str, times: int = 1):
        UndoHost.steps.append(f"{name}{times}")
        return name.upper()

    view.command("plain", lambda: UndoHost.steps.append("plain"))
    future = view.eval_js("auroraview.call('rename', {name: 'a', times: 2})")
    wait_until(future.done)
    assert future.result() == "A"
    wait_until(view.eval_js("auroraview.call('plain')").done)
    assert UndoHost.steps == ["begin Rename", "a2", "end", "plain"]


def test_command_with_undo_that_fails_ends_its_step(make_view, wait_until, expect_log, monkeypatch):
    monkeypatch.setattr(UndoHost, "steps", [])
    expect_log("'fail'")
    hosts.register(UndoHost)
    view = make_view("<p>")
    view.command("fail", lambda: 1 / 0, undo="Break")
    future = view.eval_js("auroraview.call('fail').catch((error) => error.code)")
    wait_until(future.done)
    assert future.result() == "CALL_FAILED"
    assert UndoHost.steps == ["begin Break", "end"]


def test_undo_for_what_does_not_run_in_one_piece_is_refused(make_view):
    view = make_view("<p>")

    async def later():
        return 1

    def stream():
        yield 1

    for fn, thread in ((later, "gui"), (stream, "gui"), (print, "pool")):
        with pytest.raises(ValueError, match="undo='X'"):
            view.command("x", fn, undo="X", thread=thread)


def test_shutdown_runs_all_functions_once_the_latest_first(window):
    from auroraview_qt.hosts.shutdown import Shutdown

    ran = []
    ending = Shutdown()
    QtWidgets.QApplication.instance().aboutToQuit.disconnect(ending.run)
    for n in range(3):
        ending.add(lambda n=n: ran.append(n))
    ending.run()
    ending.run()
    assert ran == [2, 1, 0]


def test_scale_and_version_of_a_plain_program_are_its_own(window):
    host = hosts.current()
    assert host.name == "generic"
    assert host.main_window() is window
    assert host.scale == window.devicePixelRatioF()
    assert host.version == QtCore.QCoreApplication.applicationVersion()
