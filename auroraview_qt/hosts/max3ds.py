"""3ds Max: its main window takes docks as any QMainWindow does. GUI thread.

Written against Autodesk's documentation and checked against a fake of it; not run in 3ds Max.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from auroraview_qt.hosts.base import QtHost
from auroraview_qt.hosts.detection import host_module, loaded

if TYPE_CHECKING:
    from auroraview_qt.qt.binding import QtWidgets


class MaxHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    Notes
    -----
    Thread: GUI
    """

    name = "3dsmax"

    @classmethod
    def detect(cls) -> bool:
        """Whether 3ds Max's own module is there; it exists inside 3ds Max only.  Thread: any."""
        return loaded("pymxs") is not None

    @property
    def version(self) -> str:
        """The year: ``"2025"``.  Thread: GUI."""
        return str(host_module("pymxs").runtime.maxVersion()[7])

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """3ds Max's own.  Thread: GUI."""
        window: QtWidgets.QMainWindow | None = host_module("qtmax").GetQMaxMainWindow()
        return window

    def undo_block(self, name: str) -> AbstractContextManager[Any]:
        """One step of 3ds Max's undo.  Thread: GUI."""
        block: AbstractContextManager[Any] = host_module("pymxs").undo(True, name)
        return block
