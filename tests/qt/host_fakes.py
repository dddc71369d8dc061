"""Fakes of hosts that cannot be installed here.

They hold no more than what our adapters call, and refuse what the vendors' documentation does not have: unknown flags, an
order it forbids, arguments of another type. Underneath they are real Qt, so that a page really is moved about. They prove
that an adapter says what the documentation says; that the host then does it, only the host can prove.
"""

from __future__ import annotations

import contextlib
import types
from xml.etree import ElementTree as ET

from auroraview_qt.qt.binding import BINDING, QtCore, QtWidgets, isalive

if BINDING[0].startswith("pyside"):
    from qtpy import shiboken

    delete = shiboken.delete

    def address_of(thing):
        return shiboken.getCppPointer(thing)[0]

else:
    from qtpy import sip

    delete = sip.delete

    def address_of(thing):
        return int(sip.unwrapinstance(thing))


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    return made


class Maya:
    """``maya.cmds.workspaceControl``, ``undoInfo``, ``deleteUI``, ``MQtUtil``."""

    FLAGS = frozenset(
        (
            "label",
            "uiScript",
            "closeCommand",
            "retain",
            "loadImmediately",
            "initialWidth",
            "initialHeight",
            "dockToMainWindow",
            "visible",
        )
    )
    EDITS = frozenset(("restore", "visible", "floating", "dockToMainWindow"))

    def __init__(self, window):
        self.window = window
        self.controls = {}
        self.undo = []
        self.batch = False

    def modules(self):
        cmds = module(
            "maya.cmds",
            workspaceControl=self.workspace_control,
            deleteUI=self.delete_ui,
            undoInfo=self.undo_info,
            about=lambda **what: self.batch if what == {"batch": True} else "2025",
            mayaDpiSetting=lambda query, realScaleValue: 1.5,
        )
        util = types.SimpleNamespace(mainWindow=lambda: self._address(self.window), findControl=self.find_control)
        api = module("maya.OpenMayaUI", MQtUtil=util)
        return {"maya": module("maya", cmds=cmds, OpenMayaUI=api), "maya.cmds": cmds, "maya.OpenMayaUI": api}

    def workspace_control(self, name, *, exists=False, query=False, edit=False, **flags):
        assert name.isidentifier(), f"{name!r} is no name of Maya's"
        if exists:
            return name in self.controls
        if query:
            assert flags == {"floating": True}
            return self.controls[name]["floating"]
        if edit:
            assert len(flags) == 1, flags
            assert set(flags) <= self.EDITS, flags
            self.edit(name, **flags)
            return None
        assert set(flags) <= self.FLAGS, flags
        assert name not in self.controls, f"object's name {name!r} is not unique"
        area, _tab = flags["dockToMainWindow"]
        assert area in ("left", "right", "top", "bottom")
        widget = QtWidgets.QWidget(self.window)
        widget.hide()
        widget.setObjectName(name)
        self.controls[name] = {**flags, "floating": False, "widget": widget, "filled": False}
        return name

    def edit(self, name, restore=False, visible=None, floating=None, dockToMainWindow=None):
        control = self.controls[name]
        if restore:
            control["widget"].show()
            self.fill(name)
        if visible is not None:
            control["widget"].setVisible(visible)
        if floating is not None:
            control["floating"] = floating
        if dockToMainWindow is not None:
            control["floating"] = False
            control["dockToMainWindow"] = dockToMainWindow

    def fill(self, name):
        """Run the uiScript, as Maya does when a control is shown for the first time, or has been emptied."""
        control = self.controls[name]
        if not control["filled"]:
            control["filled"] = True
            exec(control["uiScript"], {})

    def rebuild(self, name):
        """Delete the content and have it made again, as when the artist changes the workspace."""
        control = self.controls[name]
        for child in control["widget"].findChildren(QtWidgets.QWidget):
            if child.parent() is control["widget"]:
                delete(child)
        control["filled"] = False
        self.fill(name)

    def close(self, name):
        """Close it as the artist does."""
        exec(self.controls[name]["closeCommand"], {})
        if self.controls[name]["retain"]:
            self.controls[name]["widget"].hide()
        else:
            delete(self.controls.pop(name)["widget"])

    def delete_ui(self, name):
        self.controls.pop(name)["widget"].deleteLater()

    def undo_info(self, openChunk=False, closeChunk=False, chunkName=None):
        assert openChunk != closeChunk
        assert closeChunk or chunkName
        self.undo.append(chunkName if openChunk else "close")

    def find_control(self, name):
        return self._address(self.controls[name]["widget"]) if name in self.controls else None

    @staticmethod
    def _address(widget):
        return address_of(widget)


