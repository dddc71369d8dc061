"""A recording of a real page."""

from __future__ import annotations

import json

from auroraview_qt.devtools.api import VARIABLE
from auroraview_qt.qt.placeholder import Placeholder
from auroraview_qt.qt.support.preflight import Problem

PAGE = """<script>
auroraview.on('frame', (data) => auroraview.emit('seen', data));
auroraview.on('ask', async () => auroraview.emit('sum', await auroraview.call('add', {a: 2, b: 'x'.repeat(300000).length})));
</script>"""


def test_real_page_is_recorded_from_its_hello_to_the_end_of_the_view(make_view, wait_until, monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "bug.jsonl"))
    got = []
    view = make_view()
    view.on("sum", got.append)
    view.bind_call("add", lambda a, b: a + b)
    view.load_html(PAGE)
    wait_until(lambda: view.is_ready, "ready")
    view.emit("frame", {"n": 1, "text": "é" * 200_000})
    view.emit("ask")
    wait_until(lambda: bool(got), "the sum")
    recording = view._recording
    view.deleteLater()
    wait_until(lambda: not recording.is_running, "the end")
    assert recording.stop()
    header, *lines = [json.loads(line) for line in (tmp_path / "bug.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {"host", "qt", "binding"} <= header.keys()
    page = [message for line in lines if line[1] == "page" for message in line[-1]]
    python = [message for line in lines if line[1] == "python" for message in line[-1]]
    assert page[0][1]["type"] == "hello"
    assert [0, "seen", {"n": 1, "text": "é" * 200_000}] in page
    assert [0, "sum", 300_002] in page
    assert any(message[0] == 1 and message[2] == 300_002 for message in python)
    assert lines[-1][1] == "end"


def test_placeholder_records_a_header(qapp, tmp_path):
    view = Placeholder(Problem("disabled", "it is a test", "read it"))
    with view.record(tmp_path / "bug.jsonl", redact=["password"]):
        view.emit("frame")
    view.open_inspector()
    assert [json.loads(line) for line in (tmp_path / "bug.jsonl").read_text().splitlines()][-1][1:] == ["end", "stopped"]
    view.deleteLater()
