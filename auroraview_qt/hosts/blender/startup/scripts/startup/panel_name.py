"""A web panel for Blender: a window of its own, opened from the menu Window.

Written by `auroraview-qt install`. Another install replaces this file, and --uninstall removes it.
AURORAVIEW_QT_DISABLE=1 in the environment switches it off.
"""
# auroraview-qt: "@receipt@"

import logging
import os
import sys

import bpy

PANEL = "@panel@"  # MODULE:FUNCTION that makes the panel's widget
TITLE = "@title@"
OBJECT_NAME = "@object_name@"  # the panel's name in Blender's layout
AREA = "@area@"
SHOW = "@show@"  # at each start; otherwise Blender's layout decides
# Folders of auroraview_qt and the panel, searched after Blender's own.
PATHS = "@paths@"


def dock(show):
    """Dock the panel. Log a failure as a line, so that Blender goes on."""
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
        """Open the panel. Blender calls this."""
        dock(show=True)
        return {"FINISHED"}


def draw_entry(self, context):
    """Add the panel to the menu."""
    self.layout.operator(ShowPanel.bl_idname)


def show_once():
    """Open the panel once, from a timer."""
    dock(show=True)


def register():
    """Add the menu entry at Blender's start. Qt starts later, with the first panel that is shown."""
    if bpy.app.background or os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    bpy.utils.register_class(ShowPanel)
    bpy.types.TOPBAR_MT_window.append(draw_entry)
    if SHOW:
        bpy.app.timers.register(show_once, first_interval=0.5, persistent=True)


def unregister():
    """Remove the menu entry. Blender calls this when it reloads its scripts."""
    if ShowPanel.is_registered:
        bpy.types.TOPBAR_MT_window.remove(draw_entry)
        bpy.utils.unregister_class(ShowPanel)
