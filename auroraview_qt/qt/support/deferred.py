"""Deferred work: calls the program's code from the event loop, and not from inside of the engine. GUI thread.

Qt calls virtuals, slots and callbacks of this package from the middle of the engine's own work. Code of the program must not
run there. It may delete the view, and the engine would go on with a deleted object. A log handler is such code, too.
"""

from __future__ import annotations

import logging
import sys
from collections import deque
from typing import Any, Callable

from auroraview_qt.qt.support.binding import QtCore
from auroraview_qt.qt.support.guard import contain

_log = logging.getLogger(__name__)

_steps: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()
_armed = False


def run_later(step: Callable[..., object], *arguments: object) -> None:
    """Call a function from the event loop, in the order of the calls of `run_later`; its exceptions are logged.

    Thread: GUI
    """
    _steps.append((step, arguments))
    _arm()


def _arm() -> None:
    global _armed
    if not _armed:
        _armed = True
        QtCore.QTimer.singleShot(0, _run)


def _run() -> None:
    global _armed
    _armed = False
    while _steps:
        step, arguments = _steps.popleft()
        if _steps:  # the step may open a dialog, in whose event loop the other steps have to go on
            _arm()
        try:
            step(*arguments)
        except BaseException as error:
            contain(_log, error, f"{getattr(step, '__name__', 'a step')} failed")


class DeferredLog:
    """Logs from inside of the engine: the record is made at once, and handled from the event loop.

    Thread: GUI.

    Parameters
    ----------
    name : str
        The name of the logger for the records.
    """

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def log(self, level: int, message: str, *arguments: object) -> None:
        """See `Logger.log`."""
        self._put(level, message, arguments)

    def info(self, message: str, *arguments: object) -> None:
        """See `Logger.info`."""
        self._put(logging.INFO, message, arguments)

    def warning(self, message: str, *arguments: object) -> None:
        """See `Logger.warning`."""
        self._put(logging.WARNING, message, arguments)

    def error(self, message: str, *arguments: object) -> None:
        """See `Logger.error`."""
        self._put(logging.ERROR, message, arguments)

    def _put(self, level: int, message: str, arguments: tuple[object, ...]) -> None:
        if self._logger.isEnabledFor(level):
            caller = sys._getframe(2)
            place = caller.f_code.co_filename, caller.f_lineno
            record = self._logger.makeRecord(
                self._logger.name, level, *place, message, arguments, None, caller.f_code.co_name
            )
            run_later(self._logger.handle, record)
