"""Frame a panel in a QMainWindow with a QDockWidget, made here or by the host. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from auroraview_qt.host.protocol import MARK
from auroraview_qt.hosts.frames.base import FrameBase
from auroraview_qt.hosts.reloading import end_leftover
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.widgets_only import QtCore, QtWidgets, is_alive

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Area, FrameOwner

AREAS: dict[Area, QtCore.Qt.DockWidgetArea] = {
    "left": QtCore.Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": QtCore.Qt.DockWidgetArea.RightDockWidgetArea,
    "top": QtCore.Qt.DockWidgetArea.TopDockWidgetArea,
    "bottom": QtCore.Qt.DockWidgetArea.BottomDockWidgetArea,
}

#: By how much a float may differ from its dock if only frame and title bar have changed, in pixels.
_DECORATION_PX = 48
_ACROSS, _DOWN = QtCore.Qt.Orientation.Horizontal, QtCore.Qt.Orientation.Vertical


class DockFrame(FrameBase, QtCore.QObject):
    """See `auroraview_qt.hosts.Frame`.

    Thread: GUI.

    Parameters
    ----------
    owner : FrameOwner
        The panel.
    window : QMainWindow, optional
        The window in which the dock is made.
    dock : QDockWidget, optional
        A dock that the host has made and put into its own window; replaces `window`.
    delete : callable, optional
        The host's own function to delete the dock.

    Raises
    ------
    ValueError
        If a dock of the host, not of this package, has the panel's object name.
    """

    def __init__(
        self,
        owner: FrameOwner,
        window: QtWidgets.QMainWindow | None = None,
        dock: QtWidgets.QDockWidget | None = None,
        delete: Callable[[QtWidgets.QDockWidget], object] | None = None,
    ) -> None:
        QtCore.QObject.__init__(self)
        FrameBase.__init__(self, owner)
        self._delete = delete
        self._sized = False
        self._floated = False
        #: The last size in each direction that a move has changed, in pixels.
        self._extents: dict[QtCore.Qt.Orientation, int] = {}
        if dock is not None:
            self.dock, self._widget = dock, dock.widget()
        elif window is not None:
            self.dock = self._make(owner, window)
        else:
            raise TypeError("DockFrame() takes a window or a dock")
        self.dock.visibilityChanged.connect(self._on_visible)
        self.dock.topLevelChanged.connect(self._on_floating)
        self.dock.destroyed.connect(self._tell_dying)  # its children still live then
        self._docked_size = self.dock.size()
        self.dock.installEventFilter(self)
        if self.dock.isVisible():  # the layout has shown it already
            self._on_visible(True)

    def _make(self, owner: FrameOwner, window: QtWidgets.QMainWindow) -> QtWidgets.QDockWidget:
        for stale in window.findChildren(QtWidgets.QDockWidget, owner.object_name):
            if not stale.property(MARK):
                raise ValueError(f"object_name={owner.object_name!r} is taken by a dock of the host: choose another")
            window.removeDockWidget(stale)
            end_leftover(stale, stale.widget())
        dock = QtWidgets.QDockWidget(owner.title, window)
        dock.setObjectName(owner.object_name)
        dock.setProperty(MARK, True)
        dock.hide()  # before it is added, because Qt shows a dock that was never hidden
        self._sized = window.restoreDockWidget(dock)  # before it is added, because adding would lose its place
        if not self._sized:
            window.addDockWidget(AREAS[owner.first_area], dock)
        return dock

    def _window(self) -> QtWidgets.QMainWindow | None:
        parent = self.dock.parentWidget()
        return parent if isinstance(parent, QtWidgets.QMainWindow) else None

    @property
    def area(self) -> Area | None:
        """See `Frame.area`."""
        window = self._window()
        if window is None or self.dock.isFloating():
            return None
        here = window.dockWidgetArea(self.dock)
        return next((name for name, area in AREAS.items() if area == here), None)

    @property
    def is_floating(self) -> bool:
        """See `Frame.is_floating`."""
        return bool(self.dock.isFloating())

    @property
    def is_visible(self) -> bool:
        """See `Frame.is_visible`."""
        # Behind another tab a dock has no visible region. A floating one may have none either: its page covers all of it.
        return bool(self.dock.isVisible()) and (self.dock.isFloating() or not self.dock.visibleRegion().isEmpty())

    def _hold(self, widget: QtWidgets.QWidget) -> None:
        self.dock.setWidget(widget)
        widget.show()

    def show(self) -> None:
        """See `Frame.show`."""
        wants_size, self._sized = not self._sized, True
        self.dock.show()
        self.dock.raise_()
        if wants_size and not self.dock.isFloating():
            QtCore.QTimer.singleShot(0, self._give_size)  # the window lays the dock out first

    def _orientation(self) -> QtCore.Qt.Orientation:
        """Return the direction in which the panel alone decides the size: the width at a side, else the height."""
        return _ACROSS if self.area in ("left", "right") else _DOWN

    @guarded("a panel has another size than it was given")
    def _give_size(self) -> None:
        window = self._window() if self._owner is not None and is_alive(self.dock) else None
        if window is None or self._owner is None or self.dock.isFloating():
            return
        width, height = self._owner.size
        window.resizeDocks([self.dock], [self._extents.get(_DOWN, height)], _DOWN)
        if self._orientation() == _ACROSS:
            window.resizeDocks([self.dock], [self._extents.get(_ACROSS, width)], _ACROSS)

    def _note_size(self) -> None:
        """Remember the size in the docked area, before the panel leaves it."""
        if not self.dock.isFloating() and self.is_visible:
            direction = self._orientation()
            self._extents[direction] = self.dock.width() if direction == _ACROSS else self.dock.height()

    def _dock_again(self) -> None:
        """Set the panel's size in its new area, once the window has laid it out; neighbours keep their size."""
        window = self._window()
        docks = window.findChildren(QtWidgets.QDockWidget) if window is not None else []
        here = window.dockWidgetArea(self.dock) if window is not None else None
        others = [dock for dock in docks if dock is not self.dock and dock.isVisible() and not dock.isFloating()]
        if window is not None and here not in [window.dockWidgetArea(dock) for dock in others]:
            QtCore.QTimer.singleShot(0, self._give_size)

    def hide(self) -> None:
        """See `Frame.hide`."""
        self.dock.hide()

    def set_floating(self, floating: bool) -> None:
        """See `Frame.set_floating`."""
        self._note_size()
        self.dock.setFloating(floating)
        if not floating:
            self._dock_again()

    def move(self, area: Area) -> None:
        """See `Frame.move`."""
        window = self._window()
        if window is None:
            return
        self._note_size()
        shown = not self.dock.isHidden()
        self.dock.setFloating(False)
        window.addDockWidget(AREAS[area], self.dock)
        self.dock.setVisible(shown)
        self._dock_again()

    def remove(self) -> None:
        """See `Frame.remove`."""
        self._owner = None
        if is_alive(self.dock) and self._delete is not None:
            self._delete(self.dock)
        elif is_alive(self.dock):
            window = self._window()
            if window is not None:
                window.removeDockWidget(self.dock)
            self.dock.deleteLater()
        self.deleteLater()

    def let_go(self) -> None:
        """Leave a dock of the host: hide it, empty it, and disconnect from it."""
        self._owner = None
        if is_alive(self.dock):
            self.dock.removeEventFilter(self)
            self.dock.visibilityChanged.disconnect(self._on_visible)
            self.dock.topLevelChanged.disconnect(self._on_floating)
            self.dock.destroyed.disconnect(self._tell_dying)
            self.dock.hide()
        self._widget = None
        self.deleteLater()

    @guarded("closing a panel failed", otherwise=False)
    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Notice that the artist sizes or closes the dock; on the dock alone, never on the application."""
        if event.type() == QtCore.QEvent.Type.Resize and not self.dock.isFloating():
            self._docked_size = self.dock.size()
        elif event.type() == QtCore.QEvent.Type.Close and self._owner is not None:
            owner, frame = self._owner, self
            QtCore.QTimer.singleShot(0, guarded("closing a panel failed")(lambda: owner.frame_closed(frame)))
        return False

    @guarded("a panel was not filled")
    def _on_visible(self, visible: bool) -> None:
        if visible and self._owner is not None:
            self._sized = True  # the host's layout shows it, as large as that has it
            self._owner.frame_shown(self)

    @guarded("a floating panel has the size of its dock")
    def _on_floating(self, floating: bool) -> None:
        """Set the panel's size for a first float; Qt remembers later sizes, and the layout's own size stays."""
        if not floating or self._owner is None:
            return
        change = self.dock.size() - self._docked_size
        if not self._floated and max(abs(change.width()), abs(change.height())) <= _DECORATION_PX:
            self.dock.resize(self.dock.size().expandedTo(QtCore.QSize(*self._owner.size)))
        self._floated = True
