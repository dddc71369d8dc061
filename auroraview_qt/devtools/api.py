"""Define DevtoolsApi, the methods of a view for its developers; views inherit it. No Qt."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
from pathlib import Path
from typing import Any

from auroraview_qt._version import __version__
from auroraview_qt.devtools.recorder import MAX_BYTES, Recording
from auroraview_qt.devtools.redaction import Redact
from auroraview_qt.host import detection
from auroraview_qt.ipc.calls.decorators import owner_thread_only
from auroraview_qt.ipc.engine.engine import Engine

#: Environment variable: the file to which each view is recorded; a number is added if the file exists.
VARIABLE = "AURORAVIEW_QT_RECORD"


class DevtoolsApi:
    """The methods of a view for recording.

    Thread: GUI.
    """

    _engine: Engine
    #: Whether the environment variable counts for views of this class.
    _is_recorded = True

    @owner_thread_only
    def record(self, path: str | Path, *, redact: Redact = (), max_bytes: int = MAX_BYTES) -> Recording:
        """Record every message of both ends to a file of JSON lines; ``auroraview-qt replay`` and tests can play it.

        A thread of its own writes the file. Each line is complete when it is written, so it survives a crash of the host.

        Parameters
        ----------
        path : path
            The file; an existing file is replaced.
        redact : iterable of str, or callable, optional
            Names whose values are left out: keys of objects, events, commands or keys of the state. Or ``redact(name,
            value)``, which returns the value to record, on another thread.
        max_bytes : int
            Maximum size of the file; then the recording ends.

        Returns
        -------
        Recording
            Its ``stop()`` ends the recording. It is a context manager, too.
        """
        return Recording(self._engine, path, redact=redact, max_bytes=max_bytes, header=self._facts())

    def _record_if_asked(self) -> None:
        """Record if the environment says so."""
        path = os.environ.get(VARIABLE)
        if path and self._is_recorded:
            self._recording = Recording(self._engine, path, header=self._facts(), keeps_old=True)

    def _facts(self) -> dict[str, Any]:
        """Return the facts about the program for a recording's header."""
        facts: dict[str, Any] = {
            "version": __version__,
            "python": platform.python_version(),
            "platform": sys.platform,
            "started": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"),
        }
        binding = sys.modules.get("auroraview_qt.qt.support.widgets_only")
        if binding is not None:
            facts["binding"], facts["qt"] = binding.BINDING
            host = detection.current()
            facts["host"] = f"{host.name} {host.version}".strip()
        return facts
