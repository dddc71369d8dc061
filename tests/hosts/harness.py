"""Runs inside a real host: a script of checks, step by step on the host's own event loop, and a report of each.

A script is a generator. It yields ``(what, condition)`` and is resumed once the condition holds; if it never holds, the run
has failed. `Checks.ok` notes a check that has passed. Nothing here blocks: the host stays alive between steps.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path

from auroraview_qt.qt.support.binding import BINDING, QtCore, QtGui

TIMEOUT_S = 40.0
POLL_MS = 20

#: Qt's messages from this machine (no sound, no bus, no GPU) or from the host itself, not from the panel.
NOT_OURS = (
    "propagateSizeHints",
    "Sandboxing disabled by user",
    "QStandardPaths: ",
    "libpng warning",
    "QRhi",
    "ulkan",  # Qt 6 looks for it, and draws without it
    "Unable to detect GPU vendor",
    "QXcbIntegration: Cannot create platform",  # Qt 6 without OpenGL, as in Blender
    "GLImplementation",
    "WebEngineContext used before",  # QGIS shares no OpenGL contexts
    "QQml_colorProvider",
    "touchstrip.qml",
    "org/krita/sketch",
)


_timers = []


class Checks:
    """The report of a host, and the runner of its script."""

    def __init__(self, finished):
        self._report = Path(os.environ["AURORAVIEW_HOSTS_REPORT"])
        self._finished = finished
        self._script = None
        self._waiting = None
        self._deadline_s = 0.0
        self._step_began_s = time.monotonic()
        self.messages = []
        self.ticks = 0
        self._timer = QtCore.QTimer()
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)
        QtCore.qInstallMessageHandler(self._on_message)

    def run(self, script):
        """Begin; `finished(ok)` is called once."""
        self._script = script
        self._timer.start()
        self._resume()

    def ok(self, what, detail=""):
        """Note a check that has passed."""
        now_s = time.monotonic()
        took = f"{now_s - self._step_began_s:.1f} s"
        self._step_began_s = now_s
        self._write(check=what, ok=True, detail=str(detail), took=took)

    def expect(self, what, found, wanted):
        """Note a check that compares."""
        if found != wanted:
            raise AssertionError(f"{what}: found {found!r}, wanted {wanted!r}")
        self.ok(what)

    def note(self, what, detail=""):
        """Report a fact that is no check: a limit of the host, a number."""
        self._write(note=what, detail=str(detail))

    def _write(self, **line):
        with self._report.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _poll(self):
        self.ticks += 1
        if self._waiting is None:
            return
        what, condition = self._waiting
        try:
            holds = condition()
        except Exception:
            self._fail(f"{what}\n{traceback.format_exc()}")
            return
        if holds:
            self._resume()
        elif time.monotonic() > self._deadline_s:
            self._fail(f"waited {TIMEOUT_S:.0f} s in vain: {what}")

    def _resume(self):
        self._waiting = None
        try:
            self._waiting = next(self._script)
        except StopIteration:
            self._end(True)
        except Exception:
            self._fail(traceback.format_exc())
        else:
            self._deadline_s = time.monotonic() + TIMEOUT_S

    def _fail(self, why):
        self._write(check=why.strip().splitlines()[-1], ok=False, detail=why)
        grab("failed")
        self._end(False)

    def _end(self, ok):
        self._waiting = None
        self._timer.stop()
        ours = [text for text in self.messages if not any(part in text for part in NOT_OURS)]
        if ok and ours:
            ok = False
            self._write(check="no warning of Qt", ok=False, detail="\n".join(ours))
        elif ok:
            self.ok("no warning of Qt")
        self._finished(ok)

    def _on_message(self, kind, context, text):
        kinds = QtCore.QtMsgType
        if kind not in (kinds.QtDebugMsg, kinds.QtInfoMsg):
            self.messages.append(f"{text} ({context.category})")
        sys.stderr.write(f"Qt: {text}\n")


def when(condition, then):
    """Call `then` on the host's event loop once `condition` holds, because addons are loaded before there is a document."""

    def look():
        if condition():
            _timers.pop().stop()
            then()

    # Kept here: under PyQt5 a timer that only its own slot refers to is collected with that slot, and then crashes.
    _timers.append(QtCore.QTimer())
    _timers[-1].timeout.connect(look)
    _timers[-1].start(POLL_MS)


def grab(name):
    """Write a picture of the whole screen."""
    folder = os.environ.get("AURORAVIEW_HOSTS_PICTURES")
    if folder:
        picture = QtGui.QGuiApplication.primaryScreen().grabWindow(0)
        picture.save(str(Path(folder, f"{name}.png")), "PNG", 0)  # the smallest


def wait_for(future, what):
    """Wait for a future and return its result: ``value = yield from wait_for(...)``."""
    yield what, future.done
    return future.result()


def pause(seconds, what):
    """Let the host paint and lay out. Use this before a picture only, never as a condition of a check."""
    until_s = time.monotonic() + seconds
    yield what, lambda: time.monotonic() > until_s


def about(host):
    """Return the versions of this run, for the report."""
    return f"{host.name} {host.version}, {BINDING[0]} on Qt {BINDING[1]}, Python {sys.version.split()[0]}"


def busy_command(ctx):
    """Work for a second on a thread of the pool, with progress."""
    for i in range(20):
        ctx.progress(i / 20, f"step {i}")
        if ctx.cancelled:
            return "cancelled"
        threading.Event().wait(0.05)
    return threading.current_thread().name
