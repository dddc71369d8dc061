"""Functions for start-up files: a panel by its name, and panels that cannot be made."""

from __future__ import annotations

import sys

import pytest

from auroraview_qt import hosts
from auroraview_qt.errors import EngineUnavailableError
from auroraview_qt.hosts import startup
from auroraview_qt.qt import placeholder
from auroraview_qt.qt.support.binding import QtWidgets
from auroraview_qt.qt.support.preflight import Problem

NAME = "studio.assets"
TOOL = """
from auroraview_qt import WebView

class Tools:
    @staticmethod
    def make():
        return WebView(html="<title>late</title>")
"""


@pytest.mark.parametrize("panel", ["mytool", "mytool:", ":make", "my-tool:make", "mytool:make()"])
def test_startup_panel_that_is_no_name_is_refused(panel):
    with pytest.raises(ValueError, match=r"should be MODULE:FUNCTION, such as mytool:make_panel"):
        startup.dock(panel, title="Assets", object_name=NAME)


def test_startup_panel_is_imported_when_it_is_shown_and_not_before(window, tmp_path, monkeypatch, wait_until, js):
    (tmp_path / "startup_late.py").write_text(TOOL, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    panel = startup.dock("startup_late:Tools.make", title="Assets", object_name=NAME, area="left")
    try:
        assert "startup_late" not in sys.modules
        panel.show()
        wait_until(lambda: panel.view.is_ready, "the page")
        assert js(panel.view, "document.title") == "late"
        assert panel.area == "left"
    finally:
        sys.modules.pop("startup_late", None)


@pytest.mark.parametrize(
    ("name", "why"),
    [("json:make_panel", "json has no 'make_panel'"), ("no_such_tool:make", "No module named 'no_such_tool'")],
)
def test_startup_panel_that_cannot_be_made_says_why_in_its_place(name, why, window, wait_until, expect_log):
    expect_log("could not be made")
    panel = startup.dock(name, title="Assets", object_name=NAME)
    (dock,) = window.findChildren(QtWidgets.QDockWidget)
    dock.show()  # as the artist or the host's layout does
    wait_until(lambda: any(why in label.text() for label in dock.findChildren(QtWidgets.QLabel)), "the reason")
    with pytest.raises((LookupError, ImportError), match=why):
        panel.show()


def test_startup_panel_where_the_engine_cannot_run_says_why(window, monkeypatch, expect_log):
    expect_log("no panel 'Assets'")
    panel = startup.dock("startup_tool_that_is_not_there:make", title="Assets", object_name=NAME)
    monkeypatch.setenv("AURORAVIEW_QT_DISABLE", "1")
    panel.show()
    assert panel.widget.problem.code == "disabled"


@pytest.mark.parametrize("platform", ["win32", "linux"])
def test_startup_refuses_what_would_take_the_host_down_before_it_is_imported(platform, window, monkeypatch):
    problem = Problem("known_crash", "it is reported to crash", "do not")
    monkeypatch.setattr(startup, "find_problem", lambda: problem)
    monkeypatch.setattr(sys, "platform", platform)
    if platform == "win32":
        with pytest.raises(EngineUnavailableError, match="it is reported to crash: do not"):
            startup.dock("mytool:make", title="Assets", object_name=NAME)
        assert not hosts.panels()
    else:  # Blender's problem, which its adapter solves
        assert startup.dock("mytool:make", title="Assets", object_name=NAME).widget is None


def test_startup_panel_that_only_the_page_cannot_have_is_docked_all_the_same(window, monkeypatch, expect_log):
    expect_log("no panel 'Assets'")
    problem = Problem("root_sandbox", "this is root", "be another")
    for module in (startup, placeholder):
        monkeypatch.setattr(module, "find_problem", lambda: problem)
    panel = startup.dock("mytool:make", title="Assets", object_name=NAME, show=True)
    assert panel.widget.problem is problem


def test_startup_docks_the_built_in_panel(window, wait_until, js):
    panel = startup.dock("auroraview_qt.demo:panel", title="AuroraView", object_name=NAME, show=True)
    wait_until(lambda: panel.view.is_ready, "the page")
    wait_until(lambda: js(panel.view, "document.querySelectorAll('dd').length") == 8, "the description")
    assert js(panel.view, "document.querySelector('dd').textContent").startswith(hosts.current().name)
