"""Houdini: a panel is a Python Panel, described by a ``.pypanel`` file Houdini reads at its start. GUI thread.

Written against SideFX's documentation and checked against a fake of it; not run in Houdini.
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


class HoudiniHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    Thread: GUI.
    """

    name = "houdini"

    @classmethod
    def detect(cls) -> bool:
        """Return whether this is Houdini with its interface, not hython.  Thread: any."""
        if loaded("hou") is None:
            return False
        import hou

        return bool(hou.isUIAvailable())

    @property
    def version(self) -> str:
        """``"20.5.332"``.  Thread: any."""
        import hou

        return str(hou.applicationVersionString())

    @property
    def scale(self) -> float:
        """Houdini's global interface scale."""
        import hou

        return float(hou.ui.globalScaleFactor())

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """Houdini's own."""
        import hou

        window: QtWidgets.QMainWindow | None = hou.qt.mainWindow()
        return window

    @contextlib.contextmanager
    def undo_block(self, name: str) -> Iterator[None]:
        """Group changes into a group of Houdini's undo."""
        import hou

        with hou.undos.group(name):
            yield

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Install a Python Panel; with `window`, make a dock in that."""
        if window is not None:
            return super().make_frame(owner, window)
        from auroraview_qt.hosts.houdini.frame import HoudiniFrame

        return HoudiniFrame(owner)


ADAPTER = HoudiniHost
