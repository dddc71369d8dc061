"""A web panel for FreeCAD: a dock, listed under View, Panels.

Written by `auroraview-qt install`. Another install replaces this file, and --uninstall removes it.
AURORAVIEW_QT_DISABLE=1 in the environment switches it off.
"""
# auroraview-qt: "@receipt@"

import contextlib
import logging
import os
import sys

PANEL = "@panel@"  # MODULE:FUNCTION that makes the panel's widget
TITLE = "@title@"
OBJECT_NAME = "@object_name@"  # the panel's name in FreeCAD's layout
AREA = "@area@"
SHOW = "@show@"  # at each start; otherwise FreeCAD's layout decides
# Folders of auroraview_qt and the panel, searched after FreeCAD's own.
PATHS = "@paths@"


def dock(show):
    """Dock the panel. Log a failure as a line, so that FreeCAD goes on."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    sys.path.extend(path for path in PATHS if path not in sys.path)
    try:
        from auroraview_qt.hosts import startup

        startup.dock(PANEL, title=TITLE, object_name=OBJECT_NAME, area=AREA, show=show)
    except Exception as error:
        logging.getLogger("panel_name").warning("%s is left out: %s: %s", TITLE, type(error).__name__, error)


def start():
    """Load the library before FreeCAD's own web page; dock the panel once FreeCAD's event loop runs."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    from PySide import QtCore

    sys.path.extend(path for path in PATHS if path not in sys.path)
    with contextlib.suppress(Exception):  # dock() logs the error
        from auroraview_qt.hosts import startup

        startup.prepare()
    QtCore.QTimer.singleShot(0, lambda: dock(show=SHOW))
