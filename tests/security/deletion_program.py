"""A careless program: it deletes a view inside a function or signal that the view calls, place by place.

Run as ``python -m tests.security.deletion_program PLACE…``. It prints ``survived PLACE`` once another view works.
"""

from __future__ import annotations

import logging
import sys

from qtpy.QtTest import QTest

from auroraview_qt import WebView
from auroraview_qt.policy import Policy
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets
from auroraview_qt.testing.waiting import wait_until

PAGE = """<a href="https://out.example/" style="position: fixed; inset: 0">out</a><script>
auroraview.expose('pick', () => 1);
auroraview.expose('never', () => new Promise(() => 1));
auroraview.on('run', (source) => { setTimeout(source.code, 0); });
requestAnimationFrame(() => requestAnimationFrame(() => { window.hasPainted = true; }));
</script>"""
PAINTED = "new Promise((done) => { const look = () => window.hasPainted ? done(1) : setTimeout(look, 5); look(); })"

EVENT_TYPES = getattr(QtCore.QEvent, "Type", QtCore.QEvent)


class Case:
    """A view, and its deletion."""

    def __init__(self, **options):
        self.is_deleted = False
        self.log = logging.getLogger("auroraview_qt")
        options = {"max_events": 200, "overflow": "drop_oldest", "unresponsive_after_s": 0.3, **options}
        self.view = WebView(html=PAGE, **options)
        self.view.resize(200, 100)

    def delete(self, *_):
        """Delete the view at once, and not from the event loop: the worst case."""
        if not self.is_deleted:
            self.is_deleted = True
            self.view.deleteLater()
            QtCore.QCoreApplication.sendPostedEvents(self.view, EVENT_TYPES.DeferredDelete)
        return "refuse"

    def delete_at_log(self, part):
        """Delete the view as soon as a record with this text is handled."""
        handler = logging.Handler()
        handler.emit = lambda record: part in record.getMessage() and self.delete()
        self.log.addHandler(handler)

    def start(self):
        self.view.show()
        wait_until(lambda: self.is_deleted or self.view.is_ready)
        if not self.is_deleted:
            painted = self.view.eval_js(PAINTED)
            wait_until(painted.done)

    def run(self, code):
        self.view.emit("run", {"code": code})

    def click(self):
        QTest.mouseClick(self.view.focusProxy(), QtCore.Qt.MouseButton.LeftButton, pos=QtCore.QPoint(30, 12))

    def finish(self):
        wait_until(lambda: self.is_deleted, timeout_s=30)
        for handler in list(self.log.handlers):
            self.log.removeHandler(handler)
        other = WebView(html="<title>other</title>")
        other.show()
        title = other.eval_js("document.title")
        wait_until(title.done)
        assert title.result() == "other"
        other.deleteLater()


PLACES = {}


def place(function):
    PLACES[function.__name__] = function
    return function


def on_signal(name, act):
    def run():
        case = Case()
        getattr(case.view, name).connect(case.delete)
        case.start()
        if not case.is_deleted:
            act(case)
        case.finish()

    PLACES[name] = run


def hang(case, code):
    """Keep the page busy, and let a call wait for its answer meanwhile."""
    case.run(code)
    QtCore.QTimer.singleShot(200, lambda: case.is_deleted or case.view.eval_js("1"))


def flood(case):
    for number in range(300):
        if not case.is_deleted:
            case.view.emit("flood", number)


on_signal("ready", lambda case: None)
on_signal("renderer_crashed", lambda case: case.view.terminate_page())
on_signal("event_received", lambda case: case.run("auroraview.emit('x', 1)"))
on_signal("unresponsive", lambda case: hang(case, "for (;;);"))
on_signal("responsive", lambda case: hang(case, "for (const end = Date.now() + 1500; Date.now() < end;);"))
on_signal("message_dropped", flood)


