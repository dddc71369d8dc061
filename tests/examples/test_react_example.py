"""The React example: built from npm, type-checked against the generated file, and used in the widget."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from auroraview_qt._resources import resource_path
from auroraview_qt.typegen.document import generate

EXAMPLE = Path(__file__).parents[2] / "examples" / "04_react"

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="it is built with npm")


@pytest.fixture(scope="module")
def panel():
    """Its Python half."""
    spec = importlib.util.spec_from_file_location("react_panel", EXAMPLE / "panel.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its annotations are looked up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Its page, made as the README of a front-end would say: npm ci, then npm run build, which type-checks."""
    place = tmp_path_factory.mktemp("react") / "app"
    shutil.copytree(EXAMPLE, place, ignore=shutil.ignore_patterns("node_modules", "dist", "__pycache__"))
    for command in (["npm", "ci", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return place


@pytest.fixture
def view(panel, built, make_view, wait_until, monkeypatch):
    monkeypatch.setattr(panel, "SECONDS", 0.05)
    view = panel.make_view()
    make_view.adopt(view)
    view.load_app(built / "dist")
    wait_until(lambda: view.is_ready)
    return view


def test_built_page_lists_selects_remembers_and_publishes(view, js, wait_until):
    rows = "document.querySelectorAll('li[role=option]')"
    status = "document.querySelector('[role=status]').textContent"
    wait_until(lambda: js(view, f"{rows}.length") == 39)
    assert js(view, "document.querySelector('footer button').disabled")
    js(view, f"{rows}[2].click() || 1")
    wait_until(lambda: view.state.get("selected") == "sq010_sh0030")
    wait_until(lambda: js(view, "!document.querySelector('footer button').disabled"))
    js(view, "document.querySelector('footer button').click() || 1")
    wait_until(lambda: js(view, f"{status}.startsWith('sq010_sh0030 published as v')"))
    view.state["selected"] = "sq010_sh0050"
    wait_until(lambda: js(view, "document.querySelector('[aria-selected=true]').textContent").startswith("sq010_sh0050"))
    view.reload()
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    wait_until(lambda: js(view, "(document.querySelector('[aria-selected=true]') || {}).id !== undefined"))
    assert js(view, "document.querySelector('[aria-selected=true]').textContent").startswith("sq010_sh0050")


def test_running_command_is_cancelled_from_the_page(view, js, wait_until, panel, monkeypatch):
    monkeypatch.setattr(panel, "SECONDS", 600)
    view.state["selected"] = "sq010_sh0010"
    wait_until(lambda: js(view, "!(document.querySelector('footer button') || {disabled: true}).disabled"))
    js(view, "document.querySelector('footer button').click() || 1")
    wait_until(lambda: js(view, "document.querySelector('footer button').textContent") == "Cancel")
    wait_until(lambda: js(view, "document.querySelector('[role=status]').textContent") == "cache sq010_sh0010")
    js(view, "document.querySelector('footer button').click() || 1")
    wait_until(lambda: js(view, "document.querySelector('footer button').textContent") == "Publish")
    wait_until(lambda: view.stats()["calls_running"] == 0)


def test_generated_types_are_those_of_the_commands_and_of_the_library(view, built):
    assert (built / "src" / "auroraview.d.ts").read_text("utf-8") == resource_path("auroraview.d.ts").read_text("utf-8")
    assert (built / "src" / "api.d.ts").read_text("utf-8") == generate(view.ipc_handler, "panel:make_view", "api.d.ts")
