"""Find the host application around a panel, and dock a panel in it.

Owns the Protocol every host is seen through, the choice of the adapter, and the panels that have been docked. Importing this
package loads no Qt and no host; both come with the first panel. Thread: GUI, except `current` and the host's members for any
thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from auroraview_qt.host import detection
from auroraview_qt.host.protocol import Area, Frame, FrameOwner, Host, OnClose

if TYPE_CHECKING:
    from auroraview_qt.hosts.panel import Panel
    from auroraview_qt.qt.support.widgets_only import QtWidgets

__all__ = ["Area", "Frame", "FrameOwner", "Host", "OnClose", "current", "dock", "panels", "register"]

_log = logging.getLogger(__name__)

_panels: dict[str, Panel] = {}


def current() -> Host:
    """Return the host of this process; the first call detects it.

    Adapters are asked in this order: adapters given to `register`, the newest first; adapters of the entry point group
    ``auroraview_qt.hosts``, by name. Then Maya, Houdini, Nuke, 3ds Max, Substance 3D Painter, FreeCAD, Krita, Blender,
    QGIS and napari.
    Then any program with a QMainWindow (``"generic"``), and a program without a main window (``"standalone"``). After
    ``"standalone"`` the next call asks again.

    Thread: any.

    Returns
    -------
    Host
        The same object until `register` is called.
    """
    return detection.current()


def register(adapter: type[Host]) -> None:
    """Register an adapter that is asked before all others; docked panels stay in place.

    Thread: any.

    Parameters
    ----------
    adapter : type
        A class as `Host` describes. An installed package needs no call: it lists the class in its entry points, group
        ``auroraview_qt.hosts``.

    Raises
    ------
    TypeError
        Something that `Host` describes is missing.
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
    """Dock a panel in the host, or show the panel that is already docked.

    Thread: GUI.

    Parameters
    ----------
    factory : callable
        Makes the panel's widget, a `WebView` or any other; called when it is shown for the first time. The first factory of
        an `object_name` stays. After its module is loaded again, the panel starts again with the module's new factory.
    title : str
        The title that the artist sees.
    object_name : str
        The panel's name in the host's layout, the same at each start: ``"studio.assets"``.
    area : {"left", "right", "top", "bottom"}
        The side, unless the host's layout has a place for the panel.
    size : tuple of int
        The first width and height, in pixels.
    on_close : {"hide", "destroy"}
        The effect of closing: ``"hide"`` keeps the page, ``"destroy"`` ends it, and the next call makes a new page.
    show : bool
        False in a start-up script: the panel comes back at its place, and visible only if it was visible.
    window : QMainWindow, optional
        Another window of the program than the host's main window.

    Returns
    -------
    Panel
        The same panel for the same `object_name`, until it is destroyed.

    Raises
    ------
    ValueError
        An unknown word, an empty `object_name`, or the `object_name` of another widget of the host.
    EngineUnavailableError
        Qt cannot be imported. Without QtWebEngine a factory that calls `create_view` docks its placeholder.
    WrongThreadError
        This is not the GUI thread.
    """
    from auroraview_qt.hosts.panel import Panel
    from auroraview_qt.hosts.reloading import is_reloaded, name_of
    from auroraview_qt.qt.support.threads import check_gui_thread

    check_gui_thread("hosts.dock()")
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
