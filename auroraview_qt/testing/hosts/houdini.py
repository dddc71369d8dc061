"""Houdini: a fake of its Python panels, pane tabs and undo. GUI thread."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from auroraview_qt.qt.support.binding import QtWidgets, is_alive
from auroraview_qt.qt.support.for_tests import delete
from auroraview_qt.testing.hosts.pieces import module


class Houdini:
    """``hou.pypanel``, desktops, panes and their tabs, ``hou.undos``."""

    class OperationFailed(Exception):  # noqa: N818  # Houdini's word
        """``hou.OperationFailed``."""

    def __init__(self, window: Any, folder: Any) -> None:
        self.window, self.folder = window, folder
        self.interfaces: dict[str, HoudiniInterface] = {}
        self.tabs: list[HoudiniTab] = []
        self.undo: list[str] = []
        self.desktop = HoudiniDesktop(self)

    def modules(self) -> Any:
        ui = types.SimpleNamespace(
            curDesktop=lambda: self.desktop, paneTabs=lambda: tuple(self.tabs), globalScaleFactor=lambda: 2.0
        )
        hou = module(
            "hou",
            isUIAvailable=lambda: True,
            applicationVersionString=lambda: "20.5.332",
            paneTabType=types.SimpleNamespace(PythonPanel="PythonPanel"),
            ui=ui,
            qt=types.SimpleNamespace(mainWindow=lambda: self.window),
            text=types.SimpleNamespace(expandString=self.expand),
            pypanel=types.SimpleNamespace(installFile=self.install, interfaceByName=self.interface),
            undos=types.SimpleNamespace(group=self.group),
            PythonPanel=HoudiniTab,
            OperationFailed=self.OperationFailed,
        )
        return {"hou": hou}

    def expand(self, str: Any) -> Any:  # noqa: A002  # the host's own word
        return str.replace("$HOUDINI_USER_PREF_DIR", self.folder.as_posix())

    def install(self, file_path: Any) -> None:
        assert isinstance(file_path, str)
        for element in ET.parse(file_path).getroot().findall("interface"):
            name = element.get("name") or ""
            assert name.isidentifier(), name
            self.interfaces[name] = HoudiniInterface(name, element.findtext("script"))

    def interface(self, name: Any) -> Any:
        return self.interfaces.get(name)

    def tab(self, kind: Any, floating: Any) -> Any:
        assert kind == "PythonPanel"
        tab = HoudiniTab(self, floating)
        self.tabs.append(tab)
        return tab

    @contextlib.contextmanager
    def group(self, label: Any) -> Iterator[None]:
        self.undo.append(label)
        yield
        self.undo.append("close")


class HoudiniDesktop:
    """``hou.Desktop`` with a pane, and a pane of a floating window that belongs to it."""

    def __init__(self, houdini: Any) -> None:
        self._houdini = houdini

    def panes(self) -> Any:
        return (HoudiniPane(self._houdini, floats=False), HoudiniPane(self._houdini, floats=True))

    def createFloatingPaneTab(self, pane_tab_type: Any, position: Any = (), size: Any = ()) -> Any:
        assert len(size) in (0, 2)
        assert position == ()
        return self._houdini.tab(pane_tab_type, floating=True)


class HoudiniPane:
    """``hou.Pane``."""

    def __init__(self, houdini: Any, floats: Any) -> None:
        self._houdini, self._floats = houdini, floats

    def floatingPanel(self) -> Any:
        return object() if self._floats else None

    def createTab(self, type: Any) -> Any:  # noqa: A002  # the host's own word
        return self._houdini.tab(type, floating=self._floats)


class HoudiniInterface:
    """``hou.PythonPanelInterface``."""

    def __init__(self, name: Any, script: Any) -> None:
        self._name, self._script = name, script

    def name(self) -> Any:
        return self._name

    def script(self) -> Any:
        return self._script


class HoudiniTab:
    """``hou.PythonPanel``."""

    def __init__(self, houdini: Any, floating: Any) -> None:
        self._houdini, self._floating = houdini, floating
        self._interface: HoudiniInterface | None = None
        self._scope: dict[str, Any] = {}
        self.widget: Any = None
        self.has_toolbar = True

    def isFloating(self) -> Any:
        return self._floating

    def activeInterface(self) -> Any:
        return self._interface

    def setActiveInterface(self, interface: Any) -> None:
        if interface is None or self._houdini.interfaces.get(interface.name()) is not interface:
            raise Houdini.OperationFailed("no installed Python Panel interface")
        self._interface = interface
        exec(interface.script(), self._scope)
        self.widget = self._scope["onCreateInterface"]()
        assert isinstance(self.widget, QtWidgets.QWidget)
        if not self._floating:
            self.widget.setParent(self._houdini.window)
        self.widget.show()

    def showToolbar(self, show: Any) -> None:
        self.has_toolbar = show

    def setIsCurrentTab(self) -> None:
        assert self in self._houdini.tabs

    def close(self) -> None:
        self._houdini.tabs.remove(self)
        self._scope["onDestroyInterface"]()
        if is_alive(self.widget):
            delete(self.widget)
