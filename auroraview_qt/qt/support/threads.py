"""Which thread a widget's methods may be called on."""

from __future__ import annotations

import functools
from typing import Any, Callable, TypeVar, cast

from auroraview_qt.errors import WrongThreadError
from auroraview_qt.qt.support.widgets_only import QtCore

F = TypeVar("F", bound=Callable[..., Any])


def gui_only(method: F) -> F:
    """Raise `WrongThreadError` where a method of a QObject is called off its thread: Qt would crash, later."""

    @functools.wraps(method)
    def guarded(self: QtCore.QObject, *args: Any, **keywords: Any) -> Any:
        if QtCore.QThread.currentThread() != self.thread():
            raise WrongThreadError(f"WebView.{method.__name__}() belongs to the GUI thread: from a worker use emit()")
        return method(self, *args, **keywords)

    return cast(F, guarded)
