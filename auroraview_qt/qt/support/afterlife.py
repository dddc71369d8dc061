"""Run methods after an object of Qt was destroyed, and make callbacks that keep no object alive. GUI thread.

A view dies with its last reference, as each widget does, if nothing it owns refers to it. Objects below a view find it by
`QObject.parent`, and call it through `weakly`. Connect bound methods to signals, not functions or partials. PySide keeps
functions and all objects they refer to, invisibly to the garbage collector.

A slot on `destroyed` must not be garbage together with its object. The collector clears both in any order; PyQt then calls
an empty slot, which ends the process. `when_destroyed` connects an object that the collector never takes.
"""

from __future__ import annotations

import functools
import logging
import weakref
from collections import deque
from typing import Any, Callable, TypeVar, cast

from auroraview_qt.qt.support.guard import contain
from auroraview_qt.qt.support.widgets_only import QtCore, Slot, delete_now, is_alive

F = TypeVar("F", bound=Callable[..., Any])

_log = logging.getLogger(__name__)


class _Mourner(QtCore.QObject):
    """Calls methods once an object was destroyed, if their own objects still live."""

    def __init__(self, methods: tuple[Callable[[], object], ...]) -> None:
        super().__init__()
        self._methods = [weakref.WeakMethod(method) for method in methods]

    @Slot()
    def on_destroyed(self) -> None:
        """Call them; without an argument, since the destroyed object is no object any more."""
        _mourners.discard(self)
        for reference in self._methods:
            try:
                method = reference()
                if method is not None:
                    method()
            except BaseException as error:
                contain(_log, error, "something was not ended with its page")


#: The waiting objects, so that the collector takes none of them.
_mourners: set[_Mourner] = set()


def when_destroyed(thing: QtCore.QObject, *methods: Callable[[], object]) -> None:
    """Call bound methods when an object was destroyed, in any way.

    Thread: GUI.

    Parameters
    ----------
    thing : QObject
        The object. Its C++ part is being destroyed: the methods must not touch it.
    *methods : callable
        Bound methods, held weakly. If a method's object is garbage together with `thing`, the method is not called. So name
        each object that others may still use, not only their common owner.
    """
    mourner = _Mourner(methods)
    _mourners.add(mourner)
    thing.destroyed.connect(mourner.on_destroyed)


class _GuiThreadDeleter(QtCore.QObject):
    """Deletes objects in the GUI thread that the garbage collector has found in another thread."""

    _found = QtCore.Signal()

    def __init__(self) -> None:
        super().__init__()
        self._objects: deque[tuple[QtCore.QObject, object]] = deque()
        self._found.connect(self._delete_found, QtCore.Qt.ConnectionType.QueuedConnection)

    def add(self, thing: QtCore.QObject, companion: object) -> None:
        """Keep an object and its companion until the GUI thread has deleted the object. Thread: any."""
        self._objects.append((thing, companion))
        self._found.emit()

    @Slot()
    def _delete_found(self) -> None:
        while self._objects:
            thing, _ = self._objects.popleft()
            try:
                if is_alive(thing):
                    delete_now(thing)
            except BaseException as error:
                contain(_log, error, "an object was not deleted")


@functools.lru_cache(maxsize=1)
def gui_thread_deleter() -> _GuiThreadDeleter:
    """Return the object for the ``__del__`` of widgets that must not die in another thread than the GUI thread.

    The garbage collector runs in any thread, and PySide then destroys instances of a Python subclass of `QWebEngineView` in
    that thread: Chromium ends the process. A plain `QWebEngineView` waits for the GUI thread. Measured on PySide2 5.15 and
    PySide6 6.12. The first call, which makes the object, has to come from the GUI thread.
    """
    return _GuiThreadDeleter()


def weakly(method: F) -> F:
    """Return a function that calls a bound method, and does nothing once the method's object is gone. Thread: any."""
    reference = weakref.WeakMethod(method)

    def call(*arguments: Any, **keywords: Any) -> Any:
        alive = reference()
        return alive(*arguments, **keywords) if alive is not None else None

    return cast(F, call)
