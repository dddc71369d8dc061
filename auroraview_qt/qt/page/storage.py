"""Claim the folder of a named storage for this process. GUI thread.

Chromium's databases allow a single process. The second process with a name keeps what its pages store in memory.
"""

from __future__ import annotations

import functools
import logging
from pathlib import Path

from auroraview_qt.errors import StorageError
from auroraview_qt.qt.support.data_folder import FOLDER_VARIABLE, storage_folder
from auroraview_qt.qt.support.widgets_only import QtCore

#: Allowed access to the folder: it has the user's logins.
_MODE = 0o700

_log = logging.getLogger(__name__)


class Storage:
    """A name for the data of pages, and its folder.

    Parameters
    ----------
    name : str
        A checked name.

    Attributes
    ----------
    folder : Path
        The files of the storage.
    is_ours : bool
        Whether this process may write Chromium's files there. If not, the log has the reason.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = Path()
        self._lock: QtCore.QLockFile | None = None
        why = self._claim()
        self.is_ours = not why
        if why:
            _log.warning(
                "storage %r: %s. localStorage, IndexedDB, cookies and the cache of its pages last until this process ends",
                name,
                why,
            )

    def _claim(self) -> str:
        """Return why the folder cannot be used; empty if it can."""
        try:
            self.folder = storage_folder(self.name)
            self.folder.mkdir(mode=_MODE, parents=True, exist_ok=True)
        except (OSError, StorageError) as error:
            return (
                f"{error}; set {FOLDER_VARIABLE} to a folder that can be written"
                if isinstance(error, OSError)
                else str(error)
            )
        path = str(self.folder / "web.lock")
        lock = QtCore.QLockFile(path)
        lock.setStaleLockTime(0)
        if lock.tryLock(0):
            self._lock = lock
            return ""
        if lock.error() != QtCore.QLockFile.LockError.LockFailedError:
            return f"{path} cannot be written; set {FOLDER_VARIABLE} to a folder that can"
        return f"{_holder(path)} uses it; if no such process runs, delete {path}"


@functools.cache
def claimed_storage(name: str) -> Storage:
    """Return the storage of a name, claimed until the process ends: profiles of the name may come and go."""
    return Storage(name)


def _holder(path: str) -> str:
    """Return the process that holds a lock. The file has its number, program and host, which the bindings return unalike."""
    try:
        number, program, host = (Path(path).read_text(encoding="utf-8", errors="replace").splitlines() + [""] * 3)[:3]
    except OSError:
        return "another process"
    return f"process {number} ({program}) on {host}" if number else "another process"
