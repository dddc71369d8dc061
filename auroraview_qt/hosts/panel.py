"""Define Panel, the result of `hosts.dock`.

Owns the widget, which outlives the frames the host has around it. GUI thread.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, cast, get_args

from auroraview_qt.host.protocol import Area, Frame, Host, OnClose
from auroraview_qt.hosts.shutdown import shutdown
from auroraview_qt.ipc.engine.stalls import STALL_MS, WATCH
from auroraview_qt.qt.look.message import show_message
from auroraview_qt.qt.support.guard import contain, guarded
from auroraview_qt.qt.support.threads import gui_only
from auroraview_qt.qt.support.widgets_only import QtCore, QtWidgets, delete_now, is_alive

if TYPE_CHECKING:
    from auroraview_qt.qt.view import WebView

_log = logging.getLogger(__name__)
#: Classes whose objects `Panel.view` returns.
_VIEWS = ("auroraview_qt.qt.view.WebView", "auroraview_qt.qt.placeholder.Placeholder")

#: The least width and height in pixels of a panel whose widget sets none.
_LEAST = (160, 120)


class Panel:
    """A docked panel; made by `hosts.dock`.

    Thread: GUI.

    Parameters
    ----------
    host : Host
        Makes its frame.
    factory, title, object_name, area, size, on_close, window
        As for `hosts.dock`.

    Attributes
    ----------
    object_name, title, first_area, size, on_close
        The values given to the constructor.

    Raises
    ------
    ValueError
        As `hosts.dock`.
    """

    def __init__(
        self,
        host: Host,
        factory: Callable[[], QtWidgets.QWidget],
        title: str,
        object_name: str,
        area: Area = "right",
        size: tuple[int, int] = (360, 480),
        on_close: OnClose = "hide",
        window: QtWidgets.QMainWindow | None = None,
    ) -> None:
        if not object_name:
            raise ValueError("object_name='': the host's layout needs a name for the panel, such as 'studio.assets'")
        if on_close not in get_args(OnClose):
            raise ValueError(f"on_close={on_close!r}: use 'hide' or 'destroy'")
        self._host = host
        self._factory = factory
        self.title = title
        self.object_name = object_name
        self.first_area = _check_area(area)
        self.size = size
        self.on_close = on_close
        self._chosen_window = window is not None
        self._widget: QtWidgets.QWidget | None = None
        self._destroyed = False
        self._frame: Frame | None = host.make_frame(self, window)
        if not _living:
            host.on_shutdown(_quit_all)
        _living.append(self)

    # State

    @property
    def widget(self) -> QtWidgets.QWidget | None:
        """Return the factory's widget; None before the panel is shown for the first time."""
        return self._widget

    @property
    def view(self) -> WebView | None:
        """Return the widget as a `WebView`; None before the panel is shown for the first time.

        A `Placeholder` that replaces a `WebView` is returned, too, since it accepts the same calls.

        Raises
        ------
        TypeError
            If the factory made another widget.
        """
        if self._widget is None:
            return None
        # Compare by name, because a reloaded module has another class of the same name.
        kinds = {f"{kind.__module__}.{kind.__name__}" for kind in type(self._widget).__mro__}
        if kinds.isdisjoint(_VIEWS):
            raise TypeError(f"panel {self.object_name!r} holds {self._widget!r}, which is no WebView")
        return cast("WebView", self._widget)

    @property
    def factory(self) -> Callable[[], QtWidgets.QWidget]:
        """Return the function that makes the widget."""
        return self._factory

    @property
    def area(self) -> Area | None:
        """Return the side where the panel is docked; None while it floats. Setting it docks it there."""
        return self._frame.area if self._frame is not None else None

    @area.setter
    @gui_only
    def area(self, area: Area) -> None:
        self._live_frame().move(_check_area(area))

    @property
    def is_visible(self) -> bool:
        """Return whether the panel is visible; a panel behind another tab is not."""
        return self._frame is not None and self._frame.is_visible

    @property
    def is_floating(self) -> bool:
        """Return whether the panel is a separate window."""
        return self._frame is not None and self._frame.is_floating

    @property
    def is_lost(self) -> bool:
        """Return whether the host has deleted the frame; the page lives on, and `reattach` docks it again."""
        return self._frame is None and not self._destroyed

    @property
    def is_destroyed(self) -> bool:
        """Return whether the panel is destroyed."""
        return self._destroyed

    # Actions

    @gui_only
    def show(self) -> None:
        """Show the panel in front of other tabs; the first time, the factory makes its widget.

        Raises
        ------
        RuntimeError
            If the panel is lost or destroyed. Exceptions of the factory pass through.
        """
        frame = self._live_frame()
        self._fill(frame)
        frame.show()

    @gui_only
    def hide(self) -> None:
        """Hide it and keep the page."""
        self._live_frame().hide()

    @gui_only
    def close(self) -> None:
        """Close the panel as the artist would: hide it, or destroy it if it was docked with ``on_close="destroy"``."""
        if self.on_close == "destroy":
            self.destroy()
        else:
            self.hide()

    @gui_only
    def float(self, floating: bool = True) -> None:
        """Make the panel a separate window, or dock it again."""
        self._live_frame().set_floating(floating)

    @gui_only
    def destroy(self) -> None:
        """Take it out of the host and end its page; twice is once."""
        self._destroyed = True
        if self in _living:
            _living.remove(self)
        frame, self._frame = self._frame, None
        if frame is not None:
            frame.remove()
        widget, self._widget = self._widget, None
        if widget is not None and is_alive(widget):
            widget.deleteLater()

    @gui_only
    def renew(self, factory: Callable[[], QtWidgets.QWidget]) -> None:
        """Replace the widget by the widget of another factory; the old page ends. `hosts.dock` does this after a reload.

        Parameters
        ----------
        factory : callable
            Makes the widget from now on; if it raises, the old widget stays.

        Raises
        ------
        RuntimeError
            If the panel is lost or destroyed.
        """
        frame = self._live_frame()
        if self._widget is not None:  # otherwise the widget is made when the panel is shown
            self._widget = self._made_by(factory)
            frame.put(self._widget)
        self._factory = factory

    @gui_only
    def reattach(self, window: QtWidgets.QMainWindow | None = None) -> None:
        """Dock the panel and its page again, after the host has deleted the frame, or to change the frame.

        Parameters
        ----------
        window : QMainWindow, optional
            The window; by default the host's current main window.

        Raises
        ------
        RuntimeError
            If the panel is destroyed, or the host has no main window.
        """
        if self._destroyed:
            raise RuntimeError(f"panel {self.object_name!r} is destroyed: hosts.dock() makes it again")
        self._keep_widget()
        self._chosen_window = window is not None
        old, self._frame = self._frame, None
        if old is not None:
            old.remove()
        self._frame = self._host.make_frame(self, window)
        if self._widget is not None:
            self._frame.put(self._widget)

    # Calls of the frame

    def frame_shown(self, frame: Frame) -> None:
        """Fill the frame soon: Qt is still showing it, and a first web view changes the window itself."""
        if self._widget is None:
            QtCore.QTimer.singleShot(0, guarded("a panel was not filled")(lambda: self._fill_shown(frame)))

    def frame_closed(self, frame: Frame) -> None:
        """Destroy the panel if closing it means that."""
        if frame is self._frame and self.on_close == "destroy":
            self.destroy()

    def frame_dying(self, frame: Frame) -> None:
        """Take the widget out of a frame that dies, page and all."""
        if frame is not self._frame:
            return
        self._frame = None
        try:
            if shutdown().has_begun:
                return
            shown = self._widget is not None and is_alive(self._widget) and not self._widget.isHidden()
            self._keep_widget()
            if not self._chosen_window:
                QtCore.QTimer.singleShot(0, guarded("a panel was not docked again")(lambda: self._follow_host(shown)))
        except BaseException as error:
            contain(_log, error, f"panel {self.object_name!r} is lost with its page")

    def _follow_host(self, shown: bool) -> None:
        """Dock a lost panel in the window that the host would choose now, if there is one."""
        if self.is_lost and not shutdown().has_begun and self._host.main_window() is not None:
            self.reattach()
            if shown:
                self.show()

    def _keep_widget(self) -> None:
        if self._widget is not None and is_alive(self._widget):
            self._widget.hide()
            self._widget.setParent(None)
        else:
            self._widget = None

    def _fill_shown(self, frame: Frame) -> None:
        try:
            if frame is self._frame:
                self._fill(frame)
        except BaseException as error:
            contain(_log, error, f"panel {self.object_name!r} could not be made")
            frame.put(_apology(self.title, error))

    def _fill(self, frame: Frame) -> None:
        if self._widget is None or not is_alive(self._widget):
            self._widget = self._made_by(self._factory)
            frame.put(self._widget)

    def _made_by(self, factory: Callable[[], QtWidgets.QWidget]) -> QtWidgets.QWidget:
        """Make the widget, with a title and a minimum size: a web view alone has none, and docks squeeze it to nothing."""
        QtCore.QTimer.singleShot(0, guarded("a stall may be named wrongly")(WATCH.note_event_loop))
        scheme = sys.modules.get("auroraview_qt.qt.page.scheme")
        limit_s = (
            STALL_MS / 1000 if scheme is not None and scheme.has_profile() else 0
        )  # the start of the engine takes longer
        widget = WATCH.run(factory, limit_s, lambda: f"the factory of panel {self.object_name!r}")
        widget.setWindowTitle(self.title)
        hint, most = widget.minimumSizeHint(), widget.maximumSize()
        if not widget.minimumWidth() and hint.width() <= 0:
            widget.setMinimumWidth(min(_LEAST[0], self.size[0], most.width()))
        if not widget.minimumHeight() and hint.height() <= 0:
            widget.setMinimumHeight(min(_LEAST[1], self.size[1], most.height()))
        return widget

    def _live_frame(self) -> Frame:
        if self._frame is None:
            fate = "destroyed" if self._destroyed else "lost with the host's window: call reattach()"
            raise RuntimeError(f"panel {self.object_name!r} is {fate}")
        return self._frame

    def quit(self) -> None:
        """Leave no widget without parent behind when the host quits."""
        widget, self._widget = self._widget, None
        frame, self._frame = self._frame, None
        self._destroyed = True
        if widget is not None and is_alive(widget) and (frame is None or widget.parent() is None):
            delete_now(widget)


#: The panels that end when the host quits.
_living: list[Panel] = []


def _quit_all() -> None:
    while _living:
        _living.pop().quit()


def _check_area(area: Area) -> Area:
    if area not in get_args(Area):
        raise ValueError(f"area={area!r}: use one of {', '.join(map(repr, get_args(Area)))}")
    return area


def _apology(title: str, error: BaseException) -> QtWidgets.QWidget:
    """Show the reason why the panel is empty, in its place."""
    widget = QtWidgets.QWidget()
    show_message(widget, f"{title} could not be opened", str(error) or type(error).__name__)
    return widget
