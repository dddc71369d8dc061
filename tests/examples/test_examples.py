"""Every example runs, and the README shows the first example to the letter."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from auroraview_qt.qt.support.binding import QtWidgets

ROOT = Path(__file__).parents[2]


@pytest.fixture
def open_example(aurora, monkeypatch):
    """Run an example in this process up to its event loop, and open its page."""

    def open_example(name):
        monkeypatch.setattr(QtWidgets.QApplication, "exec_", lambda *_: 0)
        return aurora.open(runpy.run_path(str(ROOT / "examples" / name), run_name="__main__")["view"])

    return open_example


def test_panel_example_bakes_at_a_click(open_example):
    page = open_example("01_panel.py")
    page.click("text=Bake")
    page.expect_text("#out", "24 frames baked", exact=True)


def test_state_example_selects_on_both_ends(open_example, capsys):
    page = open_example("02_state.py")
    page.expect_count("[aria-selected=true]", 1)
    page.expect_value("#percent", "80 %")
    page.click("role=option[name=camera1]")
    page.click("role=option[name=pCube1]")
    page.wait_until(lambda: page.view.state["selection"] == ["camera1"])
    page.view.state["opacity"] = 30
    page.click("text=Select all")
    page.expect_value("#opacity", "30")
    page.expect_value("#count", "5 of 5")
    assert len(page.view.state["selection"]) == 5
    assert "javascript set selection to ['camera1']" in capsys.readouterr().out


def test_calls_example_bakes_cancels_and_searches(open_example):
    page = open_example("03_calls.py")
    page.click("#bake")
    page.expect_text("#told", re.compile("^frame"))
    page.click("#cancel")
    page.expect_text("#told", "Cancelled", exact=True)
    page.expect_enabled("#bake")
    page.expect_disabled("#cancel")
    page.click("#bake")
    page.expect_text("#told", "24 frames baked", exact=True)
    page.expect_value("#bar", "1")
    page.click("text=Search")
    page.expect_text("#hits > li", ["L_arm_jnt", "L_arm_ctl", "L_arm_geo"], exact=True)
    page.wait_until(lambda: page.view.stats()["calls_running"] == 0)


def test_readme_shows_the_first_example():
    shown = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL).group(1)
    example = (ROOT / "examples" / "01_panel.py").read_text("utf-8").split('"""', 2)[2].lstrip()
    assert shown == example


def test_look_example_turns_dark(open_example):
    page = open_example("05_look.py")
    page.click("text=Dark")
    page.wait_until(lambda: page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(68, 68, 68)")
    page.expect_attribute("html", "data-host-scheme", "dark")
