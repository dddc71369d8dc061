"""Changes to files: worked out first, then made all or none. Any thread; no Qt.

Owns: how a set of changes is carried out, and how it is shown.
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
    """What becomes of one file: its bytes before and after, None where there is no file."""

    path: Path
    before: Optional[bytes]
    after: Optional[bytes]


class InstallError(Exception):
    """Nothing was written; the text says why, and what to do."""


def read(path: Path) -> bytes | None:
    """Return what is in a file, None where there is none.

    Raises
    ------
    InstallError
        Something else than a file is there, or it cannot be read.

    Notes
    -----
    Thread: any
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InstallError(f"{path} cannot be read ({error.strerror}): move it out of the way") from None


def carry_out(changes: Sequence[Change]) -> None:
    """Make all changes or none: everything is written beside its place first, and only renamed then.

    A file that is a symbolic link is changed where it points to.

    Raises
    ------
    InstallError
        A file could not be written; all are as they were.

    Notes
    -----
    Thread: any
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
    """Write what a file is to be into one beside it, in the same folder, so that renaming it is atomic."""
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
    """Return the folders above a file that are not there, the innermost first.  Thread: any."""
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
    """Remove the bytecode of Python files that are gone, and then those of the folders that are empty.

    Parameters
    ----------
    removed : sequence of Path
        The files that are gone.
    folders : sequence of Path
        Folders that were made for them.

    Notes
    -----
    Thread: any
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
    """Give the lines that show what would change: each path, and its content or difference.  Thread: any."""
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
