"""Checks for every host, with the outliner docked on the host's own document. Used by the scripts of the hosts."""

from __future__ import annotations

import collections
import os
import signal
import sys
import time

import harness
from outliner.host_panel import outliner

from auroraview_qt import CallContext, hosts
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive

OBJECT_NAME = "auroraview.outliner"
#: A page with text has at least so many colours; one that is not drawn has a single colour.
MIN_COLOURS = 8
#: The share of a float that has the colour of most of the docked page; both have other proportions.
MIN_SHARE = 0.03


class Document:
    """The document of a host for the checks: ids by name, and ways to read it without the panel."""

    #: A node to rename, and a node to select.
    first = second = ""
    has_undo = True

    def name_of(self, node_id):
        raise NotImplementedError

    def select(self, node_ids):
        raise NotImplementedError

    def selected(self):
        raise NotImplementedError

    def undo(self):
        raise NotImplementedError

    def undo_steps(self):
        raise NotImplementedError


def dock(**keywords):
    """Dock the outliner as a studio's start-up script would."""
    return hosts.dock(outliner, title="Outliner", object_name=OBJECT_NAME, **keywords)


def snapshot(view):
    """Ask the page for its content."""
    return (yield from harness.wait_for(view.eval_js("outliner.snapshot()"), "an answer of the page"))


def names(view):
    """Ask the page which names it shows, by id."""
    shown = yield from snapshot(view)
    return {node["id"]: node["name"] for node in shown["nodes"]}


def until_page(view, what, accept):
    """Wait until the page shows something."""
    asked = [view.eval_js("outliner.snapshot()")]

    def holds():
        if not asked[0].done():
            return False
        # A page that is reloading gives no answer, so the question is repeated.
        if asked[0].exception() is None and accept(asked[0].result()):
            return True
        asked[0] = view.eval_js("outliner.snapshot()")
        return False

    yield what, holds


def alone(t, window):
    """There is no panel, so Qt's messages now are the host's own.

    A dock with a label is moved as the panel will be later.
    """
    label = QtWidgets.QDockWidget("Label", window)
    label.setWidget(QtWidgets.QLabel("A label"))
    if window is not None:
        window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, label)
    label.show()
    for floating in (True, False, True, False):
        label.setFloating(floating or window is None)
        yield "shown", label.isVisible
        label.hide()
        label.show()
    yield from harness.pause(2.0, "the host has said what it has to say")
    label.deleteLater()
    yield "the dock deleted", lambda: not is_alive(label)
    t.ok("the host without a panel")


def docking(t, panel, document):
    """Dock, load, and the document in the page."""
    yield "the page ready", lambda: panel.widget is not None and panel.view.is_ready
    view = panel.view
    yield "the panel visible", lambda: panel.is_visible
    t.ok("docked, the page is loaded", f"{panel.area}, floating: {panel.is_floating}")
    yield from until_page(
        view, "the nodes in the page", lambda s: {document.first, document.second} <= {n["id"] for n in s["nodes"]}
    )
    shown = yield from names(view)
    t.expect("the page lists the document", shown[document.first], document.name_of(document.first))


def editing(t, panel, document):
    """Traffic both ways on the host's own document."""
    view = panel.view
    done = view.eval_js(f"auroraview.call('outliner.select', {{ids: ['{document.second}']}})")
    yield from harness.wait_for(done, "the selection")
    t.expect("the page selects in the host", document.selected(), [document.second])
    document.select([document.first])
    yield from until_page(view, "the host's selection in the page", lambda s: s["selection"] == [document.first])
    t.ok("the host selects in the page")

    before, steps = document.name_of(document.first), document.undo_steps()
    done = view.eval_js(f"auroraview.call('outliner.rename', {{id: '{document.first}', name: 'Renamed here'}})")
    told = yield from harness.wait_for(done, "the rename")
    t.expect("the page renames in the host", document.name_of(document.first), told["name"])
    yield from until_page(view, "the new name", lambda s: told["name"] in [n["name"] for n in s["nodes"]])
    if not document.has_undo:
        # When this fails the host has learned it, and its adapter should use it.
        t.expect("a plugin's change makes no step of this host's undo", document.undo_steps(), steps)
        return
    if steps is not None:
        t.expect("that is one step of the host's undo", document.undo_steps(), steps + 1)
    document.undo()
    yield "the old name back", lambda: document.name_of(document.first) == before
    yield from until_page(view, "the old name in the page", lambda s: before in [n["name"] for n in s["nodes"]])
    t.ok("one undo takes it back, and the page follows")


