"""FreeCAD. GUI thread."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from auroraview_qt.hosts.base import QtHost
from auroraview_qt.hosts.detection import host_module, loaded

if TYPE_CHECKING:
    from auroraview_qt.qt.binding import QtWidgets


class FreeCADHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    Notes
    -----
    Thread: GUI
    """

    name = "freecad"

    @classmethod
    def detect(cls) -> bool:
        """Whether this is FreeCAD with its interface, not ``freecadcmd`` or a Python that imported it.  Thread: any."""
        app = loaded("FreeCAD")
        return loaded("FreeCADGui") is not None and app is not None and bool(getattr(app, "GuiUp", False))

    @property
    def version(self) -> str:
        """``"0.20.2"``.  Thread: any."""
        return ".".join(str(part).split()[0] for part in host_module("FreeCAD").Version()[:3])

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """FreeCAD's own.  Thread: GUI."""
        window: QtWidgets.QMainWindow | None = host_module("FreeCADGui").getMainWindow()
        return window

    @contextlib.contextmanager
    def undo_block(self, name: str) -> Iterator[None]:
        """One transaction of the active document; an error inside takes it back.  Thread: GUI."""
        document = host_module("FreeCAD").ActiveDocument
        if document is None:
            yield
            return
        document.openTransaction(name)
        try:
            yield
        except BaseException:
            document.abortTransaction()
            raise
        document.commitTransaction()
