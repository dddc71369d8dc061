"""Blender's scene: its objects, looked at now and then: Blender signals no change of a name or a selection. GUI thread."""

from __future__ import annotations

import itertools
from typing import Any

from auroraview_qt.host.detection import host_module
from outliner.scenes.host_scene import HostScene

WATCH_MS = 400

_KINDS = {"MESH": "mesh", "CURVE": "mesh", "SURFACE": "mesh", "ARMATURE": "joint", "CAMERA": "camera", "LIGHT": "light"}


class BlenderScene(HostScene):
    """See `HostScene`. Blender's undo makes all objects again, so objects are identified by their names.

    Thread: GUI.
    """

    def __init__(self) -> None:
        super().__init__(WATCH_MS)
        self._bpy = host_module("bpy")
        self._ids: dict[str, str] = {}  # name -> id; a renamed object keeps its id, under both names
        self._numbers = itertools.count(1)

    def read_title(self) -> str:
        """Return the scene's name."""
        return str(self._window().scene.name)

    def read_nodes(self) -> list[dict[str, Any]]:
        """Return its objects, children below their parents."""
        layer = self._window().view_layer
        taken: set[str] = set()
        nodes: list[dict[str, Any]] = []
        waiting: list[tuple[Any, str | None]]
        waiting = [(item, None) for item in reversed(layer.objects) if item.parent is None]
        while waiting:
            item, parent = waiting.pop()
            node_id = self._id_of(item.name, taken)
            taken.add(node_id)
            visible = not item.hide_get(view_layer=layer)
            kind = _KINDS.get(item.type, "group")
            nodes.append({"id": node_id, "parent": parent, "name": item.name, "kind": kind, "visible": visible})
            waiting.extend((child, node_id) for child in reversed(item.children) if child.name in layer.objects)
        return nodes

    def read_selection(self) -> list[str]:
        """Return the selected objects, with the active object last."""
        layer = self._window().view_layer
        chosen = [item for item in layer.objects if item.select_get(view_layer=layer)]
        chosen.sort(key=lambda item: item == layer.objects.active)
        return [self._ids[item.name] for item in chosen if item.name in self._ids]

    def read_facts(self, node_id: str) -> dict[str, Any]:
        """Return its type and transform."""
        item = self._find(node_id)
        degrees = [57.29577951308232 * angle for angle in item.rotation_euler]
        return {
            "label": item.type.title(),
            "translation": list(item.location),
            "rotation": degrees,
            "scale": list(item.scale),
        }

    def write_selection(self, ids: list[str]) -> None:
        """Select in Blender; the leading object becomes the active object."""
        layer = self._window().view_layer
        wanted = [self._find(node_id) for node_id in ids]
        for item in layer.objects:
            item.select_set(item in wanted, view_layer=layer)
        layer.objects.active = wanted[-1] if wanted else None

    def write_name(self, node_id: str, name: str) -> None:
        """Name the object; Blender numbers a name that is taken."""
        item = self._find(node_id)
        item.name = name
        self._ids[item.name] = node_id

    def write_visible(self, node_id: str, visible: bool) -> None:
        """Show or hide the object."""
        self._find(node_id).hide_set(not visible, view_layer=self._window().view_layer)

    def _window(self) -> Any:
        return self._bpy.context.window_manager.windows[0]  # in a timer the context has no window

    def _id_of(self, name: str, taken: set[str]) -> str:
        if self._ids.get(name) in taken or name not in self._ids:
            self._ids[name] = f"b{next(self._numbers)}"
        return self._ids[name]

    def _find(self, node_id: str) -> Any:
        for item in self._window().view_layer.objects:
            if self._ids.get(item.name) == node_id:
                return item
        raise LookupError(f"there is no object {node_id}")
