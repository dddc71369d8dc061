"""Frame a panel in Nuke: a tab of a pane, made and closed by Nuke. GUI thread.

`registerWidgetAsPanel` takes the widget as the text of an expression for a function, which Nuke calls without arguments. A
panel that was added to no pane is nowhere: plugins/nukescripts/panels.py of Nuke, and
https://learn.foundry.com/nuke/developers/latest/pythondevguide/_autosummary/nukescripts.panels.html. `getPaneFor` returns
None for a panel that is not open:
https://learn.foundry.com/nuke/developers/latest/pythondevguide/_autosummary/nuke.getPaneFor.html.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from auroraview_qt.hosts.frames import container
from auroraview_qt.hosts.frames.container import ContainerFrame
from auroraview_qt.qt.support.widgets_only import QtWidgets

if TYPE_CHECKING:
    from nukescripts.panels import PythonPanel

    from auroraview_qt.host.protocol import Area, FrameOwner

#: The pane for a panel, by area, with the names of Nuke's default workspaces.
_NEIGHBOURS = {"right": "Properties.1", "left": "Toolbar.1", "top": "Viewer.1", "bottom": "DAG.1"}

#: Functions that Nuke calls, without arguments, by the panel's name.
makers: dict[str, Callable[[], QtWidgets.QWidget]] = {}


class NukeFrame(ContainerFrame):
    """See `auroraview_qt.hosts.Frame`. Only the artist can move Nuke's panes, so `set_floating` and `move` do nothing.

    Thread: GUI.

    Parameters
    ----------
    owner : FrameOwner
        The panel.
    """

    def __init__(self, owner: FrameOwner) -> None:
        from nukescripts import panels

        self._area: Area = owner.first_area
        self._title = owner.title
        # Evaluated, and its value called, each time Nuke makes the panel, also from a saved workspace.
        self._expression = f"__import__({__name__!r}, fromlist=['makers']).makers[{owner.object_name!r}]"
        makers[owner.object_name] = functools.partial(container.shell, owner.object_name)
        self._panel: PythonPanel | None = None
        super().__init__(owner)
        # Needed to restore a saved workspace, in which Nuke makes the panel by itself.
        panels.registerWidgetAsPanel(self._expression, self._title, self.object_name)

    def show(self) -> None:
        """See `Frame.show`: a tab beside another panel of Nuke, else a window."""
        if self.is_visible:
            return
        import nuke
        from nukescripts import panels

        # Its own pane; if another tab hides it, only the artist can bring it to the front.
        near = (self.object_name, _NEIGHBOURS[self._area], *_NEIGHBOURS.values())
        pane = next((found for found in map(nuke.getPaneFor, near) if found is not None), None)
        self.hide()
        self._panel = panels.registerWidgetAsPanel(self._expression, self._title, self.object_name, create=True)
        if pane is not None:
            self._panel.addToPane(pane)
        else:  # without a pane addToPane() does nothing
            self._panel.show()

    def hide(self) -> None:
        """Close the tab, because Nuke cannot hide a tab. The page is kept."""
        panel, self._panel = self._panel, None
        if panel is not None and panel.isValid():
            panel.destroy()
        elif self._container is not None:  # a panel of a saved workspace: Nuke has made it, and returns it nowhere
            window = self._container.parentWidget() or self._container
            window.close()
