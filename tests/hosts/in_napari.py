"""napari: imported by a script that opens a viewer. The outliner on three layers of a picture."""

from __future__ import annotations

import os

import endurance_checks
import harness
import key_checks
import napari
import numpy as np
import panel_checks
from napari.settings import get_settings

from auroraview_qt import hosts
from auroraview_qt.qt.support.binding import QtCore, QtWidgets

START = os.environ["AURORAVIEW_HOSTS_START"]

settings = get_settings()
settings.application.save_window_state = True  # napari's layout comes back at the next start only then
settings.application.confirm_close_window = False
viewer = napari.Viewer(title="hosts")


class NapariDocument(panel_checks.Document):
    has_undo = False

    def __init__(self):
        y, x = np.mgrid[0:240, 0:320]
        self.layers = [
            viewer.add_image(np.hypot(x - 160, y - 120), name="Cells", colormap="viridis"),
            viewer.add_labels((x // 80 + y // 80).astype(int), name="Regions"),
            viewer.add_points(np.array([[40, 60], [120, 160], [200, 260]]), name="Marks", size=20),
        ]
        self.first, self.second = (str(layer.unique_id) for layer in self.layers[:2])

    def _layer(self, node_id):
        return next(layer for layer in self.layers if str(layer.unique_id) == node_id)

    def name_of(self, node_id):
        return self._layer(node_id).name

    def select(self, node_ids):
        viewer.layers.selection.active = self._layer(node_ids[-1])

    def selected(self):
        return [str(viewer.layers.selection.active.unique_id)]

    def undo_steps(self):
        return 0


def themes():
    """napari's own, set live; the last is its default again."""

    def set_theme(name):
        viewer.theme = name

    return [(lambda: set_theme("light"), "light", None), (lambda: set_theme("dark"), "dark", None)]


def script(t):
    host = hosts.current()
    t.expect("the host is recognised", host.name, "napari")
    t.note("running", harness.about(host))
    window = host.main_window()
    assert isinstance(window, QtWidgets.QMainWindow)
    if START != "again":  # which finds the size it had
        window.setGeometry(0, 0, 1400, 900)
    document = NapariDocument()
    if START == "bare":
        yield from panel_checks.alone(t, window)
    elif START == "endurance":
        panel = panel_checks.dock()
        yield from panel_checks.docking(t, panel, document)
        yield from endurance_checks.moved(t, panel)
        yield from endurance_checks.reopened(t, panel)
    elif START == "again":
        panel = panel_checks.dock(show=False)
        yield "the panel back by itself", lambda: panel.is_visible
        t.expect("the next start brings it back where it was", panel.area, "left")
        yield from panel_checks.docking(t, panel, document)
        yield from panel_checks.quitting(t, panel)
    else:
        panel = panel_checks.dock(area="right")
        yield from panel_checks.docking(t, panel, document)
        yield from panel_checks.editing(t, panel, document)
        yield from harness.pause(1.0, "painted")
        harness.grab("napari")
        yield from panel_checks.pictured(t, panel)
        yield from panel_checks.moving(t, panel)
        yield from panel_checks.theming(t, panel, themes())
        # napari's own keys are bound to its canvas, so the script adds an action with a key to the window.
        action = QtWidgets.QAction("Next marker", window)
        action.setShortcut("k")
        window.addAction(action)
        yield from key_checks.typing(t, "k", "k", "Next marker")
        yield from panel_checks.working(t, panel)
        yield from panel_checks.dying(t, panel, document)
        yield from panel_checks.ending(t, panel)
        again = panel_checks.dock()
        again.area = "left"
        yield from panel_checks.docking(t, again, document)
        yield from panel_checks.quitting(t, again)


def finished(_ok):
    QtCore.QTimer.singleShot(500, viewer.close)


checks = harness.Checks(finished)
harness.when(lambda: hosts.current().main_window().isVisible(), lambda: checks.run(script(checks)))
napari.run()
