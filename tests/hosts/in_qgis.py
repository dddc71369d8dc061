"""QGIS: given to it with ``--code``. The outliner on a project with a group and three layers of points."""

from __future__ import annotations

import host_script
import panel_checks
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.utils import iface

from auroraview_qt import hosts
from auroraview_qt.qt.support.binding import QtWidgets


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


class QgisScript(host_script.HostScript):
    name = "qgis"

    def window(self):
        return iface.mainWindow()

    def open_document(self):
        return QgisDocument()

    def themes(self):
        """QGIS's own, whose sheets have transparent backgrounds; the last is its default again."""
        return [
            (lambda: QgsApplication.setUITheme("Night Mapping"), "dark", None),
            (lambda: QgsApplication.setUITheme("default"), "light", None),
        ]

    def own_checks(self, t):
        """An undo block is an edit command of the active layer, and the panel is in QGIS's menu."""
        layer = iface.activeLayer()
        layer.startEditing()
        feature = next(layer.getFeatures())
        with hosts.current().undo_block("Move"):
            layer.changeAttributeValue(feature.id(), 0, 7)
            layer.changeAttributeValue(feature.id(), 0, 8)
        t.expect("a block is one edit command of the layer", layer.undoStack().undoText(), "Move")
        layer.undoStack().undo()
        t.expect("one undo takes it back", next(layer.getFeatures())["id"], feature["id"])
        layer.rollBack()
        listed = [action.text() for action in self.window().findChild(QtWidgets.QMenu, "mPanelMenu").actions()]
        t.expect("the panel is listed under View, Panels", "Outliner" in listed, True)

    def end_all(self):
        QgsProject.instance().clear()  # QGIS asks before it drops layers that are in memory only
        QgsProject.instance().setDirty(False)
        iface.actionExit().trigger()


host_script.begin(QgisScript())
