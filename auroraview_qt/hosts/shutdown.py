"""Run functions when the host quits: once, the latest first, while its windows are still usable. GUI thread."""

from __future__ import annotations

import atexit
import logging
from collections.abc import Callable

from auroraview_qt.ipc.calls.failures import name_of
from auroraview_qt.qt.support.guard import contain, guarded
from auroraview_qt.qt.support.widgets_only import QtCore

_log = logging.getLogger(__name__)
_instance: Shutdown | None = None


class Shutdown:
    """A list of functions that runs once, at the first sign of the end.

    Thread: GUI.
    """

    def __init__(self) -> None:
        self._functions: list[Callable[[], object]] = []
        self.has_begun = False
        app = QtCore.QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.run)
        atexit.register(self.run)

    def add(self, fn: Callable[[], object]) -> None:
        """Call `fn` at the end."""
        self._functions.append(fn)

    @guarded("the host quits without some functions for its end")
    def run(self) -> None:
        """Call all functions; log a failure and go on."""
        self.has_begun = True
        while self._functions:
            fn = self._functions.pop()
            try:
                fn()
            except BaseException as error:
                contain(_log, error, f"{name_of(fn)} failed while the host quits")


def shutdown() -> Shutdown:
    """Return the process's object.  Thread: GUI."""
    global _instance
    if _instance is None:
        _instance = Shutdown()
    return _instance
