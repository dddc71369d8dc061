"""Writing GLB files: the little of it that the bundled scene needs.

Owns: accessors, meshes of boxes and cylinders, nodes, animation, the file's shell.
Thread: any. May not import Qt.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Mapping
from typing import Any

from outliner.transforms import Vector

Shape = tuple[list[Vector], list[Vector], list[int]]
Key = tuple[float, Vector]

_FLOAT, _USHORT = 5126, 5123
_VERTICES, _INDICES = 34962, 34963


class GlbBuilder:
    """Collects the parts of a GLB file; the methods that add a part return its index.

    Parameters
    ----------
    materials
        Name to linear RGBA colour, metallic and roughness.
    """

    def __init__(self, materials: Mapping[str, tuple[Vector, float, float]]) -> None:
        self.materials = materials
        self.binary = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.nodes: list[dict[str, Any]] = []
        self.samplers: list[dict[str, Any]] = []
        self.channels: list[dict[str, Any]] = []
        self._mesh_of: dict[tuple[Any, ...], int] = {}

    def add(self, name: str, at: Vector = (), *, children: list[int] | None = None, **more: Any) -> int:
        """Add a node; `more` are further glTF properties."""
        node: dict[str, Any] = {"name": name, **more}
        if at:
            node["translation"] = list(at)
        if children:
            node["children"] = children
        self.nodes.append(node)
        return len(self.nodes) - 1

    def box(self, name: str, at: Vector, size: Vector, material: str, **more: Any) -> int:
        """Add a node with a box of `size` metres around its origin."""
        return self.add(name, at, mesh=self._mesh(name, _box(size), (size, material), material), **more)

    def cylinder(self, name: str, at: Vector, size: tuple[float, float, str], material: str) -> int:
        """Add a node with a cylinder: radius, length and axis."""
        return self.add(name, at, mesh=self._mesh(name, _cylinder(*size), (size, material), material))

    def animate(self, node: int, path: str, keys: list[Key]) -> None:
        """Animate a node's property through (seconds, value) keys."""
        times = self._accessor([(time,) for time, _ in keys], _FLOAT, bounds=True)
        values = self._accessor([value for _, value in keys], _FLOAT)
        self.samplers.append({"input": times, "output": values, "interpolation": "LINEAR"})
        self.channels.append({"sampler": len(self.samplers) - 1, "target": {"node": node, "path": path}})

    def to_bytes(self, root: int, animation: str, **more: Any) -> bytes:
        """Return the file; `more` are further top-level glTF properties.

        Parameters
        ----------
        root
            The single root of the scene.
        animation
            The name of the animation.

        Returns
        -------
        bytes
            A GLB file.
        """
        document = {
            "asset": {"version": "2.0", "generator": "auroraview_qt sample"},
            **more,
            "scene": 0,
            "scenes": [{"nodes": [root]}],
            "nodes": self.nodes,
            "meshes": self.meshes,
            "materials": [self._material(name, *values) for name, values in self.materials.items()],
            "animations": [{"name": animation, "samplers": self.samplers, "channels": self.channels}],
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.binary)}],
        }
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        head = struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + len(self.binary))
        chunks = ((b"JSON", text), (b"BIN\x00", bytes(self.binary)))
        return head + b"".join(struct.pack("<I4s", len(data), kind) + data for kind, data in chunks)

    @staticmethod
    def _material(name: str, color: Vector, metallic: float, roughness: float) -> dict[str, Any]:
        factors = {"baseColorFactor": list(color), "metallicFactor": metallic, "roughnessFactor": roughness}
        blend = {"alphaMode": "BLEND"} if color[3] < 1 else {}
        return {"name": name, "pbrMetallicRoughness": factors, **blend}

    def _mesh(self, node: str, shape: Shape, key: tuple[Any, ...], material: str) -> int:
        """Return a mesh named after the node without its number or side; nodes with the same shape share the mesh."""
        name = re.sub(r"_(\d+|[LRFBA]{1,2})(?=_)", "", node).replace("_geo", "_mesh")
        known = (name, *key)
        if known not in self._mesh_of:
            points, normals, faces = shape
            primitive = {
                "attributes": {
                    "POSITION": self._accessor(points, _FLOAT, bounds=True, target=_VERTICES),
                    "NORMAL": self._accessor(normals, _FLOAT, target=_VERTICES),
                },
                "indices": self._accessor([(i,) for i in faces], _USHORT, target=_INDICES),
                "material": list(self.materials).index(material),
            }
            self.meshes.append({"name": name, "primitives": [primitive]})
            self._mesh_of[known] = len(self.meshes) - 1
        return self._mesh_of[known]

    def _accessor(
        self,
        rows: list[Vector],
        component: int,
        *,
        bounds: bool = False,
        target: int | None = None,
    ) -> int:
        width = len(rows[0])
        code = "f" if component == _FLOAT else "H"
        view: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.binary)}
        for row in rows:
            self.binary += struct.pack(f"<{width}{code}", *row)
        view["byteLength"] = len(self.binary) - view["byteOffset"]
        if target:
            view["target"] = target
        self.binary += b"\x00" * (-len(self.binary) % 4)
        self.views.append(view)
        kind = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}[width]
        entry: dict[str, Any] = {
            "bufferView": len(self.views) - 1, "componentType": component, "count": len(rows), "type": kind,
        }  # fmt: skip
        if bounds:
            columns = [[struct.unpack("<f", struct.pack("<f", v))[0] for v in column] for column in zip(*rows)]
            entry["min"], entry["max"] = [min(c) for c in columns], [max(c) for c in columns]
        self.accessors.append(entry)
        return len(self.accessors) - 1


