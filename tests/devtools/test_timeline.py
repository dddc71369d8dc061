"""The rows of the inspector: both ends, times, honest samples, and nothing in the way when it is closed."""

from __future__ import annotations

import pytest

from auroraview_qt.devtools import timeline as timeline_module
from auroraview_qt.devtools.timeline import Timeline
from tests.devtools.conftest import turn


@pytest.fixture
def opened(make_view):
    """Make a view whose timeline is attached."""
    view = make_view(lambda view: view.bind_call("double", lambda value: 2 * value))
    view.on("picked", lambda data: view.emit("seen", data))
    view.bind_call("fail", lambda: 1 / 0)
    told = []
    timeline = Timeline(view._engine, lambda: told.append(1))
    timeline.attach()
    yield view, timeline, told
    timeline.detach()


def of(answer, kind, name=None):
    return [row for row in answer["rows"] if row[3] == kind and name in (None, row[4])]


def test_rows_of_both_ends_have_times_sizes_and_states(opened, caplog):
    view, timeline, told = opened
    view.runtime.say(0, "picked", {"n": 1}, {"n": 2})
    view.runtime.call("double", (4,))
    view.runtime.call("fail", ())
    view.state["a"] = {"b": 1}
    turn(view)
    view.state.set_path(["a", "b"], 2)
    turn(view)
    assert told == [1]
    answer = timeline.take()
    assert [row[2] for row in of(answer, "event", "picked")] == ["page"] * 2
    assert [row[2] for row in of(answer, "event", "seen")] == ["python"] * 2
    assert of(answer, "state", "a")
    [result] = of(answer, "result", "double")
    assert result[6] >= 0
    assert result[7] == "ok"
    [error] = of(answer, "error", "fail")
    assert error[7] == "failed"
    [log] = of(answer, "log")
    assert "ZeroDivisionError" in timeline.detail(log[0])["text"]
    changes = {number: (ms, state, wait) for number, ms, state, wait in answer["changes"]}
    for row in of(answer, "event", "picked") + of(answer, "call"):
        assert changes[row[0]][0] >= 0
    handled = [change for change in answer["changes"] if change[2] == "handled"]
    assert len(handled) == 4
    assert all(wait >= 0 for *_, wait in handled)
    assert any(state == "run" for _, state, _ in changes.values())
    assert timeline.detail(of(answer, "event", "picked")[1][0])["value"] == {"n": 2}
    assert timeline.detail(of(answer, "call", "double")[0][0])["value"] == 4
    assert timeline.detail(result[0])["value"] == 8
    assert timeline.detail(error[0])["value"]["name"] == "ZeroDivisionError"
    assert timeline.detail(10**6) == {"gone": True}
    timeline.clear()
    assert timeline.detail(result[0]) == {"gone": True}


def test_flood_is_sampled_by_name_and_counted(opened):
    view, timeline, _ = opened
    for number in range(5_000):
        view.emit("flood", number)
    view.emit("rare", 1)
    turn(view)
    answer = timeline.take()
    assert len(of(answer, "event", "flood")) == timeline_module.MAX_SAME
    assert len(of(answer, "event", "rare")) == 1
    [sampled] = of(answer, "sampled")
    assert f"event flood ×{5_000 - timeline_module.MAX_SAME:,}" in sampled[4]
    assert answer["total"] >= 5_001
    view.emit("rare", 2)
    turn(view)
    assert len(of(timeline.take(), "event", "rare")) == 1


def test_texts_that_nobody_takes_are_counted_and_not_kept(opened, monkeypatch):
    monkeypatch.setattr(timeline_module, "_MAX_WAITING", 10_000)
    view, timeline, _ = opened
    for _ in range(50):
        view.emit("big", "x" * 1_000)
        turn(view)
    answer = timeline.take()
    assert answer["skipped"] > 10
    assert "batches not read" in of(answer, "sampled")[0][4]


def test_nothing_is_in_the_way_when_closed(make_view):
    view = make_view(lambda view: view.on("picked", print))
    engine = view._engine
    handler = engine.handler

    def parts():
        return engine.receive, engine.next_delivery, handler.call, handler.handle_event, type(handler.callbacks.direct)

    before = parts()
    timeline = Timeline(engine, lambda: None)
    timeline.attach()
    timeline.attach()
    assert parts() != before
    view.on("other", print)
    timeline.detach()
    timeline.detach()
    assert parts() == before
    assert list(handler.callbacks.direct) == ["picked", "other"]


def test_end_of_the_view_detaches(opened):
    view, timeline, _ = opened
    view.runtime.stream("double", (), None)
    view._engine.handler.dispatch("file_drop", {"paths": ["/a"], "odd": 1j})
    view.deleteLater()
    answer = timeline.take()
    assert not timeline.is_attached
    assert of(answer, "life", "the view has ended")
    [drop] = of(answer, "event", "file_drop")
    assert timeline.detail(drop[0])["value"] == {"paths": ["/a"], "odd": "1j"}
