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


#: Listens as a component library does: in an effect, after the first paint.
LATE = """<script>
window.got = [];
const later = (mount) => {
  const effect = new MessageChannel();
  effect.port1.onmessage = () => requestAnimationFrame(() => setTimeout(mount));
  effect.port2.postMessage(0);
};
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
        if number == 1:  # as a modal dialog does
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


# Events wait for a listener


@pytest.mark.parametrize(
    "listen",
    [
        "auroraview.on('early', (n) => got.push(n))",
        "auroraview.once('early', (n) => { got.push(n); auroraview.once('early', (n) => got.push(n)); })",
        "window.addEventListener('early', (event) => got.push(event.detail))",
        "EventTarget.prototype.addEventListener.call(window, 'early', {handleEvent: (event) => got.push(event.detail)})",
        "auroraview.on('*', (name, n) => name === 'early' && got.push(n))",
    ],
    ids=["on", "once", "dom", "prototype", "all"],
)
def test_early_event_waits_for_a_listener_that_comes_late(make_view, js, wait_until, listen):
    view = make_view()
    view.emit("early", 1)
    view.load_html(f"{LATE}<script type=module>later(() => {{ {listen} }})</script>")
    view.emit("early", 2)
    wait_until(lambda: js(view, "window.got && got.length") == 2, "arrival")
    assert js(view, "got") == [1, 2]
    wait_until(lambda: view.stats()["in_flight"] == 0)
    assert [view.stats()[key] for key in ("delivered", "unheard", "never_heard")] == [2, 0, 0]


def test_name_without_a_listener_holds_up_no_other_and_is_not_delivered(make_view, js, wait_until):
    view = make_view(COUNTING)
    view.emit("late", 1)
    view.emit("tick", 2)
    view.emit("late", 3)
    view.emit("tick", 4)
    wait_until(lambda: js(view, "got") == [2, 4])
    wait_until(lambda: view.stats()["in_flight"] == 0)
    assert [view.stats()[key] for key in ("delivered", "unheard", "queued")] == [2, 2, 0]
    js(view, "(auroraview.on('late', (n) => got.push(n)), 1)")
    wait_until(lambda: js(view, "got") == [2, 4, 1, 3])
    assert view.stats()["unheard"] == 0


def test_emission_order_of_names_that_get_their_listeners_together_is_kept(make_view, js, wait_until):
    view = make_view(LATE)
    for number in range(100):
        view.emit("abc"[number % 3], number)
    wait_until(lambda: view.stats()["unheard"] == 100)
    js(view, "(['c', 'b', 'a'].forEach((name) => auroraview.on(name, (n) => got.push(n))), 1)")
    wait_until(lambda: js(view, "got.length") == 100)
    assert js(view, "got") == list(range(100))


def test_event_made_by_a_command_arrives_before_its_answer_when_the_listener_was_added_with_the_call(
    make_view, js, wait_until
):
    view = make_view(LATE)

    @view.command
    def work():
        view.emit("done")

    js(
        view,
        "(auroraview.call('work').then(() => got.push('reply')), auroraview.on('done', () => got.push('event')), 1)",
    )
    wait_until(lambda: js(view, "got.length") == 2)
    assert js(view, "got") == ["event", "reply"]


def test_coalesced_event_that_waits_for_its_listener_is_the_newest(make_view, js, wait_until):
    view = make_view(LATE)
    for number in range(5):
        view.emit("frame", number, coalesce=True)
        wait_until(lambda: view.stats()["queued"] == 0)
    js(view, "(auroraview.on('frame', (n) => got.push(n)), 1)")
    wait_until(lambda: js(view, "got") == [4])
    assert view.stats()["coalesced"] == 4


def test_events_wait_over_a_reload_and_a_navigation(make_view, js, wait_until):
    view = make_view("<p>")
    view.emit("late", 1)
    wait_until(lambda: view.stats()["unheard"] == 1)
    view.reload()
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    view.emit("late", 2)
    view.load_html(f"{LATE}<script>later(() => auroraview.on('late', (n) => got.push(n)))</script>")
    wait_until(lambda: js(view, "window.got && got.length") == 2)
    assert js(view, "got") == [1, 2]


def test_wrapper_of_trigger_with_listeners_of_its_own_gets_early_events(make_view, js, wait_until):
    view = make_view()
    view.emit("early", 1)
    view.load_html(
        LATE + "<script>const inner = auroraview.trigger, registry = new Map();"
        "auroraview.trigger = (name, detail) => { inner(name, detail); (registry.get(name) || (() => 0))(detail); };"
        "later(() => registry.set('early', (n) => got.push(n)))</script>"
    )
    wait_until(lambda: js(view, "window.got && got.length") == 1)
    view.emit("early", 2)
    wait_until(lambda: js(view, "got") == [1, 2])


def test_event_named_after_a_built_in_one_reaches_the_property_of_window(make_view, js, wait_until):
    view = make_view("<script>window.got = []; onresize = (event) => got.push(event.detail)</script>")
    view.emit("resize", 7)
    wait_until(lambda: 7 in js(view, "got"))


def test_early_event_named_after_a_built_in_one_waits_for_its_listener(make_view, js, wait_until):
    view = make_view()
    view.emit("progress", 1)
    view.load_html(f"{LATE}<script>later(() => auroraview.on('progress', (n) => got.push(n)))</script>")
    wait_until(lambda: js(view, "window.got && got.length") == 1)


def test_large_early_event_waits_whole(make_view, js, wait_until):
    view = make_view()
    view.emit("scene", "x" * 12_000_000)
    view.emit("materials", "y" * 12_000_000)
    view.load_html(
        f"{LATE}<script>later(() => ['scene', 'materials'].forEach((name) =>"
        "auroraview.on(name, (text) => got.push(text.length))))</script>"
    )
    wait_until(lambda: js(view, "window.got && got") == [12_000_000] * 2)


def test_early_flood_within_the_limits_of_the_queue_loses_nothing(make_view, js, wait_until):
    view = make_view()
    for number in range(50_000):
        view.emit("tick", number)
    view.load_html(f"{LATE}<script>later(() => auroraview.on('tick', (n) => got.push(n)))</script>")
    wait_until(lambda: js(view, "window.got && got.length") == 50_000)
    assert js(view, "got.every((n, i) => n === i)")


def test_events_that_never_get_a_listener_are_bounded_counted_and_told(
    make_view, js, wait_until, expect_log, caplog, monkeypatch
):
    monkeypatch.setattr("auroraview_qt.qt.transport.connection.GRACE_S", 0.1)
    view = make_view(COUNTING)
    dropped = []
    expect_log("events that have no listener in the page yet: 'tikc' (2)")
    expect_log("'tikc' was dropped: unheard")
    view.message_dropped.connect(lambda name, reason: dropped.append((name, reason)))
    for number in range(2):
        view.emit("tikc", number)
    wait_until(lambda: "no listener" in caplog.text, "the log line")
    for number in range(20_000):
        view.emit("tikc", number)
        if not number % 100:
            view.emit("tick", number)
    wait_until(lambda: view.stats()["queued"] == 0 and js(view, "got.length") == 200)
    assert view.stats()["unheard"] == 1_000
    assert view.stats()["never_heard"] == view.stats()["dropped"] == 19_002
    wait_until(lambda: dropped == [("tikc", "unheard")])
    quiet = []
    QtCore.QTimer.singleShot(400, lambda: quiet.append(1))
    wait_until(lambda: quiet)
    assert caplog.text.count("no listener") == 1
    timers = view.findChildren(QtCore.QTimer)
    wait_until(lambda: not any(timer.isActive() for timer in timers), "no timer")
    js(view, "(auroraview.on('tikc', (n) => got.push(n)), got = [], 1)")
    wait_until(lambda: js(view, "got.length") == 1_000)
    assert js(view, "got") == list(range(19_000, 20_000))


def test_burst_without_a_listener_does_not_fill_the_queue(make_view, js, wait_until, expect_log):
    view = make_view(COUNTING, max_events=2_000)
    expect_log("'nobody' was dropped: unheard")
    for _ in range(10):
        for number in range(1_000):
            view.emit("nobody", number)
        wait_until(lambda: view.stats()["queued"] == 0)
    view.emit("tick", 1)
    wait_until(lambda: js(view, "got") == [1])
    assert [view.stats()[key] for key in ("unheard", "never_heard")] == [2_000, 8_000]


# After the view


def test_deleted_view_drops_and_counts_what_workers_emit(make_view, wait_until, expect_log):
    view = make_view(COUNTING, max_events=1_000)
    expect_log("broadcast: event 'frame': the queue towards the page is full")  # as long as the view lives
    expect_log("was dropped: unheard")
    channel = view.channel()
    raised, stop = [], threading.Event()
    count = [0, 0]

    def work(index):
        while not stop.is_set() or count[index] < 20_000:
            try:
                view.emit("frame", count[index], coalesce=count[index] % 3 == 0)
                channel.send(count[index])
                view.state["frame"] = count[index]
                assert broadcast("frame", 1) >= 0
            except errors.QueueFullError:
                if gone:
                    raised.append("full")
            except Exception as error:
                raised.append(error)
            count[index] += 1

    gone = []
    workers = [threading.Thread(target=work, args=(index,)) for index in range(2)]
    for worker in workers:
        worker.start()
    wait_until(lambda: min(count) > 100)
    view.deleteLater()
    wait_until(lambda: view._engine.is_closed, "deletion")
    gone.append(1)
    before = view.stats()["dropped"]
    stop.set()
    wait_until(lambda: not any(worker.is_alive() for worker in workers), "the workers")
    stats = view.stats()
    assert raised == []
    assert [stats[key] for key in ("queued", "queued_bytes", "unheard", "in_flight")] == [0, 0, 0, 0]
    assert stats["dropped"] > before
    assert view.call("f").cancelled()
    assert view.eval_js("1").cancelled()
