"""The scene of the panel, and the interface for a host's own scene.

Owns `SceneSource`, the panel's interface to any host, and `SceneModel`, the demo's own scene: nodes, selection, names,
visibility, and the subscribers.
Thread: GUI only: a model is not locked, and its callbacks run inside the call that changed it. May not
import Qt.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from outliner.errors import NodeNameError, NodeNameTakenError, UnknownNodeError
from outliner.transforms import Vector, euler_degrees

_log = logging.getLogger(__name__)

MAX_NAME_CHARS = 128

ChangeCallback = Callable[[str, dict[str, Any]], None]


class SceneSource(Protocol):
    """The interface of a scene for the outliner panel; documents of FreeCAD, Krita or Blender fit it, too.

    Ids are opaque strings. Changes are reported as `("selection_changed", {"ids": [...]})` and `("node_changed", {"nodes":
    [{"id", "name", "visible"}, ...]})`, regardless of their author.
    """

    def snapshot(self) -> dict[str, Any]:
        """Title, timeline, selection and all nodes, parents before children."""
        ...

    def describe(self, node_id: str) -> dict[str, Any]:
        """Return the content of the details pane for a node."""
        ...

    def select(self, ids: Iterable[str]) -> list[str]:
        """Make `ids` the selection and return it."""
        ...

    def rename(self, node_id: str, name: str) -> str:
        """Return a node another name and return the name it has now."""
        ...

    def set_visible(self, ids: Iterable[str], visible: bool) -> None:
        """Show or hide nodes."""
        ...

    def subscribe(self, callback: ChangeCallback) -> Callable[[], None]:
        """Call `callback(kind, data)` on each change; return a function that ends this."""
        ...


@dataclass
class Material:
    """A material's name, colour (sRGB `#rrggbb`), opacity and factors, all 0..1."""

    name: str
    color: str = "#cccccc"
    opacity: float = 1.0
    metallic: float = 0.0
    roughness: float = 1.0


@dataclass
class SceneNode:
    """A node; `rotation` is a quaternion (x, y, z, w), `bounds` the mesh's corners in its own space."""

    id: str
    name: str
    kind: str
    parent: str | None = None
    children: list[str] = field(default_factory=list)
    visible: bool = True
    translation: Vector = (0.0, 0.0, 0.0)
    rotation: Vector = (0.0, 0.0, 0.0, 1.0)
    scale: Vector = (1.0, 1.0, 1.0)
    mesh: str = ""
    vertices: int = 0
    triangles: int = 0
    materials: list[int] = field(default_factory=list)
    bounds: tuple[Vector, Vector] | None = None


@dataclass(frozen=True)
class Channel:
    """An animated property (translation, rotation, scale) of a node: increasing frames, and a value for each."""

    node: str
    path: str
    frames: list[float]
    values: list[Vector]
    step: bool = False


@dataclass(frozen=True)
class Timeline:
    """First and last frame, frames per second, and the animation's name."""

    start: int = 0
    end: int = 240
    fps: float = 60.0
    name: str = ""


