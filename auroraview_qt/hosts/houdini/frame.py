"""Frame a panel in Houdini: a pane tab with a Python Panel. GUI thread.

The file and the required functions of its script: https://www.sidefx.com/docs/houdini/ref/windows/pythonpaneleditor.html.
Panes, also of floating windows: https://www.sidefx.com/docs/houdini/hom/hou/Desktop.html. Only newer releases pass an
interface to `createTab`, so it is set afterwards: https://www.sidefx.com/docs/houdini/hom/hou/PythonPanel.html.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from auroraview_qt.hosts.frames.container import ContainerFrame
from auroraview_qt.hosts.houdini.pypanel import pypanel
from auroraview_qt.hosts.names import identifier_from

if TYPE_CHECKING:
    import hou

    from auroraview_qt.host.protocol import FrameOwner


class HoudiniFrame(ContainerFrame):
    """See `auroraview_qt.hosts.Frame`. Only the artist can dock it, so `move` does nothing.

    Thread: GUI.

    Parameters
    ----------
    owner : FrameOwner
        The panel.
    """

    def __init__(self, owner: FrameOwner) -> None:
        import hou

        self._interface = identifier_from(owner.object_name)
        self._size = owner.size
        self._closing = False
        # In the user's folder, so that Houdini finds the panel when it restores a desktop.
        folder = Path(hou.text.expandString("$HOUDINI_USER_PREF_DIR"), "python_panels")
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self._interface}.pypanel"
        file.write_bytes(pypanel(owner.object_name, owner.title).encode())
        super().__init__(owner)
        hou.pypanel.installFile(file.as_posix())

    @property
    def is_floating(self) -> bool:
        """See `Frame.is_floating`."""
        tab = self._tab()
        return tab is not None and bool(tab.isFloating())

    def show(self) -> None:
        """See `Frame.show`: use the panel's tab, or a new tab in the last pane of the desktop."""
        import hou

        tab = self._tab()
        if tab is None:
            # The desktop's panes include the panes of its floating windows.
            panes = [pane for pane in hou.ui.curDesktop().panes() if pane.floatingPanel() is None]
            result = panes[-1].createTab(hou.paneTabType.PythonPanel) if panes else self._floating_tab()
            tab = self._fill(result)
        tab.setIsCurrentTab()

    def hide(self) -> None:
        """Close the tab, because Houdini cannot hide a tab. The page is kept."""
        tab = self._tab()
        if tab is not None:
            self._closing = True
            try:
                tab.close()
            finally:
                self._closing = False

    def closed(self) -> None:
        """Report the close, unless Python has closed the tab."""
        if not self._closing:
            super().closed()

    def set_floating(self, floating: bool) -> None:
        """See `Frame.set_floating`: a new tab, the page moves over."""
        if floating == self.is_floating:
            return
        self.hide()
        if floating:
            self._fill(self._floating_tab())
        else:
            self.show()

    def remove(self) -> None:
        """See `Frame.remove`; the ``.pypanel`` file stays."""
        self._owner = None
        self.hide()
        super().remove()

    def _fill(self, tab: hou.PaneTab) -> hou.PythonPanel:
        """Show the panel in a new tab, without the toolbar that selects other panels."""
        import hou

        interface = hou.pypanel.interfaceByName(self._interface)
        if not isinstance(tab, hou.PythonPanel) or interface is None:
            raise RuntimeError(f"Houdini made {tab!r} for the Python Panel {self._interface!r}, which is {interface!r}")
        tab.setActiveInterface(interface)
        tab.showToolbar(False)
        return tab

    def _floating_tab(self) -> hou.PaneTab:
        import hou

        return hou.ui.curDesktop().createFloatingPaneTab(hou.paneTabType.PythonPanel, size=self._size)

    def _tab(self) -> hou.PythonPanel | None:
        """Find the pane tab that shows it."""
        import hou

        for tab in hou.ui.paneTabs():
            if isinstance(tab, hou.PythonPanel):
                interface = tab.activeInterface()
                if interface is not None and interface.name() == self._interface:
                    return tab
        return None
