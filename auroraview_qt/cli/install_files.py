"""Compute changes to files, then make all of them or none. Thread: any. No Qt.

Owns the execution and the printing of a set of changes.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Optional


class Change(NamedTuple):
    """The change of a file: its bytes before and after, or None if there is no file."""

    path: Path
    before: Optional[bytes]
    after: Optional[bytes]


class InstallError(Exception):
    """Nothing was written; the text has the reason and the remedy."""


def read(path: Path) -> bytes | None:
    """Return a file's content, or None if there is no file.

    Raises
    ------
    InstallError
        If it is not a regular file, or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InstallError(f"{path} cannot be read ({error.strerror}): move it out of the way") from None


def carry_out(changes: Sequence[Change]) -> None:
    """Make all changes or none: write each file beside its place first, then rename all.

    If a file is a symbolic link, its target is changed.

    Raises
    ------
    InstallError
        If a file could not be written; all files are as before.
    """
    with contextlib.ExitStack() as undo, contextlib.ExitStack() as scraps:
        try:
            ready = [(change, _written_aside(change, undo, scraps)) for change in changes]
            for change, temporary in ready:
                target = change.path.resolve()
                undo.callback(_put_back, target, change.before)
                if temporary is not None:
                    temporary.replace(target)
                else:
                    change.path.unlink()
        except OSError as error:
            raise InstallError(
                f"{error.filename or 'a file'} cannot be written ({error.strerror}): nothing was changed"
            ) from None
        undo.pop_all()


def _written_aside(change: Change, undo: contextlib.ExitStack, scraps: contextlib.ExitStack) -> Path | None:
    """Write a file's new content beside the file, in the same folder, so that renaming is atomic."""
    if change.after is None:
        return None
    target = change.path.resolve()
    for folder in reversed(missing_folders(target)):
        folder.mkdir()
        undo.callback(_remove_folder, folder)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    scraps.callback(_remove_file, temporary)
    temporary.write_bytes(change.after)
    if change.before is not None:
        shutil.copymode(target, temporary)
    return temporary


def missing_folders(path: Path) -> list[Path]:
    """Return the missing folders above a file, the innermost first."""
    return [folder for folder in path.parents if not folder.exists()]


def _put_back(path: Path, before: bytes | None) -> None:
    if before is None:
        _remove_file(path)
    elif read(path) != before:
        path.write_bytes(before)


def _remove_file(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _remove_folder(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.rmdir()


def clear_away(removed: Sequence[Path], folders: Sequence[Path]) -> None:
    """Remove the bytecode of removed Python files, and then the empty folders.

    Parameters
    ----------
    removed : sequence of Path
        The removed files.
    folders : sequence of Path
        The folders that were made for them.
    """
    for path in removed:
        cache = path.parent / "__pycache__"
        if path.suffix == ".py" and cache.is_dir():
            for compiled in cache.glob("*.pyc"):
                if compiled.name.partition(".")[0] == path.stem:
                    _remove_file(compiled)
            _remove_folder(cache)
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        _remove_folder(folder)


def describe_changes(changes: Sequence[Change]) -> Iterator[str]:
    """Return the lines of a dry run: each path, and its content or difference."""
    for change in changes:
        verb = "create" if change.before is None else "remove" if change.after is None else "change"
        yield f"{verb} {change.path}"
        before, after = (_lines(content) for content in (change.before, change.after))
        if verb == "create":
            yield from (f"  {line}" for line in after)
        else:
            yield from (f"  {line}" for line in difflib.unified_diff(before, after, "before", "after", lineterm=""))


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode(errors="backslashreplace").splitlines()
