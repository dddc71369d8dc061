"""The GUI thread: which functions may be called on it only. Any thread."""

from __future__ import annotations

import functools
from typing import Any, Callable, TypeVar, cast

from auroraview_qt.errors import wrong_thread
from auroraview_qt.qt.support.widgets_only import QtCore

F = TypeVar("F", bound=Callable[..., Any])


def is_gui_thread() -> bool:
    """Whether this is the thread of the application; without an application it is. Thread: any."""
    app = QtCore.QCoreApplication.instance()
    return app is None or QtCore.QThread.currentThread() == app.thread()


def check_gui_thread(what: str) -> None:
    """Refuse work that belongs to the GUI thread: Qt would crash, now or later.

    Parameters
    ----------
    what : str
        What was called, for the message: ``"WebView()"``.

    Raises
    ------
    WrongThreadError
        This is another thread.

    Notes
    -----
    Thread: any
    """
    if not is_gui_thread():
        raise wrong_thread(what)


def gui_only(method: F) -> F:
    """Make a method raise `WrongThreadError` on other threads than the GUI thread."""

    @functools.wraps(method)
    def run_checked(self: object, *args: Any, **keywords: Any) -> Any:
        check_gui_thread(f"{type(self).__name__}.{method.__name__}()")
        return method(self, *args, **keywords)

    return cast(F, run_checked)
