"""Reading a glTF 2.0 scene into plain data.

Owns the meaning of a glTF document for an outliner: nodes and their tree, counts and bounds of meshes, materials, cameras,
lights, joints, animations. Every index and every cycle is checked here, so later modules can rely on them.
Thread: any. May not import Qt.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from outliner.gltf_container import GltfContainer
from outliner.gltf_document import GltfDocument, is_index
from outliner.transforms import Vector, decompose

MAX_NODES = 200_000
MAX_KEYS = 1_000_000

Bounds = tuple[Vector, Vector]

_WIDTH = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}
_FLOAT = 5126
_AGAIN = "export it again from the program that wrote it"


@dataclass
class GltfMesh:
    """The data of a mesh: counts, bounds and used materials."""

    name: str
    vertices: int = 0
    triangles: int = 0
    materials: list[int] = field(default_factory=list)
    bounds: Bounds | None = None


@dataclass
class GltfMaterial:
    """A material's name and its metallic-roughness factors; `color` is linear RGBA in 0..1."""

    name: str
    color: Vector = (1.0, 1.0, 1.0, 1.0)
    metallic: float = 1.0
    roughness: float = 1.0


@dataclass
class GltfNode:
    """A node; `rotation` is a quaternion (x, y, z, w), `mesh` an index or None, `parent` -1 at a root."""

    name: str
    kind: str
    children: list[int]
    translation: Vector
    rotation: Vector
    scale: Vector
    mesh: int | None = None
    skinned: bool = False
    parent: int = -1


@dataclass
class GltfChannel:
    """An animated property of a node: `times` in seconds, and a value for each time."""

    node: int
    path: str
    times: list[float]
    values: list[Vector]
    step: bool = False


@dataclass
class GltfScene:
    """The data of a file that an outliner needs."""

    path: Path
    generator: str
    nodes: list[GltfNode]
    meshes: list[GltfMesh]
    materials: list[GltfMaterial]
    channels: list[GltfChannel]
    animation: str = ""


def load(path: str | Path) -> GltfScene:
    """Read a `.gltf` or `.glb` file.

    Parameters
    ----------
    path
        The file; its buffers are searched beside it.

    Returns
    -------
    GltfScene
        All nodes of the file, whichever of its scenes they belong to.

    Raises
    ------
    SceneFileError
        The fault of the file and the remedy, in a sentence.
    """
    return _Reader(GltfContainer(Path(path))).read()


