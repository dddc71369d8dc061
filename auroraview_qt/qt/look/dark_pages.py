"""Tell pages by ``prefers-color-scheme`` that the host is dark. GUI thread.

The engine has no setting for it, only a flag of the whole process that is read when the engine starts.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from auroraview_qt.qt.look.colors import luminance
from auroraview_qt.qt.support.widgets_only import BINDING, QtGui

FLAGS = "QTWEBENGINE_CHROMIUM_FLAGS"
#: Chromium's number for dark; Chromium 83 counts differently.
_DARK = 1 if BINDING[1] == "5.15.2" else 0


@contextlib.contextmanager
def dark_pages(palette: QtGui.QPalette) -> Iterator[None]:
    """Start the engine inside: with the flag for a dark palette, unless the user has set such flags.

    The environment is as before at the end, because processes that the host starts inherit it.
    """
    role, before = QtGui.QPalette.ColorRole, os.environ.get(FLAGS)
    is_dark = luminance(palette.color(role.Window)) < luminance(palette.color(role.WindowText))
    if not is_dark or "--blink-settings" in (before or ""):
        yield
        return
    os.environ[FLAGS] = f"{before or ''} --blink-settings=preferredColorScheme={_DARK}".strip()
    try:
        yield
    finally:
        if before is None:
            del os.environ[FLAGS]
        else:
            os.environ[FLAGS] = before
