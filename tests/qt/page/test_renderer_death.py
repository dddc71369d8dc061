"""Renderers that are killed, crash or hang: redelivered events, events set aside, and the panel's return."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from auroraview_qt.qt.support.binding import QtCore, QtWidgets

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="its signals are those of Linux")

COUNTING = "<script>window.got = []; auroraview.on('tick', (detail) => got.push(detail))</script>"
ECHO = "<script>auroraview.on('tick', (detail) => auroraview.emit('seen', detail))</script>"


def renderer_of(view):
    return int(view.page().property("renderProcessPid"))


@pytest.fixture(autouse=True)
def _crashed_neighbours(expect_log):
    """After a crash Qt may start a page, a new view's too, without its scripts; it is then loaded again."""
    expect_log("auroraview is not defined")


@pytest.fixture
def kill(expect_log):
    """Kill the renderer of a view, with a signal."""
    expect_log("the renderer of")

    def kill(view, with_signal=signal.SIGKILL):
        os.kill(renderer_of(view), with_signal)

    return kill


@pytest.fixture
def crashes_of():
    """Note the crashes of a view."""

    def watch(view):
        crashes = []
        view.renderer_crashed.connect(lambda status, code: crashes.append((status, code)))
        return crashes

    return watch


def test_killed_renderer_is_signalled_and_the_new_page_gets_what_was_not_acknowledged(
    make_view, js, wait_until, kill, crashes_of
):
    view = make_view(COUNTING)
    crashes = crashes_of(view)
    kill(view, signal.SIGSTOP)  # it takes new messages, and never runs them
    for number in range(10):
        view.emit("tick", number)
    wait_until(lambda: view.stats()["in_flight"] > 0)
    kill(view)
    wait_until(lambda: crashes)
    assert crashes[0][0] in ("killed", "crashed", "abnormal")
    assert not view.is_ready
    view.emit("tick", 10)
    wait_until(lambda: view.is_ready and js(view, "got.length") >= 11, "redelivery")
    assert js(view, "got") == list(range(11))
    assert view.stats()["redelivered"] == 10
    assert view.stats()["set_aside"] == 0


def test_renderer_killed_fifty_times_under_traffic_both_ways_loses_and_doubles_nothing(
    make_view, wait_until, kill, crashes_of
):
    view = make_view(ECHO)
    crashes, seen = crashes_of(view), []
    kills, threads, burst = 50, 4, 100
    view.on("seen", seen.append)
    step = threading.Barrier(threads + 1)

    def work(thread):
        for stage in range(kills):
            step.wait()
            for number in range(burst):
                view.emit("tick", [thread, stage * burst + number])

    workers = [threading.Thread(target=work, args=(thread,)) for thread in range(threads)]
    for worker in workers:
        worker.start()
    for number in range(kills):
        before = len(seen)
        wait_until(lambda: view.is_ready, "ready after a crash")
        step.wait()
        wait_until(lambda before=before: len(seen) > before, "traffic")
        kill(view)
        wait_until(lambda number=number: len(crashes) == number + 1, "the crash")
    for worker in workers:
        worker.join()
    total = threads * kills * burst
    wait_until(lambda: len(seen) >= total and view.stats()["in_flight"] == 0, "arrival")
    for thread in range(threads):
        assert [n for t, n in seen if t == thread] == list(range(kills * burst))
    assert len(seen) == total
    assert view.stats()["set_aside"] == 0


