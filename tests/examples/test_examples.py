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


def test_asset_browser_makes_the_thumbnails_in_view_and_moves_by_keys(open_example):
    page = open_example("06_assets.py")
    page.expect_text("#count", "2,000 assets", exact=True)
    made = "document.querySelectorAll('img.loaded').length === document.querySelectorAll('.asset').length"
    page.wait_until(lambda: page.evaluate(made))
    assert 0 < page.evaluate("document.querySelectorAll('.asset').length") < 200
    page.press("End")
    page.expect_text("#told", "texture_399 · texture · version 10", exact=True)
    page.wait_until(lambda: page.evaluate("list.scrollTop > 1000 && " + made))
    page.press("Home")
    page.press("ArrowRight")
    page.press("ArrowDown")
    page.press("Enter")
    columns = page.evaluate("columns")
    assert page.wait_for_event("open_asset") == page.evaluate(f"found[{columns + 1}]")
    page.fill("#find", "prop_04")
    page.expect_text("#count", "10 assets", exact=True)
    page.fill("#find", "no such asset")
    page.expect_text("#field", "No asset has this name. Clear the search to see all.", exact=True)
    page.press("Escape")
    page.expect_text("#count", "2,000 assets", exact=True)


def test_viewport_example_shows_pictures_and_orbits(open_example):
    page = open_example("07_viewport.py")
    page.wait_until(lambda: page.evaluate("Number(document.querySelector('canvas').dataset.frames) > 3"))
    page.click("#play")
    page.wait_until(lambda: page.view.state["turns"] is False)
    page.click("#home")
    page.wait_until(lambda: page.view.state["yaw"] == 0.7)
    page.click("#port")
    page.press("ArrowRight")
    page.wait_until(lambda: page.view.state["yaw"] == pytest.approx(0.8))
    page.wait_until(lambda: page.evaluate("document.querySelector('canvas').width === port.clientWidth"))
