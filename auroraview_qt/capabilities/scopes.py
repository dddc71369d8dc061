"""Define scopes, the folders that a page may reach, and the only way from a page's text to a path. Thread: any. No Qt.

A path is checked at its real target: ``..`` and symlinks are followed first, by the rules of the system. The result is then
opened step by step from its root, without following symlinks (`Folder`). If another program exchanges a folder for a symlink
between check and use, the use is an error.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PureWindowsPath
from typing import IO

from auroraview_qt.capabilities.folder import Folder
from auroraview_qt.errors import FileMissingError, InvalidArgumentsError, ScopeViolationError

#: Length limit, above that of any file system; keeps logged and resolved paths short.
MAX_PATH_CHARS = 32_767

#: Device names of Windows, in any folder and with any extension.
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)


def windows_objection(path: str) -> str | None:
    """Return the objection to a path on Windows: device and stream names, and endings that its file system would remove.

    Thread: any.
    """
    pure = PureWindowsPath(path)
    if path[:2] in ("\\\\", "//") and path[2:4] in ("?\\", "?/", ".\\", "./"):
        return "it names a device"
    for part in pure.parts[1:] if pure.anchor else pure.parts:
        if _DEVICE.fullmatch(part):
            return f"{part!r} is the name of a device"
        if ":" in part:
            return f"{part!r} names a stream of a file"
        if part not in (".", "..") and part != part.rstrip(". "):
            return f"{part!r} ends in a dot or space, which the system would leave out"
    return None


class Scopes:
    """Folders, or single files, whose content a page may reach.

    Thread: any.

    Parameters
    ----------
    roots : iterable of path-like
        Each absolute or relative to the working directory, and there.

    Raises
    ------
    FileNotFoundError
        There is no such folder or file.
    """

    def __init__(self, roots: Iterable[str | os.PathLike[str]]) -> None:
        if isinstance(roots, (str, os.PathLike)):  # a str would be an iterable of folders with names of a single letter
            roots = [roots]
        self.roots = tuple(Path(os.path.realpath(root)) for root in roots)
        for root in self.roots:
            if not root.exists():
                raise FileNotFoundError(f"{root} does not exist: a page can only get access to existing folders")
        self._keys = [_key(root) for root in self.roots]

    def resolve(self, path: object) -> Path:
        """Return the real target of an absolute path, with symlinks and ``..`` followed.

        Raises
        ------
        InvalidArgumentsError
            If the path is not a text, or is empty.
        ScopeViolationError
            If it leads outside all roots, is relative, or contains characters that no file name can have.
        """
        return self._within(_really(self._text_of(path)), path)

    def resolve_entry(self, path: object) -> Path:
        """Return the place of a directory entry; of a symlink itself, not of its target. Raises as `resolve` does."""
        text = self._text_of(path)
        folder, name = os.path.split(text.rstrip(os.sep + (os.altsep or "")) or text)
        if name in ("", ".", ".."):
            return self.resolve(path)
        return self._within(_really(folder) / name, path)

    def holds(self, path: Path) -> bool:
        """Return whether a resolved path lies inside."""
        return any(_lies_in(_key(path), root) for root in self._keys)

    def carries_root(self, path: Path) -> bool:
        """Return whether a resolved path is a root, or contains a root, and so must not be removed or moved.

        The system compares the folders, since on some file systems a folder has several spellings.
        """
        key = _key(path)
        if any(_lies_in(root, key) for root in self._keys):
            return True
        try:
            found = os.lstat(path)
        except OSError:  # not there
            return False
        return any(_is_at(place, found) for root in self.roots for place in (root, *root.parents))

    def open_folder(self, resolved: Path, *, make: bool = False) -> Folder:
        """Open a folder that was resolved before, step by step from its root.

        Parameters
        ----------
        resolved : Path
            The path from `resolve`.
        make : bool
            Whether to make missing folders.

        Raises
        ------
        OSError
            There is no such folder, or a step is a symlink now.
        """
        root = next(root for root in self.roots if _lies_in(_key(resolved), _key(root)))
        folder = Folder.open(root)
        for name in resolved.relative_to(root).parts:
            with folder:
                folder = folder.child(name, make=make)
        return folder

    @contextlib.contextmanager
    def place_of(self, resolved: Path, *, make: bool = False) -> Iterator[tuple[Folder, str]]:
        """Open the folder of a resolved path, and return it with the path's name in it. Raises as `open_folder`."""
        is_root = _key(resolved) in self._keys  # the page may not use its folder
        with Folder.open(resolved.parent) if is_root else self.open_folder(resolved.parent, make=make) as folder:
            yield folder, resolved.name or "."

    def open_for_reading(self, path: object) -> IO[bytes]:
        """Open an ordinary file.

        Raises
        ------
        InvalidArgumentsError, ScopeViolationError
            The path from `resolve`.
        FileAccessError
            If it is not an ordinary file.
        OSError
            If the system refuses, or the path was exchanged meanwhile.
        """
        with self.place_of(self.resolve(path)) as (folder, name):
            return os.fdopen(folder.open_file(name, os.O_RDONLY), "rb")

    def existing(self, path: object) -> Path:
        """Resolve a path that has to exist; raises `FileMissingError` and the errors of `resolve`."""
        resolved = self.resolve(path)
        if not resolved.exists():
            raise FileMissingError(f"{path} does not exist")
        return resolved

    def _within(self, resolved: Path, path: object) -> Path:
        if not self.holds(resolved):
            raise ScopeViolationError(f"{path} is outside the folders this page may reach")
        return resolved

    @staticmethod
    def _text_of(path: object) -> str:
        if not isinstance(path, str) or not path:
            raise InvalidArgumentsError(f"a path has to be a text that is not empty, not {path!r:.100}")
        if "\0" in path or len(path) > MAX_PATH_CHARS or not _is_encodable(path):
            raise ScopeViolationError(f"{path!r:.100} is no path: it is too long, or has a character no file name can have")
        if not Path(path).is_absolute():
            raise ScopeViolationError(f"{path!r:.200} is relative: paths of a page have to be absolute")
        objection = windows_objection(path) if os.name == "nt" else None
        if objection:
            raise ScopeViolationError(f"{path!r:.200} is refused: {objection}")
        return os.fsdecode(os.fsencode(path))  # a single spelling for each name, as the system has it


def _really(path: str) -> Path:
    """Follow symlinks and ``..``.

    At a symlink to itself, Python leaves the remaining path unresolved, so such a path is refused.
    """
    real = os.path.realpath(path)
    if os.path.realpath(real) != real or ".." in Path(real).parts:
        raise ScopeViolationError(f"{path!r:.200} leads through a link to itself")
    return Path(real)


def _is_encodable(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def _key(path: Path) -> str:
    """Return a form of a resolved path in which two names of the same place are equal."""
    return os.path.normcase(str(path))


def _lies_in(key: str, root: str) -> bool:
    """Return whether a path is a root or below a root, both in the form of `_key`."""
    return key == root or key.startswith(root.rstrip(os.sep) + os.sep)


def _is_at(place: Path, found: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.lstat(place), found)
    except OSError:  # gone
        return False
