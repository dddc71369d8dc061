"""A panel that is moved to a screen of another scale: sharp, of the right size, with the same page."""

from __future__ import annotations

import json

import pytest

from auroraview_qt.qt.support.binding import BINDING
from tests.qt.programs import run_python

pytestmark = pytest.mark.skipif(BINDING[1].startswith("5."), reason="Qt 5 has one offscreen screen only")

PROGRAM = """
import json, os, sys
os.chdir({folder!r})  # the platform's options are split at colons, which paths may have
os.environ["QT_QPA_PLATFORM"] = "offscreen:configfile=screens.json"
from auroraview_qt import WebView, hosts
from auroraview_qt.qt.support.binding import QtCore, QtWidgets

app = QtWidgets.QApplication(sys.argv)


def until(condition, what):
    loop, poll, limit = QtCore.QEventLoop(), QtCore.QTimer(), QtCore.QTimer()
    poll.timeout.connect(lambda: condition() and loop.quit())
    limit.timeout.connect(loop.quit)
    poll.start(5)
    limit.start(20000)
    loop.exec()
    assert condition(), what() if callable(what) else what


window = QtWidgets.QMainWindow()
window.resize(300, 200)
window.move(20, 20)
window.show()
panel = hosts.dock(lambda: WebView(html="<p>"), title="T", object_name="test.panel", window=window)
view = panel.view
until(lambda: view.is_ready, "ready")


def look():
    scale = "+getComputedStyle(document.documentElement).getPropertyValue('--host-scale')"
    asked = view.eval_js(f"[devicePixelRatio, {{scale}}, window.mark || 0]")
    until(asked.done, "an answer")
    return [hosts.current().scale, *asked.result()]


def until_look(wanted):
    seen = []
    until(lambda: seen.append(look()) or seen[-1] == wanted, lambda: f"{{wanted}}: {{seen[-1]}}")


until_look([1, 1, 1, 0])
view.page().runJavaScript("window.mark = 1")
for x, wanted in ((820, {there}), (20, [1, 1, 1, 1]), (820, {there})):
    window.move(x, 20)
    until_look(wanted)
assert view.stats()["pages"] == 1
print("done")
"""


@pytest.mark.parametrize(
    ("scaling", "there"),
    [
        ("1", [2, 2, 1, 1]),  # Qt enlarges: a pixel of the page is two of the screen
        ("0", [1, 1, 2, 1]),  # Qt does not scale here, as in hosts that switch it off, so the page scales by --host-scale
    ],
)
def test_panel_moved_to_a_dense_screen_is_of_its_scale_and_keeps_the_page(tmp_path, scaling, there):
    screens = [
        {"name": "plain", "x": 0, "y": 0, "width": 800, "height": 600, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1.0},
        {
            "name": "dense",
            "x": 800,
            "y": 0,
            "width": 800,
            "height": 600,
            "logicalDpi": 192,
            "logicalBaseDpi": 96,
            "dpr": 1.0,
        },
    ]
    (tmp_path / "screens.json").write_text(json.dumps({"screens": screens}), encoding="utf-8")
    source = PROGRAM.format(folder=str(tmp_path), there=there)
    code, output = run_python(source, QT_ENABLE_HIGHDPI_SCALING=scaling)
    assert code == 0, output
    assert "done" in output
