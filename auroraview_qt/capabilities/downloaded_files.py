"""Give downloaded files safe names, and put them in place without replacing others. Thread: any. No Qt."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

#: Maximum bytes of a name; file systems take 255, and a number may follow.
MAX_NAME_BYTES = 200
#: Longest extension that is kept when a name is cut, in bytes.
_MAX_SUFFIX_BYTES = 20

#: Characters that some system refuses in names, and invisible characters that reverse the order of letters.
_BAD = re.compile('[\x00-\x1f\x7f-\x9f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
#: Names of devices on Windows, with any extension.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE | re.DOTALL)


def safe_name(name: str) -> str:
    """Return a page's name for a file as a name that is safe in each folder of each system.

    Path parts, hidden files, names of devices and long names are not.
    """
    last = re.split(r"[/\\]", name)[-1]
    clean = _BAD.sub("_", last).lstrip(". ").rstrip(". ")
    if _DEVICE.fullmatch(clean):
        clean = f"_{clean}"
    suffix = Path(clean).suffix
    if len(suffix.encode()) > _MAX_SUFFIX_BYTES:
        suffix = ""
    stem = clean[: len(clean) - len(suffix)].encode()[: MAX_NAME_BYTES - len(suffix.encode())].decode(errors="ignore")
    return f"{stem.rstrip('. ')}{suffix}" or "download"


def place(source: Path, target: Path, name: str, *, is_folder: bool, replaces: bool = False) -> Path:
    """Move a file to its place, and return the place.

    Parameters
    ----------
    source : Path
        The file.
    target : Path
        The file's new path, or its folder.
    name : str
        The file's safe name, if `target` is a folder.
    is_folder : bool
        Whether `target` is a folder, which is made if it is missing. An existing folder always is.
    replaces : bool
        Whether a file in that place is replaced; otherwise the name gets a number: ``name (1).ext``.

    Raises
    ------
    OSError
        The file cannot be put there; the source is as it was.
    """
    folder, wanted = (target, name) if is_folder or target.is_dir() else (target.parent, target.name)
    folder.mkdir(parents=True, exist_ok=True)
    if replaces:
        _move(source, folder / wanted)
        return folder / wanted
    claimed = _claim(folder, wanted)
    try:
        _move(source, claimed)
    except BaseException:
        with contextlib.suppress(OSError):
            claimed.unlink()
        raise
    return claimed


def _claim(folder: Path, name: str) -> Path:
    """Make an empty file of the first free name."""
    for candidate in _names(name):
        try:
            os.close(os.open(folder / candidate, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except FileExistsError:
            continue
        return folder / candidate
    raise FileExistsError(f"{folder} has too many files called {name}")


def _names(name: str) -> Iterator[str]:
    stem, suffix = Path(name).stem, Path(name).suffix
    if stem.endswith(".tar"):
        stem, suffix = stem[:-4], f".tar{suffix}"
    return itertools.chain([name], (f"{stem} ({number}){suffix}" for number in range(1, 10_000)))


def _move(source: Path, target: Path) -> None:
    """Replace a file by another, which may be on another disk."""
    try:
        source.replace(target)
    except OSError:
        part = target.with_name(f".{target.name}.part")
        try:
            shutil.copyfile(source, part)
            part.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
        source.unlink()
