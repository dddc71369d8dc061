"""Any of the hosts with a panel that `auroraview-qt install` has installed: nothing here docks it.

The panel is there at the next start, and at its new place at the start after.
"""

from __future__ import annotations

import os

import harness

from auroraview_qt import hosts
from auroraview_qt.qt.support.binding import QtCore

FIRST_RUN = os.environ["AURORAVIEW_HOSTS_START"] == "installed"
TITLE = os.fsencode(os.environ["AURORAVIEW_HOSTS_TITLE"]).decode()  # a host's Python may assume an ASCII locale
OBJECT_NAME = "studio.installed"


def script(t):
    host = hosts.current()
    t.note("running", harness.about(host))
    yield "the panel docked by its start-up file", lambda: OBJECT_NAME in hosts.panels()
    panel = hosts.panels()[OBJECT_NAME]
    t.expect("installed by the command: the panel is there, with its title", panel.title, TITLE)
    if host.name != "blender":
        if FIRST_RUN:
            t.expect("nothing is made before it is shown", panel.widget, None)
            panel.show()
        yield "the panel visible", lambda: panel.is_visible
        t.expect("it is where it was put" if FIRST_RUN else "it comes back where it was", panel.area, place(host))
    yield "the page ready", lambda: panel.widget is not None and panel.view.is_ready
    t.ok("its page is loaded")
    name = yield from harness.wait_for(panel.view.eval_js("document.title"), "an answer of the page")
    t.expect("the page is the built-in panel", name, "AuroraView")
    if FIRST_RUN and host.name != "blender":
        panel.area = "left"
        t.expect("it is moved", panel.area, "left")


def place(host):
    return "right" if FIRST_RUN else "left"


def begin(finished, condition):
    checks = harness.Checks(finished)
    harness.when(condition, lambda: checks.run(script(checks)))


def in_freecad():
    import FreeCADGui

    window = FreeCADGui.getMainWindow
    begin(lambda _ok: QtCore.QTimer.singleShot(0, window().close), lambda: window().isVisible())


def in_krita():
    from krita import Krita

    def window():
        active = Krita.instance().activeWindow()
        return active.qwindow() if active is not None else None

    begin(
        lambda _ok: QtCore.QTimer.singleShot(500, window().close),
        lambda: window() is not None and window().isVisible(),
    )


def in_blender():
    import bpy

    from auroraview_qt.hosts.blender import adapter as blender

    bpy.context.preferences.view.show_splash = False
    blender.start_qt()
    operator = bpy.ops.wm.panel_studio_installed
    bpy.app.timers.register(lambda: operator() and None, first_interval=1.0)
    begin(lambda _ok: bpy.app.timers.register(lambda: bpy.ops.wm.quit_blender() and None, first_interval=0.5), lambda: True)


{"freecad": in_freecad, "krita": in_krita, "blender": in_blender}[hosts.current().name]()
