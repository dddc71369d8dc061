"""FreeCAD. GUI thread."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from auroraview_qt.host.detection import loaded
from auroraview_qt.hosts.base import QtHost

if TYPE_CHECKING:
    from auroraview_qt.qt.support.widgets_only import QtWidgets


class FreeCADHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    Thread: GUI.
    """

    name = "freecad"

    @classmethod
    def detect(cls) -> bool:
        """Return whether this is FreeCAD with its interface, not ``freecadcmd`` or a Python that imported it.

        Thread: any.
        """
        app = loaded("FreeCAD")
        return loaded("FreeCADGui") is not None and app is not None and bool(getattr(app, "GuiUp", False))

    @property
    def version(self) -> str:
        """``"0.20.2"``.  Thread: any."""
        import FreeCAD

        return ".".join(str(part).split()[0] for part in FreeCAD.Version()[:3])

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """FreeCAD's own."""
        import FreeCADGui

        window: QtWidgets.QMainWindow | None = FreeCADGui.getMainWindow()
        return window

    @contextlib.contextmanager
    def undo_block(self, name: str) -> Iterator[None]:
        """Group changes into a transaction of the active document; an error aborts it."""
        import FreeCAD

        document = FreeCAD.ActiveDocument
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


ADAPTER = FreeCADHost
