"""Deaths of views: in the right order, at any moment, without a message of Qt."""

from __future__ import annotations

import textwrap
import threading
import weakref

import pytest

from auroraview_qt import WebView
from auroraview_qt.qt.support.afterlife import weakly, when_destroyed
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, delete_now, is_alive
from tests.qt.programs import run_python


def run_program(body):
    """Run a separate program that makes views; return its exit code and output."""
    source = (
        "import sys\nfrom auroraview_qt import WebView\nfrom auroraview_qt.qt.support.binding import QtCore, QtWidgets\n"
    )
    source += "app = QtWidgets.QApplication(sys.argv)\nrun = getattr(app, 'exec', None) or app.exec_\n"
    return run_python(source + textwrap.dedent(body))


@pytest.mark.parametrize(
    "ending",
    [
        "view.ready.connect(app.quit); run()",
        "view.ready.connect(view.close); run()",
        "view.ready.connect(view.deleteLater); view.destroyed.connect(app.quit); run()",
        "view.ready.connect(app.quit); run(); del view",
        "view.ready.connect(app.quit); run(); sys.exit(0)",
        "",
    ],
)
def test_program_ends_cleanly_whatever_way_it_ends(ending):
    code, output = run_program(f"view = WebView(html='<p>hello'); view.show()\n{ending}\n")
    assert code == 0, output
    assert "Expect troubles" not in output
    assert "Traceback" not in output


def test_host_that_quits_while_calls_are_in_flight_ends_at_once_and_cancels_them():
    code, output = run_program(
        """
        import asyncio, threading, time
        view = WebView(html='<script>auroraview.expose("hang", () => new Promise(() => 0));'
            'auroraview.call("bake"); auroraview.call("sleep"); auroraview.stream("count").next()</script>')
        running = threading.Semaphore(0)

        @view.command(thread="pool")
        def bake():
            running.release()
            time.sleep(3600)

        @view.command
        async def sleep():
            running.release()
            await asyncio.sleep(3600)

        @view.command(thread="pool")
        def count():
            running.release()
            while True:
                yield 1

        asked = view.call("hang", timeout_s=None)
        asked.add_done_callback(lambda future: print("asked", future.cancelled()))

        def begun():
            if all(running.acquire(timeout=20) for _ in range(3)):
                app.quit()

        view.show()
        view.ready.connect(lambda: QtCore.QTimer.singleShot(50, begun))
        run()
        """
    )
    assert code == 0, output
    assert "asked True" in output
    assert "Traceback" not in output


def test_parent_that_dies_takes_the_view_along(make_view, wait_until, qapp):
    window = QtWidgets.QMainWindow()
    dock = QtWidgets.QDockWidget(window)
    view = WebView(dock, html="<p>")
    dock.setWidget(view)
    window.show()
    wait_until(lambda: view.is_ready)
    window.deleteLater()
    wait_until(lambda: not is_alive(window))
    assert not is_alive(view)


def test_view_deleted_inside_its_own_callback_ends_quietly(make_view, js, wait_until):
    view = make_view("<p>")
    view.on("die", lambda data: delete_now(view))
    view.page().runJavaScript("for (let i = 0; i < 50; i += 1) auroraview.emit('die')")
    wait_until(lambda: not is_alive(view))


def test_view_deleted_inside_a_command_with_calls_in_flight_ends_quietly(make_view, wait_until):
    view = make_view("<p>")
    view.command("die", lambda: delete_now(view))
    view.page().runJavaScript("for (let i = 0; i < 50; i += 1) auroraview.call('die').catch(() => 1)")
    wait_until(lambda: not is_alive(view))


def test_emit_after_deletion_does_no_harm(make_view, wait_until):
    view = make_view("<p>")
    view.deleteLater()
    wait_until(lambda: not is_alive(view))
    worker = threading.Thread(target=lambda: view.emit("x", 1))
    worker.start()
    worker.join()
    view.emit("x", 2)


