"""Krita's active document: its layers. Krita signals no changes of them, so they are looked at now and then. GUI thread."""

from __future__ import annotations

from typing import Any

from auroraview_qt.host.detection import host_module
from outliner.scenes.host_scene import HostScene

WATCH_MS = 400

#: Krita's layer types, and the outliner's words for them.
_KINDS = {"grouplayer": "group", "paintlayer": "mesh", "vectorlayer": "mesh"}
_LABELS = {"grouplayer": "Group", "paintlayer": "Paint layer", "vectorlayer": "Vector layer", "filelayer": "File layer"}


class KritaScene(HostScene):
    """See `HostScene`.

    Thread: GUI.
    """

    def __init__(self) -> None:
        super().__init__(WATCH_MS)
        self._krita = host_module("krita").Krita.instance()

    def read_title(self) -> str:
        """Return the document's name."""
        document = self._krita.activeDocument()
        return str(document.name()) if document is not None else ""

    def read_nodes(self) -> list[dict[str, Any]]:
        """Return its layers, the topmost first, as in Krita's own list."""
        document = self._krita.activeDocument()
        nodes: list[dict[str, Any]] = []
        waiting: list[tuple[Any, str | None]]
        waiting = [(node, None) for node in document.topLevelNodes()] if document is not None else []
        while waiting:
            node, parent = waiting.pop()
            node_id = _id(node)
            nodes.append(
                {
                    "id": node_id,
                    "parent": parent,
                    "name": node.name(),
                    "kind": _KINDS.get(node.type(), "group"),
                    "visible": bool(node.visible()),
                }
            )
            waiting.extend((child, node_id) for child in node.childNodes())
        return nodes

    def read_selection(self) -> list[str]:
        """Return the layers selected in the window."""
        window = self._krita.activeWindow()
        view = window.activeView() if window is not None else None
        if view is None or view.document() is None:
            return []
        chosen = [_id(node) for node in view.selectedNodes()]
        active = view.document().activeNode()
        leading = [_id(active)] if active is not None else []
        return [node_id for node_id in chosen if node_id not in leading] + leading

    def read_facts(self, node_id: str) -> dict[str, Any]:
        """Return its kind, opacity and blending."""
        node = self._find(node_id)
        opacity = f"{round(100 * node.opacity() / 255)} %"
        return {
            "label": _LABELS.get(node.type(), node.type()),
            "facts": [["Opacity", opacity], ["Blending", node.blendingMode()]],
        }

    def write_selection(self, ids: list[str]) -> None:
        """Make the leading layer the active layer; a plugin cannot select more in Krita."""
        if ids:
            self._krita.activeDocument().setActiveNode(self._find(ids[-1]))

    def write_name(self, node_id: str, name: str) -> None:
        """Name the layer."""
        self._find(node_id).setName(name)

    def write_visible(self, node_id: str, visible: bool) -> None:
        """Show or hide the layer."""
        self._find(node_id).setVisible(visible)
        self._krita.activeDocument().refreshProjection()

    def _find(self, node_id: str) -> Any:
        waiting = list(self._krita.activeDocument().topLevelNodes())
        while waiting:
            node = waiting.pop()
            if _id(node) == node_id:
                return node
            waiting.extend(node.childNodes())
        raise LookupError(f"there is no layer {node_id}")


def _id(node: Any) -> str:
    return str(node.uniqueId().toString())