class _Reader:
    def __init__(self, container: GltfContainer) -> None:
        self._container = container
        self._doc = GltfDocument(container)
        self._fail = container.fail

    def read(self) -> GltfScene:
        asset = self._container.document.get("asset")
        version = asset.get("version") if isinstance(asset, dict) else None
        if not isinstance(version, str) or not version.startswith("2."):
            self._fail(f"is glTF version {str(version)[:16]}; only 2.x is read: convert it to glTF 2.0")
        materials = [self._material(i, entry) for i, entry in enumerate(self._doc.entries("materials"))]
        meshes = [self._mesh(i, entry) for i, entry in enumerate(self._doc.entries("meshes"))]
        nodes = self._nodes()
        name, channels = self._animation(len(nodes))
        generator = asset.get("generator", "") if isinstance(asset, dict) else ""
        return GltfScene(
            path=self._container.path,
            generator=generator if isinstance(generator, str) else "",
            nodes=nodes,
            meshes=meshes,
            materials=materials,
            channels=channels,
            animation=name,
        )

    # -- nodes -------------------------------------------------------------------------------------

    def _nodes(self) -> list[GltfNode]:
        entries = self._doc.entries("nodes")
        if len(entries) > MAX_NODES:
            self._fail(f"has {len(entries)} nodes; {MAX_NODES} are the most that is read: export less of the scene")
        joints = self._joints()
        nodes = [self._node(i, entry, i in joints) for i, entry in enumerate(entries)]
        self._link(nodes)
        return nodes

    def _joints(self) -> set[int]:
        joints: set[int] = set()
        for i, skin in enumerate(self._doc.entries("skins")):
            for joint in self._doc.sequence(skin, "joints", f"skin {i}"):
                joints.add(self._doc.index(joint, "nodes", f"skin {i}"))
        return joints

    def _node(self, i: int, entry: dict[str, Any], is_joint: bool) -> GltfNode:
        where = f"node {i}"
        mesh = entry.get("mesh")
        if mesh is not None:
            mesh = self._doc.index(mesh, "meshes", where)
        translation, rotation, scale = self._transform(entry, where)
        return GltfNode(
            name=self._doc.name(entry, f"node_{i}"),
            kind=self._kind(entry, mesh, is_joint),
            children=[self._doc.index(c, "nodes", where) for c in self._doc.sequence(entry, "children", where)],
            translation=translation,
            rotation=rotation,
            scale=scale,
            mesh=mesh,
            skinned="skin" in entry,
        )

    @staticmethod
    def _kind(entry: dict[str, Any], mesh: int | None, is_joint: bool) -> str:
        extensions = entry.get("extensions")
        if mesh is not None:
            return "mesh"
        if "camera" in entry:
            return "camera"
        if isinstance(extensions, dict) and "KHR_lights_punctual" in extensions:
            return "light"
        return "joint" if is_joint else "group"

    def _transform(self, entry: dict[str, Any], where: str) -> tuple[Vector, Vector, Vector]:
        if "matrix" in entry:
            return decompose(self._doc.vector(entry["matrix"], 16, where))
        return (
            self._doc.vector(entry.get("translation", (0.0, 0.0, 0.0)), 3, where),
            self._doc.vector(entry.get("rotation", (0.0, 0.0, 0.0, 1.0)), 4, where),
            self._doc.vector(entry.get("scale", (1.0, 1.0, 1.0)), 3, where),
        )

    def _link(self, nodes: list[GltfNode]) -> None:
        for i, node in enumerate(nodes):
            for child in node.children:
                if nodes[child].parent != -1:
                    self._fail(f"gives node {child} two parents: {_AGAIN}")
                nodes[child].parent = i
        # Each node has at most a single parent, so a node that no root reaches is part of a cycle, or hangs below a cycle.
        reached = [i for i, node in enumerate(nodes) if node.parent == -1]
        for i in reached:
            reached.extend(nodes[i].children)
        if len(reached) != len(nodes):
            inside = min(set(range(len(nodes))) - set(reached))
            self._fail(f"makes node {inside} its own ancestor: {_AGAIN}")

    # -- meshes and materials ----------------------------------------------------------------------

    def _mesh(self, i: int, entry: dict[str, Any]) -> GltfMesh:
        mesh = GltfMesh(self._doc.name(entry, f"mesh_{i}"))
        counted: set[int] = set()
        for primitive in self._doc.sequence(entry, "primitives", f"mesh {i}"):
            if not isinstance(primitive, dict):
                self._fail(f"has a primitive in mesh {i} that is no object: {_AGAIN}")
            self._primitive(mesh, primitive, counted, f"mesh {i}")
        return mesh

    def _primitive(self, mesh: GltfMesh, primitive: dict[str, Any], counted: set[int], where: str) -> None:
        attributes = primitive.get("attributes")
        position = attributes.get("POSITION") if isinstance(attributes, dict) else None
        vertices = 0
        if position is not None:
            index = self._doc.index(position, "accessors", where)
            accessor = self._doc.entries("accessors")[index]
            vertices = self._doc.count(accessor, where)
            if index not in counted:  # primitives of the same mesh often share their vertices
                counted.add(index)
                mesh.vertices += vertices
                mesh.bounds = _union(mesh.bounds, self._bounds(accessor, where))
        if "indices" in primitive:
            index = self._doc.index(primitive["indices"], "accessors", where)
            vertices = self._doc.count(self._doc.entries("accessors")[index], where)
        mode = primitive.get("mode", 4)
        mesh.triangles += vertices // 3 if mode == 4 else max(0, vertices - 2) if mode in (5, 6) else 0
        if "material" in primitive:
            material = self._doc.index(primitive["material"], "materials", where)
            if material not in mesh.materials:
                mesh.materials.append(material)

    def _bounds(self, accessor: dict[str, Any], where: str) -> Bounds | None:
        if "min" not in accessor or "max" not in accessor:
            return None
        return self._doc.vector(accessor["min"], 3, where), self._doc.vector(accessor["max"], 3, where)

    def _material(self, i: int, entry: dict[str, Any]) -> GltfMaterial:
        where = f"material {i}"
        factors = entry.get("pbrMetallicRoughness")
        if not isinstance(factors, dict):
            factors = {}
        return GltfMaterial(
            name=self._doc.name(entry, f"material_{i}"),
            color=self._doc.vector(factors.get("baseColorFactor", (1.0, 1.0, 1.0, 1.0)), 4, where),
            metallic=self._doc.number(factors.get("metallicFactor", 1.0), where),
            roughness=self._doc.number(factors.get("roughnessFactor", 1.0), where),
        )

    # -- animation ---------------------------------------------------------------------------------

    def _animation(self, node_count: int) -> tuple[str, list[GltfChannel]]:
        """Return the name and channels of the first animation; the other animations are alternatives."""
        animations = self._doc.entries("animations")
        if not animations:
            return "", []
        samplers = self._doc.sequence(animations[0], "samplers", "animation 0")
        channels = []
        for channel in self._doc.sequence(animations[0], "channels", "animation 0"):
            target = channel.get("target") if isinstance(channel, dict) else None
            sampler = channel.get("sampler") if isinstance(channel, dict) else None
            if not isinstance(target, dict) or not isinstance(sampler, int) or not is_index(sampler, len(samplers)):
                self._fail(f"has an animation channel without target or sampler: {_AGAIN}")
            path = target.get("path")
            if "node" not in target or path not in ("translation", "rotation", "scale"):
                continue  # an outliner does not show morph weights and pointer extensions
            node = self._doc.index(target["node"], "nodes", "animation 0")
            read = self._channel(node, path, samplers[sampler])
            if read is not None:
                channels.append(read)
        return self._doc.name(animations[0], "animation"), channels

    def _channel(self, node: int, path: str, sampler: Any) -> GltfChannel | None:
        if not isinstance(sampler, dict):
            self._fail(f"has an animation sampler that is no object: {_AGAIN}")
        mode = sampler.get("interpolation", "LINEAR")
        times = self._floats(self._doc.index(sampler.get("input"), "accessors", "animation 0"))
        values = self._floats(self._doc.index(sampler.get("output"), "accessors", "animation 0"))
        if times is None or values is None:
            return None
        if mode == "CUBICSPLINE":  # a key is in-tangent, value, out-tangent; the values alone are near enough
            values = values[1::3]
        width = 4 if path == "rotation" else 3
        if len(values) != len(times) or any(len(value) != width for value in values):
            self._fail(f"has an animation of node {node} whose times and values do not match: {_AGAIN}")
        flat = [time[0] for time in times]
        if any(late <= early for early, late in zip(flat, flat[1:])):
            self._fail(f"has an animation of node {node} whose times do not increase: {_AGAIN}")
        return GltfChannel(node, path, flat, values, step=mode == "STEP") if flat else None

    def _floats(self, index: int) -> list[Vector] | None:
        """Return the rows of a float accessor; None for encodings that only renderers need (sparse, integers)."""
        accessor = self._doc.entries("accessors")[index]
        where = f"accessor {index}"
        count = self._doc.count(accessor, where)
        width = _WIDTH.get(str(accessor.get("type")))
        if "sparse" in accessor or "bufferView" not in accessor or accessor.get("componentType") != _FLOAT or width is None:
            return None
        if count > MAX_KEYS:
            self._fail(f"has {count} keys in {where}; {MAX_KEYS} are the most that is read: export fewer keys")
        view = self._doc.entries("bufferViews")[self._doc.index(accessor["bufferView"], "bufferViews", where)]
        data = self._container.buffer(self._doc.index(view.get("buffer"), "buffers", where))
        stride = self._doc.size(view.get("byteStride", 4 * width), where)
        start = self._doc.size(view.get("byteOffset", 0), where) + self._doc.size(accessor.get("byteOffset", 0), where)
        if stride < 4 * width or (count and start + stride * (count - 1) + 4 * width > len(data)):
            self._fail(f"reads past the end of its buffer in {where}: {_AGAIN}")
        row = struct.Struct(f"<{width}f")
        rows = [row.unpack_from(data, start + stride * i) for i in range(count)]
        if not all(map(math.isfinite, (number for values in rows for number in values))):
            self._fail(f"holds a number that is not finite in {where}: {_AGAIN}")
        return rows


def _union(a: Bounds | None, b: Bounds | None) -> Bounds | None:
    if a is None or b is None:
        return a or b
    return tuple(map(min, a[0], b[0])), tuple(map(max, a[1], b[1]))
