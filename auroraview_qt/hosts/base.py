"""Provide the base of hosts with a Qt main window; an adapter overrides the differences.

Qt is imported inside the methods, so that a host can be recognised before its Qt has been touched. Thread: GUI, except
`run_on_main_thread`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

    from auroraview_qt.host.protocol import Frame, FrameOwner
    from auroraview_qt.qt.support.widgets_only import QtWidgets

T = TypeVar("T")


def _likeness(window: QtWidgets.QMainWindow) -> tuple[bool | int, ...]:
    """Return how much a window is like a program's main window; the first difference counts."""
    from auroraview_qt.qt.support.widgets_only import QtCore

    return (
        window.parentWidget() is None and window.windowType() == QtCore.Qt.WindowType.Window and not window.isModal(),
        window.isVisible(),
        window.menuWidget() is not None,  # menuBar() would make one
        not window.testAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose),
        window.isActiveWindow(),
        window.width() * window.height(),
    )


class QtHost:
    """A Qt program with a main window and no other known features; see `auroraview_qt.hosts.Host` for the members.

    Thread: GUI.
    """

    name = "generic"

    @classmethod
    def detect(cls) -> bool:
        """Return False: each adapter detects its own host.  Thread: any."""
        return False

    @property
    def version(self) -> str:
        """Return the application's version.  Thread: any."""
        from auroraview_qt.qt.support.widgets_only import QtCore

        return str(QtCore.QCoreApplication.applicationVersion())

    @property
    def binding(self) -> tuple[str, str]:
        """See `Host.binding`.  Thread: any."""
        from auroraview_qt.qt.support.widgets_only import BINDING

        return BINDING

    @property
    def scale(self) -> float:
        """Device pixels per pixel of the main window."""
        window = self.main_window()
        return float(window.devicePixelRatioF()) if window is not None else 1.0

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """Return the program's main window, not a window that belongs to another window."""
        from auroraview_qt.qt.support.widgets_only import QtWidgets

        windows = [w for w in QtWidgets.QApplication.topLevelWidgets() if isinstance(w, QtWidgets.QMainWindow)]
        return max(windows, key=_likeness, default=None)

    def run_on_main_thread(self, fn: Callable[[], T]) -> Future[T]:
        """See `Host.run_on_main_thread`.  Thread: any."""
        from auroraview_qt.hosts.main_thread import main_thread

        return main_thread().run(fn)

    def undo_block(self, name: str) -> AbstractContextManager[Any]:
        """Do nothing: the package cannot undo in a plain program."""
        return contextlib.nullcontext()

    def on_shutdown(self, fn: Callable[[], object]) -> None:
        """See `Host.on_shutdown`; the functions run at `aboutToQuit`, or at interpreter exit if the host never emits it."""
        from auroraview_qt.hosts.shutdown import shutdown

        shutdown().add(fn)

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Make a QDockWidget in the main window.

        Raises
        ------
        RuntimeError
            There is no main window yet.
        """
        from auroraview_qt.hosts.frames.dock import DockFrame

        window = window or self.main_window()
        if window is None:
            raise RuntimeError(f"{self.name} has no main window yet: dock the panel once it is there")
        return DockFrame(owner, window)
