"""Frame a panel in a separate window, if there is no main window to dock in. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auroraview_qt.hosts.frames.container import PanelContainer
from auroraview_qt.hosts.reloading import MARK, end_leftover
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.widgets_only import QtCore, QtGui, QtWidgets, Signal, is_alive

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Area, FrameOwner


class _Window(PanelContainer):
    """A window with signals for showing and closing."""

    closed = Signal()

    @guarded("closing a panel failed")
    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


class WindowFrame:
    """See `auroraview_qt.hosts.Frame`; the window always floats, so `move` and `set_floating` do nothing.

    Thread: GUI.

    Parameters
    ----------
    owner : FrameOwner
        The panel.
    """

    def __init__(self, owner: FrameOwner) -> None:
        self._owner: FrameOwner | None = owner
        self._content: QtWidgets.QWidget | None = None
        for stale in QtWidgets.QApplication.topLevelWidgets():
            if stale.objectName() == owner.object_name and stale.property(MARK):
                stale.hide()
                end_leftover(stale, stale.findChild(QtWidgets.QWidget))
        self.window = _Window(owner.object_name)
        self.window.setProperty(MARK, True)
        self.window.setWindowTitle(owner.title)
        self.window.resize(*owner.size)
        self.window.shown.connect(self._on_shown)
        # Queued: closing may delete the window, which is in the midst of it.
        self.window.closed.connect(self._on_closed, QtCore.Qt.ConnectionType.QueuedConnection)
        self.window.destroyed.connect(self._on_dying)

    @property
    def area(self) -> Area | None:
        """None: it is docked nowhere."""
        return None

    @property
    def is_floating(self) -> bool:
        """Always."""
        return True

    @property
    def is_visible(self) -> bool:
        """See `Frame.is_visible`."""
        return bool(self.window.isVisible())

    def put(self, widget: QtWidgets.QWidget) -> None:
        """See `Frame.put`."""
        before, self._content = self._content, widget
        if before is not None and before is not widget and is_alive(before):
            before.deleteLater()
        self.window.put(widget)

    def show(self) -> None:
        """See `Frame.show`."""
        self.window.show()
        self.window.raise_()

    def hide(self) -> None:
        """See `Frame.hide`."""
        self.window.hide()

    def set_floating(self, floating: bool) -> None:
        """Do nothing."""

    def move(self, area: Area) -> None:
        """Do nothing."""

    def remove(self) -> None:
        """See `Frame.remove`."""
        self._owner = None
        if is_alive(self.window):
            self.window.deleteLater()

    @guarded("a panel was not filled")
    def _on_shown(self) -> None:
        if self._owner is not None:
            self._owner.frame_shown(self)

    @guarded("the end of a panel was not noticed")
    def _on_closed(self) -> None:
        if self._owner is not None:
            self._owner.frame_closed(self)

    @guarded("a panel may be lost with its page")
    def _on_dying(self, _window: object = None) -> None:
        owner, self._owner = self._owner, None
        if owner is not None:
            owner.frame_dying(self)