def test_renderer_killed_twenty_times_and_a_listener_that_comes_late_loses_and_doubles_nothing(
    make_view, wait_until, kill, crashes_of
):
    view = make_view(
        "<script>const effect = new MessageChannel();"
        "const mount = () => { for (const name of ['tick', 'tock']) {"
        "addEventListener(name, (event) => auroraview.emit('seen', [name, event.detail])); } };"
        "effect.port1.onmessage = () => requestAnimationFrame(() => setTimeout(mount, 50));"
        "effect.port2.postMessage(0);</script>"
    )
    crashes, seen = crashes_of(view), []
    view.on("seen", seen.append)
    for number in range(20):
        wait_until(lambda: view.is_ready, "ready after a crash")
        view.emit("tick", number)
        if number % 2:  # while it still waits, or once it has arrived
            wait_until(lambda number=number: ["tick", number] in seen, "arrival")
        view.emit("tock", number)
        kill(view)
        wait_until(lambda number=number: len(crashes) == number + 1, "the crash")
    wait_until(lambda: len(seen) >= 40, "arrival")
    wait_until(lambda: view.stats()["in_flight"] == 0)
    for name in ("tick", "tock"):
        assert [number for other, number in seen if other == name] == list(range(20))
    assert [view.stats()[key] for key in ("set_aside", "unheard", "never_heard")] == [0, 0, 0]


def test_page_after_each_of_thirty_crashes_has_the_runtime(make_view, js, wait_until, kill, crashes_of):
    view = make_view("<script>window.n = 0; auroraview.on('tick', () => { n += 1; })</script>")
    crashes = crashes_of(view)
    for number in range(1, 31):
        view.emit("tick")
        wait_until(lambda: view.stats()["in_flight"] == 0 and view.stats()["queued"] == 0, "delivery")
        kill(view)
        wait_until(lambda number=number: len(crashes) == number and view.is_ready, "ready after a crash")
    view.emit("tick")
    wait_until(lambda: js(view, "n") == 1)


def test_script_for_a_dead_renderer_does_not_cost_the_next_page_its_own(make_view, js, wait_until, kill, crashes_of):
    view = make_view(COUNTING)
    asked = []

    def ask():
        asked.append(view.page().property("renderProcessPid"))
        view.page().runJavaScript("1", 0, lambda _: None)

    crashes = crashes_of(view)
    view.renderer_crashed.connect(lambda *_: QtCore.QTimer.singleShot(0, ask))
    kill(view)
    wait_until(lambda: crashes and view.is_ready, "ready after a crash")
    view.emit("tick", 1)
    wait_until(lambda: js(view, "got") == [1])
    assert asked == [0]


def test_program_that_reloads_by_itself_after_a_crash_gets_one_page(make_view, js, wait_until, kill):
    view = make_view(COUNTING)
    view.renderer_crashed.connect(lambda status, code: QtCore.QTimer.singleShot(0, view.reload))
    kill(view)
    wait_until(lambda: not view.is_ready)
    view.emit("tick", 1)
    wait_until(lambda: view.is_ready and js(view, "got") == [1])


def test_event_that_kills_its_page_is_set_aside_and_the_others_arrive(make_view, wait_until, kill, expect_log):
    hang = "<script>auroraview.on('poison', () => { while (true); })</script>"
    view = make_view(ECHO + hang)
    seen, dropped = [], []
    expect_log("'poison' was dropped: poison")
    view.message_dropped.connect(lambda name, reason: dropped.append((name, reason)))
    view.on("seen", seen.append)
    view.emit("tick", 1)
    wait_until(lambda: seen == [1])
    view.emit("poison")
    view.emit("tick", 2)
    for death in range(2):
        wait_until(
            lambda death=death: view.stats()["pages"] == death + 1 and view.stats()["in_flight"], "the event in flight"
        )
        if death:
            assert view.stats()["in_flight"] == 1
        kill(view, signal.SIGSEGV)
        wait_until(lambda: not view.is_ready)
        wait_until(lambda: view.is_ready)
    wait_until(lambda: seen == [1, 2], "the innocent event")
    assert dropped == [("poison", "poison")]
    assert view.stats()["set_aside"] == 1


