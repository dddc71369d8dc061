"""FileSystem: the commands behind ``auroraview.fs``, inside scopes. No Qt; any thread, one at a time.

Files are written beside their place and moved there, so that no reader sees half of one and a full disk leaves the old one
alone; what is appended is not. Folders are never followed through symlinks when they are listed, copied or removed.
"""

from __future__ import annotations

import base64
import binascii
import functools
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Callable, Optional, TypeVar, cast

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import (
    FileAccessError,
    FileMissingError,
    InvalidArgumentsError,
    PermissionDeniedError,
    ScopeViolationError,
)

#: Bytes of one file that is read or written: above it a page should use a URL, which is not parsed as JSON.
MAX_BYTES = 16 * 1024 * 1024
#: Entries of one listing.
MAX_ENTRIES = 50_000

_ENCODINGS = {"utf-8": "text", "utf8": "text", "text": "text", "base64": "base64", "binary": "base64"}

F = TypeVar("F", bound=Callable[..., Any])


def _explained(command: F) -> F:
    """Turn what the system raises into the errors a page knows."""

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
    """File commands of one view.

    Parameters
    ----------
    scopes : Scopes
        Where files may be.
    write : bool
        Whether anything may be changed.
    max_bytes : int
        Size of one file that is read or written.

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
            raise FileAccessError(f"{path} has {size:,} bytes or more, over the cap of {self._max_bytes:,} for one reading")
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
        folder = self._scopes.existing(path)
        if not folder.is_dir():
            raise FileAccessError(f"{path} is no folder")
        entries: list[dict[str, object]] = []
        for entry in _walk(folder, recursive=recursive is True):
            if len(entries) >= MAX_ENTRIES:
                raise FileAccessError(f"{path} has more than {MAX_ENTRIES:,} entries: list its folders one by one")
            entries.append(entry)
        return entries

    @_explained
    def exists(self, path: str) -> dict[str, bool]:
        """Say whether something is there; what is out of reach is not."""
        try:
            return {"exists": self._scopes.resolve(path).exists()}
        except ScopeViolationError:
            return {"exists": False}

    @_explained
    def stat(self, path: str) -> dict[str, object]:
        """Describe a file or folder: size in bytes, times in milliseconds since 1970."""
        entry = self._scopes.resolve_entry(path)
        found = self._scopes.existing(path).stat()
        return {
            **_described(found),
            "isSymlink": entry.is_symlink(),
            "accessed": _ms(found.st_atime),
            "accessedAt": _ms(found.st_atime),
            "readonly": not found.st_mode & stat.S_IWUSR,
        }

    # Writing

    @_explained
    def write_file(self, path: str, contents: str, append: bool = False, encoding: Optional[str] = None) -> None:
        """Write text, or what base64 holds; folders on the way are made."""
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
            raise FileAccessError(f"{len(data):,} bytes are over the cap of {self._max_bytes:,} for one writing of {path}")
        target = self._target(path)
        if not append:
            self._replace(target, lambda file: file.write(data))
            return
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(target, flags | getattr(os, "O_NONBLOCK", 0), 0o666), "ab") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FileAccessError(f"{path} is no ordinary file")
            file.write(data)

    @_explained
    def create_dir(self, path: str, recursive: bool = True) -> None:
        """Make a folder, and with `recursive` those on the way; one that is there already is no error then."""
        self._need_writing()
        folder = self._scopes.resolve(path)
        if recursive is True:
            folder.mkdir(parents=True, exist_ok=True)
        else:
            folder.mkdir()

    @_explained
    def remove(self, path: str, recursive: bool = False) -> None:
        """Remove a file, a symlink itself, or a folder; one with content only where `recursive`."""
        self._need_writing()
        target = self._movable(path)
        if target.is_symlink() or not target.is_dir():
            target.unlink()
        elif recursive is True:
            shutil.rmtree(target)
        else:
            target.rmdir()

    @_explained
    def copy(self, **arguments: object) -> None:
        """Copy a file or a folder with all it has, ``from`` one path ``to`` another; what is there is replaced."""
        self._need_writing()
        source_path, target_path = _both(arguments)
        source, target = self._scopes.existing(source_path), self._target(target_path)
        if not source.is_dir():
            with self._scopes.open_for_reading(source_path) as file:
                self._replace(target, lambda copied: shutil.copyfileobj(file, copied))
            return
        if target == source or source in target.parents or target in source.parents:
            raise FileAccessError("a folder cannot be copied into itself, nor over one that holds it")
        # Symlinks stay symlinks: where they lead is checked when somebody reads through them.
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)

    @_explained
    def rename(self, **arguments: object) -> None:
        """Move a file, symlink or folder ``from`` one path ``to`` another; a file that is there is replaced."""
        self._need_writing()
        source_path, target_path = _both(arguments)
        source, target = self._movable(source_path), self._movable(target_path)
        if not os.path.lexists(source):
            raise FileMissingError(f"{source_path} does not exist")
        target.parent.mkdir(parents=True, exist_ok=True)
        self._check_again(target)
        source.replace(target)

    # Both

    def _need_writing(self) -> None:
        if not self._may_write:
            raise PermissionDeniedError('this page may only read files: the program enabled "fs" without write=True')

    def _movable(self, path: object) -> Path:
        """Resolve an entry that may go away or be replaced: no root, and nothing that holds one."""
        entry = self._scopes.resolve_entry(path)
        if self._scopes.carries_root(entry):
            raise ScopeViolationError(f"{path} is a folder this page may reach, and cannot be removed, moved or replaced")
        return entry

    def _target(self, path: object) -> Path:
        """Resolve where something is to be written, and make the folders on the way."""
        target = self._scopes.resolve(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._check_again(target)
        return target

    def _check_again(self, target: Path) -> None:
        """See that the folder of a resolved path still is where it was; one exchanged for a symlink is noticed."""
        if Path(os.path.realpath(target.parent)) != target.parent:
            raise ScopeViolationError(f"{target} was exchanged while it was used")

    def _replace(self, target: Path, fill: Callable[[IO[bytes]], object]) -> None:
        """Write a file beside `target` and move it there; an old one keeps its mode."""
        if target.exists() and not target.is_file():
            raise FileAccessError(f"{target} is no ordinary file")
        beside = target.with_name(f".{secrets.token_hex(8)}.tmp")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(beside, flags, 0o666), "wb") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                beside.chmod(stat.S_IMODE(target.stat().st_mode))
            self._check_again(target)
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)  # type: ignore[call-arg, unused-ignore]
            raise


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
    """Give the arguments ``from`` and ``to``; the first is no name a Python parameter can have."""
    if arguments.keys() != {"from", "to"}:
        raise InvalidArgumentsError(f"'from' and 'to' are needed, and nothing else; got {sorted(arguments)}")
    return arguments["from"], arguments["to"]


def _walk(folder: Path, *, recursive: bool) -> Iterator[dict[str, object]]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        try:
            described = _described(entry.stat(follow_symlinks=False))
        except FileNotFoundError:  # gone since
            continue
        described.update(name=_shown(entry.name), path=_shown(entry.path), isSymlink=entry.is_symlink())
        yield described
        if recursive and entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), recursive=True)


def _shown(name: str) -> str:
    """Give a name as JSON can hold it; bytes that are no text are shown as such, and cannot be opened."""
    return os.fsencode(name).decode("utf-8", "replace") if os.name != "nt" else name.encode("utf-8", "replace").decode()


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
