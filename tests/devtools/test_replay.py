"""Replay: a tool that answers as recorded passes, and the first difference has a name."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auroraview_qt.cli import main
from auroraview_qt.devtools.answers import Answers
from auroraview_qt.devtools.recordings import Recorded, RecordingError, difference
from auroraview_qt.devtools.tap import Tap
from auroraview_qt.devtools.timeline import Timeline
from auroraview_qt.errors import AuroraViewError
from auroraview_qt.testing.replaying import replay
from tests.devtools.conftest import turn


class BakeError(AuroraViewError):
    code = "BAKE"


class Tool:
    """Sets up a view as a tool does."""

    def __init__(self, view, factor=2, name="pCube1", state=3, error="no frames", parts=3, silent=False):
        def scale(value):
            return {"rows": [{"value": factor * value}], "nan": None}

        def bake(start: int, ctx: CallContext):  # noqa: F821
            ctx.progress(0.5, "half way")
            raise BakeError(error, data={"start": start})

        def pick(data):
            if not silent:
                view.emit("picked", {"name": name, "data": data})
            view.state["count"] = state

        view.bind_call("scale", scale)
        view.command("bake", bake, thread="pool")
        view.command("rows", lambda: iter(range(parts)))
        view.on("pick", pick)
        view.on("file_drop", lambda drop: view.emit("dropped", drop))


Tool.__init__.__globals__["CallContext"] = __import__("auroraview_qt").CallContext


@pytest.fixture
def recording(make_view, tmp_path):
    """Record the use of a tool."""
    view = make_view(Tool)
    path = tmp_path / "bug.jsonl"
    with view.record(path):
        view.runtime.call("scale", (4,))
        view.runtime.say(0, "pick", {"x": 1}, {"x": 2})
        view.runtime.write("page", {"open": True})
        turn(view)
        texts = []
        stop = Tap.of(view._engine).add(lambda kind, _, *items: kind == "python" and texts.append(items[0].text))
        bake = view.runtime.call("bake", ({"start": 1},))
        while not any(f'[2,"{bake}"' in text for text in texts):
            view.woken.wait(0.01)
            turn(view)
        stop()
        view.runtime.stream("rows", (), None)
        view.runtime.say(3, json.dumps({"type": "call", "id": "t1", "method": "scale", "params": 5}))
        view._engine.handler.dispatch("file_drop", {"paths": ["/a.mb"]})
        turn(view)
        view.reload()
        turn(view)
        view.runtime.call("scale", (6,))
        turn(view)
    return path


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, ""),
        ({"factor": 3}, "the result of scale(4) at .rows[0].value: recorded 8, now 12"),
        ({"name": "pCube2"}, "event 'picked' at .name: recorded 'pCube1', now 'pCube2'"),
        ({"state": 4}, "state['count']: recorded 3, now 4"),
        ({"error": "no disk"}, "the error of bake({\"start\": 1}) at .message: recorded 'no frames', now 'no disk'"),
        ({"parts": 2}, "the parts of rows(): recorded [0, 1, 2], now [0, 1]"),
        ({"silent": True}, "event 'picked': recorded"),
    ],
)
def test_first_difference_is_named(make_view, recording, changes, named):
    view = make_view(lambda view: Tool(view, **changes))
    differences = [str(each) for each in replay(view, recording, timeout_s=0.5)]
    if named:
        assert named in differences[0], differences
    else:
        assert differences == []
    assert all(line.startswith("line ") for line in differences)


def test_ignored_names_are_not_compared(make_view, recording):
    view = make_view(lambda view: Tool(view, name="pCube2", state=4))
    assert replay(view, recording, ignore=["pick*", "count"]) == []


def test_command_that_is_gone_or_does_not_answer_is_named(make_view, recording):
    view = make_view(Tool)
    view.command("scale", lambda value: None)
    [first, *_] = replay(view, recording, timeout_s=0.5)
    assert "scale(4)" in str(first)


def test_calls_of_the_tool_get_the_recorded_answers(make_view, tmp_path):
    def set_up(view, wanted="red"):
        def ask(_):
            view.call("color", {"old": wanted}).add_done_callback(lambda future: view.emit("got", future.result()))

        view.on("ask", ask)

    view = make_view(set_up)
    view.runtime.functions["color"] = lambda params: {"was": params["old"]}
    with view.record(tmp_path / "bug.jsonl"):
        view.reload()
        turn(view)
        view.runtime.functions["color"] = lambda params: {"was": params["old"]}
        view.runtime.say(0, "ask", None)
        turn(view)
    assert Recorded(tmp_path / "bug.jsonl").events[-1].data == {"was": "red"}
    assert replay(make_view(set_up), tmp_path / "bug.jsonl", timeout_s=0.5) == []
    [first, *_] = replay(make_view(lambda view: set_up(view, "blue")), tmp_path / "bug.jsonl", timeout_s=0.5)
    assert "the tool's call of color" in str(first)


def test_ten_thousand_messages_are_replayed_without_qt(make_view, tmp_path):
    view = make_view(Tool)
    with view.record(tmp_path / "bug.jsonl"):
        for number in range(2_500):
            view.runtime.call("scale", (number,))
            view.runtime.say(0, "pick", number)
            turn(view)
    fresh = make_view(Tool)
    before_s = time.perf_counter()
    assert replay(fresh, tmp_path / "bug.jsonl") == []
    print(f"{time.perf_counter() - before_s:.2f} s")  # noqa: T201


def test_lines_that_a_crash_has_cut_are_left_out(recording, caplog):
    whole = Recorded(recording)
    text = recording.read_bytes()
    recording.write_bytes(text[:-20] + b'\n[1,"page",0]\n[2,"python",1,2,[5]]\n{}\n')
    with caplog.at_level(logging.WARNING):
        assert len(Recorded(recording).entries) == len(whole.entries) - 1
    assert "4 lines of the recording cannot be read" in caplog.text


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', "\x00\xff", '{"auroraview_qt_recording": 99}'])
def test_other_files_are_refused(tmp_path, text):
    (tmp_path / "x").write_text(text, encoding="latin-1")
    with pytest.raises(RecordingError, match=r"no recording|format 99"):
        Recorded(tmp_path / "x")


def test_difference_names_the_place():
    assert difference({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == (".a[1].b", 2, 3)
    assert difference({"a": 1}, {}) == (".a", 1, "nothing")
    assert difference({}, {"a": 1}) == (".a", "nothing", 1)
    assert difference([1], [1, 2]) == ("", [1], [1, 2])
    assert difference(1, True) == ("", 1, True)
    assert difference(1, 1.0) is None


def test_page_gets_the_recorded_answers_without_the_tool(make_view, recording):
    recorded = Recorded(recording)
    view = make_view(lambda view: setattr(view, "answers", Answers(view, recorded)))
    page = view.runtime
    seen, outcomes = [], {}
    run = page._run

    def note(kind, name, *items):
        if kind == 0:
            seen.append((kind, name, *items))
        elif kind in (1, 2):
            outcomes[name] = (kind, *items)
        run(kind, name, *items)

    page._run = note
    again, first = page.call("scale", (6,)), page.call("scale", (4,))
    other = page.call("scale", (7,))
    bake = page.call("bake", ({"start": 1},))
    rows = page.stream("rows", (), None)
    turn(view)
    assert outcomes[again] == (1, {"rows": [{"value": 12}], "nan": None})
    assert outcomes[first] == (1, {"rows": [{"value": 8}], "nan": None})
    assert outcomes[other][0] == 1
    assert outcomes[bake][0] == 2
    assert (
        outcomes[bake][1].items()
        >= {"name": "BakeError", "code": "BAKE", "message": "no frames", "data": {"start": 1}}.items()
    )
    assert rows.parts == [0, 1, 2]
    waits = []
    view.answers.play(lambda seconds, step: waits.append((seconds, step)))
    while waits:
        seconds, step = waits.pop()
        assert seconds >= 0
        step()
    turn(view)
    assert [data for kind, name, *datas in seen if name == "picked" for data in datas] == [
        {"name": "pCube1", "data": {"x": 1}},
        {"name": "pCube1", "data": {"x": 2}},
    ]
    assert view.state["count"] == 3


TOOL = """
from auroraview_qt import WebView

