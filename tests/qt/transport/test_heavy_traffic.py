"""Pages and programs that behave badly: reload storms, floods both ways, bulk, pages that never get ready."""

from __future__ import annotations

import http.server
import threading

import pytest

from auroraview_qt import errors
from auroraview_qt.qt.support.binding import QtCore, delete_now, is_alive

COUNTING = "<script>window.got = []; auroraview.on('tick', (detail) => got.push(detail))</script>"
ECHO = "<script>auroraview.on('tick', (detail) => auroraview.emit('seen', detail))</script>"
BULK = {"name": 'größe 🙂 it\'s \\ "quoted"', "rows": [{"id": n, "attributes": {}, "t": [n, 0.5]} for n in range(30_000)]}


def test_reload_storm_under_traffic_loses_and_doubles_nothing(make_view, js, wait_until):
    view, seen = make_view(ECHO), []
    view.on("seen", seen.append)
    for storm in range(30):
        for number in range(100):
            view.emit("tick", storm * 100 + number)
        view.reload() if storm % 2 else view.page().runJavaScript("location.reload()")
        if storm % 3 == 0:
            wait_until(lambda storm=storm: len(seen) > storm * 30, "some traffic")
    wait_until(lambda: len(seen) >= 3000, "arrival")
    assert seen == list(range(3000))
    assert view.stats()["set_aside"] == 0


def test_one_large_event_arrives_whole_both_ways_in_order_with_small_ones(make_view, js, wait_until):
    view, seen = make_view(ECHO), []
    view.on("seen", seen.append)
    for data in (1, BULK, 2, BULK, 3):
        view.emit("tick", data)
    wait_until(lambda: len(seen) == 5, "arrival")
    assert seen == [1, BULK, 2, BULK, 3]
    assert view.stats()["flushes"] > view.stats()["batches"]  # it came in pieces
    assert view.stats()["pulls"] > 0  # and was fetched


def test_flood_answered_by_a_flood_arrives_in_order(make_view, wait_until):
    view, seen = make_view(ECHO), []
    view.on("seen", seen.append)
    for number in range(50_000):
        view.emit("tick", number)
    wait_until(lambda: len(seen) >= 50_000, "arrival")
    assert seen == list(range(50_000))
    wait_until(lambda: view.stats()["in_flight"] == 0)
    assert view.stats()["delivered"] == 50_000


def test_burst_on_the_gui_thread_leaves_while_it_is_made(make_view, js, wait_until):
    view = make_view(COUNTING)
    for number in range(20_000):
        view.emit("tick", number)
    assert view.stats()["in_flight"] > 0  # and the event loop has not turned yet
    wait_until(lambda: js(view, "got.length") == 20_000, "arrival")
    assert js(view, "got.every((n, i) => n === i)")


def test_flush_interval_delivers_the_first_at_once_and_few_batches_after(make_view, js, wait_until):
    view = make_view(COUNTING, flush_interval_ms=200)
    batches = view.stats()["batches"]
    clock = QtCore.QElapsedTimer()
    clock.start()
    emitted = []
    timer = QtCore.QTimer()

    def emit():
        view.emit("tick", len(emitted))
        emitted.append(1)

    timer.timeout.connect(emit)
    timer.start(1)
    wait_until(lambda: clock.elapsed() > 1000)
    timer.stop()
    wait_until(lambda: js(view, "got.length") == len(emitted), "arrival")
    sent = view.stats()["batches"] - batches
    assert 2 <= sent <= clock.elapsed() / 200 + 2
    assert len(emitted) > 3 * sent


@pytest.fixture
def slow_server():
    """A server that never answers a script until the test allows it."""
    go_on = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/never.js":
                go_on.wait(60)
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if self.path == "/" else "text/javascript")
            self.end_headers()
            if self.path == "/":
                self.wfile.write(b"<script src='never.js'></script>" + COUNTING.encode())

        def log_message(self, *args):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = False
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", go_on
    go_on.set()
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_page_that_never_becomes_ready_is_bounded_and_gets_everything_if_it_does(make_view, js, wait_until, slow_server):
    url, go_on = slow_server
    view = make_view(trusted_origins=[url], max_events=1000)
    view.load_url(url + "/")
    wait_until(lambda: view.stats()["pages"] == 1, "the page's hello")
    for number in range(1000):
        view.emit("tick", number)
    with pytest.raises(errors.QueueFullError, match="1,000 of 1,000"):
        view.emit("tick", 1000)
    assert not view.is_ready
    assert view.stats()["sent"] == 0
    go_on.set()
    wait_until(lambda: view.is_ready and js(view, "got.length") == 1000, "arrival")
    assert js(view, "got") == list(range(1000))


def test_view_deleted_with_batches_pieces_and_calls_in_flight_ends_quietly(make_view, wait_until):
    view = make_view("<script>auroraview.on('tick', () => { auroraview.call('never').catch(() => 0); })</script>")
    view.command("never", lambda: view.emit("bulk", BULK))
    for number in range(20_000):
        view.emit("tick", number)
    view.emit("bulk", BULK)
    wait_until(lambda: view.stats()["received"] > 2, "calls")
    delete_now(view)
    assert not is_alive(view)


def test_view_deleted_while_a_pull_is_under_way_ends_quietly(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.on("big", got.append)
    view.page().runJavaScript("auroraview.emit('big', 'x'.repeat(3e6))")
    wait_until(lambda: view.stats()["pulls"] == 1 or got, "the pull")
    delete_now(view)
    assert not is_alive(view)


def test_large_event_of_a_page_that_reloads_at_once_is_not_lost(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.on("big", lambda data: got.append(len(data)))
    view.page().runJavaScript("auroraview.emit('big', 'x'.repeat(1e6)); location.reload()")
    wait_until(lambda: got == [1_000_000], "the event")


def test_events_of_promises_of_one_task_travel_as_one_message(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.on("n", got.append)
    calls = []
    receive = view._engine.receive
    view._engine.receive = lambda text, url: (calls.append(text), receive(text, url))[1]
    view.page().runJavaScript(
        "(async () => { for (let n = 0; n < 50; n += 1) { auroraview.emit('n', n); await null; } })();"
        "auroraview.emit('n', 'sync');"
    )
    wait_until(lambda: len(got) == 51, "arrival")
    assert got == [0, "sync", *range(1, 50)]
    assert len(calls) == 1
