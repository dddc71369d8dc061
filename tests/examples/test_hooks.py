"""The hooks for React and Vue: compiled against a generated file, built with Vite and used in the widget."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from auroraview_qt.cli import main

PROJECT = Path(__file__).parent / "hooks"
FRAMEWORKS = ("react", "vue")

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="it is built with npm")


@pytest.fixture(scope="module")
def tool():
    """The Python half of both pages."""
    spec = importlib.util.spec_from_file_location("hooks_tool", PROJECT / "tool.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its annotations are looked up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Both pages, made as a user makes them: the types and hooks from the command, then npm, whose build type-checks."""
    place = tmp_path_factory.mktemp("hooks") / "app"
    shutil.copytree(PROJECT, place, ignore=shutil.ignore_patterns("node_modules", "dist", "__pycache__"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for framework in FRAMEWORKS:
            arguments = ["types", "tool:make_view", "-o", f"src/{framework}/api.d.ts", "--hooks", framework]
            assert main(arguments) == 0
            assert main([*arguments, "--check"]) == 0
    for path in ("api.d.ts", "auroraview.d.ts"):
        (place / "src" / "vue" / path).unlink()  # both are global: a project has them once
    for command in (["npm", "ci", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    for framework in FRAMEWORKS:
        app = shutil.copytree(place / "dist", place / framework)
        (app / f"{framework}.html").rename(app / "index.html")
    return place


@pytest.fixture(params=FRAMEWORKS)
def page(request, tool, built, aurora):
    return aurora.open(tool.make_view, app_dir=built / request.param)


def test_hooks_state_with_keys_of_two_types_goes_both_ways(page):
    page.expect_text("#state", "none none none", exact=True)
    page.click("#select")
    page.click("#next")
    page.expect_text("#state", "sh020 1 none", exact=True)
    page.wait_until(lambda: page.view.state.get("selected") == "sh020" and page.view.state.get("frame") == 1)
    page.view.state["frame"] = 41
    page.view.state["notes"] = ["a"]
    page.expect_text("#state", "sh020 41 1", exact=True)
    page.click("#next")
    page.wait_until(lambda: page.view.state.get("frame") == 42)
    page.view.state["notes"] = ["a", "b"]
    page.expect_text("#state", "sh020 42 2", exact=True)
    page.reload()
    page.expect_text("#state", "sh020 42 2", exact=True)


def test_hooks_each_event_reaches_the_newest_handler_once(page):
    for version in (1, 2, 3):
        page.view.emit("published", {"shot": "sh010", "version": version})
        page.expect_text("#events", ",".join(map(str, range(1, version + 1))), exact=True)


def test_hooks_command_gives_its_result_its_error_and_its_next_result(page, aurora):
    page.click("#double")
    page.expect_text("#command", "42", exact=True)
    aurora.expect_error("too many")
    page.click("#fail")
    page.expect_text("#command", "too many", exact=True)
    page.click("#double")
    page.expect_text("#command", "42", exact=True)


def test_hooks_running_command_shows_progress_and_is_cancelled(page):
    page.click("#begin")
    page.expect_text("#wait", "half way", exact=True)
    page.click("#cancel")
    page.expect_text("#wait", "idle", exact=True)
    assert page.wait_for_call("wait").state == "cancelled"
    page.wait_until(lambda: page.view.stats()["calls_running"] == 0)


def test_hooks_stream_gives_all_items_and_begins_anew(page):
    page.expect_text("#stream", "idle 0 0", exact=True)
    for _ in range(2):
        page.click("#count")
        page.expect_text("#stream", "idle 100 4950", exact=True)
