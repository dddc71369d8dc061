"""Describe Krita to `auroraview-qt install`. No Qt and no host. Thread: any."""

from __future__ import annotations

from pathlib import Path

from auroraview_qt.hosts.install_target import InstallTarget, PluginSwitch
from auroraview_qt.hosts.user_folders import by_platform, home, local, roaming, xdg


def _folders() -> list[Path]:
    mac = home("Library", "Application Support", "krita")
    return [by_platform(roaming("krita"), mac, xdg("XDG_DATA_HOME", ".local/share", "krita"))]


def _kritarc(_folder: Path) -> Path:
    mac = home("Library", "Preferences", "kritarc")
    return by_platform(local("kritarc"), mac, xdg("XDG_CONFIG_HOME", ".config", "kritarc"))


TARGET = InstallTarget(
    name="krita",
    label="Krita",
    folders=_folders,
    startup=Path(__file__).with_name("startup"),
    hint="under Settings, Dockers",
    switch=PluginSwitch(
        file=_kritarc,
        section="python",
        line="enable_{module}=true",
        by_hand="switch the plugin on in Krita, under Settings, Configure Krita, Python Plugin Manager; "
        "or quit Krita and pass --enable",
    ),
)
