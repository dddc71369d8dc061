"""Adapters of hosts that cannot be installed here, against fakes of the documented API: see auroraview_qt.testing.hosts."""

from __future__ import annotations

import sys

import pytest

from auroraview_qt import WebView, hosts
from auroraview_qt.qt.support.binding import QtWidgets, is_alive
from auroraview_qt.testing.hosts.houdini import Houdini
from auroraview_qt.testing.hosts.max3ds import Max
from auroraview_qt.testing.hosts.maya import Maya
from auroraview_qt.testing.hosts.nuke import Nuke
from auroraview_qt.testing.hosts.substance_painter import Painter

pytestmark = pytest.mark.usefixtures("fresh_hosts")

PAGE = "<script>window.n = 0</script>"


@pytest.fixture
def install(monkeypatch):
    """Make a fake's modules importable."""

    def install(fake):
        for name, module in fake.modules().items():
            monkeypatch.setitem(sys.modules, name, module)
        return fake

    return install


def dock(wait_until, **keywords):
    panel = hosts.dock(lambda: WebView(html=PAGE), title="Assets", object_name="studio.assets", **keywords)
    if panel.widget is not None:
        wait_until(lambda: panel.view.is_ready, "the page")
    return panel


@pytest.fixture
def maya(install, window):
    return install(Maya(window))


@pytest.fixture
def houdini(install, window, tmp_path):
    return install(Houdini(window, tmp_path))


@pytest.fixture
def nuke(install, window):
    return install(Nuke(window))


@pytest.fixture
def painter(install, window):
    return install(Painter(window))


def test_maya_is_recognised_and_described(maya, window):
    host = hosts.current()
    assert (host.name, host.version, host.scale) == ("maya", "2025", 1.5)
    assert host.main_window() is window


def test_maya_in_batch_mode_is_not_taken_for_maya(maya, window):
    maya.batch = True
    assert hosts.current().name == "generic"


def test_maya_panel_is_a_workspace_control_filled_by_its_ui_script(maya, wait_until, js):
    panel = dock(wait_until, area="left", size=(300, 500))
    control = maya.controls["studio_assets"]
    assert control["label"] == "Assets"
    assert control["dockToMainWindow"] == ("left", True)
    assert (control["initialWidth"], control["initialHeight"], control["retain"]) == (300, 500, True)
    assert panel.is_visible
    assert control["widget"].isAncestorOf(panel.view)
    panel.float()
    assert (panel.is_floating, panel.area) == (True, None)
    panel.area = "bottom"
    assert (panel.is_floating, panel.area, control["dockToMainWindow"]) == (False, "bottom", ("bottom", True))
    panel.hide()
    assert not panel.is_visible
    panel.show()
    assert panel.is_visible


def test_maya_panel_keeps_its_page_when_maya_rebuilds_the_control(maya, wait_until, js):
    panel = dock(wait_until)
    view = panel.view
    js(view, "n = 4")
    maya.rebuild("studio_assets")
    wait_until(lambda: panel.is_visible)
    assert panel.view is view
    assert maya.controls["studio_assets"]["widget"].isAncestorOf(view)
    assert js(view, "n") == 4
    assert view.stats()["pages"] == 1


def test_maya_control_restored_before_the_tool_starts_is_filled_by_it(maya, wait_until):
    maya.workspace_control(
        "studio_assets",
        label="Assets",
        uiScript="import auroraview_qt.hosts.maya.frame as m; m.fill('studio.assets')",
        closeCommand="",
        retain=True,
        dockToMainWindow=("right", True),
    )
    maya.edit("studio_assets", restore=True)
    panel = dock(wait_until, show=False)
    wait_until(lambda: panel.widget is not None and panel.view.is_ready, "filled without being shown from here")
    assert maya.controls["studio_assets"]["widget"].isAncestorOf(panel.view)


def test_maya_panel_closed_by_the_artist_keeps_its_page(maya, wait_until, js):
    panel = dock(wait_until)
    js(panel.view, "n = 2")
    maya.close("studio_assets")
    assert not panel.is_visible
    panel.show()
    assert panel.is_visible
    assert js(panel.view, "n") == 2


def test_maya_panel_to_be_destroyed_goes_with_its_control(maya, wait_until):
    panel = dock(wait_until, on_close="destroy")
    view = panel.view
    maya.close("studio_assets")
    wait_until(lambda: not is_alive(view))
    assert panel.is_destroyed
    assert maya.controls == {}


def test_maya_panel_to_be_destroyed_survives_being_hidden(maya, wait_until):
    panel = dock(wait_until, on_close="destroy")
    panel.hide()
    answered = panel.view.eval_js("1")
    wait_until(answered.done)
    panel.show()
    assert (panel.is_destroyed, panel.is_visible) == (False, True)


def test_maya_undo_chunk_is_closed_after_an_error(maya):
    with pytest.raises(ZeroDivisionError), hosts.current().undo_block("Rename"):
        raise ZeroDivisionError
    assert maya.undo == ["Rename", "close"]


def test_maya_control_that_is_not_there_is_named(maya):
    from auroraview_qt.hosts.maya import frame as maya_frame

    with pytest.raises(LookupError, match="studio_assets"):
        maya_frame.fill("studio.assets")


