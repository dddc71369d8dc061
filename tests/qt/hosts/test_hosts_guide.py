"""docs/hosts/index.md, docs/hosts/qt-program.md: their Python runs and does what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from auroraview_qt import hosts
from auroraview_qt.host import detection
from auroraview_qt.qt.support.binding import BINDING

DOCS = Path(__file__).resolve().parents[3] / "docs"

#: Added in front of a program's loop: once the page is ready, it prints the facts and quits.
LEAVE = """
from qtpy.QtCore import QTimer
poll, limit = QTimer(), QTimer()
limit.setSingleShot(True)

def look():
    if panel.view.is_ready:
        poll.stop()
        print(hosts.current().name, panel.is_visible, panel.area)
        app.quit()

poll.timeout.connect(look)
limit.timeout.connect(app.quit)
poll.start(10)
limit.start(60000)
"""


def blocks(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_hosts_guide_first_example_docks_the_app(window, wait_until, tmp_path, monkeypatch, js):
    (tmp_path / "panel" / "dist").mkdir(parents=True)
    (tmp_path / "panel" / "dist" / "index.html").write_text("<title>built</title>", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {"__name__": __name__}
    exec(compile(blocks("hosts/index.md")[0], "hosts/index.md", "exec", dont_inherit=True), scope)
    panel = scope["panel"]
    wait_until(lambda: panel.view.is_ready, "the page")
    assert (panel.title, panel.area, js(panel.view, "document.title")) == ("Assets", "right", "built")


def test_hosts_guide_startup_example_docks_the_panel_hidden(window):
    (example,) = (block for block in blocks("hosts/index.md") if "startup.dock" in block)
    exec(compile(example, "hosts/index.md", "exec", dont_inherit=True), {})
    assert hosts.panels()["studio.assets"].widget is None


def test_hosts_guide_adapter_example_is_an_adapter(monkeypatch):
    detection.forget()
    (example,) = (block for block in blocks("hosts/index.md") if "class LightBoxHost" in block)
    scope: dict[str, Any] = {"__name__": __name__}
    exec(compile(example, "hosts/index.md", "exec", dont_inherit=True), scope)
    try:
        hosts.register(scope["LightBoxHost"])
        assert hosts.current().name != "lightbox"
        detection.forget()
        hosts.register(scope["LightBoxHost"])
        monkeypatch.setitem(sys.modules, "lightbox", sys)
        assert hosts.current().name == "lightbox"
    finally:
        detection.forget()


@pytest.mark.parametrize(("number", "said"), [(0, "generic True left"), (1, "standalone True None")])
def test_qt_program_guide_example_shows_the_panel(number, said, tmp_path):
    program = blocks("hosts/qt-program.md")[number]
    assert program.endswith("\napp.exec_()\n")
    script = tmp_path / "program.py"
    script.write_text(program.replace("\napp.exec_()\n", f"{LEAVE}\napp.exec_()\n"), encoding="utf-8")
    env = {**os.environ, "QT_API": BINDING[0], "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, str(script)], env=env, check=False, text=True, capture_output=True, timeout=120)
    assert done.stdout.strip() == said, done.stderr
