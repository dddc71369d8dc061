"""The adapters of QGIS and napari, on stand-ins of their modules; `dev.py hosts` runs them in the real programs."""

from __future__ import annotations

import sys
import types

import pytest

from auroraview_qt import WebView, hosts
from auroraview_qt.host import detection
from auroraview_qt.qt.support.binding import QtWidgets

pytestmark = pytest.mark.usefixtures("fresh_hosts")


class Layer:
    """A layer of QGIS that records its edit commands."""

    def __init__(self, editable):
        self.editable, self.told = editable, []

    def isEditable(self):
        return self.editable

    def beginEditCommand(self, name):
        self.told.append(name)

    def endEditCommand(self):
        self.told.append("end")

    def destroyEditCommand(self):
        self.told.append("destroy")


@pytest.fixture
def qgis(window, monkeypatch):
    """QGIS's modules, with a layer that is being edited."""
    layer = Layer(True)
    iface = types.SimpleNamespace(mainWindow=lambda: window, activeLayer=lambda: iface.layer, layer=layer)
    utils = types.SimpleNamespace(iface=iface)
    core = types.SimpleNamespace(Qgis=types.SimpleNamespace(QGIS_VERSION="3.22.16-Białowieża"))
    monkeypatch.setitem(sys.modules, "qgis.utils", utils)
    monkeypatch.setitem(sys.modules, "qgis.core", core)
    detection.forget()
    return utils


@pytest.fixture
def napari(window, monkeypatch):
    """napari's modules, with a viewer."""
    viewer = types.SimpleNamespace(window=types.SimpleNamespace(_qt_window=window))
    module = types.SimpleNamespace(__version__="0.9.2", current_viewer=lambda: module.viewer, viewer=viewer)
    monkeypatch.setitem(sys.modules, "napari", module)
    monkeypatch.setitem(sys.modules, "napari._qt.qt_main_window", types.SimpleNamespace())
    detection.forget()
    return module


def test_qgis_is_recognised_with_its_window_and_not_as_a_library(qgis, window):
    host = hosts.current()
    assert (host.name, host.version, host.main_window()) == ("qgis", "3.22.16", window)
    qgis.iface = None
    detection.forget()
    assert hosts.current().name == "generic"


def test_qgis_panel_is_listed_in_its_menu(qgis, window, wait_until):
    menu = window.menuBar().addMenu("Panels")
    menu.setObjectName("mPanelMenu")
    panel = hosts.dock(lambda: WebView(html="<p>"), title="Assets", object_name="studio.assets")
    wait_until(lambda: panel.is_visible and panel.view.is_ready)
    assert [action.text() for action in menu.actions()] == ["Assets"]
    menu.actions()[0].trigger()
    wait_until(lambda: not panel.is_visible)
    other = QtWidgets.QMainWindow()
    assert hosts.dock(QtWidgets.QLabel, title="B", object_name="studio.b", window=other, show=False).widget is None
    hosts.panels()["studio.b"].destroy()
    other.deleteLater()


def test_qgis_undo_block_is_an_edit_command_of_a_layer_that_is_edited(qgis):
    host, layer = hosts.current(), qgis.iface.layer
    with host.undo_block("Move"):
        pass
    with pytest.raises(ValueError, match="broken"), host.undo_block("Turn"):
        raise ValueError("broken")
    assert layer.told == ["Move", "end", "Turn", "destroy"]
    for qgis.iface.layer in (None, Layer(False)):
        with host.undo_block("Nothing"):
            pass
    assert qgis.iface.layer.told == []


def test_napari_is_recognised_once_it_has_a_viewer(napari, window):
    host = hosts.current()
    assert (host.name, host.version, host.main_window()) == ("napari", "0.9.2", window)
    napari.viewer = None
    detection.forget()
    assert hosts.current().name == "generic"
