"""A web panel for 3ds Max: a dock in its window. The script of the same name in scripts/startup runs this file.

Written by `auroraview-qt install`. Another install replaces this file, and --uninstall removes it.
AURORAVIEW_QT_DISABLE=1 in the environment switches it off.
"""
# auroraview-qt: "@receipt@"

import logging
import os
import sys


def dock_panel_name():
    """Dock the panel. All names are local, because 3ds Max runs all scripts in the same namespace."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    title = "@title@"
    # Folders of auroraview_qt and the panel, searched after 3ds Max's own.
    paths = "@paths@"
    sys.path.extend(path for path in paths if path not in sys.path)
    try:
        from auroraview_qt.hosts import startup

        startup.dock(
            "@panel@",  # MODULE:FUNCTION that makes the panel's widget
            title=title,
            object_name="@object_name@",
            area="@area@",
            show="@show@",
        )
    except Exception as error:
        logging.getLogger("panel_name").warning("%s is left out: %s: %s", title, type(error).__name__, error)


dock_panel_name()
