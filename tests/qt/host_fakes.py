"""Fakes of hosts that cannot be installed here.

They hold no more than what our adapters call. What they take is compared with the published types of the hosts, name for
name, by tests/typings/conformity.py; and they refuse what the vendors' documentation forbids: unknown flags, a flag where it
cannot be set, an order, arguments of another type. Underneath they are real Qt, so that a page really is moved about. They
prove that an adapter says what the documentation says; that the host then does it, only the host can prove.
"""

from __future__ import annotations

import contextlib
import types
from xml.etree import ElementTree as ET

from auroraview_qt.qt.support.binding import BINDING, QtCore, QtWidgets, isalive

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

    def __init__(self, window):
        self.window = window
        self.controls = {}
        self.undo = []
        self.batch = False
        self.calling_back = False

    def modules(self):
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

    def about(self, *, batch=False, version=False):
        assert batch != version, "one question at a time"
        return self.batch if batch else "2025"

    def dpi(self, *, query=False, realScaleValue=False):
        assert query
        assert realScaleValue
        return 1.5

    def workspace_control(
        self,
        name,
        *,
        exists=None,
        query=False,
        edit=False,
        label=None,
        uiScript=None,
        closeCommand=None,
        retain=None,
        loadImmediately=None,
        initialWidth=None,
        initialHeight=None,
        dockToMainWindow=None,
        visible=None,
        floating=None,
        restore=None,
    ):
        given = {key: value for key, value in locals().items() if value is not None and value is not False}
        del given["self"], given["name"]
        assert name.isidentifier(), f"{name!r} is no name of Maya's"
        if exists:
            assert set(given) <= {"exists", "query"}
            return name in self.controls
        if query:
            assert set(given) == {"query", "floating"}, "in query mode one flag tells what is asked"
            return self.controls[name]["floating"]
        if edit:
            assert retain is None, "retain is a flag of creation only"
            assert name in self.controls, f"there is no {name!r} to edit"
            self.edit(name, restore, visible, floating, dockToMainWindow)
            return None
        assert name not in self.controls, f"object's name {name!r} is not unique"
        area, _tab = dockToMainWindow
        assert area in ("left", "right", "top", "bottom")
        assert isinstance(uiScript, str), "what is not a text cannot be saved with a workspace"
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

    def edit(self, name, restore=False, visible=None, floating=None, dockToMainWindow=None):
        control = self.controls[name]
        if restore:
            control["widget"].show()
            self.fill(name)
        if visible is not None:
            control["widget"].setVisible(visible)
            if not visible:
                self.call_back(control["closeCommand"])  # the documentation does not say that it does not
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
            self.call_back(control["uiScript"])

    def call_back(self, script):
        """Run a control's script; what must not happen within is refused."""
        self.calling_back = True
        try:
            exec(script, {})
        finally:
            self.calling_back = False

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
        self.call_back(self.controls[name]["closeCommand"])
        if self.controls[name]["retain"]:
            self.controls[name]["widget"].hide()
        else:
            delete(self.controls.pop(name)["widget"])

    def delete_ui(self, name):
        assert not self.calling_back, "deleting a control from its own callback is fatal to Maya"
        self.controls.pop(name)["widget"].deleteLater()

    def undo_info(self, *, openChunk=False, closeChunk=False, chunkName=None):
        assert openChunk != closeChunk
        if openChunk:
            assert isinstance(chunkName, str)
            self.undo.append(chunkName)
        else:
            assert len(self.undo) % 2, "there is no chunk to close"
            self.undo.append("close")

    def find_control(self, name):
        return self._address(self.controls[name]["widget"]) if name in self.controls else None

    @staticmethod
    def _address(widget):
        return address_of(widget)


class Houdini:
    """``hou.pypanel``, desktops, panes and their tabs, ``hou.undos``."""

    class OperationFailed(Exception):  # noqa: N818  # Houdini's word
        """``hou.OperationFailed``."""

    def __init__(self, window, folder):
        self.window, self.folder = window, folder
        self.interfaces = {}
        self.tabs = []
        self.undo = []
        self.desktop = HoudiniDesktop(self)

    def modules(self):
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

    def expand(self, str):  # noqa: A002  # Houdini's word
        return str.replace("$HOUDINI_USER_PREF_DIR", self.folder.as_posix())

    def install(self, file_path):
        assert isinstance(file_path, str)
        for element in ET.parse(file_path).getroot().findall("interface"):
            name = element.get("name")
            assert name.isidentifier(), name
            self.interfaces[name] = HoudiniInterface(name, element.findtext("script"))

    def interface(self, name):
        return self.interfaces.get(name)

    def tab(self, kind, floating):
        assert kind == "PythonPanel"
        tab = HoudiniTab(self, floating)
        self.tabs.append(tab)
        return tab

    @contextlib.contextmanager
    def group(self, label):
        self.undo.append(label)
        yield
        self.undo.append("close")


class HoudiniDesktop:
    """``hou.Desktop``: one pane, and one of a floating window that belongs to it."""

    def __init__(self, houdini):
        self._houdini = houdini

    def panes(self):
        return (HoudiniPane(self._houdini, floats=False), HoudiniPane(self._houdini, floats=True))

    def createFloatingPaneTab(self, pane_tab_type, position=(), size=()):
        assert len(size) in (0, 2)
        assert position == ()
        return self._houdini.tab(pane_tab_type, floating=True)


