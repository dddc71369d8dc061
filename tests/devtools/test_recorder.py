"""Recordings: complete, bounded, redacted, and written beside the GUI thread."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading

import pytest

from auroraview_qt.devtools import recorder
from auroraview_qt.devtools.api import VARIABLE
from auroraview_qt.devtools.tap import Tap
from auroraview_qt.errors import WrongThreadError
from auroraview_qt.testing.fake.view import FakeView
from tests.devtools.conftest import lines_of, turn


def kinds(lines):
    return [line[1] for line in lines[1:]]


def messages(lines, kind):
    return [message for line in lines[1:] if line[1] == kind for message in line[-1]]


def test_everything_of_both_ends_is_recorded_in_order(make_view, tmp_path):
    view = make_view(lambda view: view.bind_call("double", lambda value: 2 * value))
    view.state["scene"] = {"frame": 1}
    with view.record(tmp_path / "bug.jsonl") as recording:
        view.emit("frame", {"n": 7})
        view.runtime.say(0, "picked", "pCube1", {"deep": [1.5, None]})
        view.runtime.call("double", (4,))
        turn(view)
        view.state["scene"] = {"frame": 2}
        turn(view)
        view.reload()
        turn(view)
    assert recording.stop()

    header, *rest = lines = lines_of(tmp_path / "bug.jsonl")
    assert header["auroraview_qt_recording"] == recorder.FORMAT
    assert header["state"] == {"scene": {"frame": 1}}
    assert header["commands"] == ["double"]
    assert {"version", "python", "platform", "started"} <= header.keys()
    assert [0, "picked", "pCube1", {"deep": [1.5, None]}] in messages(lines, "page")
    assert [1, "c1", "double", 4] in messages(lines, "page")
    assert [1, "c1", 8] in messages(lines, "python")
    assert [0, "frame", {"n": 7}] in messages(lines, "python")
    assert any(message[0] == 4 for message in messages(lines, "python"))
    assert kinds(lines).count("document") == 2
    assert kinds(lines).index("gone") < len(kinds(lines)) - 1
    assert rest[-1][1:] == ["end", "stopped"]
    assert [line[0] for line in rest] == sorted(line[0] for line in rest)


def test_secret_and_key_of_the_page_are_not_recorded(make_view, tmp_path):
    view = make_view()
    with view.record(tmp_path / "bug.jsonl"):
        view.reload()
        turn(view)
    text = (tmp_path / "bug.jsonl").read_text()
    assert '"hello"' in text
    assert view._engine.secret not in text
    assert view._engine.session.document[:12] not in text
    assert (tmp_path / "bug.jsonl").stat().st_mode & 0o077 == 0


def test_nothing_is_in_the_way_without_a_recording(make_view, tmp_path):
    view = make_view()
    engine = view._engine
    before = (engine.receive, engine.next_delivery, engine.end_session, engine.queue.on_drop, engine.handler.dispatch)
    first, second = view.record(tmp_path / "a.jsonl"), view.record(tmp_path / "b.jsonl")
    assert engine.receive != before[0]
    first.stop()
    assert engine.receive != before[0]
    second.stop()
    after = (engine.receive, engine.next_delivery, engine.end_session, engine.queue.on_drop, engine.handler.dispatch)
    assert after == before
    assert logging.getLogger("auroraview_qt").handlers == [
        handler for handler in logging.getLogger("auroraview_qt").handlers if type(handler).__name__ != "LogReports"
    ]


def test_drops_local_events_and_errors_are_recorded(make_view, tmp_path, caplog):
    def fail(data):
        raise ValueError("a bad pick")

    view = make_view(lambda view: view.on("picked", fail), max_events=2, overflow="drop_oldest")
    with view.record(tmp_path / "bug.jsonl"):
        view._engine.handler.dispatch("file_drop", {"paths": ["/a.mb"], "odd": 1j})
        for number in range(4):
            view.emit("tick", number)
        view.runtime.say(0, "picked", 1)
        turn(view)
    lines = lines_of(tmp_path / "bug.jsonl")
    assert [line[2:] for line in lines[1:] if line[1] == "drop"] == [["tick", "overflow"]] * 2
    [local] = [line for line in lines[1:] if line[1] == "local"]
    assert local[2:] == ["file_drop", {"paths": ["/a.mb"], "odd": "1j"}]
    [log] = [line for line in lines[1:] if line[1] == "log" and line[2] == "ERROR"]
    assert "ValueError: a bad pick" in log[4]
    assert "Traceback" in log[4]


@pytest.mark.parametrize("redact", [["password", "login", "token"], lambda name, value: _without_secrets(value)])
def test_redacted_values_are_nowhere_in_the_file(make_view, tmp_path, redact):
    view = make_view(lambda view: view.bind_call("login", lambda user, password: {"token": "hush-1"}))
    view.bind_call("fetch", lambda: {"rows": [{"password": "hush-2"}], "open": "shown-1"})
    view.state["token"] = "hush-3"
    view.state["user"] = {"password": "hush-4", "name": "shown-2"}
    turn(view)
    with view.record(tmp_path / "bug.jsonl", redact=redact):
        view.runtime.call("login", ({"user": "me", "password": "hush-5"},))
        view.runtime.call("fetch", ())
        view.runtime.write("token", "hush-6")
        view.emit("login", "hush-7")
        view.runtime.say(3, json.dumps({"type": "event", "event": "login", "detail": {"password": "hush-8"}}))
        turn(view)
        view.state.set_path(["user", "password"], "hush-9")
        view.state["user"] = {"password": "hush-0"}
        logging.getLogger("auroraview_qt.test").warning("hush in a log")
        turn(view)
    text = (tmp_path / "bug.jsonl").read_text()
    assert "hush" not in text
    assert "shown-1" in text
    assert "shown-2" in text
    assert len(lines_of(tmp_path / "bug.jsonl")) > 5


def _without_secrets(value):
    text = json.dumps(value)
    return value if "hush" not in text else json.loads(text.replace("hush", "redacted"))


def test_redact_that_raises_loses_the_value_and_not_the_line(make_view, tmp_path):
    view = make_view()
    with view.record(tmp_path / "bug.jsonl", redact=lambda name, value: 1 / 0):
        view.emit("frame", "hush")
        turn(view)
    assert [0, "frame", "<redacted>"] in messages(lines_of(tmp_path / "bug.jsonl"), "python")


@pytest.mark.parametrize("redact", ["password", [1]])
def test_odd_redact_is_refused(make_view, tmp_path, redact):
    with pytest.raises(TypeError, match="redact"):
        make_view().record(tmp_path / "bug.jsonl", redact=redact)


def test_size_is_bounded_and_lines_stay_complete(make_view, tmp_path):
    view = make_view()
    recording = view.record(tmp_path / "bug.jsonl", max_bytes=20_000)
    for number in range(200):
        view.emit("frame", {"n": number, "text": "x" * 500})
        turn(view)
    assert recording.stop()
    assert (tmp_path / "bug.jsonl").stat().st_size < 21_000
    assert lines_of(tmp_path / "bug.jsonl")[-1][1:] == ["end", "the maximum size"]
    assert not recording.is_running


def test_slow_disk_blocks_nothing_and_leaves_a_gap(make_view, tmp_path, monkeypatch):
    monkeypatch.setattr(recorder, "_MAX_WAITING", 10_000)
    let_through = threading.Event()
    write = recorder.Recording._write
    monkeypatch.setattr(recorder.Recording, "_write", lambda self, *args: (let_through.wait(20), write(self, *args)))
    view = make_view()
    recording = view.record(tmp_path / "bug.jsonl")
    for number in range(200):
        view.emit("frame", {"n": number, "text": "x" * 500})
        turn(view)
    let_through.set()
    while recording._waiting:
        assert not recording._done.wait(0.01)
    view.emit("frame", "last")
    turn(view)
    assert recording.stop()
    lines = lines_of(tmp_path / "bug.jsonl")
    [gap] = [line for line in lines[1:] if line[1] == "gap"]
    assert gap[2] > 100
    assert [0, "frame", "last"] in messages(lines, "python")


def test_file_that_cannot_be_written_is_reported_once(make_view, tmp_path, caplog):
    view = make_view()
    recording = view.record(tmp_path / "missing" / "bug.jsonl")
    assert recording._done.wait(10)
    view.emit("frame")
    turn(view)
    assert not recording.stop()
    assert isinstance(recording.error, FileNotFoundError)
    assert [record.name for record in caplog.records if "cannot be written" in record.getMessage()] == [recorder.__name__]


def test_view_that_ends_completes_the_file(make_view, tmp_path):
    view = make_view()
    recording = view.record(tmp_path / "bug.jsonl")
    view.deleteLater()
    assert recording.stop()
    assert lines_of(tmp_path / "bug.jsonl")[-1][1:] == ["end", "the view has ended"]


def test_large_messages_in_pieces_become_one_line(make_view, tmp_path):
    view = make_view()
    with view.record(tmp_path / "bug.jsonl"):
        view.emit("big", "y" * 3_000_000)
        document, ack = view._engine.session.document, view.runtime._ran
        text = json.dumps([document, ack, 0, [[0, "large", "x" * 10_000]]])
        for sign, piece in (("+", text[:5_000]), (".", text[5_000:])):
            assert view._engine.receive(view._engine.secret + sign + document + piece, view._url)
        turn(view)
    lines = lines_of(tmp_path / "bug.jsonl")
    assert [0, "large", "x" * 10_000] in messages(lines, "page")
    assert [0, "big", "y" * 3_000_000] in messages(lines, "python")


def test_line_ends_of_the_page_do_not_end_a_line(make_view, tmp_path):
    view = make_view()
    with view.record(tmp_path / "bug.jsonl"):
        document, ack = view._engine.session.document, view.runtime._ran
        text = f'["{document}",{ack},0,[[0,"odd",' + '\n{"lone": "\\ud800"}\r\n]]]'
        assert view._engine.receive(view._engine.secret + text, view._url)
    assert [0, "odd", {"lone": "\ud800"}] in messages(lines_of(tmp_path / "bug.jsonl"), "page")


def test_observer_that_fails_is_removed_and_harms_nobody(make_view):
    view = make_view(lambda view: view.bind_call("double", lambda value: 2 * value))
    seen = []
    Tap.of(view._engine).add(lambda *report: 1 / 0)
    Tap.of(view._engine).add(lambda kind, *rest: seen.append(kind))
    view.runtime.call("double", (4,))
    turn(view)
    assert seen[:2] == ["page", "python"]
    assert len(Tap.of(view._engine)._observers) == 1


def test_recording_belongs_to_the_thread_of_the_view(make_view, tmp_path):
    view = make_view()
    errors = []

    def record():
        try:
            view.record(tmp_path / "bug.jsonl")
        except WrongThreadError as error:
            errors.append(error)

    thread = threading.Thread(target=record)
    thread.start()
    thread.join()
    assert errors


def test_environment_records_each_view_and_keeps_old_files(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "bug.jsonl"))
    for _ in range(2):
        view = FakeView()
        view._record_if_asked()
        assert view._recording.stop()
        view.deleteLater()
    assert [lines_of(tmp_path / name)[-1][2] for name in ("bug.jsonl", "bug-2.jsonl")] == ["stopped"] * 2


CRASH = """
import os, sys, time
from auroraview_qt.testing.fake.view import FakeView
view = FakeView(html="x")
view.record(sys.argv[1])
while view.has_work():
    view.turn()
view.emit("last words", {"n": 1})
while view.has_work():
    view.turn()
while not os.path.exists(sys.argv[1]) or "last words" not in open(sys.argv[1]).read():
    time.sleep(0.01)
os._exit(9) if sys.argv[2] == "crash" else view.emit("after", 1); view.turn()
"""


@pytest.mark.parametrize(("how", "code"), [("crash", 9), ("exit", 0)])
def test_lines_survive_the_end_of_the_host(tmp_path, how, code):
    path = tmp_path / "bug.jsonl"
    done = subprocess.run([sys.executable, "-c", CRASH, str(path), how], timeout=60, check=False)
    assert done.returncode == code
    lines = lines_of(path)
    assert [0, "last words", {"n": 1}] in messages(lines, "python")
    assert (lines[-1][1] == "end") == (how == "exit")
