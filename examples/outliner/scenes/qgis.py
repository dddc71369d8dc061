"""The layers and groups of the open QGIS project.

The tree and the view tell of their changes, and the outliner looks after the next turn of the event loop. Thread: GUI.
"""

from __future__ import annotations

from typing import Any

from auroraview_qt.host.detection import host_module
from auroraview_qt.qt.support.binding import is_alive
from outliner.scenes.host_scene import HostScene


class QgisScene(HostScene):
    """See `HostScene`. A layer's id is that of QGIS; a group's is its path in the tree.

    Thread: GUI.
    """

    def __init__(self) -> None:
        super().__init__()
        self._project = host_module("qgis.core").QgsProject.instance()
        self._iface = host_module("qgis.utils").iface
        root, tree = self._project.layerTreeRoot(), self._iface.layerTreeView()
        self._signals = [(root, name) for name in ("nameChanged", "visibilityChanged", "addedChildren", "removedChildren")]
        self._signals.append((tree, "currentLayerChanged"))

    def start_watching(self) -> None:
        """Connect to the tree."""
        for sender, signal in self._signals:
            getattr(sender, signal).connect(self._on_change)

    def stop_watching(self) -> None:
        """Leave the tree, which QGIS deletes before its window when it quits."""
        for sender, signal in self._signals:
            if is_alive(sender):
                getattr(sender, signal).disconnect(self._on_change)

    def _on_change(self, *_: object) -> None:
        self.refresh_soon()

    def read_title(self) -> str:
        """Return the project's title."""
        return str(self._project.title() or self._project.baseName() or "Project")

    def read_nodes(self) -> list[dict[str, Any]]:
        """Return groups and layers, in the order of QGIS's own panel."""
        return [
            {
                "id": node_id,
                "parent": parent,
                "name": node.name(),
                "kind": "group" if _is_group(node) else "mesh",
                "visible": bool(node.itemVisibilityChecked()),
            }
            for node_id, parent, node in self._walk()
        ]

    def read_selection(self) -> list[str]:
        """Return the current layer."""
        layer = self._iface.activeLayer()
        return [str(layer.id())] if layer is not None else []

    def read_facts(self, node_id: str) -> dict[str, Any]:
        """Return the kind of a layer, and its coordinate system."""
        node = self._find(node_id)
        if _is_group(node):
            return {"label": "Group", "facts": []}
        layer = node.layer()
        return {"label": "Layer", "facts": [["Provider", layer.providerType()], ["CRS", layer.crs().authid()]]}

    def write_selection(self, ids: list[str]) -> None:
        """Make the leading layer the current layer."""
        node = self._find(ids[-1]) if ids else None
        if node is not None and not _is_group(node):
            self._iface.setActiveLayer(node.layer())

    def write_name(self, node_id: str, name: str) -> None:
        """Name the group or layer."""
        self._find(node_id).setName(name)

    def write_visible(self, node_id: str, visible: bool) -> None:
        """Check or uncheck the group or layer."""
        self._find(node_id).setItemVisibilityChecked(visible)

    def _walk(self) -> list[tuple[str, str | None, Any]]:
        found: list[tuple[str, str | None, Any]] = []
        waiting = [("", self._project.layerTreeRoot())]
        while waiting:
            above, group = waiting.pop()
            for node in group.children():
                node_id = f"{above}/{node.name()}" if _is_group(node) else str(node.layerId())
                found.append((node_id, above or None, node))
                if _is_group(node):
                    waiting.append((node_id, node))
        return found

    def _find(self, node_id: str) -> Any:
        for found, _, node in self._walk():
            if found == node_id:
                return node
        raise LookupError(f"there is no layer {node_id}")


def _is_group(node: Any) -> bool:
    return hasattr(node, "addGroup")
