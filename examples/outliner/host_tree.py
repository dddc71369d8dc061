"""Show the scene in a plain Qt tree beside the panel: the host's own view.

Owns: a tree widget that shows a `SceneModel` and changes it, without knowing that there is a page.
Thread: GUI.
"""

from __future__ import annotations

from typing import Any

from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets, Signal
from outliner.errors import NodeNameError, NodeNameTakenError
from outliner.scene import SceneModel

_ID = QtCore.Qt.ItemDataRole.UserRole


class HostTree(QtWidgets.QTreeWidget):
    """Names with a check mark for visibility, and kinds.

    Parameters
    ----------
    parent
        The Qt parent.

    Signals
    -------
    refused(str)
        A name typed here was refused; the text has the reason.
    """

    refused = Signal(str)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: SceneModel | None = None
        self._items: dict[str, QtWidgets.QTreeWidgetItem] = {}
        self._following = False
        self.setColumnCount(2)
        self.setHeaderLabels(["Name", "Kind"])
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QtWidgets.QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QtWidgets.QHeaderView.ResizeMode.ResizeToContents)
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QtWidgets.QAbstractItemView.EditTrigger.EditKeyPressed)
        self.itemSelectionChanged.connect(self._selected_here)
        self.itemChanged.connect(self._edited_here)

    def show_model(self, model: SceneModel | None) -> None:
        """Show a scene, or none.

        Parameters
        ----------
        model
            The scene; the tree follows it until another scene is shown.
        """
        self._model = model
        self._following = True
        try:
            self.clear()
            self._items.clear()
            for node in model.nodes.values() if model else ():
                item = QtWidgets.QTreeWidgetItem([node.name, node.kind])
                item.setData(0, _ID, node.id)
                item.setFlags(item.flags() | QtCore.Qt.ItemFlag.ItemIsEditable | QtCore.Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(0, _check(node.visible))
                item.setForeground(1, QtGui.QColor("#8a8a8a"))
                self._items[node.id] = item
                if node.parent is None:
                    self.addTopLevelItem(item)
                else:
                    self._items[node.parent].addChild(item)
            self._dim()
            if model and len(model.nodes) <= 500:
                self.expandAll()
            elif model:
                self.expandToDepth(1)
            if model:
                self._show_selection(model.selection)
        finally:
            self._following = False

    def follow(self, kind: str, data: dict[str, Any]) -> None:
        """Apply a change of the model; the callback for `SceneModel.subscribe`.

        Parameters
        ----------
        kind, data
            As for `SceneSource`.
        """
        self._following = True
        try:
            if kind == "selection_changed":
                self._show_selection(data["ids"])
            elif kind == "node_changed":
                for node in data["nodes"]:
                    self._items[node["id"]].setText(0, node["name"])
                    self._items[node["id"]].setCheckState(0, _check(node["visible"]))
                self._dim()
        finally:
            self._following = False

    def snapshot(self) -> dict[str, Any]:
        """Return the content of the tree, read from its items and not from the model.

        Returns
        -------
        dict
            `nodes` (id, parent, name, visible, from top to bottom) and `selection` (ids, sorted).
        """
        nodes = []
        waiting = _children(self.invisibleRootItem())
        while waiting:
            item = waiting.pop()
            nodes.append(_shown(item))
            waiting += _children(item)
        return {"nodes": nodes, "selection": sorted(item.data(0, _ID) for item in self.selectedItems())}

    def shown(self, node_id: str) -> dict[str, Any]:
        """Return the content of a node's item: its id, parent, name, visible.

        Parameters
        ----------
        node_id
            Its id.

        Returns
        -------
        dict
            As in `snapshot`.
        """
        return _shown(self._items[node_id])

    def choose(self, node_id: str) -> None:
        """Select a node, as a click on it does.

        Parameters
        ----------
        node_id
            Its id.
        """
        self.setCurrentItem(self._items[node_id])

    def _show_selection(self, ids: list[str]) -> None:
        wanted = set(ids)
        leading = self._items.get(ids[-1]) if ids else None
        if leading is not None:
            self.setCurrentItem(leading, 0, QtCore.QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollToItem(leading)
        for item in self.selectedItems():
            if item.data(0, _ID) not in wanted:
                item.setSelected(False)
        for node_id in ids:
            self._items[node_id].setSelected(True)

    def _dim(self) -> None:
        if self._model is None:
            return
        shown: dict[str | None, bool] = {None: True}
        bright, dim = self.palette().color(QtGui.QPalette.ColorRole.Text), QtGui.QColor("#757575")
        for node in self._model.nodes.values():
            shown[node.id] = node.visible and shown[node.parent]
            self._items[node.id].setForeground(0, bright if shown[node.id] else dim)

    def _selected_here(self) -> None:
        if self._following or self._model is None:
            return
        current = self.currentItem()
        items = sorted(self.selectedItems(), key=lambda item: item is current)
        self._model.select([item.data(0, _ID) for item in items])

    def _edited_here(self, item: QtWidgets.QTreeWidgetItem, column: int) -> None:
        if self._following or self._model is None or column != 0:
            return
        node = self._model.node(item.data(0, _ID))
        self._model.set_visible([node.id], item.checkState(0) == QtCore.Qt.CheckState.Checked)
        try:
            self._model.rename(node.id, item.text(0))
        except (NodeNameError, NodeNameTakenError) as error:
            self.refused.emit(str(error))
        self.follow("node_changed", {"nodes": [{"id": node.id, "name": node.name, "visible": node.visible}]})


def _check(visible: bool) -> QtCore.Qt.CheckState:
    return QtCore.Qt.CheckState.Checked if visible else QtCore.Qt.CheckState.Unchecked


def _shown(item: QtWidgets.QTreeWidgetItem) -> dict[str, Any]:
    parent = item.parent()
    return {
        "id": item.data(0, _ID),
        "parent": parent.data(0, _ID) if parent is not None else None,
        "name": item.text(0),
        "visible": item.checkState(0) == QtCore.Qt.CheckState.Checked,
    }


def _children(item: QtWidgets.QTreeWidgetItem) -> list[QtWidgets.QTreeWidgetItem]:
    """From the last item to the first, for a stack."""
    below = (item.child(i) for i in reversed(range(item.childCount())))
    return [child for child in below if child is not None]
