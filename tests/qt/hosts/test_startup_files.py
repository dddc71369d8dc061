"""The start-up files of `auroraview-qt install`, run as the hosts run them, against fakes of the hosts.

FreeCAD, Krita, Blender and QGIS run theirs for real: see tests/hosts/installed_checks.py.
"""

from __future__ import annotations

import runpy
import sys
import types

import pytest

from auroraview_qt import hosts
from auroraview_qt.cli import main
from auroraview_qt.qt.support.binding import QtWidgets
from auroraview_qt.testing.hosts import houdini, max3ds, maya, nuke, substance_painter
from auroraview_qt.testing.hosts.pieces import module

TOOL = """
from auroraview_qt import WebView

def make():
    return WebView(html="<title>from the tool</title>")
"""
NAME, MODULE = "studio.assets", "panel_studio_assets"


class Maya(maya.Maya):
    """A fake with the parts for a start-up file: ``maya.utils.executeDeferred``, menus and ``$gMainWindow``."""

    def __init__(self, window):
        super().__init__(window)
        self.deferred = []
        self.menus = {}
        self.items = {}

    def modules(self):
        made = super().modules()
        maya, cmds = made["maya"], made["maya.cmds"]
        cmds.menu, cmds.menuItem = self.menu, self.menu_item
        maya.mel = types.SimpleNamespace(eval=self.evaluate)
        maya.utils = module("maya.utils", executeDeferred=self.deferred.append)
        return {**made, "maya.utils": maya.utils}

    @staticmethod
    def evaluate(source):
        assert source.endswith("= $gMainWindow"), source
        return "MayaWindow"

    def menu(self, name, *, exists=False, label="", parent=""):
        if exists:
            return name in self.menus
        assert name not in self.menus
        assert parent == "MayaWindow"
        self.menus[name] = label
        return name

    def menu_item(self, name, *, exists=False, label="", parent="", command=None):
        if exists:
            return name in self.items
        assert name not in self.items
        assert parent in self.menus
        self.items[name] = (label, command)
        return name


class Nuke(nuke.Nuke):
    """With the menu of panes."""

    def __init__(self, window):
        super().__init__(window)
        self.entries = {}

    def modules(self):
        made = super().modules()
        made["nuke"].menu = self.menu
        return made

    def menu(self, name):
        assert name == "Pane"
        return types.SimpleNamespace(addCommand=self.entries.__setitem__)


class Qgis:
    """A fake with the parts for a plugin: the interface and the version."""

    def __init__(self, window):
        self.iface = types.SimpleNamespace(mainWindow=lambda: window)

    def modules(self):
        utils = module("qgis.utils", iface=self.iface)
        return {"qgis.utils": utils, "qgis.core": module("qgis.core", Qgis=types.SimpleNamespace(QGIS_VERSION="3.22.16"))}


FAKES = {
    "maya": Maya,
    "houdini": houdini.Houdini,
    "nuke": Nuke,
    "3dsmax": max3ds.Max,
    "substance_painter": substance_painter.Painter,
    "qgis": Qgis,
}


class Started:
    """A user's folder of a host with an installed panel, and the host that runs its files."""

    def __init__(self, host, folder, window):
        self.host, self.folder = host, folder
        self.fake = FAKES[host](*([window, folder] if host == "houdini" else [window]))
        self.modules = {}

    def start(self):
        """Run the files as the host does at its start."""
        getattr(self, f"_{self.host.removeprefix('3ds').removeprefix('substance_')}")()

    def _maya(self):
        (line,) = (self.folder / "modules" / f"{MODULE}.mod").read_text(encoding="utf-8").splitlines()
        plus, name, version, path = line.split(" ", 3)
        assert (plus, name, version) == ("+", MODULE, "1.0")
        scripts = self.folder / "modules" / path / "scripts"
        sys.path.append(str(scripts))
        exec(compile((scripts / "userSetup.py").read_bytes(), "userSetup.py", "exec"), {"__name__": "__main__"})
        while self.fake.deferred:
            self.fake.deferred.pop(0)()

    def _houdini(self):
        version = "python{}.{}libs".format(*sys.version_info[:2])
        root = self.folder / MODULE
        sys.path.append(str(root / "scripts" / "python"))
        ready = root / version / "uiready.py"
        ready = ready if ready.exists() else root / "python3.11libs" / "uiready.py"
        exec(compile(ready.read_bytes(), "uiready.py", "exec"), {})

    def _nuke(self):
        sys.path.append(str(self.folder))
        exec(compile((self.folder / "menu.py").read_bytes(), "menu.py", "exec"), {})

    def _max(self):
        script = (self.folder / "scripts" / "startup" / f"{MODULE}.ms").read_text(encoding="utf-8")
        relative = script.partition('@"..\\')[2].partition('"')[0].replace("\\", "/")
        runpy.run_path(str(self.folder / "scripts" / relative), run_name="__main__")

    def _painter(self):
        sys.path.append(str(self.folder / "python" / "startup"))
        self.plugin = __import__(MODULE)
        self.plugin.start_plugin()

    def _qgis(self):
        sys.path.append(str(self.folder / "python" / "plugins"))
        self.plugin = __import__(MODULE).classFactory(self.fake.iface)
        self.plugin.initGui()


