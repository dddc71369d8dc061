"""Functions of other threads, run on the GUI thread. Each process has a single object; any thread may make it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from auroraview_qt.ipc.calls.runners import resolve
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.widgets_only import QtCore, Signal, is_alive

T = TypeVar("T")

_instance: MainThread | None = None


class MainThread(QtCore.QObject):
    """Runs functions on the thread of the application, in the order they came.

    Thread: any.

    Raises
    ------
    RuntimeError
        There is no application.
    """

    _asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        app = QtCore.QCoreApplication.instance()
        if app is None:
            raise RuntimeError("there is no QApplication, and so no main thread to run on")
        self._jobs: deque[tuple[Future[Any], Callable[[], object]]] = deque()
        self.moveToThread(app.thread())
        self._asked.connect(self._on_asked, QtCore.Qt.ConnectionType.QueuedConnection)

    def run(self, fn: Callable[[], T]) -> Future[T]:
        """See `Host.run_on_main_thread`."""
        future: Future[T] = Future()
        if QtCore.QThread.currentThread() == self.thread():
            resolve(future, fn)
        else:
            self._jobs.append((future, fn))
            self._asked.emit()
        return future

    @guarded("a function was not run on the main thread")
    def _on_asked(self) -> None:
        # From a timer, not from here: a dialog opened in a posted event keeps QtWebEngine from running.
        QtCore.QTimer.singleShot(0, self._run_next)

    @guarded("a function was not run on the main thread")
    def _run_next(self) -> None:
        if self._jobs:
            resolve(*self._jobs.popleft())


def main_thread() -> MainThread:
    """Return the process's object.

    Thread: any.

    Raises
    ------
    RuntimeError
        There is no application.
    """
    global _instance
    if _instance is None or not is_alive(_instance):
        _instance = MainThread()
    return _instance
