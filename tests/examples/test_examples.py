"""Every example runs, and the README shows the first one to the letter."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from auroraview_qt.qt.support.binding import QtWidgets, isalive

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run_example(make_view, monkeypatch, wait_until):
    """Run an example in this process up to its event loop; give its names."""
    views = []

    def run(name):
        monkeypatch.setattr(QtWidgets.QApplication, "exec_", lambda *_: 0)
        names = runpy.run_path(str(ROOT / "examples" / name), run_name="__main__")
        views.append(names["view"])
        wait_until(lambda: names["view"].is_ready)
        return names

    yield run
    for view in views:
        view.deleteLater()
    wait_until(lambda: not any(isalive(view) for view in views))


def test_panel_example_bakes_at_a_click(run_example, js, wait_until):
    view = run_example("01_panel.py")["view"]
    js(view, "bake.click() || 1")
    wait_until(lambda: js(view, "out.textContent") == "24 frames baked")


def test_state_example_selects_on_both_ends(run_example, js, wait_until, capsys):
    view = run_example("02_state.py")["view"]
    assert js(view, "[list.querySelectorAll('[aria-selected=true]').length, percent.value]") == [1, "80 %"]
    js(view, "(list.children[0].click(), list.children[1].click(), 1)")
    wait_until(lambda: view.state["selection"] == ["camera1"])
    view.state["opacity"] = 30
    js(view, "all.click() || 1")
    wait_until(lambda: len(view.state["selection"]) == 5 and js(view, "[opacity.value, count.value]") == ["30", "5 of 5"])
    assert "javascript set selection to ['camera1']" in capsys.readouterr().out


def test_calls_example_bakes_cancels_and_searches(run_example, js, wait_until):
    view = run_example("03_calls.py")["view"]
    js(view, "bake.click() || 1")
    wait_until(lambda: js(view, "told.textContent.startsWith('frame')"))
    js(view, "cancel.click() || 1")
    wait_until(lambda: js(view, "told.textContent") == "Cancelled")
    assert js(view, "[bake.disabled, cancel.disabled]") == [False, True]
    js(view, "bake.click() || 1")
    wait_until(lambda: js(view, "told.textContent") == "24 frames baked")
    assert js(view, "bar.value") == 1
    js(view, "search.requestSubmit ? search.requestSubmit() || 1 : search.onsubmit(new Event('submit')) && 1")
    wait_until(lambda: js(view, "hits.children.length") == 3)
    assert js(view, "Array.from(hits.children, (hit) => hit.textContent)") == ["L_arm_jnt", "L_arm_ctl", "L_arm_geo"]
    wait_until(lambda: view.stats()["calls_running"] == 0)


def test_readme_shows_the_first_example():
    shown = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL).group(1)
    example = (ROOT / "examples" / "01_panel.py").read_text("utf-8").split('"""', 2)[2].lstrip()
    assert shown == example


def test_look_example_turns_dark(run_example, js, wait_until):
    view = run_example("05_look.py")["view"]
    js(view, "night.click() || 1")
    wait_until(lambda: js(view, "getComputedStyle(document.body).backgroundColor") == "rgb(68, 68, 68)")
    assert js(view, "document.documentElement.dataset.hostScheme") == "dark"
