"""The hosts `auroraview-qt install` knows: their names, where each keeps a user's files, what to do in it then.

What is written for each is in ``resources/startup``, in folders as the host has them. Any thread; no Qt and no host.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from auroraview_qt._wording import nearest
from auroraview_qt.cli.install_files import InstallError


class HostFiles(NamedTuple):
    """One host.

    Attributes
    ----------
    name : str
        As `hosts.current().name` has it, and as its folder in ``resources/startup``.
    label : str
        As people call it.
    folder : callable
        Gives the folders that may be the user's, the likeliest first.
    hint : str
        Where the panel is found in the host.
    """

    name: str
    label: str
    folder: Callable[[], list[Path]]
    hint: str


def _home(*parts: str) -> Path:
    return Path.home().joinpath(*parts)


def _variable(name: str, *parts: str) -> list[Path]:
    """Return a folder that is named by an environment variable, if it is set."""
    value = os.environ.get(name)
    return [Path(value, *parts)] if value else []


def _by_platform(windows: Path, mac: Path, linux: Path) -> Path:
    return {"win32": windows, "darwin": mac}.get(sys.platform, linux)


def _roaming(*parts: str) -> Path:
    return (_variable("APPDATA") or [_home("AppData", "Roaming")])[0].joinpath(*parts)


def _local(*parts: str) -> Path:
    return (_variable("LOCALAPPDATA") or [_home("AppData", "Local")])[0].joinpath(*parts)


def _config(variable: str, default: str, *parts: str) -> Path:
    return (_variable(variable) or [_home(default)])[0].joinpath(*parts)


def _newest(parent: Path, pattern: str) -> list[Path]:
    """Return the folders whose names fit, the highest version first."""
    fitting = [path for path in parent.glob(pattern) if path.is_dir() and re.search(r"\d", path.name)]
    return sorted(fitting, key=lambda path: [int(number) for number in re.findall(r"\d+", path.name)], reverse=True)


def _maya() -> list[Path]:
    mac = _home("Library", "Preferences", "Autodesk", "maya")
    return [*_variable("MAYA_APP_DIR"), _by_platform(_home("Documents", "maya"), mac, _home("maya"))]


def _houdini() -> list[Path]:
    named = [path for path in _variable("HOUDINI_USER_PREF_DIR") if "__HVER__" not in path.name]
    parent = _by_platform(_home("Documents"), _home("Library", "Preferences", "houdini"), _home())
    # Without any, one that shows in the message what is looked for.
    pattern = "[0-9]*.*" if sys.platform == "darwin" else "houdini[0-9]*.*"
    return [*named, *_newest(parent, pattern), parent / "houdini20.5"]


def _max() -> list[Path]:
    parent = _local("Autodesk", "3dsMax")
    return [*(path / "ENU" for path in _newest(parent, "20*")), parent / "2025 - 64bit" / "ENU"]


def _freecad() -> list[Path]:
    mac = _home("Library", "Application Support", "FreeCAD")
    linux = _config("XDG_DATA_HOME", ".local/share", "FreeCAD")
    main = _by_platform(_roaming("FreeCAD"), mac, linux)
    # FreeCAD 1.1 began with a folder for each version.
    return [*_variable("FREECAD_USER_DATA"), *_newest(main, "v*-*"), main, _home(".FreeCAD")]


def _krita() -> list[Path]:
    mac = _home("Library", "Application Support", "krita")
    return [_by_platform(_roaming("krita"), mac, _config("XDG_DATA_HOME", ".local/share", "krita"))]


def _blender() -> list[Path]:
    mac = _home("Library", "Application Support", "Blender")
    linux = _config("XDG_CONFIG_HOME", ".config", "blender")
    parent = _by_platform(_roaming("Blender Foundation", "Blender"), mac, linux)
    return [*_variable("BLENDER_USER_RESOURCES"), *_newest(parent, "[0-9]*.[0-9]*"), parent / "4.2"]


HOSTS = {
    host.name: host
    for host in (
        HostFiles("maya", "Maya", _maya, "in the menu Panels"),
        HostFiles("houdini", "Houdini", _houdini, "in the menu of pane tabs, under Python Panels"),
        HostFiles("nuke", "Nuke", lambda: [_home(".nuke")], "in the menu of panes"),
        HostFiles("3dsmax", "3ds Max", _max, "docked in its window"),
        HostFiles(
            "substance_painter",
            "Substance 3D Painter",
            lambda: [_home("Documents", "Adobe", "Adobe Substance 3D Painter")],
            "in the menu Window",
        ),
        HostFiles("freecad", "FreeCAD", _freecad, "under View, Panels"),
        HostFiles("krita", "Krita", _krita, "under Settings, Dockers"),
        HostFiles("blender", "Blender", _blender, "in the menu Window"),
    )
}

_ALIASES = {"max": "3dsmax", "painter": "substance_painter", "substance": "substance_painter"}

#: Where Krita keeps which plugins are switched on.
KRITARC = "kritarc"


def find_host(name: str) -> HostFiles:
    """Return a host by its name, spelt with or without capitals, spaces and hyphens.

    Raises
    ------
    InstallError
        There is none; the nearest is named.

    Notes
    -----
    Thread: any
    """
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    known = {re.sub(r"[^a-z0-9]", "", key): key for key in HOSTS}
    known.update(_ALIASES)
    known.update({re.sub(r"[^a-z0-9]", "", host.label.lower()): key for key, host in HOSTS.items()})
    if plain in known:
        return HOSTS[known[plain]]
    if plain in ("generic", "standalone", "qt"):
        raise InstallError(f"{name}: a Qt program has no start-up files; call auroraview_qt.hosts.dock() in it (docs/hosts)")
    near = nearest(plain, known, 1, cutoff=0.5)
    guess = f"did you mean {known[near[0]]}?" if near else f"there are {', '.join(HOSTS)}"
    raise InstallError(f"there is no host {name!r}: {guess}")


def find_folder(host: HostFiles, given: Path | None) -> Path:
    """Return the user's folder of a host.

    Parameters
    ----------
    host : HostFiles
        Which.
    given : Path or None
        Where the user says it is.

    Raises
    ------
    InstallError
        There is no such folder.

    Notes
    -----
    Thread: any
    """
    if given is not None:
        if not given.is_dir():
            raise InstallError(f"--folder {given}: there is no such folder; make it, or name the one {host.label} uses")
        return given.resolve()
    candidates = host.folder()
    for folder in candidates:
        if folder.is_dir():
            return folder.resolve()
    tried = _listed(str(path) for path in candidates)
    raise InstallError(
        f"{host.label} has no folder of the user's ({tried}): start {host.label} once, or say --folder FOLDER"
    )


def _listed(items: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(items))


def kritarc() -> Path:
    """Return where Krita keeps its settings.  Thread: any."""
    mac = _home("Library", "Preferences", KRITARC)
    return _by_platform(_local(KRITARC), mac, _config("XDG_CONFIG_HOME", ".config", KRITARC))
