"""FrameBase: the part of a frame that all hosts share. It has an owner and holds a widget. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.widgets_only import QtWidgets, is_alive

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Area, FrameOwner


class FrameBase:
    """A frame in a host that reports no place for it; a host's own class overrides the differences.

    See `auroraview_qt.hosts.Frame`.

    Thread: GUI.

    Parameters
    ----------
    owner : FrameOwner
        The panel.
    """

    def __init__(self, owner: FrameOwner) -> None:
        self._owner: FrameOwner | None = owner
        self._widget: QtWidgets.QWidget | None = None

    @property
    def area(self) -> Area | None:
        """None: the host does not tell."""
        return None

    @property
    def is_floating(self) -> bool:
        """Return False if the host does not report it."""
        return False

    @property
    def is_visible(self) -> bool:
        """See `Frame.is_visible`."""
        raise NotImplementedError

    def put(self, widget: QtWidgets.QWidget) -> None:
        """Hold a widget from now on, and delete the one before."""
        before, self._widget = self._widget, widget
        self._hold(widget)
        if before is not None and before is not widget and is_alive(before):
            before.deleteLater()

    def _hold(self, widget: QtWidgets.QWidget) -> None:
        """Show a widget in the host's container."""
        raise NotImplementedError

    def show(self) -> None:
        """See `Frame.show`."""
        raise NotImplementedError

    def hide(self) -> None:
        """See `Frame.hide`."""
        raise NotImplementedError

    def set_floating(self, floating: bool) -> None:
        """Do nothing, if only the artist can do it."""

    def move(self, area: Area) -> None:
        """Do nothing, if only the artist can do it."""

    def remove(self) -> None:
        """See `Frame.remove`."""
        raise NotImplementedError

    # News for the owner

    @guarded("a panel was not filled")
    def _tell_shown(self) -> None:
        if self._owner is not None:
            self._owner.frame_shown(self)

    @guarded("the end of a panel was not noticed")
    def _tell_closed(self) -> None:
        if self._owner is not None:
            self._owner.frame_closed(self)

    @guarded("a panel may be lost with its page")
    def _tell_dying(self, _gone: object = None) -> None:
        owner, self._owner = self._owner, None
        if owner is not None:
            owner.frame_dying(self)
