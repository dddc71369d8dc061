"""Build the bundled scene: a robot arm in its cell, written as a GLB file.

Owns the content of `resources/outliner/robot_cell.glb`; `python -m outliner.sample FILE` writes the same bytes again.
Metres, y up, as glTF has it.
Thread: any. May not import Qt.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

from outliner.glb_builder import GlbBuilder
from outliner.transforms import Vector

_SECONDS = 4.0
_LIGHTS = (("key", (2.2, 3.0, 2.0)), ("fill", (-2.5, 2.0, 1.5)), ("rim", (0.0, 2.6, -2.6)))

_MATERIALS = {
    "paint_orange": ((0.80, 0.20, 0.02, 1.0), 0.0, 0.42),
    "paint_graphite": ((0.05, 0.055, 0.06, 1.0), 0.1, 0.55),
    "steel_brushed": ((0.42, 0.44, 0.46, 1.0), 1.0, 0.35),
    "rubber_black": ((0.015, 0.015, 0.016, 1.0), 0.0, 0.90),
    "hazard_yellow": ((0.83, 0.55, 0.02, 1.0), 0.0, 0.60),
    "concrete": ((0.17, 0.17, 0.165, 1.0), 0.0, 0.95),
    "plastic_blue": ((0.03, 0.16, 0.42, 1.0), 0.0, 0.40),
    "cardboard": ((0.38, 0.24, 0.12, 1.0), 0.0, 0.85),
    "glass_safety": ((0.35, 0.55, 0.55, 0.25), 0.0, 0.05),
}


def _about(axis: int, degrees: float) -> Vector:
    half = math.radians(degrees) / 2
    values = [0.0, 0.0, 0.0, round(math.cos(half), 6)]
    values[axis] = round(math.sin(half), 6)
    return tuple(values)


def _robot(b: GlbBuilder) -> int:
    fingers = [
        b.add(f"finger_{side}_grp", (sign * 0.05, 0.10, 0.0), children=[
            b.box(f"finger_{side}_geo", (0.0, 0.06, 0.0), (0.022, 0.12, 0.05), "steel_brushed"),
            b.box(f"finger_{side}_pad_geo", (-sign * 0.014, 0.09, 0.0), (0.008, 0.05, 0.045), "rubber_black"),
        ])
        for side, sign in (("L", -1.0), ("R", 1.0))
    ]  # fmt: skip
    gripper = b.add("gripper_grp", (0.0, 0.14, 0.0), children=[
        b.box("gripper_body_geo", (0.0, 0.04, 0.0), (0.16, 0.08, 0.08), "paint_graphite"),
        *fingers,
        b.add("tool_center_point", (0.0, 0.20, 0.0)),
    ])  # fmt: skip
    wrist = b.add("axis_5_wrist", (0.0, 0.62, 0.0), rotation=_about(2, -62), children=[
        b.cylinder("wrist_geo", (0.0, 0.05, 0.0), (0.07, 0.16, "y"), "paint_orange"),
        b.cylinder("wrist_flange_geo", (0.0, 0.135, 0.0), (0.05, 0.02, "y"), "steel_brushed"),
        gripper,
    ])  # fmt: skip
    forearm = b.add("axis_3_elbow", (0.0, 0.80, 0.0), rotation=_about(2, -78), children=[
        b.cylinder("elbow_motor_geo", (0.0, 0.0, 0.13), (0.10, 0.12, "z"), "paint_graphite"),
        b.cylinder("elbow_cap_geo", (0.0, 0.0, -0.09), (0.10, 0.03, "z"), "steel_brushed"),
        b.box("forearm_geo", (0.0, 0.30, 0.0), (0.15, 0.52, 0.14), "paint_orange"),
        b.box("forearm_cover_geo", (0.085, 0.28, 0.0), (0.02, 0.30, 0.10), "paint_graphite"),
        wrist,
    ])  # fmt: skip
    hose = -1
    for i in range(5, 0, -1):
        hose = b.add(
            f"hose_{i:02d}_jnt",
            (0.0, 0.15, 0.0) if i > 1 else (-0.13, 0.05, 0.0),
            children=[hose] if hose >= 0 else None,
        )
    upper = b.add("axis_2_shoulder", (0.0, 0.42, 0.0), rotation=_about(2, 24), children=[
        b.cylinder("shoulder_motor_geo", (0.0, 0.0, 0.17), (0.13, 0.14, "z"), "paint_graphite"),
        b.box("upper_arm_geo", (0.0, 0.40, 0.0), (0.18, 0.74, 0.16), "paint_orange"),
        b.box("upper_arm_decal_geo", (0.0, 0.42, 0.083), (0.10, 0.28, 0.004), "hazard_yellow"),
        hose,
        forearm,
    ])  # fmt: skip
    turntable = b.add("axis_1_turntable", (0.0, 0.16, 0.0), rotation=_about(1, -18), children=[
        b.cylinder("turntable_geo", (0.0, 0.06, 0.0), (0.24, 0.12, "y"), "paint_orange"),
        b.box("shoulder_housing_geo", (0.0, 0.28, 0.0), (0.30, 0.34, 0.26), "paint_orange"),
        upper,
    ])  # fmt: skip
    b.animate(
        turntable,
        "rotation",
        [(t, _about(1, a)) for t, a in ((0, -18), (0.8, -18), (1.8, 74), (2.6, 74), (3.7, -18), (_SECONDS, -18))],
    )
    b.animate(
        upper,
        "rotation",
        [(t, _about(2, a)) for t, a in ((0, 24), (0.5, -8), (1.1, 20), (2.0, -4), (2.4, 18), (3.4, 24), (_SECONDS, 24))],
    )
    b.animate(
        forearm,
        "rotation",
        [(t, _about(2, a)) for t, a in ((0, -78), (0.5, -104), (1.1, -70), (2.0, -98), (2.6, -72), (_SECONDS, -78))],
    )
    b.animate(
        wrist,
        "rotation",
        [(t, _about(2, a)) for t, a in ((0, -62), (0.5, -78), (1.1, -50), (2.0, -76), (_SECONDS, -62))],
    )
    for finger, sign in zip(fingers, (-1.0, 1.0)):
        b.animate(
            finger,
            "translation",
            [
                (t, (sign * w, 0.10, 0.0))
                for t, w in (
                    (0, 0.05),
                    (0.45, 0.05),
                    (0.6, 0.03),
                    (2.0, 0.03),
                    (2.15, 0.05),
                    (_SECONDS, 0.05),
                )
            ],
        )
    return b.add("robot_arm", children=[
        b.cylinder("pedestal_geo", (0.0, 0.08, 0.0), (0.30, 0.16, "y"), "paint_graphite"),
        turntable,
    ])  # fmt: skip


def _conveyor(b: GlbBuilder) -> int:
    rollers = b.add("rollers_grp", children=[
        b.cylinder(f"roller_{i:02d}_geo", (0.3 * i - 1.05, 0.46, 0.0), (0.045, 0.46, "z"), "steel_brushed")
        for i in range(1, 7)
    ])  # fmt: skip
    legs = b.add("legs_grp", children=[
        b.box(f"leg_{x}{z}_geo", (sx * 0.8, 0.2, sz * 0.22), (0.05, 0.40, 0.05), "paint_graphite")
        for x, sx in (("F", 1.0), ("B", -1.0)) for z, sz in (("L", -1.0), ("R", 1.0))
    ])  # fmt: skip
    boxes = [
        b.box(f"parcel_{name}_geo", (x, 0.50 + h / 2, z), (w, h, w), "cardboard", rotation=_about(1, turn))
        for name, x, z, w, h, turn in (("A", -0.55, 0.02, 0.24, 0.18, 8), ("B", 0.05, -0.03, 0.20, 0.24, -14))
    ]
    parcels = b.add("parcels_grp", children=boxes)
    b.animate(
        parcels,
        "translation",
        [(t, (x, 0.0, 0.0)) for t, x in ((0, 0.0), (1.2, 0.0), (3.2, 0.35), (_SECONDS, 0.35))],
    )
    return b.add("conveyor", (1.05, 0.0, -0.15), rotation=_about(1, 90), children=[
        b.box("frame_L_geo", (0.0, 0.44, -0.26), (1.9, 0.10, 0.04), "plastic_blue"),
        b.box("frame_R_geo", (0.0, 0.44, 0.26), (1.9, 0.10, 0.04), "plastic_blue"),
        rollers, legs, parcels,
    ])  # fmt: skip


def _set(b: GlbBuilder) -> int:
    posts = [
        b.box(f"fence_post_{i:02d}_geo", (i - 2.5, 0.55, -1.5), (0.06, 1.10, 0.06), "hazard_yellow")
        for i in range(1, 5)
    ]  # fmt: skip
    panels = [
        b.box(f"fence_panel_{i:02d}_geo", (i - 2.0, 0.60, -1.5), (0.92, 0.90, 0.012), "glass_safety")
        for i in range(1, 4)
    ]  # fmt: skip
    fence = b.add("safety_fence", children=[*posts, *panels])
    pallet = b.add("pallet", (-1.0, 0.0, 0.55), rotation=_about(1, 12), children=[
        b.box("pallet_deck_geo", (0.0, 0.12, 0.0), (0.80, 0.03, 0.60), "cardboard"),
        b.box("pallet_blocks_geo", (0.0, 0.05, 0.0), (0.72, 0.10, 0.52), "rubber_black"),
        b.box("crate_01_geo", (-0.18, 0.26, -0.08), (0.34, 0.24, 0.34), "plastic_blue"),
        b.box("crate_02_geo", (0.20, 0.26, 0.08), (0.34, 0.24, 0.34), "plastic_blue"),
    ])  # fmt: skip
    floor = b.box("floor_geo", (0.0, -0.01, -0.1), (3.6, 0.02, 3.2), "concrete")
    return b.add("set_dressing", children=[floor, fence, pallet])


def build() -> bytes:
    """Return the bundled scene as a GLB file.

    Returns
    -------
    bytes
        The same bytes every time.
    """
    b = GlbBuilder(_MATERIALS)
    lights = b.add("lights", children=[
        b.add(f"{name}_light", at, extensions={"KHR_lights_punctual": {"light": i}})
        for i, (name, at) in enumerate(_LIGHTS)
    ])  # fmt: skip
    cameras = b.add("cameras", children=[
        b.add("shot_cam", (2.9, 1.8, 3.4), camera=0),
        b.add("top_cam", (0.0, 4.5, 0.0), rotation=_about(0, -90), camera=1),
    ])  # fmt: skip
    root = b.add("robot_cell", children=[_robot(b), _conveyor(b), _set(b), lights, cameras])
    joints = [i for i, node in enumerate(b.nodes) if node["name"].endswith("_jnt")]
    kinds = (("directional", 3.0), ("point", 40.0), ("point", 60.0))
    return b.to_bytes(
        root,
        "pick_and_place",
        extensionsUsed=["KHR_lights_punctual"],
        extensions={"KHR_lights_punctual": {"lights": [{"type": k, "intensity": i} for k, i in kinds]}},
        cameras=[{"type": "perspective", "perspective": {"yfov": v, "znear": 0.05}} for v in (0.66, 0.9)],
        skins=[{"name": "hose_skin", "joints": joints[::-1]}],
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(build())
