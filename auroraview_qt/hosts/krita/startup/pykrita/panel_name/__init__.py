"""A web panel for Krita: a docker, listed under Settings, Dockers.

Written by `auroraview-qt install`. Another install replaces this file, and --uninstall removes it.
AURORAVIEW_QT_DISABLE=1 in the environment switches it off.
"""
# auroraview-qt: "@receipt@"

import logging
import os
import sys

PANEL = "@panel@"  # MODULE:FUNCTION that makes the panel's widget
TITLE = "@title@"
OBJECT_NAME = "@object_name@"  # the panel's name in Krita's layout
AREA = "@area@"
SHOW = "@show@"  # at each start; otherwise Krita's layout decides
# Folders of auroraview_qt and the panel, searched after Krita's own.
PATHS = "@paths@"


def dock(show):
    """Dock the panel. Log a failure as a line, so that Krita goes on."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    sys.path.extend(path for path in PATHS if path not in sys.path)
    try:
        from auroraview_qt.hosts import startup

        startup.dock(PANEL, title=TITLE, object_name=OBJECT_NAME, area=AREA, show=show)
    except Exception as error:
        logging.getLogger("panel_name").warning("%s is left out: %s: %s", TITLE, type(error).__name__, error)


dock(show=SHOW)  # now: dockers are registered before Krita has a window
