"""Find the host of `auroraview-qt install`, and the host's folder for the user's files. Thread: any. No Qt and no host."""

from __future__ import annotations

import re
from pathlib import Path

from auroraview_qt._wording import suggest
from auroraview_qt.cli.install_files import InstallError
from auroraview_qt.hosts.built_in import packages
from auroraview_qt.hosts.install_target import InstallTarget, targets

#: The hosts, by their names.
HOSTS = targets()


def find_host(name: str) -> InstallTarget:
    """Return a host by its name, spelt with or without capitals, spaces and hyphens.

    Raises
    ------
    InstallError
        If there is no such host; the text names the nearest.
    """
    letters = _letters_of(name)
    known: dict[str, str] = {}
    for key, host in HOSTS.items():
        known.update(dict.fromkeys((_letters_of(key), *host.aliases, _letters_of(host.label)), key))
    if letters in known:
        return HOSTS[known[letters]]
    without = {package.rpartition(".")[2] for package in {*packages("adapter")}.difference(packages("install"))}
    if letters in {*without, "qt"}:
        raise InstallError(f"{name} has no start-up files; call auroraview_qt.hosts.dock() in your own script (docs/hosts)")
    hint = suggest(letters, known, f"there are {', '.join(HOSTS)}", cutoff=0.5, spelled=known.__getitem__).text
    raise InstallError(f"there is no host {name!r}: {hint}")


def _letters_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def find_folder(host: InstallTarget, given: Path | None, *, must_exist: bool = True) -> Path:
    """Return the user's folder of a host.

    Parameters
    ----------
    host : InstallTarget
        The host.
    given : Path or None
        The folder that the user passed, if any.
    must_exist : bool
        False for a dry run, which works without the host: then the likeliest folder is returned.

    Raises
    ------
    InstallError
        If there is no such folder.
    """
    if given is not None:
        if must_exist and not given.is_dir():
            raise InstallError(
                f"--folder {given}: there is no such folder; make it, or pass the folder that {host.label} uses"
            )
        return given.resolve()
    candidates = host.folders()
    for folder in candidates:
        if folder.is_dir():
            return folder.resolve()
    if not must_exist:
        return candidates[0].resolve()
    tried = ", ".join(dict.fromkeys(str(path) for path in candidates))
    raise InstallError(
        f"{host.label} has no folder of the user's ({tried}): start {host.label} once, or pass --folder FOLDER"
    )
