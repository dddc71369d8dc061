"""Blender: run by ``blender --python``. The outliner on the factory scene, in a separate window."""

from __future__ import annotations

import functools
from pathlib import Path

import bpy
import host_script
import panel_checks

from auroraview_qt import hosts
from auroraview_qt.hosts.blender import adapter as blender


def in_window():
    return bpy.context.temp_override(window=bpy.context.window_manager.windows[0])


class BlenderDocument(panel_checks.Document):
    @property
    def scene(self):
        return hosts.panels()[panel_checks.OBJECT_NAME].view.scene

    def _id(self, name):
        return next(node["id"] for node in self.scene.snapshot()["nodes"] if node["name"] == name)

    @functools.cached_property
    def first(self):
        return self._id("Cube")

    @functools.cached_property
    def second(self):
        return self._id("Camera")

    def name_of(self, node_id):
        return next(node["name"] for node in self.scene.read_nodes() if node["id"] == node_id)

    def select(self, node_ids):
        layer = bpy.context.window_manager.windows[0].view_layer
        chosen = [layer.objects[self.name_of(node_id)] for node_id in node_ids]
        for item in layer.objects:
            item.select_set(item in chosen, view_layer=layer)
        layer.objects.active = chosen[-1]

    def selected(self):
        return self.scene.read_selection()

    def undo(self):
        with in_window():
            bpy.ops.ed.undo()

    def undo_steps(self):
        # Blender reports no number of steps, so the next undo has to restore exactly the name.
        return None


class BlenderScript(host_script.HostScript):
    name = "blender"
    can_dock = False

    def open_document(self):
        return BlenderDocument()

    def themes(self):
        """Return Blender's light theme, by its own operator, and then the dark theme."""
        folder = next(Path(path) for path in bpy.utils.preset_paths("interface_theme"))

        def light():
            with in_window():
                menu = "USERPREF_MT_interface_theme_presets"
                bpy.ops.script.execute_preset(filepath=str(folder / "Blender_Light.xml"), menu_idname=menu)

        def dark():
            with in_window():
                bpy.ops.preferences.reset_default_theme()

        return [(light, "light", ""), (dark, "dark", "")]

    def open_installed(self):
        """Open it as the entry of the menu Window does."""
        bpy.ops.wm.panel_studio_installed()

    def end_all(self):
        bpy.app.timers.register(lambda: bpy.ops.wm.quit_blender() and None, first_interval=0.5)


bpy.context.preferences.view.show_splash = False
blender.start_qt()
bpy.app.timers.register(lambda: host_script.begin(BlenderScript()), first_interval=1.0)
