"""A web panel for Substance 3D Painter: a dock, listed in the menu Window.

Written by `auroraview-qt install`, which replaces it when it is run again and removes it with --uninstall. With
AURORAVIEW_QT_DISABLE=1 in the environment it does nothing.
"""
# auroraview-qt: "@receipt@"

import logging
import os
import sys

PANEL = "@panel@"  # MODULE:FUNCTION that makes the panel's widget
TITLE = "@title@"
OBJECT_NAME = "@object_name@"  # what Painter's layout knows the panel by
AREA = "@area@"
SHOW = "@show@"  # at each start; else it comes back as Painter's layout has it
# Where auroraview_qt and the panel are; what Painter finds by itself comes first.
PATHS = "@paths@"


def dock(show):
    """Dock the panel; what keeps it from that is told in a line, and Painter goes on."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    sys.path.extend(path for path in PATHS if path not in sys.path)
    try:
        from auroraview_qt.hosts import startup

        startup.dock(PANEL, title=TITLE, object_name=OBJECT_NAME, area=AREA, show=show)
    except Exception as error:
        logging.getLogger("panel_name").warning("%s is left out: %s: %s", TITLE, type(error).__name__, error)


def start_plugin():
    """Called by Painter at its start."""
    dock(show=SHOW)


def close_plugin():
    """Called by Painter when it unloads the plugin."""
    hosts = sys.modules.get("auroraview_qt.hosts")
    panel = hosts.panels().get(OBJECT_NAME) if hosts is not None else None
    if panel is not None:
        panel.destroy()
