"""FileSystem: the commands behind ``auroraview.fs``, inside scopes. Thread: any, but a single thread at a time. No Qt.

A file is written beside its place and moved there. So no reader sees half a file, and a full disk leaves the old file alone.
Appending writes in place. Folders are never followed through symlinks when they are listed, copied or removed. Each command
resolves its path once and then works through open folders, see `Folder`.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import functools
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Callable, Optional, TypeVar, cast

from auroraview_qt.capabilities.folder import Folder
from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import (
    FileAccessError,
    FileMissingError,
    InvalidArgumentsError,
    PermissionDeniedError,
    ScopeViolationError,
)

#: Limit in bytes for a file that is read or written. A page should load larger files by URL, without JSON.
MAX_BYTES = 16 * 1024 * 1024
#: Maximum number of entries in a listing.
MAX_ENTRIES = 50_000

_ENCODINGS = {"utf-8": "text", "utf8": "text", "text": "text", "base64": "base64", "binary": "base64"}

F = TypeVar("F", bound=Callable[..., Any])


def _explained(command: F) -> F:
    """Turn exceptions of the system into the documented errors of the page."""

    @functools.wraps(command)
    def run(*args: Any, **keywords: Any) -> Any:
        try:
            return command(*args, **keywords)
        except FileNotFoundError as error:
            raise FileMissingError(f"{error.filename or 'the file'} does not exist") from None
        except (OSError, RecursionError) as error:
            raise FileAccessError(f"{command.__name__}: {error}") from error

    return cast(F, run)


class FileSystem:
    """File commands of a view.

    Parameters
    ----------
    scopes : Scopes
        The folders that may be used.
    write : bool
        Whether files may be changed.
    max_bytes : int
        Size limit of a file that is read or written.

    Notes
    -----
    Thread: any; the commands are not meant to run beside each other.
    """

    def __init__(self, scopes: Scopes, *, write: bool = False, max_bytes: int = MAX_BYTES) -> None:
        self._scopes = scopes
        self._may_write = write
        self._max_bytes = max_bytes

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return the commands by the names a page invokes. Thread: any."""
        return {
            "read_file": self.read_file,
            "read_file_binary": self.read_file_binary,
            "write_file": self.write_file,
            "write_file_binary": self.write_file_binary,
            "read_dir": self.read_dir,
            "exists": self.exists,
            "stat": self.stat,
            "create_dir": self.create_dir,
            "remove": self.remove,
            "copy": self.copy,
            "rename": self.rename,
        }

    # Reading

    @_explained
    def read_file(self, path: str, encoding: Optional[str] = None) -> str:
        """Read a file as UTF-8 text, or as base64."""
        kind = _encoding(encoding)
        with self._scopes.open_for_reading(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size <= self._max_bytes:
                data = file.read(self._max_bytes + 1)  # it may be growing
                size = len(data)
        if size > self._max_bytes:
            raise FileAccessError(f"{path} has {size:,} bytes or more, above the limit of {self._max_bytes:,} for reading")
        if kind == "base64":
            return base64.b64encode(data).decode("ascii")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise FileAccessError(f"{path} is no UTF-8 text ({error.reason}): read it with encoding 'base64'") from None

    def read_file_binary(self, path: str) -> str:
        """Read a file as base64."""
        return self.read_file(path, "base64")

    @_explained
    def read_dir(self, path: str, recursive: bool = False) -> list[dict[str, object]]:
        """List a folder: its entries by name; with `recursive` also those below, each folder before its content."""
        entries: list[dict[str, object]] = []
        resolved = self._scopes.resolve(path)
        with self._scopes.place_of(resolved) as (parent, name):
            if not stat.S_ISDIR(parent.stat(name).st_mode):
                raise FileAccessError(f"{path} is no folder")
            with parent.child(name) as folder:
                for entry in _walk(folder, recursive=recursive is True):
                    if len(entries) >= MAX_ENTRIES:
                        raise FileAccessError(f"{path} has more than {MAX_ENTRIES:,} entries: list its folders separately")
                    entries.append(entry)
        return entries

    @_explained
    def exists(self, path: str) -> dict[str, bool]:
        """Return whether the entry exists; an entry out of scope does not."""
        try:
            with self._scopes.place_of(self._scopes.resolve(path)) as (folder, name):
                folder.stat(name)
        except (ScopeViolationError, OSError):
            return {"exists": False}
        return {"exists": True}

    @_explained
    def stat(self, path: str) -> dict[str, object]:
        """Describe a file or folder: size in bytes, times in milliseconds since 1970."""
        entry, resolved = self._scopes.resolve_entry(path), self._scopes.resolve(path)
        with self._scopes.place_of(resolved) as (folder, name):
            found = folder.stat(name)
        return {
            **_described(found),
            "isSymlink": entry != resolved,
            "accessed": _ms(found.st_atime),
            "accessedAt": _ms(found.st_atime),
            "readonly": not found.st_mode & stat.S_IWUSR,
        }

    # Writing

    @_explained
    def write_file(self, path: str, contents: str, append: bool = False, encoding: Optional[str] = None) -> None:
        """Write text, or decoded base64; make missing folders."""
        self._write(path, _content(contents, _encoding(encoding)), append=append is True)

    @_explained
    def write_file_binary(self, path: str, contents: object, append: bool = False) -> None:
        """Write bytes, given as base64 or as an array of numbers."""
        if isinstance(contents, list):
            try:
                data = bytes(contents)
            except (TypeError, ValueError):
                raise InvalidArgumentsError("contents has to be an array of numbers from 0 to 255") from None
        else:
            data = _content(contents, "base64")
        self._write(path, data, append=append is True)

    def _write(self, path: str, data: bytes, *, append: bool) -> None:
        self._need_writing()
        if len(data) > self._max_bytes:
            raise FileAccessError(f"{len(data):,} bytes are above the limit of {self._max_bytes:,} for writing {path}")
        with self._scopes.place_of(self._scopes.resolve(path), make=True) as (folder, name):
            if not append:
                _replace(folder, name, lambda file: file.write(data))
                return
            with os.fdopen(folder.open_file(name, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "ab") as file:
                file.write(data)

    @_explained
    def create_dir(self, path: str, recursive: bool = True) -> None:
        """Make a folder; with `recursive`, also its missing parents, and an existing folder is no error."""
        self._need_writing()
        resolved = self._scopes.resolve(path)
        if recursive is True:
            self._scopes.open_folder(resolved, make=True).close()
            return
        with self._scopes.place_of(resolved) as (folder, name):
            folder.make_folder(name)

    @_explained
    def remove(self, path: str, recursive: bool = False) -> None:
        """Remove a file, a symlink itself, or a folder; a folder with content only with `recursive`."""
        self._need_writing()
        with self._scopes.place_of(self._movable(path)) as (folder, name):
            if not stat.S_ISDIR(folder.stat(name).st_mode):
                folder.remove(name)
            elif recursive is True:
                folder.remove_tree(name)
            else:
                folder.remove_folder(name)

    @_explained
    def copy(self, **arguments: object) -> None:
        """Copy a file, or a folder with its content, ``from`` a path ``to`` another; replace existing files."""
        self._need_writing()
        source_path, target_path = _both(arguments)
        source, target = self._scopes.existing(source_path), self._scopes.resolve(target_path)
        is_folder = source.is_dir()
        if is_folder and (target == source or source in target.parents or target in source.parents):
            raise FileAccessError("a folder cannot be copied into itself, or over a folder that contains it")
        places = self._scopes.place_of(source), self._scopes.place_of(target, make=True)
        with places[0] as (old_folder, old_name), places[1] as (new_folder, new_name):
            if is_folder:
                # Symlinks stay symlinks; reading through them checks their target.
                old_folder.copy_tree(old_name, new_folder, new_name)
                return
            with os.fdopen(old_folder.open_file(old_name, os.O_RDONLY), "rb") as file:
                _replace(new_folder, new_name, lambda copied: shutil.copyfileobj(file, copied))

    @_explained
    def rename(self, **arguments: object) -> None:
        """Move a file, symlink or folder ``from`` a path ``to`` another; replace an existing file."""
        self._need_writing()
        source_path, target_path = _both(arguments)
        source, target = self._movable(source_path), self._movable(target_path)
        with self._scopes.place_of(source) as (old_folder, old_name):
            old_folder.stat(old_name)  # check the source before folders are made for it
            with self._scopes.place_of(target, make=True) as (new_folder, new_name):
                old_folder.move(old_name, new_folder, new_name)

    # Both

    def _need_writing(self) -> None:
        if not self._may_write:
            raise PermissionDeniedError('this page may only read files: the program enabled "fs" without write=True')

    def _movable(self, path: object) -> Path:
        """Resolve an entry that may be removed or replaced: neither a root nor a folder that contains a root."""
        entry = self._scopes.resolve_entry(path)
        if self._scopes.carries_root(entry):
            raise ScopeViolationError(f"{path} is a folder this page may reach, and cannot be removed, moved or replaced")
        return entry


def _replace(folder: Folder, name: str, fill: Callable[[IO[bytes]], object]) -> None:
    """Write a file over an ordinary file, or to a free name."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(folder.stat(name).st_mode):
            raise FileAccessError(f"{folder.path / name} is no ordinary file")
    folder.replace_file(name, fill)


def _encoding(encoding: object) -> str:
    known = "text" if encoding is None else _ENCODINGS.get(str(encoding).lower())
    if known is None:
        raise InvalidArgumentsError(f"encoding {encoding!r:.50} is not known: use 'utf-8' or 'base64'")
    return known


def _content(contents: object, kind: str) -> bytes:
    if not isinstance(contents, str):
        raise InvalidArgumentsError(f"contents has to be a text, not a {type(contents).__name__}")
    try:
        return base64.b64decode(contents, validate=True) if kind == "base64" else contents.encode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise InvalidArgumentsError(f"contents cannot be written: {error}") from None


def _both(arguments: dict[str, object]) -> tuple[object, object]:
    """Return the arguments ``from`` and ``to``; the first is no name a Python parameter can have."""
    if arguments.keys() != {"from", "to"}:
        raise InvalidArgumentsError(f"'from' and 'to' are needed, and nothing else; got {sorted(arguments)}")
    return arguments["from"], arguments["to"]


def _walk(folder: Folder, *, recursive: bool) -> Iterator[dict[str, object]]:
    for entry in folder.entries():
        try:
            described = _described(entry.stat(follow_symlinks=False))
        except FileNotFoundError:  # gone since
            continue
        # Names that are no text keep their bytes: as the lone surrogates that Python has for them, also in JSON.
        described.update(name=entry.name, path=str(folder.path / entry.name), isSymlink=entry.is_symlink())
        yield described
        if recursive and entry.is_dir(follow_symlinks=False):
            with folder.child(entry.name) as child:
                yield from _walk(child, recursive=True)


def _described(found: os.stat_result) -> dict[str, object]:
    created = getattr(found, "st_birthtime", found.st_ctime)
    is_dir, is_file = stat.S_ISDIR(found.st_mode), stat.S_ISREG(found.st_mode)
    return {
        "size": found.st_size,
        "isDir": is_dir,
        "isDirectory": is_dir,
        "isFile": is_file,
        "modified": _ms(found.st_mtime),
        "modifiedAt": _ms(found.st_mtime),
        "created": _ms(created),
        "createdAt": _ms(created),
    }


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