def test_page_that_dies_again_and_again_is_given_up_with_a_message_and_a_button(
    make_view, js, wait_until, kill, crashes_of, expect_log, monkeypatch
):
    monkeypatch.setattr("auroraview_qt.ipc.engine.recovery.BACKOFF_S", (0.0, 0.05))
    expect_log("ended again and again")
    view = make_view(COUNTING)
    crashes = crashes_of(view)
    for number in range(1, 4):
        wait_until(lambda: view.is_ready, "ready")
        kill(view)
        wait_until(lambda number=number: len(crashes) == number, "the crash")
    notice = view.findChild(QtWidgets.QFrame, "auroraview-message-overlay")
    wait_until(lambda: notice is not None and notice.isVisible(), "the message")
    assert notice.geometry() == view.rect()
    view.resize(500, 300)
    wait_until(lambda: notice.geometry() == view.rect(), "the message's new size")
    assert not view.is_ready
    view.emit("tick", "late")
    notice.findChild(QtWidgets.QPushButton).click()
    wait_until(lambda: view.is_ready and js(view, "got") == ["late"])
    assert not notice.isVisible()


def test_view_without_auto_reload_waits_for_the_program(make_view, js, wait_until, kill, crashes_of):
    view = make_view(COUNTING, auto_reload=False)
    crashes = crashes_of(view)
    kill(view)
    wait_until(lambda: crashes)
    view.emit("tick", 1)
    view.load_html(COUNTING)
    wait_until(lambda: view.is_ready and js(view, "got") == [1])
    assert view.stats()["pages"] == 2


def test_hung_page_is_noticed_terminated_and_loaded_again(make_view, js, wait_until, expect_log):
    expect_log("the renderer of")
    view = make_view(COUNTING, unresponsive_after_s=0.2)
    told = []
    view.unresponsive.connect(lambda: told.append("unresponsive"))
    view.responsive.connect(lambda: told.append("responsive"))
    beats = []
    heart = QtCore.QTimer()
    heart.timeout.connect(lambda: beats.append(1))
    heart.start(1)
    view.page().runJavaScript("while (true);")
    view.emit("tick", 1)
    wait_until(lambda: told == ["unresponsive"], "the signal")
    assert len(beats) > 20  # the host lives on
    assert view.terminate_page()
    wait_until(lambda: not view.is_ready, "the end of the page")
    wait_until(lambda: view.is_ready and js(view, "got") == [1], "the new page")
    assert told == ["unresponsive", "responsive"]
    heart.stop()


def test_page_that_blocks_for_a_while_is_unresponsive_then_responsive_and_loses_nothing(make_view, js, wait_until):
    view = make_view(COUNTING, unresponsive_after_s=0.2)
    told = []
    view.unresponsive.connect(lambda: told.append("unresponsive"))
    view.responsive.connect(lambda: told.append("responsive"))
    view.page().runJavaScript("(() => { const end = performance.now() + 5000; while (performance.now() < end); })()")
    for number in range(1000):
        view.emit("tick", number)
    wait_until(lambda: told == ["unresponsive", "responsive"], "the signals")
    wait_until(lambda: js(view, "got.length") == 1000, "arrival")
    assert js(view, "got") == list(range(1000))


def test_quiet_page_is_never_unresponsive_and_costs_no_timer(make_view, js, wait_until):
    view = make_view(COUNTING, unresponsive_after_s=0.05)
    told = []
    view.unresponsive.connect(lambda: told.append(True))
    view.emit("tick", 1)
    wait_until(lambda: js(view, "got.length") == 1 and view.stats()["in_flight"] == 0)
    passed = []
    QtCore.QTimer.singleShot(500, lambda: passed.append(True))
    wait_until(lambda: passed)
    assert told == []
    assert not [timer for timer in view.findChildren(QtCore.QTimer) if timer.isActive()]


def test_view_without_a_page_process_has_nothing_to_terminate(make_view, wait_until, monkeypatch):
    view = make_view("<p>")
    monkeypatch.setattr(type(view.page()), "_renderer_pid", lambda self: 0)
    assert not view.terminate_page()
