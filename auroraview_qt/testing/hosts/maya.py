"""Maya: a fake of its workspace controls, undo and windows. GUI thread."""

from __future__ import annotations

import types
from typing import Any

from auroraview_qt.qt.support.binding import QtWidgets
from auroraview_qt.qt.support.for_tests import address_of, delete
from auroraview_qt.testing.hosts.pieces import module


class Maya:
    """``maya.cmds.workspaceControl``, ``undoInfo``, ``deleteUI``, ``MQtUtil``."""

    def __init__(self, window: Any) -> None:
        self.window = window
        self.controls: dict[str, dict[str, Any]] = {}
        self.undo: list[str] = []
        self.batch = False
        self.calling_back = False

    def modules(self) -> Any:
        cmds = module(
            "maya.cmds",
            workspaceControl=self.workspace_control,
            deleteUI=self.delete_ui,
            undoInfo=self.undo_info,
            about=self.about,
            mayaDpiSetting=self.dpi,
        )
        util = types.SimpleNamespace(mainWindow=lambda: self._address(self.window), findControl=self.find_control)
        api = module("maya.OpenMayaUI", MQtUtil=util)
        return {"maya": module("maya", cmds=cmds, OpenMayaUI=api), "maya.cmds": cmds, "maya.OpenMayaUI": api}

    def about(self, *, batch: Any = False, version: Any = False) -> Any:
        assert batch != version, "one question at a time"
        return self.batch if batch else "2025"

    def dpi(self, *, query: Any = False, realScaleValue: Any = False) -> Any:
        assert query
        assert realScaleValue
        return 1.5

    def workspace_control(
        self,
        name: Any,
        *,
        exists: Any = None,
        query: Any = False,
        edit: Any = False,
        label: Any = None,
        uiScript: Any = None,
        closeCommand: Any = None,
        retain: Any = None,
        loadImmediately: Any = None,
        initialWidth: Any = None,
        initialHeight: Any = None,
        dockToMainWindow: Any = None,
        visible: Any = None,
        floating: Any = None,
        restore: Any = None,
    ) -> Any:
        given = {key: value for key, value in locals().items() if value is not None and value is not False}
        del given["self"], given["name"]
        assert name.isidentifier(), f"{name!r} is no name of Maya's"
        if exists:
            assert set(given) <= {"exists", "query"}
            return name in self.controls
        if query:
            assert set(given) == {"query", "floating"}, "in query mode exactly one flag is allowed"
            return self.controls[name]["floating"]
        if edit:
            assert retain is None, "retain is a flag of creation only"
            assert name in self.controls, f"there is no {name!r} to edit"
            self.edit(name, restore, visible, floating, dockToMainWindow)
            return None
        assert name not in self.controls, f"object's name {name!r} is not unique"
        area, _tab = dockToMainWindow
        assert area in ("left", "right", "top", "bottom")
        assert isinstance(uiScript, str), "only a text can be saved with a workspace"
        assert isinstance(closeCommand, str)
        widget = QtWidgets.QWidget(self.window)
        widget.hide()
        widget.setObjectName(name)
        self.controls[name] = {
            "label": label,
            "uiScript": uiScript,
            "closeCommand": closeCommand,
            "retain": retain,
            "dockToMainWindow": dockToMainWindow,
            "initialWidth": initialWidth,
            "initialHeight": initialHeight,
            "floating": False,
            "widget": widget,
            "filled": False,
        }
        return name

    def edit(
        self, name: Any, restore: Any = False, visible: Any = None, floating: Any = None, dockToMainWindow: Any = None
    ) -> None:
        control = self.controls[name]
        if restore:
            control["widget"].show()
            self.fill(name)
        if visible is not None:
            control["widget"].setVisible(visible)
            if not visible:
                self.call_back(control["closeCommand"])  # the documentation does not exclude it
        if floating is not None:
            control["floating"] = floating
        if dockToMainWindow is not None:
            control["floating"] = False
            control["dockToMainWindow"] = dockToMainWindow

    def fill(self, name: Any) -> None:
        """Run the uiScript, as Maya does when a control is shown for the first time, or has been emptied."""
        control = self.controls[name]
        if not control["filled"]:
            control["filled"] = True
            self.call_back(control["uiScript"])

    def call_back(self, script: Any) -> None:
        """Run a control's script; refuse forbidden calls in it."""
        self.calling_back = True
        try:
            exec(script, {})
        finally:
            self.calling_back = False

    def rebuild(self, name: Any) -> None:
        """Delete the content and have it made again, as when the artist changes the workspace."""
        control = self.controls[name]
        for child in control["widget"].findChildren(QtWidgets.QWidget):
            if child.parent() is control["widget"]:
                delete(child)
        control["filled"] = False
        self.fill(name)

    def close(self, name: Any) -> None:
        """Close it as the artist does."""
        self.call_back(self.controls[name]["closeCommand"])
        if self.controls[name]["retain"]:
            self.controls[name]["widget"].hide()
        else:
            delete(self.controls.pop(name)["widget"])

    def delete_ui(self, name: Any) -> None:
        assert not self.calling_back, "deleting a control from its own callback is fatal to Maya"
        self.controls.pop(name)["widget"].deleteLater()

    def undo_info(self, *, openChunk: Any = False, closeChunk: Any = False, chunkName: Any = None) -> None:
        assert openChunk != closeChunk
        if openChunk:
            assert isinstance(chunkName, str)
            self.undo.append(chunkName)
        else:
            assert len(self.undo) % 2, "there is no chunk to close"
            self.undo.append("close")

    def find_control(self, name: Any) -> Any:
        return self._address(self.controls[name]["widget"]) if name in self.controls else None

    @staticmethod
    def _address(widget: Any) -> Any:
        return address_of(widget)
