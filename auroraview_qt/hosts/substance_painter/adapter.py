"""Dock panels in Substance 3D Painter, which makes, restores and lists the docks itself. GUI thread.

Written against Adobe's documentation and checked against a fake of it; not run in Painter. Docks are restored by their
widget's object name. Before there is a window, Painter raises:
https://github.com/AdobeDocs/painter-python-api/blob/main/src/pages/api/substance_painter/ui.md.
"""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from auroraview_qt.host.detection import loaded
from auroraview_qt.hosts.base import QtHost

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Frame, FrameOwner
    from auroraview_qt.qt.support.widgets_only import QtWidgets


class PainterHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    Thread: GUI.
    """

    name = "substance_painter"

    @classmethod
    def detect(cls) -> bool:
        """Return whether Painter's own module is there; it exists inside Painter only.  Thread: any."""
        return loaded("substance_painter") is not None

    @property
    def version(self) -> str:
        """Return the version, such as ``"10.1.0"``; empty before Painter 8, which does not report it.  Thread: any."""
        from substance_painter import application

        version = getattr(application, "version", None)
        return str(version()) if version is not None else ""

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """Return Painter's window; None before Painter has one."""
        from substance_painter import ui
        from substance_painter.exception import ServiceNotFoundError

        try:
            window: QtWidgets.QMainWindow = ui.get_main_window()
        except ServiceNotFoundError:
            return None
        return window

    def undo_block(self, name: str) -> AbstractContextManager[Any]:
        """Group changes into a step of the layer stack's undo, if Painter offers that to scripts (10.1)."""
        try:
            from substance_painter.layerstack import ScopedModification
        except ImportError:
            return contextlib.nullcontext()
        block: AbstractContextManager[Any] = ScopedModification(name)
        return block

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Let Painter make a dock; with `window`, make a dock in that window."""
        if window is not None or self.main_window() is None:
            return super().make_frame(owner, window)
        from substance_painter import ui

        from auroraview_qt.hosts.frames.dock import DockFrame
        from auroraview_qt.qt.support.widgets_only import QtWidgets

        place = QtWidgets.QWidget()
        place.setObjectName(owner.object_name)  # the dock's name when Painter restores its layout
        place.setWindowTitle(owner.title)
        return DockFrame(owner, dock=ui.add_dock_widget(place), delete=ui.delete_ui_element)


ADAPTER = PainterHost
