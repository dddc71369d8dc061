"""A web panel for FreeCAD: a dock, listed under View, Panels.

Written by `auroraview-qt install`, which replaces it when it is run again and removes it with --uninstall. With
AURORAVIEW_QT_DISABLE=1 in the environment it does nothing.
"""
# auroraview-qt: "@receipt@"

import contextlib
import logging
import os
import sys

PANEL = "@panel@"  # MODULE:FUNCTION that makes the panel's widget
TITLE = "@title@"
OBJECT_NAME = "@object_name@"  # what FreeCAD's layout knows the panel by
AREA = "@area@"
SHOW = "@show@"  # at each start; else it comes back as FreeCAD's layout has it
# Where auroraview_qt and the panel are; what FreeCAD finds by itself comes first.
PATHS = "@paths@"


def dock(show):
    """Dock the panel; what keeps it from that is told in a line, and FreeCAD goes on."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    sys.path.extend(path for path in PATHS if path not in sys.path)
    try:
        from auroraview_qt.hosts import startup

        startup.dock(PANEL, title=TITLE, object_name=OBJECT_NAME, area=AREA, show=show)
    except Exception as error:
        logging.getLogger("panel_name").warning("%s is left out: %s: %s", TITLE, type(error).__name__, error)


def start():
    """Dock the panel once FreeCAD's event loop runs; load the library now, ahead of FreeCAD's own web page."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    from PySide import QtCore

    sys.path.extend(path for path in PATHS if path not in sys.path)
    with contextlib.suppress(Exception):  # told when it is docked
        from auroraview_qt.hosts import startup

        startup.prepare()
    QtCore.QTimer.singleShot(0, lambda: dock(show=SHOW))
