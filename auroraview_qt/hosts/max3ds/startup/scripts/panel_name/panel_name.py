"""A web panel for 3ds Max: a dock in its window. Run by the file of its name in scripts/startup.

Written by `auroraview-qt install`, which replaces it when it is run again and removes it with --uninstall. With
AURORAVIEW_QT_DISABLE=1 in the environment it does nothing.
"""
# auroraview-qt: "@receipt@"

import logging
import os
import sys


def dock_panel_name():
    """Dock the panel; all names are in here, since 3ds Max runs this file among those of everybody's."""
    if os.environ.get("AURORAVIEW_QT_DISABLE") == "1":
        return
    title = "@title@"
    # Where auroraview_qt and the panel are; what 3ds Max finds by itself comes first.
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
