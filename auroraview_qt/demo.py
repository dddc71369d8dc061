"""Provide the built-in panel: `auroraview-qt demo` opens it, and `auroraview-qt install` docks it by default.

It shows host, binding, versions and theme, measures the event rate, and runs a command with progress. So it is the visual
self-test of an installation. Thread: GUI.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from auroraview_qt import CallContext, WebView, hosts
from auroraview_qt._resources import resource_path
from auroraview_qt._version import __version__
from auroraview_qt.qt.support.binding import QtCore, QtWidgets

#: Maximum number of events in a measurement.
MAX_EVENTS = 20_000
#: Steps of the command with progress.
STEPS = 40
_STEP_S = 0.05


def panel() -> WebView:
    """Return the panel's widget: a factory for `auroraview_qt.hosts.dock`."""
    view = WebView(title="AuroraView")
    view.command("demo.describe", describe)
    view.command("demo.work", work, thread="pool")

    def send_events(count: int) -> int:
        """Send numbered events to the page; return how many."""
        for number in range(min(count, MAX_EVENTS)):
            view.emit("demo.tick", number)
        return min(count, MAX_EVENTS)

    view.command("demo.send_events", send_events)
    view.load_app(resource_path("demo"))
    return view


def describe() -> dict[str, str]:
    """Return the names and versions of the parts that a panel runs on."""
    host = hosts.current()
    binding, qt = host.binding
    return {
        "host": f"{host.name} {host.version}".strip(),
        "binding": binding,
        "qt": qt,
        "python": platform.python_version(),
        "library": __version__,
        "system": f"{platform.system()} {platform.machine()}",
        "scale": f"{host.scale:g}",
    }


def work(ctx: CallContext) -> str:
    """Wait in small steps on a worker thread, and report the progress."""
    for step in range(STEPS):
        if ctx.wait_cancelled(_STEP_S):
            return "cancelled"
        ctx.progress((step + 1) / STEPS, f"step {step + 1} of {STEPS}")
    return "done"


def run(screenshot: Path | None) -> int:
    """Show the panel in a separate window until it is closed.

    Parameters
    ----------
    screenshot : Path or None
        Write a picture of the panel here once its self-test has passed, and end.

    Returns
    -------
    int
        0; or 1 if the self-test did not pass within 30 seconds.
    """
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(sys.argv[:1])
    view = panel()
    view.resize(420, 520)
    if screenshot is not None:
        _take_picture(view, app, screenshot)
    view.show()
    code = int((getattr(app, "exec", None) or app.exec_)())  # PySide2 has only the latter
    view.close()
    return code


def _take_picture(view: WebView, app: QtCore.QCoreApplication, path: Path) -> None:
    def passed(detail: dict[str, object]) -> None:
        sys.stdout.write(f"self-test: {detail['events']} events, command {detail['command']}\n")
        QtCore.QTimer.singleShot(100, write)  # the next frame shows the result

    def write() -> None:
        written = view.grab().save(str(path))
        sys.stdout.write(f"picture: {path}\n" if written else f"{path} could not be written\n")
        app.exit(0 if written else 1)

    def give_up() -> None:
        sys.stderr.write("auroraview-qt demo: the self-test did not pass within 30 seconds\n")
        app.exit(1)

    view.once("demo.passed", passed)
    view.emit("demo.start", {})
    QtCore.QTimer.singleShot(30_000, give_up)
