"""Describe Substance 3D Painter to `auroraview-qt install`. No Qt and no host. Thread: any."""

from __future__ import annotations

from pathlib import Path

from auroraview_qt.hosts.install_target import InstallTarget
from auroraview_qt.hosts.user_folders import home


def _folders() -> list[Path]:
    return [home("Documents", "Adobe", "Adobe Substance 3D Painter")]


TARGET = InstallTarget(
    name="substance_painter",
    label="Substance 3D Painter",
    folders=_folders,
    startup=Path(__file__).with_name("startup"),
    hint="in the menu Window",
    aliases=("painter", "substance"),
)
