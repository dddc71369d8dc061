"""Nuke: a fake of its panels, panes and undo. GUI thread."""

from __future__ import annotations

import types
from typing import Any

from auroraview_qt.qt.support.binding import QtWidgets, is_alive
from auroraview_qt.qt.support.for_tests import delete
from auroraview_qt.testing.hosts.pieces import module


class Nuke:
    """``nukescripts.panels.registerWidgetAsPanel`` as Nuke ships it, ``nuke.getPaneFor``, ``nuke.Undo``."""

    def __init__(self, window: Any) -> None:
        self.window = window
        self.registered: dict[str, str] = {}
        self.undo: list[str] = []
        self.panels: list[NukePanel] = []
        self.open = ["Properties.1", "Toolbar.1", "Viewer.1", "DAG.1"]  # the panels of the workspace

    def modules(self) -> Any:
        undo = types.SimpleNamespace(begin=self.begin, end=lambda: self.end("end"), cancel=lambda: self.end("cancel"))
        nuke = module("nuke", GUI=True, NUKE_VERSION_STRING="15.1v2", Undo=undo, getPaneFor=self.pane)
        panels = module("nukescripts.panels", registerWidgetAsPanel=self.register)
        return {"nuke": nuke, "nukescripts": module("nukescripts", panels=panels), "nukescripts.panels": panels}

    def begin(self, name: Any) -> None:
        self.undo.append(name)

    def end(self, how: Any) -> None:
        assert len(self.undo) % 2, "there is no step to end"
        self.undo.append(how)

    def pane(self, panelName: Any) -> Any:
        return f"the pane of {panelName}" if panelName in self.open else None

    def register(self, widget: Any, name: Any, id: Any, create: Any = False) -> Any:  # noqa: A002  # the host's own word
        assert isinstance(widget, str), "the widget is an expression in a string"
        assert isinstance(name, str)
        self.registered[id] = widget
        return NukePanel(self, id) if create else None

    def make(self, id: Any) -> Any:  # noqa: A002  # the host's own word
        """Make the widget, as Nuke does for a new tab and for a saved workspace."""
        widget = eval(self.registered[id])()
        assert isinstance(widget, QtWidgets.QWidget)
        holder = QtWidgets.QWidget(self.window)
        widget.setParent(holder)
        holder.show()
        widget.show()
        return holder


class NukePanel:
    """``nukescripts.panels.PythonPanel`` and its pane, if it has one."""

    def __init__(self, nuke: Any, name: Any) -> None:
        self._nuke, self._name = nuke, name
        self.place: str | None = None
        self._holder: Any = None

    def addToPane(self, pane: Any = None) -> Any:
        if pane is not None:  # without a pane Nuke uses the pane of the clicked menu, which does not exist here
            self._open(pane)
        return self

    def show(self) -> None:
        self._open("a window")

    def isValid(self) -> Any:
        return self._holder is not None and is_alive(self._holder)

    def destroy(self) -> None:
        assert self.isValid()
        delete(self._holder)
        self._nuke.panels.remove(self)

    def _open(self, place: Any) -> None:
        self.place, self._holder = place, self._nuke.make(self._name)
        self._nuke.panels.append(self)