def on_log(name, part, code):
    def run():
        case = Case()
        case.view.command("broken", lambda: 1 / 0)
        case.delete_at_log(part)
        case.start()
        case.run(code)
        case.finish()

    PLACES[f"log_of_{name}"] = run


on_log("console", "said", "console.log('said')")
on_log("alert", "alert()", "alert('x')")
on_log("confirm", "confirm()", "confirm('x')")
on_log("permission", "ermission", "navigator.geolocation.getCurrentPosition(() => 1)")
on_log("navigation", "out.example", "location.href = 'https://out.example/'")
on_log("message", "malformed", "ipc.postMessage('{')")
on_log("command", "broken", "auroraview.call('broken').catch(() => 1)")
on_log("file", "none", "fetch(location.origin + '/file/none')")


@place
def log_of_death():
    case = Case()
    case.delete_at_log("the renderer of")
    case.start()
    case.view.terminate_page()
    case.finish()


@place
def log_of_link():
    case = Case()
    case.delete_at_log("opens outside")
    case.start()
    case.click()
    case.finish()


def on_event(name, register, code):
    def run():
        case = Case()
        register(case)
        case.start()
        if not case.is_deleted:
            case.run(code)
        case.finish()

    PLACES[name] = run


def stream_parts(case):
    def parts():
        yield 1
        case.delete()
        yield 2

    case.view.command("x", parts)


on_event("callback", lambda case: case.view.on("x", case.delete), "auroraview.emit('x', 1)")
on_event("callback_of_all", lambda case: case.view.on("*", case.delete), "auroraview.emit('x', 1)")
on_event("ready_event", lambda case: case.view.on("__auroraview_ready", case.delete), "")
on_event("command", lambda case: case.view.command("x", case.delete), "auroraview.call('x')")
on_event("stream", stream_parts, "(async () => { for await (const part of auroraview.stream('x')); })()")
on_event("state", lambda case: case.view.state.on_change(case.delete), "auroraview.state.n = 1")


@place
def state_of_python():
    case = Case()
    case.view.state.on_change(case.delete)
    case.start()
    case.view.state["n"] = 1
    case.finish()


def on_end(name, ask, act=lambda case: None):
    def run():
        case = Case()
        case.start()
        ask(case.view).add_done_callback(case.delete)
        act(case)
        case.finish()

    PLACES[name] = run


on_end("call", lambda view: view.call("pick"))
on_end("call_of_dead_page", lambda view: view.call("never"), lambda case: case.view.terminate_page())
on_end("call_that_times_out", lambda view: view.call("never", timeout_s=0.05))
on_end("call_of_reloaded_page", lambda view: view.call("never"), lambda case: case.run("location.reload()"))
on_end("call_of_left_page", lambda view: view.call("never"), lambda case: case.view.load_url("data:text/html,elsewhere"))
on_end("eval_js", lambda view: view.eval_js("1"))
on_end("eval_js_that_fails", lambda view: view.eval_js("1 +"))


@place
def keyboard():
    case = Case(keyboard=lambda *_: case.delete() and False)
    case.start()
    event = QtGui.QKeyEvent(EVENT_TYPES.ShortcutOverride, QtCore.Qt.Key.Key_A, QtCore.Qt.KeyboardModifier.NoModifier, "a")
    QtWidgets.QApplication.sendEvent(case.view.focusProxy(), event)
    case.finish()


@place
def popups():
    case = Case(policy=Policy(popups=lambda url: case.delete()))
    case.start()
    case.click()
    case.finish()


@place
def open_external():
    case = Case()
    case.view.page().open_external = case.delete
    case.start()
    case.click()
    case.finish()


if __name__ == "__main__":
    app = QtWidgets.QApplication(sys.argv)
    logging.getLogger("auroraview_qt").setLevel(logging.INFO)
    for name in sys.argv[1:]:
        print("begins", name, flush=True)
        PLACES[name]()
        print("survived", name, flush=True)
