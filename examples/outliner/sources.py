"""Load the demo's scenes: a glTF file, the bundled scene, or a made-up scene.

Owns: turning any of them into a `SceneModel`.
Thread: any, until the model is handed to the GUI thread. May not import Qt.
"""

from __future__ import annotations

from pathlib import Path

from outliner import PAGE
from outliner.gltf import GltfMaterial, GltfScene, load
from outliner.scene import Channel, Material, SceneModel, SceneNode, Timeline

FPS = 60.0

_PARTS = ("body", "panel", "bolt", "bracket", "cable", "hinge", "cover", "light", "wheel", "glass")


def bundled_path() -> Path:
    """The default scene.

    Thread: any.

    Returns
    -------
    Path
        Return a GLB file beside the page.
    """
    return PAGE / "robot_cell.glb"


def open_scene(path: str | Path) -> SceneModel:
    """Read a file into a model.

    Thread: any.

    Parameters
    ----------
    path
        A `.gltf` or `.glb` file.

    Returns
    -------
    SceneModel
        Its nodes in depth-first order, its first animation at 60 frames per second.

    Raises
    ------
    SceneFileError
        The fault of the file and the remedy, in a sentence.
    """
    scene = load(path)
    channels = [Channel(f"n{c.node}", c.path, [time * FPS for time in c.times], c.values, c.step) for c in scene.channels]
    last = max((channel.frames[-1] for channel in channels), default=240.0)
    return SceneModel(
        scene.path.name,
        _depth_first(scene),
        materials=[_material(entry) for entry in scene.materials],
        channels=channels,
        timeline=Timeline(0, max(1, min(round(last), 1_000_000)), FPS, scene.animation),
        path=str(scene.path),
    )


def generated(count: int) -> SceneModel:
    """Make up a scene, to try the panel with a large scene.

    Thread: any.

    Parameters
    ----------
    count
        The number of nodes, at least 1.

    Returns
    -------
    SceneModel
        Assemblies of parts, five levels deep.
    """
    nodes = [SceneNode("n0", "generated", "group")]
    parents = [nodes[0]]
    while len(nodes) < count:
        i = len(nodes)
        level = 1 if i % 100 == 1 else 2 if i % 20 == 1 else 3 if i % 5 == 1 else 4
        level = min(level, len(parents))
        parent = parents[level - 1]
        leaf = level == 4
        column, row = divmod(i, 100)
        node = SceneNode(
            f"n{i}",
            f"{_PARTS[i % len(_PARTS)]}_{i:05d}{'_geo' if leaf else '_grp'}",
            "mesh" if leaf else "group",
            parent=parent.id,
            translation=(0.12 * (row % 10) - 0.6, 0.12 * (row // 10), 0.2 * (column % 12) - 1.2)
            if leaf
            else (0.0, 0.0, 0.0),
            mesh="part" if leaf else "",
            vertices=24 if leaf else 0,
            triangles=12 if leaf else 0,
            bounds=((-0.05, -0.05, -0.05), (0.05, 0.05, 0.05)) if leaf else None,
        )
        parent.children.append(node.id)
        nodes.append(node)
        parents[level:] = [node]
    return SceneModel(f"{count:,} generated nodes", nodes)


def _depth_first(scene: GltfScene) -> list[SceneNode]:
    order: list[SceneNode] = []
    waiting = [i for i, node in enumerate(scene.nodes) if node.parent == -1][::-1]
    while waiting:
        i = waiting.pop()
        node = scene.nodes[i]
        mesh = scene.meshes[node.mesh] if node.mesh is not None else None
        order.append(
            SceneNode(
                f"n{i}",
                node.name,
                node.kind,
                parent=f"n{node.parent}" if node.parent != -1 else None,
                children=[f"n{child}" for child in node.children],
                translation=node.translation,
                rotation=node.rotation,
                scale=node.scale,
                mesh=mesh.name if mesh else "",
                vertices=mesh.vertices if mesh else 0,
                triangles=mesh.triangles if mesh else 0,
                materials=list(mesh.materials) if mesh else [],
                bounds=mesh.bounds if mesh and not node.skinned else None,
            )
        )
        waiting.extend(node.children[::-1])
    return order


def _material(entry: GltfMaterial) -> Material:
    red, green, blue, alpha = entry.color
    return Material(
        entry.name,
        "#{:02x}{:02x}{:02x}".format(*map(_srgb, (red, green, blue))),
        max(0.0, min(1.0, alpha)),
        entry.metallic,
        entry.roughness,
    )


def _srgb(linear: float) -> int:
    """Return a linear colour component as an sRGB byte."""
    value = max(0.0, min(1.0, linear))
    return round(255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))