def moving(t, panel, *, can_dock=True):
    """Do everything that an artist does to a dock."""
    view = panel.view
    yield from harness.wait_for(view.eval_js("window.mark = 'kept'"), "a mark")
    pages = view.stats()["pages"]
    places = ("left", "bottom", "top", "right") if can_dock else ()
    for area in places:
        panel.float()
        yield "floating", lambda: panel.is_floating and panel.is_visible
        panel.area = area
        yield f"docked at the {area}", lambda area=area: panel.area == area and panel.is_visible
        panel.hide()
        yield "hidden", lambda: not panel.is_visible
        panel.show()
        yield "shown", lambda: panel.is_visible
    for _ in range(30):
        if can_dock:
            panel.float()
            panel.float(False)
        panel.hide()
        if not can_dock:  # a separate window: Qt 5 warns if it is mapped again before the server has unmapped it
            yield "unmapped", lambda: not view.window().windowHandle().isExposed()
        panel.show()
        if not can_dock:
            yield "mapped", lambda: view.window().windowHandle().isExposed()
    panel.close()
    yield "closed", lambda: not panel.is_visible
    dock()
    yield "shown again", lambda: panel.is_visible
    mark = yield from harness.wait_for(view.eval_js("window.mark"), "the mark")
    t.expect("float, dock elsewhere, hide, close, show: the same page", (mark, view.stats()["pages"]), ("kept", pages))
    t.expect("docked again is the same panel", dock() is panel, True)


def theming(t, panel, themes):
    """Change the host's theme while the page runs: `themes` are (function that sets a theme, scheme, colour of windows)."""
    view = panel.view
    yield from harness.wait_for(view.eval_js("window.mark = 'themed'"), "a mark")
    look = "(() => { const s = getComputedStyle(document.documentElement); "
    look += "return ['scheme', 'window'].map((name) => s.getPropertyValue('--host-' + name).trim()); })()"
    for set_theme, scheme, window in themes:
        set_theme()
        asked = [view.eval_js(look)]

        def follows(scheme=scheme, window=window, asked=asked):
            if asked[0].done() and asked[0].result() != [scheme, window or asked[0].result()[1]]:
                asked[0] = view.eval_js(look)
                return False
            return asked[0].done()

        yield f"the page {scheme}, its windows {window or 'of any colour'}", follows
    shown = asked[0].result()
    mark = yield from harness.wait_for(view.eval_js("window.mark"), "the mark")
    t.expect("the host's theme is changed, and the page follows without a reload", mark, "themed")
    t.note("the last theme", " ".join(shown))


def working(t, panel):
    """Run a long command on a thread while the host works."""
    view = panel.view

    def work(ctx: CallContext):
        return harness.busy_command(ctx)

    view.command("hosts.work", work, thread="pool")
    ticks, began_s = t.ticks, time.monotonic()
    steps = "window.steps = 0, auroraview.call('hosts.work', undefined, {onProgress: () => { window.steps += 1; }})"
    thread = yield from harness.wait_for(view.eval_js(steps), "the long command")
    seconds = time.monotonic() - began_s
    seen = yield from harness.wait_for(view.eval_js("window.steps"), "the progress")
    assert thread.startswith("auroraview-pool"), thread
    assert seen >= 10, f"{seen} of 20 progress reports"
    turns = t.ticks - ticks
    assert turns >= 20, f"{turns} turns of the host for 20 reports"  # 50 without other work
    t.ok("a long command in a thread, with progress, while the host turns", f"{turns} turns in {seconds:.1f} s")
    future = None

    def ask():
        nonlocal future
        future = hosts.current().run_on_main_thread(lambda: QtCore.QThread.currentThread() == view.thread())

    import threading

    threading.Thread(target=ask).start()
    yield "an answer of the main thread", lambda: future is not None and future.done()
    t.expect("a thread runs something on the main thread", future.result(), True)


