"""Dock panels in QGIS.  Thread: GUI."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from auroraview_qt.host.detection import host_module, loaded
from auroraview_qt.hosts.base import QtHost

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Frame, FrameOwner
    from auroraview_qt.qt.support.widgets_only import QtWidgets

#: The menu of QGIS that lists its panels, under View.
_PANEL_MENU = "mPanelMenu"


class QgisHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    Thread: GUI.
    """

    name = "qgis"

    @classmethod
    def detect(cls) -> bool:
        """Return whether this is QGIS with its window, not a script that uses its libraries.  Thread: any."""
        return getattr(loaded("qgis.utils"), "iface", None) is not None

    @property
    def version(self) -> str:
        """``"3.22.16"``.  Thread: any."""
        return str(host_module("qgis.core").Qgis.QGIS_VERSION).partition("-")[0]

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """Return QGIS's own."""
        window: QtWidgets.QMainWindow | None = host_module("qgis.utils").iface.mainWindow()
        return window

    @contextlib.contextmanager
    def undo_block(self, name: str) -> Iterator[None]:
        """Group the changes of the block into one edit command of the active layer, if that layer is being edited.

        An error inside takes the changes back. Changes of the project itself have no undo in QGIS.
        """
        layer = host_module("qgis.utils").iface.activeLayer()
        if layer is None or not layer.isEditable():
            yield
            return
        layer.beginEditCommand(name)
        try:
            yield
        except BaseException:
            layer.destroyEditCommand()
            raise
        layer.endEditCommand()

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Make a dock, and list it under View, Panels.

        Raises
        ------
        RuntimeError
            There is no main window yet.
        """
        from auroraview_qt.hosts.frames.dock import DockFrame
        from auroraview_qt.qt.support.widgets_only import QtWidgets

        frame = super().make_frame(owner, window)
        menu = window or self.main_window()
        listed = menu.findChild(QtWidgets.QMenu, _PANEL_MENU) if menu is not None else None
        if isinstance(frame, DockFrame) and listed is not None:
            listed.addAction(frame.dock.toggleViewAction())
        return frame


ADAPTER = QgisHost
