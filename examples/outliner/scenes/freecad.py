"""Read FreeCAD's active document: its objects, reported by FreeCAD's own observers. GUI thread."""

from __future__ import annotations

from typing import Any

from auroraview_qt.host.detection import host_module
from outliner.scenes.host_scene import HostScene

#: FreeCAD's types, and the outliner's words for them.
_KINDS = (("Part::", "mesh"), ("Mesh::", "mesh"), ("PartDesign::Body", "group"), ("App::Part", "group"))


class FreeCADScene(HostScene):
    """See `HostScene`.

    Thread: GUI.
    """

    def __init__(self) -> None:
        super().__init__()
        self._app = host_module("FreeCAD")
        self._gui = host_module("FreeCADGui")
        self._observer = _Observer(self.refresh_soon)

    def start_watching(self) -> None:
        """Register the observers in FreeCAD."""
        self._app.addDocumentObserver(self._observer)
        self._gui.Selection.addObserver(self._observer)

    def stop_watching(self) -> None:
        """Hear of no more changes."""
        self._app.removeDocumentObserver(self._observer)
        self._gui.Selection.removeObserver(self._observer)

    def read_title(self) -> str:
        """Return the document's label."""
        document = self._app.ActiveDocument
        return str(document.Label) if document is not None else ""

    def read_nodes(self) -> list[dict[str, Any]]:
        """Return its objects, each below the group that holds it."""
        objects = {item.Name: item for item in self._objects()}
        parents: dict[str, str] = {}
        for item in objects.values():
            for child in getattr(item, "Group", ()):
                parents.setdefault(child.Name, item.Name)
        ordered: dict[str, Any] = {}

        def add(name: str) -> None:
            if name in ordered or name not in objects:
                return
            if name in parents:
                add(parents[name])
            item = objects[name]
            ordered[name] = {
                "id": name,
                "parent": parents.get(name),
                "name": item.Label,
                "kind": _kind(item),
                "visible": bool(item.ViewObject.Visibility),
            }

        for name in objects:
            add(name)
        return list(ordered.values())

    def read_selection(self) -> list[str]:
        """Return the names of the selected objects."""
        document = self._app.ActiveDocument
        return [item.Name for item in self._gui.Selection.getSelection(document.Name)] if document is not None else []

    def read_facts(self, node_id: str) -> dict[str, Any]:
        """Return its type and placement."""
        item = self._app.ActiveDocument.getObject(node_id)
        kind = {"label": item.TypeId.rpartition("::")[2]}
        if not hasattr(item, "Placement"):
            return kind
        place = item.Placement
        yaw, pitch, roll = place.Rotation.toEuler()
        transform = {"translation": list(place.Base), "rotation": [roll, pitch, yaw], "scale": [1.0, 1.0, 1.0]}
        return {**kind, **transform}

    def write_selection(self, ids: list[str]) -> None:
        """Select in FreeCAD's own tree and view."""
        document = self._app.ActiveDocument
        self._gui.Selection.clearSelection()
        for name in ids:
            self._gui.Selection.addSelection(document.Name, name)

    def write_name(self, node_id: str, name: str) -> None:
        """Set the label."""
        self._app.ActiveDocument.getObject(node_id).Label = name

    def write_visible(self, node_id: str, visible: bool) -> None:
        """Show or hide."""
        self._app.ActiveDocument.getObject(node_id).ViewObject.Visibility = visible

    def _objects(self) -> list[Any]:
        document = self._app.ActiveDocument
        return [item for item in document.Objects if item.ViewObject is not None] if document is not None else []


class _Observer:
    """Functions that FreeCAD calls, with FreeCAD's names."""

    def __init__(self, changed: Any) -> None:
        self._changed = changed

    def slotCreatedObject(self, _item: Any) -> None:
        self._changed()

    def slotDeletedObject(self, _item: Any) -> None:
        self._changed()

    def slotChangedObject(self, _item: Any, name: str) -> None:
        if name in ("Label", "Visibility", "Group"):
            self._changed()

    def slotActivateDocument(self, _document: Any) -> None:
        self._changed()

    def slotDeletedDocument(self, _document: Any) -> None:
        self._changed()

    def addSelection(self, *_what: Any) -> None:
        self._changed()

    def removeSelection(self, *_what: Any) -> None:
        self._changed()

    def setSelection(self, *_what: Any) -> None:
        self._changed()

    def clearSelection(self, *_what: Any) -> None:
        self._changed()


def _kind(item: Any) -> str:
    if item.isDerivedFrom("App::DocumentObjectGroup"):
        return "group"
    return next((kind for prefix, kind in _KINDS if item.TypeId.startswith(prefix)), "group")
