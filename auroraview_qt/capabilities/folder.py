"""Reach the entries of an open folder through the folder, not by their paths. Thread: any. No Qt.

On Linux and macOS each folder of a path is opened through its parent folder, and no symlink is followed. So a checked path
keeps its target, even if another program exchanges a folder meanwhile. Windows has no such calls. There each step uses its
path, and then compares the path's real target right after the step.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Callable

from auroraview_qt.errors import FileAccessError, ScopeViolationError

#: Whether this system opens entries through their folder.
ANCHORED = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW") and hasattr(os, "O_DIRECTORY")

#: An invalid descriptor, so that a closed folder refuses everything.
_CLOSED = -1

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
#: Without waiting: to open a pipe would wait for its other end.
_FILE = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Folder:
    """An open folder; close it, or use it in a ``with`` statement.

    Parameters
    ----------
    path : Path
        The path, for messages; on Windows also for each step.
    descriptor : int, optional
        The descriptor of the open folder; None on Windows.

    Notes
    -----
    Thread: any. Every method raises OSError as the system does, with the full path as its ``filename``.
    """

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def open(cls, path: Path) -> Folder:
        """Open a folder by its path, which has no symlinks."""
        if not ANCHORED:
            _check(path)
            if not path.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
            return cls(path, None)
        return cls(path, _open_folder(path, None))

    def close(self) -> None:
        """Close the folder; a second call does nothing."""
        if self._descriptor is not None and self._descriptor != _CLOSED:
            descriptor, self._descriptor = self._descriptor, _CLOSED
            os.close(descriptor)

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Steps

    def child(self, name: str, *, make: bool = False) -> Folder:
        """Open the folder `name` in this folder; with `make`, make it first if it is missing."""
        if make:
            with contextlib.suppress(FileExistsError):
                self.make_folder(name)
        with self._naming(name):
            if not ANCHORED:
                return Folder.open(self.path / name)
            return Folder(self.path / name, _open_folder(name, self._descriptor))

    def open_file(self, name: str, flags: int) -> int:
        """Open the ordinary file `name`, and return its descriptor.

        Raises
        ------
        FileAccessError
            If it is a folder, a pipe, a device or a symlink.
        ScopeViolationError
            Windows: another program exchanged it meanwhile.
        """
        if not flags & os.O_CREAT:
            self._need_file(name, self.stat(name))  # before it is opened: a device may act on that
        with self._naming(name):
            descriptor = os.open(self._of(name), flags | _FILE, 0o666, dir_fd=self._descriptor)
        try:
            opened = os.fstat(descriptor)
            self._need_file(name, opened)
            if not ANCHORED:
                _check(self.path / name)
                if not os.path.samestat(opened, (self.path / name).stat()):
                    raise ScopeViolationError(f"{self.path / name} was exchanged while it was opened")
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def stat(self, name: str) -> os.stat_result:
        """Describe the entry `name`, a symlink itself."""
        with self._naming(name):
            return os.stat(self._of(name), dir_fd=self._descriptor, follow_symlinks=False)

    def entries(self) -> list[os.DirEntry[str]]:
        """Return the entries, sorted by name. Ask them for more only while the folder is open."""
        with self._naming("."), os.scandir(self._place) as found:
            return sorted(found, key=lambda entry: entry.name)

    # Changes

    def make_folder(self, name: str) -> None:
        """Make the folder `name`."""
        with self._naming(name):
            os.mkdir(self._of(name), dir_fd=self._descriptor)

    def remove(self, name: str) -> None:
        """Remove the file or symlink `name`."""
        with self._naming(name):
            os.unlink(self._of(name), dir_fd=self._descriptor)

    def remove_folder(self, name: str) -> None:
        """Remove the empty folder `name`."""
        with self._naming(name):
            os.rmdir(self._of(name), dir_fd=self._descriptor)

    def move(self, name: str, target: Folder, target_name: str) -> None:
        """Move the entry `name` to another folder; it replaces a file there."""
        with self._naming(name):
            os.replace(self._of(name), target._of(target_name), src_dir_fd=self._descriptor, dst_dir_fd=target._descriptor)

    def replace_file(self, name: str, fill: Callable[[IO[bytes]], object], like: os.stat_result | None = None) -> None:
        """Write a file beside the entry `name` and move it there, so that no reader sees half a file.

        Parameters
        ----------
        name : str
            The entry; an ordinary file keeps its mode, a symlink is replaced itself.
        fill : callable
            Writes the content.
        like : os.stat_result, optional
            The file whose mode and times the new file gets. Without it the content is on the disk when this returns.
        """
        beside = f".{secrets.token_hex(8)}.tmp"
        descriptor = self.open_file(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            with os.fdopen(descriptor, "wb") as file:
                fill(file)
                file.flush()
                if like is None:
                    os.fsync(descriptor)
                    self._keep_mode(name, beside, descriptor)
                else:
                    _take_over(like, descriptor if ANCHORED else self.path / beside)
            if not ANCHORED:
                _check(self.path)
            self.move(beside, self, name)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                self.remove(beside)
            raise

    def _keep_mode(self, name: str, beside: str, descriptor: int) -> None:
        """Give the new file the mode of the file that it replaces."""
        try:
            old = self.stat(name)
        except FileNotFoundError:
            return
        if stat.S_ISREG(old.st_mode):
            _set_mode(descriptor if ANCHORED else self.path / beside, old)

    # Trees

    def remove_tree(self, name: str) -> None:
        """Remove the folder `name` with all it has; symlinks are removed themselves."""
        with self.child(name) as folder:
            for entry in folder.entries():
                if entry.is_dir(follow_symlinks=False):
                    folder.remove_tree(entry.name)
                else:
                    folder.remove(entry.name)
        self.remove_folder(name)

    def copy_tree(self, name: str, target: Folder, target_name: str) -> None:
        """Copy the folder `name` with all it has, modes and times included. Symlinks stay symlinks."""
        with self.child(name) as source, target.child(target_name, make=True) as copied:
            for entry in source.entries():
                found = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(found.st_mode):
                    source.copy_tree(entry.name, copied, entry.name)
                elif stat.S_ISLNK(found.st_mode):
                    copied.make_link(entry.name, source.read_link(entry.name))
                else:
                    source.copy_file(entry.name, copied, entry.name, found)
            _take_over(self.stat(name), copied._place)

    def copy_file(self, name: str, target: Folder, target_name: str, like: os.stat_result | None = None) -> None:
        """Copy the content of a file; `like` as in `replace_file`."""
        with os.fdopen(self.open_file(name, os.O_RDONLY), "rb") as file:
            target.replace_file(target_name, lambda copied: shutil.copyfileobj(file, copied), like)

    def read_link(self, name: str) -> str:
        """Return the text of the symlink `name`."""
        with self._naming(name):
            return os.readlink(self._of(name), dir_fd=self._descriptor)

    def make_link(self, name: str, text: str) -> None:
        """Make the symlink `name`; a file or symlink there is replaced."""
        with contextlib.suppress(FileNotFoundError):
            self.remove(name)
        with self._naming(name):
            os.symlink(text, self._of(name), dir_fd=self._descriptor)

    # Both

    @property
    def _place(self) -> int | Path:
        return self.path if self._descriptor is None else self._descriptor

    def _of(self, name: str) -> str:
        """Return the name for the system's calls: alone, or on Windows with the folder's path."""
        return name if self._descriptor is not None else str(self.path / name)

    def _need_file(self, name: str, found: os.stat_result) -> None:
        if stat.S_ISDIR(found.st_mode):
            raise FileAccessError(f"{self.path / name} is a folder, not a file")
        if not stat.S_ISREG(found.st_mode):
            raise FileAccessError(f"{self.path / name} is no ordinary file")

    @contextlib.contextmanager
    def _naming(self, name: str) -> Iterator[None]:
        """Let errors of the system name the whole path."""
        try:
            yield
        except OSError as error:
            error.filename = str(self.path / name)
            raise


def _open_folder(path: str | Path, parent: int | None) -> int:
    try:
        return os.open(path, _FOLDER, dir_fd=parent)
    except PermissionError:
        if not hasattr(os, "O_PATH"):
            raise
        return os.open(path, _FOLDER | os.O_PATH, dir_fd=parent)  # a folder to pass through, not to list


def _take_over(found: os.stat_result, place: int | Path) -> None:
    """Give a copy the mode and the times of its original."""
    _set_mode(place, found)
    os.utime(place, ns=(found.st_atime_ns, found.st_mtime_ns))


def _set_mode(place: int | Path, like: os.stat_result) -> None:
    mode = stat.S_IMODE(like.st_mode)
    if isinstance(place, int):
        os.fchmod(place, mode)
    else:
        place.chmod(mode)


def _check(path: Path) -> None:
    """See that a resolved path still leads to itself."""
    if Path(os.path.realpath(path)) != path:
        raise ScopeViolationError(f"{path} was exchanged while it was used")
