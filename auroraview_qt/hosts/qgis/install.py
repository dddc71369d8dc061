"""Describe QGIS to `auroraview-qt install`. No Qt and no host. Thread: any."""

from __future__ import annotations

import re
from pathlib import Path

from auroraview_qt.hosts.install_target import InstallTarget, PluginSwitch
from auroraview_qt.hosts.user_folders import by_platform, from_variable, home, newest, roaming, xdg


def _folders() -> list[Path]:
    mac = home("Library", "Application Support", "QGIS")
    parent = by_platform(roaming("QGIS"), mac, xdg("XDG_DATA_HOME", ".local/share", "QGIS"))
    roots = [*from_variable("QGIS_CUSTOM_CONFIG_PATH"), *newest(parent, "QGIS[0-9]*"), parent / "QGIS3"]
    return [_profile(root / "profiles") for root in roots]


def _profile(profiles: Path) -> Path:
    """Return the profile that QGIS opens by default."""
    try:
        found = re.search(r"^defaultProfile=(\S.*)$", (profiles / "profiles.ini").read_text(encoding="utf-8"), re.MULTILINE)
    except (OSError, UnicodeDecodeError):
        found = None
    return profiles / (found[1].strip().strip('"') if found else "default")


def _settings(folder: Path) -> Path:
    return next(iter(sorted(folder.glob("QGIS/QGIS[0-9]*.ini"), reverse=True)), folder / "QGIS" / "QGIS3.ini")


TARGET = InstallTarget(
    name="qgis",
    label="QGIS",
    folders=_folders,
    startup=Path(__file__).with_name("startup"),
    hint="under View, Panels",
    switch=PluginSwitch(
        file=_settings,
        section="PythonPlugins",
        line="{module}=true",
        by_hand="switch the plugin on in QGIS, under Plugins, Manage and Install Plugins, Installed; "
        "or quit QGIS and pass --enable",
    ),
)
