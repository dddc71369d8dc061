"""Failures of the program's own code: each is logged with its name, and a wish to exit is passed on. Thread: any. No Qt.

A callback may raise any exception: `SystemExit` from an argument parser, `KeyboardInterrupt` from a terminal,
`GeneratorExit`. Code that calls the program therefore catches `BaseException`, and hands it to `report`.
"""

from __future__ import annotations

import contextlib
import logging
import traceback
from typing import Callable

from auroraview_qt._log_limit import LogLimit

#: Exceptions that ask the whole program to end, and do not mean a failure of the raising function.
EXIT_WISHES = (SystemExit, KeyboardInterrupt)


class ContainedExitError(Exception):
    """A coroutine's request to exit; unchanged, it would end the asyncio loop of all other coroutines.

    Attributes
    ----------
    wish : BaseException
        The exception.
    """

    def __init__(self, wish: BaseException) -> None:
        super().__init__(repr(wish))
        self.wish = wish


_pass_on: Callable[[BaseException], object] | None = None


def pass_exit_wishes_to(fn: Callable[[BaseException], object]) -> None:
    """Set the function that gets each `SystemExit` and `KeyboardInterrupt`, on the thread that raised it."""
    global _pass_on
    _pass_on = fn


def report(
    log: logging.Logger, error: BaseException, message: str, *arguments: object, limit: LogLimit | None = None
) -> None:
    """Log an exception of the program's code with its traceback, and pass a wish to exit on; never raises.

    Parameters
    ----------
    log : Logger
        The logger of the module that called the program's code.
    error : BaseException
        The exception.
    message, *arguments
        Arguments as for `Logger.error`: the failed part, with its name.
    limit : LogLimit, optional
        Counts the failures; failures with the same message and first argument are a kind.
    """
    try:
        if _pass_on is not None and isinstance(error, EXIT_WISHES):
            _pass_on(error)
        note = "" if limit is None else limit.note((message, *arguments[:1]))
        if note is not None:
            noted = f"{message}%s"
            log.error(noted, *arguments, note, exc_info=error, stacklevel=2)
    except BaseException:  # a log handler of the program may raise, too
        with contextlib.suppress(BaseException):
            traceback.print_exception(type(error), error, error.__traceback__)


def name_of(fn: object) -> str:
    """Return the name of a callable as a reader of a log would look for it; never raises."""
    try:
        module = getattr(fn, "__module__", None) or type(fn).__module__
        return f"{module}.{getattr(fn, '__qualname__', type(fn).__qualname__)}"
    except BaseException:  # an object whose attributes raise
        return object.__repr__(fn)
