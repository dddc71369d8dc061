"""Any Qt program with a QMainWindow. GUI thread."""

from __future__ import annotations

from auroraview_qt.host.detection import loaded
from auroraview_qt.hosts.base import QtHost

#: Modules that contain the widgets, by binding.
WIDGET_MODULES = ("PySide6.QtWidgets", "PySide2.QtWidgets", "PyQt6.QtWidgets", "PyQt5.QtWidgets")


class GenericHost(QtHost):
    """See `QtHost`; this class adds only the detection.

    Thread: GUI.
    """

    name = "generic"

    @classmethod
    def detect(cls) -> bool:
        """Return whether a Qt that the process has loaded has a main window.  Thread: any."""
        for name in WIDGET_MODULES:
            widgets = loaded(name)
            if widgets is None or widgets.QApplication.instance() is None:
                continue
            if any(isinstance(window, widgets.QMainWindow) for window in widgets.QApplication.topLevelWidgets()):
                return True
        return False


ADAPTER = GenericHost
