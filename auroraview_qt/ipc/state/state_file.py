"""Keep keys of the shared state in an SQLite file, shared by all processes with the same storage name. No Qt.

A worker thread writes, so that a slow drive never blocks the thread that changes the state. SQLite's rollback journal is
used, since its write-ahead log does not work on network file systems (https://sqlite.org/wal.html).
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from auroraview_qt.ipc.calls.runners import Pool
from auroraview_qt.ipc.state.state_patches import encode
from auroraview_qt.ipc.wire import json_text

#: Seconds a write waits for another process that writes.
BUSY_S = 10.0
#: Seconds a read waits for another process that writes.
READ_S = 2.0
#: Seconds that the end of the interpreter waits for unfinished writes.
EXIT_S = 5.0

_DELETED = object()
_SCHEMA = "CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value BLOB NOT NULL, changed REAL NOT NULL)"

_log = logging.getLogger(__name__)
_files: weakref.WeakValueDictionary[Path, StateFile] = weakref.WeakValueDictionary()
_open: weakref.WeakSet[StateFile] = weakref.WeakSet()
_files_lock = threading.RLock()


class StateFile:
    """Keys and values of a storage name. Thread: any.

    Parameters
    ----------
    path : Path
        The SQLite file. Its folder is made with the first write.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pool = Pool(1, "auroraview-state")
        self._condition = threading.Condition()
        self._waiting: dict[str, object] = {}
        self._is_writing = False
        self._has_complained = False
        with _files_lock:
            _open.add(self)

    def read(self, keys: Iterable[str]) -> dict[str, Any]:
        """Return the stored values of these keys; keys without a value are missing.

        A damaged file is renamed and logged.
        """
        wanted = list(keys)
        if not self.path.exists():
            return {}
        marks = ",".join("?" * len(wanted))
        try:
            with self._connected(READ_S) as database:
                rows = database.execute(f"SELECT key, value FROM state WHERE key IN ({marks})", wanted).fetchall()
        except sqlite3.OperationalError as error:  # another process holds the lock, or made the file a moment ago
            _log.warning("%s: the stored state could not be read: %s", self.path, error)
            return {}
        except sqlite3.DatabaseError as error:
            self._put_aside(error)
            return {}
        return {key: json_text.loads(value) for key, value in rows}

    def enqueue(self, key: str, value: object) -> None:
        """Store a value soon. The value may only be replaced afterwards, not changed."""
        self._enqueue(key, value)

    def delete(self, key: str) -> None:
        """Delete a key soon."""
        self._enqueue(key, _DELETED)

    def flush(self, timeout_s: float = EXIT_S) -> bool:
        """Wait until everything is written; return False after `timeout_s` seconds or a failure."""
        with self._condition:
            if self._waiting and not self._is_writing:  # the last write failed
                self._start()
            self._condition.wait_for(lambda: not self._is_writing, timeout_s)
            return not self._waiting

    def _enqueue(self, key: str, value: object) -> None:
        with self._condition:
            self._waiting[key] = value
            if not self._is_writing:
                self._start()

    def _start(self) -> None:
        """Let the worker write. Called under the lock."""
        self._is_writing = True
        self._pool.submit(self._write)

    def _write(self) -> None:
        """Write until nothing waits; on the worker thread."""
        while True:
            with self._condition:
                batch, self._waiting = self._waiting, {}
                if not batch:
                    self._is_writing = False
                    self._condition.notify_all()
                    return
            try:
                self._write_batch(batch)
            except (sqlite3.Error, OSError) as error:
                with self._condition:
                    self._waiting = {**batch, **self._waiting}
                    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                        self._put_aside(error)
                        continue
                    self._is_writing = False  # the next change tries again
                    self._condition.notify_all()
                if not self._has_complained:
                    self._has_complained = True
                    _log.warning("%s: the state could not be written and waits for the next change: %s", self.path, error)
                return
            self._has_complained = False

    def _write_batch(self, batch: dict[str, object]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        now = time.time()
        with self._connected(BUSY_S) as database:
            database.execute(_SCHEMA)
            database.execute("BEGIN IMMEDIATE")
            for key, value in batch.items():
                if value is _DELETED:
                    database.execute("DELETE FROM state WHERE key = ?", (key,))
                else:
                    database.execute("REPLACE INTO state VALUES (?, ?, ?)", (key, encode(value), now))
            database.execute("COMMIT")

    @contextlib.contextmanager
    def _connected(self, timeout_s: float) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(str(self.path), timeout=timeout_s, isolation_level=None)
        try:
            yield database
        finally:
            database.close()

    def _put_aside(self, error: Exception) -> None:
        damaged = self.path.with_name(f"{self.path.name}.damaged")
        with contextlib.suppress(OSError):
            self.path.replace(damaged)
        _log.warning("%s cannot be read and is now %s: %s", self.path, damaged.name, error)


def state_file(path: Path) -> StateFile:
    """Return the file object of a path, a single object for each path and process. Thread: any."""
    with _files_lock:
        found = _files.get(path)
        if found is None:
            found = _files[path] = StateFile(path)
        return found


@atexit.register
def flush_all() -> None:
    """Finish the writes of all files. Thread: any."""
    with _files_lock:
        files = list(_open)
    for file in files:
        file.flush()
