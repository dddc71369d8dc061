"""Compute the transforms of all nodes at a frame.

Owns: sampling the animation and multiplying matrices down the tree. Nodes without animation are computed once.
Thread: GUI, as the model it reads. May not import Qt.
"""

from __future__ import annotations

from bisect import bisect_right

from outliner.scene import Channel, SceneModel
from outliner.transforms import IDENTITY, Affine, Vector, compose, lerp, multiply, nlerp


class Pose:
    """World matrices of a model's nodes.

    Thread: GUI.

    Parameters
    ----------
    model
        The scene; the transforms of its nodes are read now.
    """

    def __init__(self, model: SceneModel) -> None:
        self._model = model
        self._channels: dict[str, list[Channel]] = {}
        for channel in model.channels:
            self._channels.setdefault(channel.node, []).append(channel)
        self._world: dict[str, Affine] = {}
        self._moving: list[str] = []
        moving: set[str] = set()
        for node in model.nodes.values():
            if node.id in self._channels or node.parent in moving:
                moving.add(node.id)
                self._moving.append(node.id)
            self._place(node.id, 0.0)

    @property
    def moves(self) -> bool:
        """Return whether any frame differs from another."""
        return bool(self._moving)

    def at(self, frame: float) -> dict[str, Affine]:
        """Return the world matrix of each node at a frame.

        Parameters
        ----------
        frame
            The frame, counted from the animation's start.

        Returns
        -------
        dict
            Id to matrix; the same object every time, valid until the next call.
        """
        for node_id in self._moving:
            self._place(node_id, frame)
        return self._world

    def _place(self, node_id: str, frame: float) -> None:
        node = self._model.nodes[node_id]
        translation, rotation, scale = node.translation, node.rotation, node.scale
        for channel in self._channels.get(node_id, ()):
            value = _sample(channel, frame)
            if channel.path == "translation":
                translation = value
            elif channel.path == "rotation":
                rotation = value
            else:
                scale = value
        above = self._world[node.parent] if node.parent is not None else IDENTITY
        self._world[node_id] = multiply(above, compose(translation, rotation, scale))


def _sample(channel: Channel, frame: float) -> Vector:
    frames, values = channel.frames, channel.values
    after = bisect_right(frames, frame)
    if after == 0 or after == len(frames):
        return values[min(after, len(frames) - 1)]
    before = after - 1
    if channel.step:
        return values[before]
    t = (frame - frames[before]) / (frames[after] - frames[before])
    mix = nlerp if channel.path == "rotation" else lerp
    return mix(values[before], values[after], t)
