"""Frame a panel in a separate window, if there is no main window to dock in. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auroraview_qt.host.protocol import MARK
from auroraview_qt.hosts.frames.base import FrameBase
from auroraview_qt.hosts.frames.container import PanelContainer
from auroraview_qt.hosts.reloading import end_leftover
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.widgets_only import QtCore, QtGui, QtWidgets, Signal, is_alive

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import FrameOwner


class _Window(PanelContainer):
    """A window with signals for showing and closing."""

    closed = Signal()

    @guarded("closing a panel failed")
    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


class WindowFrame(FrameBase):
    """See `auroraview_qt.hosts.Frame`; it always floats, so `move` and `set_floating` change nothing.

    Thread: GUI.

    Parameters
    ----------
    owner : FrameOwner
        The panel.
    """

    def __init__(self, owner: FrameOwner) -> None:
        super().__init__(owner)
        for stale in QtWidgets.QApplication.topLevelWidgets():
            if stale.objectName() == owner.object_name and stale.property(MARK):
                stale.hide()
                end_leftover(stale, stale.findChild(QtWidgets.QWidget))
        self.window = _Window(owner.object_name)
        self.window.setProperty(MARK, True)
        self.window.setWindowTitle(owner.title)
        self.window.resize(*owner.size)
        self.window.shown.connect(self._tell_shown)
        # Queued, because closing may delete the window, which is still closing.
        self.window.closed.connect(self._tell_closed, QtCore.Qt.ConnectionType.QueuedConnection)
        self.window.destroyed.connect(self._tell_dying)

    @property
    def is_floating(self) -> bool:
        """Always."""
        return True

    @property
    def is_visible(self) -> bool:
        """See `Frame.is_visible`."""
        return bool(self.window.isVisible())

    def _hold(self, widget: QtWidgets.QWidget) -> None:
        self.window.put(widget)

    def show(self) -> None:
        """See `Frame.show`."""
        self.window.show()
        self.window.raise_()

    def hide(self) -> None:
        """See `Frame.hide`."""
        self.window.hide()

    def remove(self) -> None:
        """See `Frame.remove`."""
        self._owner = None
        if is_alive(self.window):
            self.window.deleteLater()
