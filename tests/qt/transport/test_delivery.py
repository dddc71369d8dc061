"""The promises of delivery, on real pages that are flooded, reloaded and killed."""

from __future__ import annotations

import threading

import pytest

from auroraview_qt import broadcast, errors
from auroraview_qt.qt.support.binding import QtCore

COUNTING = """<script>
window.got = [];
auroraview.on('tick', (detail) => got.push(detail));
</script>"""


def emit_from_threads(view, threads, count):
    def work(thread):
        for number in range(count):
            view.emit("tick", [thread, number])

    workers = [threading.Thread(target=work, args=(thread,)) for thread in range(threads)]
    for worker in workers:
        worker.start()
    return workers


def test_100_000_events_from_four_threads_arrive_once_and_in_order_per_thread(make_view, js, wait_until):
    view = make_view(COUNTING)
    workers = emit_from_threads(view, 4, 25_000)
    wait_until(lambda: not any(w.is_alive() for w in workers) and js(view, "got.length") >= 100_000, "arrival")
    got = js(view, "got")
    assert len(got) == 100_000
    for thread in range(4):
        assert [n for t, n in got if t == thread] == list(range(25_000))
    wait_until(lambda: view.stats()["in_flight"] == 0, "acknowledgement")
    assert view.stats()["delivered"] == 100_000


def test_100_000_events_of_the_page_arrive_once_and_in_order(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.on("tick", got.append)
    js(view, "(() => { for (let i = 0; i < 100000; i += 1) { auroraview.emit('tick', i); } })()")
    wait_until(lambda: len(got) >= 100_000, "arrival")
    assert got == list(range(100_000))


def test_events_emitted_before_load_and_before_ready_arrive_in_order(make_view, js, wait_until):
    view = make_view()
    view.emit("tick", 1)
    view.load_html(COUNTING)
    view.emit("tick", 2)
    wait_until(lambda: view.is_ready)
    view.emit("tick", 3)
    wait_until(lambda: js(view, "got.length") == 3)
    assert js(view, "got") == [1, 2, 3]


def test_events_emitted_around_a_reload_arrive_once(make_view, js, wait_until):
    view = make_view(COUNTING + "<script>got = []; auroraview.on('tick', (n) => auroraview.emit('seen', n))</script>")
    seen, ready = [], []
    view.on("seen", seen.append)
    view.ready.connect(lambda: ready.append(True))
    for number in range(300):
        view.emit("tick", number)
        if number in (100, 200):
            view.reload()
    wait_until(lambda: ready and len(seen) >= 300, "arrival")
    view.emit("tick", 300)
    wait_until(lambda: 300 in seen)
    assert seen == list(range(301))


def test_closed_and_shown_again_panel_works_both_ways(make_view, js, wait_until):
    view, got = make_view(COUNTING), []
    view.on("x", got.append)
    view.close()
    view.emit("tick", 1)
    view.show()
    view.emit("tick", 2)
    wait_until(lambda: js(view, "got") == [1, 2])
    js(view, "auroraview.emit('x', 3)")
    wait_until(lambda: got == [3])


def test_full_queue_refuses_at_the_emit_and_keeps_what_it_has(make_view, js, wait_until):
    view = make_view(max_events=3)
    for number in range(3):
        view.emit("tick", number)
    with pytest.raises(errors.QueueFullError, match=r"'tick'.*3 of 3 events"):
        view.emit("tick", 3)
    view.load_html(COUNTING)
    wait_until(lambda: view.is_ready and js(view, "got") == [0, 1, 2])


def test_full_queue_that_drops_counts_and_signals_each(make_view, js, wait_until, expect_log):
    view = make_view(max_events=3, overflow="drop_oldest")
    dropped = []
    view.message_dropped.connect(lambda name, reason: dropped.append((name, reason)))
    expect_log("'tick' was dropped")
    for number in range(5):
        view.emit("tick", number)
    view.load_html(COUNTING)
    wait_until(lambda: view.is_ready and js(view, "got") == [2, 3, 4])
    assert dropped == [("tick", "overflow")] * 2
    assert view.stats()["dropped"] == 2


def test_coalesced_event_delivers_only_the_newest(make_view, js, wait_until):
    view = make_view()
    for number in range(5):
        view.emit("tick", number, coalesce=True)
    view.load_html(COUNTING)
    wait_until(lambda: view.is_ready and js(view, "got") == [4])


def test_order_of_events_and_replies_is_the_order_python_made_them(make_view, js, wait_until):
    view = make_view(
        "<script>window.got = []; auroraview.on('before', () => got.push('event'));"
        "window.go = () => auroraview.call('work').then(() => got.push('reply'));</script>"
    )

    @view.command
    def work():
        view.emit("before")

    js(view, "go() && 1")
    wait_until(lambda: js(view, "got.length") == 2)
    assert js(view, "got") == ["event", "reply"]


def test_callback_with_a_nested_event_loop_keeps_order_and_the_page_served(make_view, js, wait_until):
    view, got = make_view("<p>"), []

    @view.on("tick")
    def tick(number):
        got.append(number)
        if number == 1:  # what a modal dialog does
            wait_until(lambda: 5 in got)
            assert js(view, "1 + 1") == 2  # the page lives on behind it
            got.append("closed")

    js(view, "[1, 2, 3, 4, 5].forEach((n) => auroraview.emit('tick', n))")
    wait_until(lambda: "closed" in got)
    assert got == [1, 2, 3, 4, 5, "closed"]


def test_idle_view_runs_no_timer(make_view, js, wait_until):
    view = make_view(COUNTING)
    view.emit("tick", 1)
    wait_until(lambda: js(view, "got.length") == 1 and view.stats()["in_flight"] == 0)
    wait_until(view._connection.is_idle)
    timers = view.findChildren(QtCore.QTimer)
    wait_until(lambda: not any(timer.isActive() for timer in timers), "no timer")


def test_broadcast_reaches_every_live_view(make_view, js, wait_until):
    views = [make_view(COUNTING), make_view(COUNTING)]
    assert broadcast("tick", 7) >= 2
    for view in views:
        wait_until(lambda view=view: js(view, "got") == [7])
