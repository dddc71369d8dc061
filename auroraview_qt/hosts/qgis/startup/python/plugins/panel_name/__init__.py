"""A web panel for QGIS: a dock, listed under View, Panels.

Written by `auroraview-qt install`. Another install replaces this file, and --uninstall removes it.
AURORAVIEW_QT_DISABLE=1 in the environment switches it off.
"""
# auroraview-qt: "@receipt@"

import logging
import os
import sys

PANEL = "@panel@"  # MODULE:FUNCTION that makes the panel's widget
TITLE = "@title@"
OBJECT_NAME = "@object_name@"  # the panel's name in QGIS's layout
AREA = "@area@"
SHOW = "@show@"  # at each start; otherwise QGIS's layout decides
# Folders of auroraview_qt and the panel, searched after QGIS's own.
PATHS = "@paths@"


def dock(show):
    """Dock the panel. Log a failure as a line, so that QGIS goes on."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    sys.path.extend(path for path in PATHS if path not in sys.path)
    try:
        from auroraview_qt.hosts import startup

        startup.dock(PANEL, title=TITLE, object_name=OBJECT_NAME, area=AREA, show=show)
    except Exception as error:
        logging.getLogger("panel_name").warning("%s is left out: %s: %s", TITLE, type(error).__name__, error)


class Plugin:
    """The plugin. QGIS calls both methods."""

    def initGui(self):
        """Dock the panel at QGIS's start, or when the plugin is switched on."""
        dock(show=SHOW)

    def unload(self):
        """Destroy the panel when the plugin is switched off."""
        hosts = sys.modules.get("auroraview_qt.hosts")
        panel = hosts.panels().get(OBJECT_NAME) if hosts is not None else None
        if panel is not None:
            panel.destroy()


def classFactory(iface):
    """Return the plugin. QGIS calls this."""
    return Plugin()