@pytest.mark.parametrize("capabilities", [(), ("dialog", "clipboard", "drag", "shell")])
def test_deleted_view_is_collected(make_view, wait_until, wait_collected, qapp, capabilities):
    view = WebView(html="<p>")
    for name in capabilities:
        view.enable(name)
    gone = weakref.ref(view)
    view.show()
    wait_until(lambda: gone().is_ready)
    view.deleteLater()
    wait_until(lambda: not is_alive(gone()))
    del view
    wait_collected(gone)


def test_ten_views_opened_and_closed_leave_none_behind(make_view, wait_until, qapp):
    before = len(QtWidgets.QApplication.topLevelWidgets())
    for _ in range(10):
        view = WebView(html="<p>")
        view.show()
        wait_until(lambda view=view: view.is_ready)
        view.deleteLater()
        wait_until(lambda view=view: not is_alive(view))
    assert len(QtWidgets.QApplication.topLevelWidgets()) <= before


def test_docked_view_survives_floating_and_docking_again(make_view, js, wait_until, qapp):
    window = QtWidgets.QMainWindow()
    dock = QtWidgets.QDockWidget(window)
    view = WebView(dock, html="<script>window.n = 0; auroraview.on('t', () => { n += 1; })</script>")
    dock.setWidget(view)
    window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.show()
    wait_until(lambda: view.is_ready)
    for floating in (True, False, True, False):
        dock.setFloating(floating)
        view.emit("t")
    wait_until(lambda: js(view, "n") == 4)
    assert view.stats()["pages"] == 1
    window.deleteLater()
    wait_until(lambda: not is_alive(window))


# Dropped without being deleted

DROPPED = """
import gc, random, sys, weakref
from auroraview_qt import WebView
from auroraview_qt.qt.support.binding import QtCore, QtWidgets

app = QtWidgets.QApplication(sys.argv)
# Made once: a loop or timer of a function that has returned may be garbage, too.
loop, poll, limit, awaited = QtCore.QEventLoop(), QtCore.QTimer(), QtCore.QTimer(), []
poll.timeout.connect(lambda: awaited[-1]() and loop.quit())
limit.timeout.connect(loop.quit)

def wait(condition, ms=20_000):
    awaited.append(condition)
    poll.start(5)
    limit.start(ms)
    (getattr(loop, "exec", None) or loop.exec_)()
    poll.stop()
    limit.stop()
    awaited.clear()
    return condition()

PAGE = "<script>auroraview.expose('hang', () => new Promise(() => 0));</script>"
SHAPES = ["alone", "window", "layout", "dialog", "dock", "devtools", "stream", "call", "open dialog", "capabilities"]

def count():
    n = 0
    while True:
        yield n
        n += 1

def make(shape):
    holder = {"dialog": QtWidgets.QDialog, "dock": QtWidgets.QMainWindow}.get(shape, QtWidgets.QWidget)()
    if shape == "dock":
        dock = QtWidgets.QDockWidget(holder)
        view = WebView(dock, html=PAGE)
        dock.setWidget(view)
        holder.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
    elif shape == "layout":
        view = WebView(html=PAGE)
        QtWidgets.QVBoxLayout(holder).addWidget(view)
    elif shape in ("window", "dialog"):
        view = WebView(holder, html=PAGE)
    else:
        view = WebView(html=PAGE, devtools=shape == "devtools")
        holder = view
    if shape == "capabilities":
        for name in ("dialog", "clipboard", "drag", "shell"):
            view.enable(name)
        view.enable("fs", roots=["."])
    holder.show()
    return view, holder

def use(view, shape):  # have something under way in a page that is ready
    if shape == "devtools":
        view.open_devtools()
    elif shape == "stream":
        view.command(count)
        view.page().runJavaScript("auroraview.stream('count').next()")
        wait(lambda: view.stats()["calls_running"] == 1)
    elif shape == "call":
        view.call("hang", timeout_s=None)
    elif shape == "open dialog":
        view.enable("dialog", native=False)
        view.eval_js("auroraview.dialog.message({message: 'x'}); return 1")  # behind the news of the capability
        wait(lambda: view.findChildren(QtWidgets.QMessageBox))
"""

