"""Frame a panel in Maya: a workspaceControl. GUI thread.

Flags, and the editable flags: https://help.autodesk.com/cloudhelp/2023/ENU/Maya-Tech-Docs/Commands/workspaceControl.html.
Maya saves the uiScript with a workspace, and runs it when the workspace is restored. So the script has to import its
modules: https://help.autodesk.com/cloudhelp/2018/JPN/Maya-SDK/files/GUID-F65DBAFC-21C0-47C1-ABD0-161EE77D0F6C.htm. If a
window's own callback deletes the window, Maya crashes. So the consequences of the closeCommand happen later:
https://help.autodesk.com/cloudhelp/2017/ENU/Maya/files/GUID-C97BBDE6-A2E4-4C13-B1D9-79ACF55B0758.htm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auroraview_qt.hosts.frames import container
from auroraview_qt.hosts.frames.container import ContainerFrame
from auroraview_qt.hosts.names import identifier_from
from auroraview_qt.qt.support.widgets_only import QtWidgets, is_alive, wrapped

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Area, FrameOwner


class MayaFrame(ContainerFrame):
    """See `auroraview_qt.hosts.Frame`.

    Thread: GUI.

    Parameters
    ----------
    owner : FrameOwner
        The panel.
    """

    def __init__(self, owner: FrameOwner) -> None:
        from maya import cmds

        self._control = identifier_from(owner.object_name)  # Maya's names have no dots
        self._area = owner.first_area
        self._hiding = False
        super().__init__(owner)
        if cmds.workspaceControl(self._control, exists=True):
            return  # restored with the workspace; its uiScript fills it, or has asked for a container already
        width, height = owner.size
        module = __name__
        cmds.workspaceControl(
            self._control,
            label=owner.title,
            uiScript=f"import {module}; {module}.fill({owner.object_name!r})",
            closeCommand=f"import {module}; {module}.container.closed({owner.object_name!r})",
            retain=True,  # a closed panel deletes its control itself, and a hidden panel must keep it
            loadImmediately=False,
            initialWidth=width,
            initialHeight=height,
            dockToMainWindow=(owner.first_area, True),
            visible=False,
        )

    @property
    def area(self) -> Area | None:
        """Return the side where it was last docked from Python, because Maya does not report the artist's choice."""
        return None if self.is_floating else self._area

    @property
    def is_floating(self) -> bool:
        """See `Frame.is_floating`."""
        from maya import cmds

        return bool(cmds.workspaceControl(self._control, query=True, floating=True))

    def show(self) -> None:
        """See `Frame.show`."""
        from maya import cmds

        cmds.workspaceControl(self._control, edit=True, restore=True)
        # Otherwise Maya has shown the old content, and asks for no new container.
        if self._container is None or not is_alive(self._container):
            fill(self.object_name)

    def hide(self) -> None:
        """See `Frame.hide`."""
        from maya import cmds

        self._hiding = True
        try:
            cmds.workspaceControl(self._control, edit=True, visible=False)
        finally:
            self._hiding = False

    def closed(self) -> None:
        """Pass on a close by the artist, but not a hide from Python: Maya may report both as closing."""
        if not self._hiding:
            super().closed()

    def set_floating(self, floating: bool) -> None:
        """See `Frame.set_floating`."""
        from maya import cmds

        if floating:
            cmds.workspaceControl(self._control, edit=True, floating=True)
        else:
            self.move(self._area)

    def move(self, area: Area) -> None:
        """See `Frame.move`."""
        from maya import cmds

        self._area = area
        cmds.workspaceControl(self._control, edit=True, dockToMainWindow=(area, True))

    def remove(self) -> None:
        """See `Frame.remove`."""
        from maya import cmds

        super().remove()
        if cmds.workspaceControl(self._control, exists=True):
            cmds.deleteUI(self._control)


def fill(object_name: str) -> None:
    """Put a panel into its workspaceControl; its uiScript calls this.

    Thread: GUI.

    Parameters
    ----------
    object_name : str
        The name given to `hosts.dock`.

    Raises
    ------
    LookupError
        Maya has no such control.
    """
    from maya.OpenMayaUI import MQtUtil

    pointer = MQtUtil.findControl(identifier_from(object_name))
    if not pointer:
        raise LookupError(f"Maya has no workspaceControl {identifier_from(object_name)!r}")
    control = wrapped(int(pointer), QtWidgets.QWidget)
    box = control.layout()
    if box is None:  # not `or`: an empty layout is false in PyQt
        box = QtWidgets.QVBoxLayout(control)
    box.addWidget(container.shell(object_name))
