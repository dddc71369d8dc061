"""Guard: keeps every exception inside slots, Qt virtuals and callbacks of the engine. GUI thread.

PyQt aborts the host if an exception leaves such a function. PySide prints the exception, and ends the process for
`SystemExit`. So each slot, Qt virtual and callback of `runJavaScript` of this package is `guarded`.

A `SystemExit` or `KeyboardInterrupt` is a program's request to exit. If the program has made the application, its event loop
ends soon after with the exit code. In a host the request ends the function only, because the session belongs to the artist.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import logging
from typing import Any, Callable, TypeVar, cast

from auroraview_qt.ipc.calls.failures import pass_exit_wishes_to, report
from auroraview_qt.qt.support.threads import is_gui_thread
from auroraview_qt.qt.support.widgets_only import QtCore, is_alive, made_by_python

F = TypeVar("F", bound=Callable[..., Any])

#: Exit code for Ctrl+C, as a shell has it.
_INTERRUPTED = 130
#: Number of checks, and milliseconds between them, that the application's event loop runs.
_CHECKS, _CHECK_MS = 3, 15

_log = logging.getLogger(__name__)


def guarded(failed: str, otherwise: object = None) -> Callable[[F], F]:
    """Make a function for Qt never raise; use it on each slot, Qt virtual and callback of the engine.

    An exception is logged with its traceback by the logger of the function's module. A callback of the program may delete
    the QObject whose method runs; the method then ends quietly.

    Thread: any.

    Parameters
    ----------
    failed : str
        The log message, which names the failed action. ``"a request was not answered"``
    otherwise : object
        The function's result after an exception; for a Qt virtual, a value that Qt accepts.

    Examples
    --------
    >>> class Page(QWebEnginePage):
    ...     @guarded("a navigation was refused", otherwise=False)
    ...     def acceptNavigationRequest(self, url, kind, is_main_frame): ...
    """

    def decorate(fn: F) -> F:
        log = logging.getLogger(fn.__module__)

        @functools.wraps(fn)
        def run(*arguments: Any, **keywords: Any) -> Any:
            try:
                return fn(*arguments, **keywords)
            except BaseException as error:
                contain(log, error, failed, arguments[0] if arguments else None)
                return otherwise

        return cast(F, run)

    return decorate


def contain(log: logging.Logger, error: BaseException, failed: str, owner: object = None) -> None:
    """Log an exception that must not leave a slot, as `guarded` does; for hot slots, which catch it themselves.

    Thread: any.

    Parameters
    ----------
    log : Logger
        The logger of the slot's module.
    error : BaseException
        The exception.
    failed : str
        The log message.
    owner : object
        The object the slot belongs to. A RuntimeError about a deleted QObject is no failure. Neither is an AttributeError of
        a QObject whose attributes the garbage collector has taken, because Qt may still call such an object.
    """
    if isinstance(owner, QtCore.QObject):
        is_deleted = isinstance(error, RuntimeError) and not is_alive(owner)
        is_collected = isinstance(error, AttributeError) and not vars(owner)
        if is_deleted or is_collected:
            return
    report(log, error, failed)


def _pass_on(wish: BaseException) -> None:
    """End the application's event loop soon, unless the application belongs to a host."""
    app = QtCore.QCoreApplication.instance()
    if app is None or not is_gui_thread():
        return  # on a worker only the function ends, as Python's threads do
    if not made_by_python(app):
        _tell(logging.WARNING, f"{type(wish).__name__} ends the function that raised it, and not the host")
        return
    # From a timer: the answer of a call that exits is sent first.
    QtCore.QTimer.singleShot(0, functools.partial(_exit, _code_of(wish)))


def _code_of(wish: BaseException) -> int:
    """Return the exit code the interpreter would end with."""
    if isinstance(wish, SystemExit):
        code = wish.code
        return code if isinstance(code, int) else int(code is not None)
    return _INTERRUPTED


@guarded("the application was not ended")
def _exit(code: int, checks_left: int = _CHECKS) -> None:
    """End the application's event loop, if there is one.

    Without ``app.exec()``, `QCoreApplication.exit` would also end every later local loop at once. So a program that runs
    local loops only, such as a test, is left alone. A local loop that has been told to quit looks like the application's
    loop until it returns, hence several checks.
    """
    app: Any = QtCore.QCoreApplication.instance()
    thread = QtCore.QThread.currentThread()
    local = sum(
        issubclass(type(each), QtCore.QEventLoop) and is_alive(each) and each.thread() == thread and each.isRunning()
        for each in gc.get_objects()
    )
    if thread.loopLevel() > local and checks_left:
        QtCore.QTimer.singleShot(_CHECK_MS, functools.partial(_exit, code, checks_left - 1))
    elif thread.loopLevel() > local:
        app.exit(code)
        _tell(logging.INFO, f"the program wished to exit: its event loop ends with code {code}")
    else:
        _tell(logging.INFO, f"the program wishes to exit with code {code}, but app.exec() is not running")


def _tell(level: int, message: str) -> None:
    """Log, and ignore a log handler's request to exit, because each attempt to follow it would cause another."""
    with contextlib.suppress(BaseException):
        _log.log(level, message)


pass_exit_wishes_to(_pass_on)
