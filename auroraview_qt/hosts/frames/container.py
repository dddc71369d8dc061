"""Frame a panel in hosts that call a function for a widget, and may delete and rebuild its surroundings.

The host gets a new empty container with each call. The panel's widget is in the newest container, and leaves it when the
host deletes it. GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auroraview_qt.hosts.frames.base import FrameBase
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.widgets_only import QtCore, QtGui, QtWidgets, Signal, is_alive

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import FrameOwner


class PanelContainer(QtWidgets.QWidget):
    """The widget that the host holds.

    Thread: GUI.

    Parameters
    ----------
    object_name : str
        The panel's object name.
    """

    shown = Signal()

    def __init__(self, object_name: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self._box = QtWidgets.QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    def put(self, widget: QtWidgets.QWidget) -> None:
        """Hold the widget."""
        self._box.addWidget(widget)
        widget.show()

    @guarded("showing a panel failed")
    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """Report the end to the frame."""
        super().showEvent(event)
        self.shown.emit()


class ContainerFrame(FrameBase):
    """See `auroraview_qt.hosts.Frame`; subclasses override the calls of their host.

    Thread: GUI.

    Parameters
    ----------
    owner : FrameOwner
        The panel.
    """

    def __init__(self, owner: FrameOwner) -> None:
        super().__init__(owner)
        self.object_name = owner.object_name
        self._container: PanelContainer | None = None
        _frames[owner.object_name] = self
        early = _early.pop(owner.object_name, None)
        if early is not None and is_alive(early):
            self.adopt(early)

    @property
    def is_visible(self) -> bool:
        """See `Frame.is_visible`."""
        return self._container is not None and is_alive(self._container) and bool(self._container.isVisible())

    def _hold(self, widget: QtWidgets.QWidget) -> None:
        if self._container is not None:
            self._container.put(widget)

    def remove(self) -> None:
        """See `Frame.remove`."""
        self._owner = None
        if _frames.get(self.object_name) is self:
            del _frames[self.object_name]
        shell, self._container = self._container, None
        if shell is not None and is_alive(shell):
            shell.deleteLater()

    def adopt(self, shell: PanelContainer) -> None:
        """Use the container that the host has asked for, and put the page into it."""
        if self._container is not None and is_alive(self._container):
            self._container.destroyed.disconnect(self._on_container_dying)
        self._container = shell
        shell.shown.connect(self._tell_shown)
        shell.destroyed.connect(self._on_container_dying)
        if self._widget is not None:
            shell.put(self._widget)
        if shell.isVisible():
            self._tell_shown()

    def closed(self) -> None:
        """Pass on that the artist has closed the panel; the host calls this while it closes."""
        QtCore.QTimer.singleShot(0, self._tell_closed)

    @guarded("a panel may be lost with its page")
    def _on_container_dying(self, _container: object = None) -> None:
        """Take the page out in time: the host will ask for another container, or the panel is shown again."""
        if self._container is None:  # it was removed, and its widget with it
            return
        self._container = None
        if self._widget is not None and is_alive(self._widget):
            self._widget.hide()
            self._widget.setParent(None)


_frames: dict[str, ContainerFrame] = {}
#: Containers for a host that restores its layout before the tool has started.
_early: dict[str, PanelContainer] = {}


def shell(object_name: str) -> QtWidgets.QWidget:
    """Return the container of a panel for the host; the host's own scripts call this.

    Thread: GUI.

    Parameters
    ----------
    object_name : str
        The name given to `hosts.dock`. For a name that is not docked yet, the container stays empty until the panel is
        docked.
    """
    result = PanelContainer(object_name)
    frame = _frames.get(object_name)
    if frame is not None:
        frame.adopt(result)
    else:
        _early[object_name] = result
    return result


def closed(object_name: str) -> None:
    """Report to a panel that it has been closed; the host's own scripts call this.  Thread: GUI."""
    frame = _frames.get(object_name)
    if frame is not None:
        frame.closed()


def forget() -> None:
    """Forget all frames and waiting containers, for tests.  Thread: GUI."""
    _frames.clear()
    _early.clear()
