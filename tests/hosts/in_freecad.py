"""FreeCAD: imported by an addon's ``InitGui.py``. The outliner on a document with a group and three solids."""

from __future__ import annotations

from pathlib import Path

import FreeCAD
import FreeCADGui
import host_script
import panel_checks

from auroraview_qt.qt.support.binding import QtGui, QtWidgets


class FreeCADDocument(panel_checks.Document):
    first, second = "Box", "Cylinder"

    def __init__(self):
        report = FreeCADGui.getMainWindow().findChild(QtWidgets.QDockWidget, "Report view")
        report.close()  # it opens by itself when Qt says something, and takes half of the picture
        self.document = FreeCAD.newDocument("hosts")
        group = self.document.addObject("App::DocumentObjectGroup", "Parts")
        for kind in ("Box", "Cylinder", "Sphere"):
            group.addObject(self.document.addObject(f"Part::{kind}", kind))
        self.document.recompute()
        FreeCADGui.activeDocument().activeView().viewIsometric()
        FreeCADGui.SendMsgToActiveView("ViewFit")

    def name_of(self, node_id):
        return self.document.getObject(node_id).Label

    def select(self, node_ids):
        FreeCADGui.Selection.clearSelection()
        for name in node_ids:
            FreeCADGui.Selection.addSelection(self.document.Name, name)

    def selected(self):
        return [item.Name for item in FreeCADGui.Selection.getSelection()]

    def undo(self):
        self.document.undo()

    def undo_steps(self):
        return self.document.UndoCount


class FreeCADScript(host_script.HostScript):
    name = "freecad"

    def window(self):
        return FreeCADGui.getMainWindow()

    def open_document(self):
        return FreeCADDocument()

    def themes(self):
        """Set a palette and a style sheet of FreeCAD, as its preferences do."""
        app = QtWidgets.QApplication.instance()
        sheet = Path(FreeCAD.getResourceDir(), "Gui", "Stylesheets", "Behave-dark.qss").read_text(encoding="utf-8")
        plain, amber = QtGui.QPalette(app.palette()), QtGui.QPalette(app.palette())
        amber.setColor(QtGui.QPalette.Window, QtGui.QColor("#ffe8c0"))
        before = plain.color(QtGui.QPalette.Window).name()
        # The order matters: after a style sheet, Qt 5.15 gives docks no palette of the application any more.
        return [
            (lambda: app.setPalette(amber), "light", "#ffe8c0"),
            (lambda: app.setPalette(plain), "light", before),
            (lambda: app.setStyleSheet(sheet), "dark", "#232932"),  # as it is written there
            (lambda: app.setStyleSheet(""), "light", before),
        ]

    def key(self):
        return "1", "1", "Front"

    def end_all(self):
        for name in list(FreeCAD.listDocuments()):
            FreeCAD.closeDocument(name)
        self.window().close()


host_script.begin(FreeCADScript())
