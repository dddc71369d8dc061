"""A panel's frame in Nuke: a pane's tab, made and closed by Nuke. GUI thread."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from auroraview_qt.hosts import shell_frame
from auroraview_qt.hosts.detection import host_module
from auroraview_qt.hosts.shell_frame import ShellFrame
from auroraview_qt.qt.binding import QtWidgets

if TYPE_CHECKING:
    from auroraview_qt.hosts import Area, FrameOwner

#: The pane a panel is added to, by area: Nuke has names for what its default workspaces hold.
_NEIGHBOURS = {"right": "Properties.1", "left": "Toolbar.1", "top": "Viewer.1", "bottom": "DAG.1"}

#: What Nuke calls, without arguments, by the panel's name.
makers: dict[str, Callable[[], QtWidgets.QWidget]] = {}


class NukeFrame(ShellFrame):
    """See `auroraview_qt.hosts.Frame`. Nuke's panes are the artist's matter: `set_floating` and `move` do nothing.

    Parameters
    ----------
    owner : FrameOwner
        The panel.

    Notes
    -----
    Thread: GUI
    """

    def __init__(self, owner: FrameOwner) -> None:
        self._area: Area = owner.first_area
        self._title = owner.title
        makers[owner.object_name] = functools.partial(shell_frame.shell, owner.object_name)
        super().__init__(owner)
        self._register(create=False)

    def show(self) -> None:
        """See `Frame.show`: a tab beside the properties, the viewer, the graph or the toolbar.  Thread: GUI."""
        if self.is_visible:
            return
        panel: Any = self._register(create=True)
        pane = host_module("nuke").getPaneFor(_NEIGHBOURS[self._area])
        panel.addToPane(pane)

    def hide(self) -> None:
        """Close its tab; Nuke has no hidden ones. The page is kept.  Thread: GUI."""
        if self._shell is not None:
            window = self._shell.parentWidget() or self._shell
            window.close()

    def _register(self, create: bool) -> object:
        # The expression is evaluated and its value called, each time Nuke makes the panel, also from a saved workspace.
        expression = f"__import__({__name__!r}, fromlist=['makers']).makers[{self.object_name!r}]"
        panels = host_module("nukescripts.panels")
        panel: object = panels.registerWidgetAsPanel(expression, self._title, self.object_name, create)
        return panel
