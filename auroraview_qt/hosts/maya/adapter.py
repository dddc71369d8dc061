"""Maya: a panel is a workspaceControl, which Maya empties and has filled again by its uiScript. GUI thread.

Written against Autodesk's documentation and checked against a fake of it; not run in Maya.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from auroraview_qt.host.detection import loaded
from auroraview_qt.hosts.base import QtHost

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Frame, FrameOwner
    from auroraview_qt.qt.support.widgets_only import QtWidgets


class MayaHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    Thread: GUI.
    """

    name = "maya"

    @classmethod
    def detect(cls) -> bool:
        """Return whether this is Maya with its interface, not mayapy.  Thread: any."""
        if not hasattr(loaded("maya.cmds"), "workspaceControl"):  # mayapy has the module, empty until it is initialised
            return False
        from maya import cmds

        return not cmds.about(batch=True)

    @property
    def version(self) -> str:
        """``"2025"``."""
        from maya import cmds

        return str(cmds.about(version=True))

    @property
    def scale(self) -> float:
        """Return the value of Maya's interface scaling."""
        from maya import cmds

        return float(cmds.mayaDpiSetting(query=True, realScaleValue=True))

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """Return Maya's window, from its address."""
        from maya.OpenMayaUI import MQtUtil

        from auroraview_qt.qt.support.widgets_only import QtWidgets, wrapped

        pointer = MQtUtil.mainWindow()
        window: QtWidgets.QMainWindow | None = wrapped(int(pointer), QtWidgets.QMainWindow) if pointer else None
        return window

    @contextlib.contextmanager
    def undo_block(self, name: str) -> Iterator[None]:
        """Group changes into an undo chunk, and always close it: an open chunk would swallow all later work."""
        from maya import cmds

        cmds.undoInfo(openChunk=True, chunkName=name)
        try:
            yield
        finally:
            cmds.undoInfo(closeChunk=True)

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Make a workspaceControl; with `window`, a dock in that."""
        if window is not None:
            return super().make_frame(owner, window)
        from auroraview_qt.hosts.maya.frame import MayaFrame

        return MayaFrame(owner)


ADAPTER = MayaHost
