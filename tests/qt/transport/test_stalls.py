"""Callbacks, commands, flushes and factories that hold the GUI thread are named, with their stack."""

from __future__ import annotations

import time

import pytest

from auroraview_qt import hosts
from auroraview_qt.ipc.engine.stalls import _STACK, WATCH
from auroraview_qt.qt.support.binding import QtCore, QtWidgets

HTML = """<script>
  auroraview.on('tick', (n) => auroraview.emit('tock', n));
  auroraview.expose('echo', (n) => n);
</script>"""


@pytest.fixture
def stalls(caplog):
    """Return the names of the stalls since the last question."""

    def take():
        found = [record.getMessage() for record in caplog.records if record.name == "auroraview_qt.stalls"]
        caplog.clear()
        return found

    return take


@pytest.fixture
def view(make_view):
    return make_view(HTML, stall_warning_ms=40)


def hold():
    """Hold the thread until the watchdog has seen it, and over the limit."""
    end = time.perf_counter() + 20
    while not WATCH._running[_STACK] and time.perf_counter() < end:
        time.sleep(0.001)
    time.sleep(0.03)


def test_stalls_of_callbacks_commands_and_answers_are_named(view, stalls, wait_until, js):
    done = []
    view.on("tock", lambda data: (hold(), done.append("callback")))

    @view.command
    def bake():
        hold()
        done.append("command")

    @view.command
    def frames():
        hold()
        yield 1

    view.emit("tick", 1)
    wait_until(lambda: "callback" in done)
    js(view, "(auroraview.call('bake'), 1)")
    wait_until(lambda: "command" in done)
    view.on("part", lambda data: done.append("part"))
    js(view, "((async () => { for await (const part of auroraview.stream('frames')) auroraview.emit('part'); })(), 1)")
    wait_until(lambda: "part" in done)
    view.call("echo", 1).add_done_callback(lambda future: (hold(), done.append("answer")))
    wait_until(lambda: "answer" in done)
    wait_until(lambda: WATCH._running is None)
    found = stalls()
    titles = [text.partition(" has held the GUI thread for ")[0] for text in found]
    wanted = ["a callback of event 'tock'", "command 'bake'", "command 'frames'", "a callback of an answer of the page"]
    assert [title for title in titles if title in wanted] == wanted
    assert all("in hold" in text for text, title in zip(found, titles) if title in wanted)


def test_each_of_many_stalls_is_named(view, stalls, wait_until):
    count = []
    view.on("tock", lambda data: (time.sleep(0.041), count.append(data)))
    for number in range(20):
        view.emit("tick", number)
    wait_until(lambda: len(count) == 20)
    assert sum(text.startswith("a callback of event 'tock'") for text in stalls()) == 20


def test_flush_that_stalls_is_named(view, stalls, wait_until, monkeypatch):
    send = view._connection._send
    monkeypatch.setattr(view._connection, "_send", lambda delivery: (hold(), send(delivery)))
    got = []
    view.on("tock", got.append)
    view.emit("tick", 1)
    wait_until(lambda: got)
    assert any(text.startswith("a flush") and "in hold" in text for text in stalls())


def test_dialog_of_a_callback_is_no_stall(view, stalls, wait_until):
    closed = []

    def ask(data):
        loop = QtCore.QEventLoop()
        QtCore.QTimer.singleShot(120, loop.quit)
        (loop.exec if hasattr(loop, "exec") else loop.exec_)()
        closed.append(data)

    view.on("tock", ask)
    view.emit("tick", 1)
    wait_until(lambda: closed)
    assert not any("'tock'" in text for text in stalls())


def test_limit_of_zero_names_nothing(make_view, stalls, wait_until):
    view = make_view(HTML, stall_warning_ms=0)
    done = []
    view.on("tock", lambda data: (time.sleep(0.12), done.append(1)))
    view.emit("tick", 1)
    wait_until(lambda: done)
    assert stalls() == []


def test_watchdog_sleeps_when_nothing_runs(view, wait_until):
    view.emit("tick", 1)
    wait_until(lambda: not WATCH._sleeps or view.stats()["delivered"])
    wait_until(lambda: WATCH._sleeps)
    assert not WATCH._wake.is_set()


@pytest.mark.usefixtures("fresh_hosts")
def test_factory_that_stalls_is_named(view, stalls, qapp):
    def factory():
        hold()
        time.sleep(0.06)
        return QtWidgets.QLabel("late")

    panel = hosts.dock(factory, title="Late", object_name="studio.late")
    panel.show()
    assert any(text.startswith("the factory of panel 'studio.late'") and "in factory" in text for text in stalls())
