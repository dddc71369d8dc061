"""Blender: run by ``blender --python``. The outliner on the factory scene, in a separate window."""

from __future__ import annotations

import os
from pathlib import Path

import bpy
import endurance_checks
import harness
import panel_checks

from auroraview_qt import hosts
from auroraview_qt.hosts.blender import adapter as blender
from auroraview_qt.qt.support.binding import QtWidgets

START = os.environ["AURORAVIEW_HOSTS_START"]


def window():
    return bpy.context.window_manager.windows[0]


class BlenderDocument(panel_checks.Document):
    def __init__(self, scene):
        self.scene = scene
        ids = {node["name"]: node["id"] for node in scene.snapshot()["nodes"]}
        self.first, self.second = ids["Cube"], ids["Camera"]

    def name_of(self, node_id):
        return next(node["name"] for node in self.scene.read_nodes() if node["id"] == node_id)

    def select(self, node_ids):
        layer = window().view_layer
        for item in layer.objects:
            item.select_set(item.name == "Cube", view_layer=layer)
        layer.objects.active = layer.objects["Cube"]

    def selected(self):
        return self.scene.read_selection()

    def undo(self):
        with bpy.context.temp_override(window=window()):
            bpy.ops.ed.undo()

    def undo_steps(self):
        # Blender reports no number of steps, so the next undo has to restore exactly the name.
        return None


def themes():
    """Return Blender's light theme, by its own operator, and then the dark theme."""
    folder = next(Path(path) for path in bpy.utils.preset_paths("interface_theme"))
    light = str(folder / "Blender_Light.xml")

    def execute(path):
        with bpy.context.temp_override(window=window()):
            bpy.ops.script.execute_preset(filepath=path, menu_idname="USERPREF_MT_interface_theme_presets")

    def dark():
        with bpy.context.temp_override(window=window()):
            bpy.ops.preferences.reset_default_theme()

    return [(lambda: execute(light), "light", ""), (dark, "dark", "")]


def script(t):
    host = hosts.current()
    t.expect("the host is recognised", host.name, "blender")
    t.note("running", harness.about(host))
    if START == "bare":
        yield from panel_checks.alone(t, None)
        return
    panel = panel_checks.dock()
    yield "the page ready", lambda: panel.widget is not None and panel.view.is_ready
    document = BlenderDocument(panel.view.scene)
    yield from panel_checks.docking(t, panel, document)
    if START == "endurance":
        yield from endurance_checks.moved(t, panel, can_dock=False)
        yield from endurance_checks.reopened(t, panel)
        return
    yield from panel_checks.editing(t, panel, document)
    panel.view.window().move(QtWidgets.QApplication.primaryScreen().geometry().width() - 420, 120)
    yield from harness.pause(1.0, "painted")
    harness.grab("blender")
    yield from panel_checks.moving(t, panel, can_dock=False)
    yield from panel_checks.theming(t, panel, themes())
    yield from panel_checks.working(t, panel)
    yield from panel_checks.dying(t, panel, document)
    if START in ("first", "qt6"):  # the second start quits with the panel open
        yield from panel_checks.ending(t, panel)


def finished(_ok):
    bpy.app.timers.register(lambda: bpy.ops.wm.quit_blender() and None, first_interval=0.5)


bpy.context.preferences.view.show_splash = False
blender.start_qt()
checks = harness.Checks(finished)
bpy.app.timers.register(lambda: checks.run(script(checks)), first_interval=1.0)
