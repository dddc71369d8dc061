"""The host application around a panel: which one it is, and one call that docks a panel in it.

Owns the Protocol every host is seen through, the choice of the adapter, and the panels that have been docked. Importing it
loads no Qt and no host; both come with the first panel. GUI thread, but for `current` and what it gives.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from auroraview_qt.hosts import detection

if TYPE_CHECKING:
    from concurrent.futures import Future

    from auroraview_qt.hosts.panel import Panel
    from auroraview_qt.qt.binding import QtWidgets

__all__ = ["Area", "Frame", "FrameOwner", "Host", "OnClose", "current", "dock", "panels", "register"]

T = TypeVar("T")

_log = logging.getLogger(__name__)

#: Where a panel is docked.
Area = Literal["left", "right", "top", "bottom"]
#: What closing a panel does to its page.
OnClose = Literal["hide", "destroy"]


class FrameOwner(Protocol):
    """Whom a frame belongs to and tells what happens to it; a `Panel` is one.

    Notes
    -----
    Thread: GUI
    """

    object_name: str
    title: str
    first_area: Area
    size: tuple[int, int]
    on_close: OnClose

    def frame_shown(self, frame: Frame) -> None:
        """It has become visible, by whomever: it wants its content.  Thread: GUI."""
        ...

    def frame_closed(self, frame: Frame) -> None:
        """The artist has closed it.  Thread: GUI."""
        ...

    def frame_dying(self, frame: Frame) -> None:
        """The host is deleting it; what it holds can still be taken out of it, now or never.  Thread: GUI."""
        ...


class Frame(Protocol):
    """What a host has around a panel: a QDockWidget, a workspaceControl, a pane tab, a window.

    Notes
    -----
    Thread: GUI
    """

    @property
    def area(self) -> Area | None:
        """Where it is docked; None while it floats, or where the host does not tell.  Thread: GUI."""
        ...

    @property
    def is_floating(self) -> bool:
        """Whether it is a window of its own.  Thread: GUI."""
        ...

    @property
    def is_visible(self) -> bool:
        """Whether it is shown; a panel behind another tab is not.  Thread: GUI."""
        ...

    def put(self, widget: QtWidgets.QWidget) -> None:
        """Hold this widget from now on.  Thread: GUI."""
        ...

    def show(self) -> None:
        """Show it, in front of others in its tabs.  Thread: GUI."""
        ...

    def hide(self) -> None:
        """Hide it.  Thread: GUI."""
        ...

    def set_floating(self, floating: bool) -> None:
        """Make it a window of its own, or dock it again.  Thread: GUI."""
        ...

    def move(self, area: Area) -> None:
        """Dock it there.  Thread: GUI."""
        ...

    def remove(self) -> None:
        """Take it out of the host, with what it holds.  Thread: GUI."""
        ...


class Host(Protocol):
    """A host application; `auroraview_qt.hosts.base.QtHost` has what most of them share.

    An adapter is a class with these members, which can be made without arguments.

    Notes
    -----
    Thread: any, where a method says nothing else.
    """

    name: str

    @classmethod
    def detect(cls) -> bool:
        """Whether this process is that host; imports nothing that is not there already."""
        ...

    @property
    def version(self) -> str:
        """The host's version as it writes it; empty where it has none."""
        ...

    @property
    def binding(self) -> tuple[str, str]:
        """Qt binding and Qt version: ``("pyside6", "6.5.3")``."""
        ...

    @property
    def scale(self) -> float:
        """By how much the host enlarges its interface: 1.0 on a plain screen, 2.0 on a dense one.  Thread: GUI."""
        ...

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """The host's main window; None where there is none, or not yet.  Thread: GUI."""
        ...

    def run_on_main_thread(self, fn: Callable[[], T]) -> Future[T]:
        """Call `fn` on the GUI thread, at once where this is it; the future has what it returned or raised."""
        ...

    def undo_block(self, name: str) -> AbstractContextManager[Any]:
        """Make what happens inside one undo step of that name, where the host has an undo.  Thread: GUI."""
        ...

    def on_shutdown(self, fn: Callable[[], object]) -> None:
        """Call `fn` once, when the host quits and its windows may still be touched.  Thread: GUI."""
        ...

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Make the host's own frame for a panel, hidden unless the host's layout shows it.  Thread: GUI."""
        ...


_panels: dict[str, Panel] = {}


def current() -> Host:
    """Return the host this process is, found at the first call.

    Asked in this order: adapters given to `register`, the newest first; those of the entry point group
    ``auroraview_qt.hosts``, by name; Maya, Houdini, Nuke, 3ds Max, Substance 3D Painter, FreeCAD, Krita, Blender; any
    program with a QMainWindow (``"generic"``); one without (``"standalone"``), which is asked again at the next call.

    Returns
    -------
    Host
        The same object until `register` is called.

    Notes
    -----
    Thread: any
    """
    return detection.current()


def register(adapter: type[Host]) -> None:
    """Let an adapter be asked before all others; the panels that are docked already stay where they are.

    Parameters
    ----------
    adapter : type
        A class as `Host` describes it. An installed package needs no call: it names the class in its entry points, group
        ``auroraview_qt.hosts``.

    Raises
    ------
    TypeError
        Something that `Host` describes is missing.

    Notes
    -----
    Thread: any
    """
    detection.register(adapter)


def dock(
    factory: Callable[[], QtWidgets.QWidget],
    *,
    title: str,
    object_name: str,
    area: Area = "right",
    size: tuple[int, int] = (360, 480),
    on_close: OnClose = "hide",
    show: bool = True,
    window: QtWidgets.QMainWindow | None = None,
) -> Panel:
    """Dock a panel in the host, or show the one that is docked already.

    Parameters
    ----------
    factory : callable
        Makes the panel's widget, a `WebView` or any other; called when it is shown for the first time. The first factory of
        an `object_name` stays, unless its module was loaded again: then the panel begins anew with what that has now.
    title : str
        What the artist reads on it.
    object_name : str
        What the host's layout knows it by, the same at each start: ``"studio.assets"``.
    area : {"left", "right", "top", "bottom"}
        Where it goes unless the host's layout knows better.
    size : tuple of int
        Its first width and height, in pixels.
    on_close : {"hide", "destroy"}
        What closing does: ``"hide"`` keeps the page as it is, ``"destroy"`` ends it, and the next call begins anew.
    show : bool
        False in a start-up script: the panel comes back where it was, visible only if it was.
    window : QMainWindow, optional
        Another window of the program than the host's main window.

    Returns
    -------
    Panel
        The same for the same `object_name`, until it is destroyed.

    Raises
    ------
    ValueError
        A word that is none of those above, an empty `object_name`, or one that another widget of the host has.
    EngineUnavailableError
        Qt or QtWebEngine cannot be imported.

    Notes
    -----
    Thread: GUI
    """
    from auroraview_qt.hosts.panel import Panel
    from auroraview_qt.hosts.reloading import is_reloaded, name_of

    panel = _panels.get(object_name)
    if panel is None or panel.is_destroyed:
        panel = Panel(current(), factory, title, object_name, area, size, on_close, window)
        _panels[object_name] = panel
    else:
        if panel.is_lost:
            panel.reattach(window)
        if is_reloaded(panel.factory, factory):
            panel.renew(factory)
        elif name_of(panel.factory) != name_of(factory):
            _log.info("panel %r is docked already, by %s: not %s", object_name, name_of(panel.factory), name_of(factory))
    if show:
        panel.show()
    return panel


def panels() -> dict[str, Panel]:
    """Return the docked panels by their object names.  Thread: GUI."""
    return {name: panel for name, panel in _panels.items() if not panel.is_destroyed}