def test_houdini_is_recognised_and_described(houdini, window):
    host = hosts.current()
    assert (host.name, host.version, host.scale) == ("houdini", "20.5.332", 2.0)
    assert host.main_window() is window
    with host.undo_block("Rename"):
        pass
    assert houdini.undo == ["Rename", "close"]


def test_houdini_panel_is_a_pypanel_in_a_pane_tab(houdini, wait_until, tmp_path, js):
    panel = dock(wait_until)
    assert (tmp_path / "python_panels" / "studio_assets.pypanel").is_file()
    assert [(tab.isFloating(), tab.has_toolbar) for tab in houdini.tabs] == [(False, False)]
    assert panel.is_visible
    js(panel.view, "n = 6")
    panel.float()
    assert panel.is_floating
    assert len(houdini.tabs) == 1
    assert js(panel.view, "n") == 6
    panel.float(False)
    assert not panel.is_floating
    panel.hide()
    assert houdini.tabs == []
    panel.show()
    wait_until(lambda: panel.is_visible)
    assert js(panel.view, "n") == 6
    assert panel.view.stats()["pages"] == 1


def test_houdini_panel_with_an_awkward_title_is_valid_xml(houdini, wait_until):
    panel = hosts.dock(QtWidgets.QLabel, title='A & "B" <C>', object_name="studio.odd")
    assert panel.is_visible


def test_houdini_tab_closed_by_the_artist_destroys_a_panel_that_wants_it(houdini, wait_until):
    panel = dock(wait_until, on_close="destroy")
    houdini.tabs[0].close()
    wait_until(lambda: panel.is_destroyed)


def test_houdini_panel_to_be_destroyed_survives_being_floated(houdini, wait_until):
    panel = dock(wait_until, on_close="destroy")
    panel.float()
    answered = panel.view.eval_js("1")
    wait_until(answered.done)
    assert not panel.is_destroyed


def test_nuke_panel_is_made_from_an_expression_without_arguments(nuke, wait_until, js):
    host = hosts.current()
    assert (host.name, host.version) == ("nuke", "15.1v2")
    panel = dock(wait_until)
    assert isinstance(nuke.registered["studio.assets"], str)
    assert panel.is_visible
    js(panel.view, "n = 8")
    panel.hide()
    assert not panel.is_visible
    panel.show()
    assert panel.is_visible
    assert js(panel.view, "n") == 8


def test_nuke_panel_opens_beside_what_the_workspace_has_else_in_a_window(nuke, wait_until):
    nuke.open = ["Viewer.1"]
    panel = dock(wait_until)
    assert nuke.panels[0].place == "the pane of Viewer.1"
    panel.hide()
    assert nuke.panels == []
    nuke.open = []
    panel.show()
    assert nuke.panels[0].place == "a window"


def test_nuke_panel_behind_another_tab_is_opened_once_more_in_its_pane(nuke, wait_until):
    panel = dock(wait_until)
    nuke.open.append("studio.assets")
    nuke.panels[0]._holder.hide()
    panel.show()
    assert [each.place for each in nuke.panels] == ["the pane of studio.assets"]
    assert panel.is_visible


def test_nuke_panel_restored_by_a_workspace_is_filled(nuke, wait_until):
    panel = dock(wait_until, show=False)
    holder = nuke.make("studio.assets")
    wait_until(lambda: panel.widget is not None and panel.view.is_ready)
    panel.hide()
    assert not holder.isVisible()


def test_nuke_undo_is_cancelled_by_an_error(nuke):
    with hosts.current().undo_block("Rename"):
        pass
    with pytest.raises(ZeroDivisionError), hosts.current().undo_block("Rename"):
        raise ZeroDivisionError
    assert nuke.undo == ["Rename", "end", "Rename", "cancel"]


def test_3ds_max_panel_is_a_dock_in_its_window(install, window, wait_until):
    fake = install(Max(window))
    host = hosts.current()
    assert (host.name, host.version) == ("3dsmax", "2025")
    panel = dock(wait_until)
    assert panel.view.window() is window
    assert [each.isAncestorOf(panel.view) for each in fake.without_accelerators] == [True]
    with host.undo_block("Rename"):
        pass
    assert fake.undo == ["Rename"]


def test_painter_makes_the_dock_and_deletes_it(painter, window, wait_until):
    host = hosts.current()
    assert (host.name, host.version) == ("substance_painter", "10.1.0")
    panel = dock(wait_until)
    view = panel.view
    assert painter.docks[0].isAncestorOf(view)
    assert panel.area == "right"
    with host.undo_block("Rename"):
        pass
    assert painter.undo == ["Rename"]
    panel.destroy()
    assert painter.docks == []
    wait_until(lambda: not is_alive(view))


def test_painter_that_has_no_window_yet_is_told_so(painter, window):
    painter.has_started = False
    assert hosts.current().main_window() is None
    with pytest.raises(RuntimeError, match="no main window yet"):
        hosts.dock(QtWidgets.QLabel, title="Assets", object_name="studio.assets")