class HoudiniPane:
    """``hou.Pane``."""

    def __init__(self, houdini, floats):
        self._houdini, self._floats = houdini, floats

    def floatingPanel(self):
        return object() if self._floats else None

    def createTab(self, type):  # noqa: A002  # Houdini's word
        return self._houdini.tab(type, floating=self._floats)


class HoudiniInterface:
    """``hou.PythonPanelInterface``."""

    def __init__(self, name, script):
        self._name, self._script = name, script

    def name(self):
        return self._name

    def script(self):
        return self._script


class HoudiniTab:
    """``hou.PythonPanel``."""

    def __init__(self, houdini, floating):
        self._houdini, self._floating, self._interface, self._scope, self.widget = houdini, floating, None, {}, None
        self.has_toolbar = True

    def isFloating(self):
        return self._floating

    def activeInterface(self):
        return self._interface

    def setActiveInterface(self, interface):
        if interface is None or self._houdini.interfaces.get(interface.name()) is not interface:
            raise Houdini.OperationFailed("no installed Python Panel interface")
        self._interface = interface
        exec(interface.script(), self._scope)
        self.widget = self._scope["onCreateInterface"]()
        assert isinstance(self.widget, QtWidgets.QWidget)
        if not self._floating:
            self.widget.setParent(self._houdini.window)
        self.widget.show()

    def showToolbar(self, show):
        self.has_toolbar = show

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
        self.panels = []
        self.open = ["Properties.1", "Toolbar.1", "Viewer.1", "DAG.1"]  # what the workspace holds

    def modules(self):
        undo = types.SimpleNamespace(begin=self.begin, end=lambda: self.end("end"), cancel=lambda: self.end("cancel"))
        nuke = module("nuke", GUI=True, NUKE_VERSION_STRING="15.1v2", Undo=undo, getPaneFor=self.pane)
        panels = module("nukescripts.panels", registerWidgetAsPanel=self.register)
        return {"nuke": nuke, "nukescripts": module("nukescripts", panels=panels), "nukescripts.panels": panels}

    def begin(self, name):
        self.undo.append(name)

    def end(self, how):
        assert len(self.undo) % 2, "there is no step to end"
        self.undo.append(how)

    def pane(self, panelName):
        return f"the pane of {panelName}" if panelName in self.open else None

    def register(self, widget, name, id, create=False):  # noqa: A002  # Nuke's word
        assert isinstance(widget, str), "the widget is an expression in a string"
        assert isinstance(name, str)
        self.registered[id] = widget
        return NukePanel(self, id) if create else None

    def make(self, id):  # noqa: A002
        """Make the widget, as Nuke does for a new tab and for a saved workspace."""
        widget = eval(self.registered[id])()
        assert isinstance(widget, QtWidgets.QWidget)
        holder = QtWidgets.QWidget(self.window)
        widget.setParent(holder)
        holder.show()
        widget.show()
        return holder


class NukePanel:
    """``nukescripts.panels.PythonPanel``: where it is, if it is anywhere."""

    def __init__(self, nuke, name):
        self._nuke, self._name, self.place, self._holder = nuke, name, None, None

    def addToPane(self, pane=None):
        if pane is not None:  # without one Nuke takes the pane whose menu was used, and there is none here
            self._open(pane)
        return self

    def show(self):
        self._open("a window")

    def isValid(self):
        return self._holder is not None and isalive(self._holder)

    def destroy(self):
        assert self.isValid()
        delete(self._holder)
        self._nuke.panels.remove(self)

    def _open(self, place):
        self.place, self._holder = place, self._nuke.make(self._name)
        self._nuke.panels.append(self)


class Max:
    """``qtmax`` and ``pymxs``."""

    def __init__(self, window):
        self.window = window
        self.undo = []
        self.without_accelerators = []

    def modules(self):
        runtime = types.SimpleNamespace(maxVersion=lambda: [27000, 68, 0, 27, 0, 0, 1, 2025, ""])
        return {
            "pymxs": module("pymxs", runtime=runtime, undo=self.undo_context),
            "qtmax": module(
                "qtmax", GetQMaxMainWindow=lambda: self.window, DisableMaxAcceleratorsOnFocus=self.disable_accelerators
            ),
        }

    @contextlib.contextmanager
    def undo_context(self, enabled, label=None, /):
        assert enabled is True
        assert isinstance(label, str)
        self.undo.append(label)
        yield

    def disable_accelerators(self, widget, disableMaxAccelerators):
        assert isinstance(widget, QtWidgets.QWidget)
        assert disableMaxAccelerators is True
        self.without_accelerators.append(widget)


class Painter:
    """``substance_painter.ui``, ``application``, ``layerstack``."""

    class ServiceNotFoundError(Exception):
        """``substance_painter.exception.ServiceNotFoundError``."""

    def __init__(self, window):
        self.window = window
        self.has_started = True
        self.docks = []
        self.undo = []

    def modules(self):
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

    def main_window(self):
        if not self.has_started:
            raise self.ServiceNotFoundError
        return self.window

    def add(self, widget):
        assert widget.objectName(), "a dock without an object name is not restored"
        assert widget.windowTitle(), "a dock is listed by its widget's window title"
        dock = QtWidgets.QDockWidget(widget.windowTitle(), self.window)
        dock.setObjectName(widget.objectName())
        dock.setWidget(widget)
        self.window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self.docks.append(dock)
        return dock

    def delete(self, element):
        self.docks.remove(element)
        element.deleteLater()

    @contextlib.contextmanager
    def scope(self, name):
        self.undo.append(name)
        yield