class Houdini:
    """``hou.pypanel``, desktops, panes and their tabs, ``hou.undos``."""

    def __init__(self, window, folder):
        self.window, self.folder = window, folder
        self.interfaces = {}
        self.tabs = []
        self.undo = []

    def modules(self):
        types_ = types.SimpleNamespace(PythonPanel="PythonPanel")
        pane = types.SimpleNamespace(createTab=lambda kind: self.tab(kind, floating=False))
        desktop = types.SimpleNamespace(
            panes=lambda: (pane,), createFloatingPaneTab=lambda kind, size: self.tab(kind, floating=True, size=size)
        )
        ui = types.SimpleNamespace(
            curDesktop=lambda: desktop, paneTabs=lambda: tuple(self.tabs), globalScaleFactor=lambda: 2.0
        )
        hou = module(
            "hou",
            isUIAvailable=lambda: True,
            applicationVersionString=lambda: "20.5.332",
            paneTabType=types_,
            ui=ui,
            qt=types.SimpleNamespace(mainWindow=lambda: self.window),
            text=types.SimpleNamespace(expandString=lambda text: text.replace("$HOUDINI_USER_PREF_DIR", str(self.folder))),
            pypanel=types.SimpleNamespace(installFile=self.install, interfaceByName=self.interfaces.get),
            undos=types.SimpleNamespace(group=self.group),
        )
        return {"hou": hou}

    def install(self, path):
        assert isinstance(path, str)
        for element in ET.parse(path).getroot().findall("interface"):
            name = element.get("name")
            assert name.isidentifier(), name
            script = element.findtext("script")
            self.interfaces[name] = types.SimpleNamespace(name=lambda name=name: name, script=script)

    def tab(self, kind, floating, size=None):
        assert kind == "PythonPanel"
        tab = HoudiniTab(self, floating)
        self.tabs.append(tab)
        return tab

    @contextlib.contextmanager
    def group(self, label):
        self.undo.append(label)
        yield
        self.undo.append("close")


class HoudiniTab:
    def __init__(self, houdini, floating):
        self._houdini, self._floating, self._interface, self._scope, self.widget = houdini, floating, None, {}, None

    def type(self):
        return "PythonPanel"

    def isFloating(self):
        return self._floating

    def activeInterface(self):
        return self._interface

    def setActiveInterface(self, interface):
        assert interface is not None, "no such interface is installed"
        self._interface = interface
        exec(interface.script, self._scope)
        self.widget = self._scope["onCreateInterface"]()
        assert isinstance(self.widget, QtWidgets.QWidget)
        if not self._floating:
            self.widget.setParent(self._houdini.window)
        self.widget.show()

    def setIsCurrentTab(self):
        assert self in self._houdini.tabs

    def close(self):
        self._houdini.tabs.remove(self)
        self._scope["onDestroyInterface"]()
        if isalive(self.widget):
            delete(self.widget)


class Nuke:
    """``nukescripts.panels.registerWidgetAsPanel`` as Nuke ships it, ``nuke.getPaneFor``, ``nuke.Undo``."""

    def __init__(self, window):
        self.window = window
        self.registered = {}
        self.undo = []

    def modules(self):
        undo = types.SimpleNamespace(
            begin=self.undo.append, end=lambda: self.undo.append("end"), cancel=lambda: self.undo.append("cancel")
        )
        nuke = module("nuke", GUI=True, NUKE_VERSION_STRING="15.1v2", Undo=undo, getPaneFor=self.pane)
        panels = module("nukescripts.panels", registerWidgetAsPanel=self.register)
        return {"nuke": nuke, "nukescripts": module("nukescripts", panels=panels), "nukescripts.panels": panels}

    @staticmethod
    def pane(name):
        assert name in ("Properties.1", "Toolbar.1", "Viewer.1", "DAG.1"), name
        return name

    def register(self, widget, name, id, create=False):  # noqa: A002  # Nuke's word
        assert isinstance(widget, str), "the widget is an expression in a string"
        assert isinstance(name, str)
        self.registered[id] = widget
        return types.SimpleNamespace(addToPane=lambda pane: self.make(id)) if create else None

    def make(self, id):  # noqa: A002
        """Make the widget, as Nuke does for a new tab and for a saved workspace."""
        widget = eval(self.registered[id])()
        assert isinstance(widget, QtWidgets.QWidget)
        holder = QtWidgets.QWidget(self.window)
        widget.setParent(holder)
        holder.show()
        widget.show()
        return holder


class Max:
    """``qtmax`` and ``pymxs``."""

    def __init__(self, window):
        self.window = window
        self.undo = []

    def modules(self):
        runtime = types.SimpleNamespace(maxVersion=lambda: (27000, 68, 0, 27, 0, 0, 1, 2025, ""))
        return {
            "pymxs": module("pymxs", runtime=runtime, undo=self.undo_context),
            "qtmax": module("qtmax", GetQMaxMainWindow=lambda: self.window),
        }

    @contextlib.contextmanager
    def undo_context(self, enabled, label):
        assert enabled is True
        self.undo.append(label)
        yield


class Painter:
    """``substance_painter.ui``, ``application``, ``layerstack``."""

    def __init__(self, window):
        self.window = window
        self.docks = []
        self.undo = []

    def modules(self):
        ui = module(
            "substance_painter.ui",
            get_main_window=lambda: self.window,
            add_dock_widget=self.add,
            delete_ui_element=self.delete,
        )
        application = module("substance_painter.application", version=lambda: "10.1.0")
        layers = module("substance_painter.layerstack", ScopedModification=self.scope)
        parts = {"ui": ui, "application": application, "layerstack": layers}
        modules = {f"substance_painter.{name}": part for name, part in parts.items()}
        return {"substance_painter": module("substance_painter", **parts), **modules}

    def add(self, widget):
        assert widget.objectName(), "a dock without an object name is not restored"
        assert widget.windowTitle(), "a dock is listed by its widget's window title"
        dock = QtWidgets.QDockWidget(widget.windowTitle(), self.window)
        dock.setObjectName(widget.objectName())
        dock.setWidget(widget)
        self.window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self.docks.append(dock)
        return dock

    def delete(self, dock):
        self.docks.remove(dock)
        dock.deleteLater()

    @contextlib.contextmanager
    def scope(self, name):
        self.undo.append(name)
        yield
