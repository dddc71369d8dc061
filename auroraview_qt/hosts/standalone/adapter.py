"""Show each panel in a separate window, in a program without a main window. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auroraview_qt.hosts.base import QtHost

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Frame, FrameOwner
    from auroraview_qt.qt.support.widgets_only import QtWidgets


class StandaloneHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    Thread: GUI.
    """

    name = "standalone"

    @classmethod
    def detect(cls) -> bool:
        """Return True: this adapter is asked last.  Thread: any."""
        return True

    @property
    def scale(self) -> float:
        """Device pixels per pixel of the first screen."""
        from auroraview_qt.qt.support.widgets_only import QtGui

        screen = QtGui.QGuiApplication.primaryScreen()
        return float(screen.devicePixelRatio())

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Make a window; with `window`, a dock in it.

        Raises
        ------
        RuntimeError
            There is no QApplication yet.
        """
        from auroraview_qt.hosts.frames.window import WindowFrame
        from auroraview_qt.qt.support.widgets_only import QtWidgets

        if window is not None:
            return super().make_frame(owner, window)
        if QtWidgets.QApplication.instance() is None:
            raise RuntimeError("make a QApplication before the first panel")
        return WindowFrame(owner)


ADAPTER = StandaloneHost
