"""The layers of the current napari viewer.

napari's layer list tells of its changes, and the outliner looks after the next turn of the event loop. Thread: GUI.
"""

from __future__ import annotations

from typing import Any

from auroraview_qt.host.detection import host_module
from outliner.scenes.host_scene import HostScene


class NapariScene(HostScene):
    """See `HostScene`. A layer's id is its unique id in napari.

    Thread: GUI.
    """

    def __init__(self) -> None:
        super().__init__()
        self._viewer = host_module("napari").current_viewer()
        self._layers = self._viewer.layers

    def start_watching(self) -> None:
        """Connect to the layer list, which passes on the events of its layers."""
        self._layers.events.connect(self._on_change)
        self._layers.selection.events.connect(self._on_change)

    def stop_watching(self) -> None:
        """Leave the layer list."""
        self._layers.events.disconnect(self._on_change)
        self._layers.selection.events.disconnect(self._on_change)

    def _on_change(self, _event: object) -> None:
        self.refresh_soon()

    def read_title(self) -> str:
        """Return the viewer's title."""
        return str(self._viewer.title)

    def read_nodes(self) -> list[dict[str, Any]]:
        """Return the layers, the topmost first, as in napari's own list."""
        return [
            {"id": _id(layer), "parent": None, "name": layer.name, "kind": "mesh", "visible": bool(layer.visible)}
            for layer in reversed(self._layers)
        ]

    def read_selection(self) -> list[str]:
        """Return the selected layers, the active one last."""
        active = self._layers.selection.active
        chosen = [_id(layer) for layer in self._layers if layer in self._layers.selection and layer is not active]
        return [*chosen, *([_id(active)] if active is not None else [])]

    def read_facts(self, node_id: str) -> dict[str, Any]:
        """Return the kind, opacity and blending of a layer."""
        layer = self._find(node_id)
        facts = [["Opacity", f"{round(100 * layer.opacity)} %"], ["Blending", str(layer.blending)]]
        return {"label": type(layer).__name__, "facts": facts}

    def write_selection(self, ids: list[str]) -> None:
        """Select the layers, the last as the active layer."""
        self._layers.selection = {self._find(node_id) for node_id in ids}
        if ids:
            self._layers.selection.active = self._find(ids[-1])
            self._layers.selection.update(self._find(node_id) for node_id in ids)

    def write_name(self, node_id: str, name: str) -> None:
        """Name the layer; napari makes the name unique."""
        self._find(node_id).name = name

    def write_visible(self, node_id: str, visible: bool) -> None:
        """Show or hide the layer."""
        self._find(node_id).visible = visible

    def _find(self, node_id: str) -> Any:
        return next(layer for layer in self._layers if _id(layer) == node_id)


def _id(layer: Any) -> str:
    return str(layer.unique_id)
