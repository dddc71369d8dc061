"""Calls in flight outlive the window around a panel, and end with the host, however it ends."""

from __future__ import annotations

import threading

import pytest

from auroraview_qt import WebView, hosts
from auroraview_qt.qt.support.binding import QtWidgets, is_alive
from tests.qt.programs import run_python

pytestmark = pytest.mark.usefixtures("fresh_hosts")

PAGE = "<script>window.n = 0; auroraview.on('t', () => { n += 1; })</script>"
CALL = "window.baked = [], auroraview.call('bake').then((r) => baked.push(r), (e) => baked.push(e.code)), 1"


@pytest.fixture
def windows(make_view, wait_until):
    """Make windows of a host, deleted when the test ends."""
    made = []

    def make():
        window = QtWidgets.QMainWindow()
        window.resize(700, 500)
        window.show()
        made.append(window)
        return window

    yield make
    for window in made:
        if is_alive(window):
            window.deleteLater()
    wait_until(lambda: not any(is_alive(window) for window in made))


@pytest.fixture
def bake():
    """Run until the test sets the event."""

    class Bake:
        def __init__(self):
            self.began, self.end = threading.Event(), threading.Event()

        def __call__(self):
            self.began.set()
            return "baked" if self.end.wait(20) else "nobody told me"

    made = Bake()
    yield made
    made.end.set()


@pytest.mark.parametrize("when", ["while the panel is lost", "after it is docked again"])
def test_result_of_a_long_command_reaches_the_page_after_the_window_died(windows, bake, wait_until, js, when):
    window = windows()

    def make():
        view = WebView(html=PAGE)
        view.command("bake", bake, thread="pool")
        return view

    panel = hosts.dock(make, title="T", object_name="test.bake", window=window)
    view = panel.view
    wait_until(lambda: view.is_ready)
    js(view, CALL)
    wait_until(bake.began.is_set)
    window.deleteLater()
    wait_until(lambda: not is_alive(window))
    assert panel.is_lost
    assert is_alive(view)
    view.emit("t")
    if when == "while the panel is lost":
        bake.end.set()
        wait_until(lambda: js(view, "baked.length") == 1, "the result")
    other = windows()
    panel.reattach(other)
    panel.show()
    wait_until(lambda: panel.is_visible)
    bake.end.set()
    wait_until(lambda: js(view, "baked.length") == 1, "the result")
    assert js(view, "[baked, n]") == [["baked"], 1]
    assert view.window() is other
    assert view.stats()["pages"] == 1


def test_panel_that_is_lost_and_docked_again_many_times_keeps_its_call(windows, bake, wait_until, js):
    window = windows()
    panel = hosts.dock(lambda: WebView(html=PAGE), title="T", object_name="test.bake", window=window)
    view = panel.view
    view.command("bake", bake, thread="pool")
    wait_until(lambda: view.is_ready)
    js(view, CALL)
    wait_until(bake.began.is_set)
    for _ in range(5):
        window.deleteLater()
        wait_until(lambda window=window: not is_alive(window))
        view.emit("t")
        window = windows()
        panel.reattach(window)
        panel.show()
    bake.end.set()
    wait_until(lambda: js(view, "baked.length") == 1, "the result")
    assert js(view, "[baked, n]") == [["baked"], 5]


# The end of the host

PROGRAM = """
import sys, threading
from auroraview_qt import WebView, hosts
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive

app = QtWidgets.QApplication(sys.argv)
run = getattr(app, "exec", None) or app.exec_
window = QtWidgets.QMainWindow()
window.show()
began = threading.Event()


def make():
    view = WebView(html='<script>auroraview.call("bake").catch(() => 0); auroraview.call("slow").catch(() => 0)</script>')

    @view.command(thread="pool")
    def bake():
        began.set()
        threading.Event().wait(3600)

    @view.command
    async def slow():
        import asyncio
        await asyncio.sleep(3600)

    return view


panel = hosts.dock(make, title="T", object_name="test.panel", window=window)
view = panel.view
hosts.current().on_shutdown(lambda: print("shutdown", is_alive(window), is_alive(view), flush=True))
hosts.current().on_shutdown(lambda: view.emit("bye"))
poll = QtCore.QTimer()


def begun():
    if began.is_set():
        poll.stop()
        end()


poll.timeout.connect(begun)
poll.start(20)
"""


@pytest.mark.parametrize(
    ("ending", "alive"),
    [
        ("end = app.quit; run()", "True True"),
        ("end = window.close; run()", "True True"),
        ("end = lambda: (panel.float(), QtCore.QTimer.singleShot(50, app.quit)); run()", "True True"),
        ("end = lambda: (panel.hide(), app.quit()); run()", "True True"),
        ("end = lambda: (window.deleteLater(), QtCore.QTimer.singleShot(50, app.quit)); run()", "False True"),
        ("end = lambda: (panel.destroy(), QtCore.QTimer.singleShot(50, app.quit)); run()", "True False"),
        # a host without aboutToQuit: its loop ends, and then the interpreter
        ("loop = QtCore.QEventLoop(); end = loop.quit; (getattr(loop, 'exec', None) or loop.exec_)()", "True True"),
        ("end = app.quit; run(); del window", "True True"),
        ("end = app.quit; run(); sys.exit(0)", "True True"),
        (
            "end = lambda: threading.Thread(target=hosts.current().run_on_main_thread, args=[app.quit]).start(); run()",
            "True True",
        ),
    ],
)
def test_host_quits_quietly_with_calls_in_flight(ending, alive):
    code, output = run_python(f"{PROGRAM}\n{ending}\n")
    assert code == 0, output
    assert f"shutdown {alive}" in output
    for trouble in ("Traceback", "Release of profile", "Expect troubles", "QObject::", "QThread: Destroyed", "failed while"):
        assert trouble not in output, output
