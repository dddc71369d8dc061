"""Krita: imported by a plugin, before Krita has a window. The outliner on the layers of a document."""

from __future__ import annotations

import os

import endurance_checks
import harness
import key_checks
import panel_checks
from krita import Krita

from auroraview_qt import hosts
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets

START = os.environ["AURORAVIEW_HOSTS_START"]

app = Krita.instance()


class KritaDocument(panel_checks.Document):
    has_undo = False

    def __init__(self):
        window = app.activeWindow()
        window.qwindow().setGeometry(QtWidgets.QApplication.primaryScreen().geometry())
        for docker in app.dockers():
            if docker.objectName() in ("ColorSelectorNg", "PresetDocker"):
                docker.hide()
        self.document = app.createDocument(640, 400, "hosts", "RGBA", "U8", "", 72.0)
        window.addView(self.document)
        root = self.document.rootNode()
        self.nodes = {}
        group = self.document.createGroupLayer("Characters")
        root.addChildNode(group, None)
        for parent, name in ((group, "Lines"), (group, "Colours"), (root, "Sky")):
            node = self.document.createNode(name, "paintlayer")
            parent.addChildNode(node, None)
            self.nodes[node.uniqueId().toString()] = node
        self.first, self.second, _ = self.nodes
        self.nodes[self.second].setPixelData(bytes((40, 150, 230, 255)) * 240 * 200, 200, 100, 240, 200)
        self.document.refreshProjection()

    def name_of(self, node_id):
        return self.nodes[node_id].name()

    def select(self, node_ids):
        self.document.setActiveNode(self.nodes[node_ids[-1]])

    def selected(self):
        return [self.document.activeNode().uniqueId().toString()]

    def undo_steps(self):
        return int(app.action("edit_undo").isEnabled())


def themes():
    """Krita's own, by the actions of its menu, with the colour of windows that is in their files."""
    menu = {
        action.text().replace("&", ""): action
        for action in app.activeWindow().qwindow().findChildren(QtWidgets.QAction)
        if action.text().startswith("Krita ")
    }
    colors = {}
    for name in ("bright", "dark"):
        file = QtCore.QSettings(f"/usr/share/color-schemes/Krita{name.capitalize()}.colors", QtCore.QSettings.IniFormat)
        rgb = [int(part) for part in file.value("Colors:Window/BackgroundNormal")]
        colors[name] = QtGui.QColor(*rgb).name()
    return [
        (menu["Krita bright"].trigger, "light", colors["bright"]),
        (menu["Krita dark"].trigger, "dark", colors["dark"]),
    ]


def script(t):
    host = hosts.current()
    t.expect("the host is recognised", host.name, "krita")
    t.note("running", harness.about(host))
    assert isinstance(host.main_window(), QtWidgets.QMainWindow)
    document = KritaDocument()
    yield "the document open", lambda: app.activeDocument() is not None
    if START == "bare":
        yield from panel_checks.alone(t, host.main_window())
    elif START == "endurance":
        panel.show()
        yield from panel_checks.docking(t, panel, document)
        yield from endurance_checks.moved(t, panel)
        yield from endurance_checks.reopened(t, panel)
    elif START == "again":
        yield "the panel back by itself", lambda: panel.is_visible
        t.expect("the next start brings it back where it was", panel.area, "left")
        yield from panel_checks.docking(t, panel, document)
    else:
        t.expect("registered at the start, nothing is made yet", panel.widget, None)
        panel.show()
        yield from panel_checks.docking(t, panel, document)
        yield from panel_checks.editing(t, panel, document)
        yield from harness.pause(1.0, "painted")
        harness.grab("krita")
        yield from panel_checks.moving(t, panel)
        yield from panel_checks.theming(t, panel, themes())
        yield from key_checks.typing(t, "period", ".", "Previous Favourite Preset")
        yield from panel_checks.working(t, panel)
        yield from panel_checks.dying(t, panel, document)
        yield from panel_checks.ending(t, panel)
        again = panel_checks.dock()
        again.area = "left"
        yield from panel_checks.docking(t, again, document)


def finished(_ok):
    for document in app.documents():
        document.setModified(False)
        document.close()
    window = app.activeWindow().qwindow()
    QtCore.QTimer.singleShot(500, window.close)


panel = panel_checks.dock(show=False) if START != "bare" else None
checks = harness.Checks(finished)
harness.when(
    lambda: app.activeWindow() is not None and app.activeWindow().qwindow().isVisible(), lambda: checks.run(script(checks))
)
