"""Substance 3D Painter: a fake of its docks and undo. GUI thread."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from auroraview_qt.qt.support.binding import QtCore, QtWidgets
from auroraview_qt.testing.hosts.pieces import module


class Painter:
    """``substance_painter.ui``, ``application``, ``layerstack``."""

    class ServiceNotFoundError(Exception):
        """``substance_painter.exception.ServiceNotFoundError``."""

    def __init__(self, window: Any) -> None:
        self.window = window
        self.has_started = True
        self.docks: list[QtWidgets.QDockWidget] = []
        self.undo: list[str] = []

    def modules(self) -> Any:
        ui = module(
            "substance_painter.ui",
            get_main_window=self.main_window,
            add_dock_widget=self.add,
            delete_ui_element=self.delete,
        )
        application = module("substance_painter.application", version=lambda: "10.1.0")
        layers = module("substance_painter.layerstack", ScopedModification=self.scope)
        exception = module("substance_painter.exception", ServiceNotFoundError=self.ServiceNotFoundError)
        parts = {"ui": ui, "application": application, "layerstack": layers, "exception": exception}
        modules = {f"substance_painter.{name}": part for name, part in parts.items()}
        return {"substance_painter": module("substance_painter", **parts), **modules}

    def main_window(self) -> Any:
        if not self.has_started:
            raise self.ServiceNotFoundError
        return self.window

    def add(self, widget: Any) -> Any:
        assert widget.objectName(), "a dock without an object name is not restored"
        assert widget.windowTitle(), "a dock is listed by its widget's window title"
        dock = QtWidgets.QDockWidget(widget.windowTitle(), self.window)
        dock.setObjectName(widget.objectName())
        dock.setWidget(widget)
        self.window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self.docks.append(dock)
        return dock

    def delete(self, element: Any) -> None:
        self.docks.remove(element)
        element.deleteLater()

    @contextlib.contextmanager
    def scope(self, name: Any) -> Iterator[None]:
        self.undo.append(name)
        yield
