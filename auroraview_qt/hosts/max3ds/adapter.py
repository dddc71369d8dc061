"""Dock panels in 3ds Max, whose main window takes docks as any QMainWindow does. GUI thread.

Written against Autodesk's documentation and checked against a fake of it; not run in 3ds Max. The main window for docks, and
keys: https://help.autodesk.com/cloudhelp/2027/ENU/MAXDEV-Python/files/MAXDEV_Python_qtmax_module_html.html. Undo:
https://help.autodesk.com/cloudhelp/2024/ENU/MAXDEV-Python/files/using_pymxs/MAXDEV_Python_using_pymxs_pymxs_module_html.html.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from auroraview_qt.host.detection import loaded
from auroraview_qt.hosts.base import QtHost

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Frame, FrameOwner
    from auroraview_qt.qt.support.widgets_only import QtWidgets


class MaxHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    Thread: GUI.
    """

    name = "3dsmax"

    @classmethod
    def detect(cls) -> bool:
        """Return whether 3ds Max's own module is there; it exists inside 3ds Max only.  Thread: any."""
        return loaded("pymxs") is not None

    @property
    def version(self) -> str:
        """Return the year: ``"2025"``."""
        import pymxs

        return str(pymxs.runtime.maxVersion()[7])

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """3ds Max's own."""
        import qtmax

        window: QtWidgets.QMainWindow | None = qtmax.GetQMaxMainWindow()
        return window

    def undo_block(self, name: str) -> AbstractContextManager[None]:
        """Group changes into a single step of 3ds Max's undo."""
        import pymxs

        block: AbstractContextManager[None] = pymxs.undo(True, name)
        return block

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Make a dock; while something in it has the focus, 3ds Max leaves the keys alone.

        Its accelerators are not Qt shortcuts, so only this switch stops them while the artist types.
        """
        import qtmax

        from auroraview_qt.hosts.frames.dock import DockFrame

        frame = super().make_frame(owner, window)
        if isinstance(frame, DockFrame) and hasattr(qtmax, "DisableMaxAcceleratorsOnFocus"):  # not in old releases
            qtmax.DisableMaxAcceleratorsOnFocus(frame.dock, True)
        return frame


ADAPTER = MaxHost