def dying(t, panel, document):
    """Kill the renderer from outside."""
    if not sys.platform.startswith("linux"):
        return
    view = panel.view
    pid, pages = int(view.page().property("renderProcessPid") or 0), view.stats()["pages"]
    if not pid:
        t.note("the renderer is not killed: this Qt does not tell its process")
        return
    os.kill(pid, signal.SIGKILL)
    yield "another page", lambda: view.stats()["pages"] > pages and view.is_ready
    yield from until_page(view, "the document in it", lambda s: document.first in [n["id"] for n in s["nodes"]])
    t.ok("the renderer is killed, and the panel comes back by itself")


def photographed(panel, document, name):
    """Write a picture of the screen, with a selection."""
    document.select([document.second])
    yield from until_page(panel.view, "the selection in the page", lambda s: s["selection"] == [document.second])
    if hosts.current().main_window() is None:
        panel.view.window().move(QtWidgets.QApplication.primaryScreen().geometry().width() - 720, 220)
    yield from harness.pause(1.0, "painted")
    harness.grab(name)


def pictured(t, panel, *, can_dock=True):
    """Compare the screen where the page is: a float shows what the dock shows, and neither is black.

    A panel that is a separate window is hidden and shown instead.
    """
    window = panel.view.window()
    if can_dock:
        panel.float(False)
        yield "docked", lambda: not panel.is_floating and panel.is_visible
    before = yield from picture(panel.view)
    if can_dock:
        panel.float()
        yield "floating", lambda: panel.is_floating and panel.is_visible
    else:
        panel.hide()
        yield "unmapped", lambda: not window.windowHandle().isExposed()
        panel.show()
        yield "mapped", lambda: window.windowHandle().isExposed()
    after = yield from picture(panel.view)
    if can_dock:
        panel.float(False)
    words = ("docked", "floating") if can_dock else ("shown", "shown again")
    for where, shares in zip(words, (before, after)):
        assert len(shares) >= MIN_COLOURS, f"the page {where} shows only {shares}"
    ground = max(before, key=before.get)
    assert after.get(ground, 0) >= MIN_SHARE, f"{ground} is the ground of the page {words[0]}, but {words[1]} {after}"
    t.ok(f"the page is drawn, {' and '.join(words)}, on the same ground", f"{ground}, {len(after)} colours")


def picture(view):
    """Return the colours on the screen where the page is, with the share of each."""
    yield from harness.pause(1.5, "painted")
    window, place = view.window(), view.mapTo(view.window(), QtCore.QPoint(0, 0))
    screen = window.windowHandle().screen()
    image = screen.grabWindow(window.winId(), place.x(), place.y(), view.width(), view.height()).toImage()
    points = [(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)]
    seen = collections.Counter(image.pixelColor(x, y).name() for x, y in points)
    return {name: count / len(points) for name, count in seen.items()}


def quitting(t, panel):
    """Leave a call in flight, which the host's end has to bear."""
    view, began = panel.view, []

    def endless(ctx: CallContext):
        began.append(True)
        while not ctx.wait_cancelled(60):
            pass

    view.command("hosts.endless", endless, thread="pool")
    yield from harness.wait_for(view.eval_js("auroraview.call('hosts.endless', undefined, {timeout: 0}), 1"), "the call")
    yield "the call in flight", lambda: bool(began)
    t.ok("a call is in flight when the host quits")


def ending(t, panel):
    """Destroy the panel while the host lives."""
    view = panel.view
    panel.destroy()
    yield "the view deleted", lambda: not is_alive(view)
    t.expect("destroyed, and nothing is left of it", hosts.panels(), {})
