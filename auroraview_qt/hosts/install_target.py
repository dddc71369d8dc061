"""Define InstallTarget, which describes a host to `auroraview-qt install`; each host has an `install.py`.

No Qt. Thread: any.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auroraview_qt.hosts.built_in import packages


@dataclass(frozen=True)
class PluginSwitch:
    """The settings file in which a host lists the switched-on plugins.

    Attributes
    ----------
    file : callable
        Returns its path for a folder of the user.
    section : str
        The section for the line.
    line : str
        The line, with ``{module}`` for the panel's module.
    by_hand : str
        The artist's way to switch the plugin on; shown after an installation that did not change the file.
    """

    file: Callable[[Path], Path]
    section: str
    line: str
    by_hand: str


@dataclass(frozen=True)
class InstallTarget:
    """A host of `auroraview-qt install`.

    Attributes
    ----------
    name : str
        The same as `hosts.current().name`.
    label : str
        The name for people.
    folders : callable
        Returns the folders that may be the user's, the likeliest first.
    startup : Path
        The folder with the start-up files, as they stand below the user's folder.
    hint : str
        The panel's place in the host's interface.
    aliases : tuple of str
        Further names, in lower case.
    has_qt : bool
        Whether the host brings its own Qt binding, so that a second binding would crash it.
    always_shows : bool
        Whether a panel has to be shown at each start, because the host restores no docks of scripts.
    switch : PluginSwitch, optional
        The settings that switch a plugin on, if the host needs that.
    writers : mapping
        Suffix of a start-up file, and the function that writes such a file from object name and title. Other files are
        filled in as templates.
    """

    name: str
    label: str
    folders: Callable[[], list[Path]]
    startup: Path
    hint: str
    aliases: tuple[str, ...] = ()
    has_qt: bool = True
    always_shows: bool = False
    switch: PluginSwitch | None = None
    writers: Mapping[str, Callable[[str, str], str]] = field(default_factory=dict)


def targets() -> dict[str, InstallTarget]:
    """Return the hosts that have start-up files, by their names."""
    found: list[InstallTarget] = [importlib.import_module(f"{package}.install").TARGET for package in packages("install")]
    return {target.name: target for target in sorted(found, key=lambda target: target.name)}
