"""A web panel for Blender: a window of its own, opened from the menu Window.

Written by `auroraview-qt install`, which replaces it when it is run again and removes it with --uninstall. With
AURORAVIEW_QT_DISABLE=1 in the environment it does nothing.
"""
# auroraview-qt: "@receipt@"

import logging
import os
import sys

import bpy

PANEL = "@panel@"  # MODULE:FUNCTION that makes the panel's widget
TITLE = "@title@"
OBJECT_NAME = "@object_name@"  # what Blender's layout knows the panel by
AREA = "@area@"
SHOW = "@show@"  # at each start; else it comes back as Blender's layout has it
# Where auroraview_qt and the panel are; what Blender finds by itself comes first.
PATHS = "@paths@"


def dock(show):
    """Dock the panel; what keeps it from that is told in a line, and Blender goes on."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    sys.path.extend(path for path in PATHS if path not in sys.path)
    try:
        from auroraview_qt.hosts import startup

        startup.dock(PANEL, title=TITLE, object_name=OBJECT_NAME, area=AREA, show=show)
    except Exception as error:
        logging.getLogger("panel_name").warning("%s is left out: %s: %s", TITLE, type(error).__name__, error)


class ShowPanel(bpy.types.Operator):
    """Open the panel."""

    bl_idname = "wm.panel_name"
    bl_label = TITLE

    def execute(self, context):
        """Called by Blender."""
        dock(show=True)
        return {"FINISHED"}


def draw_entry(self, context):
    """Add the panel to the menu."""
    self.layout.operator(ShowPanel.bl_idname)


def show_once():
    """Open the panel, from a timer: once."""
    dock(show=True)


def register():
    """Called by Blender at its start. Qt is started with the first panel that is shown, not before."""
    if bpy.app.background or os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    bpy.utils.register_class(ShowPanel)
    bpy.types.TOPBAR_MT_window.append(draw_entry)
    if SHOW:
        bpy.app.timers.register(show_once, first_interval=0.5, persistent=True)


def unregister():
    """Called by Blender when it reloads its scripts."""
    if ShowPanel.is_registered:
        bpy.types.TOPBAR_MT_window.remove(draw_entry)
        bpy.utils.unregister_class(ShowPanel)
