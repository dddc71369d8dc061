"""A program with an OpenGL viewport and without shared contexts, as QGIS and napari; run by test_context_sharing.py.

Prints a JSON object: for each stage, the colours seen on the screen.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import sys
import time

from qtpy import QtCore, QtGui, QtWidgets

SHARED = QtCore.Qt.ApplicationAttribute.AA_ShareOpenGLContexts
VIEWPORT, PAGE = "#cc6633", "#1040c0"
LIMIT_S = 10.0


def make_viewport():
    """Make an OpenGL widget that clears itself to a single colour."""
    library = ctypes.CDLL("libGL.so.1")
    color = [ctypes.c_float(int(VIEWPORT[at : at + 2], 16) / 255) for at in (1, 3, 5)]
    module = "qtpy.QtOpenGLWidgets" if QtCore.qVersion()[0] == "6" else "qtpy.QtWidgets"

    class Viewport(importlib.import_module(module).QOpenGLWidget):
        def paintGL(self):
            library.glClearColor(*color, ctypes.c_float(1))
            library.glClear(0x4000)

    return Viewport()


def turn(milliseconds=20):
    """Let the program work for a moment."""
    loop = QtCore.QEventLoop()
    QtCore.QTimer.singleShot(milliseconds, loop.quit)
    (getattr(loop, "exec", None) or loop.exec_)()


def seen(widget, expected):
    """Return the colour on the screen in the middle of a widget, once it is as expected or the time is over."""
    end_s = time.monotonic() + LIMIT_S
    while True:
        turn()
        spot = widget.mapToGlobal(widget.rect().center())
        picture = QtGui.QGuiApplication.primaryScreen().grabWindow(0, spot.x(), spot.y(), 1, 1).toImage()
        color = picture.pixelColor(0, 0).name()
        if color == expected or time.monotonic() > end_s:
            return color


def move_about(widget, expected, float_it, hide, show):
    """Float, dock, hide and show something; the colours that are seen."""
    colors = [seen(widget, expected)]
    float_it(True)
    widget.window().move(620, 40)
    colors.append(seen(widget, expected))
    float_it(False)
    colors.append(seen(widget, expected))
    hide()
    show()
    colors.append(seen(widget, expected))
    return colors


def main():
    """Go through the stages."""
    stages = {}
    app = QtWidgets.QApplication(["program"])
    window = QtWidgets.QMainWindow()
    window.setCentralWidget(QtWidgets.QTextEdit())
    window.setGeometry(0, 0, 600, 400)
    dock, viewport = QtWidgets.QDockWidget("Viewport"), make_viewport()
    dock.setWidget(viewport)
    viewport.setMinimumSize(150, 150)
    window.addDockWidget(QtCore.Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.show()

    def stage(name):
        colors = move_about(viewport, VIEWPORT, dock.setFloating, dock.hide, dock.show)
        stages[name] = {"viewport": colors, "shared": app.testAttribute(SHARED)}

    stage("before")
    sys.modules["qtpy.QtWebEngineCore"] = None  # an engine that cannot be imported
    with contextlib.suppress(ImportError):
        importlib.import_module("auroraview_qt.qt.view")
    del sys.modules["qtpy.QtWebEngineCore"]
    stage("import failed")
    from auroraview_qt import WebView, hosts

    importlib.import_module("auroraview_qt.qt.view")
    stage("imported")
    panel = hosts.dock(
        lambda: WebView(html=f"<body style='background:{PAGE}'>"), title="Panel", object_name="t.panel", window=window
    )
    colors = move_about(panel.widget, PAGE, panel.float, panel.hide, panel.show)
    stage("panel floated")
    stages["panel floated"]["panel"] = colors
    sys.stdout.write(json.dumps(stages) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
