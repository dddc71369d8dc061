"""A web panel for Maya: a workspaceControl, and an entry in the menu Panels.

Written by `auroraview-qt install`. Another install replaces this file, and --uninstall removes it.
AURORAVIEW_QT_DISABLE=1 in the environment switches it off.
"""
# auroraview-qt: "@receipt@"

import logging
import os
import sys

PANEL = "@panel@"  # MODULE:FUNCTION that makes the panel's widget
TITLE = "@title@"
OBJECT_NAME = "@object_name@"  # the panel's name in Maya's layout
AREA = "@area@"
SHOW = "@show@"  # at each start; otherwise Maya's layout decides
# Folders of auroraview_qt and the panel, searched after Maya's own.
PATHS = "@paths@"


def dock(show):
    """Dock the panel. Log a failure as a line, so that Maya goes on."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    sys.path.extend(path for path in PATHS if path not in sys.path)
    try:
        from auroraview_qt.hosts import startup

        startup.dock(PANEL, title=TITLE, object_name=OBJECT_NAME, area=AREA, show=show)
    except Exception as error:
        logging.getLogger("panel_name").warning("%s is left out: %s: %s", TITLE, type(error).__name__, error)


def start():
    """Dock the panel and add it to the menu, once, and only if Maya has an interface."""
    from maya import cmds, mel

    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1" or cmds.about(batch=True) or cmds.menuItem("panel_name", exists=True):
        return
    menu = "auroraviewPanels"
    if not cmds.menu(menu, exists=True):
        cmds.menu(menu, label="Panels", parent=mel.eval("$auroraviewWindow = $gMainWindow"))
    cmds.menuItem("panel_name", label=TITLE, parent=menu, command=lambda *_: dock(show=True))
    dock(show=SHOW)
