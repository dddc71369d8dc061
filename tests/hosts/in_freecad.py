"""FreeCAD: imported by an addon's ``InitGui.py``. The outliner on a document with a group and three solids."""

from __future__ import annotations

import os
from pathlib import Path

import endurance_checks
import FreeCAD
import FreeCADGui
import harness
import key_checks
import panel_checks

from auroraview_qt import hosts
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets

START = os.environ["AURORAVIEW_HOSTS_START"]


class FreeCADDocument(panel_checks.Document):
    first, second = "Box", "Cylinder"

    def __init__(self):
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


def themes():
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


def script(t):
    host = hosts.current()
    t.expect("the host is recognised", host.name, "freecad")
    t.note("running", harness.about(host))
    assert isinstance(host.main_window(), QtWidgets.QMainWindow)
    document = FreeCADDocument()
    if START == "bare":
        yield from panel_checks.alone(t, host.main_window())
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
    else:
        panel = panel_checks.dock(area="right")
        yield from panel_checks.docking(t, panel, document)
        yield from panel_checks.editing(t, panel, document)
        yield from harness.pause(1.0, "painted")
        harness.grab("freecad")
        yield from panel_checks.moving(t, panel)
        yield from panel_checks.theming(t, panel, themes())
        yield from key_checks.typing(t, "1", "1", "Front")
        yield from panel_checks.working(t, panel)
        yield from panel_checks.dying(t, panel, document)
        yield from panel_checks.ending(t, panel)
        again = panel_checks.dock()
        again.area = "left"
        yield from panel_checks.docking(t, again, document)
    FreeCAD.closeDocument("hosts")


def finished(_ok):
    for name in list(FreeCAD.listDocuments()):
        FreeCAD.closeDocument(name)
    QtCore.QTimer.singleShot(0, FreeCADGui.getMainWindow().close)


checks = harness.Checks(finished)
harness.when(lambda: FreeCADGui.getMainWindow().isVisible(), lambda: checks.run(script(checks)))
