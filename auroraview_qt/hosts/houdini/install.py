"""Describe Houdini to `auroraview-qt install`. No Qt and no host. Thread: any."""

from __future__ import annotations

import sys
from pathlib import Path

from auroraview_qt.hosts.houdini.pypanel import pypanel
from auroraview_qt.hosts.install_target import InstallTarget
from auroraview_qt.hosts.user_folders import by_platform, from_variable, home, newest


def _folders() -> list[Path]:
    named = [path for path in from_variable("HOUDINI_USER_PREF_DIR") if "__HVER__" not in path.name]
    parent = by_platform(home("Documents"), home("Library", "Preferences", "houdini"), home())
    # Without any folder, the pattern that the message shows.
    pattern = "[0-9]*.*" if sys.platform == "darwin" else "houdini[0-9]*.*"
    return [*named, *newest(parent, pattern), parent / "houdini20.5"]


TARGET = InstallTarget(
    name="houdini",
    label="Houdini",
    folders=_folders,
    startup=Path(__file__).with_name("startup"),
    hint="in the menu of pane tabs, under Python Panels",
    writers={".pypanel": pypanel},
)