def _box(size: Vector) -> Shape:
    points: list[Vector] = []
    normals: list[Vector] = []
    faces: list[int] = []
    half = [s / 2 for s in size]
    for axis in range(3):
        for sign in (1, -1):
            first = len(points)
            for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                point = [0.0, 0.0, 0.0]
                point[axis], point[(axis + 1) % 3], point[(axis + 2) % 3] = sign, u * sign, v
                points.append(tuple(p * h for p, h in zip(point, half)))
                normals.append(tuple(float(sign) if i == axis else 0.0 for i in range(3)))
            faces += [first, first + 1, first + 2, first, first + 2, first + 3]
    return points, normals, faces


def _cylinder(radius: float, length: float, axis: str, sides: int = 12) -> Shape:
    # The shape is made along y; then its coordinates are rotated to the wanted axis.
    first = {"x": 2, "y": 0, "z": 1}[axis]

    def turn(*point: float) -> Vector:
        return point[-first:] + point[:-first] if first else point

    points: list[Vector] = []
    normals: list[Vector] = []
    faces: list[int] = []
    half = length / 2
    angles = [2 * math.pi * i / sides for i in range(sides)]
    # Rounded, so that the sine of every platform writes the same file.
    ring = [(round(math.cos(angle), 6), round(math.sin(angle), 6)) for angle in angles]
    for c, s in ring:
        points += [turn(c * radius, -half, s * radius), turn(c * radius, half, s * radius)]
        normals += [turn(c, 0.0, s)] * 2
    for i in range(sides):
        a, b = 2 * i, 2 * ((i + 1) % sides)
        faces += [a, a + 1, b + 1, a, b + 1, b]
    for y in (-1.0, 1.0):
        centre = len(points)
        points.append(turn(0.0, y * half, 0.0))
        points += [turn(c * radius, y * half, s * radius) for c, s in ring]
        normals += [turn(0.0, y, 0.0)] * (sides + 1)
        for i in range(sides):
            a, b = centre + 1 + i, centre + 1 + (i + 1) % sides
            faces += [centre, b, a] if y > 0 else [centre, a, b]
    return points, normals, faces
