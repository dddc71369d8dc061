"""Find a user's folders by platform, for the `install.py` of hosts. No Qt. Thread: any."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path


def home(*parts: str) -> Path:
    """Return a path below the user's home."""
    return Path.home().joinpath(*parts)


def from_variable(name: str, *parts: str) -> list[Path]:
    """Return a folder that is named by an environment variable; empty if it is not set."""
    value = os.environ.get(name)
    return [Path(value, *parts)] if value else []


def by_platform(windows: Path, mac: Path, linux: Path) -> Path:
    """Return the folder for this platform."""
    return {"win32": windows, "darwin": mac}.get(sys.platform, linux)


def roaming(*parts: str) -> Path:
    """Return a path below the roaming settings of Windows."""
    return (from_variable("APPDATA") or [home("AppData", "Roaming")])[0].joinpath(*parts)


def local(*parts: str) -> Path:
    """Return a path below the local settings of Windows."""
    return (from_variable("LOCALAPPDATA") or [home("AppData", "Local")])[0].joinpath(*parts)


def xdg(variable: str, default: str, *parts: str) -> Path:
    """Return a path below a folder of Linux desktops: ``xdg("XDG_DATA_HOME", ".local/share", "krita")``."""
    return (from_variable(variable) or [home(default)])[0].joinpath(*parts)


def newest(parent: Path, pattern: str) -> list[Path]:
    """Return the folders whose names match, the highest version first."""
    fitting = [path for path in parent.glob(pattern) if path.is_dir() and re.search(r"\d", path.name)]
    return sorted(fitting, key=lambda path: [int(number) for number in re.findall(r"\d+", path.name)], reverse=True)
