"""Describe FreeCAD to `auroraview-qt install`. No Qt and no host. Thread: any."""

from __future__ import annotations

from pathlib import Path

from auroraview_qt.hosts.install_target import InstallTarget
from auroraview_qt.hosts.user_folders import by_platform, from_variable, home, newest, roaming, xdg


def _folders() -> list[Path]:
    mac = home("Library", "Application Support", "FreeCAD")
    main = by_platform(roaming("FreeCAD"), mac, xdg("XDG_DATA_HOME", ".local/share", "FreeCAD"))
    # FreeCAD 1.1 began with a folder for each version.
    return [*from_variable("FREECAD_USER_DATA"), *newest(main, "v*-*"), main, home(".FreeCAD")]


TARGET = InstallTarget(
    name="freecad",
    label="FreeCAD",
    folders=_folders,
    startup=Path(__file__).with_name("startup"),
    hint="under View, Panels",
)
