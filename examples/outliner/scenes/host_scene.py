"""Define HostScene: a host's document in the form for the outliner.

Owns the detection of changes: it compares the host's current data with the last reported data. A host's own module only
reads and writes. If the host signals changes, its module calls `refresh_soon`; otherwise a timer checks for changes. Both
happen only while there are subscribers, because a host keeps its callbacks alive.
Thread: GUI.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from auroraview_qt.qt.support.binding import QtCore
from outliner.errors import NodeNameError, UnknownNodeError
from outliner.scene import ChangeCallback

_log = logging.getLogger(__name__)


class HostScene:
    """A `SceneSource`; a host's module overrides the methods that raise NotImplementedError.

    Parameters
    ----------
    watch_ms : int
        Milliseconds between two checks, for a host that signals no changes; 0 for never.
    """

    def __init__(self, watch_ms: int = 0) -> None:
        self._callbacks: list[ChangeCallback] = []
        self._nodes: dict[str, dict[str, Any]] = {}
        self._title = ""
        self._selection: list[str] = []
        self._timer = QtCore.QTimer()
        self._timer.timeout.connect(self._on_timer)
        self._watch_ms = watch_ms
        self._soon = QtCore.QTimer()
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._on_timer)

    # Steps of a host's module

    def read_title(self) -> str:
        """Return the document's name."""
        raise NotImplementedError

    def read_nodes(self) -> list[dict[str, Any]]:
        """All nodes (id, parent, name, kind, visible), parents before children."""
        raise NotImplementedError

    def read_selection(self) -> list[str]:
        """Return the selected ids, with the leading id last."""
        raise NotImplementedError

    def read_facts(self, node_id: str) -> dict[str, Any]:
        """Return further data for `describe`, and ``label``, the kind in the host's words; ``facts``, pairs of texts."""
        raise NotImplementedError

    def write_selection(self, ids: list[str]) -> None:
        """Select these and no others."""
        raise NotImplementedError

    def write_name(self, node_id: str, name: str) -> None:
        """Rename a node; the host may make another name of it."""
        raise NotImplementedError

    def write_visible(self, node_id: str, visible: bool) -> None:
        """Show or hide a node."""
        raise NotImplementedError

    def start_watching(self) -> None:
        """Detect changes from now on; if the host signals changes, connect to them."""
        if self._watch_ms:
            self._timer.start(self._watch_ms)

    def stop_watching(self) -> None:
        """Hear of no more changes."""
        self._timer.stop()

    # SceneSource

    def snapshot(self) -> dict[str, Any]:
        """See `SceneSource.snapshot`."""
        self._read()
        return {
            "title": self._title,
            "path": "",
            "timeline": None,
            "selection": list(self._selection),
            "nodes": list(self._nodes.values()),
        }

    def describe(self, node_id: str) -> dict[str, Any]:
        """See `SceneSource.describe`."""
        self._read()
        node = self._node(node_id)
        above: list[str] = []
        parent = node["parent"]
        while parent is not None:
            above.insert(0, self._nodes[parent]["name"])
            parent = self._nodes[parent]["parent"]
        children = sum(other["parent"] == node_id for other in self._nodes.values())
        plain: dict[str, Any] = {"animated": [], "mesh": None, "materials": []}
        return {**plain, **node, "path": above, "children": children, **self.read_facts(node_id)}

    def select(self, ids: Iterable[str]) -> list[str]:
        """See `SceneSource.select`.

        Raises
        ------
        UnknownNodeError
            If an id is unknown; the selection stays.
        """
        wanted = list(dict.fromkeys(ids))
        for node_id in wanted:
            self._node(node_id)
        self.write_selection(wanted)
        self.refresh()
        return list(self._selection)

    def rename(self, node_id: str, name: str) -> str:
        """See `SceneSource.rename`.

        Raises
        ------
        UnknownNodeError, NodeNameError
            The old name stays.
        """
        self._node(node_id)
        if not name.strip():
            raise NodeNameError("A node needs a name: type at least one character.")
        self.write_name(node_id, name.strip())
        self.refresh()
        return str(self._node(node_id)["name"])

    def set_visible(self, ids: Iterable[str], visible: bool) -> None:
        """See `SceneSource.set_visible`."""
        for node_id in list(ids):
            self._node(node_id)
            self.write_visible(node_id, visible)
        self.refresh()

    def subscribe(self, callback: ChangeCallback) -> Callable[[], None]:
        """See `SceneSource.subscribe`."""
        self._callbacks.append(callback)
        if len(self._callbacks) == 1:
            self.start_watching()

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)
                if not self._callbacks:
                    self.stop_watching()

        return unsubscribe

    # Changes

    def refresh_soon(self) -> None:
        """Check for changes at the next turn of the event loop; several requests count as a single request."""
        if not self._soon.isActive():
            self._soon.start(0)

    def refresh(self) -> None:
        """Check for changes, and report them."""
        title, nodes, selection = self._title, self._nodes, self._selection
        self._read()
        same_shape = self._title == title and [*self._nodes] == [*nodes]
        if not same_shape or any(self._nodes[i]["parent"] != nodes[i]["parent"] for i in nodes):
            self._tell("scene_loaded", self.snapshot())
            return
        changed = [node for node in self._nodes.values() if node != nodes[node["id"]]]
        if changed:
            self._tell("node_changed", {"nodes": [{k: n[k] for k in ("id", "name", "visible")} for n in changed]})
        if self._selection != selection:
            self._tell("selection_changed", {"ids": list(self._selection)})

    def _read(self) -> None:
        self._title = self.read_title()
        self._nodes = {node["id"]: node for node in self.read_nodes()}
        self._selection = [node_id for node_id in self.read_selection() if node_id in self._nodes]

    def _node(self, node_id: str) -> dict[str, Any]:
        found = self._nodes.get(node_id)
        if found is None:
            raise UnknownNodeError(f"The scene has no node {node_id!r} any more.", data={"id": node_id})
        return found

    def _on_timer(self) -> None:
        try:
            self.refresh()
        except Exception:  # no exception may leave a slot: PyQt would abort the host
            _log.exception("the scene could not be read")

    def _tell(self, kind: str, data: dict[str, Any]) -> None:
        for callback in list(self._callbacks):
            try:
                callback(kind, data)
            except Exception:
                _log.exception("a listener of %s failed", kind)
