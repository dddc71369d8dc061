"""Describe Maya to `auroraview-qt install`. No Qt and no host. Thread: any."""

from __future__ import annotations

from pathlib import Path

from auroraview_qt.hosts.install_target import InstallTarget
from auroraview_qt.hosts.user_folders import by_platform, from_variable, home


def _folders() -> list[Path]:
    mac = home("Library", "Preferences", "Autodesk", "maya")
    return [*from_variable("MAYA_APP_DIR"), by_platform(home("Documents", "maya"), mac, home("maya"))]


TARGET = InstallTarget(
    name="maya",
    label="Maya",
    folders=_folders,
    startup=Path(__file__).with_name("startup"),
    hint="in the menu Panels",
)