def panel():
    view = WebView(title="Panel")
    view.bind_call("scale", lambda value: {"rows": [{"value": FACTOR * value}], "nan": None})
    return view
"""


def run_replay(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = f"import sys; sys.path.insert(0, {str(Path.cwd())!r})\nfrom auroraview_qt.cli import main\nsys.exit(main())"
    command = [sys.executable, "-c", program, "replay", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_command_line_checks_a_tool_without_qt(make_view, tmp_path):
    view = make_view(lambda view: view.bind_call("scale", lambda value: {"rows": [{"value": 2 * value}], "nan": None}))
    with view.record(tmp_path / "bug.jsonl"):
        view.runtime.call("scale", (4,))
        turn(view)
    no_qt = "import sys\nfor name in ('qtpy', 'PySide6', 'PyQt5'): sys.modules[name] = None\n"
    (tmp_path / "good.py").write_text(no_qt + TOOL.replace("FACTOR", "2"))
    (tmp_path / "bad.py").write_text(TOOL.replace("FACTOR", "3"))
    done = run_replay(tmp_path, "bug.jsonl", "--tool", "good:panel", "--check")
    assert done.returncode == 0, done.stderr
    assert "the tool answers as recorded" in done.stdout
    done = run_replay(tmp_path, "bug.jsonl", "--tool", "bad:panel", "--check")
    assert done.returncode == 1
    assert "the result of scale(4) at .rows[0].value: recorded 8, now 12" in done.stdout


def test_command_line_prints_a_summary_and_refuses_odd_input(recording, tmp_path, capsys):
    assert main(["replay", str(recording)]) == 0
    out = capsys.readouterr().out
    assert "scale (3)" in out
    assert "failed" in out
    (tmp_path / "x.txt").write_text("no recording")
    assert main(["replay", str(tmp_path / "x.txt")]) == 2
    assert main(["replay", str(tmp_path / "missing")]) == 2
    for wrong in (["--tool", "a:b"], ["--check"]):
        with pytest.raises(SystemExit):
            main(["replay", str(recording), *wrong])


def test_exact_values_survive_recording_and_replay(make_view, tmp_path):
    values = [float("nan"), float("inf"), b"\x00\xff", "\ud800", {"x": -0.0}]

    def set_up(view):
        view.state["odd"] = values[:3]
        view.on("pick", lambda data: view.emit("picked", [*values, data]))

    view = make_view(set_up)
    with view.record(tmp_path / "bug.jsonl", redact=["password"]):
        view.reload()
        turn(view)
        view.runtime.say(0, "pick", float("-inf"))
        turn(view)
    recorded = Recorded(tmp_path / "bug.jsonl")
    assert (
        difference(
            recorded.events[-1].data,
            [float("nan"), float("inf"), memoryview(b"\x00\xff"), "\ud800", {"x": -0.0}, float("-inf")],
        )
        is None
    )
    assert bytes(recorded.header["state"]["odd"][2]) == b"\x00\xff"
    assert replay(make_view(set_up), tmp_path / "bug.jsonl") == []


def test_odd_messages_of_a_page_break_neither_timeline_nor_replay(make_view, tmp_path, caplog):
    view = make_view(Tool)
    timeline = Timeline(view._engine, lambda: None)
    timeline.attach()
    odd = [
        [1, [], "scale"],
        [1, {}, []],
        [0, {}, 1],
        [[1], 2],
        [4, "x", 0],
        [4, 9, 0, [1]],
        [6, [], [], 1],
        [3, 5],
        [3, "["],
        [99, 1],
    ]
    with view.record(tmp_path / "bug.jsonl", redact=["password"]):
        view.reload()
        turn(view)
        for message in odd:
            view.runtime.say(*message)
            turn(view)
        view.runtime.call("scale", (4,))
        turn(view)
    assert any(row[4] == "scale" for row in timeline.take()["rows"])
    timeline.detach()
    Answers(make_view(), Recorded(tmp_path / "bug.jsonl"))
    assert replay(make_view(Tool), tmp_path / "bug.jsonl", timeout_s=0.5) == []
