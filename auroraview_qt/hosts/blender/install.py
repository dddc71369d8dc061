"""Describe Blender to `auroraview-qt install`. No Qt and no host. Thread: any."""

from __future__ import annotations

from pathlib import Path

from auroraview_qt.hosts.install_target import InstallTarget
from auroraview_qt.hosts.user_folders import by_platform, from_variable, home, newest, roaming, xdg


def _folders() -> list[Path]:
    mac = home("Library", "Application Support", "Blender")
    linux = xdg("XDG_CONFIG_HOME", ".config", "blender")
    parent = by_platform(roaming("Blender Foundation", "Blender"), mac, linux)
    return [*from_variable("BLENDER_USER_RESOURCES"), *newest(parent, "[0-9]*.[0-9]*"), parent / "4.2"]


TARGET = InstallTarget(
    name="blender",
    label="Blender",
    folders=_folders,
    startup=Path(__file__).with_name("startup"),
    hint="in the menu Window",
    has_qt=False,
)
