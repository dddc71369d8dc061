"""Assistive technology and the keyboard: axe finds nothing wrong in the pages of this project."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from auroraview_qt import demo
from auroraview_qt.qt.support.binding import QtWidgets

ROOT = Path(__file__).parents[2]
AXE = "axe-core@4.10.3"
pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="it is built with npm")


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """Return the source of axe, a program for development only."""
    folder = tmp_path_factory.mktemp("axe")
    command = [str(shutil.which("npm")), "pack", AXE, "--silent"]
    name = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=120).stdout.split()[-1]
    with tarfile.open(folder / name) as packed:
        file = packed.extractfile("package/axe.min.js")
        assert file is not None
        return file.read().decode("utf-8")


@pytest.fixture
def violations(axe):
    """Return what axe finds in a page: the rules and their elements."""

    def violations(page):
        view, answers = page.view, []
        view.page().runJavaScript(f"{axe}; 1", 0, answers.append)
        page.wait_until(lambda: answers)
        # A panel is a part of a window: it needs no heading and no landmarks, as a document does.
        run = "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })"
        run += ".then((r) => { __axe = r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 90))]); })"
        view.page().runJavaScript(f"window.__axe = null; {run}; 1", 0, answers.append)
        found = []

        def look():
            view.page().runJavaScript("JSON.stringify(window.__axe)", 0, lambda text: found.append(json.loads(text)))
            return found and found[-1] is not None

        page.wait_until(look)
        return found[-1]

    return violations


CONTROLS = "button:enabled, input:enabled, select, a[href], [tabindex='0']"
EXAMPLES = [
    "01_panel.py",
    "02_state.py",
    "03_calls.py",
    "05_look.py",
    "06_assets.py",
    "07_viewport.py",
    "the built-in panel",
]


@pytest.fixture
def open_page(aurora, monkeypatch):
    """Open the page of an example up to its event loop, or the built-in panel."""
    monkeypatch.setattr(QtWidgets.QApplication, "exec_", lambda *_: 0)

    def open_page(name):
        if name.endswith(".py"):
            return aurora.open(runpy.run_path(str(ROOT / "examples" / name), run_name="__main__")["view"])
        return aurora.open(demo.panel)

    return open_page


@pytest.mark.parametrize("name", EXAMPLES)
def test_page_has_no_violations(name, open_page, violations):
    assert violations(open_page(name)) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_tab_reaches_every_control(name, open_page):
    page = open_page(name)
    page.evaluate(
        f"(window.controls = [...document.querySelectorAll({json.dumps(CONTROLS)})],"
        " window.missed = new Set(controls), addEventListener('focusin', (e) => missed.delete(e.target)), 1)"
    )
    count = page.evaluate("controls.length")
    assert count
    for _ in range(count + 1):
        page.press("Tab")
    assert page.evaluate("[...missed].map((one) => one.outerHTML)") == []


def test_key_presses_a_button(open_page):
    page = open_page("01_panel.py")
    page.press("Tab")
    page.press("Enter")
    page.expect_text("#out", "24 frames baked", exact=True)
