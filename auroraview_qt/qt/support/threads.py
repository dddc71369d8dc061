"""Check that functions of the GUI thread are called on it. Any thread."""

from __future__ import annotations

import functools
from typing import Any, Callable, TypeVar, cast

from auroraview_qt.errors import wrong_thread
from auroraview_qt.qt.support.widgets_only import QtCore

F = TypeVar("F", bound=Callable[..., Any])


def is_gui_thread() -> bool:
    """Return whether this is the thread of the application; without an application it is. Thread: any."""
    app = QtCore.QCoreApplication.instance()
    return app is None or QtCore.QThread.currentThread() == app.thread()


def check_gui_thread(what: str) -> None:
    """Refuse work of the GUI thread on another thread: Qt would crash, now or later.

    Thread: any.

    Parameters
    ----------
    what : str
        The called function, for the message: ``"WebView()"``.

    Raises
    ------
    WrongThreadError
        This is another thread.
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
