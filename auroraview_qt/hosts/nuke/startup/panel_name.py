"""A web panel for Nuke: in the menu of panes, and restored with workspaces. Started by menu.py.

Written by `auroraview-qt install`. Another install replaces this file, and --uninstall removes it.
AURORAVIEW_QT_DISABLE=1 in the environment switches it off.
"""
# auroraview-qt: "@receipt@"

import logging
import os
import sys

PANEL = "@panel@"  # MODULE:FUNCTION that makes the panel's widget
TITLE = "@title@"
OBJECT_NAME = "@object_name@"  # the panel's name in Nuke's layout
AREA = "@area@"
SHOW = "@show@"  # at each start; otherwise Nuke's layout decides
# Folders of auroraview_qt and the panel, searched after Nuke's own.
PATHS = "@paths@"


def dock(show):
    """Dock the panel. Log a failure as a line, so that Nuke goes on."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    sys.path.extend(path for path in PATHS if path not in sys.path)
    try:
        from auroraview_qt.hosts import startup

        startup.dock(PANEL, title=TITLE, object_name=OBJECT_NAME, area=AREA, show=show)
    except Exception as error:
        logging.getLogger("panel_name").warning("%s is left out: %s: %s", TITLE, type(error).__name__, error)


def start():
    """Register the panel for saved workspaces, and add it to the menu of panes."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    import nuke

    nuke.menu("Pane").addCommand(TITLE, lambda: dock(show=True))
    dock(show=SHOW)
