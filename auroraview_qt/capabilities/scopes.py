"""Scopes: the folders a page may reach, and the only way from a text it sent to a path. No Qt; any thread.

A path is checked where it really leads: ``..`` and symlinks are followed first, by the rules of the system. What the system
then opens is checked once more (`Scopes.open_for_reading`). A page cannot make symlinks, so it cannot swap a folder between
check and use by itself; another program of the same user that helps it could, and would gain nothing it does not have.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath
from typing import IO

from auroraview_qt.errors import FileAccessError, FileMissingError, InvalidArgumentsError, ScopeViolationError

#: More than any file system takes; keeps what is logged and resolved short.
MAX_PATH_CHARS = 32_767

#: Names Windows takes for devices, in any folder and with any extension.
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)


def windows_objection(path: str) -> str | None:
    """Say what speaks against a path on Windows: device and stream names, what its file system would trim. Thread: any."""
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

    Parameters
    ----------
    roots : iterable of path-like
        Each absolute or relative to the working directory, and there.

    Raises
    ------
    FileNotFoundError
        There is no such folder or file.

    Notes
    -----
    Thread: any
    """

    def __init__(self, roots: Iterable[str | os.PathLike[str]]) -> None:
        if isinstance(roots, (str, os.PathLike)):  # a str is an iterable of folders named by one letter each
            roots = [roots]
        self.roots = tuple(Path(os.path.realpath(root)) for root in roots)
        for root in self.roots:
            if not root.exists():
                raise FileNotFoundError(f"{root} does not exist: a page can only be let into what is there")
        self._keys = [_key(root) for root in self.roots]

    def resolve(self, path: object) -> Path:
        """Return where an absolute path really leads, symlinks and ``..`` followed.

        Raises
        ------
        InvalidArgumentsError
            It is no text, or empty.
        ScopeViolationError
            It leads outside all roots, is relative, or holds what no file name can.

        Notes
        -----
        Thread: any
        """
        return self._within(_really(self._text_of(path)), path)

    def resolve_entry(self, path: object) -> Path:
        """Return the place of a directory entry, a symlink itself rather than where it leads; raises as `resolve`."""
        text = self._text_of(path)
        folder, name = os.path.split(text.rstrip(os.sep + (os.altsep or "")) or text)
        if name in ("", ".", ".."):
            return self.resolve(path)
        return self._within(_really(folder) / name, path)

    def holds(self, path: Path) -> bool:
        """Whether a path that was resolved before lies inside. Thread: any."""
        key = _key(path)
        return any(key == root or key.startswith(root.rstrip(os.sep) + os.sep) for root in self._keys)

    def carries_root(self, path: Path) -> bool:
        """Whether a resolved path is a root, or has one below it: what must not be removed or moved. Thread: any."""
        key = _key(path)
        return any(root == key or root.startswith(key.rstrip(os.sep) + os.sep) for root in self._keys)

    def open_for_reading(self, path: object) -> IO[bytes]:
        """Open an ordinary file.

        What was opened is compared with what the path leads to afterwards, so that a folder or link exchanged in between is
        noticed.

        Raises
        ------
        FileAccessError
            It is no ordinary file, or was exchanged.
        OSError
            The system refuses.

        Notes
        -----
        Thread: any
        """
        resolved = self.resolve(path)
        # Not blocking: to open a pipe would wait for its other end.
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        if resolved.is_dir():  # Windows would call it a matter of permissions
            raise FileAccessError(f"{path} is a folder, not a file")
        file = os.fdopen(os.open(resolved, flags), "rb")
        try:
            opened = os.fstat(file.fileno())
            if not stat.S_ISREG(opened.st_mode):
                raise FileAccessError(f"{path} is no ordinary file")
            if not os.path.samestat(opened, self.resolve(path).stat()):
                raise FileAccessError(f"{path} was exchanged while it was opened")
        except BaseException:
            file.close()
            raise
        return file

    def existing(self, path: object) -> Path:
        """Resolve a path that has to lead somewhere; raises `FileMissingError` beside what `resolve` does. Thread: any."""
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
        return path


def _really(path: str) -> Path:
    """Follow symlinks and ``..``. Behind a link to itself Python leaves the rest as it is: that is refused."""
    real = os.path.realpath(path)
    if os.path.realpath(real) != real:
        raise ScopeViolationError(f"{path!r:.200} leads through a link to itself")
    return Path(real)


def _is_encodable(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def _key(path: Path) -> str:
    """Give the form of a resolved path in which two names of one place are equal."""
    return os.path.normcase(str(path))