class SceneModel:
    """The demo's scene.

    Parameters
    ----------
    title
        The name of the scene in the panel.
    nodes
        All nodes, parents before children, ids unique.
    materials, channels, timeline, path
        The other parts of the file.
    """

    def __init__(
        self,
        title: str,
        nodes: list[SceneNode],
        *,
        materials: list[Material] | None = None,
        channels: list[Channel] | None = None,
        timeline: Timeline | None = None,
        path: str = "",
    ) -> None:
        self.title = title
        self.path = path
        self.nodes = {node.id: node for node in nodes}
        self.materials = materials or []
        self.channels = channels or []
        self.timeline = timeline or Timeline()
        self._selection: list[str] = []
        self._callbacks: list[ChangeCallback] = []
        self._animated: dict[str, list[str]] = {}
        for channel in self.channels:
            self._animated.setdefault(channel.node, []).append(channel.path)

    @property
    def roots(self) -> list[str]:
        """Return the ids of the nodes without parent."""
        return [node.id for node in self.nodes.values() if node.parent is None]

    @property
    def selection(self) -> list[str]:
        """Return the selected ids, with the leading id last."""
        return list(self._selection)

    def node(self, node_id: str) -> SceneNode:
        """Return the node with this id.

        Parameters
        ----------
        node_id
            Its id.

        Returns
        -------
        SceneNode
            The node itself; change it only through the model's methods.

        Raises
        ------
        UnknownNodeError
            There is none.
        """
        found = self.nodes.get(node_id)
        if found is None:
            raise UnknownNodeError(f"The scene has no node {node_id!r}: load it again.", data={"id": node_id})
        return found

    def snapshot(self) -> dict[str, Any]:
        """See `SceneSource.snapshot`."""
        line = self.timeline
        return {
            "title": self.title,
            "path": self.path,
            "timeline": {"start": line.start, "end": line.end, "fps": line.fps, "name": line.name},
            "selection": self.selection,
            "nodes": [
                {"id": n.id, "parent": n.parent, "name": n.name, "kind": n.kind, "visible": n.visible}
                for n in self.nodes.values()
            ],
        }

    def describe(self, node_id: str) -> dict[str, Any]:
        """See `SceneSource.describe`."""
        node = self.node(node_id)
        above: list[str] = []
        parent = node.parent
        while parent is not None:
            above.append(self.nodes[parent].name)
            parent = self.nodes[parent].parent
        return {
            "id": node.id,
            "name": node.name,
            "kind": node.kind,
            "path": above[::-1],
            "children": len(node.children),
            "translation": list(node.translation),
            "rotation": list(euler_degrees(node.rotation)),
            "scale": list(node.scale),
            "animated": self._animated.get(node.id, []),
            "mesh": {"name": node.mesh, "vertices": node.vertices, "triangles": node.triangles} if node.mesh else None,
            "materials": [vars(self.materials[i]) for i in node.materials],
        }

    def select(self, ids: Iterable[str]) -> list[str]:
        """See `SceneSource.select`; subscribers are called only after a change.

        Raises
        ------
        UnknownNodeError
            If an id is unknown; the selection stays.
        """
        wanted = list(dict.fromkeys(self.node(node_id).id for node_id in ids))
        if wanted != self._selection:
            self._selection = wanted
            self._tell("selection_changed", {"ids": self.selection})
        return self.selection

    def rename(self, node_id: str, name: str) -> str:
        """See `SceneSource.rename`; blanks around the name are dropped.

        Raises
        ------
        UnknownNodeError, NodeNameError, NodeNameTakenError
            The old name stays.
        """
        node = self.node(node_id)
        wanted = name.strip()
        if not wanted:
            raise NodeNameError("A node needs a name: type at least one character.")
        if len(wanted) > MAX_NAME_CHARS:
            raise NodeNameError(f"That name has {len(wanted)} characters: use {MAX_NAME_CHARS} at most.")
        if not wanted.isprintable():
            raise NodeNameError("That name holds a control character: type it without.")
        siblings = self.nodes[node.parent].children if node.parent is not None else self.roots
        if any(self.nodes[other].name == wanted for other in siblings if other != node_id):
            raise NodeNameTakenError(f"“{wanted}” is taken beside it: choose another name.")
        if wanted != node.name:
            node.name = wanted
            self._tell_nodes([node])
        return wanted

    def set_visible(self, ids: Iterable[str], visible: bool) -> None:
        """See `SceneSource.set_visible`.

        Raises
        ------
        UnknownNodeError
            If an id is unknown; the scene stays unchanged.
        """
        changed = [node for node in map(self.node, list(ids)) if node.visible != visible]
        for node in changed:
            node.visible = visible
        if changed:
            self._tell_nodes(changed)

    def subscribe(self, callback: ChangeCallback) -> Callable[[], None]:
        """See `SceneSource.subscribe`."""
        self._callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unsubscribe

    def _tell_nodes(self, nodes: list[SceneNode]) -> None:
        self._tell("node_changed", {"nodes": [{"id": n.id, "name": n.name, "visible": n.visible} for n in nodes]})

    def _tell(self, kind: str, data: dict[str, Any]) -> None:
        for callback in list(self._callbacks):
            try:
                callback(kind, data)
            except Exception:
                _log.exception("a listener of %s failed", kind)
