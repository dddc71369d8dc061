"""Real keys of the X server: those typed into a field of a page are no shortcuts of the host, the others are."""

from __future__ import annotations

import subprocess

import harness

from auroraview_qt import WebView, hosts
from auroraview_qt.qt.support.binding import QtCore, QtWidgets

PAGE = """<!doctype html><body style="margin: 0">
<input id="field" style="position: absolute; left: 20px; top: 20px; width: 120px">
<script>window.seen = []; addEventListener("keydown", (event) => { seen.push(event.key); });</script>"""


def press(*command):
    """Run xdotool and wait for its end; it runs beside the host, which has to handle its events."""
    running = subprocess.Popen(["xdotool", *command])
    yield f"xdotool {' '.join(command)}", lambda: running.poll() is not None
    assert running.returncode == 0, command


def settled(view):
    """Wait until the dock has its place and size, and the page is painted there; an earlier click would hit another
    widget."""
    places = []

    def holds():
        places.append((view.mapTo(view.window(), QtCore.QPoint(0, 0)), view.size()))
        return len(places) > 10 and all(place == places[-1] for place in places[-10:])

    yield "the dock in its place", holds
    frames = "new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(() => { done(1); })); })"
    yield from harness.wait_for(view.eval_js(frames), "two frames")


def click(view, x, y):
    """Click at a place of the page with the real pointer."""
    # The unit is pixels of the X server. FreeCAD's pixels differ: it takes a screen of 100 dpi for scale 1.04.
    window = view.window()
    at = view.mapTo(window, QtCore.QPoint(x, y)) * window.devicePixelRatioF()
    yield from press("mousemove", "--window", str(int(window.winId())), str(at.x()), str(at.y()), "click", "1")


def typing(t, key, text, name):
    """`key` is a shortcut of the host's action `name`, in xdotool's spelling; `text` is the typed text."""
    window = hosts.current().main_window()
    panel, view = yield from opened()
    fired = []
    for action in window.findChildren(QtWidgets.QAction):
        action.triggered.connect(lambda *_, action=action: fired.append(action.text().replace("&", "")))
    yield from typed(t, view, window, key, text)
    t.expect("and are no shortcuts of the host", fired, [])

    yield from click(view, 60, 200)
    yield from until(view, "document.activeElement.tagName", "BODY")
    yield "no field focused", lambda: not view.is_editing
    yield from press("key", key)
    yield f"the host's {name}", lambda: name in fired
    t.expect("with no field focused it is the host's shortcut", fired, [name])
    found = yield from harness.wait_for(view.eval_js("field.value"), "the field")
    t.expect("and the field has not got it", found, "cd")
    panel.destroy()


def typing_apart(t, document):
    """Type into a panel that is a window beside the host's: the host gets none of the keys."""
    document.select([document.first])
    panel, view = yield from opened()
    yield from typed(t, view, view.window(), "a", "a")  # selects all objects in Blender
    t.expect("and none of them comes to the host", document.selected(), [document.first])
    panel.destroy()


def opened():
    """Dock a page with a field; return the panel and its view."""
    panel = hosts.dock(lambda: WebView(html=PAGE), title="Keys", object_name="auroraview.keys", area="right")
    yield "the page ready", lambda: panel.view.is_ready and panel.is_visible
    return panel, panel.view


def typed(t, view, window, key, text):
    """Type into the field with real keys."""
    window.activateWindow()
    yield "the window active", window.isActiveWindow
    yield from settled(view)

    yield from click(view, 60, 30)
    yield "the field focused", lambda: view.hasFocus() and view.is_editing
    yield from until(view, "document.activeElement.id", "field")
    yield from press("key", "--delay", "60", "a", key, "b", "Left", "Delete", "ctrl+z", "ctrl+a", "c", "Delete", "d")
    yield from until(view, "field.value", "cd")
    seen = yield from harness.wait_for(view.eval_js("seen.filter((key) => key !== 'Control')"), "the keys")
    wanted = ["a", text, "b", "ArrowLeft", "Delete", "z", "a", "c", "Delete", "d"]
    t.expect("keys typed into a field come to the page, each once", seen, wanted)


def until(view, source, wanted):
    """Wait until an expression has a value in the page."""
    asked = [view.eval_js(source)]

    def holds():
        if asked[0].done() and asked[0].result() != wanted:
            asked[0] = view.eval_js(source)
        return asked[0].done()

    yield f"{source} is {wanted!r}", holds
