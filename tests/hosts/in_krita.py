"""Krita: imported by a plugin, before Krita has a window. The outliner on the layers of a document."""

from __future__ import annotations

import host_script
import installed_checks
import panel_checks
from krita import Krita

from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets

app = Krita.instance()


class KritaDocument(panel_checks.Document):
    has_undo = False

    def __init__(self):
        window = app.activeWindow()
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


class KritaScript(host_script.HostScript):
    name = "krita"

    def __init__(self):
        super().__init__()
        if host_script.START not in ("bare", *installed_checks.STARTS):
            self.registered = panel_checks.dock(show=False)

    def window(self):
        active = app.activeWindow()
        return active.qwindow() if active is not None else None

    def open_document(self):
        return KritaDocument()

    def themes(self):
        """Krita's own, by the actions of its menu, with the colour of windows that is in their files."""
        actions = self.window().findChildren(QtWidgets.QAction)
        menu = {action.text().replace("&", ""): action for action in actions if action.text().startswith("Krita ")}
        found = []
        for name, scheme in (("bright", "light"), ("dark", "dark")):
            path = f"/usr/share/color-schemes/Krita{name.capitalize()}.colors"
            rgb = QtCore.QSettings(path, QtCore.QSettings.IniFormat).value("Colors:Window/BackgroundNormal")
            found.append((menu[f"Krita {name}"].trigger, scheme, QtGui.QColor(*map(int, rgb)).name()))
        return found

    def key(self):
        return "period", ".", "Previous Favourite Preset"

    def end_all(self):
        window = self.window()
        for document in app.documents():
            document.setModified(False)
            document.close()
        QtCore.QTimer.singleShot(self.quit_ms, window.close)


host_script.begin(KritaScript())
