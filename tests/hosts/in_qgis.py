"""QGIS: given to it with ``--code``. The outliner on a project with a group and three layers of points."""

from __future__ import annotations

import os

import endurance_checks
import harness
import key_checks
import panel_checks
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.utils import iface

from auroraview_qt import hosts
from auroraview_qt.qt.support.binding import QtCore, QtWidgets

START = os.environ["AURORAVIEW_HOSTS_START"]


class QgisDocument(panel_checks.Document):
    has_undo = False

    def __init__(self):
        self.project = QgsProject.instance()
        group = self.project.layerTreeRoot().addGroup("Survey")
        layers = []
        for index, name in enumerate(("Wells", "Roads", "Towns")):
            layer = QgsVectorLayer("Point?crs=EPSG:3857&field=id:integer", name, "memory")
            for step in range(12):
                feature = QgsFeature(layer.fields())
                feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(step * (index + 1) % 7, step)))
                layer.dataProvider().addFeatures([feature])
            layer.updateExtents()
            self.project.addMapLayer(layer, False)
            group.addLayer(layer)
            layers.append(layer)
        self.first, self.second = layers[0].id(), layers[1].id()
        iface.zoomFull()

    def name_of(self, node_id):
        return self.project.layerTreeRoot().findLayer(node_id).name()

    def select(self, node_ids):
        iface.setActiveLayer(self.project.mapLayer(node_ids[-1]))

    def selected(self):
        return [iface.activeLayer().id()]

    def undo_steps(self):
        return self.project.mapLayer(self.first).undoStack().count()


def themes():
    """QGIS's own, whose sheets have transparent backgrounds; the last is its default again."""
    return [
        (lambda: QgsApplication.setUITheme("Night Mapping"), "dark", None),
        (lambda: QgsApplication.setUITheme("default"), "light", None),
    ]


def undoing(t):
    """An undo block of the host is an edit command of the active layer."""
    host, layer = hosts.current(), iface.activeLayer()
    layer.startEditing()
    feature = next(layer.getFeatures())
    with host.undo_block("Move"):
        layer.changeAttributeValue(feature.id(), 0, 7)
        layer.changeAttributeValue(feature.id(), 0, 8)
    t.expect("a block is one edit command of the layer", layer.undoStack().undoText(), "Move")
    layer.undoStack().undo()
    t.expect("one undo takes it back", next(layer.getFeatures())["id"], feature["id"])
    layer.rollBack()


def script(t):
    host = hosts.current()
    t.expect("the host is recognised", host.name, "qgis")
    t.note("running", harness.about(host))
    window = host.main_window()
    assert isinstance(window, QtWidgets.QMainWindow)
    window.setGeometry(0, 0, 1400, 900)
    document = QgisDocument()
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
        undoing(t)
        listed = [action.text() for action in window.findChild(QtWidgets.QMenu, "mPanelMenu").actions()]
        t.expect("the panel is listed under View, Panels", "Outliner" in listed, True)
        yield from harness.pause(1.0, "painted")
        harness.grab("qgis")
        yield from panel_checks.pictured(t, panel)
        yield from panel_checks.moving(t, panel)
        yield from panel_checks.theming(t, panel, themes())
        # Each of QGIS's single keys has two actions, so the script adds an action with a key to the window.
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
    QgsProject.instance().clear()  # QGIS asks before it drops layers that are in memory only
    QgsProject.instance().setDirty(False)
    QtCore.QTimer.singleShot(500, iface.actionExit().trigger)


checks = harness.Checks(finished)
harness.when(lambda: iface.mainWindow().isVisible(), lambda: checks.run(script(checks)))
