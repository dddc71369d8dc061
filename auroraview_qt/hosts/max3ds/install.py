"""Describe 3ds Max to `auroraview-qt install`. No Qt and no host. Thread: any."""

from __future__ import annotations

from pathlib import Path

from auroraview_qt.hosts.install_target import InstallTarget
from auroraview_qt.hosts.user_folders import local, newest


def _folders() -> list[Path]:
    parent = local("Autodesk", "3dsMax")
    return [*(path / "ENU" for path in newest(parent, "20*")), parent / "2025 - 64bit" / "ENU"]


TARGET = InstallTarget(
    name="3dsmax",
    label="3ds Max",
    folders=_folders,
    startup=Path(__file__).with_name("startup"),
    hint="docked in its window",
    aliases=("max",),
    always_shows=True,  # it neither restores nor lists the docks of scripts
)