LAST = """
gc.disable()
for shape in SHAPES:
    view, holder = make(shape)
    wait(lambda: view.is_ready)
    use(view, shape)
    holder.close()
    gone = [weakref.ref(view), weakref.ref(holder)]
    del view, holder
    print(shape, [reference() is None for reference in gone])
"""


def test_view_that_is_dropped_in_any_shape_dies_with_its_last_reference():
    code, output = run_python(DROPPED + LAST)
    assert code == 0, output
    shapes = ["alone", "window", "layout", "dialog", "dock", "devtools", "stream", "call", "open dialog", "capabilities"]
    assert [f"{shape} [True, True]" in output for shape in shapes] == [True] * len(shapes), output


IN_RANDOM_ORDER = """
random.seed(SEED)
gc.disable()

class Link:
    pass

gone = []
for number in range(ROUNDS):
    shape = random.choice(SHAPES)
    view, holder = make(shape)
    if random.random() < 0.8:
        assert wait(lambda: view.is_ready)
        use(view, shape)
    holder.close()
    things = [view, holder, view.page(), view.state, view.on("x", print), view.ipc_handler]
    random.shuffle(things)
    links = [Link() for _ in things]
    random.shuffle(links)
    for link, thing in zip(links, things):
        link.thing, link.all = thing, links
    if random.random() < 0.3:
        view.links = links
    gone.append((shape, weakref.ref(view)))
    del view, holder, things, links, link, thing
    if random.random() < 0.5:
        gc.collect(random.randrange(3))
gc.collect()
wait(lambda: gc.collect() is None or not any(reference() for _, reference in gone))
print("left", sorted({shape for shape, reference in gone if reference()}))
"""


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_views_in_cycles_are_collected_in_any_order(seed):
    program = IN_RANDOM_ORDER.replace("SEED", str(seed)).replace("ROUNDS", "25")
    code, output = run_python(DROPPED + program, timeout_s=120)
    assert code == 0, output
    assert "left []" in output, output
    assert "Traceback" not in output, output


ON_A_WORKER = """
import threading

gc.disable()

class Link:
    pass

for shape in ("alone", "stream"):
    view, holder = make(shape)
    wait(lambda: view.is_ready)
    use(view, shape)
    holder.close()
    gone = weakref.ref(view)
    link = Link()
    link.view, link.link = view, link
    del view, holder, link
    worker = threading.Thread(target=gc.collect)
    worker.start()
    worker.join()
    wait(lambda: gone() is None or not is_alive(gone()))
    gc.collect()
    print(shape, gone() is None)
"""


def test_view_that_is_collected_in_another_thread_dies_in_the_gui_thread():
    code, output = run_python(DROPPED + "from auroraview_qt.qt.support.binding import is_alive\n" + ON_A_WORKER)
    assert code == 0, output
    assert "alone True" in output
    assert "stream True" in output


def test_object_that_is_destroyed_calls_what_still_lives(qapp):
    class Ended:
        def __init__(self):
            self.count = 0

        def end(self):
            self.count += 1

        def fail(self):
            raise SystemExit("in the midst of a destructor")

    lives, goes, thing = Ended(), Ended(), QtCore.QObject()
    when_destroyed(thing, goes.end, lives.fail, lives.end)
    del goes
    delete_now(thing)
    assert lives.count == 1


def test_weak_callback_keeps_no_object_alive(qapp):
    class Panel:
        def add(self, a, *, b):
            return a + b

    panel = Panel()
    add = weakly(panel.add)
    assert add(1, b=2) == 3
    del panel
    assert add(1, b=2) is None