@pytest.fixture
def installed(window, tmp_path, monkeypatch):
    """Install a panel of a tool in a host, and make the host."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "startup_tool.py").write_text(TOOL, encoding="utf-8")
    (tmp_path / "tools" / "auroraview_qt").mkdir()  # otherwise the folders of this Python are added, which hold a binding
    (tmp_path / "tools" / "auroraview_qt" / "__init__.py").touch()

    def install(host, *options):
        folder = tmp_path / "user"
        folder.mkdir()
        arguments = ["--folder", str(folder), "--path", str(tmp_path / "tools"), "--panel", "startup_tool:make"]
        assert main(["install", "--host", host, "--object-name", NAME, "--title", "Assets", *arguments, *options]) == 0
        started = Started(host, folder, window)
        for name, made in started.fake.modules().items():
            monkeypatch.setitem(sys.modules, name, made)
        return started

    yield install
    for panel in hosts.panels().values():  # while the fake is still there
        panel.destroy()
    for name in set(sys.modules) - before:
        if name in (MODULE, "startup_tool"):
            del sys.modules[name]


def page_of(panel, wait_until):
    wait_until(lambda: panel.widget is not None and panel.view.is_ready, "the page")
    return panel.view


@pytest.mark.parametrize("host", sorted(FAKES))
def test_startup_files_dock_the_panel_and_make_nothing_yet(host, installed, wait_until):
    installed(host).start()
    panel = hosts.panels()[NAME]
    assert panel.title == "Assets"
    if host == "3dsmax":  # it has no layout that could restore the panel
        page_of(panel, wait_until)
    else:
        assert panel.widget is None


@pytest.mark.parametrize("host", sorted(FAKES))
def test_startup_files_told_to_show_it_load_its_page(host, installed, wait_until, js):
    installed(host, "--show").start()
    view = page_of(hosts.panels()[NAME], wait_until)
    assert js(view, "document.title") == "from the tool"


@pytest.mark.parametrize("host", sorted(FAKES))
def test_startup_files_switched_off_do_nothing(host, installed, monkeypatch, caplog):
    monkeypatch.setenv("AURORAVIEW_QT_DISABLE", "1")
    installed(host, "--show").start()
    assert not hosts.panels()
    assert not caplog.records


@pytest.mark.parametrize("host", sorted(FAKES))
def test_startup_files_without_the_library_log_one_line(host, installed, monkeypatch, caplog):
    started = installed(host, "--show")
    monkeypatch.setitem(sys.modules, "auroraview_qt.hosts.startup", None)
    monkeypatch.delattr(hosts, "startup")
    started.start()
    (record,) = (record for record in caplog.records if record.name == MODULE)
    assert record.getMessage().startswith("Assets is left out: ")
    assert "\n" not in record.getMessage()
    assert record.exc_info is None


def test_maya_menu_opens_the_panel_and_is_made_once(installed, wait_until):
    maya = installed("maya")
    maya.start()
    maya.start()  # a scripts folder that is twice in sys.path
    assert maya.fake.menus == {"auroraviewPanels": "Panels"}
    ((label, command),) = maya.fake.items.values()
    assert label == "Assets"
    command(False)
    page_of(hosts.panels()[NAME], wait_until)
    assert hosts.panels()[NAME].is_visible


def test_maya_without_interface_starts_nothing(installed):
    maya = installed("maya", "--show")
    maya.fake.batch = True
    maya.start()
    assert not hosts.panels()
    assert not maya.fake.menus


def test_nuke_pane_menu_opens_the_panel(installed, wait_until):
    nuke = installed("nuke")
    nuke.start()
    nuke.fake.entries["Assets"]()
    page_of(hosts.panels()[NAME], wait_until)


def test_houdini_package_names_the_folder_and_its_pypanel_is_the_one_docking_writes(installed):
    houdini = installed("houdini")
    package = (houdini.folder / "packages" / f"{MODULE}.json").read_text(encoding="utf-8")
    assert f'"hpath": "{(houdini.folder / MODULE).as_posix()}"' in package
    written = (houdini.folder / "python_panels" / "studio_assets.pypanel").read_bytes()
    houdini.start()
    assert (houdini.folder / "python_panels" / "studio_assets.pypanel").read_bytes() == written
    assert set(houdini.fake.interfaces) == {"studio_assets"}
    for panel in hosts.panels().values():
        panel.destroy()
    assert main(["install", "--host", "houdini", "--folder", str(houdini.folder), "--object-name", NAME, "--uninstall"]) == 0
    assert list(houdini.folder.rglob("*")) == []


def test_houdini_tab_restored_while_panels_are_switched_off_says_so(installed, monkeypatch):
    houdini = installed("houdini")
    houdini.fake.install(str(houdini.folder / "python_panels" / "studio_assets.pypanel"))
    monkeypatch.setenv("AURORAVIEW_QT_DISABLE", "1")
    pyside = types.ModuleType("PySide6")  # which Houdini has on every system
    pyside.QtWidgets = QtWidgets
    monkeypatch.setitem(sys.modules, "PySide6", pyside)
    tab = houdini.fake.tab("PythonPanel", floating=False)
    tab.setActiveInterface(houdini.fake.interfaces["studio_assets"])
    assert "unset AURORAVIEW_QT_DISABLE" in tab.widget.text()
    tab.close()


def test_painter_plugin_that_is_unloaded_takes_its_panel_along(installed, wait_until):
    painter = installed("substance_painter", "--show")
    painter.start()
    page_of(hosts.panels()[NAME], wait_until)
    painter.plugin.close_plugin()
    assert not hosts.panels()
    assert not painter.fake.docks
    painter.plugin.close_plugin()


def test_qgis_plugin_that_is_switched_off_and_on_takes_its_panel_along_and_docks_it_again(installed, window, wait_until):
    qgis = installed("qgis", "--show")
    qgis.start()
    assert hosts.current().name == "qgis"
    page_of(hosts.panels()[NAME], wait_until)
    qgis.plugin.unload()
    qgis.plugin.unload()
    assert not hosts.panels()
    qgis.plugin.initGui()
    page_of(hosts.panels()[NAME], wait_until)
