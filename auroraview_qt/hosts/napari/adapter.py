"""Dock panels in napari.  Thread: GUI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auroraview_qt.host.detection import host_module, loaded
from auroraview_qt.hosts.base import QtHost

if TYPE_CHECKING:
    from auroraview_qt.qt.support.widgets_only import QtWidgets


class NapariHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    napari has no undo for plugins, so `undo_block` does nothing.

    Thread: GUI.
    """

    name = "napari"

    @classmethod
    def detect(cls) -> bool:
        """Return whether napari has a viewer with a window; a script may use napari without one.  Thread: any."""
        return loaded("napari._qt.qt_main_window") is not None and _window() is not None

    @property
    def version(self) -> str:
        """``"0.9.2"``.  Thread: any."""
        return str(host_module("napari").__version__)

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """Return the window of the current viewer."""
        return _window()


def _window() -> QtWidgets.QMainWindow | None:
    viewer = host_module("napari").current_viewer()
    # napari has no public name for the QMainWindow; its plugins use this one.
    window: QtWidgets.QMainWindow | None = viewer.window._qt_window if viewer is not None else None
    return window


ADAPTER = NapariHost
