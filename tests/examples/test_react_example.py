"""The React example: built from npm, type-checked against the generated file, and used in the widget."""

from __future__ import annotations

import importlib.util
import re
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
    sys.modules[spec.name] = module  # its annotations are looked up there
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build its page as a user would: npm ci, then npm run build, which type-checks."""
    place = tmp_path_factory.mktemp("react") / "app"
    shutil.copytree(EXAMPLE, place, ignore=shutil.ignore_patterns("node_modules", "dist", "__pycache__"))
    for command in (["npm", "ci", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return place


@pytest.fixture
def page(panel, built, aurora, monkeypatch):
    monkeypatch.setattr(panel, "SECONDS", 0.05)
    return aurora.open(panel.make_view, app_dir=built / "dist")


def test_built_page_lists_selects_remembers_and_publishes(page):
    page.expect_count("li[role=option]", 39)
    page.expect_disabled("footer button")
    page.click("li[role=option] >> nth=2")
    page.wait_until(lambda: page.view.state.get("selected") == "sq010_sh0030")
    page.click("role=button[name=Publish]")
    page.expect_text("[role=status]", re.compile("^sq010_sh0030 published as v"))
    page.view.state["selected"] = "sq010_sh0050"
    page.expect_text("[aria-selected=true]", re.compile("^sq010_sh0050"))
    page.reload()
    page.expect_text("[aria-selected=true]", re.compile("^sq010_sh0050"))


def test_event_emitted_before_the_page_is_loaded_reaches_the_component(panel, built, aurora):
    for version in range(12):

        def make_view(version=version):
            view = panel.make_view()
            view.emit("published", {"shot": "sq010_sh0010", "version": version})
            return view

        page = aurora.open(make_view, app_dir=built / "dist")
        page.expect_text("[role=status]", f"sq010_sh0010 published as v{version}", exact=True)


def test_running_command_is_cancelled_from_the_page(page, panel, monkeypatch):
    monkeypatch.setattr(panel, "SECONDS", 600)
    page.view.state["selected"] = "sq010_sh0010"
    page.click("role=button[name=Publish]")
    page.expect_text("[role=status]", "cache sq010_sh0010", exact=True)
    page.click("role=button[name=Cancel]")
    page.expect_text("footer button", "Publish", exact=True)
    assert page.wait_for_call("publish").state == "cancelled"
    page.wait_until(lambda: page.view.stats()["calls_running"] == 0)


def test_generated_types_are_those_of_the_commands_and_of_the_library(page, built):
    assert (built / "src" / "auroraview.d.ts").read_text("utf-8") == resource_path("auroraview.d.ts").read_text("utf-8")
    assert (built / "src" / "aurora.ts").read_text("utf-8") == resource_path("hooks", "react.ts").read_text("utf-8")
    assert (built / "src" / "api.d.ts").read_text("utf-8") == generate(page.view.ipc_handler, "panel:make_view", "api.d.ts")
